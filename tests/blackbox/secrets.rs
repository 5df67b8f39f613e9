//! Tokens that are none, and what a stolen copy of the data does not hold.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::hmac;
use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, User, command};

#[tokio::test]
async fn the_public_keys_are_public_and_verify_tokens() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let keys =
        server.get("/.well-known/jwks.json").await.expect(200, "the public ones at /.well-known/jwks.json");
    let keys = keys["keys"].as_array().expect("a JWK set has keys").clone();
    let (header, _, _) = parts(&ann.token);
    assert_eq!(header["alg"], "EdDSA", "tokens are JWTs (EdDSA)");
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("the token's key is among them");
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert!(keys.iter().all(|key| key.get("d").is_none()), "the public ones only: {keys:?}");

    let public = BASE64.decode(key["x"].as_str().expect("x")).expect("base64url");
    let (signed, signature) = ann.token.rsplit_once('.').expect("a JWT has three parts");
    let signature = BASE64.decode(signature).expect("base64url");
    let verifier = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, public);
    verifier.verify(signed.as_bytes(), &signature).expect("anyone can verify a token with the published key");
}

#[tokio::test]
async fn forged_tokens_sign_nobody_in() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let (header, claims, signature) = parts(&ann.token);
    let kid = header["kid"].clone();
    let keys = server.get("/.well-known/jwks.json").await;
    let public = keys["keys"][0]["x"].as_str().expect("x").to_owned();
    let public = BASE64.decode(public).expect("base64url");
    let mut later = claims.clone();
    later["exp"] = json!(4_000_000_000_u64);

    let none = |alg: &str| format!("{}.", unsigned(&json!({"alg": alg, "typ": "JWT", "kid": kid}), &claims));
    let hmac = |key: &[u8]| {
        let text = unsigned(&json!({"alg": "HS256", "typ": "JWT", "kid": kid}), &claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        format!("{text}.{}", BASE64.encode(tag))
    };
    let own_key = |header: Value| {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("any seed makes a key");
        let text = unsigned(&header, &claims);
        let signature = BASE64.encode(pair.sign(text.as_bytes()));
        format!("{text}.{signature}")
    };
    let forged = [
        ("alg: none", none("none")),
        ("alg: none, written otherwise", none("NoNe")),
        ("no signature", none("EdDSA")),
        ("another algorithm, keyed with the public key", hmac(&public)),
        ("a foreign key under the right key id", own_key(header.clone())),
        ("a foreign key id", own_key(json!({"alg": "EdDSA", "typ": "JWT", "kid": "foreign"}))),
        ("no key id", own_key(json!({"alg": "EdDSA", "typ": "JWT"}))),
        ("changed claims", format!("{}.{signature}", unsigned(&header, &later))),
        ("a cut signature", ann.token[..ann.token.len() - 4].to_owned()),
        ("an empty token", String::new()),
    ];
    for (what, token) in forged {
        let read = server.get("/api/orders").bearer(&token).await;
        read.problem(401, &format!("{what}: not signed in"));
        let posted = server.post("/api/tickets", json!({"title": "Forged", "price": 1})).bearer(&token).await;
        posted.problem(401, &format!("{what}: not signed in"));
        let current =
            server.get("/api/users/currentuser").header("cookie", &format!("session={token}")).await;
        assert_eq!(current.expect(200, "never 401").body, json!({"currentUser": null}), "{what}");
    }
    server.get("/api/orders").by(&ann).await.expect(200, "the token itself is fine");
}

#[tokio::test]
async fn tokens_survive_restarts_and_other_clusters_refuse_them() {
    let mut server = Server::start().await;
    let ann: User = server.user("ann").await;
    server.kill();
    server.restart().await;
    server.get("/api/orders").by(&ann).await.expect(200, "the keys are kept in the replicated state");
    let other = Server::start().await;
    other.get("/api/orders").by(&ann).await.problem(401, "a foreign key id: not signed in");
}

#[tokio::test]
async fn the_data_holds_no_secret_in_the_clear() {
    const SECRET: &str = "a-cluster-secret-of-the-tests";
    let mut server = Server::start_with(&[("BOXOFFICE_CLUSTER_SECRET", SECRET)]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    server.pay(&bob, &order).await;
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    let signature = ann.token.rsplit('.').next().expect("a JWT has three parts");
    let secrets = [("a password", PASSWORD), ("a token", signature), ("the cluster secret", SECRET)];
    let files = files_of(&server.data_dir());
    assert!(!files.is_empty(), "there is data");
    for (path, bytes) in &files {
        for (what, secret) in secrets {
            assert!(!contains(bytes, secret.as_bytes()), "{} holds {what} in the clear", path.display());
        }
        // How PKCS #8 wraps an Ed25519 key, in its two versions.
        for version in [0x00, 0x01] {
            let pkcs8 =
                [0x02, 0x01, version, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
            assert!(!contains(bytes, &pkcs8), "{} holds a signing key in the clear", path.display());
        }
    }
    let log = server.log();
    for (what, secret) in secrets {
        assert!(!log.contains(secret), "the log holds {what}");
    }
    assert!(!log.contains("tok_visa"), "the log holds a card token");

    let mut wrong = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    wrong.arg(server.data_dir()).env("BOXOFFICE_CLUSTER_SECRET", "another-secret-than-before");
    let wrong = tokio::task::spawn_blocking(move || wrong.output().expect("the command runs"))
        .await
        .expect("no panic");
    let complaint = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success(), "with another secret the keys cannot be opened");
    assert!(
        complaint.contains("BOXOFFICE_CLUSTER_SECRET"),
        "a wrong setting … one line that names it: {complaint}"
    );
}

#[tokio::test]
async fn the_secret_is_changed_and_nobody_is_signed_out() {
    const SECRET: &str = "a-cluster-secret-of-the-tests";
    const NEXT: &str = "the-next-secret-of-the-tests";
    let mut server = Server::start_with(&[("BOXOFFICE_CLUSTER_SECRET", SECRET)]).await;
    let ann = server.user("ann").await;
    for (secret, also) in [(SECRET, Some(NEXT)), (NEXT, Some(SECRET)), (NEXT, None)] {
        if also.is_none() {
            let mut rotate = command(&["signing-keys", "rotate", "--data-dir"]);
            rotate.arg(server.data_dir());
            let rotated =
                tokio::task::spawn_blocking(move || rotate.output().expect("the command runs")).await;
            assert!(rotated.expect("no panic").status.success(), "boxoffice signing-keys rotate");
        }
        server.terminate();
        assert!(server.exit().await.success(), "SIGTERM: exit 0");
        server.set("BOXOFFICE_CLUSTER_SECRET", Some(secret));
        server.set("BOXOFFICE_CLUSTER_SECRET_ALSO", also);
        server.restart().await;
        server.get("/api/orders").by(&ann).await.expect(200, "tokens stay good");
        let again = server.sign_in(&ann).await;
        server.get("/api/orders").by(&again).await.expect(200, "and new ones are good");
    }
    assert!(server.log().contains("this key's tokens are good, and it signs no more"));
}

#[tokio::test]
async fn json_logs_are_json_and_hold_no_secret() {
    const SECRET: &str = "a-cluster-secret-of-the-tests";
    let mut server = Server::start_with(&[
        ("BOXOFFICE_CLUSTER_SECRET", SECRET),
        ("BOXOFFICE_LOG_FORMAT", "json"),
        ("BOXOFFICE_LOG", "debug"),
    ])
    .await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let again = server.sign_in(&bob).await;
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    server.pay(&again, &order).await;
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    let log = server.log();
    let mut messages = Vec::new();
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for member in ["timestamp", "level", "message"] {
            assert!(event[member].is_string(), "{member} of {line}");
        }
        assert!(event.get("span").is_none(), "spans are listed once: {line}");
        messages.push(event["message"].as_str().unwrap_or_default().to_owned());
    }
    for message in ["ready", "answered", "stopping", "stopped"] {
        assert!(messages.iter().any(|logged| logged == message), "{message:?} is logged");
    }
    let tokens = [&ann, &bob, &again].map(|user| user.token.rsplit('.').next().expect("three parts"));
    for secret in [PASSWORD, SECRET, "tok_visa", "$argon2"].iter().chain(&tokens) {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

#[tokio::test]
async fn a_new_signing_key_joins_the_old_one() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let keys =
        async || server.get("/.well-known/jwks.json").await["keys"].as_array().cloned().expect("a list");
    let before = keys().await;
    let mut rotate = command(&["signing-keys", "rotate", "--json", "--data-dir"]);
    rotate.arg(server.data_dir());
    let rotated = tokio::task::spawn_blocking(move || rotate.output().expect("the command runs")).await;
    let rotated = rotated.expect("no panic");
    assert!(rotated.status.success(), "boxoffice signing-keys rotate");
    let told: serde_json::Value = serde_json::from_slice(&rotated.stdout).expect("JSON");
    assert!(told["done"].as_str().is_some_and(|done| done.contains("new key")), "{told}");
    let after = keys().await;
    assert_eq!((before.len(), after.len()), (1, 2), "the public keys, old and new");
    assert!(after.contains(&before[0]), "the old one still verifies");
    server.get("/api/orders").by(&ann).await.expect(200, "tokens of the old key stay good");
    let again = server.sign_in(&ann).await;
    server.get("/api/orders").by(&again).await.expect(200, "and new ones are good at once");
    let nobody = command(&["signing-keys", "rotate", "--data-dir", "/nonexistent"]).output();
    let nobody = nobody.expect("the command runs");
    let complaint = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(!nobody.status.success() && complaint.contains("no service runs on /nonexistent"), "{complaint}");
}

#[tokio::test]
async fn a_secret_made_beside_the_data_is_its_owners_only() {
    let server = Server::start().await;
    let made = server.data_dir().join("cluster.secret");
    let mode = std::fs::metadata(&made).expect("made beside the data").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "one made beside the data with mode 0600");
}

/// Header and claims of a token, and its signature as it stands.
fn parts(token: &str) -> (Value, Value, String) {
    let mut parts = token.split('.');
    let mut json = || {
        let part = BASE64.decode(parts.next().expect("a JWT has three parts")).expect("base64url");
        serde_json::from_slice(&part).expect("JSON")
    };
    let (header, claims) = (json(), json());
    (header, claims, parts.next().expect("a JWT has three parts").to_owned())
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

fn files_of(directory: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_of(&path));
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("a readable file");
            files.push((path, bytes));
        }
    }
    files
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
