//! How new the state has to be that a request is answered from, and how new the one was that it was answered
//! from: `Consistency`, `Consistency-Token`, `Consistency-Age-Ms`. One endpoint around all operations, so that
//! none of them has to know.

mod asked;
mod document;

use std::io::Write;
use std::sync::Arc;

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use tokio::time::Instant;

use self::asked::{Asked, Level};
pub(super) use self::document::Documented;
use super::cookie;
use crate::http::{AnswerHeaders, Problem};
use crate::replica::shown::{self, Shown};
use crate::replica::{ConsistencyToken, NotYet, WAIT_LIMIT};
use crate::service::Service;

const CONSISTENCY_TOKEN: HeaderName = HeaderName::from_static("consistency-token");
const CONSISTENCY_AGE_MS: HeaderName = HeaderName::from_static("consistency-age-ms");

/// The cookie with the token of the browser's last write, and the one with that of its last read. Were they one,
/// the answer to a slow read would take back what a write has set meanwhile.
const WRITTEN_COOKIE: &str = "consistency-written";
const SEEN_COOKIE: &str = "consistency-seen";

/// What somebody waits for, in metrics.
pub(super) const FOR_TOKEN: &str = "token";
pub(super) const FOR_SESSION: &str = "session";
const FOR_NEWEST: &str = "newest";

/// Operations or pages, each answered from a state that is as new as was asked for.
pub(crate) struct Consistent<E> {
    pub(crate) service: Arc<Service>,
    /// Says of a path whether it shows the state.
    pub(crate) covers: fn(&str) -> bool,
    pub(crate) inner: E,
}

/// Until when a request may wait, where that is decided already: one that did wait for one thing, and one that
/// may not.
#[derive(Clone, Copy)]
struct WaitUntil(Instant);

impl<E: Endpoint> Endpoint for Consistent<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if !(self.covers)(request.uri().path()) {
            return self.inner.call(request).await.map(IntoResponse::into_response);
        }
        let asked = Asked::of(request.headers(), self.service.replica.epoch());
        let age_ms = (asked.level == Level::Local).then(|| self.service.replica.age_ms()).flatten();
        let (answer, shown) = shown::watching(async {
            self.catch_up(&asked, &mut request).await?;
            self.inner.call(request).await.map(IntoResponse::into_response)
        })
        .await;
        self.tell(&asked, age_ms, shown, answer)
    }
}

impl<E> Consistent<E> {
    /// Waits until this replica can show what the request has to be shown.
    async fn catch_up(&self, asked: &Asked, request: &mut Request) -> Result<(), Problem> {
        if let Some(fault) = &asked.fault {
            return Err(fault.clone());
        }
        let until = match asked.level {
            Level::Session if self.service.replica.has_applied(asked.index) => return Ok(()),
            Level::Local => Instant::now(),
            Level::Session | Level::Strong => Instant::now() + WAIT_LIMIT,
        };
        request.extensions_mut().insert(WaitUntil(until));
        match asked.level {
            Level::Local => Ok(()),
            Level::Session => applied(&self.service, FOR_TOKEN, asked.index, until).await,
            Level::Strong => {
                measured(&self.service, FOR_NEWEST, self.service.replica.wait_for_newest(until)).await?;
                // What the token names is acknowledged, and so applied by now, unless it is made up.
                applied(&self.service, FOR_TOKEN, asked.index, until).await
            }
        }
    }

    /// Adds to an answer what it shows.
    fn tell(
        &self,
        asked: &Asked,
        age_ms: Option<u64>,
        shown: Shown,
        answer: poem::Result<Response>,
    ) -> poem::Result<Response> {
        match answer {
            Ok(mut response) => {
                self.add_headers(response.headers_mut(), asked, age_ms, shown);
                Ok(response)
            }
            Err(mut error) => {
                let mut headers = HeaderMap::new();
                self.add_headers(&mut headers, asked, age_ms, shown);
                error.set_data(AnswerHeaders(headers));
                Err(error)
            }
        }
    }

    fn add_headers(&self, headers: &mut HeaderMap, asked: &Asked, age_ms: Option<u64>, shown: Shown) {
        // Whoever keeps the last answer's token only must not lose what they had seen before.
        let index = shown.index().max(asked.index);
        let token = ConsistencyToken { epoch: self.service.replica.epoch(), index };
        headers.insert(CONSISTENCY_TOKEN, header_value(token));
        if let Some(age_ms) = age_ms {
            headers.insert(CONSISTENCY_AGE_MS, age_ms.into());
        }
        // What a request names may be made up, and a cookie would name it again with each request to come.
        let token = ConsistencyToken { index: shown.index(), ..token };
        if let Some(browser) = asked.browser.as_ref().filter(|browser| token.index > browser.index) {
            let name = if shown.written > 0 { WRITTEN_COOKIE } else { SEEN_COOKIE };
            let cookie = cookie::set(name, &token.to_string(), None, browser.is_secure);
            headers.append(header::SET_COOKIE, HeaderValue::try_from(cookie).expect("visible ASCII"));
        }
    }
}

/// Until when this request may wait for something.
pub(super) fn wait_until(request: &Request) -> Instant {
    request.data::<WaitUntil>().map_or_else(|| Instant::now() + WAIT_LIMIT, |until| until.0)
}

/// Waits until this replica has applied the entry at `index`.
///
/// # Errors
/// A 503 if it has not in time, or too many wait already.
pub(super) async fn applied(
    service: &Service,
    what: &'static str,
    index: u64,
    until: Instant,
) -> Result<(), Problem> {
    if service.replica.has_applied(index) {
        return Ok(());
    }
    measured(service, what, service.replica.wait_for(index, until)).await
}

async fn measured(
    service: &Service,
    what: &'static str,
    wait: impl Future<Output = Result<(), NotYet>>,
) -> Result<(), Problem> {
    let began = Instant::now();
    let waited = wait.await;
    let outcome = match waited {
        Ok(()) => "reached",
        Err(NotYet::Behind { .. } | NotYet::NoLeader) => "gave_up",
        Err(NotYet::TooMany) => "turned_away",
        Err(NotYet::Stopped) => "stopped",
    };
    service.metrics.waited(what, outcome, began.elapsed());
    Ok(waited?)
}

/// The token as a header has it. Every answer has one: it is written in place, not built up in memory of its own.
fn header_value(token: ConsistencyToken) -> HeaderValue {
    let mut text = [0; ConsistencyToken::MAX_CHARS];
    let mut free = text.as_mut_slice();
    write!(free, "{token}").expect("there is room for the longest");
    let length = ConsistencyToken::MAX_CHARS - free.len();
    HeaderValue::from_bytes(&text[..length]).expect("hexadecimal digits and a hyphen")
}
