//! Histories of orders: what was kept, what an older order says by itself, and pages of both.

use boxoffice::domain::*;
use boxoffice::store::Position;

use crate::shop::Shop;

/// How the versions of an order came to be, page by page.
fn history(shop: &Shop, order: OrderId, limit: usize) -> Vec<(u64, TransitionReason)> {
    let view = shop.view();
    let order = view.order(order).expect("a row").expect("it was made");
    let (mut all, mut after): (Vec<_>, Option<Position>) = (Vec::new(), None);
    loop {
        let page = view.history_of(&order, after, limit).expect("rows");
        assert!(page.items.len() <= limit, "a page of {limit}: {:?}", page.items);
        all.extend(page.items.iter().map(|kept| (kept.version, kept.reason())));
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

/// Asks for something in the way of a replica that keeps no histories.
fn ask_unkept(shop: &mut Shop, actor: Option<Actor>, command: Command) {
    let envelope = shop.envelope(actor, command);
    let envelope = Envelope { keeps_history: false, ..envelope };
    shop.apply(&envelope).into_result().expect("nothing is in the way");
}

#[test]
fn each_transition_is_kept_with_who_made_it() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    let ticket = shop.post(seller, &["rock"], 100, None);
    let order = shop.reserve(buyer, ticket);
    let declined = shop.pay(buyer, order);
    shop.settle(declined, false);
    shop.now_ms += 5;
    let paid = shop.pay(buyer, order);
    shop.settle(paid, true);
    let view = shop.view();
    let row = view.order(order).expect("a row").expect("it was made");
    let kept = view.history_of(&row, None, 9).expect("rows").items;
    let told: Vec<_> =
        kept.iter().map(|kept| (kept.reason(), kept.author.kind.clone(), kept.payment)).collect();
    let buyer = || Some(AuthorKind::User(buyer.user));
    assert_eq!(
        told,
        [
            (TransitionReason::Reserved, buyer(), None),
            (TransitionReason::PaymentBegun, buyer(), Some(declined)),
            (TransitionReason::PaymentFailed, None, Some(declined)),
            (TransitionReason::PaymentBegun, buyer(), Some(paid)),
            (TransitionReason::Paid, None, Some(paid)),
        ]
    );
    assert_eq!(kept[3].at_ms, kept[0].at_ms + 5);
    for limit in 1..9 {
        assert_eq!(history(&shop, order, limit).len(), 5, "in pages of {limit}");
    }
}

#[test]
fn an_older_order_shows_what_is_known_of_it() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    let ticket = shop.post(seller, &["rock"], 100, None);
    let order = crate::shop::order_id(shop.next());
    let reserve = Reserve { order, ticket, payment_window_ms: 5_000 };
    ask_unkept(&mut shop, Some(buyer), Command::Reserve(reserve));
    let pages = |shop: &Shop| {
        let all: Vec<_> = (1..5).map(|limit| history(shop, order, limit)).collect();
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:?}");
        all[0].clone()
    };
    assert_eq!(pages(&shop), [(0, TransitionReason::Reserved)]);
    let payment = crate::shop::payment_id(shop.next());
    let pay = Pay { payment, order, ..Pay::default() };
    ask_unkept(&mut shop, Some(buyer), Command::Pay(pay));
    assert_eq!(pages(&shop), [(0, TransitionReason::Reserved), (1, TransitionReason::PaymentBegun)]);
    shop.settle(payment, false);
    let since = [(0, TransitionReason::Reserved), (2, TransitionReason::PaymentFailed)];
    assert_eq!(pages(&shop), since, "from then on it is kept");
    shop.cancel(buyer, order);
    assert_eq!(pages(&shop), [since[0], since[1], (3, TransitionReason::Cancelled)]);
    shop.assert_sound();
}
