//! Runs steps against a shop and its model, and compares the two after each.

use std::collections::BTreeSet;

use boxoffice::domain::*;

use crate::model::{Heard, Model};
use crate::seen::{assert_same_state, heard};
use crate::shop::{REQUEST_TTL_MS, Shop, order_id, payment_id, session_id, ticket_id, user_id};
use crate::steps::{Call, Seen, Step, What, Who};

/// Audits are slow beside commands: one every so many steps, and one at the end.
const STEPS_PER_AUDIT: usize = 8;

/// How long an idempotency key stands for its answer.
const KEY_TTL_MS: u64 = 3_000;

/// What the driver met when the outcome of a charge itself releases the order.
pub(crate) const CHARGED_TOO_LATE: &str = "charged past the hold, before anything else released the order";
pub(crate) const DECLINED_TOO_LATE: &str =
    "declined past the deadline, before anything else released the order";

/// A shop, its model, and what was sent and named so far.
pub(crate) struct Driver {
    pub(crate) shop: Shop,
    pub(crate) model: Model,
    /// Every command, with the time at which it was applied.
    pub(crate) log: Vec<(Envelope, u64)>,
    /// Kinds of answers and events that came up.
    pub(crate) met: BTreeSet<String>,
    users: Vec<UserId>,
    sessions: Vec<Actor>,
    tickets: Vec<TicketId>,
    orders: Vec<OrderId>,
    payments: Vec<PaymentId>,
    tokens: Vec<Vec<u8>>,
}

impl Driver {
    /// A shop in which two sellers offer two tickets each, and two others may buy.
    pub(crate) fn new() -> Self {
        let mut driver = Self {
            shop: Shop::new(),
            model: Model::default(),
            log: Vec::new(),
            met: BTreeSet::new(),
            users: Vec::new(),
            sessions: Vec::new(),
            tickets: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            tokens: Vec::new(),
        };
        for email in 0..4 {
            driver.call(Who::Nobody, What::SignUp { email, ttl_ms: 1_000_000 });
        }
        for session in [0, 0, 1, 1] {
            let what = What::Create { title: session, price_minor: 3, starts_in_ms: None };
            driver.call(Who::Session(session), what);
        }
        driver
    }

    pub(crate) fn run(&mut self, steps: &[Step]) {
        for (count, step) in steps.iter().enumerate() {
            self.step(step);
            if count % STEPS_PER_AUDIT == 0 {
                self.shop.assert_sound();
            }
        }
        self.shop.assert_sound();
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Wait(wait_ms) => self.shop.now_ms += wait_ms,
            Step::Resend(index) => {
                // The latest ones are the more interesting, and shrinking goes towards them.
                let back = usize::from(*index) % self.log.len();
                let (command, _) = self.log[self.log.len() - 1 - back].clone();
                self.send(command);
            }
            Step::Send(call) => {
                let envelope = self.envelope(call);
                self.send(envelope);
            }
            Step::SendWhenDue(call, after_ms) => {
                let due_at_ms = self.due_at_ms(&call.what);
                // The clock never goes back.
                let then_ms = due_at_ms.and_then(|due_at_ms| due_at_ms.checked_add_signed(*after_ms));
                self.shop.now_ms = self.shop.now_ms.max(then_ms.unwrap_or_default());
                self.step(&Step::Send(call.clone()));
            }
        }
    }

    /// When the order that this is about is due.
    fn due_at_ms(&self, what: &What) -> Option<u64> {
        let order = match what {
            What::Settle { payment, .. } => self.model.payments.get(&pick(&self.payments, *payment)?)?.order,
            What::Pay { order, .. } => pick(&self.orders, *order)?,
            _ => return None,
        };
        self.model.orders.get(&order)?.due_at_ms
    }

    fn call(&mut self, who: Who, what: What) {
        self.step(&Step::Send(Call { who, what, key: None, late: false }));
    }

    fn send(&mut self, envelope: Envelope) {
        let before = self.shop.event_count();
        let reply = self.shop.apply(&envelope);
        let events = self.shop.events_after(before);
        let withdrawn: Vec<TicketId> = match envelope.command {
            Some(Command::Upkeep(_)) => events.iter().filter_map(withdrawn_ticket).collect(),
            _ => Vec::new(),
        };
        let expected = self.model.hear(&envelope, self.shop.now_ms, &withdrawn);
        let heard = heard(reply);
        assert_eq!(heard, expected, "the answer to {envelope:?} at {}", self.shop.now_ms);
        // What never came to be is no longer worth naming; what is gone is.
        self.orders.retain(|id| self.model.orders.contains_key(id));
        self.payments.retain(|id| self.model.payments.contains_key(id));
        self.meet(&envelope, &heard, &events);
        assert_same_state(&self.shop, &self.model, &events);
        self.log.push((envelope, self.shop.now_ms));
    }

    fn meet(&mut self, envelope: &Envelope, heard: &Heard, events: &[Event]) {
        let releases = events.iter().any(|event| event.r#type() == EventType::ExpirationComplete);
        if let (Some(Command::SettleCharge(c)), true) = (&envelope.command, releases) {
            let what = if c.succeeded { CHARGED_TOO_LATE } else { DECLINED_TOO_LATE };
            self.met.insert(what.to_owned());
        }
        self.met.extend(events.iter().map(|event| event.r#type().name().to_owned()));
        self.met.extend(heard.outcome.as_ref().err().map(|(code, _)| format!("{code:?}")));
        self.met.extend(heard.replayed.then(|| "replayed".to_owned()));
    }
}

fn withdrawn_ticket(event: &Event) -> Option<TicketId> {
    match &event.subject {
        Some(Subject::Ticket(ticket)) if event.r#type() == EventType::TicketDeleted => Some(ticket.id),
        _ => None,
    }
}

// From steps to commands.
impl Driver {
    fn envelope(&mut self, call: &Call) -> Envelope {
        let (command, owner) = self.command(&call.what);
        let idempotency = call.key.map(|(key, fingerprint)| Idempotency {
            key: if key { "a" } else { "b" }.into(),
            fingerprint: vec![u8::from(fingerprint)],
            ttl_ms: KEY_TTL_MS,
        });
        let expires_ms = if call.late { self.shop.now_ms } else { self.shop.now_ms + REQUEST_TTL_MS };
        // Nobody owns what the service asks for itself.
        let actor = match (&command, call.who) {
            (
                Command::ExpireOrders(_)
                | Command::SettleCharge(_)
                | Command::RecordRefund(_)
                | Command::AddSigningKey(_)
                | Command::IssueResetToken(_)
                | Command::Upkeep(_),
                Who::Owner,
            ) => None,
            (_, who) => self.actor(who, owner),
        };
        Envelope {
            proposal: ProposalId { expires_ms, random: self.shop.next() },
            actor,
            idempotency,
            command: Some(command),
        }
    }

    /// The command, and who owns what it is about.
    #[expect(clippy::too_many_lines, reason = "a step after the other, each short")]
    fn command(&mut self, what: &What) -> (Command, Option<UserId>) {
        let named = self.shop.next();
        match *what {
            What::SignUp { email, ttl_ms } => {
                let (user, session) = (user_id(named), session_id(named));
                self.users.push(user);
                self.sessions.push(Actor { user, session });
                let password_hash = format!("hash {named}");
                let (email, client) = (address(email), String::new());
                (
                    Command::SignUp(SignUp {
                        user,
                        email,
                        password_hash,
                        session,
                        session_ttl_ms: ttl_ms,
                        client,
                    }),
                    None,
                )
            }
            What::SignIn { user, stale, rehash, ttl_ms } => {
                let user = pick(&self.users, user).unwrap_or(user_id(0));
                self.sessions.push(Actor { user, session: session_id(named) });
                let sign_in = SignIn {
                    user,
                    password_version: self.password_version(user, stale),
                    rehashed_password: rehash.then(|| format!("rehash {named}")),
                    session: session_id(named),
                    session_ttl_ms: ttl_ms,
                    client: String::new(),
                };
                (Command::SignIn(sign_in), None)
            }
            What::EndSession { session } => {
                let actor = pick(&self.sessions, session);
                let session = actor.map_or(session_id(0), |actor| actor.session);
                (Command::EndSession(EndSession { session }), actor.map(|actor| actor.user))
            }
            What::ChangePassword { stale } => {
                let user = self.some_user(named);
                let password_version = self.password_version(user, stale);
                let password_hash = format!("hash {named}");
                (Command::ChangePassword(ChangePassword { password_version, password_hash }), Some(user))
            }
            What::IssueToken { email, ttl_ms } => {
                let token_hash = named.to_be_bytes().to_vec();
                self.tokens.push(token_hash.clone());
                (
                    Command::IssueResetToken(IssueResetToken { email: address(email), token_hash, ttl_ms }),
                    None,
                )
            }
            What::ResetPassword { token } => {
                let token_hash = pick(&self.tokens, token).unwrap_or_default();
                let password_hash = format!("hash {named}");
                (Command::ResetPassword(ResetPassword { token_hash, password_hash }), None)
            }
            What::DeleteAccount { stale } => {
                let user = self.some_user(named);
                let password_version = self.password_version(user, stale);
                (Command::DeleteAccount(DeleteAccount { password_version }), Some(user))
            }
            What::Create { title, price_minor, starts_in_ms } => {
                let ticket = ticket_id(named);
                self.tickets.push(ticket);
                let fields = self.fields(title, price_minor, starts_in_ms);
                (Command::CreateTicket(CreateTicket { ticket, fields, currency: "usd".into() }), None)
            }
            What::Expire { at_most } => (Command::ExpireOrders(ExpireOrders { at_most }), None),
            What::AddKey { kid, only_if_none, overlap_ms } => {
                let kid = format!("key {kid}");
                let (public, sealed) = (vec![1], vec![2]);
                (
                    Command::AddSigningKey(AddSigningKey { kid, public, sealed, only_if_none, overlap_ms }),
                    None,
                )
            }
            What::Upkeep { at_most } => (Command::Upkeep(Upkeep { at_most }), None),
            _ => self.body_about_a_sale(what, named),
        }
    }

    fn body_about_a_sale(&mut self, what: &What, named: u64) -> (Command, Option<UserId>) {
        match *what {
            What::Update { ticket, price_minor, starts_in_ms, seen } => {
                let (ticket, seller, if_match) = self.offer(ticket, seen);
                let fields = self.fields(0, price_minor, starts_in_ms);
                (Command::UpdateTicket(UpdateTicket { ticket, fields, if_match }), seller)
            }
            What::Delete { ticket, seen } => {
                let (ticket, seller, if_match) = self.offer(ticket, seen);
                (Command::DeleteTicket(DeleteTicket { ticket, if_match }), seller)
            }
            What::Freeze { ticket, frozen, seen } => {
                let (ticket, seller, if_match) = self.offer(ticket, seen);
                (Command::SetFrozen(SetFrozen { ticket, frozen, if_match }), seller)
            }
            What::Reserve { ticket, window_ms } => {
                let (ticket, seller, _) = self.offer(ticket, None);
                let order = order_id(named);
                self.orders.push(order);
                (Command::Reserve(Reserve { order, ticket, payment_window_ms: window_ms }), seller)
            }
            What::Cancel { order, seen } => {
                let (order, buyer, version) = self.claim(order);
                let if_match = seen.map(|seen| versions(seen, version));
                (Command::CancelOrder(CancelOrder { order, if_match }), buyer)
            }
            What::Pay { order, grace_ms } => {
                let (order, buyer, _) = self.claim(order);
                let payment = payment_id(named);
                self.payments.push(payment);
                (Command::Pay(Pay { payment, order, source: "tok_visa".into(), grace_ms }), buyer)
            }
            What::Settle { payment, succeeded } => {
                let payment = pick(&self.payments, payment).unwrap_or(payment_id(0));
                let (charge, decline_code) =
                    if succeeded { ("charge", String::new()) } else { ("", "declined".into()) };
                let charge = charge.to_owned();
                (Command::SettleCharge(SettleCharge { payment, succeeded, charge, decline_code }), None)
            }
            What::Refund { payment } => {
                let payment = pick(&self.payments, payment).unwrap_or(payment_id(0));
                (Command::RecordRefund(RecordRefund { payment }), None)
            }
            _ => unreachable!("the other steps are not about a sale"),
        }
    }

    fn actor(&self, who: Who, owner: Option<UserId>) -> Option<Actor> {
        let other = || self.users.iter().rev().copied().find(|user| Some(*user) != owner);
        match who {
            // Whoever is free to be anyone is the first seller.
            Who::Owner => self.newest_session(owner.or(self.users.first().copied())?),
            Who::Other => self.newest_session(other()?),
            Who::Session(index) => pick(&self.sessions, index),
            Who::Mixed(index) => {
                let session = pick(&self.sessions, index)?.session;
                Some(Actor { user: other()?, session })
            }
            Who::Nobody => None,
        }
    }

    /// The user's newest session that is open, or any that was.
    fn newest_session(&self, user: UserId) -> Option<Actor> {
        let of_user = || self.sessions.iter().rev().filter(move |actor| actor.user == user);
        of_user().find(|actor| self.model.is_signed_in(**actor)).or(of_user().next()).copied()
    }

    fn some_user(&self, number: u64) -> UserId {
        self.users[number as usize % self.users.len()]
    }

    fn password_version(&self, user: UserId, stale: bool) -> u64 {
        let current = self.model.users.get(&user).map_or(1, |account| account.password_version);
        if stale { current - 1 } else { current }
    }

    fn offer(&self, index: u8, seen: Option<Seen>) -> (TicketId, Option<UserId>, Option<IfMatch>) {
        let id = pick(&self.tickets, index).unwrap_or(ticket_id(0));
        let offer = self.model.tickets.get(&id);
        let if_match = seen.map(|seen| versions(seen, offer.map_or(0, |offer| offer.version)));
        (id, offer.map(|offer| offer.seller), if_match)
    }

    fn claim(&self, index: u8) -> (OrderId, Option<UserId>, u64) {
        let id = pick(&self.orders, index).unwrap_or(order_id(0));
        let claim = self.model.orders.get(&id);
        (id, claim.map(|claim| claim.buyer), claim.map_or(0, |claim| claim.version))
    }

    fn fields(&self, title: u8, price_minor: u64, starts_in_ms: Option<u64>) -> TicketFields {
        let (first, second) = (["rock", "rocket", "jazz"][usize::from(title % 3)], ["night", "day"]);
        let second = second[usize::from(title % 2)];
        TicketFields {
            title: format!("{first} {second}"),
            words: vec![second.into(), first.into()],
            price_minor,
            venue: None,
            starts_at_ms: starts_in_ms.map(|starts_in_ms| self.shop.now_ms + starts_in_ms),
        }
    }
}

/// One of the latest of these, the last one first; now and then none.
fn pick<T: Clone>(from: &[T], index: u8) -> Option<T> {
    let none_of_them = index == u8::MAX || from.is_empty();
    (!none_of_them).then(|| from[from.len() - 1 - usize::from(index) % from.len()].clone())
}

fn versions(seen: Seen, current: u64) -> IfMatch {
    let versions = match seen {
        Seen::Current => vec![current],
        Seen::Older => vec![current.wrapping_sub(1)],
        Seen::Both => vec![current.wrapping_sub(1), current],
        Seen::None => Vec::new(),
    };
    IfMatch { versions }
}

fn address(index: u8) -> String {
    format!("{index}@example.com")
}
