//! `boxoffice keys`: the keys by which operators act for others.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::admin::ask;
use super::new_file::{Existing, NewFile};
use super::{Failure, note, print, print_json};
use crate::admin::{self, ListedKey, NewKey, NewKeyRequest, RevokeRequest};
use crate::domain::{MAX_KEY_LABEL_CHARS, MAX_KEY_TTL_MS, MIN_KEY_TTL_MS, Scope};
use crate::http::rules::{Input, text};
use crate::http::timestamp::Timestamp;

#[derive(Subcommand)]
pub(super) enum Keys {
    /// Make a key, and print its secret or write it into a file
    ///
    /// The secret is shown this once; the service keeps its hash only. Send it to the API as
    /// `Authorization: Bearer bxk_…`. Whoever holds it may do what its scopes allow, on every
    /// replica, until it is revoked or expires:
    ///
    ///   keys           list, make and revoke keys; but none that is good for more than itself
    ///   orders:read    see anybody's orders
    ///   payments:read  see anybody's payments
    ///   refunds        give back what was paid
    ///   events:read    see all events
    #[command(verbatim_doc_comment)]
    Create {
        /// What the key is good for; once for each scope
        #[arg(long = "scope", required = true, value_name = "SCOPE",
              value_parser = PossibleValuesParser::new(Scope::ALL.map(Scope::name)))]
        scopes: Vec<String>,
        /// What the key is for, to recognise it in lists and in what it did
        #[arg(long, value_parser = label)]
        label: String,
        /// How long it works, such as 8h or 90d; until it is revoked unless this is given
        #[arg(long, value_name = "DURATION", value_parser = ttl, allow_hyphen_values = true)]
        expires_in: Option<Duration>,
        /// Write the secret into this new file, which nobody but you may read, as --token-file and programs want it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Answer as JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service; of any replica
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
    /// List the keys, oldest first, also those that work no more; nobody can show their secrets
    ///
    /// A key that was revoked or has expired is listed until another one needs its place.
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service; of any replica
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
    /// Have a key work no more
    ///
    /// Once this returns, nothing that is asked for with the key is done any more, whichever replica is asked; each
    /// refuses to show it anything as soon as it has heard, within milliseconds if it is connected.
    Revoke {
        /// The key's id, as `boxoffice keys list` shows it
        id: String,
        /// Answer as JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service; of any replica
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
}

pub(super) fn run(command: Keys) -> Result<(), Failure> {
    match command {
        Keys::Create { scopes, label, expires_in, out, json, data_dir } => {
            let ttl_ms = expires_in.map(|expires_in| u64::try_from(expires_in.as_millis())).transpose()?;
            create(&data_dir, NewKeyRequest { label, scopes, ttl_ms }, out.as_deref(), json)
        }
        Keys::List { json, data_dir } => list(&data_dir, json),
        Keys::Revoke { id, json, data_dir } => revoke(&data_dir, id, json),
    }
}

fn create(data_dir: &Path, request: NewKeyRequest, out: Option<&Path>, as_json: bool) -> Result<(), Failure> {
    // Before there is a key: one whose secret nobody got would have to be revoked.
    let file = out.map(|out| NewFile::begin(out, Existing::Keep)).transpose()?;
    let NewKey { key, secret } = ask(data_dir, admin::OPERATOR_KEYS, &request)?;
    if let Some(file) = file {
        write(file, &secret)
            .map_err(|error| format!("{error}; revoke {}, for its secret is lost", key.id))?;
    }
    if as_json {
        let mut document = json_of(&key);
        match out {
            Some(out) => document["secretFile"] = json!(out.display().to_string()),
            None => document["secret"] = json!(secret),
        }
        return print_json(&document);
    }
    let until =
        key.expires_at_ms.map_or_else(|| "until it is revoked".to_owned(), |ms| format!("until {}", at(ms)));
    let is_good_for = format!("{} ({}) may do {}, {until}", key.id, key.label, key.scopes.join(", "));
    match out {
        Some(out) => {
            note(&format!("{is_good_for}. Its secret is in {}.", out.display()));
            Ok(())
        }
        None => {
            note(&format!("{is_good_for}. Its secret, shown this once:"));
            print(&format!("{secret}\n"))
        }
    }
}

fn write((mut file, name): (File, NewFile), secret: &str) -> Result<(), Failure> {
    writeln!(file, "{secret}")?;
    name.finish(&file)
}

fn list(data_dir: &Path, as_json: bool) -> Result<(), Failure> {
    let keys: Vec<ListedKey> = ask(data_dir, admin::LISTED_OPERATOR_KEYS, &())?;
    if as_json {
        return print_json(&keys.iter().map(json_of).collect::<Vec<_>>());
    }
    if keys.is_empty() {
        note("There are no keys.");
    }
    print(&table_of(&keys))
}

fn revoke(data_dir: &Path, id: String, as_json: bool) -> Result<(), Failure> {
    let key: ListedKey = ask(data_dir, admin::REVOKED_OPERATOR_KEYS, &RevokeRequest { id })?;
    if as_json {
        return print_json(&json_of(&key));
    }
    note(&format!("{} ({}) works no more.", key.id, key.label));
    Ok(())
}

/// A line a key, in columns as wide as they have to be; the label, which may be anything, comes last.
fn table_of(keys: &[ListedKey]) -> String {
    let cells = keys.iter().map(|key| {
        [key.id.clone(), at(key.created_at_ms), state_of(key), key.scopes.join(","), key.label.clone()]
    });
    let head = ["ID", "CREATED", "WORKS", "SCOPES", "LABEL"].map(str::to_owned);
    let rows: Vec<[String; 5]> =
        if keys.is_empty() { Vec::new() } else { [head].into_iter().chain(cells).collect() };
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 4] = std::array::from_fn(width);
    let line = |[id, created, works, scopes, label]: &[String; 5]| {
        let [a, b, c, d] = widths;
        format!("{id:<a$}  {created:<b$}  {works:<c$}  {scopes:<d$}  {label}\n")
    };
    rows.iter().map(line).collect()
}

/// Whether it works, and until or since when.
fn state_of(key: &ListedKey) -> String {
    match (key.works, key.revoked_at_ms, key.expires_at_ms) {
        (true, _, None) => "yes".to_owned(),
        (true, _, Some(expires_at_ms)) => format!("until {}", at(expires_at_ms)),
        (false, Some(revoked_at_ms), _) => format!("revoked {}", at(revoked_at_ms)),
        (false, None, Some(expires_at_ms)) => format!("expired {}", at(expires_at_ms)),
        (false, None, None) => "no".to_owned(),
    }
}

fn json_of(key: &ListedKey) -> Value {
    json!({
        "id": key.id,
        "label": key.label,
        "scopes": key.scopes,
        "works": key.works,
        "createdAt": at(key.created_at_ms),
        "createdBy": key.created_by,
        "expiresAt": key.expires_at_ms.map(at),
        "revokedAt": key.revoked_at_ms.map(at),
        "revokedBy": key.revoked_by,
    })
}

fn at(unix_ms: u64) -> String {
    Timestamp { unix_ms }.to_rfc3339()
}

fn label(typed: &str) -> Result<String, String> {
    text(1..=MAX_KEY_LABEL_CHARS)(Input::Text(typed))
}

fn ttl(typed: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(typed).map_err(|_| "not a duration such as 8h or 90d")?;
    if duration < Duration::from_millis(MIN_KEY_TTL_MS) {
        Err("shorter than a minute".to_owned())
    } else if duration > Duration::from_millis(MAX_KEY_TTL_MS) {
        Err("longer than ten years".to_owned())
    } else {
        Ok(duration)
    }
}
