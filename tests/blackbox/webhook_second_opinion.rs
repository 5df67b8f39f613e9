//! What the official library of Standard Webhooks makes of what is sent. `scripts/webhooks-second-opinion` installs it and
//! runs this.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use boxoffice_chaos::receiver::{Received, Receiver};
use serde_json::{Value, json};

use crate::support::{Server, User, eventually};
use crate::webhook_endpoints::{hook, sending_here};

/// Where the Python is that has it.
const PYTHON: &str = "BOXOFFICE_WEBHOOKS_PYTHON";

/// Asks the library, line by line.
fn opinions(questions: &[Value]) -> Vec<String> {
    let python = std::env::var(PYTHON).unwrap_or_else(|_| panic!("{PYTHON} is set by the script"));
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/blackbox/verify_webhooks.py");
    let mut child = Command::new(python)
        .arg("-B")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    for question in questions {
        writeln!(stdin, "{question}").expect("it listens");
    }
    drop(stdin);
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let said = lines.map(|line| line.expect("it is UTF-8")).collect();
    assert!(child.wait().expect("it ends").success());
    said
}

fn question(received: &Received, secret: &str) -> Value {
    let body = String::from_utf8(received.body.clone()).expect("JSON is UTF-8");
    json!({"secret": secret, "headers": received.headers, "body": body})
}

async fn received(server: &Server, seller: &User, receiver: &Receiver) -> Received {
    let before = receiver.received("/a").len();
    server.ticket_titled(seller, "Zoë & the 🎟 \"band\"").await;
    eventually("it comes", async || {
        receiver.received("/a").get(before).cloned().ok_or_else(|| "nothing came".to_owned())
    })
    .await
}

#[tokio::test]
#[ignore = "needs a Python library: scripts/webhooks-second-opinion"]
async fn the_official_library_of_standard_webhooks_takes_what_is_sent_and_no_changed_byte() {
    let (server, receiver) = (sending_here().await, Receiver::start().await.expect("a port"));
    let ann = server.user("ann").await;
    let made = hook(&server, &ann, &receiver.url("/a"), &[]).await;
    let secret = made.string("secret");
    let path = format!("/api/webhooks/{}/rotate-secret", made.string("id"));
    let first = received(&server, &ann, &receiver).await;
    let rotated = server.post(&path, json!({})).by(&ann).await;
    let new_secret =
        rotated.expect(200, "POST /api/webhooks/{id}/rotate-secret | owner | 200").string("secret");
    assert_ne!(new_secret, secret);
    // The worker looks once a second.
    let second = eventually("it signs with both", async || {
        let next = received(&server, &ann, &receiver).await;
        let both = next.header("webhook-signature").split(' ').count() == 2;
        if both { Ok(next) } else { Err("it signs with one".to_owned()) }
    })
    .await;
    let mut questions = vec![
        question(&first, &secret),
        question(&second, &secret),
        question(&second, &new_secret),
        question(&first, &new_secret),
    ];
    let changed = |change: &dyn Fn(&mut Received)| {
        let mut received = first.clone();
        change(&mut received);
        question(&received, &secret)
    };
    // Each byte of the body would do; these are all kinds of them.
    for place in [0, 1, first.body.len() / 2, first.body.len() - 1] {
        questions.push(changed(&|it| {
            it.body[place] = if it.body[place] == b'x' { b'y' } else { b'x' };
            it.body = String::from_utf8_lossy(&it.body).into_owned().into_bytes();
        }));
    }
    questions.push(changed(&|it| it.body.push(b' ')));
    for header in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        questions.push(changed(&|it| {
            let value = it.headers.get_mut(header).expect("it is sent");
            let last = value.pop().expect("it is not empty");
            value.push(if last == '1' { '2' } else { '1' });
        }));
    }
    let said = opinions(&questions);
    assert_eq!(said.len(), questions.len(), "{said:?}");
    assert_eq!(said[..3], ["ok", "ok", "ok"], "{said:?}");
    assert!(said[3..].iter().all(|said| said == "refused"), "{said:?}");
}
