//! The sandbox's books against the state: money that moved, and what the state says of it.

use super::SandboxCharge;
use crate::domain::{Payment, PaymentId, PaymentStatus, Violation};

/// Where the sandbox's books and the state disagree. `payment` looks a payment up in the state, which has this
/// many that succeeded.
///
/// A charge whose outcome is not recorded yet is no fault: the worker asks again at the next start.
///
/// # Errors
/// Those of looking up.
pub fn audit_sandbox<E>(
    charges: &[SandboxCharge],
    succeeded: u64,
    payment: impl Fn(PaymentId) -> Result<Option<Payment>, E>,
) -> Result<Vec<Violation>, E> {
    let mut violations = Vec::new();
    let mut known = 0;
    for charge in charges {
        let id = charge.key.parse().ok();
        let Some(payment) = id.map(&payment).transpose()?.flatten() else {
            violations.push(Violation(format!("{} was charged and is no payment", charge.key)));
            continue;
        };
        if !agree(&payment, charge) {
            let (id, status) = (payment.id, payment.status());
            violations.push(Violation(format!("{id} is {status:?}; the sandbox has {charge:?}")));
        }
        known += u64::from(payment.status() == PaymentStatus::Succeeded);
    }
    if known != succeeded {
        let what = format!("{succeeded} payments succeeded and the sandbox knows {known} of them");
        violations.push(Violation(what));
    }
    Ok(violations)
}

fn agree(payment: &Payment, charge: &SandboxCharge) -> bool {
    let charged = charge.decline_code.is_empty();
    let moved_as_told = match payment.status() {
        PaymentStatus::Processing => true,
        PaymentStatus::Succeeded => charged && !charge.refunded,
        PaymentStatus::Failed => !charged,
        PaymentStatus::Refunding => charged,
        PaymentStatus::Refunded => charged && charge.refunded,
    };
    moved_as_told && payment.amount_minor == charge.amount_minor && payment.currency == charge.currency
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const ID: PaymentId = PaymentId::from_bytes([7; 16]);

    fn charge() -> SandboxCharge {
        SandboxCharge {
            key: ID.to_string(),
            amount_minor: 1_999,
            currency: "usd".into(),
            decline_code: String::new(),
            refunded: false,
        }
    }

    /// How many violations there are when the state has this payment alone, and the sandbox these charges.
    fn violations(status: PaymentStatus, charges: &[SandboxCharge]) -> usize {
        let mut payment =
            Payment { id: ID, amount_minor: 1_999, currency: "usd".into(), ..Payment::default() };
        payment.set_status(status);
        let succeeded = u64::from(status == PaymentStatus::Succeeded);
        let look_up = |id| Ok::<_, Infallible>((id == ID).then(|| payment.clone()));
        let Ok(violations) = audit_sandbox(charges, succeeded, look_up);
        violations.len()
    }

    #[test]
    fn each_status_agrees_with_its_own_lines_only() {
        let charged = charge();
        let declined = SandboxCharge { decline_code: "card_declined".into(), ..charge() };
        let refunded = SandboxCharge { refunded: true, ..charge() };
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
        assert_eq!(violations(succeeded, &[SandboxCharge { amount_minor: 1, ..charge() }]), 1);
        assert_eq!(violations(succeeded, &[SandboxCharge { currency: "eur".into(), ..charge() }]), 1);
        assert_eq!(violations(succeeded, &[]), 1);
        for key in ["pay_nobody", &PaymentId::from_bytes([8; 16]).to_string()] {
            assert_eq!(violations(succeeded, &[charge(), SandboxCharge { key: key.into(), ..charge() }]), 1);
        }
    }
}
