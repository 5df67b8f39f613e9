//! Rejections: committed answers that say why a change was not made.

/// Why a change was not made. Each maps to one HTTP problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum RejectionCode {
    /// The change would have broken an invariant. An alarm, not an answer anybody should see.
    Internal = 0,
    /// The session has ended.
    NotSignedIn = 1,
    /// There is no such thing, or it is somebody else's private matter.
    NotFound = 2,
    /// It is somebody else's.
    Forbidden = 3,
    /// The caller has not seen the current version; `detail` is that version.
    VersionMismatch = 4,
    /// The proposal arrived after its expiry: ask again.
    RequestExpired = 5,
    /// The idempotency key stands for another request.
    KeyReused = 6,
    /// The address has an account already.
    EmailTaken = 10,
    /// The password, or the one-time token, is not (or no longer) the right one.
    BadCredentials = 11,
    /// The account has open orders or reserved tickets.
    AccountInUse = 12,
    /// The ticket is claimed by an open order.
    TicketReserved = 20,
    /// The ticket is sold.
    TicketSold = 21,
    /// The seller took the ticket off sale.
    TicketFrozen = 22,
    /// Nobody buys their own ticket.
    OwnTicket = 23,
    /// The show has begun.
    ShowBegun = 24,
    /// The order was cancelled by its buyer.
    OrderCancelled = 30,
    /// The order was not paid in time.
    OrderExpired = 31,
    /// The order is paid.
    OrderPaid = 32,
    /// A charge for the order is under way.
    ChargeUnderWay = 33,
    /// Nothing that was paid is left to be given back.
    NothingToRefund = 34,
    /// Less is left to be given back; `detail` is how much, in minor units.
    RefundTooLarge = 35,
    /// The payment has as many refunds as it may have.
    TooManyRefunds = 36,
    /// An attempt in the buyer's browser is under way, which they may withdraw.
    BrowserAttemptOpen = 37,
    /// As many attempts to pay for the order were made as may be.
    TooManyAttempts = 38,
    /// Sales are held: whatever claims, releases or pays for a ticket waits for the operator.
    SalesHeld = 40,
    /// The operator's key is not good for this.
    InsufficientScope = 50,
    /// There are as many operator's keys as there may be, and all of them work.
    TooManyKeys = 51,
    /// Its owner, or all users together, have as many endpoints of webhooks as there may be.
    TooManyWebhooks = 100,
    /// Nothing is sent to the endpoint.
    WebhookDisabled = 101,
    /// As many events as may wait to be sent to the endpoint.
    TooManyWaiting = 102,
    /// Its owner, or all users together, have as many consumer groups as there may be.
    TooManyGroups = 90,
    /// There is no such event yet; `detail` is the newest.
    UnknownPosition = 91,
    /// The consumer group is there, and started somewhere else.
    GroupStarted = 92,
    /// The consumer group has as many events parked as there may be.
    TooManyParked = 93,
    /// The event is not parked; `detail` is its sequence.
    NotParked = 94,
}

/// A committed answer that says why a change was not made.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Rejection {
    /// See [`RejectionCode`]; read it with [`Rejection::code`].
    #[prost(enumeration = "RejectionCode", tag = "1")]
    pub code: i32,
    /// What the code says it is; 0 otherwise.
    #[prost(uint64, tag = "2")]
    pub detail: u64,
    /// What went wrong, for the operator; only with [`RejectionCode::Internal`].
    #[prost(string, tag = "3")]
    pub fault: String,
}

impl RejectionCode {
    /// Whether it says nothing of the request itself, and so is no answer to hold against its idempotency key
    /// for a day: a fault of ours, sales that are held for now, or an attempt that is withdrawn before it is asked again.
    pub(super) fn passes(self) -> bool {
        matches!(self, Self::Internal | Self::SalesHeld | Self::BrowserAttemptOpen)
    }

    /// A rejection with the number that this code explains.
    pub(super) fn with(self, detail: u64) -> Rejection {
        Rejection { code: self.into(), detail, fault: String::new() }
    }
}

impl From<RejectionCode> for Rejection {
    fn from(code: RejectionCode) -> Self {
        code.with(0)
    }
}

impl Rejection {
    /// The change contradicts what must hold: the same on every replica, and cause for alarm.
    pub(super) fn internal(fault: impl Into<String>) -> Self {
        Self { code: RejectionCode::Internal.into(), detail: 0, fault: fault.into() }
    }
}
