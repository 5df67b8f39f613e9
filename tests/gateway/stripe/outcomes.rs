//! What becomes of an intent when every answer arrives.

use std::time::Duration;

use boxoffice::gateway::stripe::Stripe;
use boxoffice::gateway::{Gateway, GatewayError, IntentState, Source};
use boxoffice_stripe_fake::{Fault, Faults, Operation};

use super::support::{Attempt, CLUSTER, Pair, account, is_unknown, refused};

#[tokio::test]
async fn a_token_or_a_method_pays() {
    let pair = Pair::start().await;
    for source in [Source::Token("tok_visa".to_owned()), Source::Method("pm_card_visa".to_owned())] {
        let is_token = matches!(source, Source::Token(_));
        let attempt = Attempt::of(source);
        let prepared = pair.prepare(&attempt).await.unwrap();
        assert_eq!(prepared.method.is_some(), is_token);
        let attempt = Attempt { intent: prepared.intent, ..attempt };
        assert_eq!(pair.read(&attempt).await, IntentState::Unconfirmed);
        let books = pair.fake.books();
        let IntentState::Succeeded { charge } = pair.confirm(&attempt).await.unwrap() else { panic!() };
        let charged = pair.fake.books().charges[books.charges.len()].clone();
        assert_eq!((charged.charge, charged.amount, charged.currency.as_str()), (charge, 2_500, "usd"));
        let of = |name: &str| charged.metadata[name].clone();
        assert_eq!(of("payment"), attempt.new.payment.to_string());
        assert_eq!((of("order"), of("cluster").as_str()), (attempt.new.order.to_string(), CLUSTER));
    }
    let keys: Vec<String> = pair.fake.exchanges().into_iter().filter_map(|exchange| exchange.key).collect();
    assert_eq!(keys.len(), 5, "a method, two intents, two confirmations");
    assert!(keys.iter().all(|key| key.starts_with("c1/order_") && key.contains("/payment_")), "{keys:?}");
    pair.check();
}

#[tokio::test]
async fn a_decline_says_why_and_can_be_cancelled() {
    let pair = Pair::start().await;
    for (token, code) in [
        ("tok_chargeDeclined", "generic_decline"),
        ("tok_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("tok_chargeDeclinedExpiredCard", "expired_card"),
    ] {
        let attempt = pair.prepared(token).await;
        let code = code.to_owned();
        let declined = IntentState::Declined { code: code.clone() };
        assert_eq!(pair.confirm(&attempt).await, Ok(declined.clone()));
        assert_eq!(pair.read(&attempt).await, declined);
        let cancelled = IntentState::Canceled { code: Some(code) };
        assert_eq!(pair.stripe.cancel(&attempt.intent).await, Ok(cancelled.clone()));
        assert_eq!(pair.stripe.cancel(&attempt.intent).await, Ok(cancelled.clone()));
        assert_eq!(pair.confirm(&attempt).await, Ok(cancelled), "and never charged");
    }
    assert_eq!(pair.charges(), 0);
    pair.check();
}

#[tokio::test]
async fn what_is_final_stays_so_whatever_is_asked() {
    let pair = Pair::start().await;
    let paid = pair.paid().await;
    let succeeded = pair.read(&paid).await;
    assert!(matches!(succeeded, IntentState::Succeeded { .. }));
    assert_eq!(pair.stripe.cancel(&paid.intent).await, Ok(succeeded.clone()));
    assert_eq!(pair.confirm(&paid).await, Ok(succeeded.clone()));
    pair.fake.put_clock_forward(std::time::Duration::from_secs(48 * 60 * 60));
    assert_eq!(pair.confirm(&paid).await, Ok(succeeded), "its key is forgotten");

    let cancelled = pair.prepared("tok_visa").await;
    assert_eq!(pair.stripe.cancel(&cancelled.intent).await, Ok(IntentState::Canceled { code: None }));
    assert_eq!(pair.confirm(&cancelled).await, Ok(IntentState::Canceled { code: None }));
    assert_eq!(pair.charges(), 1);
    pair.check();
}

#[tokio::test]
async fn the_buyer_has_to_do_something() {
    let pair = Pair::start().await;
    let attempt = pair.prepared("tok_threeDSecure2Required").await;
    let IntentState::ActionRequired(action) = pair.confirm(&attempt).await.unwrap() else { panic!() };
    assert_eq!((action.kind.as_str(), action.url), ("use_stripe_sdk", None));
    let secret = pair.stripe.browser_secret(&attempt.intent).await.unwrap();
    assert_eq!(action.client_secret, Some(secret.clone()));
    assert!(secret.expose().starts_with(&format!("{}_secret_", attempt.intent)));
    pair.fake.complete(&attempt.intent, true).unwrap();
    assert!(
        matches!(pair.confirm(&attempt).await, Ok(IntentState::Succeeded { .. })),
        "the stored answer is old"
    );

    let failed = pair.prepared("tok_threeDSecure2Required").await;
    pair.confirm(&failed).await.unwrap();
    pair.fake.complete(&failed.intent, false).unwrap();
    let code = "payment_intent_authentication_failure".to_owned();
    assert_eq!(pair.read(&failed).await, IntentState::Declined { code });
    assert_eq!(pair.charges(), 1);
    pair.check();
}

#[tokio::test]
async fn a_bank_takes_its_time() {
    let pair = Pair::start().await;
    let attempt = pair.prepared("tok_standInSlow").await;
    assert_eq!(pair.confirm(&attempt).await, Ok(IntentState::Processing));
    assert_eq!(
        pair.stripe.cancel(&attempt.intent).await,
        Ok(IntentState::Processing),
        "it cannot be cancelled"
    );
    pair.fake.complete(&attempt.intent, true).unwrap();
    assert!(matches!(pair.read(&attempt).await, IntentState::Succeeded { .. }));
    pair.check();
}

#[tokio::test]
async fn a_browser_confirms_with_the_secret() {
    let pair = Pair::start().await;
    let attempt = Attempt::of(Source::Browser);
    let prepared = pair.prepare(&attempt).await.unwrap();
    let attempt = Attempt { intent: prepared.intent, ..attempt };
    assert_eq!(pair.read(&attempt).await, IntentState::Unconfirmed);
    let secret = pair.stripe.browser_secret(&attempt.intent).await.unwrap();
    let key = pair.stripe.publishable_key().unwrap();
    let form = format!("key={key}&client_secret={}&payment_method=pm_card_visa", secret.expose());
    let confirmed = reqwest::Client::new()
        .post(format!("{}/v1/payment_intents/{}/confirm", pair.fake.url(), attempt.intent))
        .bearer_auth(key)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    assert!(confirmed.send().await.unwrap().status().is_success());
    assert!(matches!(pair.read(&attempt).await, IntentState::Succeeded { .. }));
    assert_eq!(pair.charges(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_payment_is_refused_without_its_secrets() {
    let pair = Pair::start().await;
    let prepare = async |source: Source, amount_minor: u64, currency: &str| {
        let mut attempt = Attempt::of(source);
        (attempt.new.amount_minor, attempt.new.currency) = (amount_minor, currency.to_owned());
        pair.prepare(&attempt).await
    };
    let token = |text: &str| Source::Token(text.to_owned());
    let unknown = prepare(token("tok_unheardOf"), 2_500, "usd").await;
    let Err(GatewayError::Refused { message, .. }) = &unknown else { panic!() };
    assert!(!message.contains("unheardOf") && message.contains("No such token"), "{message}");
    assert_eq!(refused(unknown), "resource_missing");
    assert_eq!(
        refused(prepare(Source::Method("pm_none".to_owned()), 2_500, "usd").await),
        "resource_missing"
    );
    assert_eq!(refused(prepare(token("tok_visa"), 49, "usd").await), "amount_too_small");
    assert!(prepare(token("tok_once_1"), 2_500, "usd").await.is_ok());
    assert_eq!(refused(prepare(token("tok_once_1"), 2_500, "usd").await), "token_already_used");
    for intent in ["pi_none", "pi_1/../../v1/refunds", "..", ""] {
        assert_eq!(refused(pair.stripe.read(intent).await), "resource_missing", "{intent}");
        assert_eq!(refused(pair.stripe.cancel(intent).await), "resource_missing", "{intent}");
    }
    assert_eq!(pair.charges(), 0);
    pair.check();
}

#[tokio::test]
async fn a_key_that_stripe_does_not_take_is_nobodys_decline() {
    let pair = Pair::start().await;
    let account = boxoffice::settings::StripeAccount {
        secret_key: boxoffice::auth::Secret::new("sk_test_topsecret".to_owned()),
        ..account(&pair.fake)
    };
    let stripe = Stripe::new(&account, CLUSTER.to_owned()).unwrap();
    let attempt = Attempt::of(Source::Token("tok_visa".to_owned()));
    let Err(GatewayError::Unknown(message)) = stripe.prepare(&attempt.new).await else { panic!() };
    assert!(message.contains("401") && !message.contains("topsecret"), "{message}");
    assert!(!format!("{stripe:?} {account:?}").contains("topsecret"));
}

#[tokio::test]
async fn too_many_requests_say_when_to_come_again() {
    for (operation, fault) in [
        (Operation::ConfirmIntent, Fault::RateLimited),
        (Operation::ConfirmIntent, Fault::Unavailable),
        (Operation::RetrieveIntent, Fault::RateLimited),
        (Operation::CancelIntent, Fault::Unavailable),
    ] {
        let pair = Pair::start().await;
        let attempt = pair.prepared("tok_visa").await;
        pair.plan(operation, fault);
        let answer = match operation {
            Operation::ConfirmIntent => pair.confirm(&attempt).await,
            Operation::RetrieveIntent => pair.stripe.read(&attempt.intent).await,
            _ => pair.stripe.cancel(&attempt.intent).await,
        };
        assert_eq!(answer, Err(GatewayError::Busy { retry_after: Some(SAID) }), "{operation:?} {fault:?}");
        pair.check();
    }
}

/// What the stand-in says in Retry-After unless it is told otherwise.
const SAID: Duration = Duration::from_secs(1);

#[tokio::test]
async fn stripe_is_left_alone_by_everybody_until_then_but_for_what_cannot_wait() {
    let pair = Pair::start().await;
    let (paid, waits, given_up) =
        (pair.paid().await, pair.prepared("tok_visa").await, pair.prepared("tok_visa").await);
    // So long that nothing is asked again before it is over, on whatever machine.
    let said = Duration::from_secs(300);
    pair.fake.set_faults(Faults { retry_after_s: said.as_secs(), ..Faults::default() });
    pair.plan(Operation::RetrieveIntent, Fault::RateLimited);
    let busy = Err(GatewayError::Busy { retry_after: Some(said) });
    assert_eq!(pair.stripe.read(&waits.intent).await, busy);
    let asked = pair.fake.exchanges().len();
    let left_alone = [
        pair.confirm(&waits).await.err(),
        pair.stripe.read(&waits.intent).await.err(),
        pair.stripe.browser_secret(&waits.intent).await.err(),
        pair.stripe.refund(&paid.refund("one", None)).await.err(),
        pair.stripe.refunds(&paid.intent).await.err(),
        pair.stripe.dispute("dp_1").await.err(),
        pair.stripe.intent_made(&waits.intent).await.err(),
    ];
    assert_eq!(pair.fake.exchanges().len(), asked, "nothing was asked");
    for error in left_alone {
        let Some(GatewayError::Busy { retry_after: Some(left) }) = error else { panic!("{error:?}") };
        assert!(left <= said && left > said / 2, "{left:?}");
    }
    let cancelled = pair.stripe.cancel(&given_up.intent).await;
    assert!(matches!(cancelled, Ok(IntentState::Canceled { .. })), "{cancelled:?}");
    pair.check();
}

#[tokio::test]
async fn nobody_there_is_unknown() {
    let pair = Pair::start().await;
    let attempt = pair.prepared("tok_visa").await;
    let Pair { fake, stripe } = pair;
    drop(fake);
    assert!(is_unknown(&stripe.read(&attempt.intent).await));
}
