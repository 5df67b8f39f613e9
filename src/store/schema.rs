//! The tables of the state.

use redb::TableDefinition;

/// Every table of the state maps bytes to bytes.
pub(super) type Bytes = &'static [u8];

macro_rules! tables {
    (
        rows { $($(#[$row_doc:meta])* $row:ident = $row_name:literal;)* }
        indexes { $($(#[$index_doc:meta])* $index:ident = $index_name:literal;)* }
    ) => {
        /// A table of the state.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Table {
            $($(#[$row_doc])* $row,)*
            $($(#[$index_doc])* $index,)*
        }

        impl Table {
            /// All of them, each at the position that `as usize` gives.
            pub(super) const ALL: &[Self] = &[$(Self::$row,)* $(Self::$index,)*];

            /// Those whose entries follow from other tables' rows.
            pub(super) const INDEXES: &[Self] = &[$(Self::$index,)*];

            /// The table's name in the database.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$row => $row_name,)*
                    $(Self::$index => $index_name,)*
                }
            }

            /// What redb opens it by.
            pub(super) const fn definition(self) -> TableDefinition<'static, Bytes, Bytes> {
                TableDefinition::new(self.name())
            }
        }
    };
}

tables! {
    rows {
        /// `""` → the numbers given out so far.
        Counters = "counters";
        /// user → account.
        Users = "users";
        /// user → nothing: gone, with tickets still to be withdrawn.
        Departed = "departed";
        /// session → session.
        Sessions = "sessions";
        /// hash → one-time token.
        ResetTokens = "reset_tokens";
        /// key id → signing key.
        SigningKeys = "signing_keys";
        /// operator's key → operator's key.
        OperatorKeys = "operator_keys";
        /// ticket → ticket.
        Tickets = "tickets";
        /// order → order.
        Orders = "orders";
        /// order, version → transition.
        OrderHistory = "order_history";
        /// payment → payment.
        Payments = "payments";
        /// refund → refund.
        Refunds = "refunds";
        /// number → entry in the ledger.
        Ledger = "ledger";
        /// payment → line of the sandbox's books; nothing but the sandbox reads it.
        SandboxBooks = "sandbox_books";
        /// `""` → what holds sales.
        Hold = "hold";
        /// `""` → the number of the last payment that came with a restore.
        PaymentsRestored = "payments_restored";
        /// endpoint of webhooks → endpoint of webhooks.
        WebhookEndpoints = "webhook_endpoints";
        /// endpoint → nothing: removed, with rows still to be cleared.
        WebhooksRemoved = "webhooks_removed";
        /// endpoint, sequence → event that waits to be sent to it.
        WaitingEvents = "waiting_events";
        /// endpoint, inverted number → attempt.
        WebhookAttempts = "webhook_attempts";
        /// sequence → event.
        Outbox = "outbox";
        /// number → consumer group.
        ConsumerGroups = "consumer_groups";
        /// number → nothing: removed, with rows still to be cleared.
        RemovedGroups = "removed_groups";
        /// consumer group, sequence → event that it has under way.
        PendingEvents = "pending_events";
        /// consumer group, sequence → event that it has parked.
        ParkedEvents = "parked_events";
        /// request → reply.
        Requests = "requests";
        /// user or operator's key, key → what was answered.
        Idempotency = "idempotency";
    }
    indexes {
        /// address → user.
        UsersByEmail = "users_by_email";
        /// user, session → nothing.
        SessionsByUser = "sessions_by_user";
        /// expiry, session → nothing.
        SessionsByExpiry = "sessions_by_expiry";
        /// expiry, hash → nothing.
        ResetTokensByExpiry = "reset_tokens_by_expiry";
        /// hash → operator's key; those that were not revoked.
        OperatorKeysByHash = "operator_keys_by_hash";
        /// number of a chunk → a bit for each ticket of it; on sale only.
        OnSale = "on_sale";
        /// inverted number → ticket; unsold.
        TicketsByAge = "tickets_by_age";
        /// price, number → ticket; unsold.
        TicketsByPrice = "tickets_by_price";
        /// start of the show (or the greatest number), number → ticket; unsold.
        TicketsByStart = "tickets_by_start";
        /// word, 0, inverted number → ticket; unsold.
        TicketsByWord = "tickets_by_word";
        /// seller, inverted number → ticket; unsold.
        TicketsBySeller = "tickets_by_seller";
        /// seller, number → ticket; held by an open order.
        ReservedBySeller = "reserved_by_seller";
        /// buyer, number → order.
        OrdersByBuyer = "orders_by_buyer";
        /// buyer, number → order; open ones.
        OpenOrdersByBuyer = "open_orders_by_buyer";
        /// seller, inverted number → order; what was paid for, from feature level 2 on.
        SalesBySeller = "sales_by_seller";
        /// deadline, number → order; open ones.
        OrdersDue = "orders_due";
        /// buyer, number → payment.
        PaymentsByBuyer = "payments_by_buyer";
        /// payment, number → refund.
        RefundsByPayment = "refunds_by_payment";
        /// payment → nothing; those of which a refund failed, and nothing was done about it since.
        RefundsFailed = "refunds_failed";
        /// payment → nothing; those with a dispute that is open.
        DisputesOpen = "disputes_open";
        /// kind of work, since when it is owed, number → payment, buyer.
        PaymentWork = "payment_work";
        /// user or operator's key, endpoint of webhooks → nothing.
        WebhooksByOwner = "webhooks_by_owner";
        /// user or operator's key, name → consumer group.
        ConsumerGroupsByOwner = "consumer_groups_by_owner";
        /// consumer group, entity, 0 if it is leased or else 1, sequence → nothing.
        PendingByEntity = "pending_by_entity";
        /// consumer group, when, sequence → nothing; what is leased, or ready.
        PendingDue = "pending_due";
        /// expiry, user or operator's key, key → nothing.
        IdempotencyByExpiry = "idempotency_by_expiry";
    }
}
