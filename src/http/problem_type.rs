//! Every case in which a request is refused, told apart by a stable name.

use poem::http::StatusCode;

/// Declares [`ProblemType`] from one table, so that a new case is one line.
macro_rules! problem_types {
    ($($(#[$doc:meta])* $variant:ident: $status:literal $slug:literal $title:literal;)+) => {
        /// Why a request was refused. Clients match on [`uri`](ProblemType::uri), which never changes
        /// once released; title and detail are for people.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemType {
            $($(#[$doc])* $variant,)+
        }

        impl ProblemType {
            /// Every case, in the order of the table.
            pub const ALL: &[ProblemType] = &[$(ProblemType::$variant,)+];

            /// The RFC 9457 `type`, a URI reference.
            pub const fn uri(self) -> &'static str {
                match self {
                    $(ProblemType::$variant => concat!("/problems/", $slug),)+
                }
            }

            /// The RFC 9457 `title`, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self {
                    $(ProblemType::$variant => $title,)+
                }
            }

            /// The status code as a number.
            pub const fn status_code(self) -> u16 {
                match self {
                    $(ProblemType::$variant => $status,)+
                }
            }
        }
    };
}

problem_types! {
    /// The body is not JSON, or not an object.
    MalformedJson: 400 "malformed-json" "The body is not a JSON object";
    /// A field of the body is missing or not as it should be.
    InvalidInput: 400 "invalid-input" "The request has invalid fields";
    /// A query parameter is not as it should be.
    InvalidQuery: 400 "invalid-query" "The request has invalid query parameters";
    /// A request header is not as it should be.
    InvalidHeader: 400 "invalid-header" "The request has an invalid header";
    /// A webhook does not come from where it says, or not now.
    BadSignature: 400 "bad-signature" "The signature is not good";
    /// Something else about the request makes no sense.
    BadRequest: 400 "bad-request" "The request cannot be understood";
    /// The operation needs someone signed in.
    NotSignedIn: 401 "not-signed-in" "Not signed in";
    /// Wrong password or unknown address, deliberately not told apart.
    BadCredentials: 401 "bad-credentials" "Wrong e-mail address or password";
    /// The caller is signed in, but the password asked for once more is not theirs.
    WrongPassword: 401 "wrong-password" "Wrong password";
    /// The token that resets a password is unknown, used or too old.
    BadResetToken: 401 "bad-reset-token" "The token is not valid";
    /// The gateway declined the charge.
    PaymentDeclined: 402 "payment-declined" "The payment was declined";
    /// The thing is public, but someone else's.
    Forbidden: 403 "forbidden" "Not yours to change";
    /// The operator's key is not good for this.
    InsufficientScope: 403 "insufficient-scope" "The operator's key is not good for this";
    /// A browser sent this on behalf of another site.
    CrossOrigin: 403 "cross-origin" "Cross-origin requests are refused";
    /// No such thing, or someone else's private one.
    NotFound: 404 "not-found" "Not found";
    /// No fetch of this consumer group was given such a lease.
    UnknownLease: 404 "unknown-lease" "There is no such lease";
    /// The path exists, but not for this method.
    MethodNotAllowed: 405 "method-not-allowed" "Method not allowed";
    /// The body did not arrive in time.
    RequestTimeout: 408 "request-timeout" "The request took too long to arrive";
    /// The e-mail address has an account.
    EmailTaken: 409 "email-taken" "The e-mail address is in use";
    /// Another order holds the ticket.
    TicketReserved: 409 "ticket-reserved" "The ticket is reserved";
    /// The ticket is gone for good.
    TicketSold: 409 "ticket-sold" "The ticket is sold";
    /// Its seller took the ticket off sale.
    TicketFrozen: 409 "ticket-frozen" "The ticket is off sale";
    /// A seller cannot buy from themselves.
    OwnTicket: 409 "own-ticket" "The ticket is your own";
    /// The show has begun, so the ticket is worth nothing.
    ShowBegun: 409 "show-begun" "The show has begun";
    /// The buyer cancelled the order.
    OrderCancelled: 409 "order-cancelled" "The order is cancelled";
    /// The order was not paid in time.
    OrderExpired: 409 "order-expired" "The order has expired";
    /// The order is paid already.
    OrderPaid: 409 "order-paid" "The order is paid";
    /// The charge succeeded when the order was no longer to be had; the money goes back.
    PaymentRefunded: 409 "payment-refunded" "The payment came too late and is refunded";
    /// Nothing that was paid is left to be given back, or nothing was paid.
    NothingToRefund: 409 "nothing-to-refund" "Nothing is left to be refunded";
    /// More is asked for than what is left of what was paid.
    RefundTooLarge: 409 "refund-too-large" "More than is left to be refunded";
    /// The payment has as many refunds as it may have.
    TooManyRefunds: 409 "too-many-refunds" "There are too many refunds of this payment";
    /// As many attempts to pay for the order were made as may be; it can only be cancelled now.
    TooManyAttempts: 409 "too-many-attempts" "There were too many attempts to pay for this order";
    /// A charge for the order is not decided yet.
    ChargeUnderWay: 409 "charge-under-way" "A charge for the order is under way";
    /// The gateway takes no payments that are confirmed in a browser.
    NoBrowserPayments: 409 "no-browser-payments" "Payments cannot be made in a browser here";
    /// Only the gateway that took the money can give it back, and it is not the one that is set up here now.
    OtherGateway: 409 "other-gateway" "The payment was made through another gateway";
    /// The account has open orders or reserved tickets.
    AccountInUse: 409 "account-in-use" "The account is in use";
    /// All places for operator's keys are taken by keys that work.
    TooManyKeys: 409 "too-many-keys" "There are too many operator's keys";
    /// All places for endpoints of webhooks are taken.
    TooManyWebhooks: 409 "too-many-webhooks" "There are too many endpoints of webhooks";
    /// Nothing is sent to the endpoint until it is enabled.
    WebhookDisabled: 409 "webhook-disabled" "The endpoint is disabled";
    /// As many events as may wait to be sent to the endpoint again.
    TooManyWaiting: 409 "too-many-waiting" "Too many events wait to be sent again";
    /// All places for the caller's consumer groups are taken, or all those of users.
    TooManyGroups: 409 "too-many-consumers" "There are too many consumer groups";
    /// The consumer group is there, and started somewhere else.
    GroupStarted: 409 "consumer-started" "The consumer group has started somewhere else";
    /// The consumer group has as many events parked as there may be: somebody has to look at them first.
    TooManyParked: 409 "too-many-parked" "The consumer group has too many events parked";
    /// Another fetch was given the event since.
    LeasePassed: 409 "lease-passed" "The lease has passed to another fetch";
    /// The first request under this idempotency key has no answer yet.
    KeyInProgress: 409 "key-in-progress" "A request with this key is under way";
    /// The position is older than what is kept of the events, or of before a restore.
    EventsForgotten: 410 "events-forgotten" "The events after this position are not kept any more";
    /// `If-Match` names a version that is no longer current.
    VersionMismatch: 412 "version-mismatch" "The version is not current";
    /// The body is longer than accepted.
    PayloadTooLarge: 413 "payload-too-large" "The body is too large";
    /// The body is not declared as JSON.
    UnsupportedMediaType: 415 "unsupported-media-type" "The body must be application/json";
    /// The idempotency key belongs to another request.
    IdempotencyKeyReused: 422 "idempotency-key-reused" "The idempotency key was used for another request";
    /// Asked too often.
    TooManyRequests: 429 "too-many-requests" "Too many requests";
    /// A fault of ours; whether anything happened is unknown.
    Internal: 500 "internal" "Internal error";
    /// Not known to have happened: the same request under the same key may be sent again.
    Unavailable: 503 "unavailable" "Not available right now";
    /// The replica that was asked has not applied what it would have to show; nothing happened.
    ReplicaBehind: 503 "replica-behind" "This replica does not have that state yet";
    /// Nobody can say which state is the newest; nothing happened.
    NoLeader: 503 "no-leader" "The newest state is not known right now";
    /// Sales are held after a restore; nothing happened, and the same request may be sent again later.
    SalesHeld: 503 "sales-held" "Sales are held for now";
}

impl ProblemType {
    /// The status code.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status_code()).expect("the table holds valid status codes")
    }

    /// The case that says no more than the status does, for errors that were not ours to name.
    /// Statuses without one become 400 or 500.
    pub fn for_status(status: StatusCode) -> ProblemType {
        match status.as_u16() {
            401 => ProblemType::NotSignedIn,
            403 => ProblemType::Forbidden,
            404 => ProblemType::NotFound,
            405 => ProblemType::MethodNotAllowed,
            408 => ProblemType::RequestTimeout,
            410 => ProblemType::EventsForgotten,
            412 => ProblemType::VersionMismatch,
            413 => ProblemType::PayloadTooLarge,
            415 => ProblemType::UnsupportedMediaType,
            429 => ProblemType::TooManyRequests,
            503 => ProblemType::Unavailable,
            400..=499 => ProblemType::BadRequest,
            _ => ProblemType::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_in_lower_kebab() {
        let mut seen = BTreeSet::new();
        for kind in ProblemType::ALL {
            let slug = kind.uri().strip_prefix("/problems/").expect("the prefix");
            assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{slug}");
            assert!(seen.insert(slug), "{slug} twice");
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
        }
    }

    #[test]
    fn a_bare_status_keeps_its_class() {
        for code in 400..600 {
            let status = StatusCode::from_u16(code).unwrap();
            let kind = ProblemType::for_status(status);
            assert_eq!(kind.status().is_server_error(), status.is_server_error(), "{code}");
        }
    }
}
