//! The sandbox as the worker sees it: stable keys, whoever asks, and words that come through the log.

use std::time::Duration;

use boxoffice::domain::{Command, PaymentId};
use boxoffice::gateway::{ChargeOutcome, ChargeRequest, Gateway, Sandbox};
use tokio::time::Instant;

use crate::house::House;

const SLOW_FOR: Duration = Duration::from_secs(12);

fn sandbox(house: &House) -> Sandbox {
    Sandbox::new(house.service.replica.clone(), SLOW_FOR)
}

fn request(key: u8, source: &str) -> ChargeRequest {
    ChargeRequest {
        key: PaymentId::from_bytes([key; 16]),
        amount_minor: 1999,
        currency: "usd".into(),
        source: source.into(),
    }
}

fn declined(code: &str) -> ChargeOutcome {
    ChargeOutcome::Declined { code: code.into() }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_charged_once_whoever_asks() {
    let house = House::new().await;
    let first = sandbox(&house).charge(&request(1, "tok_visa")).await.expect("charged");
    let ChargeOutcome::Succeeded { charge } = &first else { panic!("{first:?}") };
    // Another leader's sandbox, and another source: the first word stands.
    let other = sandbox(&house);
    assert_eq!(other.charge(&request(1, "tok_chargeDeclined")).await.expect("known"), first);
    assert_eq!(other.look_up(request(1, "").key).await.expect("known"), Some(first.clone()));
    let books = || house.service.replica.view().expect("memory").sandbox_entries().expect("rows");
    assert_eq!(books().len(), 1);
    for _ in 0..2 {
        other.refund(request(1, "").key, charge).await.expect("given back");
        assert!(books()[0].refunded && books().len() == 1);
    }
}

#[tokio::test(start_paused = true)]
async fn declines_say_why_and_cannot_be_refunded() {
    let house = House::new().await;
    let sandbox = sandbox(&house);
    for (key, (source, code)) in (1..).zip([
        ("tok_chargeDeclined", "card_declined"),
        ("tok_chargeDeclinedExpiredCard", "expired_card"),
        ("4242424242424242", "invalid_token"),
    ]) {
        let request = request(key, source);
        assert_eq!(sandbox.look_up(request.key).await.expect("nothing yet"), None);
        assert_eq!(sandbox.charge(&request).await.expect("declined"), declined(code));
        assert_eq!(sandbox.look_up(request.key).await.expect("known"), Some(declined(code)));
        assert!(sandbox.refund(request.key, "").await.is_err());
    }
    assert!(sandbox.refund(request(99, "").key, "").await.is_err(), "nobody knows of it");
}

#[tokio::test(start_paused = true)]
async fn a_slow_charge_is_in_the_books_only_once_it_is_made() {
    let house = House::new().await;
    let (sandbox, slow) = (sandbox(&house), request(1, "tok_slow"));
    let began = Instant::now();
    let given_up = tokio::time::timeout(SLOW_FOR / 2, sandbox.charge(&slow)).await;
    assert!(given_up.is_err(), "whoever stops leading drops the call");
    assert_eq!(sandbox.look_up(slow.key).await.expect("nothing yet"), None);
    assert!(matches!(sandbox.charge(&slow).await, Ok(ChargeOutcome::Succeeded { .. })));
    assert!(began.elapsed() >= SLOW_FOR + SLOW_FOR / 2);
}

#[tokio::test(start_paused = true)]
async fn a_charge_that_does_not_reach_the_books_is_no_final_word() {
    let house = House::new().await;
    house.refusals.begin(|command| matches!(command, Command::SandboxCharge(_)));
    let charge = request(1, "tok_visa");
    assert!(sandbox(&house).charge(&charge).await.is_err());
    house.refusals.end();
    assert!(matches!(sandbox(&house).charge(&charge).await, Ok(ChargeOutcome::Succeeded { .. })));
}

#[tokio::test(start_paused = true)]
async fn play_money_of_books_that_nobody_has_any_more_counts_as_given_back() {
    let house = House::new().await;
    let key = request(1, "").key;
    sandbox(&house).refund(key, &format!("sandbox_{key}")).await.expect("nothing is left to do");
    assert_eq!(sandbox(&house).look_up(key).await.expect("unknown"), None);
}
