//! The numbers that enumerations have in rows.

use boxoffice::domain::*;

use crate::samples::Sample;

/// Lists every variant with the number it has in rows; does not compile while one is missing.
macro_rules! numbers {
    ($($enum:ident { $($variant:ident,)* })*) => {
        /// Every variant of every enumeration that rows hold, and its number.
        pub(crate) fn numbers() -> Vec<Sample> {
            let mut samples = Vec::new();
            $(
                for listed in [$($enum::$variant,)*] {
                    let name = match listed {
                        $($enum::$variant => concat!("number/", stringify!($enum), "/", stringify!($variant)),)*
                    };
                    samples.push((name.to_owned(), vec![listed as u8]));
                }
            )*
            samples
        }
    };
}

numbers! {
    RejectionCode {
        Internal, NotSignedIn, NotFound, Forbidden, VersionMismatch, RequestExpired, KeyReused, EmailTaken,
        BadCredentials, AccountInUse, TicketReserved, TicketSold, TicketFrozen, OwnTicket, ShowBegun,
        OrderCancelled, OrderExpired, OrderPaid, ChargeUnderWay, SalesHeld, InsufficientScope,
        TooManyKeys, NothingToRefund, RefundTooLarge, TooManyRefunds, BrowserAttemptOpen, TooManyAttempts, TooManyGroups, UnknownPosition,
        GroupStarted, TooManyParked, NotParked, TooManyWebhooks, WebhookDisabled, TooManyWaiting,
    }
    EventType {
        Unknown, TicketCreated, TicketUpdated, TicketDeleted, OrderCreated, OrderUpdated, OrderCancelled,
        OrderCompleted, PaymentCreated, PaymentUpdated, PaymentRefunded, ExpirationComplete,
    }
    TicketStatus { Available, Frozen, Reserved, Sold, }
    OrderStatus { Created, AwaitingPayment, Complete, Cancelled, }
    Scope { Unknown, Keys, OrdersRead, PaymentsRead, Refunds, EventsRead, }
    CancelReason { None, Buyer, Expired, Refunded, }
    PaymentStatus { Processing, Succeeded, Failed, Refunding, Refunded, }
    TransitionReason { Unknown, Reserved, PaymentBegun, PaymentFailed, Paid, Cancelled, Expired, Refunded, }
    RefundStatus { Pending, Succeeded, Failed, }
    PendingState { Waiting, Ready, Leased, }
    DeliveryFailure { None, TimedOut, GivenBack, }
    RefundCause { Requested, LateCharge, Gateway, }
    Withdrawal { None, Requested, CancelsOrder, }
    Account { Unknown, GatewayClearing, SellerPayable, RefundsPayable, Disputes, }
    DisabledReason { Unknown, ByOwner, Gone, Failing, }
    AttemptOutcome { Unknown, Delivered, Failed, GivenUp, Gone, Forgotten, }
    Movement {
        Unknown, Charge, LateCharge, Refund, RefundReversed, CarriedForward, DisputeWithdrawn,
        DisputeReinstated,
    }
}
