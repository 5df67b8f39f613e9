//! The payment saga, run by any number of leaders in any interleaving, over a network that loses, delays and forgets,
//! against a gateway that declines, hesitates, asks the buyer, and where somebody gives money back by hand.
//!
//! Each call to the gateway and each command comes to pass when the test has it so, or never, and whoever asked is told,
//! or not: a run that waits for an answer while others go on is a leader that was paused in the middle. At every moment
//! no order may be charged twice, and none be complete and unpaid; in the end, once nothing fails any more, every order
//! is settled and the gateway's books are those of the state.

mod cast;
mod elsewhere;
mod gateway;
mod giving_back;
mod steps;
mod world;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::cast::Cast;
use self::steps::{Fate, Source, Step, sequence};
use crate::runner;

/// What has to come up, or nothing is proved of it.
const ALL: [&str; 26] = [
    "an answer was lost",
    "a call was given up",
    "another card",
    "cancelled by its buyer",
    "paid",
    "paid too late",
    "given up without an intent",
    "given up with an intent",
    "declined",
    "declined after the buyer acted",
    "no intent was made",
    "another run had the token",
    "could not be confirmed",
    "confirmed in a browser",
    "an intent that nobody confirmed",
    "the intents are known",
    "a half goes back",
    "the rest goes back",
    "paid and given back",
    "a refund is tried again",
    "a refund succeeded the second time",
    "all was given back by hand",
    "a half was given back by hand",
    "withdrawn",
    "withdrawn together with its order",
    "withdrawn, and paid before",
];

#[test]
fn no_order_is_charged_twice_or_complete_and_unpaid_and_every_one_is_settled() {
    let met = RefCell::new(BTreeSet::new());
    let strategy = (proptest::bool::weighted(0.25), sequence(120));
    let run = runner(400).run(&strategy, |(knows_all, steps)| {
        let mut cast = Cast::new(knows_all, false);
        cast.play(&steps);
        met.borrow_mut().append(&mut cast.met);
        met.borrow_mut().extend(knows_all.then_some("the intents are known"));
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
    let mut cast = Cast::new(false, false);
    cast.play(&withdrawn_too_late());
    let mut met = met.into_inner();
    met.append(&mut cast.met);
    let missing: Vec<&str> = ALL.into_iter().filter(|name| !met.contains(name)).collect();
    assert!(missing.is_empty(), "never came up: {missing:?}");
}

/// A buyer confirms in their browser, and then wants no more of it: too rarely met to be made up at random.
fn withdrawn_too_late() -> Vec<Step> {
    let serve = Step::Serve { call: 0, fate: Fate::Answered };
    let apply = Step::Apply { proposal: 0, fate: Fate::Answered };
    let run = Step::Run { payment: 0, behind: 0, tries: 0 };
    vec![
        Step::Pay { order: 0, source: Source::Browser },
        run.clone(),
        serve.clone(),
        apply.clone(),
        serve.clone(),
        Step::TakeSecret { payment: 0 },
        Step::Browse { secret: 0, source: Source::Pays },
        Step::Withdraw { order: 0, cancels_order: true },
        run,
        serve,
        apply,
    ]
}

/// A test that finds nothing has to show that it could.
#[test]
fn a_gateway_whose_cancellations_do_not_hold_is_found_out() {
    let serve = Step::Serve { call: 0, fate: Fate::Answered };
    let apply = Step::Apply { proposal: 0, fate: Fate::Answered };
    let pay = |source| Step::Pay { order: 0, source };
    let run = Step::Run { payment: 0, behind: 0, tries: 0 };
    // One leader is asleep before it confirms; the next finds a decline, and another card is charged.
    let steps = [
        pay(Source::Declines),
        run.clone(),
        serve.clone(),
        apply.clone(),
        run.clone(),
        Step::Serve { call: 0, fate: Fate::Answered },
        serve.clone(),
        serve.clone(),
        apply.clone(),
        pay(Source::Pays),
        run,
        serve.clone(),
        apply,
        serve.clone(),
        serve,
    ];
    let play = |lies| {
        let mut cast = Cast::new(false, lies);
        catch_unwind(AssertUnwindSafe(|| cast.play(&steps)))
    };
    assert!(play(false).is_ok(), "an honest one charges once");
    assert!(play(true).is_err(), "the other charges twice");
}
