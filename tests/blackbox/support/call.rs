//! One request.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use reqwest::RequestBuilder;
use serde_json::Value;

use super::answer::Answer;
use super::fixtures::User;

/// A request that is sent when awaited.
pub(crate) struct Call {
    request: RequestBuilder,
    /// Method and path, for messages.
    what: String,
}

impl Call {
    pub(super) fn new(request: RequestBuilder, what: String) -> Self {
        Self { request, what }
    }

    /// Signed by this user's bearer token.
    pub(crate) fn by(self, user: &User) -> Self {
        self.bearer(&user.token)
    }

    /// Signed by any bearer token.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With one more header, which need not be ASCII.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value.as_bytes()), ..self }
    }

    /// With an idempotency key.
    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        Self { request: self.request.json(body), ..self }
    }

    /// With a body of any kind.
    pub(crate) fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self { request: self.request.header("content-type", content_type).body(body), ..self }
    }

    /// Sends it; an error is one of the connection.
    pub(crate) async fn attempt(self) -> Result<Answer, String> {
        let response = self.request.send().await.map_err(|error| format!("{error:?}"))?;
        Answer::read(self.what, response).await.map_err(|error| format!("{error:?}"))
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let what = self.what.clone();
            self.attempt().await.unwrap_or_else(|error| panic!("{what}: {error}"))
        })
    }
}
