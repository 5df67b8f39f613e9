//! Identifiers: 128 bits, made before the command that introduces them, shown as TypeIDs.

use std::fmt;
use std::str::FromStr;

use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// A text that is no identifier of the wanted kind. To a client, such a thing simply does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct InvalidId;

macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident, $kind:ident, $prefix:literal) => {
        #[derive(Clone, Copy, Default)]
        struct $kind;
        impl StaticType for $kind {
            const TYPE: &'static str = $prefix;
        }

        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Message)]
        #[prost(skip_debug)]
        pub struct $name {
            #[prost(fixed64, tag = "1")]
            high: u64,
            #[prost(fixed64, tag = "2")]
            low: u64,
        }

        impl $name {
            /// The identifier with these 128 bits.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                let (high, low) = uuid.as_u64_pair();
                Self { high, low }
            }

            /// The identifier's 128 bits.
            pub const fn uuid(self) -> Uuid {
                Uuid::from_u64_pair(self.high, self.low)
            }

            /// The identifier's bytes, sorted as the identifiers are.
            pub const fn to_bytes(self) -> [u8; 16] {
                self.uuid().into_bytes()
            }

            /// The identifier with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self::from_uuid(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                TypeSafeId::<$kind>::from_uuid(self.uuid()).fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id: TypeSafeId<$kind> = text.parse().map_err(|_| InvalidId)?;
                Ok(Self::from_uuid(id.uuid()))
            }
        }
    };
}

define_id!(
    /// Names an account.
    UserId, UserKind, "user");
define_id!(
    /// Names one signed-in device or program of an account.
    SessionId, SessionKind, "session");
define_id!(
    /// Names what a seller offers.
    TicketId, TicketKind, "ticket");
define_id!(
    /// Names a buyer's claim on a ticket.
    OrderId, OrderKind, "order");
define_id!(
    /// Names one attempt to pay an order; also the stable key of its charge at the gateway.
    PaymentId, PaymentKind, "payment");
define_id!(
    /// Names money that goes back; also its name at the gateway.
    RefundId, RefundKind, "refund");
define_id!(
    /// Names a key by which an operator acts.
    OperatorKeyId, OperatorKeyKind, "opkey");
define_id!(
    /// Names where somebody is told of events.
    WebhookEndpointId, WebhookEndpointKind, "whk");
define_id!(
    /// Names a test event, which is sent to one endpoint alone.
    WebhookTestId, WebhookTestKind, "whktest");

/// Names one proposal of a command, so that a proposal sent twice applies once.
///
/// It carries its own expiry on the replicated clock: `apply` refuses it afterwards, which bounds how
/// long the state has to remember it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, prost::Message)]
pub struct ProposalId {
    /// When the command is refused from, in milliseconds on the replicated clock.
    #[prost(fixed64, tag = "1")]
    pub expires_ms: u64,
    /// 64 random bits.
    #[prost(fixed64, tag = "2")]
    pub random: u64,
}

impl ProposalId {
    /// The key under which the reply is remembered; sorted by expiry.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.expires_ms.to_be_bytes());
        bytes[8..].copy_from_slice(&self.random.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back_from_their_text_and_no_other() {
        let id = TicketId::from_bytes([7; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().starts_with("ticket_"));
        assert_eq!(id.to_string().parse::<OrderId>(), Err(InvalidId), "of another kind");
        for text in
            ["", "ticket_", "ticket", "ticket_é1h45s0000000000000000000", "ticket_zzzzzzzzzzzzzzzzzzzzzzzzzz"]
        {
            assert_eq!(text.parse::<TicketId>(), Err(InvalidId), "{text:?}");
        }
    }
}
