//! What tests see and do: in process as methods of [`Service`], from elsewhere under `/_control/`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hyper::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::account::Account;
use crate::answer::Answer;
use crate::books::{Books, Exchange};
use crate::error::ApiError;
use crate::faults::{Fault, Faults, Planned};
use crate::operation::Operation;
use crate::resources::payment_intents::confirm;
use crate::resources::{disputes, refunds};
use crate::service::{Asked, Service, json};
use crate::webhooks::{WebhookCounts, WebhookSettings};

/// What a test asked for cannot be done.
#[derive(Debug)]
pub struct Impossible(ApiError);

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.body().fmt(f)
    }
}

impl std::error::Error for Impossible {}

impl From<ApiError> for Impossible {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl Service {
    /// Every charge and refund.
    pub fn books(&self) -> Books {
        Books::of(&self.state().account)
    }

    /// The newest calls, the oldest of them first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.state().journal.newest.iter().cloned().collect()
    }

    /// How many calls of each kind came.
    pub fn counts(&self) -> BTreeMap<Operation, u64> {
        self.state().journal.counts.clone()
    }

    /// How many calls went wrong in each way.
    pub fn fault_counts(&self) -> BTreeMap<Fault, u64> {
        self.state().journal.faults.clone()
    }

    /// Whatever was said, by either side, that Stripe's own document does not allow. A test ends with a look at it.
    pub fn violations(&self) -> Vec<String> {
        self.state().journal.violations.clone()
    }

    /// The newest events, the oldest of them first, as webhooks tell them.
    pub fn events(&self) -> Vec<Value> {
        self.state().account.events.iter().map(|event| event.body.clone()).collect()
    }

    /// What goes wrong by chance from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.state().fates.faults = faults;
    }

    /// What goes wrong with the next calls of a kind, before chance has its say.
    pub fn plan(&self, planned: Planned) {
        self.state().fates.plan(planned);
    }

    /// How many calls are held right now.
    pub fn held(&self) -> usize {
        self.held.count()
    }

    /// Lets all go that are held, and holds none any more that was still to be.
    pub fn let_go(&self) {
        self.state().fates.hold_no_more();
        self.held.let_go();
    }

    /// Who is told of events from now on, and how reliably.
    pub fn set_webhooks(&self, settings: WebhookSettings) {
        self.webhooks.set(settings);
    }

    /// What became of the events so far.
    pub fn webhook_counts(&self) -> WebhookCounts {
        self.webhooks.counts()
    }

    /// Tells of an event that is remembered, once more, at once.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn deliver(&self, event: &str) -> Result<(), Impossible> {
        let found = self.state().account.events.iter().find(|known| known.id == event).cloned();
        let found = found.ok_or_else(|| ApiError::missing("event", event, "event"))?;
        self.webhooks.deliver(&found, Duration::ZERO);
        Ok(())
    }

    /// The buyer does what an intent waits for (or the bank, where it is processing), or fails to.
    ///
    /// # Errors
    /// When it waits for nothing.
    pub fn complete(&self, intent: &str, succeeds: bool) -> Result<(), Impossible> {
        self.change(|account| confirm::complete(account, intent, succeeds))
    }

    /// Somebody refunds a charge in the dashboard, in whole or for `amount` minor units. Returns the refund's name.
    ///
    /// # Errors
    /// When there is not so much left of it.
    pub fn refund_in_dashboard(&self, charge: &str, amount: Option<u64>) -> Result<String, Impossible> {
        self.change(|account| refunds::by_dashboard(account, charge, amount))
    }

    /// Somebody takes off a refund in the dashboard what it was named by.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn take_metadata_off(&self, refund: &str) -> Result<(), Impossible> {
        self.change(|account| {
            account.refunds.get_mut(refund, "refund")?.metadata.clear();
            Ok(())
        })
    }

    /// A refund that is pending ends; one of a card whose refunds fail later does so.
    ///
    /// # Errors
    /// When it has ended.
    pub fn end_refund(&self, refund: &str, succeeds: bool) -> Result<(), Impossible> {
        self.change(|account| refunds::end(account, refund, succeeds))
    }

    /// The owner of the card disputes a charge. Returns the dispute's name.
    ///
    /// # Errors
    /// When the charge is disputed already, or there is none.
    pub fn dispute(&self, charge: &str) -> Result<String, Impossible> {
        self.change(|account| disputes::open(account, charge))
    }

    /// The shop answers a dispute in the dashboard.
    ///
    /// # Errors
    /// When the bank has decided.
    pub fn answer_dispute(&self, dispute: &str) -> Result<(), Impossible> {
        self.change(|account| disputes::answer(account, dispute))
    }

    /// The bank decides on a dispute.
    ///
    /// # Errors
    /// When it has.
    pub fn close_dispute(&self, dispute: &str, is_won: bool) -> Result<(), Impossible> {
        self.change(|account| disputes::close(account, dispute, is_won))
    }

    /// Puts the clock forward: keys are forgotten, events are signed later.
    pub fn put_clock_forward(&self, by: Duration) {
        self.clock.put_forward(by.as_secs());
    }

    fn change<T>(&self, how: impl FnOnce(&mut Account) -> Result<T, ApiError>) -> Result<T, Impossible> {
        let (result, untold) = {
            let mut state = self.state();
            state.account.now_s = self.clock.now_s();
            let result = how(&mut state.account);
            (result, std::mem::take(&mut state.account.untold))
        };
        self.tell(untold);
        Ok(result?)
    }

    /// Answers what comes under `/_control/`.
    pub(crate) fn control(&self, asked: &Asked) -> Answer {
        let path = asked.path.trim_start_matches("/_control/");
        let parts: Vec<&str> = path.split('/').collect();
        let result = match asked.method {
            Method::GET => self.show(path),
            _ => self.act(&parts, &asked.body),
        };
        result.map_err(|Impossible(error)| error).into()
    }

    fn show(&self, path: &str) -> Result<Value, Impossible> {
        Ok(match path {
            "books" => json!(self.books()),
            "exchanges" => json!(self.exchanges()),
            "counts" => json!(self.counts()),
            "held" => json!(self.held()),
            "violations" => json!(self.violations()),
            "events" => json!(self.events()),
            "faults" => json!(self.state().fates.faults),
            "webhooks" => json!(self.webhooks.settings()),
            "webhooks/counts" => json!(self.webhook_counts()),
            _ => return Err(ApiError::unrecognized("GET", path).into()),
        })
    }

    fn act(&self, parts: &[&str], body: &[u8]) -> Result<Value, Impossible> {
        match parts {
            ["faults"] => self.set_faults(read(body)?),
            ["planned"] => self.plan(read(body)?),
            ["let_go"] => self.let_go(),
            ["webhooks"] => self.set_webhooks(read(body)?),
            ["events", event, "deliver"] => self.deliver(event)?,
            ["payment_intents", intent, "complete"] => self.complete(intent, read::<Ends>(body)?.succeeds)?,
            ["charges", charge, "refund"] => {
                let Part { amount } = if body.is_empty() { Part::default() } else { read(body)? };
                return Ok(json!({ "refund": self.refund_in_dashboard(charge, amount)? }));
            }
            ["charges", charge, "dispute"] => return Ok(json!({ "dispute": self.dispute(charge)? })),
            ["disputes", dispute, "answer"] => self.answer_dispute(dispute)?,
            ["disputes", dispute, "close"] => self.close_dispute(dispute, read::<Ends>(body)?.succeeds)?,
            ["refunds", refund, "end"] => self.end_refund(refund, read::<Ends>(body)?.succeeds)?,
            ["clock"] => self.put_clock_forward(Duration::from_secs(read::<Forward>(body)?.seconds)),
            _ => return Err(ApiError::unrecognized("POST", &parts.join("/")).into()),
        }
        Ok(json!({}))
    }
}

/// How something ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    succeeds: bool,
}

/// How much of something.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    amount: Option<u64>,
}

/// By how much.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forward {
    seconds: u64,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_value(json(body)?).map_err(|error| ApiError::invalid(error.to_string()))
}
