//! Settings: what an operator may say, and what it means when nothing is said.

mod cluster;
mod currencies;
mod events;
mod secrets;
mod stripe;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

pub use self::cluster::{
    ClusterSettings, DEFAULT_PEER_PORT, Grace, PeerCertificate, Placement, Role, host_and_port,
};
pub use self::events::EventSettings;
pub use self::secrets::SecretSettings;
pub use self::stripe::{StripeAccount, StripeSettings, StripeSettingsError};
use crate::http::client_address::TrustedProxy;
use crate::http::cross_origin::CorsOrigins;

/// How long a payment window may be set to: a week is longer than any sensible one.
const MAX_WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long a session may be set to last: a year, be it a leap year. A token that was stolen works as long.
const MAX_SESSION_TTL: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// The least that the log may be bounded to: the longest command fits in.
const MIN_LOG_MAX_BYTES: u64 = 2 << 20;

/// What is logged when nothing is said. openraft warns of messages that an election has overtaken, as each does.
const DEFAULT_LOG: &str = "info,openraft=error";

/// How `boxoffice serve` is set up. Each flag can be given as an environment variable as well.
#[derive(Args, Clone, Debug)]
pub struct ServeSettings {
    /// Where the data lies; made if it is missing
    #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
    pub data_dir: PathBuf,

    /// Where to listen: an address or a name, and a port; port 0 takes a free one
    #[arg(long, env = "BOXOFFICE_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS",
          value_parser = address)]
    pub listen: SocketAddr,

    /// Certificate chain (PEM) to serve HTTPS with
    #[arg(long, env = "BOXOFFICE_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// Private key (PEM) of the certificate
    #[arg(long, env = "BOXOFFICE_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// The cluster's secret
    #[command(flatten)]
    pub secrets: SecretSettings,

    /// Origins that may use the API from a browser by bearer token, separated by commas
    #[arg(long, env = "BOXOFFICE_CORS_ORIGINS", value_name = "ORIGINS", default_value = "",
          hide_default_value = true, value_parser = cors_origins)]
    pub cors_origins: CorsOrigins,

    /// Who says where a request comes from: nobody, Fly's proxy, or so many proxies of one's own
    #[arg(
        long,
        env = "BOXOFFICE_TRUSTED_PROXY",
        value_name = "none|fly|HOPS",
        default_value = "none",
        allow_negative_numbers = true
    )]
    pub trusted_proxy: TrustedProxy,

    /// Sign-ins and sign-ups that one address may try in a minute; 0 for as many as it likes
    #[arg(
        long,
        env = "BOXOFFICE_AUTH_RATE_PER_MINUTE",
        value_name = "NUMBER",
        default_value_t = 60,
        allow_negative_numbers = true
    )]
    pub auth_rate_per_minute: u32,

    /// Connections that may be open at once
    #[arg(long, env = "BOXOFFICE_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = 10_000,
          value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    pub max_connections: u32,

    /// How long a stopping server waits for the requests under way
    #[arg(long, env = "BOXOFFICE_DRAIN_TIMEOUT", value_name = "DURATION", default_value = "25s",
          value_parser = duration_up_to_max, allow_hyphen_values = true)]
    pub drain_timeout: Duration,

    /// Bytes of the log that are kept for replicas that are behind; those that lack more get the whole state
    #[arg(long, env = "BOXOFFICE_LOG_MAX_BYTES", value_name = "BYTES", default_value_t = 256 << 20,
          value_parser = clap::value_parser!(u64).range(MIN_LOG_MAX_BYTES..), allow_negative_numbers = true)]
    pub log_max_bytes: u64,

    /// How logs are written
    #[arg(long, env = "BOXOFFICE_LOG_FORMAT", value_name = "FORMAT", default_value = "human")]
    pub log_format: LogFormat,

    /// What is logged: a level, or levels by module as `RUST_LOG` has them
    #[arg(long, env = "BOXOFFICE_LOG", value_name = "FILTER", default_value = DEFAULT_LOG,
          value_parser = log_filter)]
    pub log: String,

    /// How long `tok_slow` takes in the sandbox gateway
    #[arg(long, env = "BOXOFFICE_SANDBOX_SLOW", value_name = "DURATION", default_value = "12s",
          value_parser = duration_up_to_max, allow_hyphen_values = true)]
    pub sandbox_slow: Duration,

    /// The account at Stripe
    #[command(flatten)]
    pub stripe: StripeSettings,

    /// Events
    #[command(flatten)]
    pub events: EventSettings,

    /// The cluster
    #[command(flatten)]
    pub cluster: ClusterSettings,

    /// The house's rules
    #[command(flatten)]
    pub rules: Rules,
}

/// The house's rules.
#[derive(Args, Clone, Debug)]
pub struct Rules {
    /// How long a buyer has to pay
    #[arg(long, env = "BOXOFFICE_PAYMENT_WINDOW", value_name = "DURATION", default_value = "15m",
          value_parser = window, allow_hyphen_values = true)]
    pub payment_window: Duration,

    /// For how long past its deadline a charge under way may hold an order
    #[arg(long, env = "BOXOFFICE_PAYMENT_GRACE", value_name = "DURATION", default_value = "2m",
          value_parser = duration_up_to_max, allow_hyphen_values = true)]
    pub payment_grace: Duration,

    /// How long a session lasts
    #[arg(long, env = "BOXOFFICE_SESSION_TTL", value_name = "DURATION", default_value = "7d",
          value_parser = session_ttl, allow_hyphen_values = true)]
    pub session_ttl: Duration,

    /// What prices are in: the ISO 4217 code of a currency with two decimals
    #[arg(long, env = "BOXOFFICE_CURRENCY", value_name = "CODE", default_value = "usd", value_parser = currencies::parse)]
    pub currency: String,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people, in colour on a terminal.
    Human,
    /// For programs, a JSON object a line.
    Json,
}

impl Rules {
    /// How long a buyer has to pay, as a command carries it.
    pub fn payment_window_ms(&self) -> u64 {
        millis(self.payment_window)
    }

    /// For how long past its deadline a charge under way may hold an order, as a command carries it.
    pub fn payment_grace_ms(&self) -> u64 {
        millis(self.payment_grace)
    }

    /// How long a session lasts, as a command carries it.
    pub fn session_ttl_ms(&self) -> u64 {
        millis(self.session_ttl)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn cors_origins(text: &str) -> Result<CorsOrigins, String> {
    CorsOrigins::new(text.split(',').map(str::trim).filter(|origin| !origin.is_empty()))
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "not a duration such as 90s, 15m or 7d".to_owned())
}

fn duration_up_to_max(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| {
        if duration <= MAX_WINDOW { Ok(duration) } else { Err("longer than a week".to_owned()) }
    })
}

fn window(text: &str) -> Result<Duration, String> {
    duration_up_to_max(text).and_then(|duration| {
        if duration.is_zero() { Err("nobody could pay in no time".to_owned()) } else { Ok(duration) }
    })
}

fn session_ttl(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| {
        if duration < Duration::from_secs(1) {
            Err("shorter than a second".to_owned())
        } else if duration > MAX_SESSION_TTL {
            Err("longer than a year".to_owned())
        } else {
            Ok(duration)
        }
    })
}

/// An address, or a name that has one. Of several the first of IPv4, which is what the default listens on.
fn address(text: &str) -> Result<SocketAddr, String> {
    let example = "not an address and a port such as 127.0.0.1:3000, 0.0.0.0:3000 or localhost:3000";
    let found: Vec<SocketAddr> = match text.to_socket_addrs() {
        Ok(found) => found.collect(),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => return Err(example.to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    found.iter().find(|address| address.is_ipv4()).or(found.first()).copied().ok_or(example.to_owned())
}

/// A filter under which something is logged. To `EnvFilter` a bare word that is no level is a module's name, so
/// that a misspelt level would leave nothing but that module, which there is not.
fn log_filter(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Ok(DEFAULT_LOG.to_owned());
    }
    let is_bare_word = |part: &&str| !part.is_empty() && !part.contains(['=', '[']);
    let words = text.split(',').map(str::trim).filter(is_bare_word);
    for word in words {
        if word.parse::<LevelFilter>().is_err() {
            return Err(format!(
                "{word} is no level: off, error, warn, info, debug or trace, for a module such as {word}=debug"
            ));
        }
    }
    EnvFilter::try_new(text).map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}
