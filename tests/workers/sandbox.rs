//! The sandbox as the saga sees it: intents that follow from payments, whoever asks, and words that come through the
//! log.

use std::time::Duration;

use boxoffice::domain::{Command, OrderId, PaymentId};
use boxoffice::gateway::{
    Confirmation, Gateway, GatewayError, IntentState, RefundRequest, RefundState, Sandbox, Source,
};
use tokio::time::Instant;

use crate::gateway::WORKS;
use crate::house::House;

const SLOW_FOR: Duration = Duration::from_secs(12);

fn sandbox(house: &House) -> Sandbox {
    Sandbox::new(house.service.replica.clone(), SLOW_FOR)
}

fn key(number: u8) -> PaymentId {
    PaymentId::from_bytes([number; 16])
}

fn intent(key: PaymentId) -> String {
    format!("sandbox:{key}")
}

fn of(key: PaymentId, source: &str) -> Confirmation {
    Confirmation {
        payment: key,
        order: OrderId::default(),
        intent: intent(key),
        amount_minor: 1999,
        currency: "usd".into(),
        source: Source::of(source, false),
    }
}

fn refund_of(key: PaymentId, charge: &str) -> RefundRequest {
    RefundRequest {
        refund: "late".into(),
        known_as: String::new(),
        payment: key,
        order: OrderId::default(),
        intent: String::new(),
        charge: charge.into(),
        amount_minor: None,
    }
}

fn declined(code: &str) -> IntentState {
    IntentState::Canceled { code: Some(code.into()) }
}

#[tokio::test(start_paused = true)]
async fn an_intent_is_charged_once_whoever_asks() {
    let house = House::new().await;
    assert_eq!(sandbox(&house).known_intent(key(1)), Some(intent(key(1))));
    let first = sandbox(&house).confirm(&of(key(1), "tok_visa")).await.expect("charged");
    let IntentState::Succeeded { charge } = &first else { panic!("{first:?}") };
    // Another leader's sandbox, and another source: the first word stands.
    let other = sandbox(&house);
    assert_eq!(other.confirm(&of(key(1), "tok_chargeDeclined")).await.expect("known"), first);
    assert_eq!(other.read(&intent(key(1))).await.expect("known"), first);
    let books = || house.service.replica.view().expect("memory").sandbox_entries().expect("rows");
    assert_eq!(books().len(), 1);
    for _ in 0..2 {
        let refunded = other.refund(&refund_of(key(1), charge)).await.expect("given back");
        assert_eq!(refunded.state, RefundState::Succeeded);
        assert!(books()[0].refunded && books().len() == 1);
    }
}

#[tokio::test(start_paused = true)]
async fn declines_say_why_and_cannot_be_refunded() {
    let house = House::new().await;
    let sandbox = sandbox(&house);
    for (number, (source, code)) in (1..).zip([
        ("tok_chargeDeclined", "card_declined"),
        ("tok_chargeDeclinedExpiredCard", "expired_card"),
        ("4242424242424242", "invalid_token"),
        ("pm_card_visa", "invalid_token"),
    ]) {
        let key = key(number);
        assert_eq!(sandbox.read(&intent(key)).await.expect("nothing yet"), IntentState::Unconfirmed);
        assert_eq!(sandbox.confirm(&of(key, source)).await.expect("declined"), declined(code));
        assert_eq!(sandbox.read(&intent(key)).await.expect("known"), declined(code));
        assert!(sandbox.refund(&refund_of(key, "")).await.is_err());
    }
    assert!(sandbox.refund(&refund_of(key(99), "")).await.is_err(), "nobody knows of it");
}

#[tokio::test(start_paused = true)]
async fn what_is_cancelled_is_never_charged_and_what_was_charged_is_not_cancelled() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let (first, second) = (house.charge_due(buyer, WORKS).await, house.charge_due(buyer, WORKS).await);
    let sandbox = sandbox(&house);
    let canceled = IntentState::Canceled { code: None };
    assert_eq!(sandbox.cancel(&intent(first)).await.expect("cancelled"), canceled);
    let late = sandbox.confirm(&of(first, "tok_visa")).await.expect("known");
    assert!(matches!(late, IntentState::Canceled { .. }), "{late:?}");
    let charged = sandbox.confirm(&of(second, "tok_visa")).await.expect("charged");
    assert_eq!(sandbox.cancel(&intent(second)).await.expect("known"), charged);
}

#[tokio::test(start_paused = true)]
async fn a_slow_charge_is_in_the_books_only_once_it_is_made_whether_or_not_anybody_waits() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let key = house.charge_due(buyer, WORKS).await;
    let (sandbox, slow) = (sandbox(&house), of(key, "tok_slow"));
    let books = || house.service.replica.view().expect("memory").sandbox_entries().expect("rows");
    let began = Instant::now();
    let given_up = tokio::time::timeout(SLOW_FOR / 2, sandbox.confirm(&slow)).await;
    assert!(given_up.is_err(), "whoever stops leading drops the call");
    assert_eq!(sandbox.read(&slow.intent).await.expect("known"), IntentState::Processing);
    let locked = sandbox.cancel(&slow.intent).await.expect_err("it is being charged");
    assert_eq!(locked, GatewayError::Busy { retry_after: None });
    assert_eq!(books(), [], "nothing yet");
    let charged = sandbox.confirm(&slow).await.expect("charged");
    assert!(matches!(charged, IntentState::Succeeded { .. }));
    assert_eq!(began.elapsed(), SLOW_FOR, "it is the same charge");
    assert_eq!((books().len(), sandbox.cancel(&slow.intent).await), (1, Ok(charged)));
}

#[tokio::test(start_paused = true)]
async fn a_charge_that_does_not_reach_the_books_is_no_final_word() {
    let house = House::new().await;
    house.refusals.begin(|command| matches!(command, Command::SandboxCharge(_)));
    let charge = of(key(1), "tok_visa");
    assert!(matches!(sandbox(&house).confirm(&charge).await, Err(GatewayError::Unknown(_))));
    house.refusals.end();
    let charged = sandbox(&house).confirm(&charge).await;
    assert!(matches!(charged, Ok(IntentState::Succeeded { .. })));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_intent_of_the_sandbox_gets_no_final_word() {
    let house = House::new().await;
    let sandbox = sandbox(&house);
    for answer in
        [sandbox.read("pi_1").await, sandbox.cancel("pi_1").await, sandbox.cancel(&intent(key(9))).await]
    {
        assert!(matches!(answer, Err(GatewayError::Unknown(_))), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn play_money_of_books_that_nobody_has_any_more_counts_as_given_back() {
    let house = House::new().await;
    let old = refund_of(key(1), &format!("sandbox_{}", key(1)));
    let refunded = sandbox(&house).refund(&old).await.expect("nothing is left to do");
    assert_eq!(refunded.state, RefundState::Succeeded);
    assert_eq!(sandbox(&house).read(&intent(key(1))).await.expect("unknown"), IntentState::Unconfirmed);
}
