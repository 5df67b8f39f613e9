//! A leader that is paused in the middle of a call to the gateway, and wakes after another has finished what it was at:
//! its call arrives, or is answered, only then.

use std::time::Duration;

use boxoffice_stripe_fake::{Fault, Operation, Planned};
use serde_json::json;

use crate::shop::{Asked, Shop, id_of, until};

/// Stripe remembers keys for a day. Nothing may depend on that.
const KEYS_ARE_FORGOTTEN: Duration = Duration::from_secs(25 * 60 * 60);

const DECLINED: &str = "tok_chargeDeclined";

/// In which call, where in it, and with which card.
const MOMENTS: [(Operation, Fault, &str); 9] = [
    (Operation::CreatePaymentMethod, Fault::HeldBefore, "tok_once_1"),
    (Operation::CreateIntent, Fault::HeldBefore, "tok_once_2"),
    (Operation::CreateIntent, Fault::HeldAfter, "tok_once_3"),
    (Operation::ConfirmIntent, Fault::HeldBefore, "tok_once_4"),
    (Operation::ConfirmIntent, Fault::HeldAfter, "tok_once_5"),
    // The attempt is over by then, and another card has paid.
    (Operation::ConfirmIntent, Fault::HeldBefore, DECLINED),
    (Operation::ConfirmIntent, Fault::HeldAfter, DECLINED),
    (Operation::CancelIntent, Fault::HeldBefore, DECLINED),
    (Operation::CancelIntent, Fault::HeldAfter, DECLINED),
];

/// A leader asleep in a call, and the others.
struct Asleep {
    leader: usize,
    others: Vec<usize>,
    call: Operation,
    calls: u64,
}

impl Shop {
    fn calls(&self, call: Operation) -> u64 {
        self.fake.counts().get(&call).copied().unwrap_or_default()
    }

    /// Asks for something by which the leader makes this call, and has it paused in there. Another leads afterwards.
    async fn put_to_sleep(&mut self, call: Operation, fault: Fault, asked: Asked) -> Asleep {
        let leader = self.test.cluster.leader().await.expect("one leads");
        let others: Vec<usize> = (0..3).filter(|other| *other != leader).collect();
        self.fake.plan(Planned { operation: Some(call), fault, times: 1 });
        let (caller, replicas) = (self.caller.clone(), others.clone());
        tokio::spawn(async move { caller.insist(&replicas, &asked).await });
        until("the call is under way", async || self.fake.held() == 1).await;
        self.test.cluster.pause(leader).expect("it runs");
        self.test.cluster.leader_except(&[leader]).await.expect("another leads");
        Asleep { leader, others, call, calls: self.calls(call) }
    }

    /// Lets the call come to its end, and the leader of before go on with what it is told.
    async fn wake(&mut self, asleep: Asleep) {
        assert_eq!(self.fake.held(), 1, "{:?} is still under way", asleep.call);
        self.fake.let_go();
        until("the call comes to its end", async || {
            // One that was held before its answer is noted already.
            self.fake.held() == 0 && self.calls(asleep.call) >= asleep.calls
        })
        .await;
        self.test.cluster.resume(asleep.leader).expect("it runs");
        self.test.cluster.until_newest(asleep.leader).await.expect("it goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_wakes_in_the_middle_of_a_call_charges_nothing_more() {
    let mut shop = Shop::open(0).await;
    for (number, (call, fault, token)) in MOMENTS.into_iter().enumerate() {
        let about = format!("{fault:?} in {call:?} of {token}");
        let order = shop.order(0).await;
        let pay = |token: &str, attempt: u32| {
            let body = json!({"orderId": order, "token": token});
            Asked::post("/api/payments", body, &shop.bob, format!("pay-{number}-{attempt}"))
        };
        let (first, second) = (pay(token, 1), pay("tok_visa", 2));
        let asleep = shop.put_to_sleep(call, fault, first.clone()).await;
        if token == DECLINED {
            let (status, declined) = shop.caller.insist(&asleep.others, &first).await;
            let declined = match status {
                202 => {
                    let payment = id_of(&declined);
                    until(&about, async || {
                        let shown = shop.payment(asleep.others[0], &payment).await;
                        shown.is_some_and(|payment| payment["status"] == "failed")
                    })
                    .await;
                    402
                }
                status => status,
            };
            assert_eq!(declined, 402, "{about}");
            let (status, paid) = shop.caller.insist(&asleep.others, &second).await;
            assert!(matches!(status, 201 | 202), "{about}: another card pays: {paid}");
        }
        shop.until_complete(asleep.others[0], &order, &about).await;
        assert_eq!(shop.fake.books().charges.len(), number + 1, "{about}: before it wakes");
        shop.fake.put_clock_forward(KEYS_ARE_FORGOTTEN);
        shop.wake(asleep).await;
        assert_eq!(shop.fake.books().charges.len(), number + 1, "{about}");
    }
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    assert_eq!((tally.complete, tally.charges, tally.refunded), (MOMENTS.len(), MOMENTS.len(), 0));
}

/// Where in giving money back, and whether all of it. The first has looked, and found nothing that went back yet.
const REFUND_MOMENTS: [(Operation, Fault, Option<f64>); 4] = [
    (Operation::ListRefunds, Fault::HeldAfter, Some(5.0)),
    (Operation::CreateRefund, Fault::HeldBefore, Some(5.0)),
    (Operation::CreateRefund, Fault::HeldBefore, None),
    (Operation::CreateRefund, Fault::HeldAfter, Some(5.0)),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_wakes_in_the_middle_of_a_refund_gives_nothing_more_back() {
    let mut shop = Shop::open(0).await;
    for (number, (call, fault, amount)) in REFUND_MOMENTS.into_iter().enumerate() {
        let about = format!("{fault:?} in {call:?} of {amount:?}");
        let body = json!({"orderId": shop.order(0).await, "token": "tok_visa"});
        let paid = Asked::post("/api/payments", body, &shop.bob, format!("pay-{number}"));
        let payment = id_of(&shop.caller.insist(&[0, 1, 2], &paid).await.1);
        let shown = shop.payment(0, &payment).await.expect("it is there");
        assert_eq!(shown["status"], "succeeded", "{about}");
        let path = format!("/api/payments/{payment}/refunds");
        let body = amount.map_or(json!({}), |amount| json!({ "amount": amount }));
        let asked = Asked::post(&path, body, &shop.ann, format!("refund-{number}"));
        let asleep = shop.put_to_sleep(call, fault, asked).await;
        until(&about, async || {
            let refunds = shop.shown(asleep.others[0], &path, &shop.ann).await;
            refunds.is_some_and(|refunds| refunds[0]["status"] == "succeeded")
        })
        .await;
        assert_eq!(shop.fake.books().refunds.len(), number + 1, "{about}: before it wakes");
        shop.wake(asleep).await;
        assert_eq!(shop.fake.books().refunds.len(), number + 1, "{about}");
    }
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    assert_eq!((tally.refunds, tally.given_back), (4, 1));
}

/// An order is held for ten seconds, and payments are cancelled after eight.
const SHORT: [(&str, &str); 2] = [("BOXOFFICE_PAYMENT_WINDOW", "6s"), ("BOXOFFICE_PAYMENT_GRACE", "4s")];

/// Its card would pay, and the ticket is on sale by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_arrives_after_the_release_charges_nothing() {
    let mut shop = Shop::open_with(0, &SHORT, |_| ()).await;
    let order = shop.order(0).await;
    let body = json!({"orderId": order, "token": "tok_once_1"});
    let pay = Asked::post("/api/payments", body, &shop.bob, "pay");
    // Those of the next leader as well.
    let plan = Planned { operation: Some(Operation::ConfirmIntent), fault: Fault::HeldBefore, times: 1_000 };
    shop.fake.plan(plan);
    let asleep = shop.put_to_sleep(Operation::ConfirmIntent, Fault::HeldBefore, pay.clone()).await;
    let path = format!("/api/orders/{order}");
    until("the order is released", async || {
        let shown = shop.shown(asleep.others[0], &path, &shop.bob).await;
        shown.is_some_and(|order| order["status"] == "cancelled")
    })
    .await;
    let (status, answer) = shop.caller.insist(&asleep.others, &pay).await;
    assert_eq!((status, &answer["declineCode"]), (402, &json!("abandoned")), "{answer}");
    assert!(shop.fake.held() > 0, "they are still on their way");
    shop.fake.put_clock_forward(KEYS_ARE_FORGOTTEN);
    shop.fake.let_go();
    until("they arrive", async || shop.fake.held() == 0 && shop.calls(Operation::ConfirmIntent) > 0).await;
    shop.test.cluster.resume(asleep.leader).expect("it runs");
    shop.test.cluster.until_newest(asleep.leader).await.expect("it goes on");
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    assert_eq!((tally.charges, tally.cancelled, tally.failed), (0, 1, 1));
}
