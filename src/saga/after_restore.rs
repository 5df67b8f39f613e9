//! What the state cannot know after it was restored: whether an attempt that it has no intent of was charged.

use super::attempt::ABANDONED;
use super::{NoFinalWord, Office};
use crate::domain::{Command, PaymentStage, PaymentWork, SettleCharge};
use crate::service::Service;
use crate::store::Position;

/// Attempts that are read from the state at a time.
const PAGE: usize = 1_024;

/// Ends the attempts that have no intent on record. Only while sales are held, before they go on: no such attempt is
/// begun meanwhile.
///
/// In what was lost since the backup an intent may have been made for one, recorded and charged. Nothing here leads to
/// that, so the saga would make another, and charge twice. Those that have their intent on record go on: it says what
/// became of it. So do those of the sandbox, whose books went back with the state.
///
/// # Errors
/// When not all of them have ended. Asked again, it goes on.
pub async fn give_up_lost_attempts(service: &Service) -> Result<usize, NoFinalWord> {
    let (mut from, mut given_up) = (Position { sort_key: 0, number: 0 }, 0);
    loop {
        let view = service.replica.view()?;
        let page = view.payments_owed(PaymentWork::Charge, from, PAGE)?;
        for owed in &page {
            let Some(payment) = view.payment(owed.payment)? else { continue };
            let is_of_the_sandbox = payment.gateway.is_empty();
            if payment.stage() != Some(PaymentStage::Claimed) || is_of_the_sandbox {
                continue;
            }
            let settled = SettleCharge {
                payment: payment.id,
                succeeded: false,
                charge: String::new(),
                decline_code: ABANDONED.to_owned(),
                intent: String::new(),
            };
            service.commit(Command::SettleCharge(settled)).await?;
            tracing::warn!(payment = %payment.id, "given up: what became of it after the backup is not known here");
            given_up += 1;
        }
        match page.last() {
            Some(last) if page.len() == PAGE => {
                from = Position { number: last.place.number + 1, ..last.place }
            }
            _ => return Ok(given_up),
        }
    }
}
