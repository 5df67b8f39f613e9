//! The payment worker: who is charged and refunded while others cannot be.

use boxoffice::domain::PaymentStatus;
use boxoffice::saga::CALL_TIMEOUT;
use tokio::time::Instant;

use crate::gateway::{FAILS, HANGS, WORKS};
use crate::house::House;

/// More than the calls that may be under way at once.
const MANY: usize = 300;

/// One buyer, or as many as there are payments.
#[derive(Clone, Copy)]
enum Buyers {
    One,
    OneEach,
}

/// Charges and refunds that get no final word, and behind them one of each that does. Returns, once those two are
/// settled, how often the gateway was asked for them.
async fn last_of_many(buyers: Buyers, how: &str) -> (House, [u32; 2]) {
    let mut house = House::new().await;
    let others = match buyers {
        Buyers::One => vec![house.sign_up().await; MANY],
        Buyers::OneEach => house.sign_up_many(MANY).await,
    };
    let honest = house.sign_up().await;
    house.refunds_due(&others, how).await;
    let refund = house.refunds_due(&[honest], WORKS).await[0];
    house.charges_due(&others, how).await;
    let charge = house.charge_due(honest, WORKS).await;
    house.begin_work();
    house.until(charge, PaymentStatus::Succeeded).await;
    house.until(refund, PaymentStatus::Refunded).await;
    let calls = [house.gateway.charges_of(charge), house.gateway.refunds_of(refund)];
    (house, calls)
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_buyer_that_hang_hold_up_nobody_else() {
    let began = Instant::now();
    let (house, calls) = last_of_many(Buyers::One, HANGS).await;
    assert_eq!(calls, [1, 1]);
    assert!(house.gateway.hanging() > 0, "and they still hang");
    assert!(began.elapsed() < CALL_TIMEOUT, "none of them was given up for it");
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_buyer_that_fail_hold_up_nobody_else() {
    let (_house, calls) = last_of_many(Buyers::One, FAILS).await;
    assert_eq!(calls, [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_fail_stand_behind_those_that_were_never_made() {
    let (_house, calls) = last_of_many(Buyers::OneEach, FAILS).await;
    assert_eq!(calls, [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_hang_stand_behind_those_that_were_never_made_once_they_are_given_up() {
    let (_house, calls) = last_of_many(Buyers::OneEach, HANGS).await;
    assert_eq!(calls, [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_new_leader_goes_on_where_the_state_says() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let hangs = house.charge_due(buyer, HANGS).await;
    house.begin_work();
    let first = house.charge_due(buyer, WORKS).await;
    house.until(first, PaymentStatus::Succeeded).await;
    house.end_work().await;
    assert_eq!((house.gateway.hanging(), house.payment(hangs).status()), (0, PaymentStatus::Processing));
    let second = house.charge_due(buyer, WORKS).await;
    house.begin_work();
    house.until(second, PaymentStatus::Succeeded).await;
    let charges = [hangs, first, second].map(|payment| house.gateway.charges_of(payment));
    assert_eq!(charges, [2, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn refunds_that_become_due_at_one_moment_are_all_made_whatever_their_order() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let charges = house.charges_due(&[buyer; 3], HANGS).await;
    // Nor does it answer when they are to be cancelled, which they are once nothing holds their orders.
    house.gateway.be_deaf(true);
    house.begin_work();
    house.pass_the_window();
    for payment in [charges[1], charges[2], charges[0]] {
        house.charged(payment, WORKS).await;
        house.until(payment, PaymentStatus::Refunded).await;
    }
}

#[tokio::test(start_paused = true)]
async fn everything_that_is_owed_is_done_however_much_it_is() {
    let mut house = House::new().await;
    let buyers = house.sign_up_many(1_100).await;
    let refunds = house.refunds_due(&buyers, WORKS).await;
    let charges = house.charges_due(&buyers, WORKS).await;
    house.begin_work();
    for (charge, refund) in charges.into_iter().zip(refunds) {
        house.until(charge, PaymentStatus::Succeeded).await;
        house.until(refund, PaymentStatus::Refunded).await;
        assert_eq!((house.gateway.charges_of(charge), house.gateway.refunds_of(refund)), (1, 1));
    }
}
