//! Who waits for a payment to change, and the call that wakes the payment worker.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{oneshot, watch};

use crate::domain::PaymentId;

/// Wakes those who wait for payments. Nothing in here is state: whoever is woken reads the state again.
#[derive(Debug, Default)]
pub struct PaymentSignals {
    waiting: Mutex<Waiting>,
    work: watch::Sender<()>,
}

/// Those who wait, by what they wait for and a number of their own.
#[derive(Debug, Default)]
struct Waiting {
    waiters: BTreeMap<(PaymentId, u64), oneshot::Sender<()>>,
    next_number: u64,
}

/// A wait for one payment to change. Whoever drops it is no longer waited for.
#[derive(Debug)]
#[must_use = "only what is awaited shows a change"]
pub struct Change<'s> {
    signals: &'s PaymentSignals,
    waiter: (PaymentId, u64),
    changed: oneshot::Receiver<()>,
}

impl PaymentSignals {
    /// Begins to wait for the payment to change. Ask before reading the state, so that no change falls in
    /// between.
    pub fn change(&self, payment: PaymentId) -> Change<'_> {
        let (sender, changed) = oneshot::channel();
        let mut waiting = self.lock();
        let waiter = (payment, waiting.next_number);
        waiting.next_number += 1;
        waiting.waiters.insert(waiter, sender);
        Change { signals: self, waiter, changed }
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
        let mut waiting = self.lock();
        for payment in payments {
            let of_payment = (*payment, 0)..=(*payment, u64::MAX);
            // Whoever is dropped is woken.
            waiting.waiters.extract_if(of_payment, |_, _| true).for_each(drop);
        }
        drop(waiting);
        self.work.send_replace(());
    }

    /// Wakes everybody.
    pub fn everything_may_have_changed(&self) {
        self.lock().waiters.clear();
        self.work.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change<'_> {
    /// Resolves when the payment changes, or when it may have.
    pub async fn happened(mut self) {
        // The sender says nothing: it is dropped.
        let _ = (&mut self.changed).await;
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        self.signals.lock().waiters.remove(&self.waiter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(number: u8) -> PaymentId {
        PaymentId::from_bytes([number; 16])
    }

    fn waiters(signals: &PaymentSignals) -> usize {
        signals.lock().waiters.len()
    }

    #[tokio::test]
    async fn whoever_waits_is_woken_by_their_payment_alone() {
        let signals = PaymentSignals::default();
        let (first, second, other) =
            (signals.change(payment(1)), signals.change(payment(1)), signals.change(payment(2)));
        signals.payments_changed(&[payment(1), payment(3)]);
        first.happened().await;
        second.happened().await;
        assert_eq!(waiters(&signals), 1);
        signals.everything_may_have_changed();
        other.happened().await;
        assert_eq!(waiters(&signals), 0);
    }

    #[tokio::test]
    async fn whoever_gives_up_leaves_nothing_behind() {
        let signals = PaymentSignals::default();
        // A replay of a settled payment begins to wait, reads that it is settled, and waits no more.
        for number in 0..100 {
            drop(signals.change(payment(number)));
        }
        assert_eq!(waiters(&signals), 0);
        let stays = signals.change(payment(7));
        tokio::select! {
            biased;
            () = signals.change(payment(7)).happened() => panic!("nothing changed"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(waiters(&signals), 1);
        signals.payments_changed(&[payment(7)]);
        stays.happened().await;
        assert_eq!(waiters(&signals), 0);
    }
}
