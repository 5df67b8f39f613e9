//! The payment worker: has the payment [saga](crate::saga) run for what the state says is due.
//!
//! **What is due** stands in an index of the state, sorted by since when it is owed. That only ever grows at
//! its end, for it is the replicated clock's time of the command that made the payment owe the call. So one
//! worker for charges and one for refunds each read on from where they were, a bounded page a round, and put
//! what they find on their [`Agenda`]. What they owe no more they take off it when its turn comes: each run
//! begins with a look at the payment as it is then. A new leader begins with an empty agenda and
//! reads from the start.
//!
//! **Whose turn it is** the agenda says: runs under way are bounded in all and for each buyer, so that a buyer
//! with a thousand slow payments delays nobody else. A run without a final word gives its place up at once; its
//! payment pauses, longer each time, and then stands behind what was never tried. One that waits for its buyer pauses
//! as long as the saga says. Charges and refunds have an agenda each: hanging charges hold up no refund.
//!
//! **What is urgent** comes first: an intent that has to be cancelled before its order's time is over, or because its
//! buyer wants no more of it. A gateway that wants to be left alone for a while is, but for that: it is a call for each
//! attempt, a few at a time, and without it an order would be released while nobody knows whether it was paid.
//!
//! **With 100 000 payments owed**, an agenda takes up to 45 MB, as long as they are owed; the round after a wake-up
//! reads the new ones only; a new leader reads them in a hundred rounds and makes calls between those. A gateway
//! that does not answer at all gets four calls for each payment a minute at most, and never more at once than
//! [`LIMITS`] says.

mod agenda;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::agenda::{Agenda, Limits, Start};
use crate::domain::{PaymentId, PaymentWork};
use crate::saga::{self, NoFinalWord, Progress};
use crate::service::Service;
use crate::store::{Position, StoreError, View};

/// Calls of one kind that are under way at once. In all: what a process keeps open to one gateway without a
/// thought. For each buyer: more than anybody pays for at once, and few enough that it takes dozens of accounts
/// to fill the rest. Of what is urgent a few more: an intent that has to be cancelled in time finds no place taken.
const LIMITS: Limits = Limits { calls: 256, calls_per_buyer: 8, urgent_calls: 16 };

/// Entries of the index that one round reads, so that calls begin before a long index is read to its end.
const PAGE: usize = 1_024;

/// Reads a second of attempts that wait for their buyers, about half of what Stripe grants an account. Of up to 1 500
/// attempts each is read every 30 s, of 10 000 every 200 s: webhooks tell of them, and their end comes in time.
const MAX_READS_PER_S: usize = 50;

/// How often to look without being woken, should a wake-up ever be missed or the state be unreadable.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Makes the charges that are due.
pub(super) async fn charge_due(service: Arc<Service>) {
    Worker::new(service, PaymentWork::Charge).run().await;
}

/// Makes the refunds that are due.
pub(super) async fn refund_due(service: Arc<Service>) {
    Worker::new(service, PaymentWork::Refund).run().await;
}

/// How a run ended, and of which payment.
type Ended = (PaymentId, Result<Progress, NoFinalWord>);

/// The worker for one kind of work.
struct Worker {
    service: Arc<Service>,
    kind: PaymentWork,
    agenda: Agenda,
    /// Where in the index to read on.
    unread: Position,
    /// Dropped with the worker when leadership is lost: the calls end with it.
    calls: JoinSet<Ended>,
}

impl Worker {
    fn new(service: Arc<Service>, kind: PaymentWork) -> Self {
        let unread = Position { sort_key: 0, number: 0 };
        Self { service, kind, agenda: Agenda::new(LIMITS), unread, calls: JoinSet::new() }
    }

    async fn run(mut self) {
        let mut changes = self.service.payment_signals.work();
        loop {
            // Before reading: a change that comes in between is seen in the next round.
            changes.mark_unchanged();
            let read_all = self.start_what_is_due().unwrap_or_else(|error| {
                tracing::error!(%error, kind = ?self.kind, "cannot look for payments to work on");
                true
            });
            if read_all {
                self.wait(&mut changes).await;
            } else {
                tokio::task::yield_now().await;
            }
            while let Some(Ok(ended)) = self.calls.try_join_next() {
                self.end(ended);
            }
        }
    }

    /// Begins the calls whose turn it is, and says whether all that is due has been read. While sales are held
    /// nothing is asked of the gateway: what it did since the backup has to be looked at first.
    fn start_what_is_due(&mut self) -> Result<bool, StoreError> {
        let view = self.service.replica.view()?;
        if view.hold()?.is_some() {
            return Ok(true);
        }
        let read_all = self.read(&view);
        while let Some(start) = self.agenda.start_next(Instant::now()) {
            self.calls.spawn(run(self.service.clone(), self.kind, start));
        }
        read_all
    }

    /// Puts one page of the index on the agenda, and says whether it was the last one.
    fn read(&mut self, view: &View) -> Result<bool, StoreError> {
        let page = view.payments_owed(self.kind, self.unread, PAGE)?;
        let is_last = page.len() < PAGE;
        if let Some(last) = page.last() {
            self.unread = Position { number: last.place.number + 1, ..last.place };
        }
        if is_last {
            // What became owed in the same millisecond, but later, may have a smaller number.
            self.unread.number = 0;
        }
        for owed in page {
            match self.kind {
                PaymentWork::Charge => self.agenda.add_or_hurry(owed),
                PaymentWork::Refund => self.agenda.add(owed),
            }
        }
        Ok(is_last)
    }

    /// Waits for something to do.
    async fn wait(&mut self, changes: &mut watch::Receiver<()>) {
        let look_at = Instant::now() + LOOK_EVERY;
        let look_at = self.agenda.next_turn_at().map_or(look_at, |ends| ends.min(look_at));
        tokio::select! {
            // The sender lives as long as the service.
            _ = changes.changed() => {}
            Some(Ok(ended)) = self.calls.join_next() => self.end(ended),
            () = tokio::time::sleep_until(look_at) => {}
        }
    }

    /// Whether a refund was asked for while the last one was made. Its entry in the index may be read already, and
    /// the payment was on the agenda then.
    fn is_owed_more(&self, payment: PaymentId) -> bool {
        let owed = || self.service.replica.view()?.payment(payment);
        self.kind == PaymentWork::Refund
            && owed().is_ok_and(|payment| payment.and_then(|it| it.work()) == Some(self.kind))
    }

    /// How long until a charge is to be cancelled; none for what has no such end, or cannot be read.
    fn urgent_in(&self, payment: PaymentId) -> Option<Duration> {
        let is_charge = self.kind == PaymentWork::Charge;
        is_charge.then(|| saga::cancel_in(&*self.service, payment).ok()?)?
    }

    /// How long to pause what waits for its buyer: so long, or longer where so many wait that they would be read more
    /// often than [`MAX_READS_PER_S`].
    fn at_least(&self, pause: Duration) -> Duration {
        let is_for_the_buyer = pause >= saga::LOOK_FOR_BUYER_EVERY;
        let all_once = Duration::from_secs((self.agenda.len() / MAX_READS_PER_S) as u64);
        if is_for_the_buyer && self.kind == PaymentWork::Charge { pause.max(all_once) } else { pause }
    }

    fn end(&mut self, (payment, result): Ended) {
        let now = Instant::now();
        let urgent_at = self.urgent_in(payment).map(|left| now + left);
        match result {
            Ok(Progress::Done) if self.is_owed_more(payment) => self.agenda.later(payment, now, None),
            Ok(Progress::Done) => self.agenda.done(payment),
            Ok(Progress::Later(pause)) => self.agenda.later(payment, now + self.at_least(pause), urgent_at),
            Err(error) => {
                tracing::warn!(%payment, %error, "no final word on a payment; trying again");
                self.agenda.failed(payment, now, urgent_at);
                if let Some(retry_after) = error.retry_after() {
                    self.agenda.rest(now, retry_after);
                }
            }
        }
    }
}

/// Takes the payment as far as it gets. A panic counts as a failure, for the payment is owed the call
/// whatever is wrong with it.
async fn run(service: Arc<Service>, kind: PaymentWork, Start { payment, failures }: Start) -> Ended {
    let run = async {
        match kind {
            PaymentWork::Charge => saga::charge(&*service, payment, failures).await,
            PaymentWork::Refund => saga::refund(&*service, payment).await,
        }
    };
    let ended = AssertUnwindSafe(run).catch_unwind().await;
    (payment, ended.unwrap_or(Err(NoFinalWord::Panicked)))
}
