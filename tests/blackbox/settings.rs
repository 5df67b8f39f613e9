//! Settings: what is refused, and in which words.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::{Server, command, eventually};

/// Runs `serve` with one variable set, which should stop it.
fn serve_with(name: &str, value: impl AsRef<OsStr>) -> Output {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut serve = command(&["serve", "--data-dir"]);
    serve.arg(directory.path().join("data")).env("BOXOFFICE_LISTEN", "127.0.0.1:0").env(name, value);
    serve.output().expect("the command runs")
}

/// What a command line is answered that does not even make sense.
fn complaint(arguments: &[&str]) -> String {
    let output = command(arguments).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(text.lines().count(), 1, "{arguments:?} is complained of in one line: {text}");
    text.trim_end().to_owned()
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_line_that_names_it() {
    let cases = [
        ("BOXOFFICE_PAYMENT_WINDOW", "soon"),
        ("BOXOFFICE_PAYMENT_WINDOW", "0s"),
        ("BOXOFFICE_PAYMENT_WINDOW", "1m\n\nor so"),
        ("BOXOFFICE_PAYMENT_GRACE", "-1m"),
        ("BOXOFFICE_SESSION_TTL", "7 moons"),
        ("BOXOFFICE_SESSION_TTL", "100000000000y"),
        ("BOXOFFICE_SESSION_TTL", "2y"),
        ("BOXOFFICE_DRAIN_TIMEOUT", "100000000000y"),
        ("BOXOFFICE_AUTH_RATE_PER_MINUTE", "many"),
        ("BOXOFFICE_MAX_CONNECTIONS", "0"),
        ("BOXOFFICE_LOG_MAX_BYTES", "many"),
        ("BOXOFFICE_LOG_MAX_BYTES", "1000"),
        ("BOXOFFICE_TRUSTED_PROXY", "everyone"),
        ("BOXOFFICE_CORS_ORIGINS", "app.example"),
        ("BOXOFFICE_CURRENCY", "dollars"),
        ("BOXOFFICE_CURRENCY", "zzz"),
        ("BOXOFFICE_CURRENCY", "jpy"),
        ("BOXOFFICE_CLUSTER_SECRET", "short"),
        ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_alone"),
        ("BOXOFFICE_STRIPE_SECRET_KEY", "pk_test_another"),
        ("BOXOFFICE_STRIPE_SECRET_KEY_FILE", "/nonexistent"),
        ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", "secret"),
        ("BOXOFFICE_STRIPE_WEBHOOK_SECRET_ALSO", "whsec_alone"),
        ("BOXOFFICE_STRIPE_API_BASE", "http://stripe.example"),
        ("BOXOFFICE_LISTEN", "nowhere"),
        ("BOXOFFICE_LISTEN", "3000"),
        ("BOXOFFICE_LOG", "loud"),
        ("BOXOFFICE_LOG", "info,openraft"),
        ("BOXOFFICE_LOG", "boxoffice=loud"),
        ("BOXOFFICE_LOG_FORMAT", "xml"),
        ("BOXOFFICE_LOG_FORMAT", ""),
        ("BOXOFFICE_TLS_CERT", "/nonexistent.pem"),
    ];
    let faults: Vec<String> =
        cases.iter().filter_map(|(name, value)| fault_of(&serve_with(name, value), name).err()).collect();
    assert!(
        faults.is_empty(),
        "a wrong setting stops the start with one line that names it:\n{}",
        faults.join("\n")
    );
}

#[test]
fn what_is_not_utf8_is_named_and_not_shown() {
    let output = serve_with("BOXOFFICE_CLUSTER_SECRET", OsStr::from_bytes(b"sixteen bytes ok \xff"));
    one_line_naming(&output, "BOXOFFICE_CLUSTER_SECRET");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("sixteen"), "a secret is never shown");
}

#[test]
fn a_wrong_command_line_is_explained_in_one_line() {
    for (arguments, line) in [
        (&["verify"][..], "boxoffice: <PATH> is missing: boxoffice verify <PATH>"),
        (
            &["users", "reset-password"],
            "boxoffice: <EMAIL> is missing: boxoffice users reset-password <EMAIL>",
        ),
        (
            &["serve", "--log-format", "xml"],
            "boxoffice: invalid value \"xml\" for --log-format (BOXOFFICE_LOG_FORMAT): it must be human or json",
        ),
        (
            &["serve", "--log-format"],
            "boxoffice: --log-format (BOXOFFICE_LOG_FORMAT) needs a value: human or json",
        ),
        (
            &["serve", "--payment-window", "a\nb"],
            "boxoffice: invalid value \"a\\nb\" for --payment-window (BOXOFFICE_PAYMENT_WINDOW): \
             not a duration such as 90s, 15m or 7d",
        ),
        (
            &["serve", "--payment-grace", "-1s"],
            "boxoffice: invalid value \"-1s\" for --payment-grace (BOXOFFICE_PAYMENT_GRACE): \
             not a duration such as 90s, 15m or 7d",
        ),
        (
            &["serve", "--auth-rate-per-minute", "-1"],
            "boxoffice: invalid value \"-1\" for --auth-rate-per-minute (BOXOFFICE_AUTH_RATE_PER_MINUTE): \
             -1 is not in 0..=4294967295",
        ),
        (&["serve", "--no\nsuch"], "boxoffice: unexpected argument '--no such' found"),
        (
            &["serve", "--listen", "127.0.0.1:1", "--listen", "127.0.0.1:2"],
            "boxoffice: the argument '--listen <ADDRESS>' cannot be used multiple times",
        ),
        (&["sell"], "boxoffice: unrecognized subcommand 'sell'"),
    ] {
        assert_eq!(complaint(arguments), line);
    }
}

#[tokio::test]
async fn an_empty_filter_is_the_default_and_unknown_variables_are_named() {
    let server = Server::start_with(&[("BOXOFFICE_LOG", ""), ("BOXOFFICE_PAYMENT_WINDW", "1m")]).await;
    let log = eventually("an empty filter counts as none", async || {
        let log = server.log();
        if log.contains("ready") { Ok(log) } else { Err(log) }
    })
    .await;
    let warned = log.lines().any(|line| {
        line.contains("WARN")
            && line.contains("\"BOXOFFICE_PAYMENT_WINDW\"")
            && line.contains("\"BOXOFFICE_PAYMENT_WINDOW\"")
    });
    assert!(warned, "an unknown variable is named, with the one that was meant:\n{log}");
    assert!(!log.contains("BOXOFFICE_AUTH_RATE"), "known ones are not:\n{log}");
}

#[tokio::test]
async fn a_name_is_listened_on_like_an_address() {
    let server = Server::start_with(&[]).await;
    let second = tempfile::tempdir().expect("a temporary directory");
    let port = server.authority().rsplit(':').next().expect("a port");
    let mut serve = command(&["serve", "--listen", &format!("localhost:{port}"), "--data-dir"]);
    let output = serve.arg(second.path()).output().expect("the command runs");
    one_line_naming(&output, &format!("cannot listen on 127.0.0.1:{port}"));
}

#[tokio::test]
async fn a_lost_secret_is_missed_and_not_replaced() {
    for settings in [&[][..], &[("BOXOFFICE_CLUSTER_SECRET", "a secret that is long enough")]] {
        let mut server = Server::start_with(settings).await;
        server.terminate();
        server.exit().await;
        let secret = server.data_dir().join("cluster.secret");
        let kept = std::fs::read(&secret);
        if kept.is_ok() {
            std::fs::remove_file(&secret).expect("it can be removed");
        }
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
        let output = serve.arg(server.data_dir()).output().expect("the command runs");
        one_line_naming(&output, "cluster.secret is missing and BOXOFFICE_CLUSTER_SECRET is not set");
        assert!(!secret.exists(), "another one would open nothing");
        if let Ok(kept) = kept {
            restore(&secret, &kept);
        }
        server.restart().await;
    }
}

fn restore(path: &Path, secret: &[u8]) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path);
    file.expect("it can be made").write_all(secret).expect("it can be written");
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let serve = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir", "/proc/no/such/place"]).output();
    one_line_naming(&serve.expect("the command runs"), "/proc/no/such/place");
}

#[test]
fn what_in_the_data_directory_stops_the_start_is_named() {
    let serve = |data_dir: &Path| {
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--log", "off", "--data-dir"]);
        serve.arg(data_dir).output().expect("the command runs")
    };
    let directory = tempfile::tempdir().expect("a temporary directory");
    let log = directory.path().join("log.redb");
    std::fs::write(&log, "x".repeat(10_000)).expect("it can be written");
    one_line_naming(&serve(directory.path()), &log.display().to_string());

    let directory = tempfile::tempdir().expect("a temporary directory");
    let socket = directory.path().join("admin.sock");
    std::fs::create_dir(&socket).expect("it can be made");
    one_line_naming(&serve(directory.path()), &format!("cannot make the admin socket {}", socket.display()));

    // The path of a Unix socket has room for some hundred bytes.
    let long = directory.path().join("d".repeat(120));
    one_line_naming(&serve(&long), &long.join("admin.sock").display().to_string());
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

/// Holds a failed start to saying why in one line.
#[track_caller]
fn one_line_naming(output: &Output, name: &str) {
    if let Err(fault) = fault_of(output, name) {
        panic!("a wrong setting stops the start with one line that names it: {fault}");
    }
}

fn fault_of(output: &Output, name: &str) -> Result<(), String> {
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    let served = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = complaint.lines().filter(|line| !line.trim().is_empty()).collect();
    if output.status.success() {
        Err(format!("{name} does not stop the start"))
    } else if lines.len() != 1 {
        Err(format!("{name} is complained of in {} lines: {complaint}", lines.len()))
    } else if !lines[0].contains(name) {
        Err(format!("{name} is not named: {complaint}"))
    } else if !served.is_empty() {
        Err(format!("{name} is found out only after the service said where it is: {served}"))
    } else {
        Ok(())
    }
}

#[test]
fn the_bound_on_open_files_is_raised_to_what_the_connections_need() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let script =
        r#"ulimit -Sn 300 && exec "$0" serve --listen 127.0.0.1:0 --max-connections 400 --data-dir "$1""#;
    let mut serve = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_boxoffice")])
        .arg(directory.path().join("data"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh runs");
    let mut line = String::new();
    BufReader::new(serve.stdout.take().expect("piped")).read_line(&mut line).expect("it says where it is");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", serve.id())).expect("Linux tells");
    serve.kill().and_then(|()| serve.wait()).expect("it ends");
    let open_files = limits.lines().find(|line| line.starts_with("Max open files")).expect("a bound");
    let soft = open_files.split_whitespace().nth(3).and_then(|soft| soft.parse::<u64>().ok());
    assert!(soft.is_some_and(|soft| soft >= 400), "{line}{open_files}");
}
