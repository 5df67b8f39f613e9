//! One attempt to charge, from its claim to the last word on it.

use std::time::Duration;

use super::office::{CALL_TIMEOUT, LOOK_WHILE_HELD, Office, check_gateway};
use super::{NoFinalWord, Progress, Seen};
use crate::domain::{
    Answer, Command, Order, OrderStatus, Payment, PaymentId, PaymentStage, RecordAction, RecordIntent,
    SettleCharge,
};
use crate::failpoint;
use crate::gateway::{Confirmation, GatewayCall, GatewayError, IntentState, NewIntent, Prepared, Source};
use crate::store::StoreError;

/// How long before the end of the grace an intent is cancelled, at most half of the grace: the answer has to be
/// committed while the order is still held. It covers a slow call and the longest pause before it.
pub const CANCEL_LEAD: Duration = Duration::from_secs(15);

/// How often to look whether the buyer has done what they have to: nobody may hear of it otherwise.
pub const LOOK_FOR_BUYER_EVERY: Duration = Duration::from_secs(30);

/// How often to look whether the gateway is through with it.
const LOOK_FOR_GATEWAY_EVERY: Duration = Duration::from_secs(5);

/// How long to look for what was made for a payment in a history that a restore left: it takes reading a list of all that
/// was made since, a hundred at a time.
const FIND_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// What an attempt is declined with that was given up without the gateway having declined it.
pub const ABANDONED: &str = "abandoned";

/// Times that one run goes on with the row that a command answered. Twice is the most that it takes, and each answer is
/// nearer to the end; this is for a mistake.
const MAX_STEPS: usize = 8;

/// Takes a charge as far as it gets now. `failures` is how often that failed lately, by the caller's knowledge.
///
/// # Errors
/// When the outcome is not known, or not committed. The next run reads first.
pub async fn charge<O: Office>(
    office: &O,
    payment: PaymentId,
    failures: u32,
) -> Result<Progress, NoFinalWord> {
    let Some(Seen { payment, order, sales_held, is_restored }) = office.look(payment)? else {
        return Ok(Progress::Done);
    };
    if payment.stage().is_none() {
        return Ok(Progress::Done);
    }
    if sales_held {
        return Ok(Progress::Later(LOOK_WHILE_HELD));
    }
    check_gateway(office, &payment)?;
    let cancel_at_ms = cancel_at_ms(&order, &payment);
    let mut run = Run { office, payment, cancel_at_ms, failures, is_fresh: false, is_restored };
    for _ in 0..MAX_STEPS {
        if run.payment.stage().is_none() {
            return Ok(Progress::Done);
        }
        if let Some(later) = run.step().await? {
            return Ok(Progress::Later(later));
        }
    }
    Ok(Progress::Later(LOOK_FOR_GATEWAY_EVERY))
}

/// When to cancel the attempt's intent, in milliseconds on the replicated clock: at once, if the order or its buyer does
/// not wait for this attempt any more.
fn cancel_at_ms(order: &Order, payment: &Payment) -> u64 {
    if payment.is_withdrawn()
        || order.status() != OrderStatus::AwaitingPayment
        || order.payment != Some(payment.id)
    {
        return 0;
    }
    let held_until_ms = order.held_until_ms.unwrap_or(order.expires_at_ms);
    let grace_ms = held_until_ms.saturating_sub(order.expires_at_ms);
    let lead_ms = u64::try_from(CANCEL_LEAD.as_millis()).unwrap_or(u64::MAX).min(grace_ms / 2);
    held_until_ms.saturating_sub(lead_ms)
}

/// How long until the intent of an attempt under way is to be cancelled, by the state as it is here; `None` for what is
/// not under way.
///
/// # Errors
/// When the state cannot be read.
pub fn cancel_in<O: Office>(office: &O, payment: PaymentId) -> Result<Option<Duration>, StoreError> {
    let seen = office.look(payment)?.filter(|seen| seen.payment.stage().is_some());
    let at_ms = seen.map(|seen| cancel_at_ms(&seen.order, &seen.payment));
    Ok(at_ms.map(|at_ms| Duration::from_millis(at_ms.saturating_sub(office.now_ms()))))
}

/// One run of an attempt.
struct Run<'o, O> {
    office: &'o O,
    /// As the last command answered it, or as the state had it.
    payment: Payment,
    cancel_at_ms: u64,
    failures: u32,
    /// This run made the intent that is on record: nobody can have confirmed it before.
    is_fresh: bool,
    /// See [`Seen::is_restored`].
    is_restored: bool,
}

impl<O: Office> Run<'_, O> {
    /// Makes one call, or a few that belong together, and commits what comes of it. Says how long nothing can be done,
    /// if nothing can.
    async fn step(&mut self) -> Result<Option<Duration>, NoFinalWord> {
        let Some(intent) = self.intent() else {
            if !(self.is_restored && self.adopt().await?) {
                self.prepare().await?;
            }
            return Ok(None);
        };
        if self.time_left().is_none() {
            let state = self.cancel(&intent).await?;
            return self.end(state, None).await;
        }
        match self.find_out(&intent).await? {
            Found::State(IntentState::Declined { code }) => {
                let state = self.cancel(&intent).await?;
                self.end(state, Some(code)).await
            }
            Found::State(state @ (IntentState::Succeeded { .. } | IntentState::Canceled { .. })) => {
                self.end(state, None).await
            }
            Found::State(IntentState::ActionRequired(_)) => {
                self.record_action(intent).await?;
                Ok(self.payment.stage().map(|_| self.at_most_until_the_end(LOOK_FOR_BUYER_EVERY)))
            }
            Found::State(IntentState::Unconfirmed) => {
                Ok(Some(self.at_most_until_the_end(LOOK_FOR_BUYER_EVERY)))
            }
            Found::State(IntentState::Processing) => {
                Ok(Some(self.at_most_until_the_end(LOOK_FOR_GATEWAY_EVERY)))
            }
            Found::Refused { code } => {
                let state = self.cancel(&intent).await?;
                self.end(state, Some(code)).await
            }
            Found::NothingInTime => Ok(None),
        }
    }

    /// The intent that may be confirmed, read and cancelled, if there is one.
    fn intent(&self) -> Option<String> {
        let on_record = Some(&self.payment.intent).filter(|intent| !intent.is_empty()).cloned();
        on_record.or_else(|| self.office.gateway().known_intent(self.payment.id))
    }

    /// How long until the intent has to be cancelled; `None` once that is due.
    fn time_left(&self) -> Option<Duration> {
        if self.payment.is_withdrawn() {
            return None;
        }
        let left_ms = self.cancel_at_ms.saturating_sub(self.office.now_ms());
        (left_ms > 0).then(|| Duration::from_millis(left_ms))
    }

    fn at_most_until_the_end(&self, pause: Duration) -> Duration {
        pause.min(self.time_left().unwrap_or_default())
    }

    /// Has no intent be confirmed any more that was made for the payment in a history that a restore left, and records the
    /// one for which that is too late. Without it, whoever paid after the backup would pay once more.
    async fn adopt(&mut self) -> Result<bool, NoFinalWord> {
        let (payment, from_ms) = (self.payment.id, self.payment.created_at_ms);
        let made =
            self.call("find", FIND_TIMEOUT, self.office.gateway().intents_of(payment, from_ms)).await?;
        for intent in made {
            if !matches!(self.cancel(&intent).await?, IntentState::Canceled { .. }) {
                let record = RecordIntent { payment, intent, method: String::new() };
                self.commit(Command::RecordIntent(record)).await?;
                return Ok(true);
            }
        }
        // Nothing of the sort is left: it need not be looked for again in this run.
        self.is_restored = false;
        Ok(false)
    }

    /// Has an intent made, and recorded if there is none by then. A payment that never gets one moves no money: it may
    /// end without.
    async fn prepare(&mut self) -> Result<(), NoFinalWord> {
        if self.time_left().is_none() {
            return self.settle(failed(&self.payment, ABANDONED.to_owned())).await;
        }
        let payment = &self.payment;
        let new = NewIntent {
            payment: payment.id,
            order: payment.order,
            try_number: self.failures.saturating_add(1),
            amount_minor: payment.amount_minor,
            currency: payment.currency.clone(),
            source: Source::of(&payment.source, payment.in_browser),
        };
        failpoint::reach("before-create");
        let made = self.call("create", CALL_TIMEOUT, self.office.gateway().prepare(&new)).await;
        failpoint::reach("after-create");
        match made {
            Ok(Prepared { intent, method }) => {
                let source = method.clone().unwrap_or_else(|| payment.source.clone());
                let method = method.unwrap_or_default();
                let record = RecordIntent { payment: payment.id, intent: intent.clone(), method };
                self.commit(Command::RecordIntent(record)).await?;
                failpoint::reach("after-record");
                self.is_fresh = self.payment.intent == intent;
                // An answer holds no source.
                self.payment.source = source;
                Ok(())
            }
            Err(NoFinalWord::Gateway(GatewayError::Refused { code, .. })) => {
                self.settle(failed(&self.payment, code)).await
            }
            Err(error) => Err(error),
        }
    }

    /// Where the intent stands, confirmed if it is for us to confirm it and nobody has.
    async fn find_out(&mut self, intent: &str) -> Result<Found, NoFinalWord> {
        // Nothing is to be read of an intent that nobody can have confirmed, nor of one that is never forgotten.
        let is_known = self.payment.intent.is_empty();
        if !(std::mem::take(&mut self.is_fresh) || is_known) || self.payment.in_browser {
            let state = self.read(intent).await?;
            if self.payment.in_browser || state != IntentState::Unconfirmed {
                return Ok(Found::State(state));
            }
        }
        match self.confirm(intent).await {
            Ok(IntentState::Unconfirmed) => Err(NoFinalWord::StillOpen(IntentState::Unconfirmed)),
            Ok(state) => Ok(Found::State(state)),
            Err(NoFinalWord::Gateway(GatewayError::Refused { code, .. })) => {
                // Somebody else may have confirmed it meanwhile: that is why it may be refused.
                match self.read(intent).await? {
                    IntentState::Unconfirmed | IntentState::Declined { .. } => Ok(Found::Refused { code }),
                    state => Ok(Found::State(state)),
                }
            }
            // It was given up because it has to be cancelled now.
            Err(NoFinalWord::TimedOut) if self.time_left().is_none() => Ok(Found::NothingInTime),
            Err(error) => Err(error),
        }
    }

    async fn confirm(&self, intent: &str) -> Result<IntentState, NoFinalWord> {
        let confirmation = Confirmation {
            payment: self.payment.id,
            order: self.payment.order,
            intent: intent.to_owned(),
            amount_minor: self.payment.amount_minor,
            currency: self.payment.currency.clone(),
            source: Source::of(&self.payment.source, false),
        };
        failpoint::reach("before-charge");
        let limit = self.at_most_until_the_end(CALL_TIMEOUT);
        let state = self.call("confirm", limit, self.office.gateway().confirm(&confirmation)).await?;
        failpoint::reach("after-charge");
        Ok(state)
    }

    async fn read(&self, intent: &str) -> Result<IntentState, NoFinalWord> {
        let limit = self.at_most_until_the_end(CALL_TIMEOUT);
        self.call("read", limit, self.office.gateway().read(intent)).await
    }

    async fn cancel(&self, intent: &str) -> Result<IntentState, NoFinalWord> {
        failpoint::reach("before-cancel");
        let state = self.call("cancel", CALL_TIMEOUT, self.office.gateway().cancel(intent)).await?;
        failpoint::reach("after-cancel");
        Ok(state)
    }

    async fn call<T: Send>(
        &self,
        name: &'static str,
        limit: Duration,
        under_way: GatewayCall<'_, T>,
    ) -> Result<T, NoFinalWord> {
        self.office.answered(name, limit, under_way).await
    }

    /// Commits the final word of the intent. Only a success or a cancellation is one.
    async fn end(
        &mut self,
        state: IntentState,
        declined: Option<String>,
    ) -> Result<Option<Duration>, NoFinalWord> {
        let settled = match state {
            IntentState::Succeeded { charge } => SettleCharge {
                payment: self.payment.id,
                succeeded: true,
                charge,
                decline_code: String::new(),
                intent: self.payment.intent.clone(),
            },
            IntentState::Canceled { code } => {
                let code = declined.or(code).unwrap_or_else(|| ABANDONED.to_owned());
                failed(&self.payment, code)
            }
            open => return Err(NoFinalWord::StillOpen(open)),
        };
        self.settle(settled).await?;
        Ok(None)
    }

    async fn settle(&mut self, settled: SettleCharge) -> Result<(), NoFinalWord> {
        if self.is_settled()? {
            return Ok(());
        }
        failpoint::reach("before-outcome");
        self.commit(Command::SettleCharge(settled)).await?;
        failpoint::reach("after-outcome");
        Ok(())
    }

    /// Whether the outcome is committed already, as far as it is known here: by whoever else heard of it, or along with the
    /// charge. To commit it once more would change nothing.
    fn is_settled(&mut self) -> Result<bool, NoFinalWord> {
        let seen = self.office.look(self.payment.id)?.filter(|seen| seen.payment.stage().is_none());
        Ok(seen.map(|seen| self.payment = seen.payment).is_some())
    }

    async fn record_action(&mut self, intent: String) -> Result<(), NoFinalWord> {
        // The browser that confirms knows by itself what to do next.
        if self.payment.in_browser || self.payment.stage() != Some(PaymentStage::Prepared) {
            return Ok(());
        }
        self.commit(Command::RecordAction(RecordAction { payment: self.payment.id, intent })).await
    }

    async fn commit(&mut self, command: Command) -> Result<(), NoFinalWord> {
        match self.office.commit(command).await? {
            Answer::Payment(payment) => {
                let source = std::mem::take(&mut self.payment.source);
                self.payment = Payment { source, ..payment };
                Ok(())
            }
            _ => Err(NoFinalWord::UnexpectedAnswer),
        }
    }
}

/// What is known of an intent that was confirmed, or looked at.
enum Found {
    State(IntentState),
    /// It will never be confirmed like this.
    Refused {
        code: String,
    },
    /// Nothing, and now it has to be cancelled.
    NothingInTime,
}

/// The word that no money moved, and none will: only once the intent on record, if there is one, can move none.
fn failed(payment: &Payment, decline_code: String) -> SettleCharge {
    SettleCharge {
        payment: payment.id,
        succeeded: false,
        charge: String::new(),
        decline_code,
        intent: payment.intent.clone(),
    }
}
