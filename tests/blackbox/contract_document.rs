//! The API's document: what is answered is what it describes. `scripts/openapi-fuzz` asks for far more.

use serde_json::{Value, json};

use crate::support::Server;

/// The document that a replica serves.
struct Document(Value);

impl Document {
    async fn of(server: &Server) -> Self {
        Self(server.get("/openapi.json").await.expect(200, "GET /openapi.json | anyone | 200").body)
    }

    /// Says where a value is not what the schema of this name describes.
    fn misfits(&self, value: &Value, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.compare(value, &json!({ "$ref": format!("#/components/schemas/{name}") }), name, &mut found);
        found
    }

    fn compare(&self, value: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let target =
                self.0.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} is not there"));
            return self.compare(value, target, at, found);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.compare(value, part, at, found);
        }
        if let Some(parts) = schema["anyOf"].as_array() {
            let fits = |part: &Value| {
                let mut misfits = Vec::new();
                self.compare(value, part, at, &mut misfits);
                misfits.is_empty()
            };
            found.extend((!parts.iter().any(fits)).then(|| format!("{at} is none of several things")));
        }
        let is_type = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            _ => true,
        };
        let is_listed = schema["enum"].as_array().is_none_or(|listed| listed.contains(value));
        let bound = |name: &str| schema[name].as_f64().zip(value.as_f64());
        let is_within = bound("minimum").is_none_or(|(least, number)| number >= least)
            && bound("maximum").is_none_or(|(most, number)| number <= most);
        if !(is_type && is_listed && is_within) {
            found.push(format!("{at} is {value}"));
        }
        self.compare_members(value, schema, at, found);
        for item in value.as_array().into_iter().flatten() {
            self.compare(item, &schema["items"], &format!("{at}[]"), found);
        }
    }

    fn compare_members(&self, value: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
        let (Some(members), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else {
            return;
        };
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        found.extend(
            required
                .filter(|name| !members.contains_key(*name))
                .map(|name| format!("{at}.{name} is missing")),
        );
        for (name, member) in members {
            match properties.get(name) {
                Some(schema) => self.compare(member, schema, &format!("{at}.{name}"), found),
                None => found.push(format!("{at}.{name} is not described")),
            }
        }
    }
}

#[tokio::test]
async fn a_sale_is_answered_as_it_is_described() {
    let server = Server::start().await;
    let document = Document::of(&server).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let (sold, kept) = (server.ticket(&ann).await, server.ticket(&ann).await);
    let order = server.order(&bob, &sold).await;
    let open = server.order(&bob, &kept).await;
    let body = json!({"orderId": order, "token": "tok_visa"});
    let payment = server.post("/api/payments", body).by(&bob).await.expect(201, "paid").string("id");
    let refunds = format!("/api/payments/{payment}/refunds");
    // Nothing went back yet.
    let paid = server.get(&format!("/api/payments/{payment}")).by(&bob).await;
    assert_eq!((&paid["refundedAmount"], document.misfits(&paid.body, "Payment")), (&json!(0), vec![]));
    server.post(&refunds, json!({"amount": 1})).by(&ann).await.expect(201, "a part goes back");
    server.delete(&format!("/api/orders/{open}")).by(&bob).await.expect(204, "cancelled");

    let one = [
        (format!("/api/tickets/{sold}"), "Ticket"),
        (format!("/api/orders/{order}"), "Order"),
        (format!("/api/orders/{open}"), "Order"),
        (format!("/api/payments/{payment}"), "Payment"),
        ("/api/users/currentuser".to_owned(), "CurrentUser"),
        ("/.well-known/jwks.json".to_owned(), "KeySet"),
        ("/healthz".to_owned(), "Health"),
    ];
    for (path, schema) in one {
        let answer = server.get(&path).by(&bob).await.expect(200, &path);
        assert_eq!(document.misfits(&answer.body, schema), [""; 0], "{path}");
    }
    let lists = [
        ("/api/orders".to_owned(), "Order"),
        ("/api/payments".to_owned(), "Payment"),
        (refunds, "Refund"),
        (format!("/api/orders/{order}/history"), "OrderTransition"),
        ("/api/users/sessions".to_owned(), "Session"),
        ("/api/events?limit=100".to_owned(), "Event"),
    ];
    for (path, schema) in lists {
        let answer = server.get(&path).by(&bob).await.expect(200, &path);
        assert!(!answer.items().is_empty(), "{path} has something");
        for item in answer.items() {
            assert_eq!(document.misfits(item, schema), [""; 0], "{path}");
        }
    }
    let refused = server.get("/api/orders?limit=0").by(&bob).await.expect(400, "refused");
    assert_eq!(document.misfits(&refused.body, "Problem"), [""; 0]);
}

#[tokio::test]
async fn null_stands_for_what_is_absent_and_the_document_says_so() {
    let server = Server::start().await;
    let document = Document::of(&server).await;
    let ann = server.user("ann").await;
    let bare = json!({"title": "Tosca", "price": 5});
    let nulls = json!({"title": "Tosca", "price": 5, "venue": null, "startsAt": null});
    for body in [&bare, &nulls] {
        let posted = server.post("/api/tickets", body.clone()).by(&ann).await.expect(201, "posted");
        assert!(posted.body.get("venue").is_none() && posted.body.get("startsAt").is_none());
        assert_eq!(document.misfits(body, "TicketInput"), [""; 0]);
    }
    let faults = server.post("/api/tickets", json!({"title": null, "price": 5})).by(&ann).await;
    assert_eq!(faults.problem(400, "a title has to be there").faults(), ["title"]);
    assert_eq!(document.misfits(&json!({"title": null, "price": 5}), "TicketInput").len(), 1);
}

#[tokio::test]
async fn a_misfit_is_found() {
    let server = Server::start().await;
    let document = Document::of(&server).await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    let ticket = server.get(&format!("/api/tickets/{ticket}")).await.expect(200, "a ticket").body;
    let changed = |member: &str, value: Value| {
        let mut changed = ticket.clone();
        changed[member] = value;
        document.misfits(&changed, "Ticket")
    };
    assert_eq!(document.misfits(&ticket, "Ticket"), [""; 0]);
    for (member, value) in [
        ("price", json!(0)),
        ("price", json!("5")),
        ("status", json!("lost")),
        ("title", Value::Null),
        ("seat", json!(7)),
        ("version", json!(1.5)),
    ] {
        assert_eq!(changed(member, value.clone()).len(), 1, "{member}: {value}");
    }
}
