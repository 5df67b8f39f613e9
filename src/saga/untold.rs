//! What nobody was told of: refunds and disputes whose webhooks were lost. Stripe remembers its events for 30 days.

use std::collections::BTreeMap;

use super::{NotHeard, hear};
use crate::gateway::GatewayError;
use crate::gateway::stripe::event::{Hint, Subject};
use crate::gateway::stripe::list::Between;
use crate::service::Service;

/// Pages of a hundred events that are read at a time. Refunds that are asked for here make two events each.
const MAX_PAGES: usize = 100;

/// Why not everything was caught up with.
#[derive(Debug, thiserror::Error)]
pub enum Untold {
    /// Stripe does not say.
    #[error(transparent)]
    Stripe(#[from] GatewayError),
    /// One of them could not be looked into.
    #[error(transparent)]
    NotHeard(#[from] NotHeard),
    /// There were more events than are read at a time.
    #[error("there are more than {MAX_PAGES} pages of events: compare with `boxoffice payments reconcile`")]
    TooMany,
}

/// Reads what Stripe says happened from this second on to that one of what is done by hand or by banks, and looks at each
/// payment and dispute once. Without Stripe there is nothing of the kind.
///
/// # Errors
/// [`Untold`]; what could be looked into was.
pub async fn catch_up(service: &Service, from_s: u64, to_s: u64) -> Result<(), Untold> {
    let Some(stripe) = service.stripe.as_deref() else { return Ok(()) };
    let (mut told, mut after) = (BTreeMap::<String, Hint>::new(), None::<String>);
    let mut pages = 0;
    let mut outcome = Ok(());
    loop {
        let page = stripe.events(Between { from_s, to_s }, after.as_deref()).await?;
        told.extend(page.found.into_iter().map(|hint| (subject(&hint), hint)));
        (after, pages) = (page.after, pages + 1);
        if after.is_none() {
            break;
        }
        if pages == MAX_PAGES {
            outcome = Err(Untold::TooMany);
            break;
        }
    }
    for hint in told.values() {
        match hear(service, stripe, hint).await {
            Ok(_) => {}
            Err(NotHeard::SalesHeld) => return Err(NotHeard::SalesHeld.into()),
            Err(error) => outcome = Err(error.into()),
        }
    }
    outcome
}

/// What all events have in common that one look is enough for.
fn subject(hint: &Hint) -> String {
    match &hint.subject {
        Subject::Dispute { dispute } => dispute.clone(),
        Subject::Intent | Subject::Charge | Subject::Refund { .. } => hint.intent.clone(),
    }
}
