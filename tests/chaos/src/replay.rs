//! The log, applied once more from its beginning by the service's own state machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use boxoffice::domain::{Envelope, Reply, wire};
use boxoffice::machine::Machine;
use boxoffice::metrics::Metrics;
use boxoffice::store::View;
use boxoffice_raft::{Committed, LogTime, LoggedEntry, ReadView, StateMachine};
use redb::backends::InMemoryBackend;
use redb::{Database, Durability, ReadableDatabase};

/// Commands of one transaction, if nobody looks between them.
const BATCH: usize = 256;

/// What a command did.
pub(crate) struct Applied {
    pub(crate) envelope: Envelope,
    pub(crate) reply: Reply,
}

/// Applies `entries`, and calls `look` with the state after each of the indexes `looked_at`. Returns what each command
/// replied, by index.
pub(crate) fn replay(
    entries: &BTreeMap<u64, LoggedEntry>,
    looked_at: &BTreeSet<u64>,
    mut look: impl FnMut(u64, &dyn Fn() -> anyhow::Result<ReadView>) -> anyhow::Result<()>,
) -> anyhow::Result<BTreeMap<u64, Applied>> {
    let database = Database::builder().create_with_backend(InMemoryBackend::new())?;
    let mut machine = Machine::new(Arc::default(), Arc::default(), Arc::new(Metrics::default()));
    let (mut now, mut applied, mut batch) = (LogTime::default(), BTreeMap::new(), Vec::new());
    let mut apply = |batch: &mut Vec<Committed<'_>>| -> anyhow::Result<()> {
        let mut txn = database.begin_write()?;
        txn.set_durability(Durability::None)?;
        let replies = machine.apply(&txn, batch)?;
        txn.commit()?;
        for (committed, reply) in batch.drain(..).zip(replies) {
            let envelope = wire::decode_envelope(committed.command).context("a command of this version")?;
            applied.insert(committed.index, Applied { envelope, reply: wire::decode_reply(&reply)? });
        }
        Ok(())
    };
    for (index, entry) in entries {
        now = now.max(entry.stamp);
        if let Some(command) = &entry.command {
            batch.push(Committed { index: *index, at: now, command });
        }
        let is_looked_at = looked_at.contains(index);
        if is_looked_at || batch.len() >= BATCH {
            apply(&mut batch)?;
        }
        if is_looked_at {
            look(*index, &|| Ok(database.begin_read()?.into()))?;
        }
    }
    apply(&mut batch)?;
    Ok(applied)
}

/// The state of which `read` makes views, as the service sees it.
pub(crate) fn view(read: &dyn Fn() -> anyhow::Result<ReadView>) -> anyhow::Result<View> {
    Ok(View::new(read()?))
}
