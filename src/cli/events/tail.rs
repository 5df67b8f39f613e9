//! Following a stream, and resuming it whenever it breaks off.

use std::io::{self, Write};
use std::time::Duration;

use reqwest::{Certificate, Client, Response, StatusCode, Url};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use super::Tail;
use super::shown::Style;
use super::sse::{Message, Reader, TooLong};
use crate::auth::read_secret_file;
use crate::cli::stop::StopSignals;
use crate::cli::{Failure, note};

/// The stream says something every 15 s: one that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(45);

/// How long a service has to take a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Before the first attempt to resume, and each time twice as long, up to a bound.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// So often in a row a service may not have what the first position names yet: all replicas of one that does have it
/// catch up in that time.
const MAX_AHEAD: u32 = 4;

/// Why a stream does not go on.
#[derive(Debug, thiserror::Error)]
enum Ended {
    /// It broke off, or there is none right now: another attempt may help.
    #[error("{0}")]
    Broken(String),
    /// What is to come next is not there yet: either the replica is behind, or the position was made up.
    #[error("{0}")]
    Ahead(String),
    /// The service says that there will be none.
    #[error("{0}")]
    Refused(String),
    /// Nobody reads what is printed.
    #[error("cannot print: {0}")]
    Output(#[from] io::Error),
}

impl From<TooLong> for Ended {
    fn from(error: TooLong) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<reqwest::Error> for Ended {
    fn from(error: reqwest::Error) -> Self {
        let mut said = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            said = format!("{said}: {cause}");
            source = cause.source();
        }
        Self::Broken(said)
    }
}

/// Somebody who follows.
struct Follower {
    client: Client,
    url: Url,
    token: Option<String>,
    style: Style,
    reader: Reader,
    /// How often in a row it did not work, since something came.
    failures: u32,
    /// How often in a row it was told that there is no such event yet, before anything came.
    ahead: u32,
}

/// Follows until it is interrupted, or nobody reads any more.
pub(super) async fn run(wanted: Tail) -> Result<(), Failure> {
    let mut signals = StopSignals::catch()?;
    let mut follower = Follower::new(wanted)?;
    tokio::select! {
        _ = signals.next() => Ok(()),
        done = follower.follow() => done,
    }
}

impl Follower {
    fn new(wanted: Tail) -> Result<Self, Failure> {
        let Tail { mut url, types, subject, after, token_file, token, json } = wanted;
        if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
            return Err(format!("{url} is no address of a service: give --url http://… or https://…").into());
        }
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/api/events"));
        let asked = [("types", types), ("subject", subject), ("after", after)];
        url.query_pairs_mut()
            .extend_pairs(asked.into_iter().filter_map(|(name, value)| Some((name, value?))));
        let token = match token_file {
            Some(file) => Some(read_secret_file(&file)?.expose().clone()),
            None => token,
        };
        let roots: Result<Vec<_>, _> =
            webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|root| Certificate::from_der(root)).collect();
        let client = Client::builder()
            .tls_certs_merge(roots?)
            // Nobody is to be told the token but who is at the address.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("boxoffice/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let (style, reader) = (Style::new(json), Reader::default());
        Ok(Self { client, url, token, style, reader, failures: 0, ahead: 0 })
    }

    async fn follow(&mut self) -> Result<(), Failure> {
        loop {
            let began = Instant::now();
            let broken = match self.stream().await {
                Err(Ended::Broken(why)) => why,
                Err(Ended::Ahead(why)) => self.still_ahead(why)?,
                // Whoever wanted to read has gone, and is not waiting for a word about it.
                Err(Ended::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                Err(ended) => return Err(ended.to_string().into()),
                Ok(()) => "the stream has ended".to_owned(),
            };
            let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
            // A stream that ends after a while is nothing out of the ordinary: its replica stops.
            if self.failures == 1 || (self.failures == 0 && began.elapsed() < FIRST_PAUSE) {
                note(&format!("boxoffice: {broken}; trying again"));
            }
            self.failures += 1;
            sleep(pause).await;
        }
    }

    /// What is said of a position that the service does not know yet; it is given up if that does not change.
    fn still_ahead(&mut self, why: String) -> Result<String, Failure> {
        self.ahead += u32::from(self.reader.last_id.is_none());
        if self.ahead < MAX_AHEAD {
            return Ok(why);
        }
        Err(format!("{why}; asked {MAX_AHEAD} times: is --after an event of this service?").into())
    }

    /// Reads a stream to its end.
    async fn stream(&mut self) -> Result<(), Ended> {
        self.reader.begin();
        let mut request = self.client.get(self.url.clone()).header("accept", "text/event-stream");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(last) = &self.reader.last_id {
            request = request.header("last-event-id", last);
        }
        let answered = timeout(SILENCE, request.send()).await;
        let mut response =
            answered.map_err(|_| Ended::Broken("the service does not answer".to_owned()))??;
        if response.status() != StatusCode::OK {
            return Err(refusal(response).await);
        }
        let output = Output { style: self.style, epoch_known: self.reader.last_id.is_some() };
        loop {
            let piece = timeout(SILENCE, response.chunk()).await;
            let piece = piece.map_err(|_| Ended::Broken("nothing comes from the service".to_owned()))??;
            let Some(piece) = piece else { return Ok(()) };
            (self.failures, self.ahead) = (0, 0);
            self.reader.take(&piece, |message| output.print(message))?;
            io::stdout().flush()?;
        }
    }
}

/// What is printed of a stream.
struct Output {
    style: Style,
    /// Whether the service was told where to resume.
    epoch_known: bool,
}

impl Output {
    fn print(&self, message: &Message) -> Result<(), Ended> {
        match message.name.as_str() {
            "" | "message" => io::stdout().write_all(self.style.line(&message.data).as_bytes())?,
            "reset" => {
                let oldest = serde_json::from_str(&message.data).unwrap_or(Value::Null);
                let oldest = oldest["oldest"].as_str().unwrap_or_default().to_owned();
                let what = if self.epoch_known { "some events were missed" } else { "some events are gone" };
                note(&format!("boxoffice: {what}: the oldest one that the service keeps is {oldest}"));
            }
            // Of a later version.
            _ => {}
        }
        Ok(())
    }
}

/// Why the service sends no stream.
async fn refusal(response: Response) -> Ended {
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    let problem: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let said = problem["detail"].as_str().map_or_else(String::new, |detail| format!(": {detail}"));
    let said = format!("the service answers {status}{said}");
    if problem["type"].as_str().is_some_and(|name| name.ends_with("/replica-behind")) {
        return Ended::Ahead(said);
    }
    let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    if passes { Ended::Broken(said) } else { Ended::Refused(said) }
}
