//! The replicated state machine: decode, apply, and write state, outbox and replies in one transaction.

use std::sync::Arc;

use boxoffice_raft::{ApplyError, Committed, StateMachine};
use bytes::Bytes;
use redb::WriteTransaction;

use crate::domain::{self, PaymentId, RejectionCode, Reply, wire};
use crate::metrics::Metrics;
use crate::payment_signals::PaymentSignals;
use crate::store::{StateTables, StoreError};

/// Applies Boxoffice's commands.
pub struct Machine {
    signals: Arc<PaymentSignals>,
    metrics: Arc<Metrics>,
    /// Payments that the batch under way has written.
    touched: Vec<PaymentId>,
}

impl Machine {
    /// A machine that tells `signals` which payments changed.
    pub fn new(signals: Arc<PaymentSignals>, metrics: Arc<Metrics>) -> Self {
        Self { signals, metrics, touched: Vec::new() }
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
        self.touched = tables.finish().map_err(storage_failed)?;
        Ok(replies)
    }

    fn committed(&mut self) {
        self.signals.payments_changed(&std::mem::take(&mut self.touched));
    }

    fn reset(&mut self) {
        self.signals.everything_may_have_changed();
    }
}

fn storage_failed(error: StoreError) -> ApplyError {
    match error {
        StoreError::Database(error) => ApplyError::Storage(Box::new(error)),
        damaged @ StoreError::DamagedRow { .. } => ApplyError::Damaged(damaged.to_string()),
        other @ StoreError::Unreadable(_) => ApplyError::Other(other.to_string()),
    }
}
