//! What Stripe knows of, by time: for whoever compares it with what is known here.

use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Stripe;
use super::form::Form;
use super::objects::{Intent, List, parse, plain_code};
use super::refusal::{error, refusal};
use crate::domain::PaymentId;
use crate::gateway::{GatewayError, IntentState};

/// Objects on a page, the most that Stripe gives.
const PAGE: &str = "100";

/// By how much a clock here may be ahead of Stripe's, in seconds.
const CLOCKS_DIFFER_S: u64 = 10 * 60;

/// A stretch of time, in seconds since 1970, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The first second.
    pub from_s: u64,
    /// The last one.
    pub to_s: u64,
}

/// Some of what was made in a stretch of time, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub found: Vec<T>,
    /// What to ask for the next page with; `None` after the last.
    pub after: Option<String>,
}

/// An intent, as Stripe lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedIntent {
    /// Stripe's name for it.
    pub intent: String,
    /// The payment that it was made for, if it says so.
    pub payment: Option<PaymentId>,
    /// The cluster that made it, if it says so: others may use the account.
    pub cluster: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created_s: u64,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// Where it stands; `None` if that means nothing here, as with others' ways to pay.
    pub state: Option<IntentState>,
}

/// A refund, as Stripe lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRefund {
    /// Stripe's name for it.
    pub refund: String,
    /// The intent whose money goes back; none where the charge had none.
    pub intent: Option<String>,
    /// Its name here, if it was made here: what the dashboard makes has none.
    pub name: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created_s: u64,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    pub status: String,
}

/// What was given back of an intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// In minor units: what went back.
    pub succeeded_minor: u64,
    /// Stripe is at some more.
    pub is_pending: bool,
}

/// What the lists tell of more than what a payment needs.
#[derive(Deserialize)]
struct Entry {
    id: String,
    created: u64,
    amount: u64,
    currency: String,
    status: Option<String>,
    payment_intent: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct IntentEntry {
    #[serde(flatten)]
    intent: Intent,
    created: u64,
    amount: u64,
    currency: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

impl Stripe {
    /// Intents that were made in this time, by whomever, a page of them; `after` is of the page before.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn intents_made(
        &self,
        between: Between,
        after: Option<&str>,
    ) -> Result<Page<ListedIntent>, GatewayError> {
        let List { data, has_more } = self.list::<IntentEntry>("payment_intents", between, after).await?;
        let found: Vec<_> = data.into_iter().map(ListedIntent::from).collect();
        let after = found.last().filter(|_| has_more).map(|last| last.intent.clone());
        Ok(Page { found, after })
    }

    /// The names of all intents that were made for a payment, from `from_ms` on. Stripe's search would be quicker, and lags.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub(super) async fn all_intents_of(
        &self,
        payment: PaymentId,
        from_ms: u64,
    ) -> Result<Vec<String>, GatewayError> {
        let from_s = (from_ms / 1_000).saturating_sub(CLOCKS_DIFFER_S);
        let (mut names, mut after) = (Vec::new(), None::<String>);
        loop {
            let query = Form::default().with("created[gte]", &from_s.to_string());
            let List { data, has_more } =
                self.list_where::<IntentEntry>("payment_intents", query, after.as_deref()).await?;
            after = data.last().filter(|_| has_more).map(|last| last.intent.id.clone());
            let listed = data.into_iter().map(ListedIntent::from);
            names.extend(listed.filter(|one| one.payment == Some(payment)).map(|one| one.intent));
            if after.is_none() {
                return Ok(names);
            }
        }
    }

    /// One intent, by its name; `None` if there is none.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn intent_made(&self, intent: &str) -> Result<Option<ListedIntent>, GatewayError> {
        let reply = self.api.get(&["payment_intents", intent], &Form::default()).await?;
        match reply.status {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => Ok(Some(ListedIntent::from(parse::<IntentEntry>(&reply)?))),
            _ => Err(refusal(&reply, error(&reply).as_ref())),
        }
    }

    /// Refunds that were made in this time, by whomever, a page of them; `after` is of the page before.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn refunds_made(
        &self,
        between: Between,
        after: Option<&str>,
    ) -> Result<Page<ListedRefund>, GatewayError> {
        let List { data, has_more } = self.list::<Entry>("refunds", between, after).await?;
        let found: Vec<_> = data.into_iter().map(ListedRefund::from).collect();
        let after = found.last().filter(|_| has_more).map(|last| last.refund.clone());
        Ok(Page { found, after })
    }

    /// What was given back of an intent, by whomever.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn refunded_of(&self, intent: &str) -> Result<Sums, GatewayError> {
        let (mut sums, mut after) = (Sums::default(), None::<String>);
        loop {
            let query = Form::default().with("payment_intent", intent);
            let List { data, has_more } =
                self.list_where::<Entry>("refunds", query, after.as_deref()).await?;
            for Entry { status, amount, .. } in &data {
                match status.as_deref() {
                    Some("succeeded") => sums.succeeded_minor += amount,
                    Some("pending" | "requires_action") => sums.is_pending = true,
                    _ => {}
                }
            }
            after = data.last().filter(|_| has_more).map(|last| last.id.clone());
            if after.is_none() {
                return Ok(sums);
            }
        }
    }

    async fn list<T: DeserializeOwned>(
        &self,
        what: &str,
        Between { from_s, to_s }: Between,
        after: Option<&str>,
    ) -> Result<List<T>, GatewayError> {
        let query =
            Form::default().with("created[gte]", &from_s.to_string()).with("created[lte]", &to_s.to_string());
        self.list_where(what, query, after).await
    }

    async fn list_where<T: DeserializeOwned>(
        &self,
        what: &str,
        query: Form,
        after: Option<&str>,
    ) -> Result<List<T>, GatewayError> {
        let query = query.with("limit", PAGE).with_some("starting_after", after);
        let reply = self.api.get(&[what], &query).await?;
        if reply.status.is_success() { parse(&reply) } else { Err(refusal(&reply, error(&reply).as_ref())) }
    }
}

impl From<IntentEntry> for ListedIntent {
    fn from(entry: IntentEntry) -> Self {
        let IntentEntry { intent, created, amount, currency, mut metadata } = entry;
        Self {
            payment: metadata.get("payment").and_then(|payment| payment.parse().ok()),
            cluster: metadata.remove("cluster"),
            created_s: created,
            amount_minor: amount,
            currency,
            state: intent.state().ok(),
            intent: intent.id,
        }
    }
}

impl From<Entry> for ListedRefund {
    fn from(entry: Entry) -> Self {
        let Entry { id, created, amount, currency, status, payment_intent, metadata } = entry;
        let name = metadata.and_then(|mut metadata| metadata.remove("refund"));
        let status = plain_code(status.as_deref());
        let (created_s, amount_minor) = (created, amount);
        Self { refund: id, intent: payment_intent, name, created_s, amount_minor, currency, status }
    }
}
