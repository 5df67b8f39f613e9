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
    let other =
        SandboxCharge { key, amount_minor: 9, currency: "eur".into(), source: "tok_chargeDeclined".into() };
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
