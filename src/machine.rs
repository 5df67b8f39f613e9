//! The replicated state machine: decode, apply, and write state, outbox and replies in one transaction.

use std::sync::Arc;

use boxoffice_raft::{ApplyError, Committed, StateMachine};
use bytes::Bytes;
use redb::WriteTransaction;

use crate::domain::{self, RejectionCode, Reply, wire};
use crate::event_signals::EventSignals;
use crate::metrics::Metrics;
use crate::payment_signals::PaymentSignals;
use crate::store::{StateTables, StoreError, Written};

/// Applies Boxoffice's commands.
pub struct Machine {
    payments: Arc<PaymentSignals>,
    events: Arc<EventSignals>,
    metrics: Arc<Metrics>,
    /// What the batch under way has written.
    written: Written,
}

impl Machine {
    /// A machine that tells `payments` which payments changed, and `events` when there are new events.
    pub fn new(payments: Arc<PaymentSignals>, events: Arc<EventSignals>, metrics: Arc<Metrics>) -> Self {
        Self { payments, events, metrics, written: Written::default() }
    }

    /// An internal rejection is an invariant that held: nothing was written, and somebody must look.
    fn raise_alarm(&self, index: u64, reply: &Reply) {
        if let Some(rejection) = &reply.rejection
            && rejection.code() == RejectionCode::Internal
        {
            self.metrics.invariant_alarms.inc();
            tracing::error!(index, fault = rejection.fault, "a command was refused to keep the state sound");
        }
    }
}

impl StateMachine for Machine {
    fn apply(&mut self, txn: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
        let mut tables = StateTables::open(txn).map_err(storage_failed)?;
        let mut replies = Vec::with_capacity(batch.len());
        for committed in batch {
            let command = wire::decode_envelope(committed.command)
                .map_err(|error| ApplyError::Unknown { index: committed.index, reason: error.to_string() })?;
            let reply = domain::apply(&mut tables, &command, committed.at.as_millis());
            tables.check().map_err(storage_failed)?;
            self.raise_alarm(committed.index, &reply);
            replies.push(Bytes::from(wire::encode_reply(&reply)));
        }
        self.written = tables.finish().map_err(storage_failed)?;
        Ok(replies)
    }

    fn committed(&mut self) {
        let Written { payments, has_events, has_group_work } = std::mem::take(&mut self.written);
        self.payments.payments_changed(&payments);
        if has_events {
            self.events.events_came();
        }
        if has_group_work {
            self.events.groups_changed();
        }
    }

    fn reset(&mut self) {
        self.payments.everything_may_have_changed();
        self.events.events_came();
        self.events.groups_changed();
    }
}

fn storage_failed(error: StoreError) -> ApplyError {
    match error {
        StoreError::Database(error) => ApplyError::Storage(Box::new(error)),
        damaged @ StoreError::DamagedRow { .. } => ApplyError::Damaged(damaged.to_string()),
        other @ StoreError::Unreadable(_) => ApplyError::Other(other.to_string()),
    }
}
