//! Withdrawals: buyers who want no more of an attempt that waits for them.
//!
//! Somebody may be about to confirm it, in a browser or at their bank. So it is only a wish, which is committed: the saga
//! has the intent cancelled, and its final word decides. If it succeeded before, the payment wins.

use super::command::{IfMatch, WithdrawPayment};
use super::draft::Draft;
use super::event::EventType;
use super::hold;
use super::id::UserId;
use super::order::{self, OrderStatus};
use super::payment::{self, Payment, PaymentStage, PaymentStatus};
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::Tables;

/// Whether a payment's buyer wants no more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum Withdrawal {
    /// They have not said so.
    None = 0,
    /// It is to be given up, so that they can pay in another way.
    Requested = 1,
    /// The same, and the order is to be cancelled.
    CancelsOrder = 2,
}

impl Payment {
    /// Whether its buyer wants no more of it.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawal() != Withdrawal::None
    }

    /// Whether it is under way and waits for its buyer, who may withdraw it.
    pub fn waits_for_buyer(&self) -> bool {
        self.status() == PaymentStatus::Processing
            && (self.in_browser || self.stage() == Some(PaymentStage::ActionRequired))
    }
}

/// Records the wish of an order's buyer. Once more changes nothing.
pub(super) fn withdraw<T: Tables>(
    draft: &mut Draft<'_, T>,
    buyer: UserId,
    c: &WithdrawPayment,
) -> Result<Answer, Rejection> {
    let order = order::owned(draft, buyer, c.order)?;
    IfMatch::check(c.if_match.as_ref(), order.version)?;
    match order.status() {
        OrderStatus::AwaitingPayment => {}
        OrderStatus::Complete => return Err(RejectionCode::OrderPaid.into()),
        // It is over, or was never begun: whoever asks goes on from there.
        OrderStatus::Created | OrderStatus::Cancelled => return Ok(Answer::Order(order)),
    }
    let missing = || Rejection::internal("an order awaits a payment that is missing");
    let old = order.payment.and_then(|id| draft.tables.payment(id)).ok_or_else(missing)?;
    if !old.waits_for_buyer() {
        return Err(RejectionCode::ChargeUnderWay.into());
    }
    if !c.cancels_order {
        // Nothing is given up for an attempt that may not begin.
        payment::check_attempt(&order, draft.at_ms)?;
    }
    hold::ensure_none(draft)?;
    let wish = if c.cancels_order { Withdrawal::CancelsOrder } else { Withdrawal::Requested };
    if old.withdrawal() >= wish {
        return Ok(Answer::Payment(old.shown()));
    }
    let mut new = old.changed(draft.at_ms);
    new.set_withdrawal(wish);
    let shown = new.shown();
    draft.put_payment(Some(old), new, EventType::PaymentUpdated);
    Ok(Answer::Payment(shown))
}
