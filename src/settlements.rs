//! Who waits for a payment to change, and the call that wakes the payment worker.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{oneshot, watch};

use crate::domain::PaymentId;

/// Wakes those who wait for payments. Nothing in here is state: whoever is woken reads the state again.
#[derive(Debug, Default)]
pub struct Settlements {
    waiting: Mutex<BTreeMap<PaymentId, Vec<oneshot::Sender<()>>>>,
    work: watch::Sender<()>,
}

impl Settlements {
    /// Resolves when the payment changes, or when it may have. Ask before reading the state, so that no
    /// change falls in between.
    pub fn changed(&self, payment: PaymentId) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waiters = waiting.entry(payment).or_default();
        // Those who gave up would otherwise stay until the payment changes.
        waiters.retain(|waiter| !waiter.is_closed());
        waiters.push(sender);
        receiver
    }

    /// Changes whenever there may be a charge or a refund to make.
    pub fn work(&self) -> watch::Receiver<()> {
        self.work.subscribe()
    }

    /// Wakes those who wait for these payments, and the workers.
    pub fn payments_changed(&self, payments: &[PaymentId]) {
        if payments.is_empty() {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for payment in payments {
            for waiter in waiting.remove(payment).into_iter().flatten() {
                // Somebody who gave up waiting needs no word.
                let _ = waiter.send(());
            }
        }
        drop(waiting);
        self.work.send_replace(());
    }

    /// Wakes everybody.
    pub fn everything_may_have_changed(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.work.send_replace(());
    }
}
