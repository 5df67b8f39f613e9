//! What Boxoffice decides: pure and deterministic.
//!
//! [`apply`] runs in log order on every replica and must do the same on each: no clock, no randomness, no
//! input or output in here. Whatever could differ is in the [`Envelope`] or in the time that comes with it.

mod account;
mod asker;
mod audit;
mod command;
mod consumer_group;
mod dispute;
mod draft;
mod event;
mod event_filter;
mod gateway_refund;
mod history;
mod hold;
mod id;
mod invariants;
mod keys;
mod ledger;
mod money_audit;
mod operator_key;
mod order;
mod payment;
mod refund;
mod refund_totals;
mod rejection;
mod reply;
mod sandbox;
mod sandbox_audit;
mod settlement;
#[cfg(test)]
mod stub;
mod tables;
mod ticket;
mod upkeep;
mod webhook_endpoint;
pub mod wire;
mod withdrawal;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use account::{MAX_SESSIONS_PER_USER, ResetToken, Session, User};
use asker::Party;
pub use asker::{Asker, Author, AuthorKind, KeyAuthor, Principal};
pub use audit::{Audit, Books};
pub use command::*;
pub use consumer_group::{
    ConsumerGroup, DeliveryFailure, Entity, Fetched, GroupAudit, GroupBooks, GroupOwner, GroupOwnerKind,
    GroupPut, GroupTables, LeasesSettled, MAX_ACK_WAIT_MS, MAX_DELIVERIES, MAX_GIVE_BACK_DELAY_MS,
    MAX_GIVE_BACK_REASON_CHARS, MAX_GROUP_NAME_CHARS, MAX_GROUPS_OF_USERS, MAX_GROUPS_PER_OWNER, MAX_LEASES,
    MAX_PARKED_EVENTS, MAX_PENDING_EVENTS, MAX_REDRIVEN, MIN_ACK_WAIT_MS, ParkedEvent, PendingEvent,
    PendingState, RESET_SEQUENCE, Redriven, ResetLease,
};
pub use dispute::{Dispute, MAX_DISPUTES_PER_PAYMENT};
use draft::{Draft, Writes};
pub use event::{Event, EventType, InvalidEventType, Subject, SubjectId};
pub use event_filter::{EventFilter, Viewer};
pub use history::{OrderTransition, TransitionReason};
pub use hold::Hold;
pub use id::*;
pub use invariants::Violation;
pub use keys::SigningKey;
pub use ledger::{Account, LedgerEntry, Movement};
pub use operator_key::{
    InvalidScope, MAX_KEY_LABEL_CHARS, MAX_KEY_TTL_MS, MAX_OPERATOR_KEYS, MIN_KEY_TTL_MS, OperatorKey, Scope,
};
pub use order::{CancelReason, MAX_ATTEMPTS_PER_ORDER, Order, OrderStatus, TicketSnapshot};
pub use payment::{Payment, PaymentStage, PaymentStatus, PaymentWork};
pub use refund::{
    MAX_PARTS_BY_SELLER, MAX_REFUND_REASON_CHARS, MAX_REFUNDS_PER_PAYMENT, Refund, RefundCause, RefundStatus,
};
pub use refund_totals::RefundTotals;
pub use rejection::{Rejection, RejectionCode};
pub use reply::{Answer, Reply, SignedIn};
pub use sandbox::{SANDBOX_NO_CARD, SANDBOX_SLOW_SOURCE, SandboxEntry, SandboxGiveBack};
pub use sandbox_audit::audit_sandbox;
pub use tables::{Change, Counters, RememberedKey, Tables};
pub use ticket::{Ticket, TicketStatus};
pub use webhook_endpoint::{
    AttemptOutcome, AttemptReport, Disabled, DisabledReason, EndpointOwner, EndpointOwnerKind,
    GIVE_UP_AFTER_MS, MAX_ANSWER_BYTES, MAX_ATTEMPTS_KEPT, MAX_ENDPOINTS_OF_USERS, MAX_ENDPOINTS_PER_OWNER,
    MAX_FAULT_BYTES, MAX_WAITING_EVENTS, MAX_WEBHOOK_URL_BYTES, PreviousSecret, TEST_SEQUENCE, WaitingEvent,
    WebhookAttempt, WebhookAudit, WebhookBooks, WebhookEndpoint, WebhookTables,
};
pub use withdrawal::Withdrawal;

/// Applies one command at its time on the replicated clock (in milliseconds), and says what came of it.
///
/// A rejected command writes nothing but the memory of its answer; one that may be repeated not even that.
pub fn apply<T: Tables>(tables: &mut T, envelope: &Envelope, at_ms: u64) -> Reply {
    if at_ms >= envelope.proposal.expires_ms {
        return Err(RejectionCode::RequestExpired.into()).into();
    }
    if let Some(reply) = tables.remembered_request(envelope.proposal) {
        return reply;
    }
    let reply = answer(tables, envelope, at_ms);
    if !envelope.command.as_ref().is_some_and(Command::may_be_repeated) {
        tables.remember_request(envelope.proposal, &reply);
    }
    reply
}

/// Answers a command that was not applied before.
fn answer<T: Tables>(tables: &mut T, envelope: &Envelope, at_ms: u64) -> Reply {
    let party = match Party::of(tables, envelope, at_ms) {
        Ok(party) => party,
        Err(rejection) => return Err(rejection).into(),
    };
    let Some((caller, idempotency)) = party.principal().zip(envelope.idempotency.as_ref()) else {
        return perform(tables, &party, envelope, at_ms).into();
    };
    match tables.remembered_key(caller, &idempotency.key).filter(|known| at_ms < known.expires_at_ms) {
        Some(known) if known.fingerprint == idempotency.fingerprint => {
            Reply { replayed: true, ..known.reply }
        }
        Some(_) => Err(RejectionCode::KeyReused.into()).into(),
        None => {
            let result = perform(tables, &party, envelope, at_ms);
            let passes = result.as_ref().is_err_and(|no| no.code().passes());
            let reply: Reply = result.into();
            if !passes {
                let remembered = RememberedKey {
                    fingerprint: idempotency.fingerprint.clone(),
                    reply: reply.clone(),
                    expires_at_ms: at_ms.saturating_add(idempotency.ttl_ms),
                };
                tables.remember_key(caller, idempotency, remembered);
            }
            reply
        }
    }
}

/// Decides, checks what was decided, and only then writes.
fn perform<T: Tables>(
    tables: &mut T,
    party: &Party,
    envelope: &Envelope,
    at_ms: u64,
) -> Result<Answer, Rejection> {
    let (answer, writes) = decide(tables, party, envelope, at_ms)?;
    writes.commit(tables, at_ms);
    Ok(answer)
}

/// Decides on the tables as they are, and checks the draft. A panic would stop every replica at the same
/// entry for ever, so it becomes an internal rejection, which is the same on each of them because the code
/// is.
fn decide<T: Tables>(
    tables: &T,
    party: &Party,
    envelope: &Envelope,
    at_ms: u64,
) -> Result<(Answer, Writes), Rejection> {
    let decided = catch_unwind(AssertUnwindSafe(|| {
        let draft = Draft::new(tables, at_ms).by(party.author());
        let mut draft = draft.keeping_history(envelope.keeps_history);
        let answer = transition(&mut draft, party, envelope)?;
        let writes = draft.into_writes();
        invariants::check(tables, &writes).map_err(|Violation(what)| Rejection::internal(what))?;
        Ok((answer, writes))
    }));
    decided.unwrap_or_else(|_| Err(Rejection::internal("a transition panicked")))
}

/// Whose account asks, for commands that take one. Refuses who may not ask for this at all.
fn actor_of(party: &Party, command: &Command) -> Result<Result<Actor, RejectionCode>, Rejection> {
    match party {
        Party::Nobody => Ok(Err(RejectionCode::NotSignedIn)),
        Party::User(_) if command.is_the_services_own() => Err(RejectionCode::Forbidden.into()),
        Party::User(actor) => Ok(Ok(*actor)),
        Party::Operator(key) => {
            operator_key::ensure_may(key, command.scope())?;
            // It is nobody's account.
            Ok(Err(RejectionCode::Forbidden))
        }
    }
}

fn no_command() -> Rejection {
    Rejection::internal("the envelope holds no command")
}

fn transition<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    envelope: &Envelope,
) -> Result<Answer, Rejection> {
    let command = envelope.command.as_ref().ok_or_else(no_command)?;
    let actor = actor_of(party, command)?;
    match command {
        Command::SignUp(c) => account::sign_up(draft, c),
        Command::SignIn(c) => account::sign_in(draft, c),
        Command::EndSession(c) => account::end_session(draft, actor?.user, c),
        Command::ChangePassword(c) => account::change_password(draft, actor?, c),
        Command::IssueResetToken(c) => account::issue_reset_token(draft, c),
        Command::ResetPassword(c) => account::reset_password(draft, c),
        Command::DeleteAccount(c) => account::delete_account(draft, actor?.user, c),
        Command::CreateTicket(c) => ticket::create(draft, actor?.user, c),
        Command::UpdateTicket(c) => ticket::update(draft, actor?.user, c),
        Command::DeleteTicket(c) => ticket::delete(draft, actor?.user, c),
        Command::SetFrozen(c) => ticket::set_frozen(draft, actor?.user, c),
        Command::Reserve(c) => order::reserve(draft, actor?.user, c),
        Command::CancelOrder(c) => order::cancel(draft, actor?.user, c),
        Command::ExpireOrders(c) => order::expire(draft, c),
        Command::Pay(c) => payment::pay(draft, actor?.user, c),
        Command::SettleCharge(c) => settlement::settle(draft, c),
        Command::RecordRefund(c) => settlement::record_refund(draft, c),
        Command::RecordIntent(c) => payment::record_intent(draft, c),
        Command::RecordAction(c) => payment::record_action(draft, c),
        Command::AddSigningKey(c) => keys::add(draft, c),
        Command::Upkeep(c) => upkeep::run(draft, c),
        Command::ForgetEvents(c) => upkeep::forget_events(draft, c),
        Command::SandboxCharge(c) => sandbox::charge(draft, c),
        Command::SandboxRefund(c) => sandbox::refund(draft, c),
        Command::LiftHold(c) => hold::lift(draft, c),
        Command::CreateOperatorKey(c) => operator_key::create(draft, party, c),
        Command::RevokeOperatorKey(c) => operator_key::revoke(draft, c),
        Command::RefundPayment(c) => refund::request(draft, party, c),
        Command::SettleRefund(c) => refund::settle(draft, c),
        Command::RetryRefund(c) => refund::retry(draft, party, c),
        Command::RecordGatewayRefund(c) => gateway_refund::record(draft, c),
        Command::RecordDispute(c) => dispute::record(draft, c),
        Command::WithdrawPayment(c) => withdrawal::withdraw(draft, actor?.user, c),
        Command::CreateWebhookEndpoint(c) => webhook_endpoint::create(draft, party, c),
        Command::UpdateWebhookEndpoint(c) => webhook_endpoint::update(draft, party, c),
        Command::RotateWebhookSecret(c) => webhook_endpoint::rotate_secret(draft, party, c),
        Command::DeleteWebhookEndpoint(c) => webhook_endpoint::delete(draft, party, c),
        Command::RecordDeliveries(c) => webhook_endpoint::record(draft, c),
        Command::ResendEvents(c) => webhook_endpoint::resend(draft, party, c),
        Command::SendWebhookTest(c) => webhook_endpoint::send_test(draft, party, c),
        Command::ResealWebhookSecrets(c) => webhook_endpoint::reseal(draft, c),
        Command::PutConsumerGroup(c) => consumer_group::put(draft, party, c),
        Command::DeleteConsumerGroup(c) => consumer_group::delete(draft, party, c),
        Command::FetchEvents(c) => consumer_group::fetch(draft, party, c),
        Command::SettleLeases(c) => consumer_group::settle(draft, party, c),
        Command::RedriveParked(c) => consumer_group::redrive(draft, party, c),
    }
}
