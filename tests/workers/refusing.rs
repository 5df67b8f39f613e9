//! A state machine that refuses what it is told to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use boxoffice::domain::{Actor, Command, Hold, wire};
use boxoffice::machine::Machine;
use boxoffice::store::hold_sales;
use boxoffice_raft::{ApplyError, Committed, StateMachine};
use bytes::Bytes;
use redb::WriteTransaction;

/// Which commands are refused, how many were, and what comes to hold sales.
#[derive(Clone, Default)]
pub(crate) struct Refusals(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    which: Option<fn(&Command) -> bool>,
    refused: u32,
    hold: Option<Hold>,
}

/// The machine, behind somebody who refuses.
pub(crate) struct Refusing {
    pub(crate) machine: Machine,
    pub(crate) refusals: Refusals,
}

impl Refusals {
    /// Refuses these from now on, and counts from the start.
    pub(crate) fn begin(&self, which: fn(&Command) -> bool) {
        let mut told = self.lock();
        (told.which, told.refused) = (Some(which), 0);
    }

    /// Has sales held from before the next command on, as a restore does: not by a command.
    pub(crate) fn hold_sales(&self, hold: Hold) {
        self.lock().hold = Some(hold);
    }

    pub(crate) fn end(&self) {
        self.lock().which = None;
    }

    pub(crate) fn count(&self) -> u32 {
        self.lock().refused
    }

    /// The command as it is to be applied: one that is refused comes from somebody who is not signed in.
    fn pass_on(&self, command: &[u8]) -> Vec<u8> {
        let mut envelope = wire::decode_envelope(command).expect("this version wrote it");
        let mut told = self.lock();
        if told.which.zip(envelope.command.as_ref()).is_some_and(|(which, command)| which(command)) {
            told.refused += 1;
            envelope.actor = Some(Actor::default());
        }
        wire::encode_envelope(&envelope)
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateMachine for Refusing {
    fn apply(&mut self, txn: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
        if let Some(hold) = self.refusals.lock().hold.take() {
            hold_sales(txn, &hold).expect("memory does not fail");
        }
        let commands: Vec<_> =
            batch.iter().map(|committed| self.refusals.pass_on(committed.command)).collect();
        let batch: Vec<_> = batch
            .iter()
            .zip(&commands)
            .map(|(committed, command)| Committed { command, ..*committed })
            .collect();
        self.machine.apply(txn, &batch)
    }

    fn committed(&mut self) {
        self.machine.committed();
    }

    fn reset(&mut self) {
        self.machine.reset();
    }
}
