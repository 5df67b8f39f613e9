//! From steps to commands.

use boxoffice::domain::*;

use super::{Driver, HISTORY_AFTER, KEY_TTL_MS};
use crate::shop::{REQUEST_TTL_MS, order_id, payment_id, session_id, ticket_id, user_id};
use crate::steps::{Call, Seen, What, Who, WordOf};

/// Sources that the sandbox charges, declines for a reason, and does not know.
const SOURCES: [&str; 4] = ["tok_visa", "tok_slow", "tok_chargeDeclinedLostCard", "tok_of_nobody"];

/// Gateways that payments are made with: the sandbox, which has no mark, and another one.
const GATEWAYS: [&str; 2] = ["", "other"];

impl Driver {
    pub(super) fn envelope(&mut self, call: &Call) -> Envelope {
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
                | Command::RecordIntent(_)
                | Command::RecordAction(_)
                | Command::AddSigningKey(_)
                | Command::IssueResetToken(_)
                | Command::Upkeep(_)
                | Command::SandboxCharge(_)
                | Command::SandboxRefund(_)
                | Command::LiftHold(_)
                | Command::CreateOperatorKey(_)
                | Command::RevokeOperatorKey(_)
                | Command::SettleRefund(_),
                Who::Owner,
            ) => None,
            (_, who) => self.actor(who, owner),
        };
        Envelope {
            proposal: ProposalId { expires_ms, random: self.shop.next() },
            actor,
            idempotency,
            operator_key: self.asking_key(call.who),
            keeps_history: self.log.len() >= HISTORY_AFTER,
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
            What::Lift { stale } => {
                let since_ms = self.model.hold.unwrap_or_default() + u64::from(stale);
                (Command::LiftHold(LiftHold { since_ms }), None)
            }
            What::PlayCharge { payment, source, settles } => {
                let key = pick(&self.payments, payment).unwrap_or(payment_id(0));
                let source = SOURCES[usize::from(source) % SOURCES.len()].to_owned();
                let currency = "usd".into();
                let charge = SandboxCharge { key, amount_minor: named, currency, source, settles };
                (Command::SandboxCharge(charge), None)
            }
            What::PlayRefund { .. }
            | What::AskForRefund { .. }
            | What::SettleRefund { .. }
            | What::RetryRefund { .. } => self.command_about_refunds(what, named),
            What::Elsewhere(word) => (self.word_of_the_gateway(word, named), None),
            What::MakeKey { .. } | What::RevokeKey { .. } => (self.command_about_keys(what), None),
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
            What::Withdraw { order, cancels_order, seen } => {
                let (order, buyer, version) = self.claim(order);
                let if_match = seen.map(|seen| versions(seen, version));
                (Command::WithdrawPayment(WithdrawPayment { order, cancels_order, if_match }), buyer)
            }
            What::Pay { order, grace_ms, in_browser } => {
                let (order, buyer, _) = self.claim(order);
                let payment = payment_id(named);
                self.payments.push(payment);
                let source = if in_browser { String::new() } else { "tok_visa".to_owned() };
                let gateway = GATEWAYS[(named % 2) as usize].to_owned();
                (Command::Pay(Pay { payment, order, source, grace_ms, gateway, in_browser }), buyer)
            }
            What::Settle { .. } | What::Intend { .. } | What::Act { .. } => {
                (self.body_about_an_intent(what, named), None)
            }
            What::Refund { payment } => {
                let payment = pick(&self.payments, payment).unwrap_or(payment_id(0));
                (Command::RecordRefund(RecordRefund { payment }), None)
            }
            _ => unreachable!("the other steps are not about a sale"),
        }
    }

    fn body_about_an_intent(&self, what: &What, named: u64) -> Command {
        match *what {
            What::Settle { payment, succeeded, word_of } => {
                let (payment, intent) = self.word_on(payment, word_of);
                let (charge, decline_code) = if succeeded { ("charge", "") } else { ("", "declined") };
                let (charge, decline_code) = (charge.to_owned(), decline_code.to_owned());
                Command::SettleCharge(SettleCharge { payment, succeeded, charge, decline_code, intent })
            }
            What::Intend { payment, makes_a_method } => {
                let payment = pick(&self.payments, payment).unwrap_or(payment_id(0));
                let method = if makes_a_method { format!("method {named}") } else { String::new() };
                Command::RecordIntent(RecordIntent { payment, intent: format!("intent {named}"), method })
            }
            What::Act { payment, word_of } => {
                let (payment, intent) = self.word_on(payment, word_of);
                Command::RecordAction(RecordAction { payment, intent })
            }
            _ => unreachable!("the other steps are not about an intent"),
        }
    }

    fn word_on(&self, index: u8, word_of: WordOf) -> (PaymentId, String) {
        let id = pick(&self.payments, index).unwrap_or(payment_id(0));
        let on_record = || self.model.payments.get(&id).map(|attempt| attempt.intent.clone());
        let intent = match word_of {
            WordOf::Intent => on_record().unwrap_or_default(),
            WordOf::Another => "another".to_owned(),
            WordOf::Nobody => String::new(),
        };
        (id, intent)
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
            Who::Nobody | Who::Key(_) => None,
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
pub(super) fn pick<T: Clone>(from: &[T], index: u8) -> Option<T> {
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
