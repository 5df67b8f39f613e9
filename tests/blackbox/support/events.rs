//! Streams of events, as a client reads them.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use super::server::Server;

/// Longer than a stream is ever silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open stream of events.
pub(crate) struct EventStream {
    response: reqwest::Response,
    text: String,
    /// The last id that came.
    pub(crate) last_id: Option<String>,
}

/// One event of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentEvent {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) data: Value,
}

impl Server {
    /// Opens a stream.
    #[track_caller]
    pub(crate) fn events(
        &self,
        query: &str,
        headers: &[(&str, &str)],
    ) -> impl Future<Output = EventStream> + use<> {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut request = client.request(Method::GET, format!("{}/api/events{query}", self.base()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        async move {
            let response = request.send().await.expect("it answers");
            assert_eq!(response.status(), 200, "a stream is opened");
            assert_eq!(response.headers()["content-type"], "text/event-stream");
            EventStream { response, text: String::new(), last_id: None }
        }
    }
}

impl EventStream {
    /// The next event; `None` if the stream ends before.
    pub(crate) async fn next(&mut self) -> Option<SentEvent> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let value = |name: &str| {
                    let mut lines = block.lines();
                    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    value.map(str::to_owned)
                };
                let id = value("id");
                self.last_id = id.clone().or(self.last_id.take());
                if let Some(data) = value("data") {
                    let data = serde_json::from_str(&data).expect("data is JSON");
                    return Some(SentEvent { id, name: value("event"), data });
                }
            }
            self.read().await?;
        }
    }

    /// The position that comes with the next sign of life, before any event.
    pub(crate) async fn position_of_comment(&mut self) -> String {
        loop {
            let comment = self.text.split_once(":\n").and_then(|(_, after)| after.split_once("\n\n"));
            if let Some((position, _)) = comment {
                assert!(!self.text.contains("data:"), "{}", self.text);
                return position.strip_prefix("id: ").expect("nothing but a position").to_owned();
            }
            self.read().await.expect("the stream goes on");
        }
    }

    async fn read(&mut self) -> Option<()> {
        let piece = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
        let piece = piece.expect("the stream says something").unwrap_or(None)?;
        self.text.push_str(std::str::from_utf8(&piece).expect("whole characters"));
        Some(())
    }

    /// The next events, so many.
    pub(crate) async fn take(&mut self, count: usize) -> Vec<SentEvent> {
        let mut events = Vec::new();
        while events.len() < count {
            events.push(self.next().await.expect("the stream goes on"));
        }
        events
    }
}

impl SentEvent {
    /// A text of what happened.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.data[name].as_str().unwrap_or_else(|| panic!("{name} of {self:?}"))
    }
}
