//! What is done to payments at the gateway, by hand and by banks.

use boxoffice::domain::*;

use crate::refunds::Sold;
use crate::shop::refund_id;

impl Sold {
    /// Has it recorded what the gateway says of a refund.
    fn found(
        &mut self,
        (gateway_refund, name): (&str, &str),
        amount_minor: u64,
        outcome: RefundStatus,
    ) -> Result<Answer, Rejection> {
        let record = RecordGatewayRefund {
            payment: self.payment,
            refund: refund_id(self.shop.next()),
            gateway_refund: gateway_refund.into(),
            name: name.into(),
            amount_minor,
            outcome: outcome.into(),
            failure_code: if outcome == RefundStatus::Failed { "lost".into() } else { String::new() },
        };
        self.shop.ask_as(Asker::Nobody, Command::RecordGatewayRefund(record))
    }

    fn by_hand(&mut self, gateway_refund: &str, amount_minor: u64, outcome: RefundStatus) -> Refund {
        match self.found((gateway_refund, ""), amount_minor, outcome) {
            Ok(Answer::Refund(refund)) => refund,
            answer => panic!("{answer:?} to a refund by hand"),
        }
    }

    fn refunds(&self) -> Vec<Refund> {
        self.shop.view().refunds_of(self.payment, None, 100).expect("rows").items
    }
}

#[test]
fn a_refund_by_hand_is_one_row_however_often_it_is_told_of() {
    let mut sold = Sold::new();
    let part = sold.by_hand("re_1", 200, RefundStatus::Succeeded);
    assert_eq!((part.status(), part.cause(), part.tries), (RefundStatus::Succeeded, RefundCause::Gateway, 1));
    assert_eq!((part.author.clone(), part.gateway_refund.as_str()), (Author::default(), "re_1"));
    let (version, ledger) = (sold.payment().version, sold.ledger());
    for outcome in [RefundStatus::Pending, RefundStatus::Succeeded] {
        assert_eq!(sold.by_hand("re_1", 200, outcome), part, "{outcome:?}");
    }
    assert_eq!((sold.payment().version, sold.ledger()), (version, ledger));
    assert_eq!((sold.payment().status(), sold.payment().refunded_minor()), (PaymentStatus::Succeeded, 200));
    assert_eq!(sold.order().status(), OrderStatus::Complete);
    sold.shop.assert_sound();

    let rest = sold.by_hand("re_2", 300, RefundStatus::Pending);
    assert_eq!((rest.number, sold.payment().work()), (2, Some(PaymentWork::Refund)), "somebody has to look");
    sold.by_hand("re_2", 300, RefundStatus::Succeeded);
    assert_eq!((sold.payment().status(), sold.payment().work()), (PaymentStatus::Refunded, None));
    let order = sold.order();
    assert_eq!((order.status(), order.cancel_reason()), (OrderStatus::Cancelled, CancelReason::Refunded));
    assert_eq!((sold.ticket().status(), sold.ticket().order), (TicketStatus::Frozen, None));
    assert_eq!(sold.refunds().len(), 2);
    sold.shop.assert_sound();
    let back = (Movement::Refund, Account::SellerPayable, Account::GatewayClearing);
    let moved = sold.ledger().into_iter().skip(1);
    assert_eq!(moved.collect::<Vec<_>>(), [200, 300].map(|minor| (back.0, back.1, back.2, minor)));
}

#[test]
fn what_was_asked_for_here_is_no_second_refund_when_it_is_told_of() {
    let mut sold = Sold::new();
    let own = sold.asked(Some(sold.seller), Some(200)).expect("it may be");
    let key = own.gateway_key();
    let Ok(Answer::Refund(settled)) = sold.found(("re_1", &key), 200, RefundStatus::Succeeded) else {
        panic!("it is known by its name")
    };
    assert_eq!(
        (settled.id, settled.status(), settled.cause()),
        (own.id, RefundStatus::Succeeded, RefundCause::Requested)
    );
    // Somebody took the name off it in the dashboard.
    let Ok(Answer::Refund(same)) = sold.found(("re_1", ""), 200, RefundStatus::Succeeded) else {
        panic!("it is known by the gateway's name for it")
    };
    assert_eq!(same, settled);
    let Ok(Answer::Refund(failed)) = sold.found(("re_1", &key), 200, RefundStatus::Failed) else {
        panic!("it is known")
    };
    assert_eq!((failed.status(), sold.payment().refunded_minor()), (RefundStatus::Failed, 0));
    // Once it is tried again, the first try is nothing any more.
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    sold.retried(operator, own.id).expect("it may be");
    for outcome in [RefundStatus::Failed, RefundStatus::Succeeded] {
        sold.found(("re_1", &key), 200, outcome).expect("it changes nothing");
        assert_eq!((sold.refunds().len(), sold.refunds()[0].status()), (1, RefundStatus::Pending));
    }
    let again = sold.refunds()[0].gateway_key();
    sold.found(("re_2", &again), 200, RefundStatus::Succeeded).expect("it is the latest try");
    assert_eq!((sold.refunds().len(), sold.payment().refunded_minor()), (1, 200));
    sold.shop.assert_sound();
}

#[test]
fn what_does_not_fit_beside_what_was_asked_for_waits_until_that_is_settled() {
    let mut sold = Sold::new();
    let own = sold.asked(Some(sold.seller), None).expect("it may be");
    let no = sold.found(("re_1", ""), 500, RefundStatus::Succeeded).expect_err("it was asked for already");
    assert_eq!((no.code(), no.detail), (RejectionCode::RefundTooLarge, 0));
    // The gateway has nothing left for it.
    sold.shop.settle_refund(own.id, RefundStatus::Failed);
    assert_eq!(sold.shop.view().refunds_failed().expect("an index"), 1);
    sold.by_hand("re_1", 500, RefundStatus::Succeeded);
    assert_eq!(sold.payment().status(), PaymentStatus::Refunded);
    assert_eq!(sold.shop.view().refunds_failed().expect("an index"), 0, "nobody is owed anything");
    sold.shop.assert_sound();
}

#[test]
fn a_refund_by_hand_that_fails_is_owed_and_may_be_tried_from_here() {
    let mut sold = Sold::new();
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    assert!(
        matches!(sold.found(("re_0", ""), 500, RefundStatus::Failed), Ok(Answer::Payment(_))),
        "nothing moved, and nothing is to be done"
    );
    let refund = sold.by_hand("re_1", 500, RefundStatus::Succeeded);
    sold.by_hand("re_1", 500, RefundStatus::Failed);
    assert_eq!((sold.payment().status(), sold.payment().refunded_minor()), (PaymentStatus::Refunding, 0));
    assert_eq!(sold.shop.view().refunds_failed().expect("an index"), 1);
    sold.shop.assert_sound();
    sold.retried(operator, refund.id).expect("it may be");
    let again = &sold.refunds()[0];
    assert_eq!((again.status(), again.tries, again.is_made_there()), (RefundStatus::Pending, 2, false));
    assert_eq!((again.made_as.as_str(), again.gateway_refund.as_str()), ("re_1", ""));
    // An old answer says that the first one succeeded.
    sold.found(("re_1", ""), 500, RefundStatus::Succeeded).expect("it changes nothing");
    assert_eq!((sold.refunds().len(), sold.payment().refunded_minor()), (1, 0));
    sold.shop.settle_refund(refund.id, RefundStatus::Succeeded);
    assert_eq!(sold.payment().status(), PaymentStatus::Refunded);
    sold.shop.assert_sound();
}

#[test]
fn what_was_not_charged_has_no_refunds_and_no_disputes() {
    let mut sold = Sold::new();
    let ticket = sold.shop.post(sold.seller, &["jazz"], 700, None);
    let buyer = sold.shop.sign_up();
    let order = sold.shop.reserve(buyer, ticket);
    sold.payment = sold.shop.pay(buyer, order);
    let before = sold.payment();
    let answer = sold.found(("re_1", ""), 500, RefundStatus::Succeeded);
    assert!(matches!(answer, Ok(Answer::Payment(_))), "{answer:?}");
    sold.shop.dispute(before.id, "dp_1", 0, "needs_response", true);
    assert_eq!(sold.payment(), before);
}

#[test]
fn a_dispute_moves_its_money_to_and_fro_and_leaves_the_order_alone() {
    for (ends, is_lost) in [("won", false), ("lost", true)] {
        let mut sold = Sold::new();
        let payment = sold.payment;
        let open = sold.shop.dispute(payment, "dp_1", 0, "needs_response", false);
        assert_eq!((open.dispute().map(|one| one.revision), open.withdrawn_minor()), (Some(1), 0));
        let taken = sold.shop.dispute(payment, "dp_1", 1, "needs_response", true);
        assert_eq!(taken.withdrawn_minor(), 500);
        assert_eq!(sold.shop.view().disputes_open().expect("an index"), 1);
        sold.shop.assert_sound();
        // Whoever asked before that was known may have an older answer.
        let version = sold.payment().version;
        for revision in [0, 1] {
            sold.shop.dispute(payment, "dp_1", revision, "needs_response", false);
        }
        let same = sold.shop.dispute(payment, "dp_1", 2, "needs_response", true);
        assert_eq!((same.version, same.withdrawn_minor()), (version, 500));
        let closed = sold.shop.dispute(payment, "dp_1", 2, ends, is_lost);
        assert_eq!(closed.dispute().map(Dispute::is_open), Some(false));
        assert_eq!(sold.shop.view().disputes_open().expect("an index"), 0);
        assert_eq!(
            (sold.order().status(), sold.ticket().status()),
            (OrderStatus::Complete, TicketStatus::Sold)
        );
        assert_eq!(closed.status(), PaymentStatus::Succeeded);
        sold.shop.assert_sound();
        let (bank, gateway) = (Account::Disputes, Account::GatewayClearing);
        let taken = (Movement::DisputeWithdrawn, bank, gateway, 500);
        let given_back = (Movement::DisputeReinstated, gateway, bank, 500);
        let expected = if is_lost { vec![taken] } else { vec![taken, given_back] };
        assert_eq!(sold.ledger()[1..], expected[..], "{ends}");
        let sums: Vec<i128> = sold.shop.audit().books.ledger_minor.into_values().collect();
        assert_eq!(sums, if is_lost { [0, -500, 0, 500] } else { [500, -500, 0, 0] });
    }
}

#[test]
fn an_open_dispute_counts_before_a_later_one_that_is_over() {
    let mut sold = Sold::new();
    let payment = sold.payment;
    sold.shop.dispute(payment, "dp_1", 0, "warning_needs_response", false);
    let both = sold.shop.dispute(payment, "dp_2", 0, "warning_closed", false);
    assert_eq!(both.dispute().map(|one| one.id.as_str()), Some("dp_1"));
    let over = sold.shop.dispute(payment, "dp_1", 1, "lost", true);
    assert_eq!(over.dispute().map(|one| one.id.as_str()), Some("dp_2"), "the latest");
    assert_eq!(over.withdrawn_minor(), 500);
    sold.shop.assert_sound();
}

#[test]
fn what_a_bank_takes_in_another_currency_is_shown_and_not_booked() {
    let mut sold = Sold::new();
    let record = RecordDispute {
        payment: sold.payment,
        dispute: "dp_1".into(),
        status: "lost".into(),
        amount_minor: 460,
        currency: "eur".into(),
        is_withdrawn: true,
        ..RecordDispute::default()
    };
    sold.shop.done(None, Command::RecordDispute(record));
    assert_eq!(sold.payment().dispute().map(|one| (one.amount_minor, one.withdrawn_minor)), Some((460, 0)));
    assert_eq!(sold.ledger().len(), 1);
    sold.shop.assert_sound();
}
