//! Answers that say nothing, or do not arrive: what is asked again charges no second time.

use std::time::Duration;

use boxoffice::gateway::{Gateway, IntentState, NewIntent, Source};
use boxoffice_stripe_fake::{Fault, Faults, Operation, Options};

use super::support::{Attempt, Pair, is_unknown, until};

#[tokio::test]
async fn a_confirmation_without_an_answer_is_settled_by_reading() {
    let pair = Pair::start().await;
    for fault in [Fault::ErrorBefore, Fault::ErrorAfter, Fault::CutBefore, Fault::CutAfter] {
        let attempt = pair.prepared("tok_visa").await;
        let before = pair.charges();
        pair.plan(Operation::ConfirmIntent, fault);
        assert!(is_unknown(&pair.confirm(&attempt).await), "{fault:?}");
        let was_done = matches!(fault, Fault::ErrorAfter | Fault::CutAfter);
        assert_eq!(matches!(pair.read(&attempt).await, IntentState::Succeeded { .. }), was_done, "{fault:?}");
        for _ in 0..2 {
            let again = pair.confirm(&attempt).await;
            assert!(matches!(again, Ok(IntentState::Succeeded { .. })), "{fault:?}: {again:?}");
        }
        assert_eq!(pair.charges(), before + 1, "{fault:?}");
    }
    pair.check();
}

#[tokio::test]
async fn stored_failures_are_gone_past_one_after_the_other() {
    let pair = Pair::start().await;
    let attempt = pair.prepared("tok_chargeDeclined").await;
    let always = vec![Operation::ConfirmIntent];
    pair.fake.set_faults(Faults { error_before: 1.0, only: always, ..Faults::default() });
    for stored in 0..3 {
        assert!(is_unknown(&pair.confirm(&attempt).await), "each goes past {stored} and meets the next");
        assert_eq!(pair.read(&attempt).await, IntentState::Unconfirmed);
    }
    let keys = pair.fake.exchanges().into_iter().filter(|exchange| !exchange.is_replayed);
    let keys: Vec<_> = keys.filter(|exchange| exchange.operation == Operation::ConfirmIntent).collect();
    assert_eq!(keys.len(), 3, "as many as were carried out: {keys:?}");
    pair.fake.set_faults(Faults::default());
    let declined = IntentState::Declined { code: "generic_decline".to_owned() };
    assert_eq!(pair.confirm(&attempt).await, Ok(declined.clone()));
    assert_eq!(pair.confirm(&attempt).await, Ok(declined));
    assert_eq!(pair.fake.books().declined, 1, "not even the decline happens twice");
    pair.check();
}

#[tokio::test]
async fn a_charge_that_came_after_the_time_out_is_found() {
    for (fault, is_done_at_once) in [(Fault::HangAfter, true), (Fault::HangBefore, false)] {
        let faults = Faults { hang_ms: 3_000, ..Faults::default() };
        // The client gives up long before.
        let options = Options { faults, ..Options::default() };
        let pair = Pair::start_with(options, Duration::from_secs(1)).await;
        let attempt = pair.prepared("tok_visa").await;
        pair.plan(Operation::ConfirmIntent, fault);
        assert!(is_unknown(&pair.confirm(&attempt).await), "{fault:?}");
        if is_done_at_once {
            assert!(matches!(pair.read(&attempt).await, IntentState::Succeeded { .. }));
        }
        until("the charge comes", async || {
            matches!(pair.read(&attempt).await, IntentState::Succeeded { .. })
        })
        .await;
        assert!(matches!(pair.confirm(&attempt).await, Ok(IntentState::Succeeded { .. })));
        assert_eq!(pair.charges(), 1);
        pair.check();
    }
}

#[tokio::test]
async fn what_is_under_way_elsewhere_is_unknown_and_not_done_twice() {
    let faults = Faults { hang_ms: 500, ..Faults::default() };
    let pair = Pair::start_with(Options { faults, ..Options::default() }, Duration::from_secs(30)).await;
    let attempt = pair.prepared("tok_visa").await;
    pair.plan(Operation::ConfirmIntent, Fault::HangBefore);
    let slow = pair.confirm(&attempt);
    let fast = async {
        // Also if the slow one comes second, only one of them charges.
        tokio::time::sleep(Duration::from_millis(100)).await;
        pair.confirm(&attempt).await
    };
    let (slow, fast) = tokio::join!(slow, fast);
    assert!(matches!(slow, Ok(IntentState::Succeeded { .. })), "{slow:?}");
    assert!(is_unknown(&fast) || fast == slow, "{fast:?}");
    assert_eq!(pair.charges(), 1);
    pair.check();
}

#[tokio::test]
async fn the_same_try_makes_the_same_intent_and_the_next_another() {
    let pair = Pair::start().await;
    let attempt = Attempt::of(Source::Token("tok_once_2".to_owned()));
    let first = pair.prepare(&attempt).await.unwrap();
    let again = pair.prepare(&attempt).await.unwrap();
    assert!(first == again, "the token is used once, and so is the key");
    let next = Attempt { new: NewIntent { try_number: 2, ..attempt.new.clone() }, ..attempt.clone() };
    let next = pair.prepare(&next).await.unwrap();
    assert!(next.intent != first.intent && next.method == first.method);
    let other = Attempt { new: NewIntent { amount_minor: 2_600, ..attempt.new.clone() }, ..attempt };
    assert!(is_unknown(&pair.prepare(&other).await), "the key was used for something else");
    assert_eq!(pair.charges(), 0);
    pair.check();
}

#[tokio::test]
async fn a_token_is_used_once_however_often_its_answer_is_lost() {
    let pair = Pair::start().await;
    for (number, fault) in [Fault::ErrorBefore, Fault::CutBefore, Fault::CutAfter].into_iter().enumerate() {
        let attempt = Attempt::of(Source::Token(format!("tok_once_lost{number}")));
        pair.plan(Operation::CreatePaymentMethod, fault);
        assert!(is_unknown(&pair.prepare(&attempt).await), "{fault:?}");
        assert!(pair.prepare(&attempt).await.is_ok(), "{fault:?}");
    }
    pair.check();
}

#[tokio::test]
async fn a_creation_without_an_answer_takes_its_next_try() {
    let pair = Pair::start().await;
    for fault in [Fault::ErrorBefore, Fault::ErrorAfter, Fault::CutAfter] {
        let mut attempt = Attempt::of(Source::Method("pm_card_visa".to_owned()));
        pair.plan(Operation::CreateIntent, fault);
        assert!(is_unknown(&pair.prepare(&attempt).await), "{fault:?}");
        attempt.new.try_number = 2;
        attempt.intent = pair.prepare(&attempt).await.unwrap().intent;
        assert!(matches!(pair.confirm(&attempt).await, Ok(IntentState::Succeeded { .. })));
    }
    assert_eq!(pair.charges(), 3, "an intent whose answer was lost moves nothing");
    pair.check();
}

#[tokio::test]
async fn a_cancellation_without_an_answer_is_asked_again() {
    let pair = Pair::start().await;
    for fault in [Fault::ErrorBefore, Fault::ErrorAfter, Fault::CutBefore, Fault::CutAfter] {
        let attempt = pair.prepared("tok_visa").await;
        pair.plan(Operation::CancelIntent, fault);
        assert!(is_unknown(&pair.stripe.cancel(&attempt.intent).await), "{fault:?}");
        let cancelled = IntentState::Canceled { code: None };
        assert_eq!(pair.stripe.cancel(&attempt.intent).await, Ok(cancelled.clone()), "{fault:?}");
        assert_eq!(pair.confirm(&attempt).await, Ok(cancelled));
    }
    assert_eq!(pair.charges(), 0);
    pair.check();
}
