//! Money that goes back, once.

use std::time::Duration;

use boxoffice::gateway::stripe::list::Between;
use boxoffice::gateway::{Gateway, GatewayError, RefundRequest, RefundState, Refunded};
use boxoffice_stripe_fake::{Fault, Operation, Options};

use super::support::{PATIENCE, Pair, is_unknown, refused};

#[tokio::test]
async fn whole_or_in_parts_and_no_more_than_was_paid() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let part = pair.stripe.refund(&paid.refund("r1", Some(1_000))).await.unwrap();
    assert_eq!(part.state, RefundState::Succeeded);
    assert_eq!(pair.stripe.refund(&paid.refund("r1", Some(1_000))).await, Ok(part), "it is the same");
    let too_much = pair.stripe.refund(&paid.refund("r2", Some(1_501))).await;
    assert!(matches!(too_much, Err(GatewayError::Refused { .. })), "{too_much:?}");
    pair.stripe.refund(&paid.refund("r3", None)).await.unwrap();
    assert_eq!(amounts(&pair), [1_000, 1_500]);
    let names: Vec<_> =
        pair.fake.books().refunds.iter().map(|entry| entry.metadata["refund"].clone()).collect();
    assert_eq!(names, ["r1", "r3"]);
    pair.check();
}

fn amounts(pair: &Pair) -> Vec<u64> {
    pair.fake.books().refunds.iter().map(|refund| refund.amount).collect()
}

#[tokio::test]
async fn the_same_refund_is_made_once_also_when_keys_are_forgotten() {
    let pair = Pair::start().await;
    for amount in [Some(1_000), None] {
        let paid = pair.paid().await;
        let first = pair.stripe.refund(&paid.refund("r", amount)).await.unwrap();
        pair.fake.put_clock_forward(Duration::from_secs(25 * 60 * 60));
        assert_eq!(pair.stripe.refund(&paid.refund("r", amount)).await, Ok(first));
    }
    assert_eq!(amounts(&pair), [1_000, 2_500]);
    pair.check();
}

#[tokio::test]
async fn a_refund_is_the_same_whatever_somebody_makes_of_its_metadata() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let request = paid.refund("r", Some(1_000));
    let first = pair.stripe.refund(&request).await.unwrap();
    pair.fake.take_metadata_off(&first.refund).unwrap();
    pair.fake.put_clock_forward(Duration::from_secs(25 * 60 * 60));
    let known = RefundRequest { known_as: first.refund.clone(), ..request };
    assert_eq!(pair.stripe.refund(&known).await, Ok(first));
    assert_eq!(amounts(&pair), [1_000], "no second one is made");
    pair.check();
}

#[tokio::test]
async fn a_storm_of_the_same_refund_makes_one() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let request = paid.refund("r", Some(1_000));
    let storm = (0..10).map(|_| pair.stripe.refund(&request));
    let results = futures_util::future::join_all(storm).await;
    assert!(results.iter().any(Result::is_ok));
    assert!(results.iter().all(|result| result.is_ok() || is_unknown(result)), "{results:?}");
    assert_eq!(amounts(&pair), [1_000]);
    pair.check();
}

#[tokio::test]
async fn a_refund_without_an_answer_is_not_made_twice() {
    let pair = Pair::start().await;
    for fault in [Fault::ErrorBefore, Fault::ErrorAfter, Fault::CutBefore, Fault::CutAfter] {
        let paid = pair.paid().await;
        let before = amounts(&pair).len();
        let request = paid.refund("r", Some(1_000));
        pair.plan(Operation::CreateRefund, fault);
        assert!(is_unknown(&pair.stripe.refund(&request).await), "{fault:?}");
        for _ in 0..2 {
            let again = pair.stripe.refund(&request).await;
            assert!(
                matches!(again, Ok(Refunded { state: RefundState::Succeeded, .. })),
                "{fault:?}: {again:?}"
            );
        }
        assert_eq!(amounts(&pair).len(), before + 1, "{fault:?}");
    }
    pair.check();
}

#[tokio::test]
async fn what_others_gave_back_is_given_back() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let charge = pair.fake.books().charges[0].charge.clone();
    pair.fake.refund_in_dashboard(&charge, None).unwrap();
    let found = pair.stripe.refund(&paid.refund("r", None)).await;
    assert_eq!(found, Ok(Refunded { refund: String::new(), state: RefundState::Succeeded }));
    // A refund of a certain amount came to nothing, for what others gave back is counted by itself.
    let nothing_left = pair.stripe.refund(&paid.refund("r2", Some(2_500))).await;
    assert_eq!(refused(nothing_left), "charge_already_refunded");
    let known = pair.stripe.refunds(&paid.intent).await.unwrap();
    let [by_hand] = &known[..] else { panic!("one refund: {known:?}") };
    assert_eq!((by_hand.name.as_ref(), by_hand.amount_minor), (None, 2_500));
    assert_eq!((by_hand.currency.as_str(), &by_hand.state), ("usd", &RefundState::Succeeded));
    let disputed = pair.paid().await;
    let charge = pair.fake.books().charges[1].charge.clone();
    pair.fake.dispute(&charge).unwrap();
    assert_eq!(refused(pair.stripe.refund(&disputed.refund("r", None)).await), "charge_disputed");
    pair.check();
}

#[tokio::test]
async fn a_dispute_is_read_with_where_its_money_is() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let charge = pair.fake.books().charges[0].charge.clone();
    let dispute = pair.fake.dispute(&charge).unwrap();
    let read = async || pair.stripe.dispute(&dispute).await.unwrap().expect("it is an intent's");
    let open = read().await;
    assert_eq!((&open.intent, open.amount_minor, open.currency.as_str()), (&paid.intent, 2_500, "usd"));
    assert_eq!((open.status.as_str(), open.reason.as_str()), ("needs_response", "fraudulent"));
    assert!(open.is_withdrawn && open.since_s > 0, "{open:?}");
    pair.fake.answer_dispute(&dispute).unwrap();
    assert_eq!(read().await.status, "under_review");
    pair.fake.close_dispute(&dispute, true).unwrap();
    let won = read().await;
    assert_eq!((won.status.as_str(), won.is_withdrawn), ("won", false));
    assert_eq!(pair.stripe.dispute("dp_none").await, Ok(None));
    let events = pair.stripe.events(Between { from_s: 0, to_s: open.since_s + 60 }, None).await.unwrap();
    let kinds: Vec<&str> = events.found.iter().rev().map(|hint| hint.kind.as_str()).collect();
    let of_disputes = ["created", "funds_withdrawn", "updated", "closed", "funds_reinstated"];
    assert_eq!(kinds, of_disputes.map(|kind| format!("charge.dispute.{kind}")));
    assert!(events.found.iter().all(|hint| hint.intent == paid.intent) && events.after.is_none());
    pair.check();
}

#[tokio::test]
async fn a_refund_takes_time_or_fails() {
    let pair = Pair::start().await;
    for (token, state) in
        [("tok_pendingRefund", RefundState::Pending), ("tok_refundFail", RefundState::Succeeded)]
    {
        let attempt = pair.prepared(token).await;
        pair.confirm(&attempt).await.unwrap();
        let request = attempt.refund("r", None);
        let made = pair.stripe.refund(&request).await.unwrap();
        assert_eq!(made.state, state);
        pair.fake.end_refund(&made.refund, false).unwrap();
        let failed = RefundState::Failed { code: "expired_or_canceled_card".to_owned() };
        assert_eq!(
            pair.stripe.refund(&request).await,
            Ok(Refunded { refund: made.refund, state: failed }),
            "{token}"
        );
    }
    pair.check();
}

#[tokio::test]
async fn what_was_never_charged_cannot_go_back() {
    let pair = Pair::start().await;
    let attempt = pair.prepared("tok_visa").await;
    let refused = pair.stripe.refund(&attempt.refund("r", None)).await;
    assert!(matches!(refused, Err(GatewayError::Refused { .. })), "{refused:?}");
    assert_eq!(amounts(&pair), [0; 0]);
    pair.check();
}

/// A lookup that is refused says nothing of the refund: taken for its end, it would be made again under another name.
#[tokio::test]
async fn at_another_account_nothing_is_known_of_a_refund() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let request = paid.refund("r", Some(1_000));
    pair.plan(Operation::CreateRefund, Fault::CutAfter);
    assert!(is_unknown(&pair.stripe.refund(&request).await), "made, and nobody heard of it");
    let elsewhere = Pair::start_with(Options { seed: 2, ..Options::default() }, PATIENCE).await;
    let other = elsewhere.stripe.refund(&request).await;
    assert!(is_unknown(&other), "it knows no such intent: {other:?}");
    let found = pair.stripe.refund(&request).await;
    assert!(matches!(found, Ok(Refunded { state: RefundState::Succeeded, .. })), "{found:?}");
    assert_eq!(amounts(&pair), [1_000]);
    pair.check();
}
