//! Events: everything that happens, as it happens or page by page.

use std::sync::Arc;
use std::time::Duration;

use poem::http::HeaderName;
use poem::{IntoResponse, Request, Response};
use poem_openapi::param::Query;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, OpenApi};
use tokio::time::{Instant, timeout_at};

use super::event_query::{EventParameters, EventQuery, Form, LastEventId, Start, TypeList};
use super::event_stream::{EVENT_STREAM, EventStream, Opening};
use super::event_view::{CloudEvent, EventRenderer};
use super::event_viewer::EventViewer;
use super::response::Page;
use super::{Tag, consistency, paging, refused};
use crate::domain::EventFilter;
use crate::events::NoPlace;
use crate::http::header::Header;
use crate::http::query::Unchecked;
use crate::http::{Problem, ProblemType, Refused};
use crate::replica::EventPosition;
use crate::service::Service;
use crate::store::{EventsKept, View};

/// How far a page looked; the next one resumes there.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Events that one page may look at: what bounds a page whose filter matches little.
const MAX_SCANNED_EVENTS: usize = 2_000;

/// When whoever has as many streams as one may should ask again.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(10);

/// Events that are read from the state at once.
const BATCH: usize = 100;

pub(super) struct Events {
    pub(super) service: Arc<Service>,
}

/// Events in one of two forms.
enum Following {
    Stream(Box<EventStream>),
    Page { page: Page<CloudEvent>, through: EventPosition },
}

impl IntoResponse for Following {
    fn into_response(self) -> Response {
        match self {
            Self::Stream(stream) => stream.into_response(),
            Self::Page { page, through } => {
                page.with_header(LAST_EVENT_ID, through.to_string()).into_response()
            }
        }
    }
}

impl ApiResponse for Following {
    fn meta() -> MetaResponses {
        let page = Page::<CloudEvent>::meta().responses.into_iter();
        let responses = page.map(|page| MetaResponse {
            description: "A stream whose events have one of these as `data` each, and its id as `id`; or a page of them",
            content: page
                .content
                .into_iter()
                .chain([MetaMediaType { content_type: EVENT_STREAM, schema: CloudEvent::schema_ref() }])
                .collect(),
            headers: page.headers.into_iter().chain([through()]).collect(),
            ..page
        });
        MetaResponses { responses: responses.collect() }
    }

    fn register(registry: &mut Registry) {
        Page::<CloudEvent>::register(registry);
    }
}

fn through() -> MetaHeader {
    MetaHeader {
        name: "Last-Event-ID".to_owned(),
        description: Some("How far a page looked".to_owned()),
        required: false,
        deprecated: false,
        schema: String::schema_ref(),
    }
}

refused! {
    OfFollowing: 400, 401, 403, 410, 429;
}

#[OpenApi(prefix_path = "/api/events", tag = "Tag::Events")]
impl Events {
    /// Follow what happens
    ///
    /// Events of tickets are for anybody; a user is also shown those of their own orders and payments, an operator's key
    /// with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who follows all
    /// types and finds another `version` than the last one and one has missed an event.
    ///
    /// The stream is one of server-sent events (`text/event-stream`), which browsers read with `EventSource`. It begins
    /// with the oldest event that is kept, goes on for as long as the client stays, and has a comment every 15 seconds.
    /// Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a repetition. A
    /// position that is older than what is kept, or of before a restore, gets an event named `reset` first, whose data
    /// has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the session or
    /// key does, when the replica stops, or when the client is too slow to take what there is.
    ///
    /// With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one of them looked,
    /// and `Link` leads to the next one if there is more to look at. A position that is too old is refused with 410.
    #[oai(path = "/", method = "get", operation_id = "followEvents")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    async fn follow(
        &self,
        request: &Request,
        viewer: EventViewer,
        /// The `id` of the last event that was received: those after it follow. It counts more than `after`
        #[oai(name = "Last-Event-ID")]
        last_event_id: Header<LastEventId>,
        /// The same as `Last-Event-ID`; `now` for what happens from now on
        #[oai(validator(pattern = "^(now|[0-9a-f]{16}-(0|[1-9][0-9]{0,18}))?$"))]
        after: Query<Unchecked<String>>,
        /// Events of these types only, separated by commas
        types: Query<Unchecked<TypeList>>,
        /// Events about this ticket, order or payment only
        #[oai(validator(pattern = "^((ticket|order|payment)_[0-7][0-9a-hjkmnp-tv-z]{25})?$"))]
        subject: Query<Unchecked<String>>,
        /// How many at most, of a page; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
    ) -> Result<Following, Refused<OfFollowing>> {
        let parameters = EventParameters { after, types, subject, limit };
        let query = parameters.into_query(viewer.viewer(), last_event_id.0, request.headers())?;
        let EventQuery { start, filter, form } = query;
        self.reach(request, start).await?;
        let view = self.service.replica.view()?;
        let kept = view.events_kept()?;
        match form {
            Form::Page { limit } => Ok(self.page(request, &view, kept, start, &filter, limit)?),
            Form::Stream => {
                let place = self.service.events.enter(viewer.holder(request))?;
                let follower = self.service.events.follow(place, filter, kept.newest);
                let opening = self.opening(start, kept);
                let service = self.service.clone();
                let stream = EventStream::new(service, viewer, follower, opening, kept.oldest);
                Ok(Following::Stream(Box::new(stream)))
            }
        }
    }
}

impl Events {
    /// Waits until this replica has what comes right after the position: the client saw it elsewhere.
    async fn reach(&self, request: &Request, start: Start) -> Result<(), Problem> {
        let Some(sequence) = self.known(start) else { return Ok(()) };
        let began = Instant::now();
        let mut news = self.service.event_signals.news();
        let waiting = async {
            while self.service.replica.view()?.events_kept()?.newest < sequence {
                if news.changed().await.is_err() {
                    break;
                }
            }
            Ok::<_, Problem>(())
        };
        if self.service.replica.view()?.events_kept()?.newest >= sequence {
            return Ok(());
        }
        let waited = timeout_at(consistency::wait_until(request), waiting).await;
        let outcome = if waited.is_ok() { "reached" } else { "gave_up" };
        self.service.metrics.waited("event", outcome, began.elapsed());
        waited.unwrap_or_else(|_| {
            let detail = format!("Event {sequence} is not here yet; nothing happened");
            Err(Problem::new(ProblemType::ReplicaBehind).detail(detail))
        })
    }

    /// The sequence that a client has seen already, if it is one of this history.
    fn known(&self, start: Start) -> Option<u64> {
        match start {
            Start::After(position) if position.epoch == self.service.replica.epoch() => {
                Some(position.sequence)
            }
            Start::After(_) | Start::Oldest | Start::Now => None,
        }
    }

    fn opening(&self, start: Start, kept: EventsKept) -> Opening {
        match (start, self.known(start)) {
            (Start::Oldest, _) => Opening::After(kept.oldest - 1),
            (Start::Now, _) => Opening::Now(kept.newest),
            (Start::After(_), Some(sequence)) if kept.has_all_after(sequence) => Opening::After(sequence),
            (Start::After(_), _) => Opening::Reset,
        }
    }

    fn page(
        &self,
        request: &Request,
        view: &View,
        kept: EventsKept,
        start: Start,
        filter: &EventFilter,
        limit: usize,
    ) -> Result<Following, Problem> {
        let at = |sequence| EventPosition { epoch: self.service.replica.epoch(), sequence };
        let mut through = match self.opening(start, kept) {
            Opening::After(sequence) | Opening::Now(sequence) => sequence,
            Opening::Reset => {
                let detail = format!("The oldest event that is kept is {}", at(kept.oldest));
                return Err(Problem::new(ProblemType::EventsForgotten).detail(detail));
            }
        };
        let renderer = EventRenderer::of(&self.service.replica);
        let (mut shown, mut scanned) = (Vec::new(), 0);
        while through < kept.newest && shown.len() < limit && scanned < MAX_SCANNED_EVENTS {
            let batch = view.events_after(through, BATCH)?;
            if batch.is_empty() {
                break;
            }
            for event in batch {
                if shown.len() == limit {
                    break;
                }
                (through, scanned) = (event.sequence, scanned + 1);
                shown.extend(
                    Some(event).filter(|event| filter.shows(event)).and_then(|event| renderer.render(event)),
                );
            }
        }
        let through = at(through);
        let link =
            (through.sequence < kept.newest).then(|| paging::link_after(request, &through.to_string()));
        Ok(Following::Page { page: Page::new(shown, link), through })
    }
}

impl From<NoPlace> for Problem {
    fn from(no_place: NoPlace) -> Self {
        match no_place {
            NoPlace::Full => Self::new(ProblemType::Unavailable)
                .detail("Too many follow the events of this replica: ask another one"),
            NoPlace::ShareTaken => Self::new(ProblemType::TooManyRequests)
                .detail("You follow the events of this replica as often as one may: end another stream first")
                .retry_after(BUSY_RETRY_AFTER),
        }
    }
}
