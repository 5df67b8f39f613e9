//! The sandbox's books against the payments of the same state: money that moved, and what the payments say of it.

use super::id::PaymentId;
use super::invariants::Violation;
use super::payment::{Payment, PaymentStatus};
use super::sandbox::SandboxEntry;

/// Where the sandbox's books and the payments of one state disagree. `payment` looks a payment up, and
/// `charged_here` of them are charged, kept or not, by a charge that [is named](SandboxEntry::is_named_by) as those
/// of the sandbox are.
///
/// A charge whose outcome is not recorded yet is no fault: the worker asks again.
///
/// # Errors
/// Those of looking up.
pub fn audit_sandbox<E>(
    books: &[SandboxEntry],
    charged_here: u64,
    payment: impl Fn(PaymentId) -> Result<Option<Payment>, E>,
) -> Result<Vec<Violation>, E> {
    let mut violations = Vec::new();
    let mut known = 0;
    for entry in books {
        let Some(payment) = payment(entry.key)? else {
            violations.push(Violation(format!("{} was charged and is no payment", entry.key)));
            continue;
        };
        if !agree(&payment, entry) {
            let (id, status) = (payment.id, payment.status());
            violations.push(Violation(format!("{id} is {status:?}; the sandbox has {entry:?}")));
        }
        known += u64::from(SandboxEntry::is_named_by(&payment.charge));
    }
    if known != charged_here {
        let what = format!("{charged_here} payments were charged and the sandbox knows {known} of them");
        violations.push(Violation(what));
    }
    Ok(violations)
}

fn agree(payment: &Payment, entry: &SandboxEntry) -> bool {
    let charged = entry.is_charged();
    let moved_as_told = match payment.status() {
        PaymentStatus::Processing => true,
        PaymentStatus::Failed => !charged,
        // It may have gone back, and the outcome is not recorded yet.
        PaymentStatus::Refunding if payment.refunds.is_none() => charged,
        PaymentStatus::Succeeded | PaymentStatus::Refunding | PaymentStatus::Refunded => {
            let recorded = payment.refunded_minor();
            let asked_for = recorded.saturating_add(payment.refund_totals().pending_minor);
            charged && (recorded..=asked_for).contains(&entry.given_back_minor())
        }
    };
    let is_named_so = payment.charge.is_empty() || payment.charge == entry.charge();
    moved_as_told
        && is_named_so
        && payment.amount_minor == entry.amount_minor
        && payment.currency == entry.currency
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::super::refund_totals::RefundTotals;
    use super::super::sandbox::SandboxGiveBack;
    use super::*;

    const ID: PaymentId = PaymentId::from_bytes([7; 16]);

    fn charge() -> SandboxEntry {
        SandboxEntry {
            key: ID,
            amount_minor: 1_999,
            currency: "usd".into(),
            decline_code: String::new(),
            refunded: false,
            given_back: Vec::new(),
        }
    }

    /// How many violations there are when the state has this payment alone, and the sandbox this in its books.
    fn violations(status: PaymentStatus, books: &[SandboxEntry]) -> usize {
        let mut payment =
            Payment { id: ID, amount_minor: 1_999, currency: "usd".into(), ..Payment::default() };
        payment.set_status(status);
        let is_charged = !matches!(status, PaymentStatus::Processing | PaymentStatus::Failed);
        if is_charged {
            payment.charge = charge().charge();
        }
        let look_up = |id| Ok::<_, Infallible>((id == ID).then(|| payment.clone()));
        let Ok(violations) = audit_sandbox(books, u64::from(is_charged), look_up);
        violations.len()
    }

    #[test]
    fn each_status_agrees_with_its_own_lines_only() {
        let charged = charge();
        let declined = SandboxEntry { decline_code: "card_declined".into(), ..charge() };
        let refunded = SandboxEntry { refunded: true, ..charge() };
        for (status, faults) in [
            (PaymentStatus::Processing, [0, 0, 0]),
            (PaymentStatus::Succeeded, [0, 1, 1]),
            (PaymentStatus::Failed, [1, 0, 1]),
            (PaymentStatus::Refunding, [0, 1, 0]),
            (PaymentStatus::Refunded, [1, 1, 0]),
        ] {
            let found =
                [&charged, &declined, &refunded].map(|line| violations(status, std::slice::from_ref(line)));
            assert_eq!(found, faults, "{status:?}");
        }
    }

    #[test]
    fn amounts_strangers_and_what_was_never_charged_are_found() {
        let succeeded = PaymentStatus::Succeeded;
        assert_eq!(violations(succeeded, &[SandboxEntry { amount_minor: 1, ..charge() }]), 1);
        assert_eq!(violations(succeeded, &[SandboxEntry { currency: "eur".into(), ..charge() }]), 1);
        assert_eq!(violations(succeeded, &[]), 1);
        for status in [PaymentStatus::Refunding, PaymentStatus::Refunded] {
            assert_eq!(violations(status, &[]), 1, "{status:?}");
        }
        let stranger = SandboxEntry { key: PaymentId::from_bytes([8; 16]), ..charge() };
        assert_eq!(violations(succeeded, &[charge(), stranger]), 1);
    }

    #[test]
    fn parts_that_went_back_are_recorded_or_at_least_asked_for() {
        for (refunded_minor, pending_minor, gone_minor, faults) in
            [(0, 0, 0, 0), (0, 0, 1, 1), (500, 0, 500, 0), (500, 0, 0, 1), (0, 500, 500, 0), (0, 500, 501, 1)]
        {
            let given_back = vec![SandboxGiveBack { refund: "refund".into(), amount_minor: gone_minor }];
            let line = SandboxEntry { given_back, ..charge() };
            let totals = RefundTotals { count: 1, refunded_minor, pending_minor, failed: 0 };
            let mut payment = Payment {
                id: ID,
                amount_minor: 1_999,
                currency: "usd".into(),
                charge: line.charge(),
                refunds: Some(totals),
                ..Payment::default()
            };
            payment.set_status(PaymentStatus::Succeeded);
            let Ok(found) = audit_sandbox(&[line], 1, |_| Ok::<_, Infallible>(Some(payment.clone())));
            assert_eq!(found.len(), faults, "{totals:?}, {gone_minor} went back: {found:?}");
        }
    }
}
