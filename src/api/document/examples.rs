//! Examples, which tell one story: Ann buys a ticket for the opera that somebody else posted.
//!
//! The parameters of paths have examples, and bodies and answers have them by way of their schemas. Other parameters have
//! none: the page that tries operations out fills examples in, and who overlooks a cursor or a key there is shown
//! something odd.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::refinement::operations;
use crate::http::{Fault, PROBLEM_JSON, Problem, ProblemType};

/// Of schemas, by their names; of the last parameter of paths; and which problems stand for the refusals of operations, by
/// status. Where none is named, the first of all problems with that status does.
static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).expect("it is JSON"));

/// Where examples of problems are.
const COMPONENTS: &str = "#/components/examples/";

/// What names a request in examples.
const REQUEST_ID: &str = "3b6f0e1c9a5d4827";

/// Adds the examples to the document.
pub(super) fn add_to(document: &mut Value) {
    for (name, schema) in members(&mut document["components"]["schemas"]) {
        illustrate(schema, EXAMPLES["schemas"].get(name));
    }
    illustrate(
        &mut document["components"]["schemas"]["Problem"],
        example_of(ProblemType::InvalidInput).as_ref(),
    );
    for (path, methods) in members(&mut document["paths"]) {
        for (_, operation) in members(methods) {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            parameters.into_iter().flatten().for_each(|parameter| illustrate_parameter(parameter, path));
        }
    }
    let mut shown = BTreeSet::new();
    operations(document).for_each(|operation| illustrate_refusals(operation, &mut shown));
    let examples = shown.into_iter().map(|kind| {
        let example = json!({ "summary": kind.title(), "value": example_of(kind) });
        (name_of(kind).to_owned(), example)
    });
    document["components"]["examples"] = Value::Object(examples.collect());
}

/// What an example is called: the last part of the problem's type.
fn name_of(kind: ProblemType) -> &'static str {
    kind.uri().rsplit('/').next().unwrap_or_default()
}

fn members(object: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    object.as_object_mut().into_iter().flatten()
}

/// Gives a schema, a parameter or a media type its example.
fn illustrate(described: &mut Value, example: Option<&Value>) {
    if let (Some(described), Some(example)) = (described.as_object_mut(), example) {
        described.insert("example".to_owned(), example.clone());
    }
}

fn illustrate_parameter(parameter: &mut Value, path: &str) {
    if parameter["in"] != "path" {
        return;
    }
    let placeholder = format!("{{{}}}", parameter["name"].as_str().unwrap_or_default());
    let end = path.find(&placeholder).map_or(path.len(), |begin| begin + placeholder.len());
    illustrate(parameter, EXAMPLES["paths"].get(&path[..end]));
}

/// Refers to examples of problems, which are too many to have one in each place.
fn illustrate_refusals(operation: &mut Map<String, Value>, shown: &mut BTreeSet<ProblemType>) {
    let named = &EXAMPLES["problems"][operation["operationId"].as_str().unwrap_or_default()];
    for (status, response) in members(&mut operation["responses"]) {
        let of_status = || ProblemType::ALL.iter().find(|kind| kind.status_code().to_string() == *status);
        let kind = match named[status].as_str() {
            Some(uri) => ProblemType::ALL.iter().find(|kind| kind.uri() == uri),
            None => of_status(),
        };
        let content = response.get_mut("content").and_then(|content| content.get_mut(PROBLEM_JSON));
        if let Some((Value::Object(content), kind)) = content.zip(kind) {
            let reference = format!("{COMPONENTS}{}", name_of(*kind));
            content.insert("examples".to_owned(), json!({ name_of(*kind): { "$ref": reference } }));
            shown.insert(*kind);
        }
    }
}

/// A problem of this type, as it might be.
fn example_of(kind: ProblemType) -> Option<Value> {
    let problem = Problem::new(kind);
    let problem = match kind {
        ProblemType::InvalidInput => problem
            .fault(Fault::of("title", "is missing"))
            .fault(Fault::of("price", "must be a number with at most 2 decimals")),
        ProblemType::InvalidQuery => {
            problem.fault(Fault::of("limit", "must be a whole number from 1 to 100"))
        }
        ProblemType::InvalidHeader => {
            problem.fault(Fault::of("Consistency", "must be strong, session or local"))
        }
        ProblemType::EmailTaken => problem.fault(Fault::of("email", "is in use")),
        ProblemType::PaymentDeclined => problem
            .payment_id(EXAMPLES["paths"]["/api/payments/{id}"].as_str().unwrap_or_default())
            .decline_code("card_declined"),
        _ => problem,
    };
    problem.to_json(Some(REQUEST_ID))
}

#[cfg(test)]
mod tests {
    use super::super::DOCUMENT;
    use super::*;

    fn names(object: &Value) -> BTreeSet<&str> {
        object.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect()
    }

    /// The problem that a refusal is shown by.
    fn shown(response: &Value) -> &'static Value {
        let examples = response["content"][PROBLEM_JSON]["examples"].as_object().expect("there are examples");
        let reference =
            examples.values().next().expect("there is one")["$ref"].as_str().expect("a reference");
        &DOCUMENT.pointer(&reference[1..]).expect("it is there")["value"]
    }

    /// The operations by their ids.
    fn operation(id: &str) -> Option<&'static Value> {
        let paths = DOCUMENT["paths"].as_object().into_iter().flat_map(Map::values);
        let mut all = paths.filter_map(Value::as_object).flat_map(Map::values);
        all.find(|operation| operation["operationId"] == id)
    }

    #[test]
    fn every_object_has_one_and_none_is_left_over() {
        let schemas = &DOCUMENT["components"]["schemas"];
        for (name, schema) in schemas.as_object().expect("there are schemas") {
            assert!(schema["type"] != "object" || schema.get("example").is_some(), "{name}");
        }
        assert!(names(&EXAMPLES["schemas"]).is_subset(&names(schemas)));
    }

    #[test]
    fn they_have_the_members_that_their_schemas_have() {
        for (name, example) in EXAMPLES["schemas"].as_object().expect("there are examples") {
            let schema = &DOCUMENT["components"]["schemas"][name];
            // Either of several things, which have examples of their own.
            if schema.get("anyOf").is_some() {
                continue;
            }
            let required =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert!(names(example).is_subset(&names(&schema["properties"])), "{name}");
            assert!(names(example).is_superset(&required), "{name}");
        }
    }

    #[test]
    fn every_parameter_of_a_path_has_one_and_none_is_left_over() {
        for (path, methods) in DOCUMENT["paths"].as_object().expect("there are paths") {
            let operations = methods.as_object().into_iter().flat_map(Map::values);
            let parameters = operations.flat_map(|it| it["parameters"].as_array().into_iter().flatten());
            for parameter in parameters.filter(|parameter| parameter["in"] == "path") {
                assert!(parameter["example"].is_string(), "{path}");
            }
        }
        assert!(names(&EXAMPLES["paths"]).is_subset(&names(&DOCUMENT["paths"])));
    }

    #[test]
    fn every_refusal_is_shown_by_a_problem_of_its_status() {
        for (id, statuses) in EXAMPLES["problems"].as_object().expect("there are problems") {
            let responses =
                &operation(id).unwrap_or_else(|| panic!("there is no operation {id}"))["responses"];
            for (status, kind) in statuses.as_object().expect("they are by status") {
                assert_eq!(shown(&responses[status])["type"], *kind, "{id} {status}");
            }
        }
        let paths = DOCUMENT["paths"].as_object().into_iter().flat_map(Map::values);
        let operations = paths.filter_map(Value::as_object).flat_map(Map::values);
        let responses = operations.filter_map(|operation| operation["responses"].as_object()).flatten();
        for (status, response) in responses {
            if response["content"].get(PROBLEM_JSON).is_some() {
                assert_eq!(shown(response)["status"].to_string(), *status);
            }
        }
    }
}
