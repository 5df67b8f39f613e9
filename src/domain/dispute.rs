//! Disputes: the owner of a card wants the money back from their bank, which asks the gateway.
//!
//! Nobody decides on them here. What the gateway says of one is recorded with its payment, and in the ledger while the
//! bank has the money. Order and ticket stay as they are.

use super::command::RecordDispute;
use super::draft::Draft;
use super::event::EventType;
use super::ledger;
use super::payment::Payment;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::Tables;

/// Disputes of one payment that are kept: a bank makes one, and seldom another.
pub const MAX_DISPUTES_PER_PAYMENT: usize = 8;

/// What the gateway calls disputes that are over.
const CLOSED: [&str; 3] = ["won", "lost", "warning_closed"];

/// A dispute, as the gateway last said.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Dispute {
    /// The gateway's name for it.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Where it stands, in the gateway's words.
    #[prost(string, tag = "2")]
    pub status: String,
    /// Why, in the gateway's words.
    #[prost(string, tag = "3")]
    pub reason: String,
    /// How much is disputed, in minor units of `currency`.
    #[prost(uint64, tag = "4")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "5")]
    pub currency: String,
    /// When it began by the gateway's clock, in milliseconds since the Unix epoch.
    #[prost(uint64, tag = "6")]
    pub since_ms: u64,
    /// How much of the payment the bank has, in minor units of the payment's currency.
    #[prost(uint64, tag = "7")]
    pub withdrawn_minor: u64,
    /// Begins at 1 and rises by one with each change.
    #[prost(uint32, tag = "8")]
    pub revision: u32,
}

impl Dispute {
    /// Whether it is not over.
    pub fn is_open(&self) -> bool {
        !CLOSED.contains(&self.status.as_str())
    }
}

impl Payment {
    /// The dispute that counts: one that is open, or else the latest.
    pub fn dispute(&self) -> Option<&Dispute> {
        self.disputes.iter().rfind(|one| one.is_open()).or(self.disputes.last())
    }

    /// The dispute that the gateway calls so.
    pub fn dispute_called(&self, id: &str) -> Option<&Dispute> {
        self.disputes.iter().find(|one| one.id == id)
    }

    /// How much of it banks have, in minor units.
    pub fn withdrawn_minor(&self) -> u64 {
        self.disputes.iter().fold(0, |sum: u64, one| sum.saturating_add(one.withdrawn_minor))
    }

    /// What is wrong with what its row says of disputes, if something is.
    pub(super) fn dispute_fault(&self) -> Option<&'static str> {
        let is_named_twice =
            |at: usize, one: &Dispute| self.disputes[..at].iter().any(|two| two.id == one.id);
        let mut all = self.disputes.iter().enumerate();
        let faults = [
            (!self.is_charged() && !self.disputes.is_empty(), "it is disputed and was not charged"),
            (self.disputes.len() > MAX_DISPUTES_PER_PAYMENT, "it has too many disputes"),
            (all.any(|(at, one)| one.id.is_empty() || is_named_twice(at, one)), "it has a dispute twice"),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }
}

/// Records what the gateway says of a dispute. Whoever asked it before what is known here was recorded may have an old
/// answer: it counts no more, and they are shown what is known.
pub(super) fn record<T: Tables>(draft: &mut Draft<'_, T>, c: &RecordDispute) -> Result<Answer, Rejection> {
    let old = draft.tables.payment(c.payment).ok_or(RejectionCode::NotFound)?;
    let known = old.dispute_called(&c.dispute);
    let revision = known.map_or(0, |known| known.revision);
    if !old.is_charged() || c.revision != revision {
        return Ok(Answer::Payment(old.shown()));
    }
    // What is in another currency says nothing of how much of the payment it is.
    let is_booked = c.is_withdrawn && c.currency == old.currency;
    let dispute = Dispute {
        id: c.dispute.clone(),
        status: c.status.clone(),
        reason: c.reason.clone(),
        amount_minor: c.amount_minor,
        currency: c.currency.clone(),
        since_ms: c.since_ms,
        withdrawn_minor: if is_booked { c.amount_minor } else { 0 },
        revision,
    };
    if known == Some(&dispute) {
        return Ok(Answer::Payment(old.shown()));
    }
    let dispute = Dispute { revision: revision.saturating_add(1), ..dispute };
    let mut new = old.changed(draft.at_ms);
    match new.disputes.iter_mut().find(|one| one.id == dispute.id) {
        Some(known) => *known = dispute,
        None => new.disputes.push(dispute),
    }
    ledger::disputed(draft, &old, &mut new);
    let shown = new.shown();
    draft.put_payment(Some(old), new, EventType::PaymentUpdated);
    Ok(Answer::Payment(shown))
}
