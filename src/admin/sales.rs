//! Sales that are held after a restore: what waits, and having it go on.

use std::sync::Arc;

use poem::handler;
use poem::http::StatusCode;
use poem::web::{Data, Json};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::refused;
use crate::domain::{Command, LiftHold, RejectionCode};
use crate::replica::{OwnCommandError, WAIT_LIMIT};
use crate::service::Service;

/// Where a [`SalesStatus`] is had for nothing more than being asked.
pub const SALES: &str = "/sales";

/// Where a [`ResumeRequest`] has sales go on.
pub const RESUMED_SALES: &str = "/sales/resume";

/// Whether sales are held, and what waits if they are.
#[derive(Deserialize, Serialize)]
pub struct SalesStatus {
    /// What holds them, if anything does.
    pub hold: Option<SalesHold>,
    /// Orders that hold a ticket unpaid.
    pub open_orders: u64,
    /// Payments that are to be charged or given back.
    pub payments_under_way: u64,
}

/// What holds sales.
#[derive(Deserialize, Serialize)]
pub struct SalesHold {
    /// Since when, in milliseconds since 1970; names it, in a [`ResumeRequest`].
    pub since_ms: u64,
    /// Why.
    pub reason: String,
    /// The epoch of the history that was left; empty if it is not known.
    pub left_epoch: String,
}

/// Asks for sales to go on.
#[derive(Deserialize, Serialize)]
pub struct ResumeRequest {
    /// The hold that the operator was shown.
    pub since_ms: u64,
}

/// As the whole cluster has it: a replica that is behind might not have the hold yet, or have it still.
#[handler]
pub(super) async fn show(service: Data<&Arc<Service>>) -> poem::Result<Json<SalesStatus>> {
    let newest = service.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await;
    newest.map_err(refused(StatusCode::SERVICE_UNAVAILABLE))?;
    let status = service.replica.view().and_then(|view| {
        let hold = view.hold()?.map(|hold| SalesHold {
            since_ms: hold.since_ms,
            reason: hold.reason,
            left_epoch: hold.left_epoch,
        });
        let (open_orders, payments_under_way) = (view.open_orders()?, view.payments_under_way()?);
        Ok(SalesStatus { hold, open_orders, payments_under_way })
    });
    status.map(Json).map_err(refused(StatusCode::SERVICE_UNAVAILABLE))
}

#[handler]
pub(super) async fn resume(
    service: Data<&Arc<Service>>,
    request: Json<ResumeRequest>,
) -> poem::Result<Json<()>> {
    let since_ms = request.since_ms;
    let lifted = service.replica.submit_own(Command::LiftHold(LiftHold { since_ms })).await;
    lifted.map_err(|error| match error {
        OwnCommandError::Rejected(rejection) if rejection.code() == RejectionCode::NotFound => {
            refused(StatusCode::CONFLICT)("sales are held by another hold by now: look at it first")
        }
        error => refused(StatusCode::SERVICE_UNAVAILABLE)(error),
    })?;
    tracing::warn!(since_ms, "sales go on: the operator lifted the hold");
    Ok(Json(()))
}
