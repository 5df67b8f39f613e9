//! The sandbox's books: the first word on a key stands, and what comes of a source never changes.

use boxoffice::domain::*;

use crate::shop::{Shop, payment_id};

/// Each source, and the code it is declined with. Replicas replay what stands in the log: this is for ever.
const OUTCOMES: &[(&str, &str)] = &[
    ("tok_visa", ""),
    ("tok_visa_debit", ""),
    ("tok_mastercard", ""),
    ("tok_amex", ""),
    ("tok_discover", ""),
    ("tok_diners", ""),
    ("tok_jcb", ""),
    ("tok_slow", ""),
    ("tok_chargeDeclined", "card_declined"),
    ("tok_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ("tok_chargeDeclinedLostCard", "lost_card"),
    ("tok_chargeDeclinedStolenCard", "stolen_card"),
    ("tok_chargeDeclinedExpiredCard", "expired_card"),
    ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    ("tok_chargeDeclinedProcessingError", "processing_error"),
    ("tok_chargeDeclinedFraudulent", "fraudulent"),
    ("4242424242424242", "invalid_token"),
    ("", "invalid_token"),
];

fn refund(shop: &mut Shop, key: PaymentId) -> Result<Answer, RejectionCode> {
    let refund = Command::SandboxRefund(SandboxRefund { key, ..SandboxRefund::default() });
    shop.ask(None, refund).map_err(|rejection| rejection.code())
}

#[test]
fn each_source_has_its_outcome() {
    let mut shop = Shop::new();
    for (number, (source, decline_code)) in (0..).zip(OUTCOMES) {
        let entry = shop.play_charge(payment_id(number), source);
        assert_eq!((entry.decline_code.as_str(), entry.refunded), (*decline_code, false), "{source}");
        assert_eq!(shop.view().sandbox_entry(entry.key).expect("a row"), Some(entry));
    }
    assert_eq!(shop.view().sandbox_entries().expect("rows").len(), OUTCOMES.len());
}

#[test]
fn the_first_word_on_a_key_stands() {
    let mut shop = Shop::new();
    let key = payment_id(1);
    let first = shop.play_charge(key, "tok_visa");
    let other = SandboxCharge {
        key,
        amount_minor: 9,
        currency: "eur".into(),
        source: "tok_chargeDeclined".into(),
        settles: false,
    };
    assert_eq!(shop.ask(None, Command::SandboxCharge(other)), Ok(Answer::SandboxEntry(first.clone())));
    let declined = shop.play_charge(payment_id(2), "tok_chargeDeclined");
    assert_eq!(shop.play_charge(payment_id(2), "tok_visa"), declined);
    assert_eq!(shop.view().sandbox_entries().expect("rows"), [first, declined]);
}

#[test]
fn money_that_moved_goes_back_once_and_no_other_does() {
    let mut shop = Shop::new();
    let charged = shop.play_charge(payment_id(1), "tok_visa");
    let back = SandboxEntry { refunded: true, ..charged };
    for _ in 0..2 {
        assert_eq!(refund(&mut shop, back.key), Ok(Answer::SandboxEntry(back.clone())));
        assert_eq!(shop.play_charge(back.key, "tok_visa"), back, "and is not taken again");
    }
    let declined = shop.play_charge(payment_id(2), "tok_chargeDeclined");
    for key in [declined.key, payment_id(3)] {
        assert_eq!(refund(&mut shop, key), Err(RejectionCode::NotFound));
    }
    assert_eq!(shop.view().sandbox_entries().expect("rows"), [back, declined]);
}

#[test]
fn nobody_but_the_service_writes_the_books() {
    let mut shop = Shop::new();
    let somebody = Some(shop.sign_up());
    let key = payment_id(1);
    for command in [
        Command::SandboxCharge(SandboxCharge { key, ..SandboxCharge::default() }),
        Command::SandboxRefund(SandboxRefund { key, ..SandboxRefund::default() }),
    ] {
        let rejection = shop.ask(somebody, command).expect_err("forbidden");
        assert_eq!(rejection.code(), RejectionCode::Forbidden);
    }
    assert!(shop.view().sandbox_entries().expect("rows").is_empty());
}

/// A payment of 500 that is claimed from this gateway, and its order.
fn claimed(shop: &mut Shop, gateway: &str, window_ms: u64) -> (PaymentId, OrderId) {
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    let ticket = shop.post(seller, &["rock"], 500, None);
    let order = shop.reserve_for(buyer, ticket, window_ms);
    let payment = payment_id(shop.next());
    let pay = Pay { payment, order, source: "tok_visa".into(), gateway: gateway.into(), ..Pay::default() };
    shop.done(Some(buyer), Command::Pay(pay));
    (payment, order)
}

/// Charges and settles at once; says what the books have, and what payment and order are then.
fn charge_and_settle(
    shop: &mut Shop,
    (payment, order): (PaymentId, OrderId),
    source: &str,
) -> (SandboxEntry, Payment, Order) {
    let (currency, source) = ("usd".to_owned(), source.to_owned());
    let charge = SandboxCharge { key: payment, amount_minor: 500, currency, source, settles: true };
    let Answer::SandboxEntry(entry) = shop.done(None, Command::SandboxCharge(charge)) else {
        panic!("the books answer");
    };
    let view = shop.view();
    let payment = view.payment(payment).expect("a row").expect("it was claimed");
    (entry, payment, view.order(order).expect("a row").expect("it was made"))
}

#[test]
fn a_charge_settles_its_payment_in_the_same_command() {
    let mut shop = Shop::new();
    let paid = claimed(&mut shop, "", 5_000);
    let (entry, payment, order) = charge_and_settle(&mut shop, paid, "tok_visa");
    assert_eq!((payment.status(), order.status()), (PaymentStatus::Succeeded, OrderStatus::Complete));
    assert_eq!(payment.charge, entry.charge());
    // Whatever is asked again, by whoever did not hear of it: nothing moves.
    let before = shop.event_count();
    let again = charge_and_settle(&mut shop, paid, "tok_chargeDeclined");
    assert_eq!((again, shop.event_count()), ((entry, payment, order), before));

    let declined = claimed(&mut shop, "", 5_000);
    let (entry, payment, order) = charge_and_settle(&mut shop, declined, "tok_chargeDeclinedLostCard");
    assert_eq!((payment.status(), order.status()), (PaymentStatus::Failed, OrderStatus::Created));
    assert_eq!((payment.decline_code.as_str(), entry.is_charged()), ("lost_card", false));
    shop.assert_sound();
}

#[test]
fn a_charge_past_the_hold_settles_as_one_that_came_too_late() {
    let mut shop = Shop::new();
    let late = claimed(&mut shop, "", 5_000);
    shop.now_ms += 5_000;
    let (entry, payment, order) = charge_and_settle(&mut shop, late, "tok_visa");
    assert!(entry.is_charged() && !entry.refunded);
    assert_eq!((payment.status(), order.cancel_reason()), (PaymentStatus::Refunding, CancelReason::Expired));
    shop.assert_sound();
}

#[test]
fn what_was_charged_before_settles_by_the_first_word() {
    let mut shop = Shop::new();
    let cancelled = claimed(&mut shop, "", 5_000);
    // What cancels comes first: nobody's card is charged by whoever comes later.
    shop.play_charge(cancelled.0, SANDBOX_NO_CARD);
    let (entry, payment, _) = charge_and_settle(&mut shop, cancelled, "tok_visa");
    assert_eq!((payment.status(), entry.is_charged()), (PaymentStatus::Failed, false));
    shop.assert_sound();
}

#[test]
fn play_money_pays_for_nothing_that_another_gateway_charges() {
    let mut shop = Shop::new();
    let others = claimed(&mut shop, "stripe", 5_000);
    let (_, payment, order) = charge_and_settle(&mut shop, others, "tok_visa");
    assert_eq!((payment.status(), order.status()), (PaymentStatus::Processing, OrderStatus::AwaitingPayment));
}
