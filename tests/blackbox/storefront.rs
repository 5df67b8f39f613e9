//! The shop, used by people whose browsers run no scripts.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::stripe::keys;
use crate::support::{PASSWORD, Server, Visitor, eventually};

#[tokio::test]
async fn a_sale_from_the_sign_up_to_the_ticket() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    Visitor::new(&server).page("/").await.says("Nothing is on sale right now.");
    let show = [("venue", "Main Hall"), ("startsAt", "2031-05-01T19:30")];
    let ticket = ann.sells("Opera night", "12.5", &show).await;
    let listed = Visitor::new(&server).page("/").await.says("Opera night").says("Main Hall");
    listed.says(r#"<time datetime="2031-05-01T19:30:00Z" data-local>Thu 1 May 2031, 19:30 UTC</time>"#);
    ann.page(&ticket).await.says("This is your ticket.").says("USD 12.50").does_not_say("Reserve it");

    let order = bob.reserves(&ticket).await;
    bob.page(&order).await.says("about 15 minutes left").says("data-countdown=\"900\"");
    bob.page(&ticket).await.says("You have it reserved.").says(&order);
    let others = Visitor::new(&server).page(&ticket).await.says("Somebody has it reserved");
    others.does_not_say(&order);
    ann.page(&ticket).await.says("Somebody has your ticket reserved").does_not_say(&order);

    let pay = format!("{order}/pay");
    let key = bob.page(&order).await.field_of(&pay, "idempotencyKey");
    bob.post(&pay, &[("token", "tok_visa"), ("idempotencyKey", &key)]).await.goes_to(&order);
    bob.page(&order).await.says("The ticket is yours").says("USD 12.50").does_not_say(&pay);
    bob.page(&ticket).await.says("It is yours.");
    Visitor::new(&server).page(&ticket).await.says("It is sold.").does_not_say(&order);
    Visitor::new(&server).page("/").await.does_not_say("Opera night");
    bob.page("/orders").await.says("Opera night").says("Yours");
    ann.page("/selling").await.says("Opera night").says("Sold").does_not_say("bob@example.test");
    ann.page("/orders").await.says("You have not ordered anything yet.");
}

#[tokio::test]
async fn a_decline_leaves_the_order_open_for_a_second_card() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let order = bob.reserves(&ann.sells("Opera night", "12.50", &[]).await).await;
    let pay = format!("{order}/pay");
    let key = bob.page(&order).await.field_of(&pay, "idempotencyKey");
    let declined = bob
        .post(&pay, &[("token", "tok_chargeDeclinedInsufficientFunds"), ("idempotencyKey", &key)])
        .await
        .expect(402, "a decline")
        .says("There is not enough money on the card.")
        .says("data-countdown");
    let next = declined.field_of(&pay, "idempotencyKey");
    assert_ne!(next, key, "another card is another intent");
    bob.page(&order).await.says("There is not enough money on the card.");
    // Whoever sends the first form once more is told the same, and no card is asked.
    let again = [("token", "tok_chargeDeclinedInsufficientFunds"), ("idempotencyKey", &key)];
    bob.post(&pay, &again).await.expect(402, "the same key, the same answer");
    bob.post(&pay, &[("token", "tok_visa"), ("idempotencyKey", &next)]).await.goes_to(&order);
    bob.page(&order).await.says("The ticket is yours").does_not_say("declined");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_counts_once() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let form = [("title", "Once"), ("price", "1"), ("idempotencyKey", "the-same-key")];
    let ticket = ann.post("/tickets", &form).await.see_other();
    ann.post("/tickets", &form).await.goes_to(&ticket);
    let ticket = ticket.trim_end_matches("?done=posted");
    assert_eq!(Visitor::new(&server).page("/").await.text.matches("<h2>").count(), 1, "one ticket");
    let reserve = format!("{ticket}/reserve");
    let order = bob.post(&reserve, &[("idempotencyKey", "one-order")]).await.see_other();
    bob.post(&reserve, &[("idempotencyKey", "one-order")]).await.goes_to(&order);
    assert_eq!(bob.page("/orders").await.text.matches("<h2>").count(), 1, "one order");
    let other = [("title", "Twice"), ("price", "1"), ("idempotencyKey", "the-same-key")];
    let refused = ann.post("/tickets", &other).await.expect(422, "the key is that of another ticket");
    let next = refused.says("Twice").field_of("/tickets", "idempotencyKey");
    assert_ne!(next, "the-same-key", "the next try is its own intent");
    ann.post("/tickets", &[("title", "Odd"), ("price", "1"), ("idempotencyKey", "ä")])
        .await
        .expect(400, "a key that is none");
}

#[tokio::test]
async fn orders_that_came_to_nothing_say_why_and_what_next() {
    let server = Server::start_with(&[("BOXOFFICE_PAYMENT_WINDOW", "2s")]).await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    let first = bob.reserves(&ticket).await;
    let cancel = format!("{first}/cancel");
    let version = bob.page(&first).await.field_of(&cancel, "version");
    bob.post(&cancel, &[("version", &version)]).await.goes_to(&first);
    let given_back = bob.page(&first).await.says("You gave the ticket back.").says("Reserve it again");
    let again = format!("{ticket}/reserve");
    let key = given_back.field_of(&again, "idempotencyKey");
    let second = bob.post(&again, &[("idempotencyKey", &key)]).await.see_other();
    eventually("the second order expires", async || {
        let page = bob.page(&second).await.text;
        if page.contains("was not paid for in time") { Ok(()) } else { Err(page) }
    })
    .await;
    let pay = [("token", "tok_visa"), ("idempotencyKey", "late")];
    let late = bob.post(&format!("{second}/pay"), &pay).await.expect(409, "it is over");
    late.says("The order has expired").says("Reserve it again");
    bob.page("/orders").await.says("Not paid in time").says("Given back");
}

#[tokio::test]
async fn a_payment_that_takes_long_is_waited_for() {
    let server = Server::start_with(&[("BOXOFFICE_SANDBOX_SLOW", "12s")]).await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let order = bob.reserves(&ann.sells("Opera night", "12.50", &[]).await).await;
    let pay = [("token", "tok_slow"), ("idempotencyKey", "slow")];
    bob.post(&format!("{order}/pay"), &pay).await.goes_to(&order);
    let waits = bob.page(&order).await.says("Your payment is under way").does_not_say("tok_visa");
    waits.does_not_say("Give the ticket back");
    eventually("it is paid", async || {
        let page = bob.page(&order).await.text;
        if page.contains("The ticket is yours") { Ok(()) } else { Err(page) }
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_comes_too_late_goes_back() {
    let settings = [
        ("BOXOFFICE_PAYMENT_WINDOW", "2s"),
        ("BOXOFFICE_PAYMENT_GRACE", "1s"),
        ("BOXOFFICE_SANDBOX_SLOW", "5s"),
    ];
    let server = Server::start_with(&settings).await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let order = bob.reserves(&ann.sells("Opera night", "12.50", &[]).await).await;
    let pay = [("token", "tok_slow"), ("idempotencyKey", "slow")];
    let late = bob.post(&format!("{order}/pay"), &pay).await.expect(409, "the order was released");
    late.says("Your payment came too late").says("Reserve it again");
    bob.page(&order).await.says("Your payment came too late").says("USD 12.50");
    ann.page("/selling").await.says("Nothing yet.");
}

#[tokio::test]
async fn what_went_back_is_on_the_order_and_among_the_sales() {
    let server = Server::start().await;
    let (seller, buyer) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&buyer, &server.ticket(&seller).await).await;
    let payment = server.pay(&buyer, &order).await;
    let refunds = format!("/api/payments/{payment}/refunds");
    let part = server.post(&refunds, json!({"amount": 5})).by(&seller).await;
    part.expect(201, "a part goes back");
    let (ann, bob) = (signed_in(&server, "ann").await, signed_in(&server, "bob").await);
    let order = format!("/orders/{order}");
    eventually("a part is back", async || {
        let page = bob.page(&order).await.text;
        if page.contains(">USD 5.00</data> refunded") { Ok(()) } else { Err(page) }
    })
    .await;
    ann.page("/selling").await.says("USD 5.00</data> refunded");
    server.post(&refunds, json!({})).by(&seller).await.expect(201, "and the rest");
    eventually("all is back", async || {
        let page = bob.page(&order).await.text;
        if page.contains("All that was paid for this ticket went back") { Ok(()) } else { Err(page) }
    })
    .await;
    ann.page("/selling").await.says("Refunded");
    bob.page("/orders").await.says("Refunded");
}

#[tokio::test]
async fn sellers_change_freeze_and_withdraw() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let ticket = ann.sells("Opera night", "12.50", &[("startsAt", "2031-05-01T20:00")]).await;
    let edit = ann.page(&format!("{ticket}/edit")).await;
    assert_eq!(edit.field_of(&ticket, "title"), "Opera night");
    assert_eq!(edit.field_of(&ticket, "price"), "12.50");
    assert_eq!(edit.field_of(&ticket, "startsAt"), "2031-05-01T20:00");
    let version = edit.field_of(&ticket, "version");
    let changes = [("title", "Opera evening"), ("price", "13"), ("version", version.as_str())];
    ann.post(&ticket, &changes).await.goes_to(&format!("{ticket}?done=saved"));
    ann.page(&ticket).await.says("Opera evening").says("USD 13.00").does_not_say("2031");
    let stale = ann.post(&ticket, &changes).await.expect(412, "changed meanwhile");
    assert_ne!(stale.field_of(&ticket, "version"), version, "the next try is about what there is now");
    for (action, says) in [("freeze", "Off sale"), ("unfreeze", "On sale")] {
        let path = format!("{ticket}/{action}");
        let version = ann.page(&ticket).await.field_of(&path, "version");
        let done = ann.post(&path, &[("version", &version)]).await.see_other();
        ann.page(&done).await.says(says);
    }
    let withdraw = format!("{ticket}/delete");
    let version = ann.page(&ticket).await.field_of(&withdraw, "version");
    ann.post(&withdraw, &[("version", &version)]).await.goes_to("/selling?done=withdrawn");
    ann.page("/selling?done=withdrawn").await.says("Your ticket is withdrawn.");
    ann.get(&ticket).await.expect(404, "it is gone").says("There is nothing here");
}

#[tokio::test]
async fn an_account_from_its_password_to_its_end() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let elsewhere = [signed_in(&server, "ann").await, signed_in(&server, "ann").await];
    let page = ann.page("/account").await.says("ann@example.test").says("This browser");
    let (_, rest) = page.text.split_once("action=\"/account/sessions/session_").expect("another session");
    let end = format!("/account/sessions/session_{}", rest.split('"').next().expect("an address"));
    ann.post(&end, &[]).await.goes_to("/account?done=session");
    ann.post(&end, &[]).await.expect(404, "it is ended");
    ann.post("/account/sessions/end-others", &[]).await.goes_to("/account?done=sessions");
    for ended in elsewhere {
        ended.get("/orders").await.goes_to("/sign-in?next=%2Forders");
    }
    let wrong = [("current", "not-the-password"), ("new", "another-long-password")];
    let refused = ann.post("/account/password", &wrong).await.expect(401, "a wrong password");
    assert_eq!(refused.fault_of("change-current"), Some("Current password is not the password."));
    refused.does_not_say("not-the-password").does_not_say("another-long-password");
    let right = [("current", PASSWORD), ("new", "another-long-password")];
    ann.post("/account/password", &right).await.goes_to("/account?done=password");
    let deletion = ann.post("/account/delete", &[("password", PASSWORD)]).await.expect(401, "the old one");
    assert_eq!(deletion.fault_of("delete-password"), Some("Password is not the password."));
    ann.post("/account/delete", &[("password", "another-long-password")]).await.goes_to("/?done=deleted");
    ann.page("/?done=deleted").await.says("The account is deleted.").says("Sign up");
}

#[tokio::test]
async fn with_stripe_its_own_script_takes_the_card_on_open_orders_alone() {
    // Nobody is asked: looking at an order begins no payment.
    let settings = keys("http://127.0.0.1:9");
    let server = Server::start_with(&settings).await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let order = bob.reserves(&ann.sells("Opera night", "12.50", &[]).await).await;
    let page = bob.page(&order).await.says("data-publishable-key=\"pk_test_standin\"").says("<noscript>");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("https://js.stripe.com") && policy.contains("https://api.stripe.com"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    for other in ["/", "/orders", "/account"] {
        let page = bob.page(other).await.does_not_say("pk_test_standin");
        assert!(!page.header("content-security-policy").expect("a policy").contains("stripe"), "{other}");
    }
    bob.page(&format!("{order}?payment_intent=pi_1&redirect_status=failed")).await.says("stripe-payment");
}

#[tokio::test]
async fn lists_are_searched_and_go_on() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for number in 0..25 {
        server.ticket_titled(&ann, &format!("Show number {number}")).await;
    }
    let visitor = Visitor::new(&server);
    let first = visitor.page("/?keyword=show&sort=price").await;
    assert_eq!(first.text.matches("<h2>").count(), 20);
    let (_, rest) = first.text.split_once("rel=\"next\" href=\"").expect("there is more");
    let next = rest.split('"').next().expect("an address").replace("&amp;", "&").replace("&#38;", "&");
    assert!(next.starts_with("/?keyword=show&sort=price&cursor="), "{next}");
    assert_eq!(visitor.page(&next).await.text.matches("<h2>").count(), 5);
    visitor.page("/?keyword=nowhere").await.says("No ticket on sale is like that.");
    let odd = visitor.get("/?minPrice=abc&keyword=show").await.expect(400, "no number");
    assert_eq!(
        odd.fault_of("minPrice"),
        Some("Price from must be a number with at most 2 decimals, 0 or more.")
    );
    odd.says("value=\"abc\"").says("value=\"show\"");
    visitor.get("/?cursor=junk").await.expect(400, "no cursor");
    let mine = signed_in(&server, "ann").await;
    let first = mine.page("/selling").await.says("Show number 24").does_not_say("Show number 4<");
    let (_, rest) = first.text.split_once("href=\"/selling?cursor=").expect("there is more");
    let rest = rest.split('"').next().expect("an address");
    mine.page(&format!("/selling?cursor={rest}")).await.says("Show number 4<").does_not_say("Show number 5<");
    tokio::time::timeout(Duration::from_secs(5), visitor.send(server.call(Method::HEAD, "/")))
        .await
        .expect("HEAD is answered")
        .expect(200, "as GET is");
}

#[tokio::test]
async fn ones_own_lists_go_on_from_the_newest_to_the_oldest() {
    let server = Server::start().await;
    let (seller, buyer) = (server.user("ann").await, server.user("bob").await);
    for number in 0..22 {
        let ticket = server.ticket_titled(&seller, &format!("Show number {number}")).await;
        server.pay(&buyer, &server.order(&buyer, &ticket).await).await;
    }
    let (ann, bob) = (signed_in(&server, "ann").await, signed_in(&server, "bob").await);
    for (visitor, list, more) in [(&bob, "/orders", "/orders?cursor="), (&ann, "/selling", "/selling?sold=")]
    {
        let first = visitor.page(list).await.says("Show number 21<").says("Show number 2<");
        let first = first.does_not_say("Show number 1<");
        assert!(first.text.find("number 21<") < first.text.find("number 20<"), "the newest first");
        let (_, rest) = first.text.split_once(&format!("href=\"{more}")).expect("there is more");
        let cursor = rest.split('"').next().expect("an address");
        let last =
            visitor.page(&format!("{more}{cursor}")).await.says("Show number 1<").says("Show number 0<");
        last.does_not_say("Show number 2<").does_not_say(&format!("href=\"{more}"));
        visitor.get(&format!("{more}junk")).await.expect(400, "no cursor");
    }
}

/// A browser in which somebody with an account signs in.
async fn signed_in<'s>(server: &'s Server, name: &str) -> Visitor<'s> {
    let visitor = Visitor::new(server);
    let email = format!("{name}@example.test");
    let next = [("email", email.as_str()), ("password", PASSWORD), ("next", "/orders")];
    visitor.post("/sign-in", &next).await.goes_to("/orders");
    visitor
}
