//! A gateway in memory: what it was asked, what it did, and what it says of it, each when the test has it so.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use boxoffice::domain::{OrderId, PaymentId};
use boxoffice::gateway::{
    Confirmation, GatewayError, IntentState, KnownRefund, NewIntent, NextAction, Prepared, RefundRequest,
    RefundState, Refunded, Source,
};

/// Charged at once.
pub(crate) const PAYS: &str = "pm_pays";
/// Declined the first time; whoever confirms it again charges it.
pub(crate) const DECLINES: &str = "pm_declines";
/// The buyer has to act.
pub(crate) const ACTS: &str = "pm_acts";
/// The gateway takes a while.
pub(crate) const TAKES_LONG: &str = "pm_takes_long";
/// No intent is made of it, or none that can be confirmed.
pub(crate) const REFUSED: &str = "pm_refused";
/// Charged at once, and good for one intent.
pub(crate) const ONCE: &str = "tok_once";
/// An intent is made of it, and no confirmation accepted.
pub(crate) const CANNOT_CONFIRM: &str = "pm_cannot_confirm";

/// Begins the names of refunds that somebody made by hand.
pub(crate) const BY_HAND: &str = "by-hand-";

/// What is asked of the gateway.
#[derive(Clone)]
pub(crate) enum Asked {
    Prepare(NewIntent),
    Confirm(Confirmation),
    Read(String),
    Cancel(String),
    Refund(RefundRequest),
    Refunds(String),
}

/// What it says.
#[derive(Clone)]
pub(crate) enum Said {
    Prepared(Prepared),
    State(IntentState),
    Refunded(Refunded),
    Refunds(Vec<KnownRefund>),
}

/// An answer that somebody waits for.
pub(crate) struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Slot<T> {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// Gives the answer, unless one was given.
    pub(crate) fn give(&self, answer: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(answer);
    }
}

impl<T> Future for Slot<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        // Nobody is woken: the test asks everybody after each of its steps.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Poll::Pending, Poll::Ready)
    }
}

/// One intent in the gateway's books.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) payment: PaymentId,
    pub(crate) order: OrderId,
    pub(crate) amount_minor: u64,
    pub(crate) state: IntentState,
    source: String,
    declined_before: bool,
    pub(crate) charges: u32,
    /// What went back under which name, in minor units.
    pub(crate) refunds: BTreeMap<String, u64>,
}

/// The gateway's books.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) intents: BTreeMap<String, Intent>,
    /// What was made under which key.
    made: BTreeMap<(PaymentId, u32), String>,
    /// An intent's name follows from its payment, and it is there once somebody asks.
    pub(crate) knows_all: bool,
    /// Names of refunds that come to nothing.
    pub(crate) failing: BTreeSet<String>,
    /// Names of refunds that it is at.
    begun: BTreeSet<String>,
    /// Says that it cancels and does not: a gateway that nobody could be safe with.
    pub(crate) lies: bool,
}

impl Books {
    pub(crate) fn known_intent(payment: PaymentId) -> String {
        format!("known:{payment}")
    }

    /// Does what is asked.
    pub(crate) fn serve(&mut self, asked: &Asked) -> Result<Said, GatewayError> {
        match asked {
            Asked::Prepare(new) => self.prepare(new).map(Said::Prepared),
            Asked::Confirm(confirmation) => self.confirm(confirmation).map(Said::State),
            Asked::Read(intent) => self.read(intent).map(Said::State),
            Asked::Cancel(intent) => self.cancel(intent).map(Said::State),
            Asked::Refund(request) => self.refund(request).map(Said::Refunded),
            Asked::Refunds(intent) => self.refunds(intent).map(Said::Refunds),
        }
    }

    fn prepare(&mut self, new: &NewIntent) -> Result<Prepared, GatewayError> {
        let source = match &new.source {
            Source::Token(name) | Source::Method(name) => name.clone(),
            Source::Browser => String::new(),
        };
        if source == REFUSED {
            return Err(refused("no_such_method"));
        }
        let is_known = self.made.contains_key(&(new.payment, new.try_number));
        if source == ONCE && !is_known && self.intents.values().any(|other| other.payment == new.payment) {
            return Err(refused("token_used"));
        }
        let name = format!("pi_{}", self.intents.len());
        let intent = self.made.entry((new.payment, new.try_number)).or_insert(name).clone();
        self.intents
            .entry(intent.clone())
            .or_insert_with(|| Intent::new(new.payment, new.order, new.amount_minor, source));
        Ok(Prepared { intent, method: None })
    }

    fn confirm(&mut self, confirmation: &Confirmation) -> Result<IntentState, GatewayError> {
        let Confirmation { payment, order, intent, amount_minor, source, .. } = confirmation;
        if self.knows_all {
            let (Source::Token(source) | Source::Method(source)) = source else {
                return Err(refused("no_browser"));
            };
            let new = || Intent::new(*payment, *order, *amount_minor, source.clone());
            self.intents.entry(intent.clone()).or_insert_with(new);
        }
        let intent = self.intents.get_mut(intent).ok_or_else(unknown)?;
        let source = intent.source.clone();
        intent.confirm(&source)
    }

    fn read(&self, intent: &str) -> Result<IntentState, GatewayError> {
        match self.intents.get(intent) {
            Some(intent) => Ok(intent.state.clone()),
            None if self.knows_all => Ok(IntentState::Unconfirmed),
            None => Err(unknown()),
        }
    }

    fn cancel(&mut self, name: &str) -> Result<IntentState, GatewayError> {
        if self.lies {
            return Ok(IntentState::Canceled { code: None });
        }
        if self.knows_all && !self.intents.contains_key(name) {
            let payment = name.strip_prefix("known:").and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
            let mut intent = Intent::new(payment, OrderId::default(), 0, String::new());
            intent.state = IntentState::Canceled { code: None };
            self.intents.insert(name.to_owned(), intent);
        }
        let intent = self.intents.get_mut(name).ok_or_else(unknown)?;
        let is_open = matches!(
            intent.state,
            IntentState::Unconfirmed | IntentState::ActionRequired(_) | IntentState::Declined { .. }
        );
        if is_open {
            intent.state = IntentState::Canceled { code: None };
        }
        Ok(intent.state.clone())
    }

    fn refund(&mut self, request: &RefundRequest) -> Result<Refunded, GatewayError> {
        let intent =
            if self.knows_all { Self::known_intent(request.payment) } else { request.intent.clone() };
        let intent = self.intents.get_mut(&intent).ok_or_else(unknown)?;
        if intent.charges == 0 {
            return Err(refused("not_charged"));
        }
        let name = request.refund.clone();
        if self.failing.contains(&name) {
            let state = RefundState::Failed { code: "lost_or_stolen_card".into() };
            return Ok(Refunded { refund: format!("re_{name}"), state });
        }
        let takes_a_while = name.ends_with(|last: char| last.is_ascii_alphabetic());
        let is_new = !intent.refunds.contains_key(&name);
        if is_new && takes_a_while && self.begun.insert(name.clone()) {
            return Ok(Refunded { refund: format!("re_{name}"), state: RefundState::Pending });
        }
        let amount_minor = request.amount_minor.unwrap_or(intent.amount_minor);
        if is_new && intent.refunds.values().sum::<u64>() + amount_minor > intent.amount_minor {
            return Err(refused("charge_already_refunded"));
        }
        intent.refunds.insert(name.clone(), amount_minor);
        Ok(Refunded { refund: format!("re_{name}"), state: RefundState::Succeeded })
    }

    /// All that went back. What it is at, or failed to do, was asked for by name, and is told to whoever asks again.
    fn refunds(&self, intent: &str) -> Result<Vec<KnownRefund>, GatewayError> {
        let intent = self.intents.get(intent).ok_or_else(unknown)?;
        let known = |(name, amount_minor): (&String, &u64)| KnownRefund {
            refund: format!("re_{name}"),
            name: Some(name.clone()).filter(|name| !name.starts_with(BY_HAND)),
            amount_minor: *amount_minor,
            currency: "usd".to_owned(),
            state: RefundState::Succeeded,
        };
        Ok(intent.refunds.iter().map(known).collect())
    }

    /// Somebody gives money of an intent's charge back, and says whether so much is left of it.
    pub(crate) fn refund_by_hand(&mut self, intent: &str, number: u64, half: bool) -> bool {
        let Some(intent) = self.intents.get_mut(intent).filter(|intent| intent.charges > 0) else {
            return false;
        };
        let left_minor = intent.amount_minor - intent.refunds.values().sum::<u64>();
        let amount_minor = if half { intent.amount_minor / 2 } else { left_minor };
        let is_left = (1..=left_minor).contains(&amount_minor);
        if is_left {
            intent.refunds.insert(format!("{BY_HAND}{number}"), amount_minor);
        }
        is_left
    }

    /// The buyer's browser confirms an intent, whose secret it was given.
    pub(crate) fn confirm_in_browser(&mut self, intent: &str, source: &str) {
        if let Some(intent) = self.intents.get_mut(intent) {
            let _ = intent.confirm(source);
        }
    }

    /// The buyer does what they have to, or the gateway is through with it.
    pub(crate) fn go_on(&mut self, intent: &str, well: bool) {
        if let Some(intent) = self.intents.get_mut(intent) {
            let waits = matches!(intent.state, IntentState::ActionRequired(_) | IntentState::Processing);
            match (waits, well) {
                (true, true) => intent.charge(),
                (true, false) => intent.state = IntentState::Declined { code: "authentication".into() },
                (false, _) => {}
            }
        }
    }
}

impl Intent {
    fn new(payment: PaymentId, order: OrderId, amount_minor: u64, source: String) -> Self {
        Self {
            payment,
            order,
            amount_minor,
            state: IntentState::Unconfirmed,
            source,
            declined_before: false,
            charges: 0,
            refunds: BTreeMap::new(),
        }
    }

    fn charge(&mut self) {
        self.charges += 1;
        self.state = IntentState::Succeeded { charge: "charge".to_owned() };
    }

    fn confirm(&mut self, source: &str) -> Result<IntentState, GatewayError> {
        if !matches!(self.state, IntentState::Unconfirmed | IntentState::Declined { .. }) {
            return Ok(self.state.clone());
        }
        match source {
            CANNOT_CONFIRM => return Err(refused("cannot_confirm")),
            DECLINES if !self.declined_before => {
                self.declined_before = true;
                self.state = IntentState::Declined { code: "insufficient_funds".into() };
            }
            ACTS => {
                let (kind, url, client_secret) = ("redirect".to_owned(), None, None);
                self.state = IntentState::ActionRequired(NextAction { kind, url, client_secret });
            }
            TAKES_LONG => self.state = IntentState::Processing,
            _ => self.charge(),
        }
        Ok(self.state.clone())
    }
}

fn unknown() -> GatewayError {
    GatewayError::Unknown("no such intent".into())
}

fn refused(code: &str) -> GatewayError {
    GatewayError::Refused { code: code.to_owned(), message: String::new() }
}
