//! How much of the log is kept: no more bytes than its budget, nothing that is very old, and of the rest what somebody
//! may still want. Nothing goes that the durable state does not have.

use std::sync::{Arc, Weak};
use std::time::Duration;

use openraft::EntryPayload;
use openraft::async_runtime::watch::WatchReceiver;
use redb::ReadOnlyTable;

use crate::inner::{Inner, PeerSide};
use crate::log_size::LogSize;
use crate::log_store::{LogStore, decode};
use crate::log_thread::ENTRIES;
use crate::log_time::LogTime;
use crate::options::Options;
use crate::storage::StorageError;
use crate::types::{Entry, next_index};

/// Looks for old entries so often, and for what could not be purged the last time.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// From one look to the next, for each reads a part of the log; and while nothing can be purged, as the consensus
/// engine keeps what is being sent just now.
const PAUSE: Duration = Duration::from_millis(10);
const LONG_PAUSE: Duration = Duration::from_secs(1);
/// Of a budget that was exceeded, this part is freed, so that not every entry has the next one purged.
const FREED_PART: u64 = 16;
/// Making the state durable takes this long at most, unless the disk hangs.
const SNAPSHOT_LIMIT: Duration = Duration::from_secs(30);
/// Records that are looked at without letting others run.
const STEP: usize = 1024;

/// How much of the log is kept.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Retention {
    max_bytes: u64,
    max_age: Duration,
    entries: u64,
    slack_entries: u64,
}

/// What the log is like. An index says from where on the log would have to be kept for one reason; 0 is all of it.
#[derive(Copy, Clone, Debug, Default)]
struct Seen {
    /// Of the first entry.
    first: u64,
    /// Of the last one.
    last: u64,
    /// Of the first one that is not applied.
    unapplied: u64,
    /// From here on it is within its budget.
    fits: u64,
    /// From here on it is young.
    young: u64,
    /// A live replica needs it from here on.
    needed: Option<u64>,
}

impl Retention {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            max_bytes: options.log_max_bytes,
            max_age: options.log_max_age,
            entries: options.keep_log_entries,
            slack_entries: options.purge_slack_entries,
        }
    }

    /// The first entry to keep, if there are others before it that can go. The last one always stays: a log without
    /// entries says nothing to replicas that want to compare theirs with it.
    fn first_to_keep(&self, seen: &Seen) -> Option<u64> {
        let length = (seen.last + 1).saturating_sub(seen.first);
        let is_long = length > self.entries.saturating_add(self.slack_entries);
        let short = if is_long { (seen.last + 1).saturating_sub(self.entries) } else { 0 };
        let unwanted = short.max(seen.young).min(seen.needed.unwrap_or(u64::MAX));
        let kept = unwanted.max(seen.fits).min(seen.unapplied).min(seen.last);
        (kept > seen.first).then_some(kept)
    }

    /// Bytes that may stay once the budget is exceeded.
    fn target_bytes(&self) -> u64 {
        self.max_bytes - self.max_bytes / FREED_PART
    }
}

/// Purges what a replica that was restarted has too much of, and goes on to until the engine is gone.
///
/// # Errors
/// When the log can't be read.
pub(crate) async fn start(engine: &Arc<Inner>) -> Result<(), StorageError> {
    purge(engine).await?;
    tokio::spawn(keep(Arc::downgrade(engine), engine.log.size().clone()));
    Ok(())
}

async fn keep(engine: Weak<Inner>, size: Arc<LogSize>) {
    loop {
        // Whatever woke it: it is looked at all the same.
        tokio::time::timeout(LOOK_EVERY, size.too_long()).await.ok();
        let Some(engine) = engine.upgrade() else { return };
        if engine.has_stopped() {
            return;
        }
        let before = engine.log.first();
        let asked = match purge(&engine).await {
            Ok(asked) => asked,
            Err(StorageError::Closed { .. }) => return,
            Err(error) => return engine.health.fail_of(&error),
        };
        tokio::time::sleep(PAUSE).await;
        let stuck = asked && engine.log.first() == before;
        drop(engine);
        if stuck {
            tokio::time::sleep(LONG_PAUSE).await;
        }
    }
}

/// Asks the consensus engine to purge what there is too much of, if there is.
async fn purge(engine: &Inner) -> Result<bool, StorageError> {
    let seen = look(engine).await?;
    let Some(kept) = engine.retention.first_to_keep(&seen) else { return Ok(false) };
    let upto = kept - 1;
    // The consensus engine purges no further than its newest snapshot, and taking one makes the state durable. If it
    // has ended, there is nothing more to do.
    let covered = |snapshot: Option<u64>| snapshot.is_some_and(|index| index >= upto);
    let newest = engine.raft.metrics().borrow_watched().snapshot.map(|id| id.index);
    if !covered(newest) {
        if engine.raft.trigger().snapshot().await.is_err() {
            return Ok(false);
        }
        let wait = engine.raft.wait(Some(SNAPSHOT_LIMIT));
        let taken =
            wait.metrics(|now| covered(now.snapshot.map(|id| id.index)), "a snapshot to purge behind");
        if taken.await.is_err() {
            return Ok(false);
        }
    }
    Ok(engine.raft.trigger().purge_log(upto).await.is_ok())
}

async fn look(engine: &Inner) -> Result<Seen, StorageError> {
    let log = &engine.log;
    let Some(last) = log.last() else { return Ok(Seen::default()) };
    let oldest = engine.log_time().as_millis().saturating_sub(millis(engine.retention.max_age));
    Ok(Seen {
        first: log.first(),
        last: last.index,
        unapplied: next_index(engine.state.shared().last_applied()),
        fits: first_that_fits(log, &engine.retention).await?,
        young: first_young(log, LogTime::from_millis(oldest)).await?,
        needed: first_needed(engine),
    })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The first entry that a replica which answers still needs, if this one leads and has it. One that lacks entries from
/// before the log gets the state, and then needs what comes after it.
fn first_needed(engine: &Inner) -> Option<u64> {
    let PeerSide { peers, .. } = engine.side.as_ref()?;
    let metrics = engine.raft.metrics();
    let metrics = metrics.borrow_watched();
    let replication = metrics.replication.as_ref()?;
    let answering = replication.iter().filter(|(id, _)| !peers.directory().is_silent(**id));
    let needed = answering.map(|(id, matched)| {
        let sent = peers.sending(*id).map(|last| last + 1);
        sent.unwrap_or_else(|| next_index(*matched))
    });
    let first = engine.log.first();
    needed.filter(|needed| *needed >= first).min()
}

/// The first entry with which the log is well within its budget again, if it has exceeded it. What was purged and is not
/// yet gone from the file counts, and goes first.
async fn first_that_fits(log: &LogStore, retention: &Retention) -> Result<u64, StorageError> {
    let bytes = log.size().bytes();
    if bytes <= retention.max_bytes {
        return Ok(0);
    }
    let mut excess = bytes - retention.target_bytes();
    walk(log, 0, |_, record| {
        let goes = excess > 0;
        excess = excess.saturating_sub(record.len() as u64);
        Ok(goes)
    })
    .await
}

/// The entry after the last one that was proposed before `oldest`; 0 if none was. What has no time is as old as what
/// comes after it.
async fn first_young(log: &LogStore, oldest: LogTime) -> Result<u64, StorageError> {
    let mut young = 0;
    walk(log, log.first(), |index, record| {
        let age = age(&decode(log.file(), index, record)?, oldest);
        if age == Age::Old {
            young = index + 1;
        }
        Ok(age != Age::Young)
    })
    .await?;
    Ok(young)
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Age {
    Old,
    Young,
    Unknown,
}

fn age(entry: &Entry, oldest: LogTime) -> Age {
    match &entry.payload {
        EntryPayload::Normal(proposal) if proposal.stamp < oldest => Age::Old,
        EntryPayload::Normal(_) => Age::Young,
        EntryPayload::Blank | EntryPayload::Membership(_) => Age::Unknown,
    }
}

/// The first entry in the file from `start` on at which `goes` is false; the one after the last if it never is.
async fn walk(
    log: &LogStore,
    start: u64,
    mut goes: impl FnMut(u64, &[u8]) -> Result<bool, StorageError>,
) -> Result<u64, StorageError> {
    let Some(table) = log.file().table(ENTRIES)? else { return Ok(start) };
    let mut next = start;
    loop {
        let before = next;
        if let Some(stays) = step(log, &table, &mut next, &mut goes)? {
            return Ok(stays);
        }
        if next == before {
            return Ok(next);
        }
        tokio::task::yield_now().await;
    }
}

fn step(
    log: &LogStore,
    table: &ReadOnlyTable<u64, &'static [u8]>,
    next: &mut u64,
    goes: &mut impl FnMut(u64, &[u8]) -> Result<bool, StorageError>,
) -> Result<Option<u64>, StorageError> {
    let failed = |e: redb::StorageError| log.file().failed(e);
    for row in table.range(*next..).map_err(failed)?.take(STEP) {
        let (index, record) = row.map_err(failed)?;
        if !goes(index.value(), record.value())? {
            return Ok(Some(index.value()));
        }
        *next = index.value() + 1;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETENTION: Retention =
        Retention { max_bytes: 1600, max_age: Duration::from_secs(1), entries: 100, slack_entries: 50 };

    fn kept(seen: Seen) -> Option<u64> {
        RETENTION.first_to_keep(&seen)
    }

    #[test]
    fn a_short_young_log_within_its_budget_is_kept() {
        let seen = Seen { first: 10, last: 150, unapplied: 151, ..Seen::default() };
        assert_eq!(kept(seen), None);
        assert_eq!(kept(Seen { fits: 10, young: 10, ..seen }), None);
        assert_eq!(kept(Seen::default()), None, "nor one without entries");
    }

    #[test]
    fn a_long_log_is_cut_to_what_is_useful() {
        let seen = Seen { first: 10, last: 199, unapplied: 200, ..Seen::default() };
        assert_eq!(kept(seen), Some(100));
        assert_eq!(kept(Seen { needed: Some(60), ..seen }), Some(60), "somebody is further behind");
        assert_eq!(kept(Seen { needed: Some(10), ..seen }), None);
        assert_eq!(kept(Seen { needed: Some(180), ..seen }), Some(100));
    }

    #[test]
    fn what_is_old_goes_unless_somebody_needs_it() {
        let seen = Seen { first: 10, last: 40, unapplied: 41, young: 30, ..Seen::default() };
        assert_eq!(kept(seen), Some(30));
        assert_eq!(kept(Seen { needed: Some(20), ..seen }), Some(20));
        assert_eq!(kept(Seen { young: 41, ..seen }), Some(40), "the last one stays");
    }

    #[test]
    fn the_budget_holds_whoever_needs_more() {
        let seen = Seen { first: 10, last: 40, unapplied: 41, fits: 35, needed: Some(12), ..Seen::default() };
        assert_eq!(kept(seen), Some(35));
        assert_eq!(kept(Seen { unapplied: 33, ..seen }), Some(33), "but not what the state does not have");
        assert_eq!(kept(Seen { unapplied: 5, ..seen }), None);
        assert_eq!(RETENTION.target_bytes(), 1500);
    }
}
