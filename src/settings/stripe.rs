//! The account at Stripe that payments go to, as it is given.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use reqwest::Url;
use thiserror::Error;

use crate::auth::{Secret, SecretFileError, read_secret_file};

/// Where Stripe is.
const API_BASE: &str = "https://api.stripe.com/";

/// The longest key: Stripe's are half as long at most.
const MAX_KEY_BYTES: usize = 255;

const SECRET_KEY: Wanted = Wanted { variable: "BOXOFFICE_STRIPE_SECRET_KEY", prefixes: &["sk_", "rk_"] };
const PUBLISHABLE_KEY: Wanted = Wanted { variable: "BOXOFFICE_STRIPE_PUBLISHABLE_KEY", prefixes: &["pk_"] };
const WEBHOOK_SECRET: Wanted = Wanted { variable: "BOXOFFICE_STRIPE_WEBHOOK_SECRET", prefixes: &["whsec_"] };
const WEBHOOK_SECRET_ALSO: Wanted =
    Wanted { variable: "BOXOFFICE_STRIPE_WEBHOOK_SECRET_ALSO", prefixes: &["whsec_"] };

/// The account at Stripe that payments go to: without one they go to the sandbox.
#[derive(Args, Clone, Debug)]
pub struct StripeSettings {
    /// Secret key of the account at Stripe that payments go to, sk_… or rk_…; without it they go to the sandbox, and no
    /// real money moves. Give it by variable or file: others on this machine can read arguments
    #[arg(long, env = "BOXOFFICE_STRIPE_SECRET_KEY", value_name = "KEY", hide_env_values = true)]
    stripe_secret_key: Option<Secret<String>>,

    /// File that holds that key instead
    #[arg(
        long,
        env = "BOXOFFICE_STRIPE_SECRET_KEY_FILE",
        value_name = "FILE",
        conflicts_with = "stripe_secret_key"
    )]
    stripe_secret_key_file: Option<PathBuf>,

    /// Publishable key of that account, pk_…, which buyers' browsers are given
    #[arg(long, env = "BOXOFFICE_STRIPE_PUBLISHABLE_KEY", value_name = "KEY", hide_env_values = true)]
    stripe_publishable_key: Option<Secret<String>>,

    /// File that holds that key instead
    #[arg(
        long,
        env = "BOXOFFICE_STRIPE_PUBLISHABLE_KEY_FILE",
        value_name = "FILE",
        conflicts_with = "stripe_publishable_key"
    )]
    stripe_publishable_key_file: Option<PathBuf>,

    /// Secret that Stripe signs webhooks with, whsec_…; by variable or file, as well
    #[arg(long, env = "BOXOFFICE_STRIPE_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
    stripe_webhook_secret: Option<Secret<String>>,

    /// File that holds that secret instead
    #[arg(
        long,
        env = "BOXOFFICE_STRIPE_WEBHOOK_SECRET_FILE",
        value_name = "FILE",
        conflicts_with = "stripe_webhook_secret"
    )]
    stripe_webhook_secret_file: Option<PathBuf>,

    /// Another secret that counts as well, while that secret is changed
    #[arg(long, env = "BOXOFFICE_STRIPE_WEBHOOK_SECRET_ALSO", value_name = "SECRET", hide_env_values = true)]
    stripe_webhook_secret_also: Option<Secret<String>>,

    /// File that holds that other secret instead
    #[arg(
        long,
        env = "BOXOFFICE_STRIPE_WEBHOOK_SECRET_ALSO_FILE",
        value_name = "FILE",
        conflicts_with = "stripe_webhook_secret_also"
    )]
    stripe_webhook_secret_also_file: Option<PathBuf>,

    /// Where to call Stripe, if not at `https://api.stripe.com`: by https, or by http on this machine
    // Read later: what clap says of a wrong value shows it, and somebody may have put a password into it.
    #[arg(long, env = "BOXOFFICE_STRIPE_API_BASE", value_name = "URL", hide_env_values = true)]
    stripe_api_base: Option<Secret<String>>,
}

/// An account at Stripe, and how to reach it. `Debug` shows none of its keys.
#[derive(Clone, Debug)]
pub struct StripeAccount {
    /// Whoever has it may move money.
    pub secret_key: Secret<String>,
    /// Browsers are given it. Not a secret, but nothing for a log either.
    pub publishable_key: Secret<String>,
    /// What webhooks are signed with: one, or two while it is changed.
    pub webhook_secrets: Vec<Secret<String>>,
    /// What the paths of the interface go under.
    pub api_base: Url,
}

/// Why there is no such account. One line that names the setting, and shows nothing of a key.
#[derive(Debug, Error)]
pub enum StripeSettingsError {
    /// Some of what belongs together is not there.
    #[error("{found} is set but {missing} is not: payments by Stripe need both")]
    Missing {
        /// A variable that is set.
        found: &'static str,
        /// One that has to be set as well.
        missing: &'static str,
    },
    /// It is something else, perhaps another of the keys.
    #[error("{variable} must begin with {expected}")]
    Prefix {
        /// Where it was set.
        variable: &'static str,
        /// How it has to begin.
        expected: String,
    },
    /// It has characters that no key has, or too many.
    #[error("{variable} is no key: it is too long, or has characters that no key has")]
    Malformed {
        /// Where it was set.
        variable: &'static str,
    },
    /// That is nowhere to send a secret key to.
    #[error("BOXOFFICE_STRIPE_API_BASE {0}")]
    ApiBase(&'static str),
    /// One key moves real money and the other does not.
    #[error(
        "BOXOFFICE_STRIPE_SECRET_KEY and BOXOFFICE_STRIPE_PUBLISHABLE_KEY are not of the same mode: one is a test key"
    )]
    Modes,
    /// The file that should hold it does not.
    #[error("{variable}_FILE: {source}")]
    File {
        /// The variable that it stands for.
        variable: &'static str,
        /// What is wrong with it.
        source: SecretFileError,
    },
}

impl StripeSettings {
    /// The account, if one is given.
    ///
    /// # Errors
    /// When something is missing, or is not what it should be.
    pub fn account(&self) -> Result<Option<StripeAccount>, StripeSettingsError> {
        let secret_key = SECRET_KEY.read(&self.stripe_secret_key, &self.stripe_secret_key_file)?;
        let publishable_key =
            PUBLISHABLE_KEY.read(&self.stripe_publishable_key, &self.stripe_publishable_key_file)?;
        let webhook_secret =
            WEBHOOK_SECRET.read(&self.stripe_webhook_secret, &self.stripe_webhook_secret_file)?;
        let also = WEBHOOK_SECRET_ALSO
            .read(&self.stripe_webhook_secret_also, &self.stripe_webhook_secret_also_file)?;
        let api_base =
            self.stripe_api_base.as_ref().map(|base| base.expose().as_str()).filter(|base| !base.is_empty());
        let given = [
            (SECRET_KEY.variable, secret_key.is_some()),
            (PUBLISHABLE_KEY.variable, publishable_key.is_some()),
            (WEBHOOK_SECRET.variable, webhook_secret.is_some()),
            (WEBHOOK_SECRET_ALSO.variable, also.is_some()),
            ("BOXOFFICE_STRIPE_API_BASE", api_base.is_some()),
        ];
        let Some((found, _)) = given.into_iter().find(|(_, is_given)| *is_given) else { return Ok(None) };
        let missing = |wanted: Wanted| StripeSettingsError::Missing { found, missing: wanted.variable };
        let secret_key = secret_key.ok_or(missing(SECRET_KEY))?;
        let publishable_key = publishable_key.ok_or(missing(PUBLISHABLE_KEY))?;
        let webhook_secret = webhook_secret.ok_or(missing(WEBHOOK_SECRET))?;
        if is_test(&secret_key) != is_test(&publishable_key) {
            return Err(StripeSettingsError::Modes);
        }
        let webhook_secrets = std::iter::once(webhook_secret).chain(also).collect();
        let api_base = read_api_base(api_base.unwrap_or(API_BASE)).map_err(StripeSettingsError::ApiBase)?;
        Ok(Some(StripeAccount { secret_key, publishable_key, webhook_secrets, api_base }))
    }
}

impl StripeAccount {
    /// Whether real money moves.
    pub fn is_live(&self) -> bool {
        !is_test(&self.secret_key)
    }
}

/// `sk_test_…`, `rk_test_…`, `pk_test_…`: what comes of it is play money.
fn is_test(key: &Secret<String>) -> bool {
    key.expose().split('_').nth(1) == Some("test")
}

/// A key that has to be given.
#[derive(Clone, Copy)]
struct Wanted {
    variable: &'static str,
    prefixes: &'static [&'static str],
}

impl Wanted {
    fn read(
        self,
        said: &Option<Secret<String>>,
        file: &Option<PathBuf>,
    ) -> Result<Option<Secret<String>>, StripeSettingsError> {
        let found = match (said, file) {
            // Set to nothing is not set: that is what is left of a variable that a file of settings did not find.
            (Some(said), _) if said.expose().trim().is_empty() => None,
            (Some(said), _) => Some(Secret::new(said.expose().trim().to_owned())),
            (None, Some(path)) => {
                let file = |source| StripeSettingsError::File { variable: self.variable, source };
                Some(read_secret_file(path).map_err(file)?)
            }
            (None, None) => None,
        };
        found.map(|key| self.check(key)).transpose()
    }

    fn check(self, key: Secret<String>) -> Result<Secret<String>, StripeSettingsError> {
        let (variable, text) = (self.variable, key.expose());
        let rest = self.prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
        let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
            let expected = self.prefixes.join(" or ");
            return Err(StripeSettingsError::Prefix { variable, expected });
        };
        let is_letter =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/' | b'=');
        if text.len() > MAX_KEY_BYTES || !rest.bytes().all(is_letter) {
            return Err(StripeSettingsError::Malformed { variable });
        }
        Ok(key)
    }
}

/// Where the key is sent to: somebody who listens in on the way would have it.
fn read_api_base(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not an address such as https://api.stripe.com")?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
        return Err("must be https, or http on this machine: the secret key is sent there");
    }
    let is_plain = url.username().is_empty() && url.password().is_none();
    if !is_plain || url.query().is_some() || url.fragment().is_some() {
        return Err("must have no user, password, query or fragment");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use clap::{FromArgMatches, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        stripe: StripeSettings,
    }

    fn account(line: &[&str]) -> Result<Option<StripeAccount>, String> {
        let line = std::iter::once("boxoffice").chain(line.iter().copied());
        let command =
            <Line as clap::CommandFactory>::command().mut_args(|argument| argument.env(None::<&str>));
        let matches = command.try_get_matches_from(line).map_err(|error| error.to_string())?;
        let line = Line::from_arg_matches(&matches).map_err(|error| error.to_string())?;
        line.stripe.account().map_err(|error| error.to_string())
    }

    const SECRET: [&str; 2] = ["--stripe-secret-key", "sk_test_topsecret1"];
    const PUBLISHABLE: [&str; 2] = ["--stripe-publishable-key", "pk_test_topsecret2"];
    const WEBHOOK: [&str; 2] = ["--stripe-webhook-secret", "whsec_topsecret3"];

    fn with(more: &[&str]) -> Result<Option<StripeAccount>, String> {
        account(&[&SECRET[..], &PUBLISHABLE, &WEBHOOK, more].concat())
    }

    #[test]
    fn nothing_is_the_sandbox_and_all_is_stripe() {
        assert!(account(&[]).unwrap().is_none());
        let given = with(&[]).unwrap().unwrap();
        assert_eq!(given.api_base.as_str(), "https://api.stripe.com/");
        assert_eq!((given.webhook_secrets.len(), given.is_live()), (1, false));
        let two = with(&["--stripe-webhook-secret-also", "whsec_topsecret4"]).unwrap().unwrap();
        assert_eq!(two.webhook_secrets[1].expose(), "whsec_topsecret4");
        assert!(!format!("{two:?}").contains("topsecret"), "{two:?}");
    }

    #[test]
    fn set_to_nothing_is_not_set() {
        let nothing =
            ["--stripe-secret-key", "", "--stripe-webhook-secret-also", " ", "--stripe-api-base", ""];
        assert!(account(&nothing).unwrap().is_none());
        assert_eq!(with(&nothing[2..]).unwrap().unwrap().webhook_secrets.len(), 1);
    }

    #[test]
    fn some_without_the_others_is_an_error_that_names_what_is_missing() {
        for (line, missing) in [
            ([&SECRET[..], &PUBLISHABLE].concat(), "BOXOFFICE_STRIPE_WEBHOOK_SECRET is not"),
            ([&SECRET[..], &WEBHOOK].concat(), "BOXOFFICE_STRIPE_PUBLISHABLE_KEY is not"),
            ([&PUBLISHABLE[..], &WEBHOOK].concat(), "BOXOFFICE_STRIPE_SECRET_KEY is not"),
            (vec!["--stripe-webhook-secret-also", "whsec_topsecret"], "BOXOFFICE_STRIPE_SECRET_KEY is not"),
            (vec!["--stripe-api-base", "https://a.example"], "BOXOFFICE_STRIPE_SECRET_KEY is not"),
        ] {
            let error = account(&line).unwrap_err();
            assert!(error.contains(missing) && !error.contains("topsecret"), "{line:?}: {error}");
        }
    }

    #[test]
    fn one_key_in_the_place_of_another_is_an_error_that_does_not_show_it() {
        for (flag, key, expected) in [
            ("--stripe-secret-key", "pk_test_topsecret", "SECRET_KEY must begin with sk_ or rk_"),
            ("--stripe-publishable-key", "sk_test_topsecret", "PUBLISHABLE_KEY must begin with pk_"),
            ("--stripe-webhook-secret", "topsecret", "WEBHOOK_SECRET must begin with whsec_"),
            ("--stripe-webhook-secret-also", "sk_topsecret", "WEBHOOK_SECRET_ALSO must begin with whsec_"),
            ("--stripe-secret-key", "sk_", "SECRET_KEY must begin with"),
            ("--stripe-secret-key", "sk_test_top secret", "SECRET_KEY is no key"),
            ("--stripe-secret-key", "sk_test_topsecret\u{e9}", "SECRET_KEY is no key"),
            ("--stripe-publishable-key", "pk_live_topsecret", "not of the same mode"),
        ] {
            let others = [SECRET, PUBLISHABLE, WEBHOOK].into_iter().filter(|[other, _]| *other != flag);
            let line: Vec<&str> = others.flatten().chain([flag, key]).collect();
            let error = account(&line).unwrap_err();
            assert!(error.contains(expected) && !error.contains("secret"), "{key}: {error}");
        }
    }

    #[test]
    fn a_file_may_hold_a_key_if_nobody_else_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        fs::write(&path, "rk_live_topsecret\n").unwrap();
        let line = |path: &str| {
            let more = ["--stripe-secret-key-file", path, "--stripe-publishable-key", "pk_live_topsecret"];
            account(&[&WEBHOOK[..], &more].concat())
        };
        let text = path.to_str().unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = line(text).unwrap_err();
        assert!(error.starts_with("BOXOFFICE_STRIPE_SECRET_KEY_FILE: ") && error.contains("0644"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let given = line(text).unwrap().unwrap();
        assert_eq!((given.secret_key.expose().as_str(), given.is_live()), ("rk_live_topsecret", true));
        assert!(line("/nonexistent/key").unwrap_err().contains("/nonexistent/key: "));
        assert!(with(&["--stripe-secret-key-file", text]).is_err(), "both");
    }

    #[test]
    fn keys_are_sent_nowhere_in_the_clear() {
        for good in ["https://a.example", "http://127.0.0.1:12111", "http://[::1]:1", "http://localhost:1/x"]
        {
            assert!(with(&["--stripe-api-base", good]).is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "http://127.0.0.1.example",
            "ftp://127.0.0.1",
            "a.example",
            "https://user@a.example",
            "https://a.example?x",
            "https://a.example#x",
        ] {
            let error = with(&["--stripe-api-base", bad]).unwrap_err();
            assert!(error.contains("BOXOFFICE_STRIPE_API_BASE ") && !error.contains(bad), "{bad}: {error}");
        }
    }
}
