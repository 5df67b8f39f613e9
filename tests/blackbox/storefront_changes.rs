//! What the shop says where things have changed meanwhile, and in which words.

use serde_json::json;

use crate::support::{PASSWORD, Server, Visitor};

/// Reverses what follows it, unless that is kept apart.
const REVERSED: &str = "\u{202e}evil venue";

#[tokio::test]
async fn a_change_is_written_over_another_one_only_by_who_has_seen_it() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let ticket = ann.sells("Opera night", "5", &[("startsAt", "2031-05-01T20:00")]).await;
    let seen = ann.page(&format!("{ticket}/edit")).await.field_of(&ticket, "version");
    let elsewhere = [("title", "Opera night"), ("price", "50"), ("venue", "Main Hall"), ("version", &seen)];
    ann.post(&ticket, &elsewhere).await.goes_to(&format!("{ticket}?done=saved"));

    let typed = |title, version| {
        [("title", title), ("price", "5,00"), ("startsAt", "2031-05-01T20:00"), ("version", version)]
    };
    let faulty = ann.post(&ticket, &typed(" ", &seen)).await.expect(400, "no title");
    assert_eq!(faulty.field_of(&ticket, "version"), seen, "nothing was said of the other change");
    faulty.does_not_say("Now:");

    let refused = ann.post(&ticket, &typed("Opera night", &seen)).await.expect(412, "changed meanwhile");
    assert_eq!(refused.field_of(&ticket, "price"), "5,00", "what was typed stays");
    let refused = refused.says("aria-describedby=\"price-now\"").says("It was changed meanwhile");
    let refused = refused.says("id=\"price-now\">Now: <data class=\"price\" value=\"50.00\"");
    let refused = refused.says("id=\"venue-now\">Now: <bdi>Main Hall</bdi>");
    let refused = refused.says("id=\"startsAt-now\">Now: nothing").does_not_say("title-now");
    let version = refused.field_of(&ticket, "version");
    ann.post(&ticket, &typed("Opera night", &version)).await.goes_to(&format!("{ticket}?done=saved"));
    ann.page(&ticket).await.says("USD 5.00");
}

#[tokio::test]
async fn a_decimal_comma_is_taken_from_people_and_not_from_programs() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let ticket = ann.sells("Opera night", "12,5", &[]).await;
    ann.page(&ticket).await.says("USD 12.50");
    for (search, finds) in [("minPrice=12,5", true), ("maxPrice=12,49", false), ("maxPrice=12,50", true)] {
        let page = ann.page(&format!("/?{search}")).await;
        assert_eq!(page.text.contains("Opera night"), finds, "{search}");
    }
    ann.page("/?maxPrice=13,5&sort=price").await.says("value=\"13,5\"");
    let thousands = [("title", "Gala"), ("price", "1,234.50")];
    ann.post("/tickets", &thousands).await.expect(400, "nobody knows what that is");
    let by_api = server.post("/api/tickets", json!({"title": "Gala", "price": "12,5"}));
    ann.send(by_api).await.expect(400, "programs write numbers");
    server.get("/api/tickets?minPrice=12,5").await.problem(400, "also in queries");
}

#[tokio::test]
async fn whoever_was_signed_out_is_led_to_sign_in_and_back() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    let order = bob.reserves(&ann.sells("Second night", "12.50", &[]).await).await;
    end_all_others(&server, "bob").await;
    let next = |path: &str| format!("href=\"/sign-in?next={}\"", path.replace('/', "%2F"));
    bob.post(&format!("{ticket}/reserve"), &[]).await.expect(401, "nobody reserves").says(&next(&ticket));
    let pay = bob.post(&format!("{order}/pay"), &[("token", "tok_visa")]).await.expect(401, "nobody pays");
    pay.says(&next(&order));
    let delete = bob.post("/account/delete", &[("password", PASSWORD)]).await.expect(401, "nobody's account");
    delete.says(&next("/account"));
    let typed = [("title", "Mine"), ("price", "1")];
    let form = bob.post("/tickets", &typed).await.expect(401, "nobody sells");
    assert_eq!(form.field_of("/tickets", "title"), "Mine");
    form.says("target=\"_blank\">Sign in</a>").says("what you typed stays");
}

#[tokio::test]
async fn refusals_are_in_words_for_people() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let sort = ann.get("/?sort=evil").await.expect(400, "no such order");
    assert_eq!(sort.fault_of("sort"), Some("Sort by must be one of these."));
    let date = [("title", "Opera"), ("price", "1"), ("startsAt", "soon")];
    let date = ann.post("/tickets", &date).await.expect(400, "no date");
    assert_eq!(date.fault_of("startsAt"), Some("Begins must be a date and a time, from 1970 to 9999."));
    let shown = server.get("/api/tickets").await;
    let (epoch, _) =
        shown.header("consistency-token").and_then(|token| token.split_once('-')).expect("a token");
    let ahead = server.get("/").header("consistency-token", &format!("{epoch}-99999999"));
    let behind = ann.send(ahead).await.expect(503, "it is not there yet");
    behind.says("One moment, please").does_not_say("99999999").does_not_say("Log entry");
}

#[tokio::test]
async fn a_show_that_has_begun_is_not_on_sale_in_any_words() {
    let server = Server::start().await;
    let (ann, nobody) = (Visitor::signed_up(&server, "ann").await, Visitor::new(&server));
    let begun = [("title", "Opera night"), ("price", "5"), ("startsAt", "2020-05-01T20:00")];
    let posted = ann.post("/tickets", &begun).await.see_other();
    let own = ann.page(&posted).await.says("Your ticket is posted.").says("The show has begun");
    own.does_not_say("Your ticket is on sale").does_not_say("On sale");
    let (ticket, _) = posted.split_once('?').expect("a page that says what was done");
    let seen = nobody.page(ticket).await.says("data-status=\"begun\"").says("Show has begun: USD 5.00.");
    seen.does_not_say("On sale").does_not_say("InStock").says("https://schema.org/OutOfStock");
    ann.page("/selling").await.says("Show has begun");
}

#[tokio::test]
async fn what_was_done_is_said_only_where_it_can_be_true() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    ann.page(&format!("{ticket}?done=posted")).await.says("Your ticket is on sale.");
    for untrue in ["withdrawn", "frozen", "saved", "password"] {
        ann.page(&format!("{ticket}?done={untrue}")).await.does_not_say("class=\"done\"");
    }
    for untrue in ["posted", "withdrawn", "saved", "unfrozen"] {
        bob.page(&format!("{ticket}?done={untrue}")).await.does_not_say("class=\"done\"");
    }
    ann.page("/selling?done=posted").await.does_not_say("class=\"done\"");
    ann.page("/?done=password").await.does_not_say("class=\"done\"");
}

#[tokio::test]
async fn what_people_write_does_not_turn_what_is_beside_it() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let ticket =
        ann.sells("Opera night", "5", &[("venue", REVERSED), ("startsAt", "2031-05-01T20:00")]).await;
    let nobody = Visitor::new(&server);
    let kept_apart = format!("<bdi>{REVERSED}</bdi>");
    for page in [nobody.page("/").await, nobody.page(&ticket).await, ann.page("/selling").await] {
        page.says(&kept_apart).says("<bdi>Opera night</bdi>");
    }
    let order = bob.reserves(&ticket).await;
    for page in [bob.page(&order).await, bob.page("/orders").await] {
        page.says(&kept_apart).says("<bdi>Opera night</bdi>");
    }
    let pay = bob.page(&order).await.field_of(&format!("{order}/pay"), "idempotencyKey");
    bob.post(&format!("{order}/pay"), &[("token", "tok_visa"), ("idempotencyKey", &pay)])
        .await
        .goes_to(&order);
    ann.page("/selling").await.says("<bdi>Opera night</bdi>");
}

/// Ends all sessions of somebody but one that nobody has.
async fn end_all_others(server: &Server, name: &str) {
    let elsewhere = Visitor::new(server);
    let email = format!("{name}@example.test");
    elsewhere.post("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.goes_to("/");
    elsewhere.post("/account/sessions/end-others", &[]).await.goes_to("/account?done=sessions");
}
