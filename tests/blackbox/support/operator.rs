//! Operators: keys as the command line makes them.

use std::process::Output;

use serde_json::Value;

use super::server::{Server, command};

/// A key that works, unless somebody has ended it.
#[derive(Clone, Debug)]
pub(crate) struct OperatorKey {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Server {
    /// `boxoffice keys` with these arguments, for this service.
    pub(crate) fn keys(&self, arguments: &[&str]) -> Output {
        let mut keys = command(&["keys"]);
        keys.args(arguments).arg("--data-dir").arg(self.data_dir()).output().expect("the command runs")
    }

    /// The same as JSON, which it must print.
    #[track_caller]
    pub(crate) fn keys_json(&self, arguments: &[&str]) -> Value {
        let output = self.keys(&[arguments, &["--json"]].concat());
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    /// A key with these scopes, made on the command line.
    #[track_caller]
    pub(crate) fn operator_key(&self, scopes: &[&str]) -> OperatorKey {
        let scopes = scopes.iter().flat_map(|scope| ["--scope", scope]);
        let arguments: Vec<&str> = ["create", "--label", "of the tests"].into_iter().chain(scopes).collect();
        OperatorKey::of(&self.keys_json(&arguments))
    }
}

impl OperatorKey {
    /// From what was answered when it was made.
    #[track_caller]
    pub(crate) fn of(made: &Value) -> Self {
        let text = |field: &str| made[field].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        Self { id: text("id"), secret: text("secret") }
    }
}
