//! Giving the money of a late charge back.

use std::time::Duration;

use super::office::{CALL_TIMEOUT, Office};
use super::{NoFinalWord, Progress, Seen};
use crate::domain::{Command, PaymentId, PaymentWork, RecordRefund};
use crate::failpoint;
use crate::gateway::{RefundRequest, RefundState};

/// What the refund of a late charge is called among those of its payment.
pub const LATE_REFUND: &str = "late";

/// How often to ask for a refund that the gateway is at.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// While sales are held; whoever lifts that wakes nobody.
const LOOK_WHILE_HELD: Duration = Duration::from_secs(1);

/// Takes the refund of a late charge as far as it gets now.
///
/// # Errors
/// When the outcome is not known, or not committed. The same refund is asked for again.
pub async fn refund<O: Office>(office: &O, payment: PaymentId) -> Result<Progress, NoFinalWord> {
    let Some(Seen { payment, sales_held, .. }) = office.look(payment)? else { return Ok(Progress::Done) };
    if payment.work() != Some(PaymentWork::Refund) {
        return Ok(Progress::Done);
    }
    if sales_held {
        return Ok(Progress::Later(LOOK_WHILE_HELD));
    }
    if payment.gateway != office.gateway().mark() {
        return Err(NoFinalWord::OtherGateway(payment.gateway));
    }
    let request = RefundRequest {
        refund: LATE_REFUND.to_owned(),
        payment: payment.id,
        order: payment.order,
        intent: payment.intent,
        charge: payment.charge,
        amount_minor: None,
    };
    failpoint::reach("before-refund");
    let refunded = office.answered("refund", CALL_TIMEOUT, office.gateway().refund(&request)).await?;
    failpoint::reach("after-refund");
    match refunded.state {
        RefundState::Succeeded => {
            office.commit(Command::RecordRefund(RecordRefund { payment: payment.id })).await?;
            Ok(Progress::Done)
        }
        RefundState::Pending => Ok(Progress::Later(LOOK_EVERY)),
        RefundState::Failed { code } => Err(NoFinalWord::RefundFailed(code)),
    }
}
