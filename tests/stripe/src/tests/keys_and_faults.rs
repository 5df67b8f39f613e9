//! Keys that give stored answers, and what goes wrong.

use std::time::Duration;

use super::*;
use crate::{Fault, Faults, Operation, Planned};

#[tokio::test]
async fn a_key_gives_the_stored_answer_also_if_it_was_an_error() {
    let service = service();
    let first = keyed(&service, "/v1/payment_intents", ORDER, "k1").await.unwrap();
    let again = keyed(&service, "/v1/payment_intents", ORDER, "k1").await.unwrap();
    assert_eq!((first.is_replayed, again.is_replayed), (false, true));
    assert_eq!(first.body, again.body);
    let other = keyed(&service, "/v1/payment_intents", &ORDER.replace("2500", "2600"), "k1").await.unwrap();
    assert_eq!((other.status, &other.body["error"]["type"]), (400, &"idempotency_error".into()));
    let elsewhere = keyed(&service, "/v1/refunds", "charge=ch_1", "k1").await.unwrap();
    assert_eq!(elsewhere.status, 400);

    let intent = intent(&service, "visa").await;
    let path = format!("/v1/payment_intents/{intent}/confirm");
    for (fault, key, status_after) in
        [(Fault::ErrorBefore, "k2", "requires_confirmation"), (Fault::ErrorAfter, "k3", "succeeded")]
    {
        service.plan(Planned { operation: None, fault, times: 1 });
        for is_replayed in [false, true, true] {
            let answer = keyed(&service, &path, "", key).await.unwrap();
            assert_eq!((answer.status, answer.is_replayed), (500, is_replayed));
        }
        let read = get(&service, &format!("/v1/payment_intents/{intent}"), "").await;
        assert_eq!(read.body["status"], status_after);
    }
    service.put_clock_forward(Duration::from_secs(24 * 60 * 60));
    let forgotten = keyed(&service, &path, "", "k3").await.unwrap();
    assert_eq!((forgotten.is_replayed, code(&forgotten)), (false, "payment_intent_unexpected_state"));
    assert_eq!(service.books().charges.len(), 1);
}

#[tokio::test]
async fn what_was_refused_before_it_began_is_not_remembered() {
    let service = service();
    let wrong = format!("{ORDER}&colour=red");
    let refused = keyed(&service, "/v1/payment_intents", &wrong, "k").await.unwrap();
    assert_eq!(code(&refused), "parameter_unknown");
    service.plan(Planned { operation: None, fault: Fault::RateLimited, times: 1 });
    let limited = keyed(&service, "/v1/payment_intents", ORDER, "k").await.unwrap();
    assert_eq!((limited.status, limited.retry_after_s), (429, Some(1)));
    let created = keyed(&service, "/v1/payment_intents", ORDER, "k").await.unwrap();
    assert_eq!((created.status, created.is_replayed), (200, false));
}

#[tokio::test(start_paused = true)]
async fn a_second_request_with_a_key_that_is_under_way_conflicts() {
    let service = service();
    service.plan(Planned { operation: Some(Operation::CreateIntent), fault: Fault::HangBefore, times: 1 });
    let (slow, fast) = tokio::join!(
        keyed(&service, "/v1/payment_intents", ORDER, "k"),
        keyed(&service, "/v1/payment_intents", ORDER, "k")
    );
    assert_eq!(slow.unwrap().status, 200);
    let fast = fast.unwrap();
    assert_eq!((fast.status, code(&fast)), (409, "idempotency_key_in_use"));
    assert!(keyed(&service, "/v1/payment_intents", ORDER, "k").await.unwrap().is_replayed);
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_effect() {
    let service = service();
    let intent = intent(&service, "visa").await;
    let path = format!("/v1/payment_intents/{intent}/confirm");
    for (fault, charges) in [(Fault::CutBefore, 0), (Fault::CutAfter, 1)] {
        service.plan(Planned { operation: Some(Operation::ConfirmIntent), fault, times: 1 });
        assert_eq!(keyed(&service, &path, "", "k").await, None);
        assert_eq!(service.books().charges.len(), charges);
    }
    assert!(keyed(&service, &path, "", "k").await.unwrap().is_replayed, "the answer that did not arrive");
}

#[tokio::test]
async fn faults_by_chance_leave_the_books_right() {
    let service = service();
    service.set_faults(Faults::all(0.5, Duration::from_millis(1)));
    let mut succeeded = 0;
    for number in 0..50 {
        let form = format!("{ORDER}&payment_method=pm_card_visa");
        let key = |what: &str, again: usize| format!("{number}/{what}/{again}");
        let created = async {
            for again in 0.. {
                match keyed(&service, "/v1/payment_intents", &form, &key("create", again)).await {
                    Some(answer) if answer.status == 200 => return id(&answer),
                    _ => {}
                }
            }
            unreachable!("it goes on until it is created")
        };
        let path = format!("/v1/payment_intents/{}/confirm", created.await);
        for again in 0.. {
            match keyed(&service, &path, "", &key("confirm", again)).await {
                Some(answer) if answer.status == 200 => break,
                Some(answer) if code(&answer) == "payment_intent_unexpected_state" => break,
                _ => {}
            }
        }
        succeeded += 1;
    }
    assert_eq!(service.books().charges.len(), succeeded);
    let met = service.exchanges().into_iter().filter_map(|exchange| exchange.fault);
    assert_eq!(met.collect::<std::collections::BTreeSet<_>>().len(), 8, "each kind of fault");
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_call_is_held_on_its_way_or_before_its_answer_until_it_is_let_go() {
    for (fault, charges) in [(Fault::HeldBefore, 0), (Fault::HeldAfter, 1)] {
        let service = service();
        let intent = intent(&service, "visa").await;
        let path = format!("/v1/payment_intents/{intent}/confirm");
        service.plan(Planned { operation: Some(Operation::ConfirmIntent), fault, times: 1 });
        let held = async {
            let answer = keyed(&service, &path, "", "k").await.unwrap();
            assert_eq!(answer.is_replayed, fault == Fault::HeldBefore, "another came before it");
        };
        let meanwhile = async {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            assert_eq!((service.held(), service.books().charges.len()), (1, charges));
            assert_eq!(keyed(&service, &path, "", "k").await.unwrap().status, 200);
            service.plan(Planned { operation: None, fault, times: 1 });
            service.let_go();
        };
        tokio::join!(held, meanwhile);
        assert_eq!((service.held(), service.books().charges.len()), (0, 1));
        assert_eq!(confirm(&service, &intent).await.status, 400, "it is held no more");
    }
}
