//! Operator's keys: made, used and revoked, by the command line and over HTTP.

use serde_json::{Value, json};

use crate::support::{Answer, OperatorKey, Server, command, millis, now_ms, same_problem};

const ALL_SCOPES: [&str; 5] = ["keys", "orders:read", "payments:read", "refunds", "events:read"];

/// A key that may do everything.
fn chief(server: &Server) -> OperatorKey {
    server.operator_key(&ALL_SCOPES)
}

async fn make(server: &Server, by: &OperatorKey, body: Value) -> Answer {
    server.post("/api/keys", body).bearer(&by.secret).await
}

fn is_a_secret(text: &str) -> bool {
    let digits = text.strip_prefix("bxk_").unwrap_or_default();
    digits.len() == 72 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

async fn refused_keys(server: &Server) -> u64 {
    let metrics = server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
    let count = metrics.lines().find_map(|line| line.strip_prefix("boxoffice_operator_keys_refused_total "));
    count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("it is counted:\n{metrics}"))
}

#[tokio::test]
async fn an_operator_sees_anybodys_orders_and_payments_as_far_as_the_scopes_go() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let payment = server.pay(&bob, &order).await;
    let (order_path, payment_path) = (format!("/api/orders/{order}"), format!("/api/payments/{payment}"));
    let for_orders = server.operator_key(&["orders:read"]);
    let for_payments = server.operator_key(&["payments:read"]);

    let get = |path: &str, key: &OperatorKey| server.get(path).bearer(&key.secret);
    let seen = get(&order_path, &for_orders).await.expect(200, "GET /api/orders/{id} | orders:read | 200");
    let own = server.order_of(&bob, &order).await;
    assert_eq!(seen.body, own.body, "what its buyer sees");
    assert_eq!(seen.header("etag"), own.header("etag"));
    let seen = get(&payment_path, &for_payments).await;
    let seen = seen.expect(200, "GET /api/payments/{id} | payments:read | 200");
    assert_eq!((seen.string("orderId"), seen.string("status")), (order, "succeeded".to_owned()));

    for (path, key, other) in
        [(&order_path, &for_payments, "/api/orders/x"), (&payment_path, &for_orders, "/api/payments/x")]
    {
        let hidden = get(path, key).await.problem(404, "404 without the scope");
        let missing = get(other, key).await.problem(404, "like one that is not there");
        same_problem(&hidden, &missing, "whether there is such a thing is not told");
    }
    get(&order_path, &chief(&server)).await.expect(200, "a key may have several scopes");
}

#[tokio::test]
async fn an_operators_key_is_nobodys_account() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    let key = chief(&server);
    for path in ["/api/orders", "/api/payments", "/api/users/sessions"] {
        let refused = server.get(path).bearer(&key.secret).await.problem(403, "it has no orders of its own");
        assert_eq!(refused.kind(), "/problems/insufficient-scope");
    }
    let order = server.post("/api/orders", json!({"ticketId": ticket})).bearer(&key.secret).await;
    order.problem(403, "nor does it buy");
    server.delete(&format!("/api/tickets/{ticket}")).bearer(&key.secret).await.problem(403, "nor sell");
    let me = server.get("/api/users/currentuser").bearer(&key.secret).await.expect(200, "never 401");
    assert_eq!(me.body, json!({"currentUser": null}));
    server.get("/api/tickets").bearer(&key.secret).await.expect(200, "what is public is");
    let cookie = format!("session={}", key.secret);
    server.get("/api/keys").header("cookie", &cookie).await.problem(401, "no browser sends it by itself");
    let basic = format!("Basic {}", key.secret);
    server.get("/api/keys").header("authorization", &basic).await.problem(401, "it is a bearer token");
}

#[tokio::test]
async fn keys_make_and_list_keys() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let (chief, clerk) =
        (server.operator_key(&["keys", "orders:read"]), server.operator_key(&["orders:read"]));
    let wanted = json!({"label": " Support desk ", "scopes": ["orders:read"], "expiresInSeconds": 3600});
    let made = make(&server, &chief, wanted.clone()).await.expect(201, "POST /api/keys | keys | 201");
    assert!(is_a_secret(&made.string("secret")), "{}", made.text);
    assert_eq!(made.string("label"), "Support desk");
    assert_eq!((&made["scopes"], &made["createdBy"]), (&json!(["orders:read"]), &json!(chief.id)));
    let lasts_ms = millis(&made["expiresAt"]) - millis(&made["createdAt"]);
    assert_eq!(lasts_ms, 3_600_000);
    assert!((millis(&made["createdAt"]) - now_ms()).abs() < 60_000);
    assert_eq!(made.header("cache-control"), Some("no-store"), "it holds a secret");

    let listed =
        server.get("/api/keys").bearer(&chief.secret).await.expect(200, "GET /api/keys | keys | 200");
    assert_eq!(listed.ids()[0], made.string("id"), "newest first");
    assert_eq!(listed.items().len(), 3);
    assert!(!listed.text.contains("secret") && !listed.text.contains("bxk_"), "{}", listed.text);
    let current: Vec<&Value> = listed.items().iter().filter(|key| key["isCurrent"] == true).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["id"], chief.id);
    assert_eq!(current[0].get("createdBy"), None, "the command line made it");

    let beyond = json!({"label": "More", "scopes": ["orders:read", "refunds"]});
    let refused = make(&server, &chief, beyond).await.problem(403, "no key gives what it lacks");
    assert_eq!(
        (refused.kind(), refused.faults()),
        ("/problems/insufficient-scope".to_owned(), vec!["scopes".to_owned()])
    );
    make(&server, &clerk, wanted.clone()).await.problem(403, "it takes the scope `keys`");
    server.get("/api/keys").bearer(&clerk.secret).await.problem(403, "to list them too");
    let by_user = server.post("/api/keys", wanted).by(&ann).await.problem(403, "no user is an operator");
    assert_eq!(by_user.kind(), "/problems/forbidden");
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_said_at_once() {
    let server = Server::start().await;
    let key = chief(&server);
    let wrong = json!({"label": "", "scopes": ["orders:write"], "expiresInSeconds": 59});
    let refused = make(&server, &key, wrong).await.problem(400, "all faults of a request at once");
    assert_eq!(refused.faults(), ["expiresInSeconds", "label", "scopes"]);
    let missing = make(&server, &key, json!({})).await.problem(400, "label and scopes have to be there");
    assert_eq!(missing.faults(), ["label", "scopes"]);
    for scopes in [json!([]), json!("keys"), json!({"keys": true}), json!([1]), json!(["unknown"])] {
        let body = json!({"label": "Some", "scopes": scopes});
        assert_eq!(make(&server, &key, body).await.problem(400, "some of the scopes").faults(), ["scopes"]);
    }
    let long = json!({"label": "x".repeat(101), "scopes": ["keys"], "expiresInSeconds": 316_224_001_u64});
    assert_eq!(
        make(&server, &key, long).await.problem(400, "bounded").faults(),
        ["expiresInSeconds", "label"]
    );
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once() {
    let server = Server::start().await;
    let (chief, other) = (chief(&server), chief(&server));
    let path = |key: &OperatorKey| format!("/api/keys/{}", key.id);
    server.get("/api/keys").bearer(&other.secret).await.expect(200, "it works");
    let before = refused_keys(&server).await;
    for _ in 0..2 {
        let revoked = server.delete(&path(&other)).bearer(&chief.secret).await;
        revoked.expect(204, "DELETE /api/keys/{id} | keys | 204, also again");
    }
    let refused = server.get("/api/keys").bearer(&other.secret).await.problem(401, "revoked at once");
    assert_eq!(refused.header("www-authenticate"), Some(r#"Bearer error="invalid_token""#));
    assert_eq!(refused_keys(&server).await, before + 1, "whoever still uses it can be told");
    server.delete(&path(&chief)).bearer(&other.secret).await.problem(401, "and ends no other");
    let listed = server.get("/api/keys").bearer(&chief.secret).await;
    let shown = listed.items().iter().find(|key| key["id"] == other.id).expect("still listed");
    assert_eq!(shown["revokedBy"], chief.id);
    assert!(millis(&shown["revokedAt"]) >= millis(&shown["createdAt"]));
    server.delete("/api/keys/nonsense").bearer(&chief.secret).await.problem(404, "no such key");
    let unknown = "/api/keys/opkey_00000000000000000000000000";
    server.delete(unknown).bearer(&chief.secret).await.problem(404, "no such key");

    server.delete(&path(&chief)).bearer(&chief.secret).await.expect(204, "a key may end itself");
    server.get("/api/keys").bearer(&chief.secret).await.problem(401, "and has");
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_says_whether_it_was_mistyped() {
    let server = Server::start().await;
    let key = chief(&server);
    let mut mistyped = key.secret.clone();
    let last = if mistyped.pop() == Some('0') { '1' } else { '0' };
    mistyped.push(last);
    for text in [&key.secret[..40], &mistyped, "bxk_", &format!("{}0", key.secret)] {
        let refused = server.get("/api/keys").bearer(text).await.problem(401, "not a key");
        assert!(refused.string("detail").contains("mistyped"), "{text}: {}", refused.text);
        assert!(!refused.text.contains(&key.secret[4..36]), "{}", refused.text);
    }
    // Whole, and of another service.
    let elsewhere = chief(&Server::start().await);
    let refused = server.get("/api/keys").bearer(&elsewhere.secret).await.problem(401, "unknown");
    assert!(!refused.text.contains("mistyped"), "{}", refused.text);
    server.get("/api/keys").await.problem(401, "nothing at all");
}

#[tokio::test]
async fn there_are_only_so_many_keys() {
    let server = Server::start().await;
    let chief = chief(&server);
    let body = json!({"label": "One of many", "scopes": ["refunds"]});
    let mut last = OperatorKey { id: String::new(), secret: String::new() };
    for number in 1..100 {
        let made = make(&server, &chief, body.clone()).await.expect(201, "up to 100 of them");
        assert!(is_a_secret(&made.string("secret")), "{number}");
        last = OperatorKey::of(&made.body);
    }
    let refused = make(&server, &chief, body.clone()).await.problem(409, "no more than that");
    assert_eq!(refused.kind(), "/problems/too-many-keys");
    let by_hand = server.keys(&["create", "--label", "One more", "--scope", "keys"]);
    let said = String::from_utf8_lossy(&by_hand.stderr).into_owned();
    assert!(by_hand.status.code() == Some(1) && said.contains("revoke one"), "{said}");
    server.delete(&format!("/api/keys/{}", last.id)).bearer(&chief.secret).await.expect(204, "revoked");
    make(&server, &chief, body).await.expect(201, "and there is room");
}

#[tokio::test]
async fn making_keys_is_slowed_down_like_signing_up() {
    let server = Server::start_with(&[("BOXOFFICE_AUTH_RATE_PER_MINUTE", "3")]).await;
    let chief = chief(&server);
    let body = json!({"label": "Some", "scopes": ["refunds"]});
    for _ in 0..3 {
        make(&server, &chief, body.clone()).await.expect(201, "three a minute");
    }
    let refused = make(&server, &chief, body).await.problem(429, "per address");
    assert!(refused.header("retry-after").is_some());
    server.get("/api/keys").bearer(&chief.secret).await.expect(200, "and nothing else is");
}

#[tokio::test]
async fn the_command_line_makes_lists_and_revokes_keys() {
    let server = Server::start().await;
    assert_eq!(server.keys_json(&["list"]), json!([]));
    let none = server.keys(&["list"]);
    assert!(none.status.success() && none.stdout.is_empty(), "{none:?}");
    let made = server.keys(&[
        "create",
        "--label",
        "Support desk",
        "--scope",
        "orders:read",
        "--scope",
        "keys",
        "--expires-in",
        "90d",
    ]);
    let (secret, told) =
        (String::from_utf8(made.stdout).expect("UTF-8"), String::from_utf8_lossy(&made.stderr));
    assert!(made.status.success() && is_a_secret(secret.trim_end()), "the secret alone: {secret} {told}");
    assert!(told.contains("Support desk") && told.contains("keys, orders:read"), "{told}");
    let secret = secret.trim_end();
    server.get("/api/keys").bearer(secret).await.expect(200, "it works");

    let json = server.keys_json(&["create", "--label", "Finance", "--scope", "payments:read"]);
    assert!(is_a_secret(json["secret"].as_str().expect("a secret")), "{json}");
    assert_eq!((&json["works"], &json["expiresAt"]), (&json!(true), &Value::Null));
    let listed = server.keys_json(&["list"]);
    let labels: Vec<&Value> = listed.as_array().expect("a list").iter().map(|key| &key["label"]).collect();
    assert_eq!(labels, ["Support desk", "Finance"], "oldest first");
    assert_eq!(listed[0]["scopes"], json!(["keys", "orders:read"]));
    let lasts_ms = millis(&listed[0]["expiresAt"]) - millis(&listed[0]["createdAt"]);
    assert_eq!(lasts_ms, 90 * 24 * 60 * 60 * 1_000);

    let id = listed[0]["id"].as_str().expect("an id");
    let revoked = server.keys(&["revoke", id]);
    let told = String::from_utf8_lossy(&revoked.stderr);
    assert!(revoked.status.success() && told.contains("Support desk") && told.contains("no more"), "{told}");
    server.get("/api/keys").bearer(secret).await.problem(401, "revoked at once");
    let again = server.keys_json(&["revoke", id]);
    assert_eq!((&again["works"], &again["revokedBy"]), (&json!(false), &Value::Null));
    let table = String::from_utf8(server.keys(&["list"]).stdout).expect("UTF-8");
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() == 3 && lines[0].starts_with("ID ") && lines[0].ends_with("LABEL"), "{table}");
    assert!(lines[1].contains("revoked 2") && lines[1].ends_with("Support desk"), "{table}");
    assert!(lines[2].contains(" yes ") && lines[2].contains("payments:read"), "{table}");
    assert!(!table.contains("bxk_"), "{table}");
}

#[tokio::test]
async fn the_command_line_says_what_is_wrong() {
    let server = Server::start().await;
    for (arguments, code, says) in [
        (&["create", "--label", "x"][..], 2, "--scope"),
        (&["create", "--scope", "keys"], 2, "--label"),
        (&["create", "--label", "x", "--scope", "everything"], 2, "orders:read"),
        (&["create", "--label", " ", "--scope", "keys"], 2, "must not be empty"),
        (&["create", "--label", "x", "--scope", "keys", "--expires-in", "soon"], 2, "8h or 90d"),
        (&["create", "--label", "x", "--scope", "keys", "--expires-in", "59s"], 2, "shorter than a minute"),
        (&["create", "--label", "x", "--scope", "keys", "--expires-in", "11y"], 2, "longer than ten years"),
        (&["revoke", "opkey_00000000000000000000000000"], 1, "no such key"),
        (&["revoke", "nonsense"], 1, "no key's id"),
    ] {
        let output = server.keys(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.lines().count() == 1 && said.contains(says), "{arguments:?}: {said}");
    }
    assert_eq!(server.keys_json(&["list"]), json!([]));
    let nobody = command(&["keys", "list", "--data-dir", "/nonexistent"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no service runs on /nonexistent"));
    let help = command(&["keys", "create", "--help"]).output().expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for scope in ALL_SCOPES {
        assert!(help.matches(scope).count() >= 2, "--help explains {scope}:\n{help}");
    }
}

#[tokio::test]
async fn a_backup_brings_keys_back_as_they_were() {
    const SECRET: (&str, &str) = ("BOXOFFICE_CLUSTER_SECRET", "a secret of the tests, long enough");
    let server = Server::start_with(&[SECRET]).await;
    let (chief, ended, revoked_later) = (chief(&server), chief(&server), chief(&server));
    let revoke = async |key: &OperatorKey| {
        let path = format!("/api/keys/{}", key.id);
        server.delete(&path).bearer(&chief.secret).await.expect(204, "revoked");
    };
    revoke(&ended).await;
    let scratch = tempfile::tempdir().expect("a directory");
    let (file, restored) = (scratch.path().join("boxoffice.backup"), scratch.path().join("restored"));
    let run = |arguments: &[&str]| {
        let output = command(arguments).output().expect("the command runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    };
    let text = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    run(&["backup", "--data-dir", &text(&server.data_dir()), "--out", &text(&file)]);
    revoke(&revoked_later).await;
    run(&["restore", &text(&file), "--data-dir", &text(&restored)]);
    run(&["verify", &text(&restored)]);
    let again = Server::start_on(&restored, &[SECRET]).await;
    again.get("/api/keys").bearer(&chief.secret).await.expect(200, "what worked works");
    again.get("/api/keys").bearer(&ended.secret).await.problem(401, "what was revoked before stays so");
    let back = again.get("/api/keys").bearer(&revoked_later.secret).await;
    back.expect(200, "what was revoked afterwards has to be revoked again");
}

#[tokio::test]
async fn keys_outlive_restarts_and_their_secrets_are_nowhere() {
    let settings = [("BOXOFFICE_LOG", "trace"), ("BOXOFFICE_LOG_FORMAT", "json")];
    let mut server = Server::start_with(&settings).await;
    let chief = chief(&server);
    let made = make(&server, &chief, json!({"label": "Some", "scopes": ["refunds"]})).await;
    let made = OperatorKey::of(&made.expect(201, "made").body);
    let mut mistyped = made.secret.clone();
    mistyped.pop();
    server.get("/api/keys").bearer(&mistyped).await.problem(401, "mistyped");
    server.get("/api/keys").bearer(&made.secret).await.problem(403, "without the scope");
    server.delete(&format!("/api/keys/{}", made.id)).bearer(&chief.secret).await.expect(204, "revoked");
    server.kill();
    server.restart().await;
    server.get("/api/keys").bearer(&chief.secret).await.expect(200, "it is in the state");
    server.get("/api/keys").bearer(&made.secret).await.problem(401, "and so is its end");
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");

    let log = server.log();
    assert!(log.contains(&chief.id) && log.contains(&made.id), "who made what is in the log");
    let verified = command(&["verify", "--json"]).arg(server.data_dir()).output().expect("it runs");
    let verified: Value = serde_json::from_slice(&verified.stdout).expect("JSON");
    assert_eq!((&verified["operatorKeys"], &verified["isSound"]), (&json!(2), &json!(true)), "{verified}");
    for secret in [&chief.secret, &made.secret] {
        let digits = &secret["bxk_".len()..secret.len() - 8];
        assert!(!log.contains(digits), "the log holds a secret");
        let bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        for entry in std::fs::read_dir(server.data_dir()).expect("a directory") {
            let path = entry.expect("an entry").path();
            if !path.is_file() {
                continue;
            }
            let stored = std::fs::read(&path).expect("a readable file");
            let holds = |wanted: &[u8]| stored.windows(wanted.len()).any(|window| window == wanted);
            assert!(!holds(digits.as_bytes()) && !holds(&bytes), "{} holds a secret", path.display());
        }
    }
}
