//! Refunds: giving back what was paid, whole or in part.
//!
//! A refund is asked for (committed), made at the gateway under its own name, and settled by what the gateway says
//! (committed). Together they never come to more than was paid: a payment's row has the sums, also of what is only
//! asked for, and every command that asks for more is decided on them, by log order. A charge that came too late gets
//! its refund by the same command that settles it.

use super::asker::{Author, Party};
use super::command::{RefundPayment, RetryRefund, SettleRefund};
use super::draft::Draft;
use super::event::EventType;
use super::hold;
use super::id::{PaymentId, RefundId};
use super::ledger;
use super::order;
use super::payment::{Payment, PaymentStatus};
use super::refund_totals::RefundTotals;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::{Change, Tables};

/// Refunds of one payment, failed ones included: so many are still a short list.
pub const MAX_REFUNDS_PER_PAYMENT: u32 = 1_000;

/// How many refunds a payment may have before its seller can give no more of it back in parts, only all that is left: so
/// nobody uses up the places that operators, and what is done at the gateway, may need.
pub const MAX_PARTS_BY_SELLER: u32 = 100;

/// Characters of the reason that whoever asks for a refund may give.
pub const MAX_REFUND_REASON_CHARS: usize = 200;

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum RefundStatus {
    /// The gateway is about to be asked, or at it.
    Pending = 0,
    /// The money went back.
    Succeeded = 1,
    /// It did not, or it came back: to be tried again by an operator.
    Failed = 2,
}

/// Why there is a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum RefundCause {
    /// Somebody asked for it.
    Requested = 0,
    /// The charge came after its order was released.
    LateCharge = 1,
    /// Somebody made it at the gateway, by hand.
    Gateway = 2,
}

/// Money that goes back.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Refund {
    /// The refund's name, for ever.
    #[prost(message, required, tag = "1")]
    pub id: RefundId,
    /// Of which payment.
    #[prost(message, required, tag = "2")]
    pub payment: PaymentId,
    /// Its place among those of its payment, from 1.
    #[prost(uint32, tag = "3")]
    pub number: u32,
    /// In minor units of `currency`.
    #[prost(uint64, tag = "4")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "5")]
    pub currency: String,
    /// See [`RefundStatus`]; read it with [`Refund::status`].
    #[prost(enumeration = "RefundStatus", tag = "6")]
    pub status: i32,
    /// How often it was begun, from 1: each time is another refund to the gateway, for the one before has failed.
    #[prost(uint32, tag = "7")]
    pub tries: u32,
    /// The gateway's name for the latest try; empty until it says one.
    #[prost(string, tag = "8")]
    pub gateway_refund: String,
    /// The gateway's code of why it failed; empty unless failed.
    #[prost(string, tag = "9")]
    pub failure_code: String,
    /// Who asked for it; nobody for a late charge.
    #[prost(message, required, tag = "10")]
    pub author: Author,
    /// What whoever asked for it gave as the reason; may be empty.
    #[prost(string, tag = "11")]
    pub reason: String,
    /// See [`RefundCause`]; read it with [`Refund::cause`].
    #[prost(enumeration = "RefundCause", tag = "12")]
    pub cause: i32,
    /// Starts at 0 and rises by one with each change.
    #[prost(uint64, tag = "13")]
    pub version: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "14")]
    pub created_at_ms: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "15")]
    pub updated_at_ms: u64,
    /// The gateway's name for what somebody made there; empty for what was asked for here. It never changes, also where
    /// it is tried again from here.
    #[prost(string, tag = "16")]
    pub made_as: String,
    /// The operator who had it tried again last, if anybody has.
    #[prost(message, optional, tag = "17")]
    pub retried_by: Option<Author>,
}

impl Refund {
    /// What the latest try is called at the gateway: asked with it again, that gives back no second time.
    pub fn gateway_key(&self) -> String {
        self.key_of_try(self.tries)
    }

    fn key_of_try(&self, number: u32) -> String {
        match number {
            0 | 1 => self.id.to_string(),
            again => format!("{}-{again}", self.id),
        }
    }

    /// Whether its latest try was made by somebody at the gateway: there is nothing to ask for.
    pub fn is_made_there(&self) -> bool {
        !self.made_as.is_empty() && self.tries == 1
    }

    /// Whether one of its tries is what the gateway calls so, or what was asked for under this name.
    pub fn is_known_as(&self, gateway_refund: &str, name: &str) -> bool {
        self.is_latest_as(gateway_refund, name)
            || self.made_as == gateway_refund
            || (1..self.tries).any(|number| self.key_of_try(number) == name)
    }

    /// The same for its latest try.
    pub fn is_latest_as(&self, gateway_refund: &str, name: &str) -> bool {
        self.gateway_refund == gateway_refund || !self.is_made_there() && self.gateway_key() == name
    }

    /// Whether one change may lead from `old` to this.
    pub(super) fn may_follow(&self, old: Option<&Self>) -> bool {
        use RefundStatus::{Failed, Pending, Succeeded};
        let Some(old) = old else {
            let may_begin = self.status() == Pending || self.status() == Succeeded && self.is_made_there();
            return may_begin && self.version == 0 && self.tries == 1 && self.amount_minor > 0;
        };
        let goes_on = match (old.status(), self.status()) {
            (Pending, Pending | Succeeded | Failed) | (Succeeded, Failed) => {
                self.tries == old.tries && self.retried_by == old.retried_by
            }
            (Failed, Pending) => self.tries == old.tries.saturating_add(1),
            _ => false,
        };
        let kept = Self {
            status: old.status,
            tries: old.tries,
            gateway_refund: old.gateway_refund.clone(),
            failure_code: old.failure_code.clone(),
            retried_by: old.retried_by.clone(),
            version: old.version.saturating_add(1),
            updated_at_ms: old.updated_at_ms,
            ..self.clone()
        };
        goes_on && kept == Self { version: kept.version, ..old.clone() } && self.version == kept.version
    }

    fn changed(&self, status: RefundStatus, at_ms: u64) -> Self {
        let mut new = Self { version: self.version.saturating_add(1), updated_at_ms: at_ms, ..self.clone() };
        new.set_status(status);
        new
    }
}

/// Asks for a refund of a payment: what the ticket's seller may, and an operator.
pub(super) fn request<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &RefundPayment,
) -> Result<Answer, Rejection> {
    if draft.tables.refund(c.refund).is_some() {
        return Err(Rejection::internal("the new refund's id is taken"));
    }
    let old = refundable_by(draft, party, c.payment)?;
    hold::ensure_none(draft)?;
    let left_minor = old.refundable_minor();
    let amount_minor = c.amount_minor.unwrap_or(left_minor);
    check_left(amount_minor, left_minor)?;
    let is_part_by_seller = amount_minor < left_minor && !matches!(party, Party::Operator(_));
    let most = if is_part_by_seller { MAX_PARTS_BY_SELLER } else { MAX_REFUNDS_PER_PAYMENT };
    if old.refund_totals().count >= most {
        return Err(RejectionCode::TooManyRefunds.into());
    }
    let author = draft.author.clone();
    let refund =
        Refund { author, reason: c.reason.clone(), ..first(&old, c.refund, amount_minor, draft.at_ms) };
    let new = old.with_refunds(with_one_more(&old, amount_minor), draft.at_ms);
    draft.change(Change::Refund { old: None, new: refund.clone() });
    draft.put_payment(Some(old), new, EventType::PaymentUpdated);
    Ok(Answer::Refund(refund))
}

/// The refund that a charge which came too late is given by the command that settles it; `late` is the payment so
/// far. It has its payment's bits for a name, as there is one at most.
pub(super) fn begin_for_late_charge<T: Tables>(draft: &mut Draft<'_, T>, late: &mut Payment) {
    let id = RefundId::from_bytes(late.id.to_bytes());
    let mut refund = first(late, id, late.amount_minor, draft.at_ms);
    refund.set_cause(RefundCause::LateCharge);
    late.refunds = Some(with_one_more(late, late.amount_minor));
    draft.change(Change::Refund { old: None, new: refund });
}

/// Records what the gateway says of a refund. Its word on an earlier try counts no more.
pub(super) fn settle<T: Tables>(draft: &mut Draft<'_, T>, c: &SettleRefund) -> Result<Answer, Rejection> {
    use RefundStatus::{Failed, Pending, Succeeded};
    let old = draft.tables.refund(c.refund).ok_or(RejectionCode::NotFound)?;
    let is_news = match (old.status(), c.outcome()) {
        _ if c.try_number != old.tries => false,
        (Pending, Pending) => !c.gateway_refund.is_empty() && old.gateway_refund != c.gateway_refund,
        (Pending, Succeeded | Failed) => true,
        // The bank sent it back.
        (Succeeded, Failed) => true,
        _ => false,
    };
    if !is_news {
        return Ok(Answer::Refund(old));
    }
    let mut new = old.changed(c.outcome(), draft.at_ms);
    if !c.gateway_refund.is_empty() {
        new.gateway_refund.clone_from(&c.gateway_refund);
    }
    if c.outcome() == Failed {
        new.failure_code.clone_from(&c.failure_code);
    }
    if c.outcome() != Pending {
        move_money(draft, Some(old.status()), &new)?;
    }
    draft.change(Change::Refund { old: Some(old), new: new.clone() });
    Ok(Answer::Refund(new))
}

/// Has a refund that failed begun again, under another name at the gateway. Once more changes nothing.
pub(super) fn retry<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &RetryRefund,
) -> Result<Answer, Rejection> {
    let known = draft.tables.refund(c.refund).filter(|refund| refund.payment == c.payment);
    let payment = refundable_by(draft, party, c.payment)?;
    if !matches!(party, Party::Operator(_)) {
        return Err(RejectionCode::Forbidden.into());
    }
    let old = known.ok_or(RejectionCode::NotFound)?;
    if old.status() != RefundStatus::Failed {
        return Ok(Answer::Refund(old));
    }
    hold::ensure_none(draft)?;
    check_left(old.amount_minor, payment.refundable_minor())?;
    let totals = payment.refund_totals();
    let pending_minor = totals.pending_minor.saturating_add(old.amount_minor);
    let totals = RefundTotals { pending_minor, failed: totals.failed.saturating_sub(1), ..totals };
    let mut new = old.changed(RefundStatus::Pending, draft.at_ms);
    new.tries = old.tries.saturating_add(1);
    new.retried_by = Some(draft.author.clone());
    new.gateway_refund.clear();
    new.failure_code.clear();
    let changed = payment.with_refunds(totals, draft.at_ms);
    draft.change(Change::Refund { old: Some(old), new: new.clone() });
    draft.put_payment(Some(payment), changed, EventType::PaymentUpdated);
    Ok(Answer::Refund(new))
}

pub(super) fn first(payment: &Payment, id: RefundId, amount_minor: u64, at_ms: u64) -> Refund {
    Refund {
        id,
        payment: payment.id,
        number: payment.refund_totals().count.saturating_add(1),
        amount_minor,
        currency: payment.currency.clone(),
        status: RefundStatus::Pending.into(),
        tries: 1,
        created_at_ms: at_ms,
        updated_at_ms: at_ms,
        ..Refund::default()
    }
}

fn with_one_more(payment: &Payment, amount_minor: u64) -> RefundTotals {
    let totals = payment.refund_totals();
    RefundTotals {
        count: totals.count.saturating_add(1),
        pending_minor: totals.pending_minor.saturating_add(amount_minor),
        ..totals
    }
}

fn check_left(amount_minor: u64, left_minor: u64) -> Result<(), Rejection> {
    match amount_minor {
        _ if left_minor == 0 => Err(RejectionCode::NothingToRefund.into()),
        0 => Err(Rejection::internal("a refund of nothing")),
        more if more > left_minor => Err(RejectionCode::RefundTooLarge.with(left_minor)),
        _ => Ok(()),
    }
}

/// The payment, if this party may have it given back. To who has nothing to do with it, it is not there.
fn refundable_by<T: Tables>(
    draft: &Draft<'_, T>,
    party: &Party,
    payment: PaymentId,
) -> Result<Payment, Rejection> {
    let payment = draft.tables.payment(payment);
    let payment = || payment.ok_or(RejectionCode::NotFound);
    match party {
        Party::Nobody => Err(RejectionCode::NotSignedIn.into()),
        Party::Operator(_) => Ok(payment()?),
        Party::User(actor) => {
            let payment = payment()?;
            let order = draft.tables.order(payment.order);
            match order {
                Some(order) if order.ticket.seller == actor.user => Ok(payment),
                _ if payment.buyer == actor.user => Err(RejectionCode::Forbidden.into()),
                _ => Err(RejectionCode::NotFound.into()),
            }
        }
    }
}

/// Takes over into the payment, its order and the ledger what became of a refund, which `was` something else before, if
/// it was there.
pub(super) fn move_money<T: Tables>(
    draft: &mut Draft<'_, T>,
    was: Option<RefundStatus>,
    new: &Refund,
) -> Result<(), Rejection> {
    use RefundStatus::{Failed, Pending, Succeeded};
    let missing = || Rejection::internal("a refund's payment is missing");
    let payment = draft.tables.payment(new.payment).ok_or_else(missing)?;
    let mut totals = payment.refund_totals();
    let amount_minor = new.amount_minor;
    match was {
        None => totals.count = totals.count.saturating_add(1),
        Some(Pending) => totals.pending_minor = totals.pending_minor.saturating_sub(amount_minor),
        Some(Succeeded) => totals.refunded_minor = totals.refunded_minor.saturating_sub(amount_minor),
        Some(Failed) => {}
    }
    match new.status() {
        Pending => totals.pending_minor = totals.pending_minor.saturating_add(amount_minor),
        Succeeded => totals.refunded_minor = totals.refunded_minor.saturating_add(amount_minor),
        Failed => totals.failed = totals.failed.saturating_add(1),
    }
    let mut changed = payment.with_refunds(totals, draft.at_ms);
    match (was, new.status()) {
        (_, Succeeded) => ledger::refunded(draft, &payment, &mut changed, new),
        (Some(Succeeded), Failed) => ledger::came_back(draft, &payment, &mut changed, new),
        _ => {}
    }
    if payment.status() == PaymentStatus::Succeeded && changed.status() == PaymentStatus::Refunded {
        order::take_back(draft, payment.order, new.author.clone())?;
    }
    let succeeded = new.status() == Succeeded;
    let what = if succeeded { EventType::PaymentRefunded } else { EventType::PaymentUpdated };
    draft.put_payment(Some(payment), changed, what);
    Ok(())
}
