//! Running it: health, metrics, documents, and the command line.

use std::path::Path;
use std::process::Output;

use boxoffice_raft::LastEntry;
use redb::{Database, TableDefinition};
use reqwest::Method;
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
async fn metrics_are_not_for_those_outside_a_trusted_proxy() {
    for (trusted, header) in [("fly", "fly-client-ip"), ("1", "x-forwarded-for")] {
        let server = Server::start_with(&[("BOXOFFICE_TRUSTED_PROXY", trusted)]).await;
        server.get("/metrics").await.expect(200, "asked of the replica itself");
        server.get("/metrics").header(header, "203.0.113.1").await.problem(404, "through the proxy");
        server.get("/readyz").header(header, "203.0.113.1").await.expect(200, "the rest is");
    }
    let server = Server::start().await;
    server.get("/metrics").header("x-forwarded-for", "203.0.113.1").await.expect(200, "no proxy is trusted");
}

#[tokio::test]
async fn metrics_tell_what_happens() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    server.order(&bob, &ticket).await;
    server.get("/api/tickets/nonsense").await.problem(404, "missing");
    let answer = server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200");
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(openmetrics), "Prometheus metrics");
    let metrics = answer.text;
    assert!(metrics.ends_with("# EOF\n"), "as that format has it:\n{metrics}");
    let value = |name: &str| {
        let line = metrics.lines().find(|line| !line.starts_with('#') && line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("{name} is missing in:\n{metrics}"));
        line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok()).expect("a number")
    };
    assert_eq!(value("boxoffice_open_orders"), 1.0, "open orders");
    assert!(value("boxoffice_log_index") >= value("boxoffice_applied_index"), "log and applied index");
    assert!(value("boxoffice_applied_index") > 0.0);
    assert_eq!(value("boxoffice_passwords_hashed_total"), 2.0, "two sign-ups");
    for name in ["connections_accepted", "connections_full", "connections_cut_off", "accept_errors"] {
        value(&format!("boxoffice_{name}_total"));
        assert!(metrics.contains(&format!("# TYPE boxoffice_{name} counter\n")), "{name} only grows");
    }
    assert!(value("boxoffice_connections_accepted_total") >= value("boxoffice_open_connections"));
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
    let answer = server.get("/docs").await.expect(200, "GET /docs | anyone | 200");
    let tag = answer.header("etag").expect("a tag, for it is large").to_owned();
    let again = server.get("/docs").header("if-none-match", &tag).await.expect(304, "nothing new");
    assert_eq!((again.text.as_str(), again.header("cache-control")), ("", Some("no-cache")));
    let page = answer.text;
    let packed = server.call(Method::HEAD, "/docs").header("accept-encoding", "gzip").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let length: usize = packed.header("content-length").expect("a length").parse().expect("a number");
    assert!(length * 2 < page.len(), "{length} of {}", page.len());
    assert!(page.contains("swagger"), "/docs is Swagger UI");
    assert!(page.contains("<title>Boxoffice API</title>"), "and says whose");
    assert!(page.contains(r#"<link rel="icon" href="data:,">"#), "no browser asks for an icon");
    let root = server.get("/").await.expect(200, "a newcomer finds the shop").text;
    assert!(root.contains("href=\"/docs\""), "and from there the documentation");
    for attribute in ["src=\"http", "href=\"http", "src='http", "href='http", "src=\"//", "href=\"//"] {
        assert!(!page.contains(attribute), "assets embedded, no CDN: {attribute} in /docs");
    }
    let (_, rest) = page.split_once("/openapi").unwrap_or(("", ""));
    assert!(!rest.is_empty() || page.contains("\"openapi\""), "the page knows its document");
}

#[tokio::test]
async fn https_with_a_certificate_of_ones_own() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let file = |name: &str, text: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("it can be written");
        path.display().to_string()
    };
    let (cert, key) = (file("cert.pem", made.cert.pem()), file("key.pem", made.signing_key.serialize_pem()));
    let settings = [
        ("BOXOFFICE_LISTEN", "0.0.0.0:0"),
        ("BOXOFFICE_TLS_CERT", cert.as_str()),
        ("BOXOFFICE_TLS_KEY", key.as_str()),
    ];
    let server = Server::start_with_root(&settings, &made.cert.pem()).await;
    assert!(server.base().starts_with("https://localhost:"), "it says where to go: {}", server.base());
    let ann = server.user("ann").await;
    let orders = server.get("/api/orders").by(&ann).await.expect(200, "everything as without TLS");
    assert_eq!(orders.header("strict-transport-security"), Some("max-age=63072000"), "and to stay so");
    let plain = server.base().replace("https://", "http://");
    reqwest::get(format!("{plain}/healthz")).await.expect_err("and nothing without it");
}

#[tokio::test]
async fn all_addresses_are_printed_as_one_to_go_to() {
    let server = Server::start_with(&[("BOXOFFICE_LISTEN", "0.0.0.0:0")]).await;
    assert!(server.base().starts_with("http://localhost:"), "0.0.0.0 is none to go to: {}", server.base());
    server.get("/").await.expect(200, "and one arrives");
}

#[tokio::test]
async fn a_log_in_a_file_has_no_colours() {
    let server = Server::start().await;
    let log = server.log();
    assert!(log.contains("WARN") && !log.contains('\u{1b}'), "colours are for terminals: {log:?}");
}

#[test]
fn help_explains_every_command() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in ["serve", "openapi", "users", "keys", "sales", "verify"] {
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
    assert!(counted.ends_with("Everything holds.\n"), "{counted}");
    assert!(counted.contains("sandbox charges        1\n"), "the gateway's books too: {counted}");
    let inspection = boxoffice_raft::inspect(server.data_dir()).expect("whole");
    let LastEntry { term, index } = inspection.last_entry.expect("orders were written");
    assert_eq!(Some(index), inspection.applied_index, "stopped in order");
    drop(inspection);
    let last = format!("last log entry         term {term}, index {index}\n");
    assert!(term > 0 && counted.contains(&last), "who goes furthest can be told: {counted}");
    forget_the_sandboxes_books(&server.data_dir());
    let verified = verify(&server.data_dir());
    let (told, counted) =
        (String::from_utf8_lossy(&verified.stderr), String::from_utf8_lossy(&verified.stdout));
    assert!(
        told.contains("1 payments were charged and the sandbox knows 0 of them"),
        "compares them: {told}"
    );
    assert!(!verified.status.success() && !counted.contains("Everything holds"), "{counted}");
    let for_programs = command(&["verify", "--json"]).arg(server.data_dir()).output().expect("it runs");
    let found: Value = serde_json::from_slice(&for_programs.stdout).expect("one JSON object");
    assert_eq!((for_programs.status.code(), &found["isSound"]), (Some(1), &Value::Bool(false)), "{found}");
    assert_eq!(
        found["violationsFound"].as_u64(),
        Some(found["violations"].as_array().map_or(0, Vec::len) as u64)
    );
    assert!(found["violations"][0].as_str().is_some_and(|line| told.contains(line)), "{found}");
    let line = String::from_utf8_lossy(&for_programs.stderr).into_owned();
    assert!(line.lines().count() == 1 && line.contains("do not hold"), "{line}");
    let nothing = tempfile::tempdir().expect("a temporary directory");
    assert!(!verify(nothing.path()).status.success(), "an empty directory is no store");
    assert_eq!(std::fs::read_dir(nothing.path()).expect("readable").count(), 0, "and stays empty");
}

/// Damages a stopped store: nobody knows any more what was charged.
fn forget_the_sandboxes_books(data_dir: &Path) {
    let table: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("sandbox_books");
    let state = Database::open(data_dir.join("state.redb")).expect("nobody has it open");
    let txn = state.begin_write().expect("write");
    assert!(txn.delete_table(table).expect("delete"), "there were books");
    txn.commit().expect("commit");
}

fn verify(path: &Path) -> Output {
    command(&["verify"]).arg(path).output().expect("the command runs")
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the command runs")
}
