//! Audits find every kind of damage that is planted behind the domain's back.

use boxoffice::domain::*;
use prost::Message;
use redb::{ReadableTable, WriteTransaction};

use crate::all_tables::{INDEXES, ROWS};
use crate::shop::{Shop, decoded, order_id, payment_id, session_id, table, ticket_id};

/// Damages one index.
type Damage = fn(&WriteTransaction, &str);

/// A shop where everything there can be is there at least twice.
pub(crate) fn busy_shop() -> Shop {
    let mut shop = Shop::new();
    for _ in 0..2 {
        let (seller, buyer) = (shop.sign_up(), shop.sign_up());
        let mut post = |words: &[&str]| shop.post(seller, words, 500, None);
        let [_on_sale, frozen, reserved, charged, sold, refunded, gone] =
            [["a", "b"], ["a", "c"], ["a", "d"], ["b", "c"], ["b", "d"], ["c", "d"], ["c", "e"]]
                .map(|words| post(&words));
        shop.freeze(seller, frozen);
        shop.withdraw(seller, gone);
        let late = shop.reserve_for(buyer, refunded, 1_000);
        let late = shop.pay(buyer, late);
        shop.now_ms += 2_000;
        shop.done(None, Command::ExpireOrders(ExpireOrders { at_most: 9 }));
        shop.settle(late, true);
        shop.settle_refund(RefundId::from_bytes(late.to_bytes()), RefundStatus::Succeeded);
        shop.reserve(buyer, reserved);
        let order = shop.reserve(buyer, charged);
        shop.pay(buyer, order);
        let order = shop.reserve(buyer, sold);
        let payment = shop.pay(buyer, order);
        shop.play_charge(payment, "tok_visa");
        shop.settle(payment, true);
        let failed = shop.ask_for_refund(seller, payment, Some(100));
        shop.settle_refund(failed, RefundStatus::Failed);
        shop.dispute(payment, "dp_1", 0, "needs_response", true);
        let email = shop.view().user(buyer.user).expect("a row").expect("an account").email;
        let token_hash = shop.next().to_be_bytes().to_vec();
        shop.done(None, Command::IssueResetToken(IssueResetToken { email, token_hash, ttl_ms: 1_000 }));
        let end = Command::EndSession(EndSession { session: session_id(0) });
        let mut envelope = shop.envelope(Some(buyer), end);
        envelope.idempotency =
            Some(Idempotency { key: "key".into(), fingerprint: Vec::new(), ttl_ms: 1_000 });
        shop.apply(&envelope);
        let revoked = shop.operator_key(&[Scope::OrdersRead]);
        shop.done(None, Command::RevokeOperatorKey(RevokeOperatorKey { key: revoked }));
        shop.operator_key(&[Scope::Keys, Scope::Refunds]);
        shop.busy_webhooks(seller);
        crate::consumer_groups::busy_group(&mut shop, seller);
    }
    shop
}

#[test]
fn a_sound_state_has_no_violations_and_is_counted() {
    let shop = busy_shop();
    let report = shop.audit();
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    let two_of_each = |status| (status, 2);
    assert_eq!((report.users, report.sessions, report.operator_keys), (4, 4, 4));
    assert_eq!(
        report.books.tickets.into_iter().collect::<Vec<_>>(),
        [
            (TicketStatus::Available, 4),
            (TicketStatus::Frozen, 2),
            (TicketStatus::Reserved, 4),
            (TicketStatus::Sold, 2)
        ]
    );
    assert_eq!(
        report.books.orders.into_iter().collect::<Vec<_>>(),
        [OrderStatus::Created, OrderStatus::AwaitingPayment, OrderStatus::Complete, OrderStatus::Cancelled]
            .map(two_of_each)
    );
    assert_eq!(report.books.kept_minor.into_iter().collect::<Vec<_>>(), [("usd".to_owned(), 1_000)]);
    assert_eq!(report.books.events, shop.event_count());
}

#[test]
fn every_index_is_compared_with_its_rows() {
    let shop = busy_shop();
    let sound = shop.dump();
    let known = |table: &str| table == "on_sale" || ROWS.contains(&table) || INDEXES.contains(&table);
    let unknown: Vec<&String> = sound.keys().filter(|table| !known(table)).collect();
    assert!(unknown.is_empty(), "rows, or an index to damage? {unknown:?}");
    for index in INDEXES {
        assert!(sound[*index].len() > 1, "{index} has nothing to damage");
        let damages: [(&str, Damage); 4] = [
            ("loses an entry", lose_an_entry),
            ("gains an entry", gain_an_entry),
            ("holds another value", change_a_value),
            ("has two values exchanged", exchange_two_values),
        ];
        for (what, damage) in damages {
            let mut shop = busy_shop();
            shop.damage(|txn| damage(txn, index));
            if shop.dump() != sound {
                assert_found(&shop, index, &format!("{index} {what}"));
            }
        }
    }
}

/// A thousand tickets share one row of bits: there are no two of them to exchange.
#[test]
fn the_bits_of_what_is_on_sale_are_compared_with_the_tickets() {
    for damage in [lose_an_entry, gain_an_entry, change_a_value] as [Damage; 3] {
        let mut shop = busy_shop();
        shop.damage(|txn| damage(txn, "on_sale"));
        assert_found(&shop, "on_sale", "on_sale is damaged");
    }
}

/// Plants one kind of damage in a new shop, and looks for a violation that says so.
macro_rules! found {
    ($($name:ident: $says:literal, $damage:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut shop = busy_shop();
            let damage: fn(&WriteTransaction) = $damage;
            shop.damage(damage);
            assert_found(&shop, $says, stringify!($name));
        }
    )*};
}

found! {
    a_sold_ticket_without_an_order: "Sold, held by None", |txn| edit(txn, "tickets", |t: &mut Ticket| {
        (t.status() == TicketStatus::Available).then(|| t.set_status(TicketStatus::Sold))
    });
    a_ticket_sold_by_an_open_order: "is Sold, held by Some", |txn| edit(txn, "tickets", |t: &mut Ticket| {
        (t.status() == TicketStatus::Reserved).then(|| t.set_status(TicketStatus::Sold))
    });
    a_ticket_taken_from_its_order: "that it holds its ticket is false", |txn| {
        edit(txn, "tickets", |t: &mut Ticket| {
            let held = t.order.take();
            held.map(|_| t.set_status(TicketStatus::Available))
        });
    };
    a_ticket_with_two_live_orders: "that it holds its ticket is false", |txn| {
        edit(txn, "orders", |o: &mut Order| {
            let mut twin = o.clone();
            twin.id = order_id(u64::MAX);
            twin.number += 1_000;
            o.status().is_open().then(|| put(txn, "orders", &twin.id.to_bytes(), &twin))
        });
    };
    a_cancelled_order_that_holds_its_ticket: "that it holds its ticket is true", |txn| {
        edit(txn, "orders", |o: &mut Order| {
            (o.status() == OrderStatus::Created).then(|| o.set_status(OrderStatus::Cancelled))
        });
    };
    a_complete_order_that_was_refunded: "that it is charged is false", |txn| {
        edit(txn, "payments", |p: &mut Payment| {
            (p.status() == PaymentStatus::Succeeded).then(|| p.set_status(PaymentStatus::Refunded))
        });
    };
    a_complete_order_whose_payment_is_gone: "that it is charged is false", |txn| {
        remove(txn, "payments", |p: &Payment| p.status() == PaymentStatus::Succeeded);
    };
    a_complete_order_charged_another_price: "that it is charged is false", |txn| {
        edit(txn, "payments", |p: &mut Payment| {
            (p.status() == PaymentStatus::Succeeded).then(|| p.amount_minor += 1)
        });
    };
    an_order_that_awaits_no_payment: "awaits a payment that nobody makes", |txn| {
        edit(txn, "payments", |p: &mut Payment| {
            (p.status() == PaymentStatus::Processing).then(|| p.set_status(PaymentStatus::Failed))
        });
    };
    a_charge_kept_for_a_cancelled_order: "is Succeeded, its order Some(Cancelled)", |txn| {
        edit(txn, "payments", |p: &mut Payment| {
            (p.status() == PaymentStatus::Refunded).then(|| p.set_status(PaymentStatus::Succeeded))
        });
    };
    a_payment_whose_order_is_gone: "its order None", |txn| {
        remove(txn, "orders", |o: &Order| o.status() == OrderStatus::Complete);
    };
    a_ticket_that_is_gone: "should be there", |txn| {
        remove(txn, "tickets", |t: &Ticket| t.status() == TicketStatus::Frozen);
    };
    a_row_under_another_key: "under the key of another", |txn| {
        let moved = remove(txn, "tickets", |t: &Ticket| t.status() == TicketStatus::Frozen);
        put(txn, "tickets", &ticket_id(u64::MAX).to_bytes(), &moved);
    };
    a_line_of_the_books_under_another_key: "under the key of another", |txn| {
        edit(txn, "sandbox_books", |e: &mut SandboxEntry| { e.key = payment_id(u64::MAX); Some(()) });
    };
    an_event_under_another_key: "under the key of another", |txn| {
        edit(txn, "outbox", |e: &mut Event| (e.sequence == 3).then(|| e.sequence = 4));
    };
    a_session_of_nobody: "belongs to nobody", |txn| {
        let user = remove(txn, "users", |_: &User| true);
        let mut index = txn.open_table(table("users_by_email")).expect("it is there");
        index.remove(user.email.as_bytes()).expect("memory does not fail");
    };
    a_ticket_version_that_no_event_has: "and was announced as", |txn| {
        edit(txn, "tickets", |t: &mut Ticket| { t.version += 1; Some(()) });
    };
    a_history_of_no_order: "and no such order", |txn| {
        let mut kept: OrderTransition = remove(txn, "order_history", |_: &OrderTransition| true);
        kept.order = order_id(u64::MAX);
        put(txn, "order_history", &history_key(&kept), &kept);
    };
    a_transition_that_was_not_made: "that it did not make", |txn| {
        let mut kept: OrderTransition = remove(txn, "order_history", |_: &OrderTransition| true);
        kept.version += 1_000;
        put(txn, "order_history", &history_key(&kept), &kept);
    };
    a_latest_transition_that_was_another: "that it did not make", |txn| {
        edit(txn, "order_history", |kept: &mut OrderTransition| {
            kept.at_ms += 1;
            (kept.status() == OrderStatus::Complete).then_some(())
        });
    };
    an_order_version_that_no_event_has: "and was announced as", |txn| {
        edit(txn, "orders", |o: &mut Order| { o.version += 1; Some(()) });
    };
    a_payment_version_that_no_event_has: "and was announced as", |txn| {
        edit(txn, "payments", |p: &mut Payment| { p.version += 1; Some(()) });
    };
    the_first_event_is_gone: "the outbox has event 2 where 1 belongs", |txn| {
        remove(txn, "outbox", |e: &Event| e.sequence == 1);
    };
    an_event_is_gone: "the outbox has event 8 where 7 belongs", |txn| {
        remove(txn, "outbox", |e: &Event| e.sequence == 7);
    };
    the_last_event_is_gone: "the outbox ends at", |txn| {
        let counters: Counters = row(txn, "counters", &[]);
        remove(txn, "outbox", |e: &Event| e.sequence == counters.events);
    };
    an_event_announces_a_version_twice: "is announced at version", |txn| {
        edit(txn, "outbox", |e: &mut Event| match &mut e.subject {
            Some(Subject::Ticket(t)) if t.version > 0 => { t.version -= 1; Some(()) }
            _ => None,
        });
    };
    an_event_without_a_subject: "it has no subject", |txn| {
        edit(txn, "outbox", |e: &mut Event| { e.subject = None; Some(()) });
    };
    a_wrong_count_of_tickets: "tickets were posted", |txn| count(txn, |c| c.tickets += 1);
    a_wrong_count_of_orders: "orders, counted", |txn| count(txn, |c| c.orders += 1);
    a_wrong_count_of_payments: "payments, counted", |txn| count(txn, |c| c.payments -= 1);
    a_wrong_count_of_events: "the outbox ends at", |txn| count(txn, |c| c.events += 1);
    a_number_beyond_all_that_were_given_out: "never was given out", |txn| {
        edit(txn, "orders", |o: &mut Order| { o.number += 1_000; Some(()) });
    };
    a_number_given_out_twice: "given out twice", |txn| {
        edit(txn, "payments", |p: &mut Payment| (p.number == 1).then(|| p.number = 2));
    };
    an_enormous_sequence: "the outbox has event 18446744073709551615", |txn| {
        edit(txn, "outbox", |e: &mut Event| (e.sequence == 7).then(|| e.sequence = u64::MAX));
    };
}

pub(crate) fn assert_found(shop: &Shop, says: &str, damage: &str) {
    let report = shop.audit();
    let found = report.violations.iter().any(|violation| violation.to_string().contains(says));
    assert!(found, "{damage}: not {says:?} but {:#?}", report.violations);
}

fn history_key(kept: &OrderTransition) -> Vec<u8> {
    [&kept.order.to_bytes()[..], &kept.version.to_be_bytes()].concat()
}

fn lose_an_entry(txn: &WriteTransaction, index: &str) {
    let mut open = txn.open_table(table(index)).expect("it is there");
    open.pop_first().expect("memory does not fail");
}

fn gain_an_entry(txn: &WriteTransaction, index: &str) {
    let mut open = txn.open_table(table(index)).expect("it is there");
    open.insert(&[7; 24][..], &[7; 16][..]).expect("memory does not fail");
}

fn change_a_value(txn: &WriteTransaction, index: &str) {
    let (key, mut value) = entries(txn, index).remove(0);
    value.iter_mut().for_each(|byte| *byte ^= 1);
    let mut open = txn.open_table(table(index)).expect("it is there");
    open.insert(key.as_slice(), value.as_slice()).expect("memory does not fail");
}

fn exchange_two_values(txn: &WriteTransaction, index: &str) {
    let entries = entries(txn, index);
    let ((first, a), (last, b)) = (&entries[0], &entries[entries.len() - 1]);
    let mut open = txn.open_table(table(index)).expect("it is there");
    open.insert(first.as_slice(), b.as_slice()).expect("memory does not fail");
    open.insert(last.as_slice(), a.as_slice()).expect("memory does not fail");
}

pub(crate) fn entries(txn: &WriteTransaction, name: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let open = txn.open_table(table(name)).expect("it is there");
    let entries = open.iter().expect("memory does not fail").map(|entry| {
        let (key, value) = entry.expect("memory does not fail");
        (key.value().to_vec(), value.value().to_vec())
    });
    entries.collect()
}

fn row<M: Message + Default>(txn: &WriteTransaction, name: &str, key: &[u8]) -> M {
    let open = txn.open_table(table(name)).expect("it is there");
    let row = open.get(key).expect("memory does not fail").expect("the row is there");
    decoded(row.value())
}

pub(crate) fn put(txn: &WriteTransaction, name: &str, key: &[u8], row: &impl Message) {
    let mut open = txn.open_table(table(name)).expect("it is there");
    open.insert(key, row.encode_to_vec().as_slice()).expect("memory does not fail");
}

/// Changes the first row that this wants to change.
pub(crate) fn edit<M: Message + Default>(
    txn: &WriteTransaction,
    name: &str,
    how: impl Fn(&mut M) -> Option<()>,
) {
    for (key, value) in entries(txn, name) {
        let mut row: M = decoded(&value);
        if how(&mut row).is_some() {
            return put(txn, name, &key, &row);
        }
    }
    panic!("{name} has nothing to damage");
}

/// Removes the first such row, and returns it.
fn remove<M: Message + Default>(txn: &WriteTransaction, name: &str, which: impl Fn(&M) -> bool) -> M {
    for (key, value) in entries(txn, name) {
        let row: M = decoded(&value);
        if which(&row) {
            let mut open = txn.open_table(table(name)).expect("it is there");
            open.remove(key.as_slice()).expect("memory does not fail");
            return row;
        }
    }
    panic!("{name} has nothing to damage");
}

fn count(txn: &WriteTransaction, how: impl Fn(&mut Counters)) {
    edit(txn, "counters", |counters: &mut Counters| {
        how(counters);
        Some(())
    });
}
