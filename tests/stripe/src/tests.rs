//! The stand-in as its callers see it.

mod keys_and_faults;

use std::time::Duration;

use bytes::Bytes;
use hyper::Method;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;
use crate::service::{Asked, Service};
use crate::{Books, Options, STRIPE_VERSION};

const ORDER: &str = "amount=2500&currency=usd&payment_method_types[]=card&metadata[order]=o1";

fn service() -> Service {
    Service::new(Options::default(), CancellationToken::new())
}

fn asked(method: Method, path: &str, params: &str) -> Asked {
    let is_post = method == Method::POST;
    Asked {
        path: path.to_owned(),
        query: if is_post { String::new() } else { params.to_owned() },
        bearer: Some("sk_test_standin".to_owned()),
        version: Some(STRIPE_VERSION.to_owned()),
        content_type: is_post.then(|| "application/x-www-form-urlencoded".to_owned()),
        idempotency_key: None,
        body: if is_post { Bytes::from(params.to_owned()) } else { Bytes::new() },
        method,
    }
}

async fn post(service: &Service, path: &str, form: &str) -> Answer {
    service.answer(asked(Method::POST, path, form)).await.expect("an answer")
}

async fn get(service: &Service, path: &str, query: &str) -> Answer {
    service.answer(asked(Method::GET, path, query)).await.expect("an answer")
}

async fn keyed(service: &Service, path: &str, form: &str, key: &str) -> Option<Answer> {
    let asked = Asked { idempotency_key: Some(key.to_owned()), ..asked(Method::POST, path, form) };
    service.answer(asked).await
}

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().expect("it has a name").to_owned()
}

fn code(answer: &Answer) -> &str {
    answer.body["error"]["code"].as_str().unwrap_or_default()
}

/// An intent that is ready to be confirmed.
async fn intent(service: &Service, method: &str) -> String {
    let created =
        post(service, "/v1/payment_intents", &format!("{ORDER}&payment_method=pm_card_{method}")).await;
    assert_eq!(created.status, 200, "{}", created.body);
    assert_eq!(created.body["status"], "requires_confirmation");
    id(&created)
}

async fn confirm(service: &Service, intent: &str) -> Answer {
    post(service, &format!("/v1/payment_intents/{intent}/confirm"), "").await
}

fn kinds(service: &Service) -> Vec<String> {
    service.events().iter().map(|event| event["type"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_payment_from_token_to_refund() {
    let service = service();
    let method = post(&service, "/v1/payment_methods", "type=card&card[token]=tok_visa").await;
    let form = format!("{ORDER}&payment_method={}", id(&method));
    let intent = id(&post(&service, "/v1/payment_intents", &form).await);
    assert_eq!(service.books(), Books::default(), "nothing moves until it is confirmed");
    let paid = confirm(&service, &intent).await;
    assert_eq!(paid.body["status"], "succeeded");
    let charge = paid.body["latest_charge"].as_str().unwrap();
    assert_eq!(get(&service, &format!("/v1/charges/{charge}"), "").await.body["paid"], true);
    let books = service.books();
    assert_eq!((books.charges.len(), books.charges[0].metadata["order"].as_str()), (1, "o1"));

    let again = confirm(&service, &intent).await;
    assert_eq!((again.status, code(&again)), (400, "payment_intent_unexpected_state"));
    assert_eq!(again.body["error"]["payment_intent"]["status"], "succeeded");
    let cancelled = post(&service, &format!("/v1/payment_intents/{intent}/cancel"), "").await;
    assert_eq!(code(&cancelled), "payment_intent_unexpected_state");

    let form = format!("payment_intent={intent}&amount=1000&metadata[refund]=r1");
    let part = post(&service, "/v1/refunds", &form).await;
    assert_eq!((part.status, part.body["amount"].as_u64()), (200, Some(1_000)));
    let too_much = post(&service, "/v1/refunds", &format!("payment_intent={intent}&amount=1501")).await;
    assert_eq!(too_much.status, 400);
    let rest = post(&service, "/v1/refunds", &format!("charge={charge}")).await;
    assert_eq!(rest.body["amount"], 1_500);
    let none_left = post(&service, "/v1/refunds", &format!("charge={charge}")).await;
    assert_eq!(code(&none_left), "charge_already_refunded");
    let listed = get(&service, "/v1/refunds", &format!("payment_intent={intent}")).await;
    let amounts: Vec<_> =
        listed.body["data"].as_array().unwrap().iter().map(|refund| refund["amount"].as_u64()).collect();
    assert_eq!(amounts, [Some(1_500), Some(1_000)], "the newest first");
    assert_eq!(
        get(&service, &format!("/v1/refunds/{}", id(&part)), "").await.body["metadata"]["refund"],
        "r1"
    );
    assert_eq!(service.books().balance(), 0);
    assert_eq!(
        kinds(&service),
        [
            "payment_intent.created",
            "payment_intent.succeeded",
            "charge.succeeded",
            "charge.refunded",
            "charge.refunded"
        ]
    );
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test]
async fn a_decline_leaves_the_intent_for_another_card() {
    let service = service();
    let intent = intent(&service, "chargeDeclinedInsufficientFunds").await;
    let declined = confirm(&service, &intent).await;
    assert_eq!((declined.status, code(&declined)), (402, "card_declined"));
    let error = &declined.body["error"];
    assert_eq!(
        (&error["type"], &error["decline_code"]),
        (&"card_error".into(), &"insufficient_funds".into())
    );
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    let read = get(&service, &format!("/v1/payment_intents/{intent}"), "").await;
    assert_eq!(read.body["last_payment_error"]["decline_code"], "insufficient_funds");
    assert_eq!(code(&confirm(&service, &intent).await), "payment_intent_unexpected_state", "without a card");
    let path = format!("/v1/payment_intents/{intent}/confirm");
    assert_eq!(post(&service, &path, "payment_method=pm_card_visa").await.body["status"], "succeeded");
    let books = service.books();
    assert_eq!((books.charges.len(), books.declined), (1, 1));
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test]
async fn what_is_cancelled_is_never_charged() {
    let service = service();
    let intent = intent(&service, "visa").await;
    let path = format!("/v1/payment_intents/{intent}/cancel");
    assert_eq!(post(&service, &path, "").await.body["status"], "canceled");
    let confirmed = confirm(&service, &intent).await;
    assert_eq!(confirmed.body["error"]["payment_intent"]["status"], "canceled");
    let again = post(&service, &path, "").await;
    assert_eq!(again.body["error"]["payment_intent"]["status"], "canceled");
    assert_eq!(service.books().charges, []);
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test]
async fn a_buyer_shows_who_they_are_or_not() {
    let service = service();
    for succeeds in [true, false] {
        let intent = intent(&service, "threeDSecure2Required").await;
        let asks = confirm(&service, &intent).await;
        assert_eq!(asks.body["status"], "requires_action");
        assert_eq!(asks.body["next_action"]["type"], "use_stripe_sdk");
        service.complete(&intent, succeeds).unwrap();
        service.complete(&intent, succeeds).unwrap_err();
        let read = get(&service, &format!("/v1/payment_intents/{intent}"), "").await;
        let status = if succeeds { "succeeded" } else { "requires_payment_method" };
        assert_eq!(read.body["status"], status);
    }
    let slow = intent(&service, "standInSlow").await;
    assert_eq!(confirm(&service, &slow).await.body["status"], "processing");
    service.complete(&slow, false).unwrap();
    assert_eq!(service.books().charges.len(), 1);
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test]
async fn a_browser_confirms_with_the_secret_and_only_its_intent() {
    let service = service();
    let created = post(&service, "/v1/payment_intents", ORDER).await;
    let (intent, secret) = (id(&created), created.body["client_secret"].as_str().unwrap().to_owned());
    let other = post(&service, "/v1/payment_intents", ORDER).await;
    let from_browser = |path: String, form: String| {
        let asked = Asked {
            bearer: Some("pk_test_standin".to_owned()),
            version: None,
            ..asked(Method::POST, &path, &form)
        };
        service.answer(asked)
    };
    let form = format!("client_secret={secret}&payment_method=pm_card_visa");
    let wrong =
        from_browser(format!("/v1/payment_intents/{}/confirm", id(&other)), form.clone()).await.unwrap();
    assert_eq!(wrong.status, 400);
    let without = from_browser(format!("/v1/payment_intents/{intent}/confirm"), String::new()).await.unwrap();
    assert_eq!(code(&without), "parameter_missing");
    let not_for_it =
        from_browser("/v1/refunds".to_owned(), format!("payment_intent={intent}")).await.unwrap();
    assert_eq!(not_for_it.status, 401);
    let paid = from_browser(format!("/v1/payment_intents/{intent}/confirm"), form).await.unwrap();
    assert_eq!(paid.body["status"], "succeeded");
}

#[tokio::test]
async fn lists_go_by_time_and_page() {
    let service = service();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(intent(&service, "visa").await);
        service.put_clock_forward(Duration::from_secs(100));
    }
    made.reverse();
    let first = get(&service, "/v1/payment_intents", "limit=2").await.body;
    assert_eq!((ids(&first), first["has_more"].as_bool()), (made[..2].to_vec(), Some(true)));
    let rest = format!("limit=3&starting_after={}", made[1]);
    let rest = get(&service, "/v1/payment_intents", &rest).await.body;
    assert_eq!((ids(&rest), rest["has_more"].as_bool()), (made[2..].to_vec(), Some(false)));
    let from = first["data"][1]["created"].as_u64().unwrap();
    let since = get(&service, "/v1/payment_intents", &format!("created[gte]={from}")).await.body;
    assert_eq!(ids(&since), made[..2]);
    let before = get(&service, "/v1/payment_intents", &format!("created[lt]={from}")).await.body;
    assert_eq!(ids(&before), made[2..]);
    assert_eq!(get(&service, "/v1/payment_intents", "limit=101").await.status, 400);
    assert_eq!(service.violations(), [""; 0]);
}

fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_dashboard_refunds_and_banks_take_back() {
    let service = service();
    let [good, pending, failing] = ["visa", "pendingRefund", "refundFail"];
    let mut charges = Vec::new();
    for card in [good, pending, failing] {
        let intent = intent(&service, card).await;
        confirm(&service, &intent).await;
        charges.push(service.books().charges.last().unwrap().charge.clone());
    }
    service.refund_in_dashboard(&charges[0], Some(100)).unwrap();
    let dispute = service.dispute(&charges[0]).unwrap();
    service.dispute(&charges[0]).unwrap_err();
    service.refund_in_dashboard(&charges[0], None).unwrap_err();
    service.close_dispute(&dispute, false).unwrap();
    let pending = service.refund_in_dashboard(&charges[1], None).unwrap();
    let failing = service.refund_in_dashboard(&charges[2], None).unwrap();
    let status = |at: usize| service.books().refunds[at].status.clone();
    assert_eq!([status(1), status(2)], ["pending", "succeeded"]);
    service.end_refund(&pending, true).unwrap();
    service.end_refund(&failing, false).unwrap();
    service.end_refund(&failing, true).unwrap_err();
    assert_eq!([status(1), status(2)], ["succeeded", "failed"]);
    assert_eq!(service.books().balance(), 2_400 + 2_500, "what failed is back");
    assert_eq!(service.violations(), [""; 0]);
}

#[tokio::test]
async fn tokens_and_methods_are_used_up() {
    let service = service();
    let form = "type=card&card[token]=tok_once_1";
    let method = id(&post(&service, "/v1/payment_methods", form).await);
    assert_eq!(code(&post(&service, "/v1/payment_methods", form).await), "token_already_used");
    let with_it = format!("{ORDER}&payment_method={method}");
    let first = id(&post(&service, "/v1/payment_intents", &with_it).await);
    let second = id(&post(&service, "/v1/payment_intents", &with_it).await);
    assert_eq!(confirm(&service, &first).await.status, 200);
    assert_eq!(confirm(&service, &second).await.status, 400);
    assert_eq!(post(&service, "/v1/payment_intents", &with_it).await.status, 400);
}

#[tokio::test]
async fn strangers_and_nonsense_are_refused() {
    let service = service();
    let base = || asked(Method::POST, "/v1/payment_intents", ORDER);
    for (asked, status) in [
        (Asked { bearer: None, ..base() }, 401),
        (Asked { bearer: Some("sk_test_other".to_owned()), ..base() }, 401),
        (Asked { version: None, ..base() }, 400),
        (Asked { version: Some("2022-11-15".to_owned()), ..base() }, 400),
        (Asked { content_type: Some("application/json".to_owned()), ..base() }, 400),
        (Asked { query: "limit=1".to_owned(), ..base() }, 400),
        (Asked { path: "/v1/customers".to_owned(), ..base() }, 404),
        (Asked { idempotency_key: Some("k".repeat(256)), ..base() }, 400),
    ] {
        let answer = service.answer(asked.clone()).await.unwrap();
        assert_eq!(answer.status, status, "{asked:?}");
    }
    for (form, code_of_it) in [
        ("amount=2500&currency=usd", ""),
        ("amount=49&currency=usd&payment_method_types[]=card", "amount_too_small"),
        ("amount=x&currency=usd&payment_method_types[]=card", "parameter_invalid_integer"),
        ("amount=2500&currency=usd&payment_method_types[]=card&payment_method=pm_none", "resource_missing"),
        ("amount=2500&currency=usd&payment_method_types[]=card&metadata[x][y]=1", ""),
    ] {
        let answer = post(&service, "/v1/payment_intents", form).await;
        assert!(answer.status >= 400, "{form}");
        assert_eq!(code(&answer), code_of_it, "{form}");
    }
    let unknown = post(&service, "/v1/payment_methods", "type=card&card[token]=tok_unheardOf").await;
    assert_eq!((unknown.status, code(&unknown)), (404, "resource_missing"));
}
