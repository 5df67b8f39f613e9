//! Payments while the gateway fails and the leader is killed: `scripts/chaos payments` in small.

use std::time::Duration;

use boxoffice_chaos::payments::{PaymentsOptions, SETTLED_WITHIN, compare, run};

use crate::support::{binary, turn};

const PAYMENTS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_the_gateways_books_are_ours() {
    let _turn = turn().await;
    let options = PaymentsOptions {
        binary: binary(),
        replicas: 3,
        directory: None,
        seed: 7,
        payments: PAYMENTS,
        customers: 64,
        faults: 0.05,
        // Longer than a payment under way may hold an order.
        hang: Duration::from_secs(12),
        kill_every: Duration::from_secs(2),
        window_and_grace: (Duration::from_secs(6), Duration::from_secs(4)),
        at_most: Duration::from_secs(120),
    };
    let outcome = run(options, |line| eprintln!("{line}")).await.expect("the cluster recovers");
    eprintln!("{:#?}", outcome.table);
    assert_eq!(outcome.violations, [""; 0], "all files: {:?}", outcome.kept);
    assert!(outcome.settled_after.is_some_and(|after| after <= SETTLED_WITHIN));

    let (tally, _) = compare(&outcome.evidence);
    // Some leave, cancel, or come too late; most pay.
    assert!(tally.complete > PAYMENTS / 2, "{tally:?}");
    assert_eq!(tally.charges, tally.complete + tally.refunded + tally.given_back, "{tally:?}");
    assert!(tally.refunds > 0 && tally.given_back > 0, "some of it was given back: {tally:?}");
    assert!(outcome.evidence.told.len() > PAYMENTS / 2, "most were told what became of it");

    // One cent more or less, and one charge more, would have been found in these very books.
    let mut wrong = outcome.evidence.clone();
    wrong.books.charges[0].amount += 1;
    assert_ne!(compare(&wrong).1, [""; 0]);
    let mut twice = outcome.evidence;
    let mut again = twice.books.charges[0].clone();
    "pi_another".clone_into(&mut again.intent);
    twice.books.charges.push(again);
    assert!(compare(&twice).1.iter().any(|found| found.contains("an order was charged twice")));
}
