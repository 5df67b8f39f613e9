//! One payment on both sides. Only rules: no gateway, no state.

use super::{Kind, Side};
use crate::domain::{Payment, PaymentStatus};
use crate::gateway::IntentState;
use crate::gateway::stripe::list::{ListedIntent, Sums};

/// A payment, as the state has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Here {
    pub(super) payment: Payment,
    /// It should have ended long ago.
    pub(super) is_overdue: bool,
}

/// What is to be said of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Both sides say the same, or no money moved on either.
    Same,
    /// It is under way here.
    UnderWay,
    Differs(Kind),
}

/// An intent, and the payment that it names.
pub(super) fn charge(there: &ListedIntent, here: Option<&Here>) -> Verdict {
    let is_charged = matches!(there.state, Some(IntentState::Succeeded { .. }));
    let only_there = |kind| if is_charged { Verdict::Differs(kind) } else { Verdict::Same };
    let Some(Here { payment, is_overdue }) = here else { return only_there(Kind::UnknownHere) };
    // One whose creation was not heard of in time: it is confirmed by nobody.
    if payment.intent != there.intent {
        return only_there(Kind::ChargedThereOnly);
    }
    if (payment.amount_minor, &payment.currency) != (there.amount_minor, &there.currency) {
        return Verdict::Differs(Kind::Amount);
    }
    let is_final = is_charged || matches!(there.state, Some(IntentState::Canceled { .. }));
    match (is_charged, payment.status()) {
        (_, PaymentStatus::Processing) if is_final && *is_overdue => Verdict::Differs(Kind::NotSettled),
        (_, PaymentStatus::Processing) => Verdict::UnderWay,
        (true, PaymentStatus::Failed) => Verdict::Differs(Kind::ChargedThereOnly),
        (false, PaymentStatus::Failed) => Verdict::Same,
        (true, _) => Verdict::Same,
        (false, _) => Verdict::Differs(Kind::ChargedHereOnly),
    }
}

/// What was given back of a payment.
pub(super) fn refunds(there: &Sums, here: &Here) -> Verdict {
    let totals = here.payment.refund_totals();
    // A late charge from before there were refunds goes back without one.
    let is_on_its_way = here.payment.status() == PaymentStatus::Refunding && here.payment.refunds.is_none();
    if there.is_pending || totals.pending_minor > 0 || is_on_its_way {
        return Verdict::UnderWay;
    }
    let is_owed = here.payment.wants_attention() || here.payment.status() == PaymentStatus::Refunding;
    if there.succeeded_minor == here.payment.refunded_minor() && is_owed {
        return Verdict::Differs(Kind::RefundFailed);
    }
    if there.succeeded_minor == here.payment.refunded_minor() {
        Verdict::Same
    } else {
        Verdict::Differs(Kind::Refunded)
    }
}

impl Side {
    pub(super) fn there(intent: &ListedIntent, refunds: Option<&Sums>) -> Self {
        let status = match &intent.state {
            Some(IntentState::Unconfirmed) => "unconfirmed",
            Some(IntentState::ActionRequired(_)) => "waits for the buyer",
            Some(IntentState::Processing) => "processing",
            Some(IntentState::Declined { .. }) => "declined",
            Some(IntentState::Succeeded { .. }) => "succeeded",
            Some(IntentState::Canceled { .. }) => "canceled",
            None => "unknown",
        };
        Self {
            status: status.to_owned(),
            amount_minor: intent.amount_minor,
            refunded_minor: refunds.map(|sums| sums.succeeded_minor),
            currency: intent.currency.clone(),
        }
    }

    pub(super) fn here(payment: &Payment) -> Self {
        let status = match payment.status() {
            PaymentStatus::Processing => "processing",
            PaymentStatus::Succeeded => "succeeded",
            PaymentStatus::Failed => "failed",
            PaymentStatus::Refunding => "refunding",
            PaymentStatus::Refunded => "refunded",
        };
        Self {
            status: status.to_owned(),
            amount_minor: payment.amount_minor,
            refunded_minor: Some(payment.refunded_minor()),
            currency: payment.currency.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RefundTotals;

    fn there(state: IntentState) -> ListedIntent {
        ListedIntent {
            intent: "pi_1".to_owned(),
            payment: None,
            cluster: None,
            created_s: 0,
            amount_minor: 1_999,
            currency: "usd".to_owned(),
            state: Some(state),
        }
    }

    fn here(status: PaymentStatus) -> Here {
        let mut payment = Payment {
            intent: "pi_1".to_owned(),
            amount_minor: 1_999,
            currency: "usd".to_owned(),
            ..Payment::default()
        };
        payment.set_status(status);
        Here { payment, is_overdue: false }
    }

    fn succeeded() -> IntentState {
        IntentState::Succeeded { charge: "ch_1".to_owned() }
    }

    #[test]
    fn charged_there_means_charged_here() {
        use PaymentStatus::{Failed, Processing, Refunded, Refunding, Succeeded};
        let canceled = || IntentState::Canceled { code: None };
        let declined = || IntentState::Declined { code: "lost_card".to_owned() };
        for (state, status, verdict) in [
            (succeeded(), Succeeded, Verdict::Same),
            (succeeded(), Refunding, Verdict::Same),
            (succeeded(), Refunded, Verdict::Same),
            (succeeded(), Failed, Verdict::Differs(Kind::ChargedThereOnly)),
            (succeeded(), Processing, Verdict::UnderWay),
            (canceled(), Failed, Verdict::Same),
            (canceled(), Processing, Verdict::UnderWay),
            (canceled(), Succeeded, Verdict::Differs(Kind::ChargedHereOnly)),
            (declined(), Refunded, Verdict::Differs(Kind::ChargedHereOnly)),
            (IntentState::Unconfirmed, Succeeded, Verdict::Differs(Kind::ChargedHereOnly)),
            (IntentState::Unconfirmed, Processing, Verdict::UnderWay),
        ] {
            assert_eq!(charge(&there(state.clone()), Some(&here(status))), verdict, "{state:?} {status:?}");
        }
    }

    #[test]
    fn what_is_unknown_or_another_intent_differs_only_if_money_moved() {
        assert_eq!(charge(&there(succeeded()), None), Verdict::Differs(Kind::UnknownHere));
        assert_eq!(charge(&there(IntentState::Unconfirmed), None), Verdict::Same);
        let mut other = here(PaymentStatus::Succeeded);
        other.payment.intent = "pi_2".to_owned();
        assert_eq!(charge(&there(succeeded()), Some(&other)), Verdict::Differs(Kind::ChargedThereOnly));
        assert_eq!(charge(&there(IntentState::Unconfirmed), Some(&other)), Verdict::Same);
    }

    #[test]
    fn amounts_and_overdue_payments_differ() {
        let mut more = here(PaymentStatus::Succeeded);
        more.payment.amount_minor += 1;
        assert_eq!(charge(&there(succeeded()), Some(&more)), Verdict::Differs(Kind::Amount));
        let mut euros = here(PaymentStatus::Succeeded);
        euros.payment.currency = "eur".to_owned();
        assert_eq!(charge(&there(succeeded()), Some(&euros)), Verdict::Differs(Kind::Amount));
        let overdue = Here { is_overdue: true, ..here(PaymentStatus::Processing) };
        assert_eq!(charge(&there(succeeded()), Some(&overdue)), Verdict::Differs(Kind::NotSettled));
        assert_eq!(charge(&there(IntentState::Processing), Some(&overdue)), Verdict::UnderWay);
    }

    #[test]
    fn what_was_given_back_is_compared_once_it_is_final() {
        let sums = |succeeded_minor, is_pending| Sums { succeeded_minor, is_pending };
        let paid = here(PaymentStatus::Succeeded);
        assert_eq!(refunds(&sums(0, false), &paid), Verdict::Same);
        assert_eq!(refunds(&sums(500, false), &paid), Verdict::Differs(Kind::Refunded));
        assert_eq!(refunds(&sums(500, true), &paid), Verdict::UnderWay);
        assert_eq!(refunds(&sums(1_999, false), &here(PaymentStatus::Refunded)), Verdict::Same);
        assert_eq!(
            refunds(&sums(0, false), &here(PaymentStatus::Refunded)),
            Verdict::Differs(Kind::Refunded)
        );
        assert_eq!(refunds(&sums(0, false), &here(PaymentStatus::Refunding)), Verdict::UnderWay);
        let mut part = here(PaymentStatus::Succeeded);
        part.payment.refunds =
            Some(RefundTotals { count: 1, refunded_minor: 500, ..RefundTotals::default() });
        assert_eq!(refunds(&sums(500, false), &part), Verdict::Same);
        assert_eq!(refunds(&sums(0, false), &part), Verdict::Differs(Kind::Refunded));
        let mut failed = here(PaymentStatus::Refunding);
        failed.payment.refunds = Some(RefundTotals { count: 1, failed: 1, ..RefundTotals::default() });
        assert_eq!(refunds(&sums(0, false), &failed), Verdict::Differs(Kind::RefundFailed), "owed for ever");
        assert_eq!(refunds(&sums(0, true), &failed), Verdict::UnderWay);
        assert_eq!(refunds(&sums(1_999, false), &failed), Verdict::Differs(Kind::Refunded));
        part.payment.refunds = Some(RefundTotals { count: 1, pending_minor: 500, ..RefundTotals::default() });
        assert_eq!(refunds(&sums(500, false), &part), Verdict::UnderWay);
    }
}
