//! An idle service.

use std::time::Duration;

use crate::gateway::WORKS;
use crate::house::{House, WINDOW_MS};

/// How long a simulated look takes: longer than every worker's own pause.
const STEP: Duration = Duration::from_secs(3);

#[tokio::test(start_paused = true)]
async fn the_log_of_an_idle_service_stands_still() {
    let mut house = House::new().await;
    house.begin_work();
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WORKS).await;
    house.until(payment, boxoffice::domain::PaymentStatus::Succeeded).await;
    let mut indexes = Vec::new();
    for _ in 0..100 {
        house.clock.advance(STEP);
        tokio::time::sleep(STEP).await;
        indexes.push(house.log_index());
    }
    let tidied_up = usize::try_from(WINDOW_MS / 3_000).expect("a few");
    let (first, last) = (indexes[tidied_up], indexes[indexes.len() - 1]);
    assert_eq!(first, last, "{indexes:?}");
}
