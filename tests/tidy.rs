//! Holds the source to its structure: who may use whom, and how long a file may get.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file past this has a second story in it.
const MAX_LINES: usize = 400;

/// Which modules of the service each module may use, besides itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("admin", &["auth", "domain", "reconcile", "replica", "service", "workers"]),
    (
        "api",
        &[
            "auth",
            "domain",
            "events",
            "failpoint",
            "http",
            "replica",
            "saga",
            "service",
            "store",
            "webhooks",
            "words",
        ],
    ),
    ("auth", &[]),
    (
        "cli",
        &[
            "admin",
            "api",
            "auth",
            "domain",
            "event_signals",
            "events",
            "failpoint",
            "gateway",
            "http",
            "machine",
            "metrics",
            "payment_signals",
            "reconcile",
            "replica",
            "service",
            "settings",
            "store",
            "storefront",
            "webhooks",
            "workers",
        ],
    ),
    ("domain", &[]),
    ("event_signals", &[]),
    ("events", &["domain", "event_signals", "replica", "store"]),
    ("failpoint", &[]),
    ("gateway", &["auth", "domain", "replica", "settings"]),
    ("http", &[]),
    ("lib", &[]),
    ("machine", &["domain", "event_signals", "metrics", "payment_signals", "store"]),
    ("main", &[]),
    ("metrics", &["http"]),
    ("payment_signals", &["domain"]),
    ("reconcile", &["domain", "gateway", "replica", "service", "store"]),
    ("replica", &["domain", "store"]),
    ("saga", &["domain", "failpoint", "gateway", "replica", "service", "store"]),
    (
        "service",
        &[
            "auth",
            "event_signals",
            "events",
            "gateway",
            "http",
            "metrics",
            "payment_signals",
            "replica",
            "settings",
            "store",
            "webhooks",
        ],
    ),
    ("settings", &["auth", "http"]),
    ("store", &["domain"]),
    // It calls what the API calls, and never the gateway.
    ("storefront", &["api", "domain", "http", "saga", "service", "store"]),
    ("webhooks", &["domain"]),
    ("words", &[]),
    ("workers", &["api", "auth", "domain", "events", "replica", "saga", "service", "store", "webhooks"]),
];

/// Names that must not be in the code of the domain: it is pure and deterministic.
const NOT_IN_DOMAIN: &[&str] = &[
    // Crates that do something.
    "boxoffice_raft",
    "openraft",
    "poem",
    "poem_openapi",
    "rand",
    "redb",
    "reqwest",
    "ring",
    "tokio",
    // Parts of the standard library that are different everywhere, or each time.
    "HashMap",
    "HashSet",
    "Instant",
    "SystemTime",
    "env",
    "fs",
    "net",
    "process",
    "thread",
    // Numbers that are computed differently elsewhere.
    "f32",
    "f64",
    // Identifiers made up on the spot.
    "new_v4",
    "now_v7",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder, with their text.
fn sources(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("the file can be read");
                let relative = path.strip_prefix(root()).expect("it is below the root").to_owned();
                found.insert(relative, text);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// The top-level module that a file of the service belongs to.
fn module_of(path: &Path) -> String {
    let within = path.strip_prefix("src").expect("a file of the service");
    let first = within.iter().next().expect("a file name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The names that follow `crate::` in a text.
fn modules_used(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("crate::").filter(|(at, _)| !text[..*at].ends_with('$')).map(|(at, prefix)| {
        let rest = &text[at + prefix.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn modules_use_only_what_they_may() {
    for (path, text) in sources("src") {
        let module = module_of(&path);
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("`{module}` is new: say in tests/tidy.rs what it may use"));
        for used in modules_used(&text) {
            assert!(
                used == module || allowed.contains(&used),
                "{} uses `{used}`, which `{module}` may not",
                path.display()
            );
        }
    }
}

/// The identifiers in the code of a text, its comments left out.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
}

#[test]
fn the_domain_is_pure() {
    for (path, text) in sources("src/domain") {
        let forbidden = identifiers(&text).find(|name| NOT_IN_DOMAIN.contains(name));
        assert_eq!(forbidden, None, "used in {}", path.display());
    }
}

#[test]
fn the_engine_knows_no_tickets() {
    for (path, text) in sources("raft/src") {
        let knows = text.replace("boxoffice_raft", "").replace("boxoffice-raft", "");
        for word in ["ticket", "boxoffice::", "order_id", "payment"] {
            let lines = knows.lines().filter(|line| !line.trim_start().starts_with("//"));
            let mut code = lines.map(str::to_lowercase);
            assert!(!code.any(|line| line.contains(word)), "{} mentions `{word}`", path.display());
        }
    }
}

#[test]
fn files_tell_one_story() {
    for folder in ["src", "raft/src", "tests"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            assert!(lines <= MAX_LINES, "{} has {lines} lines: look for the second story", path.display());
        }
    }
}
