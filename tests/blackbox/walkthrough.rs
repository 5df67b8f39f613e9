//! The README's walk through a sale, run as it stands there.

use std::process::{Command, Stdio};

use crate::support::Server;

/// Where the README's reader finds the service.
const README_BASE: [&str; 2] = ["http://localhost:3000", "http://127.0.0.1:3000"];

#[tokio::test]
async fn the_walk_through_a_sale_in_the_readme_works() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).expect("there is a README.md");
    let script = walk(&readme).expect("README.md: a curl walk through a sale, in a code block of its own");
    assert!(
        README_BASE.iter().any(|base| script.contains(base)),
        "the walk goes to the default address:\n{script}"
    );

    let server = Server::start().await;
    let script = README_BASE.iter().fold(script, |script, base| script.replace(base, server.base()));
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(directory.path());
    bash.stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || bash.output()).await.expect("no panic");
    let output = output.expect("bash and curl are installed");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "the walk fails:\n{script}\n{printed}\n{complaint}");
    assert!(
        printed.contains("succeeded") || printed.contains("complete"),
        "it ends in a sale:\n{printed}\n{complaint}"
    );
    let lines = script.trim().lines().count();
    assert!(lines <= 5, "it is short: {lines} lines");
    let metrics = server.get("/metrics").await.text;
    assert!(metrics.contains("boxoffice_open_orders 0"), "the order is paid:\n{printed}");
}

/// The first code block that signs up and pays.
fn walk(readme: &str) -> Option<String> {
    let blocks = readme.split("\n```").skip(1).step_by(2);
    let block = blocks
        .into_iter()
        .find(|block| ["curl", "signup", "payments"].iter().all(|step| block.contains(step)))?;
    let (_language, script) = block.split_once('\n')?;
    Some(script.to_owned())
}
