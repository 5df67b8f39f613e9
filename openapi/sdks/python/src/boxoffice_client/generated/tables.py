"""Generated from openapi/openapi.json by scripts/sdk. Do not edit."""

import re

#: Paths whose POST takes an idempotency key.
KEYED_PATHS = (
    re.compile(r"/api/tickets$"),
    re.compile(r"/api/orders$"),
    re.compile(r"/api/orders/[^/]+/payment-intent$"),
    re.compile(r"/api/payments$"),
    re.compile(r"/api/payments/[^/]+/refunds$"),
)


class ProblemTypes:
    """Every type of problem; later versions may know more."""

    MALFORMED_JSON = "/problems/malformed-json"
    INVALID_INPUT = "/problems/invalid-input"
    INVALID_QUERY = "/problems/invalid-query"
    INVALID_HEADER = "/problems/invalid-header"
    BAD_SIGNATURE = "/problems/bad-signature"
    BAD_REQUEST = "/problems/bad-request"
    NOT_SIGNED_IN = "/problems/not-signed-in"
    BAD_CREDENTIALS = "/problems/bad-credentials"
    WRONG_PASSWORD = "/problems/wrong-password"
    BAD_RESET_TOKEN = "/problems/bad-reset-token"
    PAYMENT_DECLINED = "/problems/payment-declined"
    FORBIDDEN = "/problems/forbidden"
    INSUFFICIENT_SCOPE = "/problems/insufficient-scope"
    CROSS_ORIGIN = "/problems/cross-origin"
    NOT_FOUND = "/problems/not-found"
    UNKNOWN_LEASE = "/problems/unknown-lease"
    METHOD_NOT_ALLOWED = "/problems/method-not-allowed"
    REQUEST_TIMEOUT = "/problems/request-timeout"
    EMAIL_TAKEN = "/problems/email-taken"
    TICKET_RESERVED = "/problems/ticket-reserved"
    TICKET_SOLD = "/problems/ticket-sold"
    TICKET_FROZEN = "/problems/ticket-frozen"
    OWN_TICKET = "/problems/own-ticket"
    SHOW_BEGUN = "/problems/show-begun"
    ORDER_CANCELLED = "/problems/order-cancelled"
    ORDER_EXPIRED = "/problems/order-expired"
    ORDER_PAID = "/problems/order-paid"
    PAYMENT_REFUNDED = "/problems/payment-refunded"
    NOTHING_TO_REFUND = "/problems/nothing-to-refund"
    REFUND_TOO_LARGE = "/problems/refund-too-large"
    TOO_MANY_REFUNDS = "/problems/too-many-refunds"
    TOO_MANY_ATTEMPTS = "/problems/too-many-attempts"
    CHARGE_UNDER_WAY = "/problems/charge-under-way"
    NO_BROWSER_PAYMENTS = "/problems/no-browser-payments"
    OTHER_GATEWAY = "/problems/other-gateway"
    ACCOUNT_IN_USE = "/problems/account-in-use"
    TOO_MANY_KEYS = "/problems/too-many-keys"
    TOO_MANY_WEBHOOKS = "/problems/too-many-webhooks"
    WEBHOOK_DISABLED = "/problems/webhook-disabled"
    TOO_MANY_WAITING = "/problems/too-many-waiting"
    TOO_MANY_CONSUMERS = "/problems/too-many-consumers"
    CONSUMER_STARTED = "/problems/consumer-started"
    TOO_MANY_PARKED = "/problems/too-many-parked"
    LEASE_PASSED = "/problems/lease-passed"
    KEY_IN_PROGRESS = "/problems/key-in-progress"
    EVENTS_FORGOTTEN = "/problems/events-forgotten"
    VERSION_MISMATCH = "/problems/version-mismatch"
    PAYLOAD_TOO_LARGE = "/problems/payload-too-large"
    UNSUPPORTED_MEDIA_TYPE = "/problems/unsupported-media-type"
    IDEMPOTENCY_KEY_REUSED = "/problems/idempotency-key-reused"
    TOO_MANY_REQUESTS = "/problems/too-many-requests"
    INTERNAL = "/problems/internal"
    UNAVAILABLE = "/problems/unavailable"
    REPLICA_BEHIND = "/problems/replica-behind"
    NO_LEADER = "/problems/no-leader"
    SALES_HELD = "/problems/sales-held"
