//! Commands for the service that runs on this machine, over its admin socket.

use std::path::Path;

use super::{Failure, note, print};
use crate::admin::{self, ResetToken};

pub(super) fn reset_password(data_dir: &Path, email: &str) -> Result<(), Failure> {
    let body = serde_json::json!({ "email": email });
    let answer = admin::ask(data_dir, "reset-tokens", &body)?;
    let token: ResetToken = serde_json::from_slice(&answer)?;
    note(&format!("One-time token for {email}, good for {} minutes:", token.expires_in_seconds / 60));
    print(&format!("{}\n", token.token))?;
    note(r#"Its owner sends it: POST /api/users/password/reset {"token": "…", "new": "the new password"}"#);
    Ok(())
}

pub(super) fn rotate_signing_key(data_dir: &Path) -> Result<(), Failure> {
    admin::ask(data_dir, "signing-keys", &serde_json::json!({}))?;
    note("There is a new key; it signs once every replica knows it, in about a minute.");
    Ok(())
}
