//! Stripe's own document: what is said, by either side, is held to it.
//!
//! The document is cut to what a card payment meets (`contract/cut.py`). Members that it does not know are breaches in
//! both directions: what we made up would not be there on the day that the real one answers.

use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::operation::Operation;

const DOCUMENT: &str = include_str!("../contract/stripe.json");

/// Breaches of one text that are told.
const MAX_BREACHES: usize = 5;

/// The document, ready to be held against.
pub(crate) struct Contract {
    operations: HashMap<Operation, Rules>,
    error: Validator,
    event: Validator,
    /// What an event may tell of, by the member `object`.
    objects: HashMap<&'static str, Validator>,
}

/// What the document says of one operation.
struct Rules {
    /// As the document has it: how the texts of a form are to be read.
    sent: Value,
    sent_rules: Validator,
    answered: Validator,
}

/// The contract; made once for a process.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(Contract::new)
}

impl Contract {
    fn new() -> Self {
        let document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
        let validator = |schema: &Value| {
            let mut schema = rules(schema);
            schema["components"] = rules_of_components(&document["components"]);
            jsonschema::validator_for(&schema).expect("the document's schemas are in order")
        };
        let named = |name: &str| validator(&json!({ "$ref": format!("#/components/schemas/{name}") }));
        let operation = |operation: Operation| {
            let (method, path) = operation.in_document();
            let described = &document["paths"][path][method];
            let sent = sent(described);
            let answered = &described["responses"]["200"]["content"]["application/json"]["schema"];
            let rules = Rules { sent_rules: validator(&sent), answered: validator(answered), sent };
            (operation, rules)
        };
        let objects = ["payment_intent", "charge", "refund", "dispute"];
        Self {
            operations: Operation::all().map(operation).collect(),
            error: named("error"),
            event: named("event"),
            objects: objects.into_iter().map(|name| (name, named(name))).collect(),
        }
    }

    /// What is wrong with a request's parameters.
    pub(crate) fn check_request(&self, operation: Operation, params: &Value) -> Vec<String> {
        let rules = &self.operations[&operation];
        let sent = typed(&rules.sent, params);
        breaches(&rules.sent_rules, &sent, &format!("{operation:?} was sent"))
    }

    /// What is wrong with an answer.
    pub(crate) fn check_answer(&self, operation: Operation, status: u16, body: &Value) -> Vec<String> {
        let rules = if status == 200 { &self.operations[&operation].answered } else { &self.error };
        breaches(rules, body, &format!("{operation:?} was answered {status}"))
    }

    /// What is wrong with an event.
    pub(crate) fn check_event(&self, event: &Value) -> Vec<String> {
        let mut found = breaches(&self.event, event, "an event");
        let object = &event["data"]["object"];
        match object["object"].as_str().and_then(|kind| self.objects.get(kind)) {
            Some(rules) => found.extend(breaches(rules, object, "an event's object")),
            None => found.push(format!("an event tells of something unknown: {object}")),
        }
        found
    }
}

/// The schema of what is sent: a form, or the query.
fn sent(operation: &Value) -> Value {
    if let Some(form) = operation["requestBody"]["content"].get("application/x-www-form-urlencoded") {
        return form["schema"].clone();
    }
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let of_query = parameters.filter(|parameter| parameter["in"] == "query");
    let properties: Map<String, Value> = of_query
        .filter_map(|parameter| Some((parameter["name"].as_str()?.to_owned(), parameter["schema"].clone())))
        .collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn breaches(rules: &Validator, value: &Value, what: &str) -> Vec<String> {
    let errors = rules.iter_errors(value).take(MAX_BREACHES);
    errors.map(|error| format!("{what}: {error} at {}", error.instance_path())).collect()
}

fn rules_of_components(components: &Value) -> Value {
    let schemas = components["schemas"].as_object().into_iter().flatten();
    let schemas: Map<String, Value> = schemas.map(|(name, schema)| (name.clone(), rules(schema))).collect();
    json!({ "schemas": schemas })
}

/// OpenAPI 3.0 as JSON Schema: `nullable` is spelled out, and objects are closed.
fn rules(schema: &Value) -> Value {
    match schema {
        Value::Array(all) => all.iter().map(rules).collect(),
        Value::Object(schema) => {
            let mut inner: Map<String, Value> = Map::new();
            for (keyword, value) in schema {
                let value = match (keyword.as_str(), value) {
                    ("properties", Value::Object(members)) => {
                        members.iter().map(|(name, member)| (name.clone(), rules(member))).collect()
                    }
                    _ => rules(value),
                };
                inner.insert(keyword.clone(), value);
            }
            let has_members = inner.get("properties").is_some_and(|members| *members != json!({}));
            if has_members && !inner.contains_key("additionalProperties") {
                inner.insert("additionalProperties".to_owned(), false.into());
            }
            match inner.remove("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [inner, { "type": "null" }] }),
                _ => Value::Object(inner),
            }
        }
        other => other.clone(),
    }
}

/// Reads the texts of a form as the types that the document says. What does not read as one stays a text, and so
/// breaches the rules.
fn typed(schema: &Value, sent: &Value) -> Value {
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    if let Some(alternative) = alternatives.clone().find(|one| one["type"] == kind(sent)) {
        return typed(alternative, sent);
    }
    if let Some(scalar) =
        alternatives.into_iter().find(|one| one["type"] != "object" && one["type"] != "array")
    {
        return typed(scalar, sent);
    }
    match sent {
        Value::String(text) => match schema["type"].as_str() {
            Some("integer") => text.parse::<i64>().map_or_else(|_| sent.clone(), Value::from),
            Some("boolean") => text.parse::<bool>().map_or_else(|_| sent.clone(), Value::from),
            _ => sent.clone(),
        },
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), typed(&schema["properties"][name], member)))
            .collect(),
        other => other.clone(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_held_to_the_document() {
        let check = |params: Value| contract().check_request(Operation::CreateIntent, &params);
        let good = json!({ "amount": "100", "currency": "usd", "metadata": { "a": "b" },
                           "payment_method_types": ["card"] });
        assert_eq!(check(good), [""; 0]);
        for bad in [
            json!({ "amount": "100" }),
            json!({ "amount": "much", "currency": "usd" }),
            json!({ "amount": "100", "currency": "usd", "colour": "red" }),
            json!({ "amount": "100", "currency": "usd", "capture_method": "sometimes" }),
            json!({ "amount": "100", "currency": "usd", "payment_method_types": "card" }),
        ] {
            assert_ne!(check(bad.clone()), [""; 0], "{bad}");
        }
        let list = |params: Value| contract().check_request(Operation::ListIntents, &params);
        assert_eq!(list(json!({ "created": { "gte": "1" }, "limit": "10" })), [""; 0]);
        assert_eq!(list(json!({ "created": "1" })), [""; 0]);
        assert_ne!(list(json!({ "created": { "since": "1" } })), [""; 0]);
    }

    #[test]
    fn answers_are_held_to_the_document() {
        let check = |status, body: Value| contract().check_answer(Operation::CreateRefund, status, &body);
        let refund = json!({ "id": "re_1", "object": "refund", "amount": 1, "created": 1, "currency": "usd",
                             "reason": null, "status": "succeeded" });
        assert_eq!(check(200, refund.clone()), [""; 0]);
        for (member, value) in [("amount", json!("1")), ("colour", json!("red")), ("reason", json!("none"))] {
            let mut bad = refund.clone();
            bad[member] = value;
            assert_ne!(check(200, bad), [""; 0], "{member}");
        }
        assert_eq!(check(400, json!({ "error": { "type": "invalid_request_error" } })), [""; 0]);
        assert_ne!(check(400, json!({ "error": { "type": "bad_weather" } })), [""; 0]);
        assert_ne!(check(400, refund), [""; 0]);
    }
}
