//! The authorisation matrix: every operation, asked by nobody, by somebody else and by its owner.
//!
//! An operation that is in the document and not in the table fails the test: whoever adds one says here who may.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Server, User};

/// Endpoints of webhooks are on this machine.
const SENDS_HERE: &[(&str, &str)] = &[("BOXOFFICE_WEBHOOKS_ALLOW_PRIVATE", "true")];

/// Where nobody listens.
const NOBODY: &str = "http://127.0.0.1:9/hooks";

/// One operation and the statuses it answers to anonymous, other and owner.
struct Row {
    method: &'static str,
    path: &'static str,
    anonymous: u16,
    other: u16,
    owner: u16,
}

/// What the path's `{id}` and the body are about; each asker meets fresh ones.
struct Subject {
    owner: User,
    ticket: String,
    order: String,
    payment: String,
    refund: String,
    session: String,
    key: String,
    webhook: String,
}

const fn row(method: &'static str, path: &'static str, anonymous: u16, other: u16, owner: u16) -> Row {
    Row { method, path, anonymous, other, owner }
}

/// Where there is no owner, "other" and "owner" are both anyone who is signed in.
const MATRIX: &[Row] = &[
    // method, path, anonymous, other, owner
    row("POST", "/api/users/signup", 201, 201, 201),
    row("POST", "/api/users/signin", 200, 200, 200),
    row("POST", "/api/users/signout", 200, 200, 200),
    row("GET", "/api/users/currentuser", 200, 200, 200),
    row("GET", "/api/users/sessions", 401, 200, 200),
    row("DELETE", "/api/users/sessions/{id}", 401, 404, 204),
    row("POST", "/api/users/password", 401, 401, 204),
    row("POST", "/api/users/password/reset", 401, 401, 401),
    row("DELETE", "/api/users/me", 401, 401, 204),
    row("GET", "/api/tickets", 200, 200, 200),
    row("POST", "/api/tickets", 401, 201, 201),
    row("GET", "/api/tickets/{id}", 200, 200, 200),
    row("PUT", "/api/tickets/{id}", 401, 403, 200),
    row("DELETE", "/api/tickets/{id}", 401, 403, 204),
    row("POST", "/api/tickets/{id}/freeze", 401, 403, 200),
    row("POST", "/api/tickets/{id}/unfreeze", 401, 403, 200),
    // Of all tickets the owner of one is who cannot order it.
    row("POST", "/api/orders", 401, 201, 409),
    row("GET", "/api/orders", 401, 200, 200),
    row("GET", "/api/orders/{id}", 401, 404, 200),
    row("DELETE", "/api/orders/{id}", 401, 404, 204),
    // The sandbox serves no browser, which is for whoever may pay to know.
    row("GET", "/api/orders/{id}/history", 401, 404, 200),
    row("GET", "/api/orders/{id}/payments", 401, 404, 200),
    row("POST", "/api/orders/{id}/payment-intent", 401, 404, 409),
    row("POST", "/api/payments", 401, 404, 201),
    row("GET", "/api/payments", 401, 200, 200),
    row("GET", "/api/payments/{id}", 401, 404, 200),
    // For Stripe, which signs what it sends; without it there is nothing to tell.
    row("POST", "/api/payments/webhooks/stripe", 404, 404, 404),
    // The owner of a payment is its buyer, who may look. To give it back is for the seller, and for operators.
    row("POST", "/api/payments/{id}/refunds", 401, 404, 403),
    row("GET", "/api/payments/{id}/refunds", 401, 404, 200),
    row("GET", "/api/payments/{id}/refunds/{id}", 401, 404, 200),
    row("POST", "/api/payments/{id}/refunds/{id}/retry", 401, 403, 403),
    // Events of tickets are everybody's; who sees more is for the tests of events.
    row("GET", "/api/events", 200, 200, 200),
    row("POST", "/api/webhooks", 401, 201, 201),
    row("GET", "/api/webhooks", 401, 200, 200),
    row("GET", "/api/webhooks/{id}", 401, 404, 200),
    row("PATCH", "/api/webhooks/{id}", 401, 404, 200),
    row("DELETE", "/api/webhooks/{id}", 401, 404, 204),
    row("POST", "/api/webhooks/{id}/rotate-secret", 401, 404, 200),
    row("GET", "/api/webhooks/{id}/attempts", 401, 404, 200),
    row("POST", "/api/webhooks/{id}/resend", 401, 404, 202),
    row("POST", "/api/webhooks/{id}/test", 401, 404, 202),
    // Of keys nobody is the owner: only operators have a say, see `OPERATOR`.
    row("POST", "/api/keys", 401, 403, 403),
    row("GET", "/api/keys", 401, 403, 403),
    row("DELETE", "/api/keys/{id}", 401, 403, 403),
    // Everybody's groups are their own: the one of another has no name here.
    row("GET", "/api/consumers", 401, 200, 200),
    row("GET", "/api/consumers/{id}", 401, 404, 200),
    row("POST", "/api/consumers/{id}/fetch", 401, 404, 200),
    // The lease is one of no group.
    row("POST", "/api/consumers/{id}/ack", 401, 404, 404),
    row("POST", "/api/consumers/{id}/nack", 401, 404, 404),
    row("POST", "/api/consumers/{id}/extend", 401, 404, 404),
    row("GET", "/api/consumers/{id}/parked", 401, 404, 200),
    row("POST", "/api/consumers/{id}/redrive", 401, 404, 200),
    row("DELETE", "/api/consumers/{id}", 401, 404, 204),
    row("PUT", "/api/consumers/{id}", 401, 201, 200),
    row("GET", "/healthz", 200, 200, 200),
    row("GET", "/readyz", 200, 200, 200),
    row("GET", "/metrics", 200, 200, 200),
    row("GET", "/", 200, 200, 200),
    row("GET", "/openapi.json", 200, 200, 200),
    row("GET", "/openapi.yaml", 200, 200, 200),
    row("GET", "/docs", 200, 200, 200),
    row("GET", "/.well-known/jwks.json", 200, 200, 200),
];

/// What an operator with every scope is answered: what anyone is, and 403 where it takes somebody; but for these.
const OPERATOR: &[(&str, &str, u16)] = &[
    // It takes nobody, but a token that was given out.
    ("POST", "/api/users/password/reset", 401),
    ("GET", "/api/orders/{id}", 200),
    ("GET", "/api/orders/{id}/payments", 200),
    ("GET", "/api/orders/{id}/history", 200),
    ("GET", "/api/payments/{id}", 200),
    ("POST", "/api/payments/{id}/refunds", 201),
    ("GET", "/api/payments/{id}/refunds", 200),
    ("GET", "/api/payments/{id}/refunds/{id}", 200),
    ("POST", "/api/payments/{id}/refunds/{id}/retry", 200),
    // It has endpoints of its own, and of nobody else.
    ("POST", "/api/webhooks", 201),
    ("GET", "/api/webhooks", 200),
    ("GET", "/api/webhooks/{id}", 404),
    ("PATCH", "/api/webhooks/{id}", 404),
    ("DELETE", "/api/webhooks/{id}", 404),
    ("POST", "/api/webhooks/{id}/rotate-secret", 404),
    ("GET", "/api/webhooks/{id}/attempts", 404),
    ("POST", "/api/webhooks/{id}/resend", 404),
    ("POST", "/api/webhooks/{id}/test", 404),
    ("POST", "/api/keys", 201),
    ("GET", "/api/keys", 200),
    ("DELETE", "/api/keys/{id}", 204),
    ("GET", "/api/consumers", 200),
    ("GET", "/api/consumers/{id}", 404),
    ("POST", "/api/consumers/{id}/fetch", 404),
    ("POST", "/api/consumers/{id}/ack", 404),
    ("POST", "/api/consumers/{id}/nack", 404),
    ("POST", "/api/consumers/{id}/extend", 404),
    ("GET", "/api/consumers/{id}/parked", 404),
    ("POST", "/api/consumers/{id}/redrive", 404),
    ("DELETE", "/api/consumers/{id}", 404),
    ("PUT", "/api/consumers/{id}", 201),
];

/// A consumer group of the subject's owner.
const GROUP: &str = "matrix";

/// Not in the document: the document itself, and its page.
const UNDOCUMENTED: [&str; 4] = ["GET /", "GET /openapi.json", "GET /openapi.yaml", "GET /docs"];

#[tokio::test]
async fn every_operation_has_a_row() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.expect(200, "GET /openapi.json | anyone | 200").body;
    let documented = operations(&document);
    let tabled: BTreeSet<String> = MATRIX.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    let missing: Vec<&String> = documented.difference(&tabled).collect();
    assert!(missing.is_empty(), "say in MATRIX who may: {missing:?}");
    let unknown: Vec<&String> = tabled
        .difference(&documented)
        .filter(|operation| !UNDOCUMENTED.contains(&operation.as_str()))
        .collect();
    assert!(unknown.is_empty(), "in MATRIX, but not in the document: {unknown:?}");
}

#[tokio::test]
async fn each_operation_answers_each_asker_as_it_should() {
    let server = Server::start_with(SENDS_HERE).await;
    let other = server.user("other").await;
    let seller = server.user("seller").await;
    let owner = server.user("owner").await;
    let mut wrong = Vec::new();
    for (number, row) in MATRIX.iter().enumerate() {
        for (asker, expected) in [("anonymous", row.anonymous), ("other", row.other), ("owner", row.owner)] {
            let subject = subject(&server, row, &owner, &seller, number).await;
            let user = match asker {
                "anonymous" => None,
                // Each asks on a session of its own: some operations end it.
                "other" => Some(server.sign_in(&other).await),
                _ => Some(subject.owner.clone()),
            };
            let token = user.as_ref().map(|user| user.token.as_str());
            let unique = format!("{asker}{number}");
            let answer = ask(&server, row, &subject, token, user.as_ref(), &unique).await;
            if answer.status != expected {
                wrong.push(format!(
                    "{} {} by {asker}: {} instead of {expected}: {}",
                    row.method, row.path, answer.status, answer.text
                ));
            }
            if expected >= 400 && answer.status == expected {
                answer.problem(expected, "every refusal is a problem");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn each_operation_answers_an_operator_as_it_should() {
    let server = Server::start_with(SENDS_HERE).await;
    let (seller, owner) = (server.user("seller").await, server.user("owner").await);
    let operator = server.operator_key(&["keys", "orders:read", "payments:read", "refunds", "events:read"]);
    let mut wrong = Vec::new();
    for (number, row) in MATRIX.iter().enumerate() {
        let named = OPERATOR.iter().find(|(method, path, _)| (*method, *path) == (row.method, row.path));
        let expected = named.map_or(if row.anonymous == 401 { 403 } else { row.anonymous }, |named| named.2);
        let subject = subject(&server, row, &owner, &seller, number).await;
        let unique = format!("operator{number}");
        let answer = ask(&server, row, &subject, Some(&operator.secret), None, &unique).await;
        if answer.status != expected {
            let (method, path, status, text) = (row.method, row.path, answer.status, answer.text);
            wrong.push(format!("{method} {path} by an operator: {status} instead of {expected}: {text}"));
        } else if expected >= 400 {
            answer.problem(expected, "every refusal is a problem");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All operations of an OpenAPI document, as `METHOD /path`.
fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().expect("the document has paths");
    let of_path = |(path, item): (&String, &Value)| {
        // Parameters are named as they please there.
        let path = path.split('/').map(|part| if part.starts_with('{') { "{id}" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let methods = item.as_object().expect("a path has operations").keys();
        let methods = methods.filter(|key| {
            ["get", "put", "post", "delete", "patch", "head", "options"].contains(&key.as_str())
        });
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

async fn subject(server: &Server, row: &Row, owner: &User, seller: &User, number: usize) -> Subject {
    // What ends sessions or accounts gets an owner of its own.
    let owner = match row.path {
        "/api/users/me" | "/api/users/password" => {
            static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
            let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            server.user(&format!("throwaway{number}x{next}")).await
        }
        _ => server.sign_in(owner).await,
    };
    let ticket = server.ticket(&owner).await;
    let mut subject = Subject {
        ticket,
        order: String::new(),
        payment: String::new(),
        refund: String::new(),
        session: String::new(),
        key: String::new(),
        webhook: String::new(),
        owner,
    };
    if row.path.starts_with("/api/orders/") || row.path.starts_with("/api/payments") {
        subject.order = server.order(&subject.owner, &server.ticket(seller).await).await;
    }
    if row.path.starts_with("/api/payments/{id}") {
        subject.payment = server.pay(&subject.owner, &subject.order).await;
    }
    if row.path.starts_with("/api/payments/{id}/refunds/{id}") {
        let path = format!("/api/payments/{}/refunds", subject.payment);
        let refund = server.post(&path, json!({"amount": 1})).by(seller).await;
        subject.refund =
            refund.expect(201, "POST /api/payments/{id}/refunds | its seller | 201").string("id");
    }
    if row.path == "/api/keys/{id}" {
        subject.key = server.operator_key(&["refunds"]).id;
    }
    if row.path.starts_with("/api/webhooks/") {
        subject.webhook = webhook_of(server, &subject.owner).await;
    }
    if row.path.starts_with("/api/consumers/") {
        let made = server.put(&format!("/api/consumers/{GROUP}"), json!({})).by(&subject.owner).await;
        assert!(matches!(made.status, 200 | 201), "{}", made.text);
    }
    if row.path == "/api/users/sessions/{id}" {
        let other_device = server.sign_in(&subject.owner).await;
        let sessions = server.get("/api/users/sessions").by(&other_device).await;
        let current = sessions.items().iter().find(|session| session["isCurrent"] == true);
        subject.session = current.expect("a session knows itself")["id"].as_str().expect("an id").to_owned();
    }
    subject
}

/// An endpoint, and no other: there is a bound on them.
async fn webhook_of(server: &Server, owner: &User) -> String {
    let old = server.get("/api/webhooks").by(owner).await;
    for id in old.ids() {
        server.delete(&format!("/api/webhooks/{id}")).by(owner).await;
    }
    let made = server.post("/api/webhooks", json!({"url": NOBODY})).by(owner).await;
    made.expect(201, "POST /api/webhooks | signed in | 201").string("id")
}

async fn ask(
    server: &Server,
    row: &Row,
    subject: &Subject,
    token: Option<&str>,
    user: Option<&User>,
    unique: &str,
) -> Answer {
    let id = match row.path {
        path if path.starts_with("/api/tickets/") => &subject.ticket,
        path if path.starts_with("/api/orders/") => &subject.order,
        path if path.starts_with("/api/payments/") => &subject.payment,
        path if path.starts_with("/api/keys/") => &subject.key,
        path if path.starts_with("/api/webhooks/") => &subject.webhook,
        path if path.starts_with("/api/consumers/") => GROUP,
        _ => &subject.session,
    };
    let method = Method::from_bytes(row.method.as_bytes()).expect("a method");
    let path = row.path.replacen("{id}", id, 1).replace("{id}", &subject.refund);
    // What is a stream otherwise has no end.
    let mut call = server.call(method, &path).header("accept", "application/json");
    if let Some(body) = body(row, subject, user, unique) {
        call = call.json(&body);
    }
    match token {
        Some(token) => call.bearer(token).await,
        None => call.await,
    }
}

fn body(row: &Row, subject: &Subject, user: Option<&User>, unique: &str) -> Option<Value> {
    // Somebody else knows some password, but not this one.
    let is_owner = user.is_some_and(|user| user.id == subject.owner.id);
    let password = if is_owner { PASSWORD } else { "someone else's password" };
    Some(match (row.method, row.path) {
        ("POST", "/api/users/signup") => {
            json!({"email": format!("{unique}@matrix.test"), "password": PASSWORD})
        }
        ("POST", "/api/users/signin") => json!({"email": subject.owner.email, "password": PASSWORD}),
        ("POST", "/api/users/signout") => json!({}),
        ("POST", "/api/users/password") => json!({"current": password, "new": "box-3-stage-left-aisle"}),
        ("POST", "/api/users/password/reset") => {
            json!({"token": "nobody's token", "new": "box-3-stage-left-aisle"})
        }
        ("DELETE", "/api/users/me") => json!({"password": password}),
        ("POST", "/api/tickets") | ("PUT", "/api/tickets/{id}") => json!({"title": "Matrix", "price": 1}),
        ("POST", "/api/orders") => json!({"ticketId": subject.ticket}),
        ("POST", "/api/webhooks") => json!({"url": NOBODY}),
        ("PATCH", "/api/webhooks/{id}") => json!({"enabled": true}),
        ("POST", "/api/webhooks/{id}/resend") => json!({"from": 1}),
        ("PUT", "/api/consumers/{id}") | ("POST", "/api/consumers/{id}/redrive") => json!({}),
        ("POST", path) if ["/ack", "/nack", "/extend"].iter().any(|end| path.ends_with(end)) => {
            json!({"leases": ["A".repeat(27)]})
        }
        ("POST", "/api/keys") => json!({"label": unique, "scopes": ["refunds"]}),
        ("POST", "/api/payments/{id}/refunds") => json!({}),
        ("POST", "/api/payments") => json!({"orderId": subject.order, "token": "tok_visa"}),
        _ => return None,
    })
}
