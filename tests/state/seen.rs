//! What the service answers and stores, in the model's words.

use std::collections::BTreeMap;

use boxoffice::domain::*;

use crate::model::{
    Account, Attempt, Claim, Entry, GiveBack, Heard, Login, Model, Offer, Pass, PlayMoney, Said, Told,
};
use crate::shop::Shop;

/// A reply in the model's words.
pub(crate) fn heard(reply: Reply) -> Heard {
    let replayed = reply.replayed;
    let outcome = match reply.into_result() {
        Ok(Answer::Done(())) => Ok(Said::Done),
        Ok(Answer::SignedIn(SignedIn { user, email, session })) => {
            assert_eq!(session.user, user);
            Ok(Said::SignedIn(user, email, session.id, session.expires_at_ms))
        }
        Ok(Answer::Ticket(ticket)) => Ok(Said::Ticket(ticket.id, offer(&ticket))),
        Ok(Answer::Order(order)) => Ok(Said::Order(order.id, claim(&order))),
        Ok(Answer::Payment(payment)) => {
            assert!(payment.source.is_empty(), "an answer is remembered, and must hold no secret");
            Ok(Said::Payment(payment.id, attempt(&payment)))
        }
        Ok(Answer::Refund(refund)) => Ok(Said::Refund(refund.id, give_back(&refund))),
        Ok(Answer::OperatorKey(key)) => Ok(Said::Key(key.id, pass(&key))),
        Ok(Answer::SandboxEntry(entry)) => Ok(Said::PlayMoney(entry.key, play_money(&entry))),
        Ok(Answer::WebhookEndpoint(endpoint)) => panic!("the model has none: {endpoint:?}"),
        Ok(Answer::GroupPut(_) | Answer::Fetched(_) | Answer::LeasesSettled(_) | Answer::Redriven(_)) => {
            panic!("the model knows no groups")
        }
        Err(rejection) => {
            assert_eq!(rejection.fault, "", "the model never asks for what cannot be");
            Err((rejection.code(), rejection.detail))
        }
    };
    Heard { replayed, outcome }
}

/// Compares every row with the model, and the events of the last command with what it told.
pub(crate) fn assert_same_state(shop: &Shop, model: &Model, events: &[Event]) {
    let mut told: Vec<Told> = events.iter().map(|event| tell(event, shop.now_ms)).collect();
    let mut expected = model.told.clone();
    told.sort();
    expected.sort();
    assert_eq!(told, expected, "events");

    let users: BTreeMap<_, _> = shop.rows("users").map(|user: User| (user.id, account(&user))).collect();
    assert_eq!(users, model.users);
    let sessions: BTreeMap<_, _> =
        shop.rows("sessions").map(|session: Session| (session.id, login(&session))).collect();
    assert_eq!(sessions, model.sessions);
    let tokens: BTreeMap<_, _> = shop
        .rows("reset_tokens")
        .map(|token: ResetToken| {
            (token.hash.clone(), (token.user, token.expires_at_ms, token.password_version))
        })
        .collect();
    assert_eq!(tokens, model.tokens);
    let keys: BTreeMap<_, _> =
        shop.rows("signing_keys").map(|key: SigningKey| (key.kid.clone(), key.retires_at_ms)).collect();
    assert_eq!(keys, model.keys);
    let operator_keys: BTreeMap<_, _> =
        shop.rows("operator_keys").map(|key: OperatorKey| (key.id, pass(&key))).collect();
    assert_eq!(operator_keys, model.operator_keys);
    let tickets: Vec<Ticket> = shop.rows("tickets").collect();
    let orders: Vec<Order> = shop.rows("orders").collect();
    let payments: Vec<Payment> = shop.rows("payments").collect();
    assert_eq!(tickets.iter().map(|t| (t.id, offer(t))).collect::<BTreeMap<_, _>>(), model.tickets);
    assert_eq!(orders.iter().map(|o| (o.id, claim(o))).collect::<BTreeMap<_, _>>(), model.orders);
    assert_eq!(payments.iter().map(|p| (p.id, attempt(p))).collect::<BTreeMap<_, _>>(), model.payments);
    assert_sales_add_up(&tickets, &orders, &payments);
    let refunds: BTreeMap<_, _> =
        shop.rows("refunds").map(|refund: Refund| (refund.id, give_back(&refund))).collect();
    assert_eq!(refunds, model.refunds);
    let ledger: Vec<Entry> = shop.rows("ledger").map(|kept: LedgerEntry| entry(&kept)).collect();
    assert_eq!(ledger, model.ledger);
    let booked: Vec<PaymentId> = payments.iter().filter(|one| one.booked).map(|one| one.id).collect();
    assert_eq!(booked, model.booked.iter().copied().collect::<Vec<_>>());
    let books: BTreeMap<_, _> =
        shop.rows("sandbox_books").map(|entry: SandboxEntry| (entry.key, play_money(&entry))).collect();
    assert_eq!(books, model.books);
    let hold: Vec<u64> = shop.rows("hold").map(|hold: Hold| hold.since_ms).collect();
    assert_eq!(hold, Vec::from_iter(model.hold));
}

/// The rules of a sale, counted on the rows themselves, whatever model and audit think.
fn assert_sales_add_up(tickets: &[Ticket], orders: &[Order], payments: &[Payment]) {
    for ticket in tickets {
        let with = |status: fn(OrderStatus) -> bool| {
            orders.iter().filter(move |order| order.ticket.id == ticket.id && status(order.status()))
        };
        let complete: Vec<&Order> = with(|status| status == OrderStatus::Complete).collect();
        let live = with(OrderStatus::is_open).count() + complete.len();
        assert!(live <= 1, "{} has {live} live orders", ticket.id);
        let kept = payments.iter().filter(|payment| {
            payment.status() == PaymentStatus::Succeeded
                && orders.iter().any(|order| order.id == payment.order && order.ticket.id == ticket.id)
        });
        let kept: Vec<&Payment> = kept.collect();
        let sold = usize::from(ticket.status() == TicketStatus::Sold);
        assert_eq!((complete.len(), kept.len()), (sold, sold), "{} and its charges", ticket.id);
        for (order, payment) in complete.iter().zip(&kept) {
            assert_eq!((order.id, order.ticket.price_minor), (payment.order, payment.amount_minor));
        }
    }
    for payment in payments.iter().filter(|payment| payment.status() != PaymentStatus::Processing) {
        assert!(payment.source.is_empty(), "{} is settled and keeps its source", payment.id);
    }
}

fn tell(event: &Event, now_ms: u64) -> Told {
    assert_eq!(event.at_ms, now_ms, "an event is as old as its command");
    match event.subject.as_ref().expect("every event has a subject") {
        Subject::Ticket(ticket) => (event.r#type(), ticket.id.to_string(), Some(ticket.version)),
        Subject::Order(order) => (event.r#type(), order.id.to_string(), Some(order.version)),
        Subject::Payment(payment) => {
            assert!(payment.source.is_empty(), "events go to everybody");
            (event.r#type(), payment.id.to_string(), Some(payment.version))
        }
        Subject::Expiration(order) => (event.r#type(), order.to_string(), None),
    }
}

fn account(user: &User) -> Account {
    Account {
        email: user.email.clone(),
        password_hash: user.password_hash.clone(),
        password_version: user.password_version,
    }
}

fn login(session: &Session) -> Login {
    Login { user: session.user, created_at_ms: session.created_at_ms, expires_at_ms: session.expires_at_ms }
}

fn pass(key: &OperatorKey) -> Pass {
    assert_eq!(key.revoked_at_ms.is_some(), key.revoked_by.is_some());
    Pass {
        label: key.label.clone(),
        scopes: key.scopes().collect(),
        created: (key.created_at_ms, key.created_by.clone()),
        until_ms: key.expires_at_ms,
        revoked: key.revoked_at_ms.zip(key.revoked_by.clone()),
    }
}

fn offer(ticket: &Ticket) -> Offer {
    Offer {
        number: ticket.number,
        seller: ticket.seller,
        title: ticket.title.clone(),
        price_minor: ticket.price_minor,
        starts_at_ms: ticket.starts_at_ms,
        status: ticket.status(),
        holder: ticket.order,
        version: ticket.version,
        created_at_ms: ticket.created_at_ms,
        updated_at_ms: ticket.updated_at_ms,
    }
}

fn claim(order: &Order) -> Claim {
    let awaits = order.status() == OrderStatus::AwaitingPayment;
    assert_eq!(order.held_until_ms.is_some(), awaits, "{} is held exactly by a charge", order.id);
    Claim {
        number: order.number,
        buyer: order.buyer,
        seller: order.ticket.seller,
        ticket: order.ticket.id,
        title: order.ticket.title.clone(),
        price_minor: order.ticket.price_minor,
        ticket_version: order.ticket.version,
        status: order.status(),
        reason: order.cancel_reason(),
        expires_at_ms: order.expires_at_ms,
        due_at_ms: order.due_at_ms(),
        payment: order.payment,
        attempts: order.attempts,
        version: order.version,
        created_at_ms: order.created_at_ms,
        updated_at_ms: order.updated_at_ms,
    }
}

fn give_back(refund: &Refund) -> GiveBack {
    GiveBack {
        payment: refund.payment,
        number: refund.number,
        amount_minor: refund.amount_minor,
        status: refund.status(),
        tries: refund.tries,
        gateway_refund: refund.gateway_refund.clone(),
        failure_code: refund.failure_code.clone(),
        author: refund.author.clone(),
        reason: refund.reason.clone(),
        cause: refund.cause(),
        made_as: refund.made_as.clone(),
        retried_by: refund.retried_by.clone(),
        version: refund.version,
        created_at_ms: refund.created_at_ms,
        updated_at_ms: refund.updated_at_ms,
    }
}

fn entry(kept: &LedgerEntry) -> Entry {
    Entry {
        movement: kept.movement(),
        debit: kept.debit(),
        credit: kept.credit(),
        amount_minor: kept.amount_minor,
        payment: kept.payment,
        refund: kept.refund,
        at_ms: kept.at_ms,
    }
}

fn dispute(kept: &Dispute) -> (String, String, u64, u32) {
    (kept.id.clone(), kept.status.clone(), kept.withdrawn_minor, kept.revision)
}

fn attempt(payment: &Payment) -> Attempt {
    let totals = payment.refund_totals();
    Attempt {
        number: payment.number,
        order: payment.order,
        buyer: payment.buyer,
        amount_minor: payment.amount_minor,
        status: payment.status(),
        charge: payment.charge.clone(),
        gateway: payment.gateway.clone(),
        in_browser: payment.in_browser,
        intent: payment.intent.clone(),
        stage: payment.stage(),
        decline_code: payment.decline_code.clone(),
        has_refunds: payment.refunds.is_some(),
        pending_minor: totals.pending_minor,
        refunded_minor: totals.refunded_minor,
        failed_refunds: totals.failed,
        withdrawal: payment.withdrawal(),
        disputes: payment.disputes.iter().map(dispute).collect(),
        version: payment.version,
        created_at_ms: payment.created_at_ms,
        updated_at_ms: payment.updated_at_ms,
    }
}

fn play_money(entry: &SandboxEntry) -> PlayMoney {
    PlayMoney {
        amount_minor: entry.amount_minor,
        currency: entry.currency.clone(),
        decline_code: entry.decline_code.clone(),
        refunded: entry.refunded,
        given_back: entry.given_back.iter().map(|one| (one.refund.clone(), one.amount_minor)).collect(),
    }
}
