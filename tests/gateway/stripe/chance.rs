//! Many payments by a client that only ever looks and acts, through faults at every call.

use std::time::Duration;

use boxoffice::gateway::{Gateway, GatewayError, IntentState, RefundState, Source};
use boxoffice_stripe_fake::{Faults, Options};

use super::support::{Attempt, Pair};

/// Payments of one run, which is some hundred calls.
const PAYMENTS: usize = 60;

/// The client's patience with one request: less than the stand-in hangs.
const TIMEOUT: Duration = Duration::from_millis(300);

/// Makes one payment, and says whether it succeeded. Every third is cancelled while it is under way.
async fn pay(pair: &Pair, number: usize) -> Option<Attempt> {
    let token = if number.is_multiple_of(4) { "tok_chargeDeclined" } else { "tok_visa" };
    let mut attempt = Attempt::of(Source::Token(token.to_owned()));
    attempt.intent = loop {
        match pair.prepare(&attempt).await {
            Ok(prepared) => break prepared.intent,
            Err(GatewayError::Refused { code, .. }) => panic!("{code}"),
            Err(GatewayError::Unknown(_)) => attempt.new.try_number += 1,
            Err(GatewayError::Busy { .. }) => {}
        }
    };
    if number.is_multiple_of(3) {
        let (_, _) = tokio::join!(pair.confirm(&attempt), pair.stripe.cancel(&attempt.intent));
    }
    loop {
        let state = pair.stripe.read(&attempt.intent).await;
        let _ = match state {
            Ok(IntentState::Succeeded { .. }) => return Some(attempt),
            Ok(IntentState::Canceled { .. }) => return None,
            Ok(IntentState::Declined { .. }) => pair.stripe.cancel(&attempt.intent).await,
            Ok(IntentState::Unconfirmed) => pair.confirm(&attempt).await,
            Ok(other) => panic!("{other:?}"),
            Err(GatewayError::Refused { code, .. }) => panic!("{code}"),
            Err(other) => Err(other),
        };
    }
}

#[tokio::test]
async fn nothing_is_charged_or_given_back_twice() {
    for seed in 1..=3 {
        // It asks again at once, so that nothing of it is waiting.
        let faults = Faults::all(0.3, Duration::from_millis(600));
        let faults = Faults { latency_ms: (0, 3), retry_after_s: 0, ..faults };
        let options = Options { faults, seed, ..Options::default() };
        let pair = Pair::start_with(options, TIMEOUT).await;
        let runs = futures_util::future::join_all((0..PAYMENTS).map(|number| pay(&pair, number))).await;
        let paid: Vec<Attempt> = runs.into_iter().flatten().collect();
        assert!(paid.len() > PAYMENTS / 3, "most cards are good");
        let refunds = paid.iter().step_by(2).map(|attempt| refund(&pair, attempt));
        let refunds = futures_util::future::join_all(refunds).await.len();

        // Whatever still hangs comes to nothing more.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let books = pair.fake.books();
        let mut charged: Vec<String> = books.charges.iter().map(|charge| charge.intent.clone()).collect();
        let mut expected: Vec<String> = paid.iter().map(|attempt| attempt.intent.clone()).collect();
        charged.sort();
        expected.sort();
        assert_eq!(charged, expected, "seed {seed}");
        assert_eq!(books.refunds.len(), refunds, "seed {seed}");
        assert_eq!(books.balance(), (paid.len() * 2_500 - refunds * 1_000) as u64, "seed {seed}");
        pair.check();
    }
}

async fn refund(pair: &Pair, attempt: &Attempt) {
    loop {
        match pair.stripe.refund(&attempt.refund("r", Some(1_000))).await {
            Ok(refunded) => return assert_eq!(refunded.state, RefundState::Succeeded),
            Err(GatewayError::Refused { code, .. }) => panic!("{code}"),
            Err(_) => {}
        }
    }
}
