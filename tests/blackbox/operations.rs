//! Running it: health, metrics, documents, settings, and the command line.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::{Server, command};

#[tokio::test]
async fn health_metrics_and_documents_are_for_anyone() {
    let server = Server::start().await;
    server.get("/healthz").await.expect(200, "GET /healthz | anyone | 200");
    server.get("/readyz").await.expect(200, "GET /readyz | anyone | 200");
    let yaml = server.get("/openapi.yaml").await.expect(200, "GET /openapi.yaml | anyone | 200");
    assert!(yaml.text.contains("/api/tickets"), "the document in YAML");
    server.get("/.well-known/jwks.json").await.expect(200, "the public ones at /.well-known/jwks.json");
}

#[tokio::test]
async fn metrics_tell_what_happens() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    server.order(&bob, &ticket).await;
    server.get("/api/tickets/nonsense").await.problem(404, "missing");
    let metrics = server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
    let value = |name: &str| {
        let line = metrics.lines().find(|line| !line.starts_with('#') && line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("{name} is missing in:\n{metrics}"));
        line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok()).expect("a number")
    };
    assert_eq!(value("boxoffice_open_orders"), 1.0, "open orders");
    assert!(value("boxoffice_log_index") >= value("boxoffice_applied_index"), "log and applied index");
    assert!(value("boxoffice_applied_index") > 0.0);
    for name in ["log_sync_seconds", "apply_seconds", "expiry_lateness_seconds"] {
        assert!(metrics.contains(&format!("boxoffice_{name}_bucket")), "{name} as a histogram:\n{metrics}");
    }
    let not_found =
        metrics.lines().any(|line| line.starts_with("boxoffice_requests_total") && line.contains("404"));
    assert!(not_found, "requests by operation and status:\n{metrics}");
    assert!(!metrics.contains(&ticket) && !metrics.contains("nonsense"), "labels are operations, not paths");
}

#[tokio::test]
async fn the_document_is_what_the_command_prints() {
    let server = Server::start().await;
    let served = server.get("/openapi.json").await.expect(200, "GET /openapi.json | anyone | 200");
    let printed = run(&["openapi"]);
    assert!(printed.status.success(), "`boxoffice openapi`");
    let printed: Value = serde_json::from_slice(&printed.stdout).expect("`boxoffice openapi` prints JSON");
    let without_servers = |mut document: Value| {
        // Where a document was served from is the one thing that may differ.
        document.as_object_mut().expect("an object").remove("servers");
        document
    };
    assert_eq!(without_servers(served.body), without_servers(printed));
}

#[tokio::test]
async fn the_documentation_needs_no_other_server() {
    let server = Server::start().await;
    let page = server.get("/docs").await.expect(200, "GET /docs | anyone | 200").text;
    assert!(page.contains("swagger"), "/docs is Swagger UI");
    for attribute in ["src=\"http", "href=\"http", "src='http", "href='http", "src=\"//", "href=\"//"] {
        assert!(!page.contains(attribute), "assets embedded, no CDN: {attribute} in /docs");
    }
    let (_, rest) = page.split_once("/openapi").unwrap_or(("", ""));
    assert!(!rest.is_empty() || page.contains("\"openapi\""), "the page knows its document");
}

#[tokio::test]
async fn one_process_for_each_data_directory() {
    let server = Server::start().await;
    let data_dir = server.data_dir();
    let mut second = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    second.arg(&data_dir);
    let second = tokio::task::spawn_blocking(move || second.output().expect("the command runs"))
        .await
        .expect("no panic");
    one_line_naming(&second, &data_dir.display().to_string());
    server.get("/readyz").await.expect(200, "the first is none the worse for it");
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_line_that_names_it() {
    let cases = [
        ("BOXOFFICE_PAYMENT_WINDOW", "soon"),
        ("BOXOFFICE_PAYMENT_WINDOW", "0s"),
        ("BOXOFFICE_PAYMENT_GRACE", "-1m"),
        ("BOXOFFICE_SESSION_TTL", "7 moons"),
        ("BOXOFFICE_AUTH_RATE_PER_MINUTE", "many"),
        ("BOXOFFICE_TRUSTED_PROXY", "everyone"),
        ("BOXOFFICE_CORS_ORIGINS", "app.example"),
        ("BOXOFFICE_CURRENCY", "dollars"),
        ("BOXOFFICE_CLUSTER_SECRET", "short"),
        ("BOXOFFICE_LISTEN", "nowhere"),
        ("BOXOFFICE_TLS_CERT", "/nonexistent.pem"),
    ];
    let mut faults = Vec::new();
    for (name, value) in cases {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut serve = command(&["serve", "--data-dir"]);
        serve.arg(directory.path().join("data")).env("BOXOFFICE_LISTEN", "127.0.0.1:0").env(name, value);
        faults.extend(complaint_of(&serve.output().expect("the command runs"), name).err());
    }
    assert!(
        faults.is_empty(),
        "a wrong setting stops the start with one line that names it:\n{}",
        faults.join("\n")
    );
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let serve = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", "/proc/no/such/place"]);
    one_line_naming(&serve, "/proc/no/such/place");
}

#[test]
fn help_explains_every_command() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in ["serve", "openapi", "users", "verify"] {
        assert!(help.contains(word), "--help names {word}:\n{help}");
    }
    let serve = run(&["serve", "--help"]);
    let serve = String::from_utf8_lossy(&serve.stdout).into_owned();
    for word in ["--data-dir", "--listen", "BOXOFFICE_PAYMENT_WINDOW", "15m", "BOXOFFICE_CLUSTER_SECRET"] {
        assert!(serve.contains(word), "serve --help names {word}:\n{serve}");
    }
}

#[tokio::test]
async fn verify_counts_a_stopped_store_and_refuses_others() {
    let mut server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    server.pay(&bob, &order).await;
    assert!(!verify(&server.data_dir()).status.success(), "`boxoffice verify PATH` is for a stopped store");
    server.terminate();
    server.exit().await;
    let verified = verify(&server.data_dir());
    let counted = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    for noun in ["users", "tickets", "orders", "payments"] {
        assert!(counted.contains(noun), "prints what it counted: {counted}");
    }
    let nothing = tempfile::tempdir().expect("a temporary directory");
    assert!(!verify(nothing.path()).status.success(), "an empty directory is no store");
    assert_eq!(std::fs::read_dir(nothing.path()).expect("readable").count(), 0, "and stays empty");
}

fn verify(path: &Path) -> Output {
    command(&["verify"]).arg(path).output().expect("the command runs")
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the command runs")
}

/// Holds a failed start to saying why in one line.
#[track_caller]
fn one_line_naming(output: &Output, name: &str) {
    if let Err(fault) = complaint_of(output, name) {
        panic!("a wrong setting stops the start with one line that names it: {fault}");
    }
}

fn complaint_of(output: &Output, name: &str) -> Result<(), String> {
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let served = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = complaint.lines().filter(|line| !line.trim().is_empty()).collect();
    // Whoever set the variable knows the flag by it.
    let flag = format!("--{}", name.trim_start_matches("BOXOFFICE_").to_ascii_lowercase().replace('_', "-"));
    if output.status.success() {
        Err(format!("{name} does not stop the start"))
    } else if lines.len() != 1 {
        Err(format!("{name} is complained of in {} lines: {complaint}", lines.len()))
    } else if !lines[0].contains(name) && !lines[0].contains(&flag) {
        Err(format!("{name} is not named: {complaint}"))
    } else if !served.is_empty() {
        Err(format!("{name} is found out only after the service said where it is: {served}"))
    } else {
        Ok(())
    }
}
