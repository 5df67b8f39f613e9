//! What poem-openapi says in an odd way, or not at all, said as generators and linters want it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Where `deprecated: false` and `explode: true` say nothing: those are the defaults, or mean nothing there.
const SAYS_NOTHING: [(&str, bool); 2] = [("deprecated", false), ("explode", true)];

/// Bodies that take no members but those that they have.
const STRICT: [&str; 1] = ["RefundInput"];

/// Rewrites the document; what it means stays.
pub(super) fn refine(document: &mut Value) {
    for operation in operations(document) {
        // Without it a reader has to know that there is no rule for the whole document either.
        operation.entry("security").or_insert(json!([]));
    }
    for name in names_of_bodies(document) {
        allow_null(&mut document["components"]["schemas"][name]);
    }
    for name in STRICT {
        let schema = document.pointer_mut(&format!("/components/schemas/{name}"));
        if let Some(schema) = schema.and_then(Value::as_object_mut) {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
    }
    everywhere(document, &mut |object| {
        describe_references_beside(object);
        spell_headers(object);
        SAYS_NOTHING.iter().for_each(|(name, value)| drop_if(object, name, *value));
        write_whole_numbers(object);
    });
}

/// The operations, in the order of the document.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let paths = paths.into_iter().flat_map(Map::values_mut);
    paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut).filter_map(Value::as_object_mut)
}

/// What the schemas of bodies that operations take are called.
fn names_of_bodies(document: &mut Value) -> BTreeSet<String> {
    let reference = |operation: &mut Map<String, Value>| {
        let body = operation.get("requestBody")?.pointer("/content/application~1json/schema/$ref")?;
        body.as_str()?.strip_prefix("#/components/schemas/").map(str::to_owned)
    };
    operations(document).filter_map(reference).collect()
}

/// In a body, null stands for a member that is absent.
fn allow_null(schema: &mut Value) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let members = schema["properties"].as_object_mut().into_iter().flatten();
    for (_, member) in members.filter(|(name, _)| !required.iter().any(|it| it == name.as_str())) {
        if let Some(member) = member.as_object_mut().filter(|member| member.contains_key("type")) {
            member.insert("nullable".to_owned(), json!(true));
        }
    }
}

/// Does it to each object, those inside first.
fn everywhere(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(|member| everywhere(member, change));
            change(object);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| everywhere(item, change)),
        _ => {}
    }
}

/// A description beside a reference counts for nothing in OpenAPI 3.0, and so poem-openapi says it twice: around `allOf`,
/// and as a part of it that generators take for a type of its own. Once is enough.
fn describe_references_beside(object: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = object.get("allOf") else { return };
    let [reference, said] = parts.as_slice() else { return };
    let is_said =
        |said: &Map<String, Value>| said.iter().all(|(name, value)| object.get(name) == Some(value));
    if said.as_object().is_some_and(is_said) {
        let reference = reference.clone();
        object.insert("allOf".to_owned(), json!([reference]));
    }
}

/// poem-openapi's macro has the names of some headers in capitals.
fn spell_headers(object: &mut Map<String, Value>) {
    let Some(Value::Object(headers)) = object.get_mut("headers") else { return };
    *headers = std::mem::take(headers).into_iter().map(|(name, header)| (spelled(&name), header)).collect();
}

fn spelled(name: &str) -> String {
    let capitals = name.to_ascii_uppercase();
    match capitals.as_str() {
        "ETAG" => return "ETag".to_owned(),
        _ if capitals != name => return name.to_owned(),
        _ => {}
    }
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_owned() + &rest.to_ascii_lowercase()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

fn drop_if(object: &mut Map<String, Value>, name: &str, value: bool) {
    if object.get(name) == Some(&Value::Bool(value)) {
        object.shift_remove(name);
    }
}

/// Bounds are doubles, and those that are whole are written like others.
fn write_whole_numbers(object: &mut Map<String, Value>) {
    for bound in ["minimum", "maximum"] {
        if let Some(value) = object.get_mut(bound)
            && let Some(number) = value.as_f64().filter(|number| number.fract() == 0.0)
        {
            *value = json!(number as i64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_for_anybody_says_so() {
        let mut document = json!({"paths": {"/a": {"get": {}, "put": {"security": [{"bearer": []}]}}}});
        refine(&mut document);
        let path = &document["paths"]["/a"];
        assert_eq!(
            (&path["get"]["security"], &path["put"]["security"]),
            (&json!([]), &json!([{"bearer": []}]))
        );
    }

    #[test]
    fn what_a_body_may_lack_may_be_null_there() {
        let text = json!({"type": "string"});
        let schema = json!({"type": "object", "required": ["a"], "properties": {"a": text, "b": text}});
        let body = |name| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"requestBody": {"content": {"application/json": {"schema": schema}}}})
        };
        let schemas = json!({"Input": schema, "View": schema});
        let mut document =
            json!({"paths": {"/a": {"put": body("Input")}}, "components": {"schemas": schemas}});
        refine(&mut document);
        let nullable = |name: &str, member: &str| {
            document["components"]["schemas"][name]["properties"][member].get("nullable").is_some()
        };
        assert!(nullable("Input", "b"));
        assert!(!nullable("Input", "a") && !nullable("View", "b"));
    }

    #[test]
    fn a_reference_is_described_once() {
        let reference = json!({"$ref": "#/components/schemas/Reset"});
        let mut twice = json!({"description": "Why", "allOf": [reference, {"description": "Why"}]});
        refine(&mut twice);
        assert_eq!(twice, json!({"description": "Why", "allOf": [reference]}));
        let says_more =
            json!({"description": "Why", "allOf": [reference, {"description": "Why", "nullable": true}]});
        let mut kept = says_more.clone();
        refine(&mut kept);
        assert_eq!(kept, says_more);
    }

    #[test]
    fn headers_have_the_names_that_they_are_known_by() {
        for (given, name) in [
            ("ETAG", "ETag"),
            ("IDEMPOTENT-REPLAYED", "Idempotent-Replayed"),
            ("WWW-Authenticate", "WWW-Authenticate"),
            ("Consistency-Age-Ms", "Consistency-Age-Ms"),
        ] {
            assert_eq!(spelled(given), name);
        }
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        let mut schema = json!({"minimum": 0.01, "maximum": 100.0, "deprecated": false, "explode": true});
        refine(&mut schema);
        assert_eq!(schema, json!({"minimum": 0.01, "maximum": 100}));
        let mut odd = json!({"deprecated": true, "explode": false});
        refine(&mut odd);
        assert_eq!(odd, json!({"deprecated": true, "explode": false}));
    }
}
