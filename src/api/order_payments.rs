//! The attempts to pay for an order, for those who have to do with it.

use std::sync::Arc;

use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::operator::UserOrOperator;
use super::payment_view::PaymentView;
use super::refused;
use crate::domain::Scope;
use crate::http::json::Json;
use crate::http::{ProblemType, Refused};
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
    async fn list(&self, asker: UserOrOperator, id: Path<String>) -> Result<AllPayments, Refused<OfListing>> {
        asker.ensure_scope(&[Scope::PaymentsRead])?;
        let view = self.service.replica.view()?;
        let order = view.order(id.parse()?)?.ok_or(ProblemType::NotFound)?;
        asker.ensure_among(&[order.buyer, order.ticket.seller])?;
        let payments = view.payments_for(&order, MAX_LISTED)?.into_iter();
        let is_seller = matches!(&asker, UserOrOperator::User(caller) if caller.user != order.buyer);
        let shown = if is_seller { PaymentView::for_seller } else { PaymentView::from };
        Ok(AllPayments::Ok(Json(payments.map(shown).collect())))
    }
}
