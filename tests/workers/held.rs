//! While sales are held the workers wait, and then do all that was due.

use std::time::Duration;

use boxoffice::domain::{Command, Hold, LiftHold, OrderStatus, PaymentStatus};
use tokio::time::sleep;

use crate::gateway::WORKS;
use crate::house::House;

/// On tokio's paused clock: many looks of every worker.
const A_WHILE: Duration = Duration::from_secs(20);

const HOLD: u64 = 7;

#[tokio::test(start_paused = true)]
async fn workers_ask_for_nothing_while_sales_are_held_and_do_it_all_afterwards() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let refund = house.refunds_due(&[buyer], WORKS).await[0];
    let due = house.order(buyer).await;
    house.pass_the_window();
    let charge = house.charge_due(buyer, WORKS).await;
    house.hold_sales(Hold { since_ms: HOLD, reason: "restored".into(), left_epoch: String::new() }).await;
    // What has run out by then is forgotten as ever; after that the log stands still.
    house.begin_work();
    sleep(A_WHILE).await;
    let index = house.log_index();
    sleep(A_WHILE).await;
    assert_eq!(house.log_index(), index, "a worker proposes again and again what cannot be done");
    let calls = [house.gateway.charges_of(charge), house.gateway.refunds_of(refund)];
    assert_eq!((calls, house.order_status(due)), ([0, 0], OrderStatus::Created));
    assert_eq!(house.service.metrics.invariant_alarms.get(), 0);
    assert!(house.service.readings().expect("memory").sales_held);

    let lift = Command::LiftHold(LiftHold { since_ms: HOLD });
    house.service.replica.submit_own(lift).await.expect("it is the one");
    house.until(charge, PaymentStatus::Succeeded).await;
    house.until(refund, PaymentStatus::Refunded).await;
    house.until_so(|house| house.order_status(due) == OrderStatus::Cancelled).await;
    let calls = [house.gateway.charges_of(charge), house.gateway.refunds_of(refund)];
    assert_eq!(calls, [1, 1]);
    assert!(!house.service.readings().expect("memory").sales_held);
}
