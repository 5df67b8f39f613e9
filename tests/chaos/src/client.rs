//! A client of the cluster that notes all that it asks and is told.

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::history::{Answer, Consistency, History, Operation, Request};

/// A client gives up so late, if it is not told to be patient: later than the service itself does.
const TIMEOUT: Duration = Duration::from_secs(8);
const PASSWORD: &str = "seat-17-row-Q-balcony";
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// An account, signed in, and what it has seen.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    timeout: Duration,
    bases: Vec<String>,
    history: History,
    /// Its id.
    pub user: String,
    token: String,
    seen: Option<(String, u64)>,
}

impl Client {
    /// Signs up through one of the replicas at `bases`; tries until that works.
    ///
    /// # Errors
    /// When it does not for a minute.
    pub async fn sign_up(
        bases: &[String],
        history: &History,
        name: &str,
        replica: usize,
    ) -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build()?;
        let body = json!({"email": format!("{name}@example.test"), "password": PASSWORD});
        let deadline = Instant::now() + crate::cluster::PATIENCE;
        let mut path = "signup";
        loop {
            let url = format!("{}/api/users/{path}", bases[replica]);
            match http.post(url).json(&body).timeout(TIMEOUT).send().await {
                Ok(answer) if answer.status().is_success() => {
                    let user: Value = answer.json().await?;
                    let text = |field: &str| user[field].as_str().map(str::to_owned).context("a user");
                    let (user, token) = (text("id")?, text("token")?);
                    let (bases, history) = (bases.to_vec(), history.clone());
                    let (timeout, seen) = (TIMEOUT, None);
                    return Ok(Self { http, timeout, bases, history, user, token, seen });
                }
                // An attempt without an answer may have worked.
                Ok(answer) if answer.status() == 409 => path = "signin",
                other if Instant::now() > deadline => bail!("{name} cannot sign up: {other:?}"),
                _ => sleep(PAUSE).await,
            }
        }
    }

    /// Waits so long for each answer from now on.
    pub fn be_patient(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Asks once, and notes it.
    pub async fn ask(
        &mut self,
        replica: usize,
        request: Request,
        consistency: Consistency,
        key: Option<&str>,
        is_retry: bool,
    ) -> Option<Answer> {
        let seen = self.seen.clone().filter(|_| consistency == Consistency::Session);
        let operation = Operation {
            number: 0,
            replica,
            user: self.user.clone(),
            request: request.clone(),
            consistency,
            seen: seen.as_ref().map(|(_, index)| *index),
            key: key.map(str::to_owned),
            is_retry,
            invoked: Duration::ZERO,
            answered: None,
        };
        let mut call = self.call(replica, &request).bearer_auth(&self.token).timeout(self.timeout);
        call = call.header(
            "consistency",
            match consistency {
                Consistency::Strong => "strong",
                Consistency::Session => "session",
                Consistency::Local => "local",
            },
        );
        if let Some((epoch, index)) = seen {
            call = call.header("consistency-token", format!("{epoch}-{index}"));
        }
        if let Some(key) = key {
            call = call.header("idempotency-key", key);
        }
        let number = self.history.invoke(operation);
        let (answer, epoch) = read(call.send().await.ok()?).await?;
        self.history.answer(number, answer.clone());
        if let (Some(epoch), Some(index)) = (epoch, answer.index) {
            let before = self.seen.as_ref().map_or(0, |(_, before)| *before);
            self.seen = Some((epoch, index.max(before)));
        }
        Some(answer)
    }

    /// Asks for a change, and again at the next replica under the same key as long as it is not known what came of it.
    /// Returns the last answer if that is known.
    pub async fn change(
        &mut self,
        replica: usize,
        request: Request,
        key: &str,
        patience: Duration,
    ) -> Option<Answer> {
        let deadline = Instant::now() + patience;
        // What changes an order or ticket has no key; asked twice, it may be refused the second time.
        let key = matches!(request, Request::PostTicket(_) | Request::Order(_)).then_some(key);
        let (mut at, mut is_retry) = (replica, false);
        loop {
            let answer = self.ask(at, request.clone(), Consistency::Session, key, is_retry).await;
            if let Some(answer) = answer.filter(Answer::is_decided) {
                return Some(answer);
            }
            if Instant::now() > deadline {
                return None;
            }
            sleep(PAUSE).await;
            (at, is_retry) = ((at + 1) % self.bases.len(), true);
        }
    }

    fn call(&self, replica: usize, request: &Request) -> RequestBuilder {
        let base = &self.bases[replica];
        let to = |method, path: String| self.http.request(method, format!("{base}{path}"));
        match request {
            Request::PostTicket(title) => {
                to(Method::POST, "/api/tickets".to_owned()).json(&json!({"title": title, "price": 20}))
            }
            Request::RenameTicket(id, title) => {
                to(Method::PUT, format!("/api/tickets/{id}")).json(&json!({"title": title, "price": 20}))
            }
            Request::Order(ticket) => {
                to(Method::POST, "/api/orders".to_owned()).json(&json!({"ticketId": ticket}))
            }
            Request::Cancel(order) => to(Method::DELETE, format!("/api/orders/{order}")),
            Request::ShowTicket(id) => to(Method::GET, format!("/api/tickets/{id}")),
            Request::ShowOrder(id) => to(Method::GET, format!("/api/orders/{id}")),
        }
    }
}

/// The answer, and the epoch of its token; none if it was cut short.
async fn read(response: reqwest::Response) -> Option<(Answer, Option<String>)> {
    let status = response.status().as_u16();
    let token = response.headers().get("consistency-token").and_then(|token| token.to_str().ok());
    let (epoch, index) = match token.and_then(|token| token.split_once('-')) {
        Some((epoch, index)) => (Some(epoch.to_owned()), index.parse().ok()),
        None => (None, None),
    };
    let text = response.text().await.ok()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Some((Answer { status, index, body }, epoch))
}
