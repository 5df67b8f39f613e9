//! The comparison finds each way in which the books can be wrong.

use boxoffice_stripe_fake::{Books, ChargeEntry, RefundEntry};
use serde_json::json;

use super::seen::minor_units;
use super::{Evidence, OrderSeen, PaymentSeen, RefundSeen, Told, ToldOf, compare};

const PRICE: u64 = 1_999;

fn order(number: u32, status: &str) -> OrderSeen {
    let (id, status, currency) = (format!("order_{number}"), status.to_owned(), "usd".to_owned());
    let cancel_reason = if status == "cancelled" { "expired" } else { "" }.to_owned();
    OrderSeen { id, ticket: format!("ticket_{number}"), status, price_minor: PRICE, currency, cancel_reason }
}

fn payment(number: u32, of_order: u32, status: &str) -> PaymentSeen {
    PaymentSeen {
        id: format!("payment_{number}"),
        order: format!("order_{of_order}"),
        status: status.to_owned(),
        amount_minor: PRICE,
        currency: "usd".to_owned(),
        refunded_minor: if status == "refunded" { PRICE } else { 0 },
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

/// What went back of a charge, by the refund of this number.
fn entry(number: u32, of_charge: u32, amount: u64) -> RefundEntry {
    RefundEntry {
        refund: format!("re_{number}"),
        charge: format!("ch_{of_charge}"),
        intent: format!("pi_{of_charge}"),
        amount,
        status: "succeeded".to_owned(),
        metadata: [("refund".to_owned(), format!("refund_{number}"))].into(),
    }
}

fn refund(number: u32, of_payment: u32, amount_minor: u64, is_of_late_charge: bool) -> RefundSeen {
    let (id, payment) = (format!("refund_{number}"), format!("payment_{of_payment}"));
    RefundSeen { id, payment, status: "succeeded".to_owned(), amount_minor, is_of_late_charge }
}

/// One order that was paid with a second card, one that was paid too late, one that was cancelled; and two that were paid
/// and of which the seller gave back a part, and all in two parts.
fn right() -> Evidence {
    let told = |payment: &str, told| ToldOf { payment: payment.to_owned(), told };
    Evidence {
        books: Books {
            charges: vec![
                charge(1, 2, 1, 0),
                charge(2, 3, 2, PRICE),
                charge(4, 4, 4, 500),
                charge(5, 5, 5, PRICE),
            ],
            refunds: vec![
                entry(2, 2, PRICE),
                entry(4, 4, 500),
                entry(5, 5, 999),
                RefundEntry {
                    // The first try failed.
                    metadata: [("refund".to_owned(), "refund_6-2".to_owned())].into(),
                    ..entry(6, 5, PRICE - 999)
                },
            ],
            declined: 1,
        },
        orders: vec![
            order(1, "complete"),
            order(2, "cancelled"),
            order(3, "cancelled"),
            order(4, "complete"),
            OrderSeen { cancel_reason: "refunded".to_owned(), ..order(5, "cancelled") },
        ],
        payments: vec![
            payment(1, 1, "failed"),
            payment(2, 1, "succeeded"),
            payment(3, 2, "refunded"),
            PaymentSeen { refunded_minor: 500, ..payment(4, 4, "partially_refunded") },
            payment(5, 5, "refunded"),
        ],
        refunds: vec![
            refund(2, 3, PRICE, true),
            refund(4, 4, 500, false),
            refund(5, 5, 999, false),
            refund(6, 5, PRICE - 999, false),
        ],
        refunds_told: vec!["refund_4".to_owned(), "refund_6".to_owned()],
        told: vec![
            told("payment_1", Told::Declined),
            told("payment_2", Told::Succeeded),
            told("payment_3", Told::Refunded),
            told("payment_4", Told::Succeeded),
            told("payment_5", Told::Succeeded),
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
    assert_eq!((tally.complete, tally.cancelled, tally.charges, tally.refunded), (2, 3, 4, 1));
    assert_eq!((tally.refunds, tally.given_back), (3, 1));
    assert_eq!((tally.taken_minor, tally.sold_minor), (2 * PRICE - 500, 2 * PRICE - 500));
    assert_eq!((tally.charged_twice, tally.paid_and_lost, tally.complete_and_unpaid), (0, 0, 0));
    assert_eq!((tally.refunded_twice, tally.refunds_lost), (0, 0));
}

#[test]
fn a_second_charge_is_found_also_one_that_went_back() {
    let twice = |refunded: u64| {
        after(|evidence| {
            evidence.books.charges.push(charge(3, 1, 1, refunded));
            evidence.books.refunds.extend((refunded > 0).then(|| entry(3, 3, refunded)));
            evidence.refunds.extend((refunded > 0).then(|| refund(3, 1, refunded, true)));
            evidence.payments[0] = payment(1, 1, if refunded > 0 { "refunded" } else { "succeeded" });
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
    let lost = after(|evidence| evidence.books.charges.push(charge(3, 9, 3, 0)));
    assert!(lost.contains("a charge of no payment") && lost.contains("an order is paid and lost"), "{lost}");
    let released = after(|evidence| evidence.orders[0].status = "cancelled".to_owned());
    assert!(released.contains("an order is paid and lost"), "{released}");
    let not_back = after(|evidence| {
        evidence.books.charges[1].refunded = 0;
        evidence.books.refunds.remove(0);
    });
    assert!(not_back.contains("an order is paid and lost"), "{not_back}");
    assert!(not_back.contains("a refund counts as made and was not"), "{not_back}");
    let in_part = after(|evidence| {
        evidence.books.charges[1].refunded = 1;
        evidence.books.refunds[0].amount = 1;
        evidence.refunds[0].amount_minor = 1;
    });
    assert!(in_part.contains("not refunded once and whole"), "{in_part}");
    assert!(in_part.contains("a payment is not settled as the books say"), "{in_part}");
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
    for (payment, told) in [
        ("payment_1", Told::Succeeded),
        ("payment_2", Told::Declined),
        ("payment_9", Told::Refunded),
        ("payment_3", Told::Succeeded),
        ("payment_5", Told::Refunded),
    ] {
        let found = after(|evidence| evidence.told.push(ToldOf { payment: payment.to_owned(), told }));
        assert!(found.contains("a buyer was told"), "{found}");
    }
}

#[test]
fn a_refund_that_is_made_twice_or_unasked_is_found() {
    let twice = after(|evidence| {
        evidence.books.charges[2].refunded = 1_000;
        evidence.books.refunds.push(RefundEntry { refund: "re_7".to_owned(), ..entry(4, 4, 500) });
    });
    assert!(twice.contains("a refund was made twice"), "{twice}");
    assert!(twice.contains("a payment is not settled as the books say"), "{twice}");
    let again = after(|evidence| {
        let metadata = [("refund".to_owned(), "refund_4-2".to_owned())].into();
        evidence.books.refunds.push(RefundEntry { metadata, ..entry(7, 4, 500) });
    });
    assert!(again.contains("a refund was made twice"), "the first try succeeded: {again}");
    let unasked = after(|evidence| evidence.books.refunds.push(entry(7, 1, 1)));
    assert!(unasked.contains("money went back that nobody asked for"), "{unasked}");
    let other = after(|evidence| evidence.books.refunds[1].charge = "ch_1".to_owned());
    assert!(other.contains("a refund is not what was asked for"), "{other}");
    let more = after(|evidence| evidence.books.refunds[1].amount += 1);
    assert!(more.contains("a refund is not what was asked for"), "{more}");
}

#[test]
fn a_refund_that_is_lost_is_found() {
    let lost = after(|evidence| drop(evidence.books.refunds.remove(1)));
    assert!(lost.contains("a refund counts as made and was not"), "{lost}");
    let forgotten = after(|evidence| evidence.refunds_told.push("refund_8".to_owned()));
    assert!(forgotten.contains("a refund was promised and lost"), "{forgotten}");
    for status in ["pending", "failed"] {
        let not_made = after(|evidence| evidence.refunds[1].status = status.to_owned());
        assert!(not_made.contains("a refund is not settled as the books say"), "{not_made}");
        assert!(not_made.contains("a refund was promised and lost"), "{not_made}");
    }
    let still_sold = after(|evidence| evidence.orders[4].status = "complete".to_owned());
    assert!(still_sold.contains("an order is complete and unpaid"), "{still_sold}");
    let for_another_reason = after(|evidence| evidence.orders[4].cancel_reason = "expired".to_owned());
    assert!(for_another_reason.contains("not refunded once and whole"), "{for_another_reason}");
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
