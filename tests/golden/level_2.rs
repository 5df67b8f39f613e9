//! Samples of what came with feature level 2: fields of commands and rows that there were before, new rows, and who
//! asks by a key.

use boxoffice::domain::*;

use crate::consumers::event;
use crate::samples::{Sample, bytes_from, envelope, order, order_id, payment, payment_id, sample, user};

/// Commands with the fields that they got after their first release.
pub(crate) fn commands_of_level_2() -> Vec<(&'static str, Command)> {
    let pay = Pay {
        payment: payment_id(),
        order: order_id(),
        source: "pm_1".into(),
        grace_ms: 120_000,
        gateway: "stripe".into(),
        in_browser: true,
    };
    let settle = SettleCharge {
        payment: payment_id(),
        succeeded: true,
        charge: "ch_1".into(),
        decline_code: "card_declined".into(),
        intent: "pi_1".into(),
    };
    let settling = SandboxCharge {
        key: payment_id(),
        amount_minor: 1_999,
        currency: "usd".into(),
        source: "tok_visa".into(),
        settles: true,
    };
    let give_back = SandboxRefund { key: payment_id(), refund: refund_id().to_string(), amount_minor: 999 };
    vec![
        ("Pay/2", Command::Pay(pay)),
        ("SettleCharge/2", Command::SettleCharge(settle)),
        ("SandboxCharge/2", Command::SandboxCharge(settling)),
        ("SandboxRefund/2", Command::SandboxRefund(give_back)),
    ]
}

/// Rows that are new, or have new fields.
pub(crate) fn rows_of_level_2() -> Vec<Sample> {
    let given_back = vec![SandboxGiveBack { refund: refund_id().to_string(), amount_minor: 999 }];
    let counters = Counters {
        tickets: 1,
        orders: 2,
        payments: 3,
        events: 4,
        ledger_entries: 5,
        events_forgotten: 3,
        consumer_groups: 6,
    };
    let expired = event(EventType::ExpirationComplete, Subject::Expiration(order_id()));
    vec![
        sample("row/Payment/2", &payment_of_level_2()),
        sample("row/OrderTransition", &transition()),
        sample("row/Counters/2", &counters),
        sample("row/SandboxEntry/2", &SandboxEntry { given_back, ..sandbox_entry() }),
        sample("row/Refund", &refund()),
        sample("row/Refund/made-there", &Refund { made_as: "re_1".into(), ..refund() }),
        sample("row/Refund/tried-again", &Refund { retried_by: Some(transition().author), ..refund() }),
        sample("row/Order/2", &Order { attempts: 3, ..order() }),
        sample("row/Payment/disputed", &disputed_payment()),
        sample("row/LedgerEntry", &ledger_entry()),
        sample("row/Event/Expiration/2", &Event { buyer_of_expiration: Some(user()), ..expired }),
    ]
}

fn transition() -> OrderTransition {
    OrderTransition {
        order: order_id(),
        version: 3,
        at_ms: 1_790_000_003_000,
        status: OrderStatus::Cancelled.into(),
        reason: TransitionReason::Cancelled.into(),
        author: Author { kind: Some(AuthorKind::User(user())) },
        payment: Some(payment_id()),
    }
}

/// With the fields that it got after its first release.
fn payment_of_level_2() -> Payment {
    Payment {
        gateway: "stripe".into(),
        in_browser: true,
        intent: "pi_1".into(),
        action_required: true,
        refunds: Some(RefundTotals { count: 3, pending_minor: 100, refunded_minor: 999, failed: 1 }),
        booked: true,
        ..payment()
    }
}

pub(crate) fn found_refund() -> RecordGatewayRefund {
    RecordGatewayRefund {
        payment: payment_id(),
        refund: refund_id(),
        gateway_refund: "re_1".into(),
        name: "refund".into(),
        amount_minor: 999,
        outcome: RefundStatus::Failed.into(),
        failure_code: "expired_or_canceled_card".into(),
    }
}

pub(crate) fn word_on_a_dispute() -> RecordDispute {
    RecordDispute {
        payment: payment_id(),
        dispute: "dp_1".into(),
        revision: 3,
        status: "needs_response".into(),
        reason: "fraudulent".into(),
        amount_minor: 999,
        currency: "usd".into(),
        since_ms: 1_790_000_004_000,
        is_withdrawn: true,
    }
}

fn disputed_payment() -> Payment {
    let dispute = Dispute {
        id: "dp_1".into(),
        status: "needs_response".into(),
        reason: "fraudulent".into(),
        amount_minor: 999,
        currency: "usd".into(),
        since_ms: 1_790_000_004_000,
        withdrawn_minor: 999,
        revision: 2,
    };
    Payment { withdrawal: Withdrawal::CancelsOrder.into(), disputes: vec![dispute], ..payment_of_level_2() }
}

pub(crate) fn refund_id() -> RefundId {
    RefundId::from_bytes(bytes_from(0x70))
}

pub(crate) fn refund() -> Refund {
    Refund {
        id: refund_id(),
        payment: payment_id(),
        number: 2,
        amount_minor: 999,
        currency: "usd".into(),
        status: RefundStatus::Failed.into(),
        tries: 3,
        gateway_refund: "re_1".into(),
        failure_code: "expired_or_canceled_card".into(),
        author: Author { kind: Some(AuthorKind::User(user())) },
        reason: "show moved".into(),
        cause: RefundCause::LateCharge.into(),
        version: 4,
        created_at_ms: 1_790_000_004_000,
        updated_at_ms: 1_790_000_005_000,
        made_as: String::new(),
        retried_by: None,
    }
}

fn ledger_entry() -> LedgerEntry {
    LedgerEntry {
        number: 7,
        at_ms: 1_790_000_005_000,
        movement: Movement::Refund.into(),
        debit: Account::SellerPayable.into(),
        credit: Account::GatewayClearing.into(),
        amount_minor: 999,
        currency: "usd".into(),
        payment: payment_id(),
        order: order_id(),
        refund: Some(refund_id()),
    }
}

pub(crate) fn operator_key_id() -> OperatorKeyId {
    OperatorKeyId::from_bytes(bytes_from(0x60))
}

pub(crate) fn operator_key() -> OperatorKey {
    let by_key = KeyAuthor { key: operator_key_id(), label: "Support desk".into() };
    OperatorKey {
        id: operator_key_id(),
        hash: vec![0xee; 32],
        label: "Support desk".into(),
        scopes: vec![Scope::Keys.into(), Scope::Refunds.into()],
        created_at_ms: 1_790_000_000_000,
        created_by: Author { kind: Some(AuthorKind::User(user())) },
        expires_at_ms: Some(1_797_776_000_000),
        revoked_at_ms: Some(1_790_000_060_000),
        revoked_by: Some(Author { kind: Some(AuthorKind::Key(by_key)) }),
    }
}

/// The whole envelope of a command that an operator's key asks for.
pub(crate) fn envelope_by_key(command: Command) -> Envelope {
    Envelope { actor: None, operator_key: Some(operator_key_id()), ..envelope(command, true) }
}

pub(crate) fn sandbox_entry() -> SandboxEntry {
    SandboxEntry {
        key: payment_id(),
        amount_minor: 1_999,
        currency: "usd".into(),
        decline_code: "card_declined".into(),
        refunded: true,
        given_back: Vec::new(),
    }
}
