//! Refunds: who may ask for them, how much together, and what becomes of order, ticket and ledger.

use boxoffice::domain::*;

use crate::audits::{assert_found, busy_shop, edit};
use crate::shop::{Shop, refund_id};

/// A shop with a seller, a buyer, and what the buyer has paid for.
pub(crate) struct Sold {
    pub(crate) shop: Shop,
    pub(crate) seller: Actor,
    buyer: Actor,
    ticket: TicketId,
    order: OrderId,
    pub(crate) payment: PaymentId,
}

impl Sold {
    pub(crate) fn new() -> Self {
        let mut shop = Shop::new();
        let (seller, buyer) = (shop.sign_up(), shop.sign_up());
        let ticket = shop.post(seller, &["rock"], 500, None);
        let order = shop.reserve(buyer, ticket);
        let payment = shop.pay(buyer, order);
        shop.settle(payment, true);
        Self { shop, seller, buyer, ticket, order, payment }
    }

    pub(crate) fn asked(
        &mut self,
        asker: impl Into<Asker>,
        amount_minor: Option<u64>,
    ) -> Result<Refund, Rejection> {
        let refund = refund_id(self.shop.next());
        let ask = RefundPayment { refund, payment: self.payment, amount_minor, reason: "moved".into() };
        match self.shop.ask_as(asker.into(), Command::RefundPayment(ask))? {
            Answer::Refund(refund) => Ok(refund),
            answer => panic!("{answer:?} to a refund"),
        }
    }

    fn refused(&mut self, asker: impl Into<Asker>, amount_minor: Option<u64>) -> RejectionCode {
        self.asked(asker, amount_minor).expect_err("it is refused").code()
    }

    pub(crate) fn retried(
        &mut self,
        asker: impl Into<Asker>,
        refund: RefundId,
    ) -> Result<Answer, RejectionCode> {
        let retry = Command::RetryRefund(RetryRefund { refund, payment: self.payment });
        self.shop.ask_as(asker.into(), retry).map_err(|no| no.code())
    }

    pub(crate) fn payment(&self) -> Payment {
        self.shop.view().payment(self.payment).expect("a row").expect("it was claimed")
    }

    pub(crate) fn order(&self) -> Order {
        self.shop.view().order(self.order).expect("a row").expect("it was made")
    }

    pub(crate) fn ticket(&self) -> Ticket {
        self.shop.view().ticket(self.ticket).expect("a row").expect("it was posted")
    }

    /// What the ledger has by now: movement, debit, credit and amount.
    pub(crate) fn ledger(&self) -> Vec<(Movement, Account, Account, u64)> {
        let entries = self.shop.rows("ledger");
        entries
            .map(|entry: LedgerEntry| (entry.movement(), entry.debit(), entry.credit(), entry.amount_minor))
            .collect()
    }
}

#[test]
fn of_ten_that_want_all_of_it_one_gets_it() {
    let mut sold = Sold::new();
    let seller = Some(sold.seller);
    let answers: Vec<_> = (0..10).map(|_| sold.asked(seller, None)).collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refusals = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(
        refusals.clone().count() == 9
            && refusals.into_iter().all(|no| no.code() == RejectionCode::NothingToRefund)
    );
    assert_eq!((sold.payment().refunded_minor(), sold.payment().refundable_minor()), (0, 0));
    assert_eq!(sold.payment().work(), Some(PaymentWork::Refund));
    assert_eq!(sold.order().status(), OrderStatus::Complete, "until the money went back");
}

#[test]
fn a_part_leaves_the_order_complete_and_the_rest_cancels_it() {
    let mut sold = Sold::new();
    let seller = Some(sold.seller);
    let part = sold.asked(seller, Some(200)).expect("it may be");
    let no = sold.asked(seller, Some(301)).expect_err("300 are left");
    assert_eq!((no.code(), no.detail), (RejectionCode::RefundTooLarge, 300));
    sold.shop.settle_refund(part.id, RefundStatus::Succeeded);
    assert_eq!((sold.payment().status(), sold.payment().refunded_minor()), (PaymentStatus::Succeeded, 200));
    assert_eq!((sold.order().status(), sold.ticket().status()), (OrderStatus::Complete, TicketStatus::Sold));
    sold.shop.assert_sound();

    let rest = sold.asked(seller, None).expect("it may be");
    assert_eq!((rest.amount_minor, rest.number), (300, 2));
    sold.shop.settle_refund(rest.id, RefundStatus::Succeeded);
    assert_eq!(sold.payment().status(), PaymentStatus::Refunded);
    let order = sold.order();
    assert_eq!((order.status(), order.cancel_reason()), (OrderStatus::Cancelled, CancelReason::Refunded));
    assert_eq!((sold.ticket().status(), sold.ticket().order), (TicketStatus::Frozen, None));
    let history = sold.shop.view().history_of(&order, None, 9).expect("rows").items;
    let last = history.last().expect("it has one");
    assert_eq!(last.reason(), TransitionReason::Refunded);
    assert_eq!(last.author.kind, Some(AuthorKind::User(sold.seller.user)), "not by the service");

    // Its seller may sell it once more, as often as they ask.
    for _ in 0..2 {
        let unfreeze = SetFrozen { ticket: sold.ticket, frozen: false, if_match: None };
        sold.shop.done(seller, Command::SetFrozen(unfreeze));
    }
    let again = sold.shop.reserve(sold.buyer, sold.ticket);
    let paid = sold.shop.pay(sold.buyer, again);
    sold.shop.settle(paid, true);
    assert_eq!(sold.ticket().order, Some(again));
    sold.shop.assert_sound();
    let clearing = (Account::SellerPayable, Account::GatewayClearing);
    assert_eq!(
        sold.ledger(),
        [
            (Movement::Charge, clearing.1, clearing.0, 500),
            (Movement::Refund, clearing.0, clearing.1, 200),
            (Movement::Refund, clearing.0, clearing.1, 300),
            (Movement::Charge, clearing.1, clearing.0, 500),
        ]
    );
}

#[test]
fn the_seller_and_operators_may_and_nobody_else() {
    let mut sold = Sold::new();
    let (buyer, stranger) = (Some(sold.buyer), Some(sold.shop.sign_up()));
    let clerk = Asker::Key(sold.shop.operator_key(&[Scope::PaymentsRead, Scope::OrdersRead, Scope::Keys]));
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    assert_eq!(sold.refused(None, None), RejectionCode::NotSignedIn);
    assert_eq!(sold.refused(buyer, None), RejectionCode::Forbidden);
    assert_eq!(sold.refused(stranger, None), RejectionCode::NotFound);
    assert_eq!(sold.refused(clerk, None), RejectionCode::InsufficientScope);
    let refund = sold.asked(operator, Some(1)).expect("it may be");
    assert!(matches!(refund.author.kind, Some(AuthorKind::Key(_))) && refund.reason == "moved");
    sold.asked(Some(sold.seller), Some(1)).expect("it may be");
    let settle = Command::SettleRefund(SettleRefund {
        refund: refund.id,
        try_number: 1,
        outcome: RefundStatus::Succeeded.into(),
        ..SettleRefund::default()
    });
    for asker in [Asker::from(Some(sold.seller)), operator] {
        let no = sold.shop.ask_as(asker, settle.clone()).expect_err("only the service knows");
        assert_eq!(no.code(), RejectionCode::Forbidden);
    }
}

#[test]
fn what_failed_waits_for_an_operator_who_has_it_tried_under_another_name() {
    let mut sold = Sold::new();
    let seller = Some(sold.seller);
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    let refund = sold.asked(seller, None).expect("it may be");
    let failed = sold.shop.settle_refund(refund.id, RefundStatus::Failed);
    assert_eq!((failed.status(), sold.payment().work()), (RefundStatus::Failed, None));
    let counted = |sold: &Sold| sold.shop.view().refunds_failed().expect("an index");
    assert_eq!((counted(&sold), sold.order().status()), (1, OrderStatus::Complete));
    assert_eq!(sold.retried(seller, refund.id), Err(RejectionCode::Forbidden));
    for _ in 0..2 {
        sold.retried(operator, refund.id).expect("it may be, and again changes nothing");
    }
    assert_eq!((counted(&sold), sold.payment().refundable_minor()), (0, 0));
    // The gateway's word on the first try, from a leader that slept.
    let late_word = SettleRefund {
        refund: refund.id,
        try_number: 1,
        outcome: RefundStatus::Failed.into(),
        ..SettleRefund::default()
    };
    sold.shop.done(None, Command::SettleRefund(late_word));
    let again = sold.shop.settle_refund(refund.id, RefundStatus::Succeeded);
    assert_eq!((again.tries, again.status()), (2, RefundStatus::Succeeded));
    assert_ne!(again.gateway_key(), refund.gateway_key());
    assert_eq!(
        sold.retried(operator, refund.id).map(|_| sold.payment().status()),
        Ok(PaymentStatus::Refunded)
    );
    sold.shop.assert_sound();
}

#[test]
fn a_part_that_failed_is_counted_until_it_is_tried_again_or_nothing_is_owed() {
    let mut sold = Sold::new();
    let seller = Some(sold.seller);
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    let counted = |sold: &Sold| sold.shop.view().refunds_failed().expect("an index");
    let part = sold.asked(seller, Some(200)).expect("it may be");
    sold.shop.settle_refund(part.id, RefundStatus::Failed);
    // Another refund is nothing that was done about it.
    let other = sold.asked(seller, Some(1)).expect("it may be");
    assert_eq!(counted(&sold), 1);
    sold.shop.settle_refund(other.id, RefundStatus::Succeeded);
    assert_eq!(counted(&sold), 1);
    let again = sold.retried(operator, part.id).expect("it may be");
    let Answer::Refund(again) = again else { panic!("not {again:?}") };
    assert_eq!((again.author, counted(&sold)), (part.author, 0));
    let by = again.retried_by.and_then(|author| author.kind);
    assert!(matches!(by, Some(AuthorKind::Key(by)) if operator == Asker::Key(by.key)), "an operator did");
    sold.shop.settle_refund(part.id, RefundStatus::Failed);
    assert_eq!(counted(&sold), 1);
    sold.shop.assert_sound();
    let rest = sold.asked(seller, None).expect("it may be");
    sold.shop.settle_refund(rest.id, RefundStatus::Succeeded);
    assert_eq!((rest.amount_minor, counted(&sold)), (499, 0), "all of it went back");
    sold.shop.assert_sound();
}

#[test]
fn many_parts_by_the_seller_leave_places_for_the_rest_and_for_operators() {
    let mut sold = Sold::new();
    let seller = Some(sold.seller);
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    for _ in 0..MAX_PARTS_BY_SELLER {
        sold.asked(seller, Some(1)).expect("it may be");
    }
    let no = sold.asked(seller, Some(1)).expect_err("so many parts are enough");
    assert_eq!(no.code(), RejectionCode::TooManyRefunds);
    sold.asked(operator, Some(1)).expect("an operator may");
    let rest = sold.asked(seller, None).expect("all that is left may be");
    assert_eq!(rest.amount_minor, 500 - u64::from(MAX_PARTS_BY_SELLER) - 1);
    sold.shop.assert_sound();
}

#[test]
fn what_comes_back_after_all_is_owed_again() {
    let mut sold = Sold::new();
    let operator = Asker::Key(sold.shop.operator_key(&[Scope::Refunds]));
    let refund = sold.asked(operator, None).expect("it may be");
    sold.shop.settle_refund(refund.id, RefundStatus::Succeeded);
    sold.shop.settle_refund(refund.id, RefundStatus::Failed);
    assert_eq!((sold.payment().status(), sold.payment().refunded_minor()), (PaymentStatus::Refunding, 0));
    assert_eq!((sold.payment().work(), sold.payment().refundable_minor()), (None, 500));
    assert_eq!(sold.order().status(), OrderStatus::Cancelled, "its ticket may be sold to another by now");
    sold.shop.assert_sound();
    sold.retried(operator, refund.id).expect("it may be");
    sold.shop.settle_refund(refund.id, RefundStatus::Succeeded);
    assert_eq!(sold.payment().status(), PaymentStatus::Refunded);
    sold.shop.assert_sound();
    let (clearing, seller, buyers) =
        (Account::GatewayClearing, Account::SellerPayable, Account::RefundsPayable);
    assert_eq!(
        sold.ledger()[1..],
        [
            (Movement::Refund, seller, clearing, 500),
            (Movement::RefundReversed, clearing, buyers, 500),
            (Movement::Refund, buyers, clearing, 500),
        ]
    );
}

#[test]
fn a_payment_from_before_the_ledger_is_carried_forward_when_its_money_moves() {
    let mut sold = Sold::new();
    let ticket = sold.shop.post(sold.seller, &["jazz"], 700, None);
    let order = sold.shop.reserve(sold.buyer, ticket);
    let payment = sold.shop.pay(sold.buyer, order);
    let settle = SettleCharge { payment, succeeded: true, charge: "old".into(), ..SettleCharge::default() };
    let envelope = sold.shop.envelope(None, Command::SettleCharge(settle));
    let old = Envelope { keeps_history: false, ..envelope };
    sold.shop.apply(&old).into_result().expect("nothing is in the way");
    let report = sold.shop.audit();
    assert_eq!((report.violations.len(), report.books.before_the_ledger), (0, 1));
    let ledger = sold.ledger().len();
    (sold.payment, sold.order, sold.ticket) = (payment, order, ticket);
    let refund = sold.asked(Some(sold.seller), Some(300)).expect("it may be");
    sold.shop.settle_refund(refund.id, RefundStatus::Succeeded);
    let (clearing, seller) = (Account::GatewayClearing, Account::SellerPayable);
    assert_eq!(
        sold.ledger()[ledger..],
        [(Movement::CarriedForward, clearing, seller, 700), (Movement::Refund, seller, clearing, 300)]
    );
    let report = sold.shop.audit();
    assert_eq!((report.violations, report.books.before_the_ledger), (Vec::new(), 0));
    let sums: Vec<i128> = report.books.ledger_minor.into_values().collect();
    assert_eq!(sums, [900, -900, 0, 0]);
}

macro_rules! found {
    ($($name:ident: $says:literal, $table:literal, $row:ty, $how:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut shop = busy_shop();
            let how: fn(&mut $row) -> Option<()> = $how;
            shop.damage(|txn| edit(txn, $table, how));
            assert_found(&shop, $says, stringify!($name));
        }
    )*};
}

found! {
    an_entry_of_another_amount: "the ledger has", "ledger", LedgerEntry, |entry| {
        entry.amount_minor += 1;
        Some(())
    };
    an_entry_in_another_account: "the ledger has", "ledger", LedgerEntry, |entry| {
        entry.set_credit(Account::RefundsPayable);
        (entry.movement() == Movement::Charge).then_some(())
    };
    an_entry_that_balances_with_itself: "it moves nothing", "ledger", LedgerEntry, |entry| {
        entry.debit = entry.credit;
        Some(())
    };
    an_entry_of_no_account: "it names no account", "ledger", LedgerEntry, |entry| {
        entry.debit = 99;
        Some(())
    };
    an_entry_of_another_payment: "the ledger has", "ledger", LedgerEntry, |entry| {
        entry.payment = PaymentId::from_bytes([9; 16]);
        Some(())
    };
    an_entry_out_of_its_place: "where 1 belongs", "ledger", LedgerEntry, |entry| {
        entry.number += 1;
        Some(())
    };
    a_refund_of_another_amount: "the refunds of", "refunds", Refund, |refund| {
        refund.amount_minor += 1;
        (refund.status() == RefundStatus::Succeeded).then_some(())
    };
    a_refund_that_succeeded_by_itself: "the refunds of", "refunds", Refund, |refund| {
        (refund.status() == RefundStatus::Failed).then(|| refund.set_status(RefundStatus::Succeeded))
    };
    a_payment_that_says_more_of_its_refunds: "the refunds of", "payments", Payment, |payment| {
        let totals = payment.refunds.as_mut()?;
        totals.pending_minor += 1;
        (totals.refunded_minor == 0).then_some(())
    };
    more_given_back_than_was_paid: "more is given back than was paid", "payments", Payment, |payment| {
        payment.refunds.as_mut()?.refunded_minor += 1_000;
        Some(())
    };
    a_charge_that_left_the_ledger: "the ledger has", "payments", Payment, |payment| {
        (std::mem::take(&mut payment.booked)).then_some(())
    };
    a_wrong_count_of_entries: "the ledger ends at", "counters", Counters, |counters| {
        counters.ledger_entries += 1;
        Some(())
    };
}
