//! What an answer has to be, given what the log says.

use boxoffice::domain::{
    Answer as Replied, Command, Order, OrderStatus, RejectionCode, Reply, Ticket, TicketStatus,
};
use boxoffice::store::View;
use serde_json::Value;

use crate::history::{Answer, Operation, Request};
use crate::replay::Applied;

/// Why the answer to a change is not that of the command at its index; none if it is.
pub(crate) fn contradiction(
    operation: &Operation,
    answer: &Answer,
    applied: Option<&Applied>,
) -> Option<String> {
    let Some(applied) = applied else {
        return Some("it was acknowledged, and no command is in the log at its index".to_owned());
    };
    if !is_of(operation, applied) {
        return Some(format!("at its index the log has another command: {:?}", applied.envelope.command));
    }
    answered(answer, &applied.reply)
}

fn is_of(operation: &Operation, applied: &Applied) -> bool {
    let envelope = &applied.envelope;
    let key = envelope.idempotency.as_ref().map(|idempotency| idempotency.key.as_str());
    let by = envelope.actor.map(|actor| actor.user.to_string());
    let what = match (&operation.request, &envelope.command) {
        (Request::PostTicket(title), Some(Command::CreateTicket(c))) => c.fields.title == *title,
        (Request::RenameTicket(id, title), Some(Command::UpdateTicket(c))) => {
            c.ticket.to_string() == *id && c.fields.title == *title
        }
        (Request::Order(ticket), Some(Command::Reserve(c))) => c.ticket.to_string() == *ticket,
        (Request::Cancel(order), Some(Command::CancelOrder(c))) => c.order.to_string() == *order,
        _ => false,
    };
    what && key == operation.key.as_deref() && by.as_deref() == Some(&operation.user)
}

fn answered(answer: &Answer, reply: &Reply) -> Option<String> {
    let replied = reply.clone().into_result();
    let is_refused = answer.status >= 400;
    match replied {
        Err(rejection) if is_refused => {
            let expected = problem(rejection.code());
            (expected != answer.problem()).then(|| format!("the log refuses it as {expected}"))
        }
        Err(rejection) => Some(format!("the log refuses it: {rejection:?}")),
        Ok(_) if is_refused => Some("the log does not refuse it".to_owned()),
        Ok(Replied::Ticket(ticket)) => differs_from_ticket(&answer.body, &ticket),
        // A cancelled order is not shown.
        Ok(Replied::Order(order)) if answer.status != 204 => differs_from_order(&answer.body, &order),
        Ok(_) => None,
    }
}

/// Why the answer to a read is not what the state at its index shows; none if it is.
pub(crate) fn misreading(
    operation: &Operation,
    answer: &Answer,
    view: &View,
) -> anyhow::Result<Option<String>> {
    let (found, differs) = match &operation.request {
        Request::ShowTicket(id) => match view.ticket(id.parse()?)? {
            Some(ticket) => (true, differs_from_ticket(&answer.body, &ticket)),
            None => (false, None),
        },
        Request::ShowOrder(id) => match view.order(id.parse()?)? {
            Some(order) => (true, differs_from_order(&answer.body, &order)),
            None => (false, None),
        },
        _ => return Ok(None),
    };
    Ok(match (found, answer.status) {
        (true, 200) => differs,
        (false, 404) => None,
        (true, _) => Some("the state at its index has it".to_owned()),
        (false, _) => Some("the state at its index does not have it".to_owned()),
    })
}

fn differs_from_ticket(body: &Value, ticket: &Ticket) -> Option<String> {
    let status = match ticket.status() {
        TicketStatus::Available => "available",
        TicketStatus::Frozen => "frozen",
        TicketStatus::Reserved => "reserved",
        TicketStatus::Sold => "sold",
    };
    let order = ticket.order.map(|order| order.to_string());
    let same = body["id"] == ticket.id.to_string()
        && body["version"] == ticket.version
        && body["title"] == ticket.title
        && body["userId"] == ticket.seller.to_string()
        && body["orderId"].as_str() == order.as_deref()
        && body["status"] == status;
    (!same).then(|| format!("the log has {ticket:?}"))
}

fn differs_from_order(body: &Value, order: &Order) -> Option<String> {
    let status = match order.status() {
        OrderStatus::Created => "created",
        OrderStatus::AwaitingPayment => "awaiting:payment",
        OrderStatus::Complete => "complete",
        OrderStatus::Cancelled => "cancelled",
    };
    let expires: Option<jiff::Timestamp> = body["expiresAt"].as_str().and_then(|text| text.parse().ok());
    let same = body["id"] == order.id.to_string()
        && body["version"] == order.version
        && body["userId"] == order.buyer.to_string()
        && body["ticket"]["id"] == order.ticket.id.to_string()
        && body["ticket"]["version"] == order.ticket.version
        && expires.is_some_and(|at| u64::try_from(at.as_millisecond()) == Ok(order.expires_at_ms))
        && body["status"] == status;
    (!same).then(|| format!("the log has {order:?}"))
}

/// The contract's name of a refusal, said here once more so that the service's own table is checked too.
fn problem(code: RejectionCode) -> &'static str {
    match code {
        RejectionCode::Internal => "internal",
        RejectionCode::NotSignedIn => "not-signed-in",
        RejectionCode::NotFound => "not-found",
        RejectionCode::Forbidden => "forbidden",
        RejectionCode::VersionMismatch => "version-mismatch",
        RejectionCode::RequestExpired => "unavailable",
        RejectionCode::KeyReused => "idempotency-key-reused",
        RejectionCode::TicketReserved => "ticket-reserved",
        RejectionCode::TicketSold => "ticket-sold",
        RejectionCode::TicketFrozen => "ticket-frozen",
        RejectionCode::OwnTicket => "own-ticket",
        RejectionCode::ShowBegun => "show-begun",
        RejectionCode::OrderCancelled => "order-cancelled",
        RejectionCode::OrderExpired => "order-expired",
        RejectionCode::OrderPaid => "order-paid",
        RejectionCode::ChargeUnderWay | RejectionCode::BrowserAttemptOpen => "charge-under-way",
        _ => "a refusal that no request of these tests gets",
    }
}
