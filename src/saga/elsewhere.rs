//! What is done about a payment elsewhere: refunds and disputes in Stripe's dashboard.

use crate::domain::Payment;
use crate::gateway::stripe::event::{Hint, Subject};

/// Takes note of it, in the log: nothing of it is in the state.
pub(super) fn take(payment: &Payment, hint: &Hint) {
    let (payment, event, kind) = (payment.id, &*hint.event, &*hint.kind);
    match &hint.subject {
        Subject::Refund { refund } => {
            tracing::info!(%payment, event, kind, refund, "Stripe tells of a refund")
        }
        Subject::Dispute { dispute } => {
            tracing::warn!(%payment, event, kind, dispute, "a payment is disputed at Stripe");
        }
        Subject::Charge | Subject::Intent => {
            tracing::info!(%payment, event, kind, "Stripe tells of a refund of a charge");
        }
    }
}
