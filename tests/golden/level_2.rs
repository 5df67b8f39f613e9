//! Samples of what came with feature level 2: fields of commands and rows that there were before, and new rows.

use boxoffice::domain::*;

use crate::samples::{Sample, order_id, payment, payment_id, sample, user};

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
    vec![("Pay/2", Command::Pay(pay)), ("SettleCharge/2", Command::SettleCharge(settle))]
}

/// Rows that are new, or have new fields.
pub(crate) fn rows_of_level_2() -> Vec<Sample> {
    vec![sample("row/Payment/2", &payment_of_level_2()), sample("row/OrderTransition", &transition())]
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
        ..payment()
    }
}
