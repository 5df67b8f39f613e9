// Generated from openapi/openapi.json by scripts/sdk. Do not edit.

/// Operations that take an idempotency key.
pub(crate) const TAKE_KEY: &[&str] = &[
    "create_ticket",
    "create_order",
    "create_payment_intent",
    "create_payment",
    "create_refund",
];

/// Every type of problem; later versions may know more.
pub mod problem_types {
    /// `/problems/malformed-json`
    pub const MALFORMED_JSON: &str = "/problems/malformed-json";
    /// `/problems/invalid-input`
    pub const INVALID_INPUT: &str = "/problems/invalid-input";
    /// `/problems/invalid-query`
    pub const INVALID_QUERY: &str = "/problems/invalid-query";
    /// `/problems/invalid-header`
    pub const INVALID_HEADER: &str = "/problems/invalid-header";
    /// `/problems/bad-signature`
    pub const BAD_SIGNATURE: &str = "/problems/bad-signature";
    /// `/problems/bad-request`
    pub const BAD_REQUEST: &str = "/problems/bad-request";
    /// `/problems/not-signed-in`
    pub const NOT_SIGNED_IN: &str = "/problems/not-signed-in";
    /// `/problems/bad-credentials`
    pub const BAD_CREDENTIALS: &str = "/problems/bad-credentials";
    /// `/problems/wrong-password`
    pub const WRONG_PASSWORD: &str = "/problems/wrong-password";
    /// `/problems/bad-reset-token`
    pub const BAD_RESET_TOKEN: &str = "/problems/bad-reset-token";
    /// `/problems/payment-declined`
    pub const PAYMENT_DECLINED: &str = "/problems/payment-declined";
    /// `/problems/forbidden`
    pub const FORBIDDEN: &str = "/problems/forbidden";
    /// `/problems/insufficient-scope`
    pub const INSUFFICIENT_SCOPE: &str = "/problems/insufficient-scope";
    /// `/problems/cross-origin`
    pub const CROSS_ORIGIN: &str = "/problems/cross-origin";
    /// `/problems/not-found`
    pub const NOT_FOUND: &str = "/problems/not-found";
    /// `/problems/unknown-lease`
    pub const UNKNOWN_LEASE: &str = "/problems/unknown-lease";
    /// `/problems/method-not-allowed`
    pub const METHOD_NOT_ALLOWED: &str = "/problems/method-not-allowed";
    /// `/problems/request-timeout`
    pub const REQUEST_TIMEOUT: &str = "/problems/request-timeout";
    /// `/problems/email-taken`
    pub const EMAIL_TAKEN: &str = "/problems/email-taken";
    /// `/problems/ticket-reserved`
    pub const TICKET_RESERVED: &str = "/problems/ticket-reserved";
    /// `/problems/ticket-sold`
    pub const TICKET_SOLD: &str = "/problems/ticket-sold";
    /// `/problems/ticket-frozen`
    pub const TICKET_FROZEN: &str = "/problems/ticket-frozen";
    /// `/problems/own-ticket`
    pub const OWN_TICKET: &str = "/problems/own-ticket";
    /// `/problems/show-begun`
    pub const SHOW_BEGUN: &str = "/problems/show-begun";
    /// `/problems/order-cancelled`
    pub const ORDER_CANCELLED: &str = "/problems/order-cancelled";
    /// `/problems/order-expired`
    pub const ORDER_EXPIRED: &str = "/problems/order-expired";
    /// `/problems/order-paid`
    pub const ORDER_PAID: &str = "/problems/order-paid";
    /// `/problems/payment-refunded`
    pub const PAYMENT_REFUNDED: &str = "/problems/payment-refunded";
    /// `/problems/nothing-to-refund`
    pub const NOTHING_TO_REFUND: &str = "/problems/nothing-to-refund";
    /// `/problems/refund-too-large`
    pub const REFUND_TOO_LARGE: &str = "/problems/refund-too-large";
    /// `/problems/too-many-refunds`
    pub const TOO_MANY_REFUNDS: &str = "/problems/too-many-refunds";
    /// `/problems/too-many-attempts`
    pub const TOO_MANY_ATTEMPTS: &str = "/problems/too-many-attempts";
    /// `/problems/charge-under-way`
    pub const CHARGE_UNDER_WAY: &str = "/problems/charge-under-way";
    /// `/problems/no-browser-payments`
    pub const NO_BROWSER_PAYMENTS: &str = "/problems/no-browser-payments";
    /// `/problems/other-gateway`
    pub const OTHER_GATEWAY: &str = "/problems/other-gateway";
    /// `/problems/account-in-use`
    pub const ACCOUNT_IN_USE: &str = "/problems/account-in-use";
    /// `/problems/too-many-keys`
    pub const TOO_MANY_KEYS: &str = "/problems/too-many-keys";
    /// `/problems/too-many-webhooks`
    pub const TOO_MANY_WEBHOOKS: &str = "/problems/too-many-webhooks";
    /// `/problems/webhook-disabled`
    pub const WEBHOOK_DISABLED: &str = "/problems/webhook-disabled";
    /// `/problems/too-many-waiting`
    pub const TOO_MANY_WAITING: &str = "/problems/too-many-waiting";
    /// `/problems/too-many-consumers`
    pub const TOO_MANY_CONSUMERS: &str = "/problems/too-many-consumers";
    /// `/problems/consumer-started`
    pub const CONSUMER_STARTED: &str = "/problems/consumer-started";
    /// `/problems/too-many-parked`
    pub const TOO_MANY_PARKED: &str = "/problems/too-many-parked";
    /// `/problems/lease-passed`
    pub const LEASE_PASSED: &str = "/problems/lease-passed";
    /// `/problems/key-in-progress`
    pub const KEY_IN_PROGRESS: &str = "/problems/key-in-progress";
    /// `/problems/events-forgotten`
    pub const EVENTS_FORGOTTEN: &str = "/problems/events-forgotten";
    /// `/problems/version-mismatch`
    pub const VERSION_MISMATCH: &str = "/problems/version-mismatch";
    /// `/problems/payload-too-large`
    pub const PAYLOAD_TOO_LARGE: &str = "/problems/payload-too-large";
    /// `/problems/unsupported-media-type`
    pub const UNSUPPORTED_MEDIA_TYPE: &str = "/problems/unsupported-media-type";
    /// `/problems/idempotency-key-reused`
    pub const IDEMPOTENCY_KEY_REUSED: &str = "/problems/idempotency-key-reused";
    /// `/problems/too-many-requests`
    pub const TOO_MANY_REQUESTS: &str = "/problems/too-many-requests";
    /// `/problems/internal`
    pub const INTERNAL: &str = "/problems/internal";
    /// `/problems/unavailable`
    pub const UNAVAILABLE: &str = "/problems/unavailable";
    /// `/problems/replica-behind`
    pub const REPLICA_BEHIND: &str = "/problems/replica-behind";
    /// `/problems/no-leader`
    pub const NO_LEADER: &str = "/problems/no-leader";
    /// `/problems/sales-held`
    pub const SALES_HELD: &str = "/problems/sales-held";
}
