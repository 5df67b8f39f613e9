//! What a seller does with a ticket at the press of a button.

use poem::Response;

use super::visit::Visit;
use super::{answer, ticket};
use crate::api::conditional::Precondition;
use crate::api::tickets;
use crate::http::Problem;

pub(super) async fn freeze(visit: Visit) -> Result<Response, Problem> {
    set_frozen(visit, true).await
}

pub(super) async fn unfreeze(visit: Visit) -> Result<Response, Problem> {
    set_frozen(visit, false).await
}

pub(super) async fn withdraw(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let withdrawn = async {
        let caller = visit.signed_in()?;
        let version = Precondition::of_field(form.get("version"));
        tickets::withdraw(visit.service(), &caller, &visit.id(), version).await
    };
    match withdrawn.await {
        Ok(()) => answer::see_other("/selling?done=withdrawn"),
        Err(problem) => ticket::refused(&visit, &form, problem),
    }
}

async fn set_frozen(mut visit: Visit, frozen: bool) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let set = async {
        let caller = visit.signed_in()?;
        let version = Precondition::of_field(form.get("version"));
        tickets::set_frozen(visit.service(), &caller, &visit.id(), version, frozen).await
    };
    match set.await {
        Ok(ticket) => {
            let done = if frozen { "frozen" } else { "unfrozen" };
            answer::see_other(&format!("/tickets/{}?done={done}", ticket.id))
        }
        Err(problem) => ticket::refused(&visit, &form, problem),
    }
}
