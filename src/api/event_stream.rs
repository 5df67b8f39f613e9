//! A stream of events, as server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use poem::{Body, Response};
use poem_openapi::types::ToJSON;
use tokio::time::{Instant, sleep_until};

use super::event_view::EventRenderer;
use super::event_viewer::EventViewer;
use crate::domain::Event;
use crate::events::{Follower, News};
use crate::http::Endless;
use crate::replica::EventPosition;
use crate::service::Service;
use crate::store::StoreError;

/// The media type of the stream.
pub(super) const EVENT_STREAM: &str = "text/event-stream";

/// How long a stream is silent at most: what is between it and its client does not take it for dead, and it finds out
/// itself when the client is.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How soon a client is asked to come back when its stream breaks off.
const RETRY_MS: u64 = 1_000;

/// Events that are read from the state at once.
const PAGE: usize = 128;

/// Where a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// After this sequence, which the client knows, or does not have to.
    After(u64),
    /// After this sequence, which the client is told: it would not know where to resume before the first event.
    Now(u64),
    /// With the oldest that is kept: what the client wants is not kept any more, or of another history.
    Reset,
}

/// A stream that is being sent.
pub(super) struct EventStream {
    service: Arc<Service>,
    viewer: EventViewer,
    follower: Follower,
    renderer: EventRenderer,
    /// All up to this sequence was sent, or is not for this client.
    seen: u64,
    /// The last sequence that the client was told.
    told: u64,
    /// What is to be sent next.
    ready: VecDeque<Bytes>,
    /// When to give a sign of life, if nothing happens.
    heartbeat_at: Instant,
}

impl EventStream {
    pub(super) fn new(
        service: Arc<Service>,
        viewer: EventViewer,
        follower: Follower,
        opening: Opening,
        oldest: u64,
    ) -> Self {
        let mut stream = Self {
            renderer: EventRenderer::of(&service.replica),
            service,
            viewer,
            follower,
            seen: 0,
            told: 0,
            ready: VecDeque::from([format!("retry: {RETRY_MS}\n\n").into()]),
            heartbeat_at: Instant::now() + HEARTBEAT,
        };
        match opening {
            Opening::After(sequence) => (stream.seen, stream.told) = (sequence, sequence),
            Opening::Now(sequence) => {
                stream.seen = sequence;
                stream.tell_position();
            }
            Opening::Reset => stream.reset(oldest),
        }
        stream
    }

    /// The answer that sends it.
    pub(super) fn into_response(self: Box<Self>) -> Response {
        let pieces = stream::unfold(self, |mut stream| async {
            let piece = stream.next().await?;
            Some((Ok::<_, std::io::Error>(piece), stream))
        });
        Response::builder()
            .content_type(EVENT_STREAM)
            // Proxies that gather answers before they pass them on are asked not to.
            .header("X-Accel-Buffering", "no")
            .extension(Endless)
            .body(Body::from_bytes_stream(pieces))
    }

    /// What is to be sent next; `None` when it is over.
    async fn next(&mut self) -> Option<Bytes> {
        let piece = match self.next_piece().await {
            Ok(piece) => piece,
            Err(error) => {
                // The client comes back, and is told.
                tracing::error!(%error, "a stream of events cannot go on");
                None
            }
        };
        self.heartbeat_at = Instant::now() + HEARTBEAT;
        piece
    }

    async fn next_piece(&mut self) -> Result<Option<Bytes>, StoreError> {
        loop {
            if self.follower.is_closing() {
                return Ok(None);
            }
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            match self.follower.news_after(self.seen) {
                News::Events { events, through } => {
                    let renderer = self.renderer;
                    let texts = events.iter().map(|recent| recent.text(|event| text_of(renderer, event)));
                    self.ready.extend(texts);
                    self.told = events.last().map_or(self.told, |last| last.event.sequence);
                    self.seen = through;
                }
                News::InTheState { after } => self.read_state(after)?,
                News::Nothing { through } => {
                    self.seen = through;
                    if self.wait().await {
                        self.give_sign_of_life();
                    }
                }
            }
            // Also before what is ready is sent: nothing is shown once it is known that it may not be.
            if !self.ready.is_empty() && !self.viewer.still_may(&self.service)? {
                return Ok(None);
            }
            self.follower.note_shown(self.ready.len());
            tokio::task::consume_budget().await;
        }
    }

    /// Whether it is time for a sign of life, and nothing else came before that.
    async fn wait(&self) -> bool {
        tokio::select! {
            () = self.follower.closing() => false,
            () = self.follower.woken() => false,
            () = sleep_until(self.heartbeat_at) => true,
        }
    }

    /// A comment, and how far the stream is if that is further than the client knows: it resumes there.
    fn give_sign_of_life(&mut self) {
        self.ready.push_back(Bytes::from_static(b":\n"));
        self.seen = self.follower.seen_by_now(self.seen);
        if self.seen > self.told {
            self.tell_position();
        }
    }

    /// Takes the next events from the state.
    fn read_state(&mut self, after: u64) -> Result<(), StoreError> {
        let view = self.service.replica.view()?;
        let kept = view.events_kept()?;
        if !kept.has_all_after(after) {
            self.reset(kept.oldest);
            return Ok(());
        }
        self.seen = after;
        for event in view.events_after(after, PAGE)? {
            self.seen = event.sequence;
            if self.follower.filter().shows(&event) {
                self.told = event.sequence;
                self.ready.push_back(text_of(self.renderer, &event));
            }
        }
        Ok(())
    }

    /// Says that there is a gap, and goes on at the oldest event that is kept.
    fn reset(&mut self, oldest: u64) {
        let before = oldest.saturating_sub(1);
        let (oldest, id) = (self.position(oldest), self.position(before));
        let text = format!("id: {id}\nevent: reset\ndata: {{\"oldest\":\"{oldest}\"}}\n\n");
        self.ready.push_back(text.into());
        (self.seen, self.told) = (before, before);
    }

    /// Tells the client how far it is, which is no event to it.
    fn tell_position(&mut self) {
        self.ready.push_back(format!("id: {}\n\n", self.position(self.seen)).into());
        self.told = self.seen;
    }

    fn position(&self, sequence: u64) -> EventPosition {
        EventPosition { epoch: self.service.replica.epoch(), sequence }
    }
}

/// An event of the stream. It has no name of its own, so that whoever listens is given events of all types.
fn text_of(renderer: EventRenderer, event: &Event) -> Bytes {
    let Some(shown) = renderer.render(event.clone()) else { return Bytes::new() };
    format!("id: {}\ndata: {}\n\n", shown.id(), shown.to_json_string()).into()
}
