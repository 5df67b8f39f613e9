//! A gateway whose intents have to be made first: recorded before they are confirmed, read when an answer was lost,
//! and cancelled before a decline is believed.

use boxoffice::domain::{PaymentStage, PaymentStatus};
use boxoffice::saga::{self, LOOK_FOR_BUYER_EVERY, Progress};
use tokio::time::Instant;

use crate::gateway::{DECLINES, FAILS, IS_BUSY, IS_REFUSED, LOSES_ITS_WORD, REST, WAITS, WORKS};
use crate::house::House;

async fn house() -> House {
    let house = House::new().await;
    house.gateway.prepares_intents();
    house
}

#[tokio::test(start_paused = true)]
async fn an_intent_is_on_record_before_it_is_confirmed() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WORKS).await;
    house.begin_work();
    house.until(payment, PaymentStatus::Succeeded).await;
    let paid = house.payment(payment);
    assert_eq!((paid.version, paid.intent), (2, format!("stub:{payment}")), "recorded, then settled");
    let gateway = &house.gateway;
    let calls = [gateway.prepared_of(payment), gateway.reads_of(payment), gateway.charges_of(payment)];
    assert_eq!(calls, [1, 0, 1], "what was just made needs not be read");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_read_and_not_asked_for_again() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, LOSES_ITS_WORD).await;
    house.begin_work();
    house.until(payment, PaymentStatus::Succeeded).await;
    let gateway = &house.gateway;
    let calls = [gateway.prepared_of(payment), gateway.reads_of(payment), gateway.charges_of(payment)];
    assert_eq!(calls, [1, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn what_was_never_confirmed_is_confirmed_again() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, FAILS).await;
    house.begin_work();
    house.until_asked(|gateway| gateway.charges_of(payment) == 3).await;
    assert_eq!((house.gateway.prepared_of(payment), house.gateway.reads_of(payment)), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_decline_is_cancelled_before_it_is_believed() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, DECLINES).await;
    house.gateway.be_deaf(true);
    house.begin_work();
    house.until_asked(|gateway| gateway.cancels_of(payment) == 3).await;
    assert_eq!(house.payment(payment).status(), PaymentStatus::Processing, "it could still be confirmed");
    house.gateway.be_deaf(false);
    house.until(payment, PaymentStatus::Failed).await;
    assert_eq!(house.payment(payment).decline_code, "insufficient_funds");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_no_intent_is_made_of_ends_the_attempt() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, IS_REFUSED).await;
    house.begin_work();
    house.until(payment, PaymentStatus::Failed).await;
    assert_eq!(house.payment(payment).decline_code, "no_such_token");
    assert_eq!(house.gateway.charges_of(payment), 0);
}

#[tokio::test(start_paused = true)]
async fn a_buyer_who_has_to_act_is_waited_for() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WAITS).await;
    let began = Instant::now();
    house.begin_work();
    house.until_so(|house| house.payment(payment).stage() == Some(PaymentStage::ActionRequired)).await;
    house.gateway.buyer_acts(payment);
    house.until(payment, PaymentStatus::Succeeded).await;
    assert!(began.elapsed() >= LOOK_FOR_BUYER_EVERY, "nobody told of it");
    assert_eq!(house.gateway.charges_of(payment), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_hears_of_it_need_not_wait_for_the_worker() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WAITS).await;
    let waits = saga::charge(&*house.service, payment, 0).await.expect("answered");
    assert_eq!(waits, Progress::Later(LOOK_FOR_BUYER_EVERY));
    house.gateway.buyer_acts(payment);
    for _ in 0..2 {
        let done = saga::charge(&*house.service, payment, 0).await.expect("answered");
        assert_eq!(done, Progress::Done);
    }
    assert_eq!(house.payment(payment).status(), PaymentStatus::Succeeded);
    assert_eq!(house.gateway.reads_of(payment), 1);
}

#[tokio::test(start_paused = true)]
async fn a_busy_gateway_is_left_alone_by_everybody() {
    let mut house = house().await;
    let buyer = house.sign_up().await;
    let busy = house.charge_due(buyer, IS_BUSY).await;
    house.begin_work();
    house.until_asked(|gateway| gateway.charges_of(busy) == 1).await;
    let began = Instant::now();
    let other = house.charge_due(buyer, WORKS).await;
    house.until(other, PaymentStatus::Succeeded).await;
    assert!(began.elapsed() >= REST - std::time::Duration::from_secs(1), "{:?}", began.elapsed());
}
