//! The attempts to pay for an order, for those who have to do with it.

use std::sync::Arc;

use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::operator::UserOrOperator;
use super::payment_view::PaymentView;
use super::refused;
use crate::domain::{Payment, Scope};
use crate::http::json::Json;
use crate::http::{Problem, ProblemType, Refused};
use crate::service::Service;

/// The most attempts that are listed: of orders from before they were bounded there may be more.
const MAX_LISTED: usize = 100;

pub(super) struct OrderPayments {
    pub(super) service: Arc<Service>,
}

#[derive(ApiResponse)]
enum AllPayments {
    /// The attempts, oldest first; a hundred at most
    #[oai(status = 200)]
    Ok(Json<Vec<PaymentView>>),
}

refused! {
    OfListing: 400, 401, 403, 404;
}

#[OpenApi(prefix_path = "/api/orders", tag = "Tag::Payments")]
impl OrderPayments {
    /// List the attempts to pay for an order, oldest first
    ///
    /// For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read`. Of an order
    /// that is older than this service keeps histories, only the latest attempt.
    #[oai(path = "/:id/payments", method = "get", operation_id = "listOrderPayments")]
    async fn list(
        &self,
        asker: UserOrOperator,
        /// The order's id
        id: Path<String>,
    ) -> Result<AllPayments, Refused<OfListing>> {
        let shown = |payment: Payment| match &asker {
            UserOrOperator::User(caller) if caller.user != payment.buyer => PaymentView::for_seller(payment),
            _ => payment.into(),
        };
        let payments = attempts(&self.service, &asker, &id)?;
        Ok(AllPayments::Ok(Json(payments.into_iter().map(shown).collect())))
    }
}

/// The attempts to pay for an order that the asker has to do with, oldest first.
pub(crate) fn attempts(
    service: &Service,
    asker: &UserOrOperator,
    order: &str,
) -> Result<Vec<Payment>, Problem> {
    asker.ensure_scope(&[Scope::PaymentsRead])?;
    let view = service.replica.view()?;
    let order = view.order(order.parse()?)?.ok_or(ProblemType::NotFound)?;
    asker.ensure_among(&[order.buyer, order.ticket.seller])?;
    Ok(view.payments_for(&order, MAX_LISTED)?)
}
