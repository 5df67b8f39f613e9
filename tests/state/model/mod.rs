//! A second opinion: what every command must answer and change, in plain maps.
//!
//! Written from the contract and not from the code it judges; slow and simple on purpose.

mod accounts;
mod elsewhere;
mod money;
mod operator_keys;
mod orders;
mod refunds;
mod tickets;

use std::collections::{BTreeMap, BTreeSet};

use boxoffice::domain::*;

pub(crate) use refunds::{Entry, GiveBack};

/// What a command is answered, as far as a client can see.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heard {
    pub(crate) replayed: bool,
    pub(crate) outcome: Result<Said, No>,
}

/// Why not, with the number that explains it.
pub(crate) type No = (RejectionCode, u64);

/// A positive answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Done,
    SignedIn(UserId, String, SessionId, u64),
    Ticket(TicketId, Offer),
    Order(OrderId, Claim),
    Payment(PaymentId, Attempt),
    PlayMoney(PaymentId, PlayMoney),
    Key(OperatorKeyId, Pass),
    Refund(RefundId, GiveBack),
}

/// An event: what happened to what, and its version then.
pub(crate) type Told = (EventType, String, Option<u64>);

/// A ticket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offer {
    pub(crate) number: u64,
    pub(crate) seller: UserId,
    pub(crate) title: String,
    pub(crate) price_minor: u64,
    pub(crate) starts_at_ms: Option<u64>,
    pub(crate) status: TicketStatus,
    pub(crate) holder: Option<OrderId>,
    pub(crate) version: u64,
    pub(crate) created_at_ms: u64,
    pub(crate) updated_at_ms: u64,
}

/// An order, with the ticket as it was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) number: u64,
    pub(crate) buyer: UserId,
    pub(crate) seller: UserId,
    pub(crate) ticket: TicketId,
    pub(crate) title: String,
    pub(crate) price_minor: u64,
    pub(crate) ticket_version: u64,
    pub(crate) status: OrderStatus,
    pub(crate) reason: CancelReason,
    pub(crate) expires_at_ms: u64,
    pub(crate) due_at_ms: Option<u64>,
    pub(crate) payment: Option<PaymentId>,
    pub(crate) attempts: u32,
    pub(crate) version: u64,
    pub(crate) created_at_ms: u64,
    pub(crate) updated_at_ms: u64,
}

/// A payment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attempt {
    pub(crate) number: u64,
    pub(crate) order: OrderId,
    pub(crate) buyer: UserId,
    pub(crate) amount_minor: u64,
    pub(crate) status: PaymentStatus,
    pub(crate) charge: String,
    pub(crate) gateway: String,
    pub(crate) in_browser: bool,
    pub(crate) intent: String,
    pub(crate) stage: Option<PaymentStage>,
    pub(crate) decline_code: String,
    pub(crate) has_refunds: bool,
    pub(crate) pending_minor: u64,
    pub(crate) refunded_minor: u64,
    pub(crate) failed_refunds: u32,
    pub(crate) withdrawal: Withdrawal,
    /// Name, status, and how much the bank has.
    pub(crate) disputes: Vec<(String, String, u64, u32)>,
    pub(crate) version: u64,
    pub(crate) created_at_ms: u64,
    pub(crate) updated_at_ms: u64,
}

/// What became of a key in the sandbox.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlayMoney {
    pub(crate) amount_minor: u64,
    pub(crate) currency: String,
    pub(crate) decline_code: String,
    pub(crate) refunded: bool,
    pub(crate) given_back: Vec<(String, u64)>,
}

/// An operator's key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pass {
    pub(crate) label: String,
    pub(crate) scopes: BTreeSet<Scope>,
    pub(crate) created: (u64, Author),
    pub(crate) until_ms: Option<u64>,
    pub(crate) revoked: Option<(u64, Author)>,
}

/// An account.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Account {
    pub(crate) email: String,
    pub(crate) password_hash: String,
    pub(crate) password_version: u64,
}

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Login {
    pub(crate) user: UserId,
    pub(crate) created_at_ms: u64,
    pub(crate) expires_at_ms: u64,
}

/// An account's answer under an idempotency key: fingerprint, answer, and until when.
type Kept = (Vec<u8>, Result<Said, No>, u64);

/// The whole state.
#[derive(Default)]
pub(crate) struct Model {
    now_ms: u64,
    pub(crate) users: BTreeMap<UserId, Account>,
    pub(crate) sessions: BTreeMap<SessionId, Login>,
    /// By hash: whose, and until when.
    pub(crate) tokens: BTreeMap<Vec<u8>, (UserId, u64, u64)>,
    /// By name: from when on it no longer verifies.
    pub(crate) keys: BTreeMap<String, Option<u64>>,
    departed: BTreeSet<UserId>,
    pub(crate) tickets: BTreeMap<TicketId, Offer>,
    pub(crate) orders: BTreeMap<OrderId, Claim>,
    pub(crate) payments: BTreeMap<PaymentId, Attempt>,
    pub(crate) refunds: BTreeMap<RefundId, GiveBack>,
    pub(crate) ledger: Vec<Entry>,
    /// Payments that are in the ledger.
    pub(crate) booked: BTreeSet<PaymentId>,
    /// Whether what happens now is entered there.
    keeps_history: bool,
    posted: u64,
    requests: BTreeMap<(u64, u64), Heard>,
    remembered: BTreeMap<(Principal, String), Kept>,
    pub(crate) operator_keys: BTreeMap<OperatorKeyId, Pass>,
    /// Since when sales are held, if they are.
    pub(crate) hold: Option<u64>,
    /// The sandbox's books.
    pub(crate) books: BTreeMap<PaymentId, PlayMoney>,
    /// What the last command announced, in no particular order.
    pub(crate) told: Vec<Told>,
}

impl Model {
    /// What this command must answer. Which tickets a step of upkeep withdraws is up to the service, so the
    /// model is told, and checks that it may be those.
    pub(crate) fn hear(&mut self, envelope: &Envelope, now_ms: u64, withdrawn: &[TicketId]) -> Heard {
        (self.now_ms, self.keeps_history) = (now_ms, envelope.keeps_history);
        self.told.clear();
        let request = (envelope.proposal.expires_ms, envelope.proposal.random);
        if now_ms >= envelope.proposal.expires_ms {
            return Heard { replayed: false, outcome: no(RejectionCode::RequestExpired) };
        }
        if let Some(before) = self.requests.get(&request) {
            return before.clone();
        }
        let heard = self.hear_once(envelope, withdrawn);
        // Expiry and upkeep do what is due whenever they come, also the second time. What is in the sandbox's books need
        // not be remembered beside them, from when on a charge settles its payment.
        let is_done_again = match &envelope.command {
            Some(Command::ExpireOrders(_) | Command::Upkeep(_)) => true,
            Some(Command::SandboxCharge(c)) => c.settles,
            _ => false,
        };
        if !is_done_again {
            self.requests.insert(request, heard.clone());
        }
        heard
    }

    fn hear_once(&mut self, envelope: &Envelope, withdrawn: &[TicketId]) -> Heard {
        let command = envelope.command.as_ref().expect("every envelope holds a command");
        let fresh = |outcome| Heard { replayed: false, outcome };
        let asker = envelope.operator_key.map_or(Asker::from(envelope.actor), Asker::Key);
        let caller = match asker {
            Asker::Nobody => return fresh(self.perform(asker, command, withdrawn)),
            Asker::User(actor) if self.is_signed_in(actor) => Principal::User(actor.user),
            Asker::Key(key) if self.is_good(key) => Principal::Key(key),
            Asker::User(_) | Asker::Key(_) => return fresh(no(RejectionCode::NotSignedIn)),
        };
        let Some(idempotency) = &envelope.idempotency else {
            return fresh(self.perform(asker, command, withdrawn));
        };
        let key = (caller, idempotency.key.clone());
        match self.remembered.get(&key) {
            Some((fingerprint, outcome, until_ms)) if self.now_ms < *until_ms => {
                if *fingerprint == idempotency.fingerprint {
                    Heard { replayed: true, outcome: outcome.clone() }
                } else {
                    fresh(no(RejectionCode::KeyReused))
                }
            }
            _ => {
                let outcome = self.perform(asker, command, withdrawn);
                let until_ms = self.now_ms + idempotency.ttl_ms;
                // That sales are held is over one day: no answer to hold against whoever asks again.
                // That an attempt is open in a browser is over once it is withdrawn.
                let passes = [RejectionCode::SalesHeld, RejectionCode::BrowserAttemptOpen];
                if !passes.iter().any(|code| outcome == no(*code)) {
                    self.remembered.insert(key, (idempotency.fingerprint.clone(), outcome.clone(), until_ms));
                }
                fresh(outcome)
            }
        }
    }

    /// Whether this session can still do anything for this account.
    pub(crate) fn is_signed_in(&self, actor: Actor) -> bool {
        let session = self.sessions.get(&actor.session);
        session.is_some_and(|login| login.user == actor.user && self.now_ms < login.expires_at_ms)
    }

    fn perform(&mut self, asker: Asker, command: &Command, withdrawn: &[TicketId]) -> Result<Said, No> {
        if let Asker::Key(key) = asker {
            return self.perform_by_key(key, command);
        }
        if is_the_services_own(command) && asker != Asker::Nobody {
            return no(RejectionCode::Forbidden);
        }
        if let Some(said) = self.told_by_gateway(command) {
            return said;
        }
        match command {
            Command::SignUp(c) => return self.sign_up(c),
            Command::SignIn(c) => return self.sign_in(c),
            Command::IssueResetToken(c) => return self.issue_token(c),
            Command::ResetPassword(c) => return self.reset_password(c),
            Command::ExpireOrders(c) => return self.expire(c.at_most as usize),
            Command::AddSigningKey(c) => return self.add_key(c),
            Command::Upkeep(c) => return self.upkeep(c.at_most as usize, withdrawn),
            Command::SandboxCharge(c) => return self.play_charge(c),
            Command::SandboxRefund(c) => return self.play_refund(c),
            Command::RefundPayment(c) => return self.ask_for_refund(asker, c),
            Command::RetryRefund(c) => return self.retry_refund(asker, c),
            Command::LiftHold(c) => return self.lift(c.since_ms),
            Command::CreateOperatorKey(c) => return self.make_key(c, Author::default()),
            Command::RevokeOperatorKey(c) => return self.revoke_key(c.key, Author::default()),
            _ => {}
        }
        let Asker::User(Actor { user, session }) = asker else { return no(RejectionCode::NotSignedIn) };
        match command {
            Command::EndSession(c) => self.end_session(user, c.session),
            Command::ChangePassword(c) => {
                self.check_password(user, c.password_version)?;
                self.set_password(user, &c.password_hash, Some(session));
                Ok(Said::Done)
            }
            Command::DeleteAccount(c) => self.delete_account(user, c.password_version),
            Command::CreateTicket(c) => self.create(user, c),
            Command::UpdateTicket(c) => self.update(user, c),
            Command::DeleteTicket(c) => {
                self.check_editable(user, c.ticket, c.if_match.as_ref())?;
                self.withdraw(c.ticket);
                Ok(Said::Done)
            }
            Command::SetFrozen(c) => self.set_frozen(user, c),
            Command::Reserve(c) => self.reserve(user, c),
            Command::CancelOrder(c) => self.cancel(user, c),
            Command::Pay(c) => self.pay(user, c),
            Command::WithdrawPayment(c) => self.withdraw_payment(user, c),
            _ => unreachable!("the commands of the service itself were matched above"),
        }
    }

    fn tell(&mut self, event: EventType, id: impl ToString, version: u64) {
        self.told.push((event, id.to_string(), Some(version)));
    }
}

/// Whether only the service itself asks for this, or an operator.
fn is_the_services_own(command: &Command) -> bool {
    matches!(
        command,
        Command::IssueResetToken(_)
            | Command::ExpireOrders(_)
            | Command::SettleCharge(_)
            | Command::RecordRefund(_)
            | Command::RecordIntent(_)
            | Command::RecordAction(_)
            | Command::AddSigningKey(_)
            | Command::Upkeep(_)
            | Command::ForgetEvents(_)
            | Command::SandboxCharge(_)
            | Command::SandboxRefund(_)
            | Command::LiftHold(_)
            | Command::CreateOperatorKey(_)
            | Command::RevokeOperatorKey(_)
            | Command::SettleRefund(_)
            | Command::RecordGatewayRefund(_)
            | Command::RecordDispute(_)
    )
}

fn no<T>(code: RejectionCode) -> Result<T, No> {
    Err((code, 0))
}

fn check_version(if_match: Option<&IfMatch>, version: u64) -> Result<(), No> {
    match if_match {
        Some(seen) if !seen.versions.contains(&version) => Err((RejectionCode::VersionMismatch, version)),
        _ => Ok(()),
    }
}
