//! One sample of everything that is written to the log, kept in the state or sent between replicas.
//!
//! Literals name every field on purpose: a new field or variant does not compile until it is here.

use boxoffice::domain::*;
use prost::Message;

use crate::accounts::{account, reset_token, session, signing_key};
use crate::consumers::{self, event};
use crate::level_2::{
    found_refund, operator_key, operator_key_id, refund, refund_id, sandbox_entry, word_on_a_dispute,
};
use crate::webhooks;

/// A name in the golden file, and the bytes that belong to it.
pub(crate) type Sample = (String, Vec<u8>);

/// Lists every variant with all of its fields set, and with none; does not compile while one is missing.
macro_rules! commands {
    ($($variant:ident: $full:expr,)*) => {
        /// Every command: its name, with all fields set, and with none.
        pub(crate) fn commands() -> Vec<(&'static str, Command, Command)> {
            fn is_listed(command: &Command) -> bool {
                match command {
                    $(Command::$variant(_) => true,)*
                }
            }
            let all = vec![$((stringify!($variant), Command::$variant($full), Command::$variant(Default::default())),)*];
            assert!(all.iter().all(|(_, full, least)| is_listed(full) && is_listed(least)));
            all
        }
    };
}

commands! {
    SignUp: SignUp {
        user: user(),
        email: "ada@example.com".into(),
        password_hash: "$argon2id$up".into(),
        session: session_id(),
        session_ttl_ms: 604_800_000,
        client: "curl/8".into(),
    },
    SignIn: SignIn {
        user: user(),
        password_version: 3,
        rehashed_password: Some("$argon2id$again".into()),
        session: session_id(),
        session_ttl_ms: 604_800_000,
        client: "curl/8".into(),
    },
    EndSession: EndSession { session: session_id() },
    ChangePassword: ChangePassword { password_version: 3, password_hash: "$argon2id$new".into() },
    IssueResetToken: IssueResetToken {
        email: "ada@example.com".into(),
        token_hash: vec![0xaa; 32],
        ttl_ms: 3_600_000,
    },
    ResetPassword: ResetPassword { token_hash: vec![0xaa; 32], password_hash: "$argon2id$reset".into() },
    DeleteAccount: DeleteAccount { password_version: 3 },
    CreateTicket: CreateTicket { ticket: ticket_id(), fields: fields(), currency: "usd".into() },
    UpdateTicket: UpdateTicket { ticket: ticket_id(), fields: fields(), if_match: Some(if_match()) },
    DeleteTicket: DeleteTicket { ticket: ticket_id(), if_match: Some(if_match()) },
    SetFrozen: SetFrozen { ticket: ticket_id(), frozen: true, if_match: Some(if_match()) },
    Reserve: Reserve { order: order_id(), ticket: ticket_id(), payment_window_ms: 900_000 },
    CancelOrder: CancelOrder { order: order_id(), if_match: Some(if_match()) },
    ExpireOrders: ExpireOrders { at_most: 1_000 },
    Pay: Pay {
        payment: payment_id(),
        order: order_id(),
        source: "tok_visa".into(),
        grace_ms: 120_000,
        gateway: String::new(),
        in_browser: false,
    },
    SettleCharge: SettleCharge {
        payment: payment_id(),
        succeeded: true,
        charge: "ch_1".into(),
        decline_code: "card_declined".into(),
        intent: String::new(),
    },
    RecordRefund: RecordRefund { payment: payment_id() },
    RecordIntent: RecordIntent { payment: payment_id(), intent: "pi_1".into(), method: "pm_1".into() },
    RecordAction: RecordAction { payment: payment_id(), intent: "pi_1".into() },
    AddSigningKey: AddSigningKey {
        kid: "key-1".into(),
        public: vec![0xbb; 32],
        sealed: vec![0xcc; 48],
        only_if_none: true,
        overlap_ms: 604_800_000,
    },
    ForgetEvents: ForgetEvents { through: 900, at_most: 1_000 },
    Upkeep: Upkeep { at_most: 500 },
    SandboxCharge: SandboxCharge {
        key: payment_id(),
        amount_minor: 1_999,
        currency: "usd".into(),
        source: "tok_visa".into(),
        settles: false,
    },
    SandboxRefund: SandboxRefund { key: payment_id(), refund: String::new(), amount_minor: 0 },
    LiftHold: LiftHold { since_ms: 1_790_000_000_000 },
    CreateOperatorKey: CreateOperatorKey {
        key: operator_key_id(),
        hash: vec![0xee; 32],
        label: "Support desk".into(),
        scopes: vec![Scope::Keys.into(), Scope::Refunds.into()],
        ttl_ms: Some(7_776_000_000),
    },
    RevokeOperatorKey: RevokeOperatorKey { key: operator_key_id() },
    RefundPayment: RefundPayment {
        refund: refund_id(),
        payment: payment_id(),
        amount_minor: Some(999),
        reason: "show moved".into(),
    },
    SettleRefund: SettleRefund {
        refund: refund_id(),
        try_number: 2,
        outcome: RefundStatus::Failed.into(),
        gateway_refund: "re_1".into(),
        failure_code: "expired_or_canceled_card".into(),
    },
    RetryRefund: RetryRefund { refund: refund_id(), payment: payment_id() },
    RecordGatewayRefund: found_refund(),
    RecordDispute: word_on_a_dispute(),
    WithdrawPayment: WithdrawPayment { order: order_id(), cancels_order: true, if_match: Some(if_match()) },
    CreateWebhookEndpoint: webhooks::create(),
    UpdateWebhookEndpoint: webhooks::update(),
    RotateWebhookSecret: webhooks::rotate(),
    DeleteWebhookEndpoint: DeleteWebhookEndpoint { endpoint: webhooks::endpoint_id() },
    RecordDeliveries: webhooks::record(),
    ResendEvents: webhooks::resend(),
    SendWebhookTest: webhooks::test(),
    ResealWebhookSecrets: webhooks::reseal(),
    PutConsumerGroup: consumers::put(),
    DeleteConsumerGroup: consumers::delete(),
    FetchEvents: consumers::fetch(),
    SettleLeases: consumers::settle(),
    RedriveParked: consumers::redrive(),
}

/// The whole envelope of this command, or one that holds nothing but the command.
pub(crate) fn envelope(command: Command, whole: bool) -> Envelope {
    Envelope {
        proposal: ProposalId { expires_ms: 1_790_000_060_000, random: 0x0123_4567_89ab_cdef },
        actor: whole.then(|| Actor { user: user(), session: session_id() }),
        idempotency: whole.then(|| Idempotency {
            key: "order-7".into(),
            fingerprint: vec![0xdd; 32],
            ttl_ms: 86_400_000,
        }),
        operator_key: None,
        keeps_history: false,
        command: Some(command),
    }
}

/// Every reply: refused in full, and each kind of answer.
pub(crate) fn replies() -> Vec<(String, Reply)> {
    let rejection =
        Rejection { code: RejectionCode::VersionMismatch.into(), detail: 7, fault: "told".into() };
    let answers = [
        Answer::Done(()),
        Answer::SignedIn(SignedIn { user: user(), email: "ada@example.com".into(), session: session() }),
        Answer::Ticket(ticket()),
        Answer::Order(order()),
        Answer::Payment(payment()),
        Answer::SandboxEntry(sandbox_entry()),
        Answer::OperatorKey(operator_key()),
        Answer::Refund(refund()),
        Answer::WebhookEndpoint(webhooks::endpoint()),
    ];
    let named = answers.into_iter().chain(consumers::answers()).map(|answer| {
        let name = match &answer {
            Answer::Done(()) => "reply/Done",
            Answer::SignedIn(_) => "reply/SignedIn",
            Answer::Ticket(_) => "reply/Ticket",
            Answer::Order(_) => "reply/Order",
            Answer::Payment(_) => "reply/Payment",
            Answer::SandboxEntry(_) => "reply/SandboxEntry",
            Answer::OperatorKey(_) => "reply/OperatorKey",
            Answer::Refund(_) => "reply/Refund",
            Answer::WebhookEndpoint(_) => "reply/WebhookEndpoint",
            Answer::GroupPut(_) => "reply/GroupPut",
            Answer::Fetched(_) => "reply/Fetched",
            Answer::LeasesSettled(_) => "reply/LeasesSettled",
            Answer::Redriven(_) => "reply/Redriven",
        };
        (name.to_owned(), Ok(answer))
    });
    let rejected = ("reply/Rejected".to_owned(), Err(rejection));
    let replies = std::iter::once(rejected).chain(named);
    replies.map(|(name, result)| (name, Reply { replayed: true, ..result.into() })).collect()
}

fn counters() -> Counters {
    Counters {
        tickets: 1,
        orders: 2,
        payments: 3,
        events: 4,
        ledger_entries: 0,
        events_forgotten: 0,
        consumer_groups: 0,
    }
}

/// A row of every type that the state keeps, apart from replies.
pub(crate) fn rows() -> Vec<Sample> {
    let remembered = RememberedKey {
        fingerprint: vec![0xdd; 32],
        reply: Ok(Answer::Done(())).into(),
        expires_at_ms: 1_790_086_400_000,
    };
    let hold = Hold {
        since_ms: 1_790_000_000_000,
        reason: "restored".into(),
        left_epoch: "0123456789abcdef".into(),
    };
    let mut rows = vec![
        sample("row/Counters", &counters()),
        sample("row/User", &account()),
        sample("row/Session", &session()),
        sample("row/ResetToken", &reset_token()),
        sample("row/SigningKey", &signing_key()),
        sample("row/OperatorKey", &operator_key()),
        sample("row/Ticket", &ticket()),
        sample("row/Order", &order()),
        sample("row/Payment", &payment()),
        sample("row/RememberedKey", &remembered),
        sample("row/SandboxEntry", &sandbox_entry()),
        sample("row/Hold", &hold),
    ];
    let subjects = [
        (EventType::TicketUpdated, Subject::Ticket(ticket())),
        (EventType::OrderCreated, Subject::Order(order())),
        (EventType::PaymentUpdated, Subject::Payment(payment())),
        (EventType::ExpirationComplete, Subject::Expiration(order_id())),
    ];
    for (r#type, subject) in subjects {
        let name = match &subject {
            Subject::Ticket(_) => "row/Event/Ticket",
            Subject::Order(_) => "row/Event/Order",
            Subject::Payment(_) => "row/Event/Payment",
            Subject::Expiration(_) => "row/Event/Expiration",
        };
        rows.push(sample(name, &event(r#type, subject)));
    }
    rows
}

pub(crate) fn sample(name: &str, row: &impl Message) -> Sample {
    (name.to_owned(), row.encode_to_vec())
}

/// Sixteen different bytes, so that none can change places unseen.
pub(crate) fn bytes_from(first: u8) -> [u8; 16] {
    std::array::from_fn(|place| first + place as u8)
}

pub(crate) fn user() -> UserId {
    UserId::from_bytes(bytes_from(0x10))
}

pub(crate) fn session_id() -> SessionId {
    SessionId::from_bytes(bytes_from(0x20))
}

fn ticket_id() -> TicketId {
    TicketId::from_bytes(bytes_from(0x30))
}

pub(crate) fn order_id() -> OrderId {
    OrderId::from_bytes(bytes_from(0x40))
}

pub(crate) fn payment_id() -> PaymentId {
    PaymentId::from_bytes(bytes_from(0x50))
}

fn if_match() -> IfMatch {
    IfMatch { versions: vec![2, 300] }
}

fn fields() -> TicketFields {
    TicketFields {
        title: "Nightfall live".into(),
        words: vec!["live".into(), "nightfall".into()],
        price_minor: 1_999,
        venue: Some("Old mill".into()),
        starts_at_ms: Some(1_800_000_000_000),
    }
}

fn ticket() -> Ticket {
    let TicketFields { title, words, price_minor, venue, starts_at_ms } = fields();
    Ticket {
        id: ticket_id(),
        number: 12,
        title,
        words,
        price_minor,
        currency: "usd".into(),
        venue,
        starts_at_ms,
        seller: user(),
        status: TicketStatus::Sold.into(),
        order: Some(order_id()),
        version: 5,
        created_at_ms: 1_790_000_000_000,
        updated_at_ms: 1_790_000_001_000,
    }
}

pub(crate) fn order() -> Order {
    let TicketFields { title, price_minor, venue, starts_at_ms, .. } = fields();
    Order {
        id: order_id(),
        number: 13,
        buyer: user(),
        status: OrderStatus::AwaitingPayment.into(),
        cancel_reason: CancelReason::Expired.into(),
        expires_at_ms: 1_790_000_900_000,
        held_until_ms: Some(1_790_001_020_000),
        ticket: TicketSnapshot {
            id: ticket_id(),
            title,
            price_minor,
            currency: "usd".into(),
            venue,
            starts_at_ms,
            seller: user(),
            version: 4,
        },
        payment: Some(payment_id()),
        version: 2,
        created_at_ms: 1_790_000_000_000,
        updated_at_ms: 1_790_000_002_000,
        attempts: 0,
    }
}

pub(crate) fn payment() -> Payment {
    Payment {
        id: payment_id(),
        number: 14,
        order: order_id(),
        buyer: user(),
        amount_minor: 1_999,
        currency: "usd".into(),
        status: PaymentStatus::Refunded.into(),
        source: "tok_visa".into(),
        decline_code: "card_declined".into(),
        version: 3,
        created_at_ms: 1_790_000_000_000,
        updated_at_ms: 1_790_000_003_000,
        charge: "ch_1".into(),
        gateway: String::new(),
        in_browser: false,
        intent: String::new(),
        action_required: false,
        refunds: None,
        booked: false,
        withdrawal: Withdrawal::None.into(),
        disputes: Vec::new(),
    }
}
