//! The comparison finds each way in which the books can be wrong.

use boxoffice_stripe_fake::{Books, ChargeEntry, RefundEntry};
use serde_json::json;

use super::seen::minor_units;
use super::{Evidence, OrderSeen, PaymentSeen, Told, ToldOf, compare};

const PRICE: u64 = 1_999;

fn order(number: u32, status: &str) -> OrderSeen {
    let (id, status, currency) = (format!("order_{number}"), status.to_owned(), "usd".to_owned());
    OrderSeen { id, status, price_minor: PRICE, currency }
}

fn payment(number: u32, of_order: u32, status: &str) -> PaymentSeen {
    PaymentSeen {
        id: format!("payment_{number}"),
        order: format!("order_{of_order}"),
        status: status.to_owned(),
        amount_minor: PRICE,
        currency: "usd".to_owned(),
    }
}

fn charge(number: u32, of_payment: u32, of_order: u32, refunded: u64) -> ChargeEntry {
    let metadata = [("payment", format!("payment_{of_payment}")), ("order", format!("order_{of_order}"))];
    ChargeEntry {
        charge: format!("ch_{number}"),
        intent: format!("pi_{number}"),
        amount: PRICE,
        currency: "usd".to_owned(),
        created_s: 1,
        metadata: metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        refunded,
        is_disputed: false,
    }
}

fn refund(of_charge: u32, amount: u64) -> RefundEntry {
    RefundEntry {
        refund: format!("re_{of_charge}"),
        charge: format!("ch_{of_charge}"),
        intent: format!("pi_{of_charge}"),
        amount,
        status: "succeeded".to_owned(),
        metadata: Default::default(),
    }
}

/// One order that was paid with a second card, one that was paid too late, one that was cancelled.
fn right() -> Evidence {
    let told = |payment: &str, told| ToldOf { payment: payment.to_owned(), told };
    Evidence {
        books: Books {
            charges: vec![charge(1, 2, 1, 0), charge(2, 3, 2, PRICE)],
            refunds: vec![refund(2, PRICE)],
            declined: 1,
        },
        orders: vec![order(1, "complete"), order(2, "cancelled"), order(3, "cancelled")],
        payments: vec![payment(1, 1, "failed"), payment(2, 1, "succeeded"), payment(3, 2, "refunded")],
        told: vec![
            told("payment_1", Told::Declined),
            told("payment_2", Told::Succeeded),
            told("payment_3", Told::Refunded),
        ],
    }
}

/// What is found after this change of what is right.
fn after(change: impl FnOnce(&mut Evidence)) -> String {
    let mut evidence = right();
    change(&mut evidence);
    let (_, violations) = compare(&evidence);
    violations.join("\n")
}

#[test]
fn what_is_right_is_not_complained_of() {
    let (tally, violations) = compare(&right());
    assert_eq!(violations, [""; 0]);
    assert_eq!((tally.complete, tally.cancelled, tally.charges, tally.refunded), (1, 2, 2, 1));
    assert_eq!((tally.taken_minor, tally.sold_minor), (PRICE, PRICE));
    assert_eq!((tally.charged_twice, tally.paid_and_lost, tally.complete_and_unpaid), (0, 0, 0));
}

#[test]
fn a_second_charge_is_found_also_one_that_went_back() {
    let twice = |refunded: u64| {
        after(|evidence| {
            evidence.books.charges.push(charge(3, 1, 1, refunded));
            evidence.books.refunds.extend((refunded > 0).then(|| refund(3, refunded)));
            evidence.payments[0].status = if refunded > 0 { "refunded" } else { "succeeded" }.to_owned();
        })
    };
    assert!(twice(0).contains("an order was charged twice"));
    assert!(twice(0).contains("was taken for what costs"));
    assert!(twice(PRICE).contains("an order was charged twice"));
    let same_intent = after(|evidence| {
        evidence.books.charges.push(ChargeEntry { intent: "pi_1".to_owned(), ..charge(3, 2, 1, 0) });
    });
    assert!(same_intent.contains("an intent was charged twice"), "{same_intent}");
}

#[test]
fn money_without_a_sale_is_found() {
    let lost = after(|evidence| evidence.books.charges.push(charge(3, 4, 3, 0)));
    assert!(lost.contains("a charge of no payment") && lost.contains("an order is paid and lost"), "{lost}");
    let released = after(|evidence| evidence.orders[0].status = "cancelled".to_owned());
    assert!(released.contains("an order is paid and lost"), "{released}");
    let not_back = after(|evidence| {
        evidence.books.charges[1].refunded = 0;
        evidence.books.refunds.clear();
    });
    assert!(not_back.contains("an order is paid and lost"), "{not_back}");
    let in_part = after(|evidence| {
        evidence.books.charges[1].refunded = 1;
        evidence.books.refunds[0].amount = 1;
    });
    assert!(in_part.contains("not refunded once and whole"), "{in_part}");
}

#[test]
fn a_sale_without_money_is_found() {
    let unpaid = after(|evidence| drop(evidence.books.charges.remove(0)));
    assert!(unpaid.contains("an order is complete and unpaid"), "{unpaid}");
    let less = after(|evidence| evidence.books.charges[0].amount -= 1);
    assert!(less.contains("an order is complete and unpaid"), "{less}");
    assert!(less.contains("a charge is not that of its payment"), "{less}");
    let pending = after(|evidence| evidence.books.refunds[0].status = "pending".to_owned());
    assert!(pending.contains("a refund has not succeeded"), "{pending}");
}

#[test]
fn what_is_not_settled_is_found() {
    let open = after(|evidence| evidence.orders[2].status = "awaiting:payment".to_owned());
    assert!(open.contains("an order is not settled"), "{open}");
    for status in ["processing", "refunding", "unheard of"] {
        let under_way = after(|evidence| evidence.payments[0].status = status.to_owned());
        assert!(under_way.contains("a payment is not settled as the books say"), "{under_way}");
    }
}

#[test]
fn a_promise_that_is_not_kept_is_found() {
    for (payment, told) in
        [("payment_1", Told::Succeeded), ("payment_2", Told::Declined), ("payment_9", Told::Refunded)]
    {
        let found = after(|evidence| evidence.told.push(ToldOf { payment: payment.to_owned(), told }));
        assert!(found.contains("a buyer was told"), "{found}");
    }
}

#[test]
fn amounts_are_read_by_their_digits() {
    for (amount, expected) in
        [(json!(19.99), 1_999), (json!(20), 2_000), (json!(0.1), 10), (json!(999.01), 99_901)]
    {
        assert_eq!(minor_units(&amount).unwrap(), expected);
    }
    minor_units(&json!(0.001)).unwrap_err();
    minor_units(&json!("1")).unwrap_err();
}
