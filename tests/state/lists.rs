//! A buyer's orders and payments, page by page.

use boxoffice::domain::*;
use boxoffice::store::{Page, Position, StoreError, View};
use proptest::prelude::*;
use proptest::{option, sample};

use crate::runner;
use crate::shop::{Shop, order_id};

/// What became of an order.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Open,
    Cancelled,
    Paying,
    Declined,
    Complete,
}

/// A seller, two buyers, and orders of both in turn.
struct Market {
    shop: Shop,
    seller: Actor,
    buyers: [Actor; 2],
}

impl Market {
    fn new(fates: &[Fate]) -> Self {
        let mut shop = Shop::new();
        let (seller, buyers) = (shop.sign_up(), [shop.sign_up(), shop.sign_up()]);
        let mut market = Self { shop, seller, buyers };
        for (count, fate) in fates.iter().enumerate() {
            market.order(market.buyers[count % 2], *fate);
        }
        market
    }

    fn order(&mut self, buyer: Actor, fate: Fate) {
        let ticket = self.shop.post(self.seller, &["show"], 100, None);
        let order = self.shop.reserve(buyer, ticket);
        match fate {
            Fate::Open => {}
            Fate::Cancelled => self.shop.cancel(buyer, order),
            Fate::Paying => drop(self.shop.pay(buyer, order)),
            Fate::Declined => {
                let payment = self.shop.pay(buyer, order);
                self.shop.settle(payment, false);
            }
            Fate::Complete => {
                let payment = self.shop.pay(buyer, order);
                self.shop.settle(payment, true);
            }
        }
    }

    /// Every page of a list; between two of them, both buyers order once more.
    fn walk<T>(
        &mut self,
        limit: usize,
        page_after: impl Fn(&View, Option<Position>) -> Result<Page<T>, StoreError>,
    ) -> Vec<T> {
        let (mut after, mut listed, mut meanwhile) = (None, Vec::new(), 3);
        loop {
            let page = page_after(&self.shop.view(), after).expect("memory does not fail");
            assert!(page.items.len() <= limit);
            listed.extend(page.items);
            if page.next.is_none() {
                return listed;
            }
            after = page.next;
            for buyer in self.buyers.into_iter().take(meanwhile) {
                self.order(buyer, Fate::Complete);
                meanwhile -= 1;
            }
        }
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    sample::select(&[Fate::Open, Fate::Cancelled, Fate::Paying, Fate::Declined, Fate::Complete][..])
}

fn status() -> impl Strategy<Value = Option<OrderStatus>> {
    use OrderStatus::{AwaitingPayment, Cancelled, Complete, Created};
    option::of(sample::select(&[Created, AwaitingPayment, Complete, Cancelled][..]))
}

#[test]
fn all_pages_of_a_buyers_orders_and_payments_are_all_of_them_in_order() {
    let strategy = (prop::collection::vec(fate(), 0..24), status(), 1..5_usize);
    let run = runner(80).run(&strategy, |(fates, status, limit)| {
        let mut market = Market::new(&fates);
        let buyer = market.buyers[0].user;
        let orders = market.walk(limit, |view, after| view.orders_of(buyer, status, after, limit));
        let mut all: Vec<Order> = market.shop.rows("orders").collect();
        all.retain(|order| order.buyer == buyer && status.is_none_or(|status| order.status() == status));
        all.sort_by_key(|order| order.number);
        prop_assert_eq!(orders, all);
        let payments = market.walk(limit, |view, after| view.payments_of(buyer, after, limit));
        let mut all: Vec<Payment> = market.shop.rows("payments").collect();
        all.retain(|payment| payment.buyer == buyer);
        all.sort_by_key(|payment| payment.number);
        prop_assert_eq!(payments, all);
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn nothing_follows_the_last_order_that_matches() {
    let mut market = Market::new(&[]);
    let buyer = market.buyers[0];
    for fate in [Fate::Open, Fate::Cancelled, Fate::Open, Fate::Cancelled] {
        market.order(buyer, fate);
    }
    let next_after = |limit| {
        let page = market.shop.view().orders_of(buyer.user, Some(OrderStatus::Created), None, limit);
        page.expect("memory does not fail").next
    };
    assert_eq!(next_after(1), Some(Position { sort_key: 0, number: 2 }), "the other open one follows");
    assert_eq!(next_after(2), None, "only a cancelled one follows");
}

#[test]
fn a_page_of_orders_ends_after_bounded_work_and_the_next_goes_on() {
    let mut market = Market::new(&[]);
    let buyer = market.buyers[0];
    let ticket = market.shop.post(market.seller, &["show"], 100, None);
    let mut envelopes = Vec::new();
    for number in 0..4_100 {
        let order = order_id(number + 1_000_000);
        let reserve = Reserve { order, ticket, payment_window_ms: 1_000 };
        envelopes.push(market.shop.envelope(Some(buyer), Command::Reserve(reserve)));
        let cancel = Command::CancelOrder(CancelOrder { order, if_match: None });
        envelopes.push(market.shop.envelope(Some(buyer), cancel));
    }
    let now_ms = market.shop.now_ms;
    market.shop.apply_batch(envelopes.iter().map(|envelope| (envelope, now_ms)));
    market.order(buyer, Fate::Complete);
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = market.shop.view().orders_of(buyer.user, Some(OrderStatus::Complete), after, 20);
        let page = page.expect("memory does not fail");
        found.push(page.items.len());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, [0, 0, 1], "items on each page");
}
