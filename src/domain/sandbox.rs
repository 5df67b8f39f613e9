//! The sandbox gateway's books: play money, whose charges stand in the log like everything else.
//!
//! They share the state and nothing else with it: no other transition reads them, as none could read a real
//! gateway's. So they tell what was charged, whatever orders and payments say of it. A charge may tell its payment.

use super::command::{SandboxCharge, SandboxRefund, SettleCharge};
use super::draft::Draft;
use super::id::PaymentId;
use super::payment::Payment;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::settlement;
use super::tables::{Change, Tables};

/// The source that the sandbox charges only after a while. The wait is the caller's: in here nothing waits.
pub const SANDBOX_SLOW_SOURCE: &str = "tok_slow";

/// A source that no card has. Charging it first is how an intent of the sandbox is cancelled: the first word on a key
/// stands. Also replicas that know of no intents decline it.
pub const SANDBOX_NO_CARD: &str = "";

/// Begins the name of each of the sandbox's charges, which is also that of its intent.
const CHARGE_PREFIX: &str = "sandbox:";

/// Sources that are declined, and the codes they are declined with. What stands in the log is decided by these
/// again whenever it is replayed: a source keeps its outcome for ever.
const DECLINES: &[(&str, &str)] = &[
    ("tok_chargeDeclined", "card_declined"),
    ("tok_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ("tok_chargeDeclinedLostCard", "lost_card"),
    ("tok_chargeDeclinedStolenCard", "stolen_card"),
    ("tok_chargeDeclinedExpiredCard", "expired_card"),
    ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    ("tok_chargeDeclinedProcessingError", "processing_error"),
    ("tok_chargeDeclinedFraudulent", "fraudulent"),
];

/// Sources that are charged; they keep their outcome as well.
const CARDS: &[&str] = &[
    "tok_visa",
    "tok_visa_debit",
    "tok_mastercard",
    "tok_amex",
    "tok_discover",
    "tok_diners",
    "tok_jcb",
    SANDBOX_SLOW_SOURCE,
];

/// What any other source is declined with.
const INVALID: &str = "invalid_token";

/// One line of the sandbox's books: what became of one key.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct SandboxEntry {
    /// The stable key it was asked with.
    #[prost(message, required, tag = "1")]
    pub key: PaymentId,
    /// In minor units of `currency`.
    #[prost(uint64, tag = "2")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "3")]
    pub currency: String,
    /// Why no money moved; empty if it did.
    #[prost(string, tag = "4")]
    pub decline_code: String,
    /// Whether all of the money went back.
    #[prost(bool, tag = "5")]
    pub refunded: bool,
    /// What went back of it by name, in the order in which it did.
    #[prost(message, repeated, tag = "6")]
    pub given_back: Vec<SandboxGiveBack>,
}

/// Money of a charge that went back under a name.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct SandboxGiveBack {
    /// The name it was asked with.
    #[prost(string, tag = "1")]
    pub refund: String,
    /// In minor units.
    #[prost(uint64, tag = "2")]
    pub amount_minor: u64,
}

impl SandboxEntry {
    /// Whether money moved, back again or not.
    pub fn is_charged(&self) -> bool {
        self.decline_code.is_empty()
    }

    /// How much went back, in minor units.
    pub fn given_back_minor(&self) -> u64 {
        match self.refunded {
            true => self.amount_minor,
            false => self.given_back.iter().fold(0, |sum: u64, one| sum.saturating_add(one.amount_minor)),
        }
    }

    /// The line once so much more went back under this name.
    fn giving_back(&self, refund: &str, amount_minor: u64) -> Self {
        let mut new = self.clone();
        new.given_back.push(SandboxGiveBack { refund: refund.to_owned(), amount_minor });
        new.refunded = new.given_back_minor() == new.amount_minor;
        new
    }

    /// The sandbox's name for the charge.
    pub fn charge(&self) -> String {
        Self::name_of(self.key)
    }

    /// The sandbox's name for whatever is asked for under a key.
    pub fn name_of(key: PaymentId) -> String {
        format!("{CHARGE_PREFIX}{key}")
    }

    /// The key that a name stands for, if it is one of the sandbox's.
    pub fn key_of(name: &str) -> Option<PaymentId> {
        name.strip_prefix(CHARGE_PREFIX)?.parse().ok()
    }

    /// What its payment is settled by. The sandbox's intents need not be on record.
    fn final_word(&self) -> SettleCharge {
        SettleCharge {
            payment: self.key,
            succeeded: self.is_charged(),
            charge: if self.is_charged() { self.charge() } else { String::new() },
            decline_code: self.decline_code.clone(),
            intent: String::new(),
        }
    }

    /// Whether it was declined as a source that the sandbox does not know: as what cancels is, too.
    pub fn is_of_no_card(&self) -> bool {
        self.decline_code == INVALID
    }

    /// Whether a charge of this name is one of these books.
    pub fn is_named_by(charge: &str) -> bool {
        charge.starts_with(CHARGE_PREFIX)
    }

    /// Whether the books may go from one line of a key to another: the first word on it stands, and only money
    /// that moved goes back.
    pub(super) fn may_follow(&self, old: Option<&Self>) -> bool {
        match old {
            None => !self.refunded && self.given_back.is_empty(),
            Some(old) if !old.is_charged() || old.refunded => false,
            Some(old) => {
                let by_name = self.given_back.last();
                let by_name = by_name.map(|one| old.giving_back(&one.refund, one.amount_minor));
                let fits = self.given_back_minor() <= self.amount_minor;
                fits && (*self == Self { refunded: true, ..old.clone() } || Some(self) == by_name.as_ref())
            }
        }
    }
}

/// Charges, unless there was a word on this key before, and says what the books say. Its payment hears of it at once, if
/// the command says so: nothing can come between a charge and its outcome that are one entry of the log.
pub(super) fn charge<T: Tables>(draft: &mut Draft<'_, T>, c: &SandboxCharge) -> Result<Answer, Rejection> {
    let entry = draft.tables.sandbox_entry(c.key).unwrap_or_else(|| enter(draft, c));
    let is_its_own = |payment: Payment| payment.gateway.is_empty();
    if c.settles && draft.tables.payment(c.key).is_some_and(is_its_own) {
        settlement::settle(draft, &entry.final_word())?;
    }
    Ok(Answer::SandboxEntry(entry))
}

fn enter<T: Tables>(draft: &mut Draft<'_, T>, c: &SandboxCharge) -> SandboxEntry {
    let entry = SandboxEntry {
        key: c.key,
        amount_minor: c.amount_minor,
        currency: c.currency.clone(),
        decline_code: decline_code(&c.source).to_owned(),
        refunded: false,
        given_back: Vec::new(),
    };
    draft.change(Change::SandboxEntry { old: None, new: entry.clone() });
    entry
}

/// Gives money of this key's charge back, if it is not back already: all of it, or what the refund of this name says.
pub(super) fn refund<T: Tables>(draft: &mut Draft<'_, T>, c: &SandboxRefund) -> Result<Answer, Rejection> {
    let charged = draft.tables.sandbox_entry(c.key).filter(SandboxEntry::is_charged);
    let old = charged.ok_or(RejectionCode::NotFound)?;
    if !c.refund.is_empty() {
        return give_back(draft, old, c);
    }
    let new = SandboxEntry { refunded: true, ..old.clone() };
    if old != new {
        draft.change(Change::SandboxEntry { old: Some(old), new: new.clone() });
    }
    Ok(Answer::SandboxEntry(new))
}

/// The first word on a refund's name stands as well.
fn give_back<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: SandboxEntry,
    c: &SandboxRefund,
) -> Result<Answer, Rejection> {
    if old.given_back.iter().any(|known| known.refund == c.refund) {
        return Ok(Answer::SandboxEntry(old));
    }
    let left_minor = old.amount_minor.saturating_sub(old.given_back_minor());
    if c.amount_minor == 0 || c.amount_minor > left_minor {
        return Err(RejectionCode::RefundTooLarge.with(left_minor));
    }
    let new = old.giving_back(&c.refund, c.amount_minor);
    draft.change(Change::SandboxEntry { old: Some(old), new: new.clone() });
    Ok(Answer::SandboxEntry(new))
}

/// The code that a source is declined with; empty if it is charged.
fn decline_code(source: &str) -> &'static str {
    if CARDS.contains(&source) {
        return "";
    }
    let known = DECLINES.iter().find(|(declined, _)| *declined == source);
    known.map_or(INVALID, |(_, code)| code)
}
