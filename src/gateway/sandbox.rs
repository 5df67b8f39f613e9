//! The sandbox gateway: play money, for trying things out. No account, no network.
//!
//! Its books lie in the replicated state, written by commands of their own: what it charged is durable on a quorum
//! before it says so, and every leader sees the same books. An intent is a key in them, named after its payment: there
//! is nothing to prepare, and the first word on it is the last.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::{
    ClientSecret, Confirmation, Gateway, GatewayCall, GatewayError, IntentState, NewIntent, Prepared,
    RefundRequest, RefundState, Refunded, Source,
};
use crate::domain::{
    Answer, Command, Payment, PaymentId, RejectionCode, SANDBOX_NO_CARD, SANDBOX_SLOW_SOURCE, SandboxCharge,
    SandboxEntry, SandboxRefund,
};
use crate::replica::{OwnCommandError, Replica, WAIT_LIMIT};

/// Begins the names of charges in books that were a file of each replica. Nobody reads that any more: its play
/// money counts as given back, rather than being asked for again and again.
const OLD_CHARGE_PREFIX: &str = "sandbox_";

/// The feature level from which on an instant charge settles its payment in the same command: an older replica would
/// charge, and settle nothing. A slow one stays two commands, as a real gateway's word comes on its own.
const SETTLES_SINCE_LEVEL: u32 = 2;

/// The sandbox gateway.
#[derive(Clone)]
pub struct Sandbox {
    replica: Replica,
    slow_for: Duration,
    /// Slow charges that are under way, and what becomes of each. As with a real gateway they come to pass even if
    /// whoever asked does not wait, and until then nothing else is done with their intents.
    slow: Arc<Mutex<BTreeMap<PaymentId, Slow>>>,
}

/// What becomes of a slow charge, once it is known.
type Slow = watch::Receiver<Option<Result<SandboxEntry, GatewayError>>>;

impl Sandbox {
    /// The sandbox whose books this replica has. `tok_slow` is answered after `slow_for`.
    pub fn new(replica: Replica, slow_for: Duration) -> Self {
        Self { replica, slow_for, slow: Arc::default() }
    }

    async fn charge(&self, charge: SandboxCharge) -> Result<SandboxEntry, GatewayError> {
        self.enter(Command::SandboxCharge(charge)).await
    }

    /// Has the books written, by a leader, whoever that is by now: the log says which word on a key came first.
    async fn enter(&self, command: Command) -> Result<SandboxEntry, GatewayError> {
        match self.replica.submit_own(command).await {
            Ok(Answer::SandboxEntry(entry)) => Ok(entry),
            Ok(_) => Err(GatewayError::Unknown("the command answered with something else".into())),
            Err(OwnCommandError::Rejected(rejection)) if rejection.code() == RejectionCode::NotFound => {
                Err(GatewayError::Refused {
                    code: "not_charged".into(),
                    message: "it was never charged".into(),
                })
            }
            Err(OwnCommandError::Rejected(rejection))
                if rejection.code() == RejectionCode::RefundTooLarge =>
            {
                Err(GatewayError::Refused {
                    code: "charge_already_refunded".into(),
                    message: "so much is not left".into(),
                })
            }
            Err(error) => Err(no_answer(error)),
        }
    }

    /// Begins a slow charge, or joins the one that is under way.
    fn charge_slowly(&self, charge: SandboxCharge) -> Slow {
        let key = charge.key;
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(under_way) = slow.get(&key) {
            return under_way.clone();
        }
        let (tell, told) = watch::channel(None);
        slow.insert(key, told.clone());
        let sandbox = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(sandbox.slow_for).await;
            let answer = sandbox.charge(charge).await;
            sandbox.slow.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            tell.send_replace(Some(answer));
        });
        told
    }

    fn is_under_way(&self, key: PaymentId) -> bool {
        self.slow.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&key)
    }

    /// What the books say of a key. A replica that was deposed and does not know it yet must not take an older
    /// state for the books: a payment would count as not charged although it was.
    async fn find(&self, key: PaymentId) -> Result<Option<SandboxEntry>, GatewayError> {
        self.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await.map_err(no_answer)?;
        self.replica.view().and_then(|view| view.sandbox_entry(key)).map_err(no_answer)
    }

    /// What would make the first word on a key a decline, if there was none before.
    fn cancellation(&self, key: PaymentId) -> Result<SandboxCharge, GatewayError> {
        let payment = self.replica.view().and_then(|view| view.payment(key)).map_err(no_answer)?;
        let payment = payment.ok_or_else(|| no_such_intent(key))?;
        let source = SANDBOX_NO_CARD.to_owned();
        let Payment { amount_minor, currency, .. } = payment;
        Ok(SandboxCharge { key, amount_minor, currency, source, settles: false })
    }
}

impl Gateway for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    /// Payments of versions that knew no other gateway have no mark.
    fn mark(&self) -> &'static str {
        ""
    }

    fn known_intent(&self, payment: PaymentId) -> Option<String> {
        Some(SandboxEntry::name_of(payment))
    }

    fn publishable_key(&self) -> Option<&str> {
        None
    }

    fn prepare<'a>(&'a self, intent: &'a NewIntent) -> GatewayCall<'a, Prepared> {
        let intent = SandboxEntry::name_of(intent.payment);
        Box::pin(async move { Ok(Prepared { intent, method: None }) })
    }

    fn confirm<'a>(&'a self, confirmation: &'a Confirmation) -> GatewayCall<'a, IntentState> {
        Box::pin(async move {
            let key = key_of(&confirmation.intent)?;
            let Confirmation { amount_minor, currency, source, .. } = confirmation.clone();
            let source = match source {
                Source::Token(name) | Source::Method(name) => name,
                Source::Browser => return Err(serves_no_browser()),
            };
            let is_slow = source == SANDBOX_SLOW_SOURCE;
            let charge = SandboxCharge { key, amount_minor, currency, source, settles: false };
            if !is_slow {
                let settles = self.replica.level() >= SETTLES_SINCE_LEVEL;
                return self.charge(SandboxCharge { settles, ..charge }).await.map(state);
            }
            let mut slow = self.charge_slowly(charge);
            let answer = slow.wait_for(Option::is_some).await.map_err(no_answer)?.clone();
            answer.unwrap_or_else(|| Err(GatewayError::Unknown("it says nothing".into()))).map(state)
        })
    }

    fn read<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        Box::pin(async move {
            let key = key_of(intent)?;
            if self.is_under_way(key) {
                return Ok(IntentState::Processing);
            }
            Ok(self.find(key).await?.map_or(IntentState::Unconfirmed, state))
        })
    }

    fn cancel<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        Box::pin(async move {
            let key = key_of(intent)?;
            if self.is_under_way(key) {
                return Err(GatewayError::Busy { retry_after: None });
            }
            let entry = self.charge(self.cancellation(key)?).await?;
            Ok(if entry.is_of_no_card() { IntentState::Canceled { code: None } } else { state(entry) })
        })
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> GatewayCall<'a, Refunded> {
        Box::pin(async move {
            let mut wanted = SandboxRefund { key: request.payment, ..SandboxRefund::default() };
            // Without an amount it is all, for which the first replicas have no name.
            if let Some(amount_minor) = request.amount_minor {
                wanted = SandboxRefund { refund: request.refund.clone(), amount_minor, ..wanted };
            }
            let named = if wanted.refund.is_empty() { &request.charge } else { &request.refund };
            if !request.charge.starts_with(OLD_CHARGE_PREFIX) {
                self.enter(Command::SandboxRefund(wanted)).await?;
            }
            Ok(Refunded { refund: named.clone(), state: RefundState::Succeeded })
        })
    }

    fn browser_secret<'a>(&'a self, _: &'a str) -> GatewayCall<'a, ClientSecret> {
        Box::pin(async { Err(serves_no_browser()) })
    }
}

/// A declined key is never charged any more, which is what a cancelled intent is.
fn state(entry: SandboxEntry) -> IntentState {
    if entry.is_charged() {
        IntentState::Succeeded { charge: entry.charge() }
    } else {
        IntentState::Canceled { code: Some(entry.decline_code) }
    }
}

fn key_of(intent: &str) -> Result<PaymentId, GatewayError> {
    SandboxEntry::key_of(intent).ok_or_else(|| no_such_intent(intent))
}

/// Whatever it is, the sandbox can say nothing of it, and so nothing final.
fn no_such_intent(intent: impl std::fmt::Display) -> GatewayError {
    GatewayError::Unknown(format!("{intent} is no intent of the sandbox"))
}

fn serves_no_browser() -> GatewayError {
    let message = "the sandbox serves no browser".to_owned();
    GatewayError::Refused { code: "no_browser".to_owned(), message }
}

fn no_answer(error: impl ToString) -> GatewayError {
    GatewayError::Unknown(error.to_string())
}
