//! Compares what Stripe has charged and given back with what the state says, and changes nothing.
//!
//! It passes over what is empty on both sides, and goes through the rest of the time a day at a time, three times each:
//! Stripe's intents of that day against the payments that they name; the payments that were made on it and are charged
//! here, for what Stripe may not have; and what Stripe gave back on it. Only the names of a day's intents are in memory,
//! and a page of each list.
//!
//! Both sides go on meanwhile. So whatever differs is looked at once more on both sides, and counts if nothing of it has
//! changed; and what is under way here is counted, and differs only long after it should have ended.

mod compare;
mod run;
mod times;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::run::{Incomplete, Lines, run};

/// What to compare.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Wanted {
    /// The first second, since 1970: what Stripe made from then on.
    pub from_s: u64,
    /// The last second.
    pub to_s: u64,
    /// Whose intents count besides this cluster's: what it was before it was restored.
    pub also_clusters: Vec<String>,
}

/// What is said while it is compared.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// How far it is.
    Progress {
        /// The second up to which everything is compared.
        through_s: u64,
        /// What was compared so far.
        counts: Counts,
    },
    /// Something differs.
    Difference(Box<Difference>),
    /// Everything is compared. The last line.
    Done(Counts),
    /// It could not go on. The last line.
    Failed {
        /// Why.
        why: String,
    },
}

/// What was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Counts {
    /// Intents of Stripe's.
    pub intents: u64,
    /// Payments here that are charged.
    pub payments: u64,
    /// Refunds of Stripe's.
    pub refunds: u64,
    /// Payments that are under way here, and so are not comparable yet.
    pub under_way: u64,
    /// What differs.
    pub differences: u64,
    /// Charged intents that say they are another cluster's, for some of those.
    pub other_clusters: BTreeMap<String, u64>,
}

/// How the two sides differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Stripe charged for a payment that is not known here.
    UnknownHere,
    /// Stripe charged, and here no money moved.
    ChargedThereOnly,
    /// Here it is charged, and Stripe has not charged.
    ChargedHereOnly,
    /// Here it is charged, and Stripe knows nothing of it.
    UnknownThere,
    /// It is not the same amount, or not the same currency.
    Amount,
    /// Not the same amount was given back.
    Refunded,
    /// A refund failed, here as at Stripe: what was charged is owed to the buyer.
    RefundFailed,
    /// Stripe has a final word, and here it is under way long after it should have ended.
    NotSettled,
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// How.
    pub kind: Kind,
    /// Stripe's name for the intent.
    pub intent: String,
    /// The payment, if it is known.
    pub payment: Option<String>,
    /// The order that it is for, if that is known.
    pub order: Option<String>,
    /// When the intent was made, or else the payment, in seconds since 1970.
    pub created_s: u64,
    /// What Stripe says.
    pub there: Option<Side>,
    /// What the state says.
    pub here: Option<Side>,
}

/// What one side says of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Where it stands, in that side's words.
    pub status: String,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// What of it was given back, where that is known.
    pub refunded_minor: Option<u64>,
    /// ISO 4217 code in lower case.
    pub currency: String,
}
