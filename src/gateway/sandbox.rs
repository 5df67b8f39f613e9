//! The sandbox gateway: play money, for trying things out. No account, no network.
//!
//! Its books lie in the replicated state, written by commands of their own: what it charged is durable on a quorum
//! before it says so, and every leader sees the same books.

use std::time::Duration;

use tokio::time::Instant;

use super::{ChargeOutcome, ChargeRequest, Gateway, GatewayCall, GatewayError};
use crate::domain::{
    Answer, Command, PaymentId, RejectionCode, SANDBOX_SLOW_SOURCE, SandboxCharge, SandboxEntry,
    SandboxRefund,
};
use crate::replica::{OwnCommandError, Replica, WAIT_LIMIT};

/// Begins the names of charges in books that were a file of each replica. Nobody reads that any more: its play
/// money counts as given back, rather than being asked for again and again.
const OLD_CHARGE_PREFIX: &str = "sandbox_";

/// The sandbox gateway.
#[derive(Clone)]
pub struct Sandbox {
    replica: Replica,
    slow_for: Duration,
}

impl Sandbox {
    /// The sandbox whose books this replica has. `tok_slow` is answered after `slow_for`.
    pub fn new(replica: Replica, slow_for: Duration) -> Self {
        Self { replica, slow_for }
    }

    /// Has the books written, by a leader, whoever that is by now: the log says which word on a key came first.
    async fn enter(&self, command: Command) -> Result<SandboxEntry, GatewayError> {
        match self.replica.submit_own(command).await {
            Ok(Answer::SandboxEntry(entry)) => Ok(entry),
            Ok(_) => Err(GatewayError("the command answered with something else".into())),
            Err(OwnCommandError::Rejected(rejection)) if rejection.code() == RejectionCode::NotFound => {
                Err(GatewayError("it was never charged".into()))
            }
            Err(error) => Err(no_final_word(error)),
        }
    }

    /// What the books say of a key. A replica that was deposed and does not know it yet must not take an older
    /// state for the books: the payment would be given up although it was charged.
    async fn find(&self, key: PaymentId) -> Result<Option<SandboxEntry>, GatewayError> {
        self.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await.map_err(no_final_word)?;
        self.replica.view().and_then(|view| view.sandbox_entry(key)).map_err(no_final_word)
    }
}

impl Gateway for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn charge<'a>(&'a self, request: &'a ChargeRequest) -> GatewayCall<'a, ChargeOutcome> {
        Box::pin(async move {
            if request.source == SANDBOX_SLOW_SOURCE {
                tokio::time::sleep(self.slow_for).await;
            }
            let ChargeRequest { key, amount_minor, currency, source } = request.clone();
            let charge = SandboxCharge { key, amount_minor, currency, source };
            self.enter(Command::SandboxCharge(charge)).await.map(outcome)
        })
    }

    fn look_up(&self, key: PaymentId) -> GatewayCall<'_, Option<ChargeOutcome>> {
        Box::pin(async move { Ok(self.find(key).await?.map(outcome)) })
    }

    fn refund<'a>(&'a self, key: PaymentId, charge: &'a str) -> GatewayCall<'a, ()> {
        Box::pin(async move {
            if charge.starts_with(OLD_CHARGE_PREFIX) {
                return Ok(());
            }
            self.enter(Command::SandboxRefund(SandboxRefund { key })).await.map(drop)
        })
    }
}

fn outcome(entry: SandboxEntry) -> ChargeOutcome {
    if entry.is_charged() {
        ChargeOutcome::Succeeded { charge: entry.charge() }
    } else {
        ChargeOutcome::Declined { code: entry.decline_code }
    }
}

fn no_final_word(error: impl ToString) -> GatewayError {
    GatewayError(error.to_string())
}
