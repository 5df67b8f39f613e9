//! Passwords: which are taken, changing and resetting them, and how guessing is slowed down.

use std::process::Command;

use serde_json::json;

use crate::support::{Answer, Call, PASSWORD, Server, User, command};

const NEW_PASSWORD: &str = "box-3-stage-left-aisle";

#[tokio::test]
async fn passwords_are_8_to_128_characters_and_not_common() {
    let server = Server::start().await;
    let sign_up = |email: &str, password: &str| {
        server.post("/api/users/signup", json!({"email": email, "password": password}))
    };
    for (password, why) in [
        ("sht-7ch", "8 characters at least"),
        (&"x7".repeat(65), "128 characters at most"),
        ("iloveyou", "the most common ones refused"),
        ("QwertY123", "common ones are refused in any case, whatever digits follow"),
    ] {
        let refused = sign_up("ann@example.test", password).await.problem(400, why);
        assert_eq!(refused.faults(), ["password"], "{why}: {}", refused.text);
        assert!(!refused.text.contains(password), "a refused password is not repeated: {}", refused.text);
    }
    // Characters, not bytes: these are 8 characters in 16 bytes, and 128 characters.
    sign_up("ann@example.test", "ёжикжуёт").await.expect(201, "8 characters");
    sign_up("bob@example.test", &"q7".repeat(64)).await.expect(201, "128 characters, no composition rules");

    let both = sign_up("nonsense", "short").await.problem(400, "all faults of a request at once");
    assert_eq!(both.faults(), ["email", "password"], "{}", both.text);
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let phone = server.sign_in(&ann).await;
    let change = |current: &str, new: &str| {
        server.post("/api/users/password", json!({"current": current, "new": new})).by(&ann)
    };
    change("not the password", NEW_PASSWORD).await.problem(401, "401 bad credentials");
    change(PASSWORD, "short").await.problem(400, "8 to 128 characters");
    change(PASSWORD, NEW_PASSWORD).await.expect(204, "POST /api/users/password | signed in | 204");

    server.get("/api/orders").by(&phone).await.problem(401, "ends the other sessions");
    server.get("/api/orders").by(&ann).await.expect(200, "but not this one");
    sign_in(&server, &ann, PASSWORD).await.problem(401, "the old password is none any more");
    sign_in(&server, &ann, NEW_PASSWORD).await.expect(200, "the new one is");
}

#[tokio::test]
async fn a_password_is_reset_by_a_one_time_token() {
    let mut server = Server::start().await;
    let ann = server.user("ann").await;
    let token = reset_token(&mut server, &ann.email).await;
    let reset = |token: &str, new: &str| {
        server.post("/api/users/password/reset", json!({"token": token, "new": new}))
    };
    reset("nonsense", NEW_PASSWORD).await.problem(401, "401 bad credentials");
    reset(&token, "short").await.problem(400, "8 to 128 characters");
    reset(&token, NEW_PASSWORD).await.expect(204, "POST /api/users/password/reset | anyone | 204");
    reset(&token, PASSWORD).await.problem(401, "one-time token");
    server
        .get("/api/orders")
        .by(&ann)
        .await
        .problem(401, "a reset ends the sessions of whoever knew the old password");
    sign_in(&server, &ann, NEW_PASSWORD).await.expect(200, "the new password");
}

#[tokio::test]
async fn programs_get_the_one_time_token_as_json() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let mut reset = command(&["users", "reset-password", &ann.email, "--json", "--data-dir"]);
    reset.arg(server.data_dir());
    let output = tokio::task::spawn_blocking(move || reset.output().expect("the command runs")).await;
    let output = output.expect("no panic");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((told["email"].as_str(), told["expiresInSeconds"].as_u64()), (Some(&*ann.email), Some(3600)));
    let body = json!({"token": told["token"], "new": NEW_PASSWORD});
    server.post("/api/users/password/reset", body).await.expect(204, "with that token");
}

#[tokio::test]
async fn the_command_line_says_when_there_is_no_such_user() {
    let mut server = Server::start().await;
    let output = reset_command(&mut server, "nobody@example.test").await;
    assert!(!output.status.success(), "users reset-password fails for an unknown address");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(complaint.contains("nobody@example.test"), "and names it: {complaint}");
}

/// Runs `boxoffice users reset-password` as an operator does and returns the token it prints.
async fn reset_token(server: &mut Server, email: &str) -> String {
    let output = reset_command(server, email).await;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "users reset-password: {complaint}");
    // 256 bits in URL-safe base64, whatever stands around them.
    let mut words = printed.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    words.find(|word| word.len() >= 40).unwrap_or_else(|| panic!("no token in {printed:?}")).to_owned()
}

async fn reset_command(server: &mut Server, email: &str) -> std::process::Output {
    let mut reset: Command = command(&["users", "reset-password", email, "--data-dir"]);
    reset.arg(server.data_dir());
    tokio::task::spawn_blocking(move || reset.output().expect("the command runs")).await.expect("no panic")
}

#[tokio::test]
async fn ten_failures_pause_the_account() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let rule = "after 10 failures in 15 minutes per account a growing pause";
    for _ in 0..10 {
        sign_in(&server, &ann, "not the password").await.problem(401, "the first ten are answered");
    }
    // The pauses double; a few failures on, one is longer than this test's next step.
    crate::support::eventually(rule, async || {
        let answer = sign_in(&server, &ann, "not the password").await;
        let wait: u64 = answer.header("retry-after").and_then(|wait| wait.parse().ok()).unwrap_or(0);
        if answer.status == 429 && wait >= 4 {
            Ok(())
        } else {
            Err(format!("{} after {wait}", answer.status))
        }
    })
    .await;
    let right = sign_in(&server, &ann, PASSWORD).await.problem(429, "the right password has to wait as well");
    assert!(right.header("retry-after").is_some(), "429 with Retry-After");
    sign_in(&server, &bob, PASSWORD).await.expect(200, "per account: nobody else has to wait");
    server.get("/api/orders").by(&ann).await.expect(200, "who is signed in stays so");
}

#[tokio::test]
async fn sign_ins_are_throttled_by_address() {
    let server = Server::start_with(&[("BOXOFFICE_AUTH_RATE_PER_MINUTE", "3")]).await;
    let mut statuses = Vec::new();
    for number in 0..5 {
        let answer = stranger(&server, &format!("u{number}")).await;
        if answer.status == 429 {
            let wait = answer.header("retry-after").unwrap_or_default().to_owned();
            assert!(wait.parse::<u64>().is_ok_and(|wait| wait > 0), "429 with Retry-After, not {wait:?}");
        }
        statuses.push(answer.status);
    }
    assert_eq!(
        statuses[..3],
        [401, 401, 401],
        "BOXOFFICE_AUTH_RATE_PER_MINUTE=3 lets three through: {statuses:?}"
    );
    assert_eq!(statuses[3..], [429, 429], "and no more: {statuses:?}");
    let sign_up = json!({"email": "new@example.test", "password": PASSWORD});
    server.post("/api/users/signup", sign_up).await.problem(429, "throttling of sign-in and sign-up");
    stranger(&server, "u")
        .header("x-forwarded-for", "203.0.113.9")
        .await
        .problem(429, "BOXOFFICE_TRUSTED_PROXY is none by default: a forwarded address is not believed");
    server.get("/api/tickets").await.expect(200, "throttling of sign-in and sign-up only");
}

#[tokio::test]
async fn a_trusted_proxy_says_who_calls() {
    let settings = [("BOXOFFICE_AUTH_RATE_PER_MINUTE", "1"), ("BOXOFFICE_TRUSTED_PROXY", "1")];
    let server = Server::start_with(&settings).await;
    let from = |forwarded: &str| stranger(&server, "u").header("x-forwarded-for", forwarded);
    from("203.0.113.1").await.problem(401, "the first of this address");
    from("203.0.113.1").await.problem(429, "the second of this address");
    from("203.0.113.2").await.problem(401, "another address");
    from("198.51.100.7, 203.0.113.2")
        .await
        .problem(429, "one hop: what a caller says of itself is not believed");
}

/// Somebody without an account tries to sign in.
fn stranger(server: &Server, name: &str) -> Call {
    server.post("/api/users/signin", json!({"email": format!("{name}@example.test"), "password": PASSWORD}))
}

async fn sign_in(server: &Server, user: &User, password: &str) -> Answer {
    server.post("/api/users/signin", json!({"email": user.email, "password": password})).await
}
