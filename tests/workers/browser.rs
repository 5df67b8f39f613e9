//! Buyers who have to do something themselves: confirm in their browser, or prove to their bank who they are.

use std::time::Duration;

use boxoffice::api::{self, Shared};
use boxoffice::auth::Claims;
use boxoffice::domain::{Actor, OrderId, OrderStatus, PaymentId, PaymentStatus};
use boxoffice::gateway::{MAX_CLIENT_CALLS, MAX_CLIENT_CALLS_OF_ONE, MAX_WAITING_OF_ONE};
use boxoffice::http::throttle::Throttle;
use boxoffice::http::{Problem, ProblemType};
use futures_util::future::join_all;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};

use crate::gateway::{WAITS, WORKS};
use crate::house::House;

/// A house whose gateway serves browsers, with its workers at work, and a buyer.
async fn open() -> (House, Actor, impl Endpoint<Output = Response>) {
    let mut house = House::new().await;
    house.gateway.prepares_intents();
    house.begin_work();
    let buyer = house.sign_up().await;
    let endpoint = api::routes(&Shared::new(house.service.clone(), Throttle::new(0)));
    (house, buyer, poem::EndpointExt::map_to_response(endpoint))
}

fn request(house: &House, who: Actor, method: Method, path: &str, body: Option<Value>) -> Request {
    let now_s = house.service.replica.now_ms() / 1_000;
    let claims = Claims {
        sub: who.user.to_string(),
        sid: who.session.to_string(),
        iat: now_s,
        exp: now_s + 1_000,
        idx: 1,
        epoch: None,
    };
    let bearer = format!("Bearer {}", house.service.tokens.issue(&claims));
    let builder = Request::builder().method(method).uri_str(path).header("authorization", bearer);
    match body {
        Some(body) => builder.content_type("application/json").body(body.to_string()),
        None => builder.finish(),
    }
}

async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let body = response.into_body().into_vec().await.expect("a body");
    (status, serde_json::from_slice(&body).expect("JSON"))
}

fn payment_of(body: &Value, member: &str) -> PaymentId {
    body[member].as_str().expect("an id").parse().expect("a payment's")
}

#[tokio::test(start_paused = true)]
async fn a_browser_gets_one_secret_however_often_it_asks_and_the_order_waits_for_it() {
    let (mut house, buyer, endpoint) = open().await;
    let order = house.order(buyer).await;
    let path = format!("/api/orders/{order}/payment-intent");
    let begin = || request(&house, buyer, Method::POST, &path, None);
    let (status, first) = answer(endpoint.call(begin()).await.expect("begun")).await;
    let payment = payment_of(&first, "paymentId");
    assert_eq!(status, 201);
    let secret = format!("stub:{payment} secret");
    assert_eq!(
        first,
        json!({"paymentId": payment.to_string(), "clientSecret": secret, "publishableKey": "publishable"})
    );
    let (status, again) = answer(endpoint.call(begin()).await.expect("under way")).await;
    assert_eq!((status, again), (StatusCode::OK, first));
    assert_eq!(house.order_status(order), OrderStatus::AwaitingPayment);
    let shown = request(&house, buyer, Method::GET, &format!("/api/payments/{payment}"), None);
    let (_, shown) = answer(endpoint.call(shown).await.expect("shown")).await;
    assert_eq!((&shown["status"], &shown["stage"]), (&json!("processing"), &json!("awaiting:buyer")));
    assert!(!shown.to_string().contains("secret"), "for the browser alone: {shown}");

    house.gateway.buyer_acts(payment);
    house.until(payment, PaymentStatus::Succeeded).await;
    assert_eq!(house.order_status(order), OrderStatus::Complete);
    assert_eq!(house.gateway.charges_of(payment), 0, "nobody confirms it for the buyer");
    let late = endpoint.call(begin()).await.expect_err("it is paid");
    assert_eq!(late.downcast::<Problem>().expect("a problem").kind(), ProblemType::OrderPaid);
}

/// An order with an attempt in a browser.
async fn browsing(
    house: &mut House,
    buyer: Actor,
    endpoint: &impl Endpoint<Output = Response>,
) -> (OrderId, PaymentId) {
    let order = house.order(buyer).await;
    let path = format!("/api/orders/{order}/payment-intent");
    let begin = request(house, buyer, Method::POST, &path, None);
    let (_, begun) = answer(endpoint.call(begin).await.expect("begun")).await;
    (order, payment_of(&begun, "paymentId"))
}

fn kind_of(refused: poem::Error) -> ProblemType {
    refused.downcast::<Problem>().expect("a problem").kind()
}

#[tokio::test(start_paused = true)]
async fn an_order_is_cancelled_although_a_browser_is_at_it() {
    let (mut house, buyer, endpoint) = open().await;
    let (order, payment) = browsing(&mut house, buyer, &endpoint).await;
    let path = format!("/api/orders/{order}");
    let cancel = || request(&house, buyer, Method::DELETE, &path, None);
    assert_eq!(endpoint.call(cancel()).await.expect("cancelled").status(), 204);
    assert_eq!(house.order_status(order), OrderStatus::Cancelled);
    assert_eq!(house.payment(payment).status(), PaymentStatus::Failed);
    assert_eq!((house.gateway.charges_of(payment), house.gateway.cancels_of(payment)), (0, 1));
    assert_eq!(endpoint.call(cancel()).await.expect("it is").status(), 204);
}

#[tokio::test(start_paused = true)]
async fn an_order_is_cancelled_later_if_the_gateway_takes_its_time() {
    let (mut house, buyer, endpoint) = open().await;
    let (order, payment) = browsing(&mut house, buyer, &endpoint).await;
    house.gateway.be_deaf(true);
    let path = format!("/api/orders/{order}");
    let cancel = request(&house, buyer, Method::DELETE, &path, None);
    assert_eq!(endpoint.call(cancel).await.expect("it is wished for").status(), 202);
    assert_eq!(house.order_status(order), OrderStatus::AwaitingPayment, "somebody may have paid");
    let secret = request(&house, buyer, Method::POST, &format!("{path}/payment-intent"), None);
    let refused = endpoint.call(secret).await.expect_err("nobody is to confirm it any more");
    assert_eq!(kind_of(refused), ProblemType::ChargeUnderWay);
    house.gateway.be_deaf(false);
    house.until(payment, PaymentStatus::Failed).await;
    assert_eq!(house.order_status(order), OrderStatus::Cancelled, "without anybody asking again");
}

#[tokio::test(start_paused = true)]
async fn a_card_takes_the_place_of_an_attempt_in_a_browser() {
    let (mut house, buyer, endpoint) = open().await;
    let (order, payment) = browsing(&mut house, buyer, &endpoint).await;
    let pay = json!({"orderId": order.to_string(), "token": WORKS});
    let mut pay = request(&house, buyer, Method::POST, "/api/payments", Some(pay));
    pay.headers_mut().insert("idempotency-key", "k".parse().expect("a value"));
    let (status, paid) = answer(endpoint.call(pay).await.expect("paid")).await;
    assert_eq!((status, &paid["status"]), (StatusCode::CREATED, &json!("succeeded")));
    assert_ne!(payment_of(&paid, "id"), payment);
    assert_eq!(house.payment(payment).status(), PaymentStatus::Failed);
    assert_eq!(house.order_status(order), OrderStatus::Complete);
    assert_eq!((house.gateway.charges_of(payment), house.gateway.cancels_of(payment)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn what_was_paid_in_a_browser_before_wins() {
    for cancels in [true, false] {
        let (mut house, buyer, endpoint) = open().await;
        let (order, payment) = browsing(&mut house, buyer, &endpoint).await;
        house.gateway.buyer_acts(payment);
        let asked = if cancels {
            request(&house, buyer, Method::DELETE, &format!("/api/orders/{order}"), None)
        } else {
            let pay = json!({"orderId": order.to_string(), "token": WORKS});
            request(&house, buyer, Method::POST, "/api/payments", Some(pay))
        };
        let refused = endpoint.call(asked).await.expect_err("it is paid");
        assert_eq!(kind_of(refused), ProblemType::OrderPaid);
        assert_eq!(house.payment(payment).status(), PaymentStatus::Succeeded);
        assert_eq!(house.order_status(order), OrderStatus::Complete);
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_in_a_browser_that_leads_to_nothing_is_cancelled_and_the_order_released() {
    let (mut house, buyer, endpoint) = open().await;
    let order = house.order(buyer).await;
    let path = format!("/api/orders/{order}/payment-intent");
    let (_, begun) =
        answer(endpoint.call(request(&house, buyer, Method::POST, &path, None)).await.expect("begun")).await;
    let payment = payment_of(&begun, "paymentId");
    house.pass_the_window();
    house.until(payment, PaymentStatus::Failed).await;
    house.until_so(|house| house.order_status(order) == OrderStatus::Cancelled).await;
    assert_eq!((house.gateway.charges_of(payment), house.gateway.cancels_of(payment)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_buyer_who_has_to_act_is_told_what_to_do_and_may_ask_again() {
    let (mut house, buyer, endpoint) = open().await;
    let order = house.order(buyer).await;
    let pay = json!({"orderId": order.to_string(), "token": WAITS});
    let pay = request(&house, buyer, Method::POST, "/api/payments", Some(pay));
    let (status, paid) = answer(endpoint.call(pay).await.expect("claimed")).await;
    assert_eq!(status, 202);
    assert_eq!((&paid["status"], &paid["stage"]), (&json!("processing"), &json!("awaiting:buyer")));
    assert_eq!(paid["nextAction"], json!({"type": "redirect_to_url"}));
    let payment = payment_of(&paid, "id");
    let shown = || request(&house, buyer, Method::GET, &format!("/api/payments/{payment}"), None);
    let (_, again) = answer(endpoint.call(shown()).await.expect("shown")).await;
    assert_eq!(again, paid);
    house.gateway.buyer_acts(payment);
    let (_, done) = answer(endpoint.call(shown()).await.expect("shown")).await;
    assert!(done["nextAction"].is_null(), "there is nothing left to do: {done}");
    house.until(payment, PaymentStatus::Succeeded).await;
}

#[tokio::test(start_paused = true)]
async fn buyers_who_ask_and_ask_hold_no_more_than_their_places_at_the_gateway() {
    let (mut house, eve, endpoint) = open().await;
    let mut paths = Vec::new();
    for number in 0..MAX_CLIENT_CALLS {
        let buyer = if number == 0 { eve } else { house.sign_up().await };
        let order = house.order(buyer).await;
        paths.push((buyer, format!("/api/orders/{order}/payment-intent")));
    }
    let ask =
        |(buyer, path): &(Actor, String)| endpoint.call(request(&house, *buyer, Method::POST, path, None));
    house.gateway.hide_secrets(true);
    let most_of_one = most_at_once(&house, (0..3 * MAX_CLIENT_CALLS).map(|_| ask(&paths[0]))).await;
    assert_eq!(most_of_one, MAX_CLIENT_CALLS_OF_ONE, "nobody keeps the others out");
    let everybody = paths.iter().cycle().take(3 * MAX_CLIENT_CALLS);
    assert_eq!(most_at_once(&house, everybody.map(ask)).await, MAX_CLIENT_CALLS);
    house.gateway.hide_secrets(false);
    let (status, _) = answer(ask(&paths[0]).await.expect("given")).await;
    assert_eq!(status, StatusCode::OK, "and whoever asks later gets it");
}

#[tokio::test(start_paused = true)]
async fn a_buyer_who_pays_for_many_at_once_is_told_what_to_do_for_each() {
    let (mut house, buyer, endpoint) = open().await;
    let mut orders = Vec::new();
    for _ in 0..MAX_CLIENT_CALLS_OF_ONE + MAX_WAITING_OF_ONE {
        orders.push(house.order(buyer).await);
    }
    house.gateway.read_slowly(true);
    let paid = orders.iter().map(|order| {
        let pay = json!({"orderId": order.to_string(), "token": WAITS});
        endpoint.call(request(&house, buyer, Method::POST, "/api/payments", Some(pay)))
    });
    for paid in join_all(paid).await {
        let (status, paid) = answer(paid.expect("claimed")).await;
        assert_eq!(
            (status, &paid["nextAction"]),
            (StatusCode::ACCEPTED, &json!({"type": "redirect_to_url"}))
        );
    }
}

/// How many calls hang at the gateway at once while these ask for a secret that it does not tell.
async fn most_at_once(
    house: &House,
    asked: impl Iterator<Item = impl Future<Output = poem::Result<Response>>>,
) -> usize {
    let most = async {
        let mut most = 0;
        loop {
            most = most.max(house.gateway.hanging());
            tokio::time::sleep(Duration::from_millis(100)).await;
            if most > 0 && house.gateway.hanging() == 0 {
                return most;
            }
        }
    };
    let (answers, most) = tokio::join!(join_all(asked), most);
    for answer in answers {
        assert_eq!(kind_of(answer.expect_err("nobody gets it")), ProblemType::Unavailable);
    }
    most
}
