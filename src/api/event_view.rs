//! An event as clients see it: a CloudEvent in JSON, <https://cloudevents.io>, version 1.0.
//!
//! What it says depends on nothing but the event: everybody who may see it is shown the same bytes, whenever and on
//! whichever replica.

use poem_openapi::{Enum, Object, Union};

use super::orders::OrderView;
use super::payment_view::PaymentView;
use super::ticket_view::TicketView;
use crate::domain::{Event, EventType, OrderId, Subject};
use crate::http::timestamp::Timestamp;
use crate::replica::{EventPosition, Replica};

/// The version of CloudEvents.
const SPEC_VERSION: &str = "1.0";

/// What `data` is in.
const DATA_CONTENT_TYPE: &str = "application/json";

/// Names the document that describes the API; what follows is a JSON pointer into it. CloudEvents wants a whole URI here,
/// and nobody but the client knows by which one this service is reached.
const OPENAPI: &str = "urn:boxoffice:openapi#/components/schemas/";

/// Digits of the greatest sequence.
const SEQUENCE_DIGITS: usize = u64::MAX.ilog10() as usize + 1;

/// Something that happened, as CloudEvents 1.0 has it
#[derive(Object)]
#[oai(rename = "Event")]
pub(super) struct CloudEvent {
    /// The event's position, `<epoch>-<sequence>`: the epoch is that of the `Consistency-Token`. Together with `source` it
    /// is the only one of its kind
    id: String,
    /// `urn:boxoffice:` and the cluster's id
    source: String,
    /// `1.0`
    specversion: String,
    #[oai(rename = "type")]
    kind: EventTypeName,
    /// The id of the ticket, order or payment; of an expiration, that of the order
    subject: String,
    /// When it was committed
    time: Timestamp,
    /// Its place among all events, one more than that of the event before: 20 digits, sorted as text
    sequence: String,
    /// `application/json`
    datacontenttype: String,
    /// Where the schema of `data` is: `urn:boxoffice:openapi` stands for `/openapi.json`, and a JSON pointer follows
    dataschema: String,
    data: EventData,
}

/// What an event is about, as it was right after. Times that count down are those of the event
///
/// The `version` of one and the same thing rises by one from event to event, starting at 0. Who is shown all types and
/// finds another one than that has missed an event. Expirations have no version.
#[derive(Union)]
#[oai(rename = "EventData")]
enum EventData {
    Ticket(TicketView),
    Order(OrderView),
    Payment(PaymentView),
    Expiration(ExpirationView),
}

/// An order's deadline passed, and it is cancelled; the order's own event says so as well
#[derive(Object)]
#[oai(rename = "Expiration", rename_all = "camelCase")]
struct ExpirationView {
    /// The order whose deadline passed
    order_id: String,
}

/// What happened
#[derive(Enum)]
#[oai(rename = "EventType")]
pub(super) enum EventTypeName {
    /// A ticket was posted
    #[oai(rename = "ticket:created")]
    TicketCreated,
    /// A ticket changed
    #[oai(rename = "ticket:updated")]
    TicketUpdated,
    /// A ticket was withdrawn
    #[oai(rename = "ticket:deleted")]
    TicketDeleted,
    /// A ticket was reserved by this order
    #[oai(rename = "order:created")]
    OrderCreated,
    /// An order's charge began, or came to nothing
    #[oai(rename = "order:updated")]
    OrderUpdated,
    /// The buyer does not get, or no longer has, the ticket
    #[oai(rename = "order:cancelled")]
    OrderCancelled,
    /// An order was paid
    #[oai(rename = "order:completed")]
    OrderCompleted,
    /// An attempt to pay began
    #[oai(rename = "payment:created")]
    PaymentCreated,
    /// An attempt to pay went on or was settled, a refund of it began or failed, or its charge is disputed
    #[oai(rename = "payment:updated")]
    PaymentUpdated,
    /// Some of what was paid, or all of it, was given back
    #[oai(rename = "payment:refunded")]
    PaymentRefunded,
    /// An order's deadline passed
    #[oai(rename = "expiration:complete")]
    ExpirationComplete,
}

/// The events of a cluster, as clients see them.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventRenderer {
    cluster_id: u128,
}

impl EventRenderer {
    /// Those of the cluster that this replica belongs to.
    pub(super) fn of(replica: &Replica) -> Self {
        Self { cluster_id: replica.cluster_id() }
    }

    /// The event as clients see it; `None` if it is of a later version, and so nobody may see it.
    pub(super) fn render(self, event: Event) -> Option<CloudEvent> {
        let kind = EventTypeName::of(event.r#type())?;
        let subject = event.subject_id()?.to_string();
        let data = EventData::of(event.subject?, event.at_ms);
        Some(CloudEvent {
            id: EventPosition::of_cluster(self.cluster_id, event.sequence).to_string(),
            source: format!("urn:boxoffice:{:032x}", self.cluster_id),
            specversion: SPEC_VERSION.to_owned(),
            kind,
            subject,
            time: Timestamp { unix_ms: event.at_ms },
            sequence: format!("{:0width$}", event.sequence, width = SEQUENCE_DIGITS),
            datacontenttype: DATA_CONTENT_TYPE.to_owned(),
            dataschema: format!("{OPENAPI}{}", data.schema_name()),
            data,
        })
    }
}

impl CloudEvent {
    /// Its position.
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl EventData {
    /// What an event of this time is about.
    fn of(subject: Subject, at_ms: u64) -> Self {
        match subject {
            Subject::Ticket(ticket) => Self::Ticket(ticket.into()),
            Subject::Order(order) => Self::Order(OrderView::new(order, at_ms)),
            Subject::Payment(payment) => Self::Payment(payment.into()),
            Subject::Expiration(order) => Self::Expiration(order.into()),
        }
    }

    /// What its schema is called in the document.
    fn schema_name(&self) -> &'static str {
        match self {
            Self::Ticket(_) => "Ticket",
            Self::Order(_) => "Order",
            Self::Payment(_) => "Payment",
            Self::Expiration(_) => "Expiration",
        }
    }
}

impl From<OrderId> for ExpirationView {
    fn from(order: OrderId) -> Self {
        Self { order_id: order.to_string() }
    }
}

impl EventTypeName {
    /// The type that this names.
    pub(super) fn event_type(&self) -> EventType {
        match self {
            Self::TicketCreated => EventType::TicketCreated,
            Self::TicketUpdated => EventType::TicketUpdated,
            Self::TicketDeleted => EventType::TicketDeleted,
            Self::OrderCreated => EventType::OrderCreated,
            Self::OrderUpdated => EventType::OrderUpdated,
            Self::OrderCancelled => EventType::OrderCancelled,
            Self::OrderCompleted => EventType::OrderCompleted,
            Self::PaymentCreated => EventType::PaymentCreated,
            Self::PaymentUpdated => EventType::PaymentUpdated,
            Self::PaymentRefunded => EventType::PaymentRefunded,
            Self::ExpirationComplete => EventType::ExpirationComplete,
        }
    }

    pub(super) fn of(r#type: EventType) -> Option<Self> {
        Some(match r#type {
            EventType::Unknown => return None,
            EventType::TicketCreated => Self::TicketCreated,
            EventType::TicketUpdated => Self::TicketUpdated,
            EventType::TicketDeleted => Self::TicketDeleted,
            EventType::OrderCreated => Self::OrderCreated,
            EventType::OrderUpdated => Self::OrderUpdated,
            EventType::OrderCancelled => Self::OrderCancelled,
            EventType::OrderCompleted => Self::OrderCompleted,
            EventType::PaymentCreated => Self::PaymentCreated,
            EventType::PaymentUpdated => Self::PaymentUpdated,
            EventType::PaymentRefunded => Self::PaymentRefunded,
            EventType::ExpirationComplete => Self::ExpirationComplete,
        })
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::{ToJSON, Type};
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{Order, OrderStatus, Payment, PaymentId, Ticket, TicketId, UserId};

    const RENDERER: EventRenderer = EventRenderer { cluster_id: 0xabcd_ef01_2345_6789 << u64::BITS | 7 };
    const AT_MS: u64 = 1_809_199_800_050;

    fn rendered(r#type: EventType, subject: Subject) -> Value {
        let event = Event {
            sequence: 42,
            r#type: r#type.into(),
            at_ms: AT_MS,
            subject: Some(subject),
            buyer_of_expiration: Some(UserId::from_bytes([9; 16])),
        };
        RENDERER.render(event).expect("it is known").to_json().expect("it has members")
    }

    fn order() -> Order {
        let status = OrderStatus::Created.into();
        Order {
            id: OrderId::from_bytes([2; 16]),
            status,
            expires_at_ms: AT_MS + 900_000,
            version: 3,
            ..Order::default()
        }
    }

    #[test]
    fn an_event_is_a_cloud_event() {
        let order_id = OrderId::from_bytes([2; 16]);
        assert_eq!(
            rendered(EventType::ExpirationComplete, Subject::Expiration(order_id)),
            json!({
                "id": "abcdef0123456789-42",
                "source": "urn:boxoffice:abcdef01234567890000000000000007",
                "specversion": "1.0",
                "type": "expiration:complete",
                "subject": order_id.to_string(),
                "time": "2027-05-01T19:30:00.050Z",
                "sequence": "00000000000000000042",
                "datacontenttype": "application/json",
                "dataschema": "urn:boxoffice:openapi#/components/schemas/Expiration",
                "data": {"orderId": order_id.to_string()},
            })
        );
    }

    #[test]
    fn its_data_is_the_thing_as_the_api_shows_it_at_that_time() {
        let shown = rendered(EventType::OrderCreated, Subject::Order(order()));
        assert_eq!(shown["data"], OrderView::new(order(), AT_MS).to_json().unwrap());
        assert_eq!((&shown["data"]["version"], &shown["data"]["expiresInSeconds"]), (&json!(3), &json!(900)));
        let ticket = Ticket { id: TicketId::from_bytes([1; 16]), version: 7, ..Ticket::default() };
        let shown = rendered(EventType::TicketUpdated, Subject::Ticket(ticket.clone()));
        assert_eq!(shown["data"], TicketView::from(ticket).to_json().unwrap());
        let payment = Payment { id: PaymentId::from_bytes([3; 16]), version: 1, ..Payment::default() };
        let shown = rendered(EventType::PaymentUpdated, Subject::Payment(payment.clone()));
        assert_eq!(shown["data"], PaymentView::from(payment).to_json().unwrap());
    }

    #[test]
    fn names_and_schemas_are_those_of_the_document() {
        for r#type in EventType::ALL {
            let shown = rendered(r#type, Subject::Order(order()));
            assert_eq!(shown["type"], r#type.name());
        }
        let subjects = [
            (Subject::Ticket(Ticket::default()), TicketView::name()),
            (Subject::Order(order()), OrderView::name()),
            (Subject::Payment(Payment::default()), PaymentView::name()),
            (Subject::Expiration(OrderId::default()), ExpirationView::name()),
        ];
        for (subject, schema) in subjects {
            let shown = rendered(EventType::OrderCreated, subject);
            assert_eq!(shown["dataschema"], format!("urn:boxoffice:openapi#/components/schemas/{schema}"));
        }
    }

    #[test]
    fn what_this_version_does_not_know_is_not_shown() {
        assert!(RENDERER.render(Event { sequence: 1, ..Event::default() }).is_none());
    }
}
