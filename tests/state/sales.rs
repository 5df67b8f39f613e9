//! Random commands on a real state must do what a small model of the contract says.

use std::cell::RefCell;
use std::collections::BTreeSet;

use boxoffice::domain::{EventType, RejectionCode};

use crate::driver::{CHARGED_TOO_LATE, DECLINED_TOO_LATE, Driver};
use crate::runner;
use crate::steps::{a_card_beside_a_browser, sequence, too_many_attempts, too_many_refunds};

/// The model sells tickets, and knows neither endpoints of webhooks nor consumer groups: these come up in `webhooks.rs`,
/// `webhook_deliveries.rs` and `consumer_groups.rs`.
const OF_OTHERS: [RejectionCode; 8] = [
    RejectionCode::TooManyWebhooks,
    RejectionCode::WebhookDisabled,
    RejectionCode::TooManyWaiting,
    RejectionCode::TooManyGroups,
    RejectionCode::UnknownPosition,
    RejectionCode::GroupStarted,
    RejectionCode::TooManyParked,
    RejectionCode::NotParked,
];

#[test]
fn random_commands_do_what_the_model_says() {
    let met = RefCell::new(BTreeSet::new());
    let run = runner(300).run(&sequence(140), |steps| {
        let mut driver = Driver::new();
        driver.run(&steps);
        met.borrow_mut().append(&mut driver.met);
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
    for steps in [too_many_refunds(), too_many_attempts(), a_card_beside_a_browser()] {
        let mut driver = Driver::new();
        driver.run(&steps);
        met.borrow_mut().append(&mut driver.met);
    }
    assert_everything_came_up(&met.into_inner());
}

/// A generator that never gets somewhere proves nothing about it.
fn assert_everything_came_up(met: &BTreeSet<String>) {
    let events = (1..).map_while(|number| EventType::try_from(number).ok()).map(EventType::name);
    // The numbers have gaps; this is beyond the last one.
    let codes = (1..1_000).filter_map(|number| RejectionCode::try_from(number).ok());
    let codes = codes.filter(|code| !OF_OTHERS.contains(code));
    let wanted = events.map(str::to_owned).chain(codes.map(|code| format!("{code:?}")));
    let others = ["replayed", CHARGED_TOO_LATE, DECLINED_TOO_LATE].map(str::to_owned);
    let missing: Vec<String> = wanted.chain(others).filter(|name| !met.contains(name)).collect();
    assert!(missing.is_empty(), "never came up: {missing:?}");
}
