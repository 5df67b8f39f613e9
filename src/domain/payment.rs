//! Payments: attempts to charge for an order, each charged at most once.
//!
//! A payment is claimed (committed), the gateway makes an intent for it, whose name is recorded (committed), and
//! only that intent is ever confirmed; its final word settles the payment (committed). An order that was released
//! meanwhile stays released: the charge is refunded.
//!
//! Who asks the gateway may be anybody, also several at once, on any replica, or a leader that slept for an hour. What
//! keeps a buyer from being charged twice is decided here, by log order:
//!
//! - A payment gets one intent at most, the first that is recorded.
//! - It ends by the final word of that intent alone, or of itself while it has none. So an attempt is over only when
//!   nobody can charge for it any more, and only then may another one begin.

use super::command::{Pay, RecordAction, RecordIntent};
use super::dispute::Dispute;
use super::draft::Draft;
use super::event::EventType;
use super::hold;
use super::id::{OrderId, PaymentId, UserId};
use super::order::{self, MAX_ATTEMPTS_PER_ORDER, Order, OrderStatus};
use super::refund_totals::RefundTotals;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::Tables;
use super::withdrawal::Withdrawal;

/// Where a payment stands. [`PaymentStatus::may_become`] is the whole state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum PaymentStatus {
    /// Claimed; the charge is under way, or about to be.
    Processing = 0,
    /// Charged, and the order is complete.
    Succeeded = 1,
    /// Declined: no money moved.
    Failed = 2,
    /// Charged, and its order does not have it: the refund is under way, or failed.
    Refunding = 3,
    /// Charged and refunded in full.
    Refunded = 4,
}

impl PaymentStatus {
    /// Whether one change may lead from this status to that one.
    pub fn may_become(self, next: Self) -> bool {
        use PaymentStatus::{Failed, Processing, Refunded, Refunding, Succeeded};
        matches!(
            (self, next),
            (Processing, Succeeded | Failed | Refunding)
                | (Succeeded | Refunding, Refunded)
                // What went back came back.
                | (Refunded, Refunding)
        )
    }
}

/// How far a payment is that is [`Processing`](PaymentStatus::Processing).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentStage {
    /// No intent is on record: none was made, or none that anybody confirms.
    Claimed,
    /// The intent is on record, and may have been confirmed.
    Prepared,
    /// The buyer has to do something before money moves.
    ActionRequired,
}

/// One attempt to charge for an order.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct Payment {
    /// The payment's name, for ever, and the stable key of its charge.
    #[prost(message, required, tag = "1")]
    pub id: PaymentId,
    /// Its place in the order in which payments were made, from 1.
    #[prost(uint64, tag = "2")]
    pub number: u64,
    /// What is paid for.
    #[prost(message, required, tag = "3")]
    pub order: OrderId,
    /// Who pays.
    #[prost(message, required, tag = "4")]
    pub buyer: UserId,
    /// In minor units of `currency`.
    #[prost(uint64, tag = "5")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "6")]
    pub currency: String,
    /// See [`PaymentStatus`]; read it with [`Payment::status`].
    #[prost(enumeration = "PaymentStatus", tag = "7")]
    pub status: i32,
    /// What the gateway takes the money from; forgotten once the payment is settled, empty if the buyer names it in
    /// their browser.
    #[prost(string, tag = "8")]
    pub source: String,
    /// The gateway's code of the decline; empty unless failed.
    #[prost(string, tag = "9")]
    pub decline_code: String,
    /// Starts at 0 and rises by one with each change.
    #[prost(uint64, tag = "10")]
    pub version: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "11")]
    pub created_at_ms: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "12")]
    pub updated_at_ms: u64,
    /// The gateway's name for the charge; empty until charged.
    #[prost(string, tag = "13")]
    pub charge: String,
    /// The gateway that charges; empty for the sandbox.
    #[prost(string, tag = "14")]
    pub gateway: String,
    /// The buyer names the source in their browser, and confirms there.
    #[prost(bool, tag = "15")]
    pub in_browser: bool,
    /// The gateway's name for the intent, once it is on record; it never changes.
    #[prost(string, tag = "16")]
    pub intent: String,
    /// The buyer has to do something before money moves; no longer set once the payment is settled.
    #[prost(bool, tag = "17")]
    pub action_required: bool,
    /// What its refunds come to; `None` if there are none.
    #[prost(message, optional, tag = "20")]
    pub refunds: Option<RefundTotals>,
    /// Its money is in the ledger. Never so for a payment that was charged before there was one, until more of it moves.
    #[prost(bool, tag = "21")]
    pub booked: bool,
    /// Whether its buyer wants no more of it; see [`Withdrawal`], and read it with [`Payment::withdrawal`].
    #[prost(enumeration = "Withdrawal", tag = "22")]
    pub withdrawal: i32,
    /// What the owner of the card wants back from their bank; one at most that is open, usually.
    #[prost(message, repeated, tag = "23")]
    pub disputes: Vec<Dispute>,
}

impl std::fmt::Debug for Payment {
    /// Leaves the source out: it is as good as a card.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payment")
            .field("id", &self.id)
            .field("order", &self.order)
            .field("amount_minor", &self.amount_minor)
            .field("status", &self.status())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Payment {
    /// What the payment worker owes the outside; its index holds exactly this.
    pub fn work(&self) -> Option<PaymentWork> {
        match self.status() {
            PaymentStatus::Processing => Some(PaymentWork::Charge),
            _ if self.owes_a_refund() => Some(PaymentWork::Refund),
            _ => None,
        }
    }

    /// How far it is, while it is under way.
    pub fn stage(&self) -> Option<PaymentStage> {
        match self.status() {
            PaymentStatus::Processing if self.action_required => Some(PaymentStage::ActionRequired),
            PaymentStatus::Processing if !self.intent.is_empty() => Some(PaymentStage::Prepared),
            PaymentStatus::Processing => Some(PaymentStage::Claimed),
            _ => None,
        }
    }

    /// Since when it is owed its [`work`](Self::work), in milliseconds on the replicated clock.
    pub fn owed_since_ms(&self) -> u64 {
        match self.status() {
            // Under way it changes, and is owed the same, until its buyer wants no more of it.
            PaymentStatus::Processing if !self.is_withdrawn() => self.created_at_ms,
            _ => self.updated_at_ms,
        }
    }

    /// Whether one change may lead from `old` to this.
    pub(super) fn may_follow(&self, old: &Self) -> bool {
        let goes_on = old.status() == PaymentStatus::Processing
            && self.status() == PaymentStatus::Processing
            && old.stage() < self.stage();
        let gets_its_intent = goes_on && old.stage() == Some(PaymentStage::Claimed);
        let is_same = old.status() == self.status();
        let gives_back = is_same && old.is_charged() && old.refunds != self.refunds;
        let is_disputed = is_same && old.is_charged() && old.disputes != self.disputes;
        let is_under_way = self.stage().is_some() && old.stage() == self.stage();
        let is_withdrawn = is_under_way && old.withdrawal() < self.withdrawal();
        (goes_on || gives_back || is_disputed || is_withdrawn || old.status().may_become(self.status()))
            && (gets_its_intent || old.intent == self.intent)
            && (!self.action_required || !self.intent.is_empty())
            && (self.booked || !old.booked)
            && old.withdrawal() <= self.withdrawal()
            && old.disputes.len() <= self.disputes.len()
            && old.amount_minor == self.amount_minor
            && old.currency == self.currency
            && old.order == self.order
            && old.gateway == self.gateway
            && old.in_browser == self.in_browser
    }

    /// The payment as events and answers show it. Both are kept and sent on, and a source is as good as a
    /// card.
    pub(super) fn shown(&self) -> Self {
        Self { source: String::new(), ..self.clone() }
    }

    /// The payment after one more change.
    pub(super) fn changed(&self, at_ms: u64) -> Self {
        Self { version: self.version.saturating_add(1), updated_at_ms: at_ms, ..self.clone() }
    }

    /// The payment once it is no longer under way: nobody takes money from its source any more.
    pub(super) fn ended(&self, status: PaymentStatus, at_ms: u64) -> Self {
        let mut new = Self { source: String::new(), action_required: false, ..self.changed(at_ms) };
        new.set_status(status);
        new
    }
}

/// A call to the gateway that the leader's worker has to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentWork {
    /// Charge the payment's source.
    Charge,
    /// Give the money back.
    Refund,
}

/// Claims the order for one charge.
pub(super) fn pay<T: Tables>(draft: &mut Draft<'_, T>, buyer: UserId, c: &Pay) -> Result<Answer, Rejection> {
    if draft.tables.payment(c.payment).is_some() {
        return Err(Rejection::internal("the new payment's id is taken"));
    }
    hold::ensure_none(draft)?;
    let old = order::owned(draft, buyer, c.order)?;
    if let Some(under_way) = under_way_in_browser(draft, &old, c) {
        return Ok(Answer::Payment(under_way.shown()));
    }
    check_payable(draft, &old)?;
    let payment = Payment {
        id: c.payment,
        number: draft.next_payment_number(),
        order: old.id,
        buyer,
        amount_minor: old.ticket.price_minor,
        currency: old.ticket.currency.clone(),
        status: PaymentStatus::Processing.into(),
        source: c.source.clone(),
        gateway: c.gateway.clone(),
        in_browser: c.in_browser,
        created_at_ms: draft.at_ms,
        updated_at_ms: draft.at_ms,
        ..Payment::default()
    };
    let mut new = old.changed(OrderStatus::AwaitingPayment, draft.at_ms);
    new.payment = Some(payment.id);
    new.attempts = new.attempts.saturating_add(u32::from(draft.keeps_history()));
    new.held_until_ms = Some(old.expires_at_ms.saturating_add(c.grace_ms));
    draft.put_order(Some(old), new, EventType::OrderUpdated);
    let shown = payment.shown();
    draft.put_payment(None, payment, EventType::PaymentCreated);
    Ok(Answer::Payment(shown))
}

/// The attempt that the buyer's browser is at already, if they ask for one there: a second tab, or the same page
/// loaded again, goes on with it.
fn under_way_in_browser<T: Tables>(draft: &Draft<'_, T>, order: &Order, c: &Pay) -> Option<Payment> {
    let latest = order.payment.filter(|_| c.in_browser && order.status() == OrderStatus::AwaitingPayment);
    let latest = draft.tables.payment(latest?)?;
    let is_for_it = latest.in_browser && latest.gateway == c.gateway && !latest.is_withdrawn();
    is_for_it.then_some(latest)
}

/// Records the first intent that was made for a payment; whoever comes with another one is told of that.
pub(super) fn record_intent<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &RecordIntent,
) -> Result<Answer, Rejection> {
    let old = draft.tables.payment(c.payment).ok_or(RejectionCode::NotFound)?;
    if c.intent.is_empty() {
        return Err(Rejection::internal("an intent has no name"));
    }
    if old.stage() != Some(PaymentStage::Claimed) {
        return Ok(Answer::Payment(old.shown()));
    }
    let mut new = Payment { intent: c.intent.clone(), ..old.changed(draft.at_ms) };
    if !c.method.is_empty() {
        new.source.clone_from(&c.method);
    }
    let shown = new.shown();
    draft.put_payment(Some(old), new, EventType::PaymentUpdated);
    Ok(Answer::Payment(shown))
}

/// Records that the buyer has to act, by the word of the intent on record.
pub(super) fn record_action<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &RecordAction,
) -> Result<Answer, Rejection> {
    let old = draft.tables.payment(c.payment).ok_or(RejectionCode::NotFound)?;
    if old.stage() != Some(PaymentStage::Prepared) || old.intent != c.intent {
        return Ok(Answer::Payment(old.shown()));
    }
    let new = Payment { action_required: true, ..old.changed(draft.at_ms) };
    let shown = new.shown();
    draft.put_payment(Some(old), new, EventType::PaymentUpdated);
    Ok(Answer::Payment(shown))
}

fn check_payable<T: Tables>(draft: &Draft<'_, T>, order: &Order) -> Result<(), Rejection> {
    match order.status() {
        OrderStatus::Created => check_attempt(order, draft.at_ms),
        OrderStatus::AwaitingPayment => {
            let latest = order.payment.and_then(|latest| draft.tables.payment(latest));
            if !latest.is_some_and(|latest| latest.in_browser) {
                return Err(RejectionCode::ChargeUnderWay.into());
            }
            // Its buyer may give that one up for another, but not for one that may not begin.
            check_attempt(order, draft.at_ms)?;
            Err(RejectionCode::BrowserAttemptOpen.into())
        }
        OrderStatus::Complete => Err(RejectionCode::OrderPaid.into()),
        OrderStatus::Cancelled if order.cancel_reason() == order::CancelReason::Expired => {
            Err(RejectionCode::OrderExpired.into())
        }
        OrderStatus::Cancelled => Err(RejectionCode::OrderCancelled.into()),
    }
}

/// Whether one more attempt may begin, if none is under way.
pub(super) fn check_attempt(order: &Order, at_ms: u64) -> Result<(), Rejection> {
    if at_ms >= order.expires_at_ms {
        return Err(RejectionCode::OrderExpired.into());
    }
    if order.attempts >= MAX_ATTEMPTS_PER_ORDER {
        return Err(RejectionCode::TooManyAttempts.into());
    }
    Ok(())
}
