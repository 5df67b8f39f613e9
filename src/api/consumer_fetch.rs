//! Fetching for a consumer group: looking whether there is something to give, having it leased, and showing it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use rand::RngExt;
use tokio::sync::{Mutex as AsyncMutex, watch};
use tokio::time::{Instant, timeout_at};

use super::consumer_view::{DeliveriesView, DeliveryView, ResetView, lease_text};
use super::event_view::EventRenderer;
use super::refusal::unexpected;
use crate::domain::{
    Answer, Asker, Command, ConsumerGroup, FetchEvents, Fetched, Lease, MAX_PENDING_EVENTS, Principal,
    RESET_SEQUENCE,
};
use crate::events::{Holder, NoPlace, Places};
use crate::http::timestamp::Timestamp;
use crate::http::{Problem, ProblemType};
use crate::replica::{EventPosition, WAIT_LIMIT};
use crate::service::Service;
use crate::store::View;

/// Events and rows that one command may look at, so that it holds up other commands by a few milliseconds at most.
const LOOK_AT_MOST: u32 = 2_000;

/// Bytes of the events that one fetch is given, as the state holds them: several times as much as JSON.
const BYTES_AT_MOST: u64 = 1 << 20;

/// Events that are looked at on this replica before the group itself is to know that they do not concern it.
const LOOK_ALONE: u64 = 1_000;

/// Events that are read at once.
const READ_AT_ONCE: usize = 200;

/// Those who wait for events at the same time: a quarter of the requests that may be under way.
const MAX_WAITING: usize = 1_024;

/// Of those places an owner of groups may have one in so many, so that others can wait too.
const SHARE: usize = 8;

/// Before looking again at what is due: the clock here may be a little ahead of the one that decides.
const MIN_PAUSE_MS: u64 = 20;

/// When to ask again if as many wait as may.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Who fetches on this replica. One at a time of each group: who comes second would only learn that the first one has
/// all that there was.
pub(super) struct Fetches {
    groups: Mutex<BTreeMap<u64, Weak<AsyncMutex<()>>>>,
    waiting: Places,
}

/// What somebody wants to fetch.
pub(super) struct Wanted<'a> {
    pub(super) asker: Asker,
    pub(super) owner: Principal,
    pub(super) name: &'a str,
    pub(super) limit: u32,
    pub(super) until: Instant,
}

/// Whether there is something to give.
enum Outlook {
    Now,
    /// Not before something happens, or before this time on the replicated clock, in milliseconds.
    Later(Option<u64>),
}

/// How far a fetch has looked at the new events, and found none that concerns its group as it then was.
#[derive(Default)]
struct Looked {
    through: u64,
    group: u64,
    /// The group's types may change: what did not concern it may do so then.
    types: Vec<i32>,
}

impl Default for Fetches {
    fn default() -> Self {
        Self { groups: Mutex::default(), waiting: Places::new(MAX_WAITING, SHARE) }
    }
}

impl Fetches {
    /// Leases events, and waits for some if there are none.
    pub(super) async fn fetch(
        &self,
        service: &Service,
        wanted: &Wanted<'_>,
    ) -> Result<DeliveriesView, Problem> {
        let mut news = (service.event_signals.news(), service.event_signals.group_news());
        let mut looked = Looked::default();
        let mut place = None;
        loop {
            news.0.mark_unchanged();
            news.1.mark_unchanged();
            let group = group_of(service, wanted)?;
            let turn = self.turn(group.number);
            // Whoever gives up waiting for its turn has waited as long as it wanted to, or for a command.
            let held = timeout_at(wanted.until.max(Instant::now() + WAIT_LIMIT), turn.lock()).await;
            let outlook = match &held {
                Ok(_) => outlook(service, wanted, &mut looked)?,
                Err(_) => Outlook::Later(None),
            };
            if let Outlook::Now = outlook {
                let fetched = ask(service, wanted).await?;
                if !fetched.sequences.is_empty() || fetched.reset_to.is_some() {
                    return shown(service, fetched);
                }
                if fetched.looks_on && Instant::now() < wanted.until {
                    continue;
                }
            }
            drop(held);
            if Instant::now() >= wanted.until || service.events.is_closing() {
                return Ok(DeliveriesView { deliveries: Vec::new(), leased_until: None, reset: None });
            }
            if place.is_none() {
                let holder = Some(Holder::Principal(wanted.owner));
                place = Some(self.waiting.take(holder).map_err(too_many)?);
            }
            let due_ms = match outlook {
                Outlook::Later(due_ms) => due_ms,
                Outlook::Now => next_due_ms(&service.replica.view()?, &group)?,
            };
            wait(service, wanted, due_ms, &mut news).await;
        }
    }

    /// What those who fetch for this group take turns by.
    fn turn(&self, group: u64) -> Arc<AsyncMutex<()>> {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = groups.get(&group).and_then(Weak::upgrade) {
            return turn;
        }
        groups.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(AsyncMutex::new(()));
        groups.insert(group, Arc::downgrade(&turn));
        turn
    }
}

/// The group as this replica has it.
fn group_of(service: &Service, wanted: &Wanted<'_>) -> Result<ConsumerGroup, Problem> {
    let group = service.replica.view()?.consumer_group(wanted.owner, wanted.name)?;
    group.ok_or_else(|| Problem::new(ProblemType::NotFound).detail("There is no such consumer group"))
}

/// Looks at this replica's state whether a fetch would be given something. A command is proposed only then.
fn outlook(service: &Service, wanted: &Wanted<'_>, looked: &mut Looked) -> Result<Outlook, Problem> {
    let view = service.replica.view()?;
    let group = view.consumer_group(wanted.owner, wanted.name)?;
    let group =
        group.ok_or_else(|| Problem::new(ProblemType::NotFound).detail("There is no such consumer group"))?;
    let due_ms = next_due_ms(&view, &group)?;
    let is_due = due_ms.is_some_and(|due_ms| due_ms <= service.replica.now_ms());
    let mut is_new = || group.pending < MAX_PENDING_EVENTS && has_news(&view, &group, looked);
    if is_due || !view.events_kept()?.has_all_after(group.cursor) || is_new() {
        return Ok(Outlook::Now);
    }
    Ok(Outlook::Later(due_ms))
}

/// When something is to be given again, if nothing happens before.
fn next_due_ms(view: &View, group: &ConsumerGroup) -> Result<Option<u64>, Problem> {
    let reset_ms = group.reset.map(|reset| reset.until_ms);
    Ok(view.first_due_ms(group.number)?.into_iter().chain(reset_ms).min())
}

/// Whether a new event concerns the group; also if so many do not that its cursor is to go on, or if that cannot be read.
fn has_news(view: &View, group: &ConsumerGroup, looked: &mut Looked) -> bool {
    let filter = group.filter();
    let is_another = looked.group != group.number || looked.types != group.types;
    if is_another || looked.through < group.cursor {
        *looked = Looked { through: group.cursor, group: group.number, types: group.types.clone() };
    }
    loop {
        let Ok(events) = view.events_after(looked.through, READ_AT_ONCE) else { return true };
        let Some(last) = events.last() else { return false };
        if events.iter().any(|event| filter.shows(event)) || last.sequence - group.cursor > LOOK_ALONE {
            return true;
        }
        looked.through = last.sequence;
    }
}

/// Waits for new events, for others that are ready, until one is due, or for as long as is wanted.
async fn wait(
    service: &Service,
    wanted: &Wanted<'_>,
    due_ms: Option<u64>,
    news: &mut (watch::Receiver<()>, watch::Receiver<()>),
) {
    let now_ms = service.replica.now_ms();
    let due = due_ms.map(|due_ms| {
        Instant::now() + Duration::from_millis(due_ms.saturating_sub(now_ms).max(MIN_PAUSE_MS))
    });
    let until = due.map_or(wanted.until, |due| due.min(wanted.until));
    let _ = timeout_at(until, async {
        tokio::select! {
            _ = news.0.changed() => {}
            _ = news.1.changed() => {}
            () = service.events.closed() => {}
        }
    })
    .await;
}

fn too_many(no_place: NoPlace) -> Problem {
    let detail = match no_place {
        NoPlace::Full => "Too many wait for events on this replica",
        NoPlace::ShareTaken => "As many fetches for your groups wait on this replica as may",
    };
    Problem::new(ProblemType::TooManyRequests).detail(detail).retry_after(BUSY_RETRY_AFTER)
}

/// Has events leased.
async fn ask(service: &Service, wanted: &Wanted<'_>) -> Result<Fetched, Problem> {
    let fetch = FetchEvents {
        name: wanted.name.to_owned(),
        fetch: rand::rng().random_range(1..=u64::MAX),
        limit: wanted.limit,
        look_at_most: LOOK_AT_MOST,
        bytes_at_most: BYTES_AT_MOST,
    };
    let submitted = service.replica.submit(wanted.asker, None, Command::FetchEvents(fetch)).await?;
    let answer = submitted.result?;
    let Answer::Fetched(fetched) = answer else { return Err(unexpected(&answer)) };
    // This replica need not have applied it yet: another one leads. If it does not catch up, what was read before it may
    // do as well.
    let caught_up = service.replica.wait_for(submitted.index, Instant::now() + WAIT_LIMIT).await;
    let view = service.replica.view()?;
    let has_all = match fetched.sequences.last() {
        Some(last) => view.events_kept()?.newest >= *last,
        None => true,
    };
    match caught_up {
        Err(behind) if !has_all => Err(behind.into()),
        _ => Ok(fetched),
    }
}

/// What was leased, as clients see it. What is not under way any more, because the lease ran out just now, is left out.
fn shown(service: &Service, fetched: Fetched) -> Result<DeliveriesView, Problem> {
    let view = service.replica.view()?;
    let renderer = EventRenderer::of(&service.replica);
    let mut deliveries = Vec::with_capacity(fetched.sequences.len());
    for (&sequence, &attempt) in fetched.sequences.iter().zip(&fetched.attempts) {
        let event = view.event_of_group(fetched.group, sequence)?;
        if let Some(event) = event.and_then(|event| renderer.render(event)) {
            let lease = lease_text(fetched.group, Lease::new(sequence, fetched.fetch));
            deliveries.push(DeliveryView { lease, attempt, event });
        }
    }
    let epoch = service.replica.epoch();
    let reset = |oldest| ResetView {
        oldest: EventPosition { epoch, sequence: oldest }.to_string(),
        lease: lease_text(fetched.group, Lease::new(RESET_SEQUENCE, fetched.fetch)),
    };
    Ok(DeliveriesView {
        leased_until: (!deliveries.is_empty()).then_some(Timestamp { unix_ms: fetched.leased_until_ms }),
        reset: fetched.reset_to.map(reset),
        deliveries,
    })
}
