//! Commands of the service's own that are rejected: an alarm each, so that none may be proposed again and again.

use std::time::Duration;

use boxoffice::domain::{Command, OrderStatus, PaymentStatus};
use boxoffice::workers;
use tokio::time::{Instant, sleep};

use crate::gateway::WORKS;
use crate::house::House;

/// On tokio's paused clock: many looks of every worker, and less than the pause after a rejection.
const A_WHILE: Duration = Duration::from_secs(20);

#[tokio::test(start_paused = true)]
async fn upkeep_that_is_rejected_waits_before_it_is_tried_again() {
    let mut house = House::new().await;
    house.sign_up().await;
    house.pass_the_window();
    house.refusals.begin(|command| matches!(command, Command::Upkeep(_)));
    house.begin_work();
    sleep(A_WHILE).await;
    assert_eq!(house.refusals.count(), 1);
    house.refusals.end();
    let index = house.log_index();
    house.until_so(|house| house.log_index() > index).await;
}

#[tokio::test(start_paused = true)]
async fn an_order_that_cannot_be_released_is_left_for_a_while_and_holds_up_no_other() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let stuck = house.order(buyer).await;
    house.refusals.begin(|command| matches!(command, Command::ExpireOrders(_)));
    house.begin_work();
    house.pass_the_window();
    let began = Instant::now();
    sleep(A_WHILE).await;
    assert_eq!(house.refusals.count(), 1);
    assert_eq!(house.order_status(stuck), OrderStatus::Created);
    house.refusals.end();
    let other = house.order(buyer).await;
    house.pass_the_window();
    house.until_so(|house| house.order_status(other) == OrderStatus::Cancelled).await;
    assert!(began.elapsed() < 2 * A_WHILE, "it did not wait for the one that is stuck");
}

#[tokio::test(start_paused = true)]
async fn a_signing_key_that_is_rejected_is_no_new_key() {
    let house = House::new().await;
    assert!(workers::rotate_signing_key(&house.service).await.is_ok());
    house.refusals.begin(|command| matches!(command, Command::AddSigningKey(_)));
    assert!(workers::rotate_signing_key(&house.service).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_charge_whose_outcome_is_rejected_is_asked_for_again_later() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WORKS).await;
    house.refusals.begin(|command| matches!(command, Command::SettleCharge(_)));
    house.begin_work();
    sleep(A_WHILE).await;
    let refused = house.refusals.count();
    assert!((2..10).contains(&refused), "{refused} within {A_WHILE:?}");
    house.refusals.end();
    house.until(payment, PaymentStatus::Succeeded).await;
}
