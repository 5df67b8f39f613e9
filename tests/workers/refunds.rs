//! Refunds: those that fail wait for an operator, and those that are asked for meanwhile are made as well.

use std::time::Duration;

use boxoffice::domain::*;
use boxoffice::gateway::RefundState;
use boxoffice::saga;

use crate::gateway::{A_WHILE, COMES_BACK, KEEPS_IT, TAKES_A_WHILE, WORKS};
use crate::house::House;

impl House {
    async fn asked(&self, asker: impl Into<Asker>, command: Command) -> Answer {
        let submitted = self.service.replica.submit(asker, None, command).await;
        submitted.expect("the engine runs").result.expect("nothing is in the way")
    }

    /// Has the seller give so much of a payment back.
    async fn refund(&self, number: u8, payment: PaymentId, amount_minor: u64) -> RefundId {
        let refund = RefundId::from_bytes([number; 16]);
        let amount_minor = Some(amount_minor);
        let ask = RefundPayment { refund, payment, amount_minor, reason: String::new() };
        self.asked(Some(self.seller), Command::RefundPayment(ask)).await;
        refund
    }

    fn refund_status(&self, refund: RefundId) -> RefundStatus {
        let view = self.service.replica.view().expect("memory does not fail");
        view.refund(refund).expect("memory does not fail").expect("it was asked for").status()
    }

    fn refunds_failed(&self) -> u64 {
        let view = self.service.replica.view().expect("memory does not fail");
        view.refunds_failed().expect("memory does not fail")
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_gateway_refuses_to_give_back_waits_for_an_operator() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let payment = house.refunds_due(&[buyer], KEEPS_IT).await[0];
    let refund = RefundId::from_bytes(payment.to_bytes());
    house.begin_work();
    house.until_so(|house| house.refund_status(refund) == RefundStatus::Failed).await;
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(
        (house.gateway.refunds_of(payment), house.refunds_failed()),
        (1, 1),
        "nobody asks by themselves"
    );
    assert_eq!(house.payment(payment).status(), PaymentStatus::Refunding, "it is owed");
    let key = OperatorKeyId::from_bytes([7; 16]);
    let scopes = vec![Scope::Refunds.into()];
    let create = CreateOperatorKey { key, hash: vec![1; 32], label: "Desk".into(), scopes, ttl_ms: None };
    house.asked(None, Command::CreateOperatorKey(create)).await;
    house.asked(Asker::Key(key), Command::RetryRefund(RetryRefund { refund, payment })).await;
    house.until(payment, PaymentStatus::Refunded).await;
    assert_eq!((house.gateway.refunds_of(payment), house.refunds_failed()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_while_another_refund_is_made_is_made_too() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WORKS).await;
    house.charged(payment, TAKES_A_WHILE).await;
    house.begin_work();
    let first = house.refund(1, payment, 30).await;
    house.until_asked(|gateway| gateway.refunds_of(payment) == 1).await;
    let others = [house.refund(2, payment, 30).await, house.refund(3, payment, 40).await];
    // The worker has read that they are due, and goes on with the first.
    tokio::time::sleep(A_WHILE / 2).await;
    assert_eq!(house.refund_status(first), RefundStatus::Pending);
    house.until(payment, PaymentStatus::Refunded).await;
    for refund in others {
        assert_eq!(house.refund_status(refund), RefundStatus::Succeeded);
    }
    assert_eq!(house.gateway.refunds_of(payment), 3);
    let order = house.payment(payment).order;
    assert_eq!(house.order_status(order), OrderStatus::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn a_late_charge_of_the_first_level_is_given_back_as_it_was() {
    let mut house = House::at_level(1).await;
    let buyer = house.sign_up().await;
    let payment = house.refunds_due(&[buyer], WORKS).await[0];
    assert_eq!(house.payment(payment).refunds, None, "older replicas would not have it");
    house.begin_work();
    house.until(payment, PaymentStatus::Refunded).await;
    assert_eq!((house.gateway.refunds_of(payment), house.payment(payment).booked), (1, false));
}

#[tokio::test(start_paused = true)]
async fn whoever_hears_that_money_came_back_has_it_looked_at() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WORKS).await;
    house.charged(payment, COMES_BACK).await;
    house.begin_work();
    let refund = house.refund(1, payment, 100).await;
    house.until(payment, PaymentStatus::Refunded).await;
    saga::review_refunds(&*house.service, payment).await.expect("the gateway answers");
    assert_eq!(house.refund_status(refund), RefundStatus::Failed);
    assert_eq!((house.payment(payment).status(), house.refunds_failed()), (PaymentStatus::Refunding, 1));
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(house.gateway.refunds_of(payment), 1, "it is an operator's to try again");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_gave_back_at_the_gateway_is_taken_over_beside_what_was_asked_for_here() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    let payment = house.charge_due(buyer, WORKS).await;
    house.charged(payment, KEEPS_IT).await;
    // All of it goes back by hand, and just then somebody asks for it here.
    let amount_minor = house.payment(payment).amount_minor;
    house.gateway.gives_back_by_hand(payment, amount_minor, RefundState::Pending);
    let own = house.refund(1, payment, amount_minor).await;
    house.begin_work();
    // The gateway refuses it, which is why it is looked at what went back otherwise.
    house.until_so(|house| house.payment(payment).refund_totals().count == 2).await;
    assert_eq!(house.refund_status(own), RefundStatus::Failed);
    assert_eq!(house.payment(payment).status(), PaymentStatus::Succeeded, "it is on its way");
    house.gateway.gives_back_by_hand(payment, amount_minor, RefundState::Succeeded);
    house.until(payment, PaymentStatus::Refunded).await;
    assert_eq!((house.gateway.refunds_of(payment), house.refunds_failed()), (1, 0));
}
