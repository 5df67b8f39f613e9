//! Payments that nobody has looked at for long: past the time that holds their orders, nothing is charged any more.

use std::time::Duration;

use boxoffice::domain::{PaymentId, PaymentStatus};
use boxoffice::saga::ABANDONED;

use crate::gateway::{FAILS, LOSES_ITS_WORD, WORKS};
use crate::house::{House, WINDOW_MS};

/// How long a charge holds its order here.
const HELD: Duration = Duration::from_millis(WINDOW_MS);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A house in which a charge of this source was claimed, and tried by somebody if `was_tried`, and in which
/// nobody has worked for so long then.
async fn after(source: &str, was_tried: bool, age: Duration) -> (House, PaymentId) {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, source).await;
    if was_tried {
        house.begin_work();
        // Whatever comes after it is done only after it was tried.
        let next = house.charge_due(buyer, WORKS).await;
        house.until(next, PaymentStatus::Succeeded).await;
        house.end_work().await;
    }
    house.clock.advance(age);
    (house, payment)
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_still_holds_its_order_is_charged_again() {
    let (house, payment) = after(LOSES_ITS_WORD, true, HELD - Duration::from_secs(1)).await;
    assert_eq!(house.gateway.charges_of(payment), 1);
    house.begin_work();
    house.until_asked(|gateway| gateway.charges_of(payment) == 2).await;
    assert_eq!(house.gateway.cancels_of(payment), 0);
}

#[tokio::test(start_paused = true)]
async fn an_old_payment_whose_charge_came_to_pass_is_settled_without_another() {
    for age in [HELD, DAY, 30 * DAY] {
        let (house, payment) = after(LOSES_ITS_WORD, true, age).await;
        house.begin_work();
        // Its order was released long ago.
        house.until(payment, PaymentStatus::Refunded).await;
        let calls = [house.gateway.charges_of(payment), house.gateway.cancels_of(payment)];
        assert_eq!(calls, [1, 1], "{age:?} old");
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_payment_that_was_never_charged_never_is() {
    for (source, was_tried) in [(WORKS, false), (FAILS, true)] {
        let (house, payment) = after(source, was_tried, HELD).await;
        let charges_before = house.gateway.charges_of(payment);
        house.begin_work();
        house.until(payment, PaymentStatus::Failed).await;
        assert_eq!(house.payment(payment).decline_code, ABANDONED);
        assert_eq!(house.gateway.charges_of(payment), charges_before);
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_payment_that_no_intent_was_made_for_ends_without_one() {
    let (house, payment) = after(WORKS, false, HELD).await;
    house.gateway.prepares_intents();
    house.begin_work();
    house.until(payment, PaymentStatus::Failed).await;
    assert_eq!(house.payment(payment).decline_code, ABANDONED);
    assert_eq!((house.gateway.prepared_of(payment), house.gateway.cancels_of(payment)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn while_its_charge_may_still_succeed_an_old_payment_is_not_given_up() {
    let (house, payment) = after(WORKS, false, HELD).await;
    house.gateway.be_deaf(true);
    house.begin_work();
    house.until_asked(|gateway| gateway.cancels_of(payment) == 3).await;
    assert_eq!(house.payment(payment).status(), PaymentStatus::Processing);
    house.gateway.be_deaf(false);
    house.until(payment, PaymentStatus::Failed).await;
    assert_eq!(house.gateway.charges_of(payment), 0);
}
