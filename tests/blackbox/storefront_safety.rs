//! What the shop shows to whom, takes from whom, and lets whom keep.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, Visitor};

/// Titles, venues and searches of people who try something.
const HOSTILE: &str = "\"><script>alert(1)</script>'</script><!-- & <img src=x onerror=alert(1)>";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn faults_stand_by_their_fields_and_what_was_typed_stays() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let typed = [("title", " "), ("price", "12,5,0"), ("venue", "Main Hall"), ("startsAt", "soon")];
    let refused = ann.post("/tickets", &typed).await.expect(400, "three faults");
    assert_eq!(refused.fault_of("title"), Some("Title must not be empty."));
    let by_api = server.post("/api/tickets", json!({"title": "a", "price": "12,5,0"}));
    let by_api = ann.send(by_api).await.expect(400, "the same rule");
    let message = by_api.body["errors"][0]["message"].as_str().expect("a message").to_owned();
    assert_eq!(refused.fault_of("price"), Some(format!("Price {message}.").as_str()), "in the same words");
    assert!(refused.fault_of("startsAt").is_some_and(|fault| fault.contains("a date and a time")));
    assert_eq!(refused.fault_of("venue"), None);
    assert_eq!(refused.field_of("/tickets", "venue"), "Main Hall");
    assert_eq!(refused.field_of("/tickets", "price"), "12,5,0");
    refused.says("aria-describedby=\"price-error\"").says("role=\"alert\"");

    let visitor = Visitor::new(&server);
    let bad = [("email", "nobody"), ("password", "short-7")];
    let refused = visitor.post("/sign-up", &bad).await.expect(400, "two faults").does_not_say("short-7");
    assert_eq!(refused.field_of("/sign-up", "email"), "nobody");
    assert!(refused.fault_of("email").is_some() && refused.fault_of("password").is_some());
    let taken = [("email", "ann@example.test"), ("password", PASSWORD)];
    let taken = visitor.post("/sign-up", &taken).await.expect(409, "the address is taken");
    assert_eq!(taken.fault_of("email"), Some("E-mail address is in use."));
    let wrong = [("email", "ann@example.test"), ("password", "not-the-password")];
    let wrong = visitor.post("/sign-in", &wrong).await.expect(401, "a wrong password");
    wrong.says("Wrong e-mail address or password").does_not_say("not-the-password");
}

#[tokio::test]
async fn what_people_write_is_only_ever_text() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let show = [("venue", HOSTILE), ("startsAt", "2031-05-01T19:30")];
    let ticket = ann.sells(HOSTILE, "12.50", &show).await;
    let search = form_urlencoded::Serializer::new(String::new()).append_pair("keyword", HOSTILE).finish();
    for path in [ticket.as_str(), &format!("{ticket}/edit"), "/", "/selling", &format!("/?{search}")] {
        let page =
            ann.page(path).await.does_not_say("<script>alert").does_not_say("<img").does_not_say("<!--");
        assert_eq!(page.text.matches("</script>").count(), page.text.matches("<script ").count(), "{path}");
    }
    let page = ann.page(&ticket).await;
    let (_, data) = page.text.split_once("<script type=\"application/ld+json\">").expect("structured data");
    let data: Value = serde_json::from_str(data.split("</script>").next().expect("its end")).expect("JSON");
    assert_eq!((&data["name"], &data["location"]["name"]), (&json!(HOSTILE), &json!(HOSTILE)));
    assert_eq!((&data["@type"], &data["offers"]["@type"]), (&json!("Event"), &json!("Offer")));
    assert_eq!(data["offers"]["price"], "12.50");
    assert_eq!(data["offers"]["url"], format!("{}{ticket}", server.base()));
    page.says("property=\"og:title\"").says("name=\"description\"");
    let undated = ann.sells("No date", "1", &[]).await;
    ann.page(&undated).await.does_not_say("ld+json");
    let refused =
        ann.post("/tickets", &[("title", HOSTILE), ("price", HOSTILE)]).await.expect(400, "no price");
    refused.does_not_say("<script>alert").does_not_say("<img");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_after_signing_in() {
    let server = Server::start().await;
    Visitor::signed_up(&server, "ann").await;
    for next in
        ["//evil.example", "/\\evil.example", "https://evil.example", "\t//evil.example", "javascript:x"]
    {
        let visitor = Visitor::new(&server);
        let fields = [("email", "ann@example.test"), ("password", PASSWORD), ("next", next)];
        visitor.post("/sign-in", &fields).await.goes_to("/");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        visitor.get(&format!("/sign-in?{query}")).await.goes_to("/");
        Visitor::new(&server).page(&format!("/sign-up?{query}")).await.does_not_say("evil.example");
    }
    let visitor = Visitor::new(&server);
    let sign_in = visitor.get("/orders?cursor=x").await.see_other();
    assert_eq!(sign_in, "/sign-in?next=%2Forders%3Fcursor%3Dx");
    let next = visitor.page(&sign_in).await.field_of("/sign-in", "next");
    let fields = [("email", "ann@example.test"), ("password", PASSWORD), ("next", next.as_str())];
    visitor.post("/sign-in", &fields).await.goes_to("/orders?cursor=x");
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let server = Server::start().await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    let forged = [
        ("/tickets", vec![("title", "Forged"), ("price", "1")]),
        ("/sign-out", vec![]),
        ("/sign-in", vec![("email", "ann@example.test"), ("password", PASSWORD)]),
        ("/account/delete", vec![("password", PASSWORD)]),
        (&*format!("{ticket}/delete"), vec![]),
    ];
    for (path, fields) in &forged {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let sent = ann.send(ann.form(path, fields).header(name, value)).await;
            sent.expect(403, "cross-origin").says("This came from another site").says("<!doctype html>");
        }
    }
    ann.page("/selling").await.says("Opera night").does_not_say("Forged");
    let plain = ann.send(server.call(Method::POST, "/tickets").body("text/plain", "title=x&price=1")).await;
    plain.expect(415, "only forms").says("<!doctype html>");
}

#[tokio::test]
async fn what_is_anothers_is_not_shown_and_not_changed() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let eve = Visitor::signed_up(&server, "eve").await;
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    let order = bob.reserves(&ticket).await;
    for other in [&eve, &ann] {
        other.get(&order).await.expect(404, "an order is its buyer's").does_not_say("Opera night");
        other.post(&format!("{order}/pay"), &[("token", "tok_visa")]).await.expect(404, "also to pay");
        other.post(&format!("{order}/cancel"), &[]).await.expect(404, "and to cancel");
    }
    eve.get(&format!("{ticket}/edit")).await.expect(403, "a ticket is its seller's to change");
    let changes = [("title", "Mine now"), ("price", "1")];
    eve.post(&ticket, &changes).await.expect(403, "by its form").does_not_say("Save");
    for action in ["freeze", "unfreeze", "delete"] {
        let refused = eve.post(&format!("{ticket}/{action}"), &[]).await;
        refused.expect(403, "nor off sale").says("This is not yours to change");
    }
    let nobody = Visitor::new(&server);
    for private in ["/orders", "/selling", "/account", "/tickets/new", &order, &format!("{ticket}/edit")] {
        let next = nobody.get(private).await.see_other();
        assert!(next.starts_with("/sign-in?next="), "{private} leads to {next}");
    }
    for form in [&format!("{order}/pay"), &format!("{ticket}/reserve"), "/tickets", "/account/delete"] {
        nobody
            .post(form, &[("title", "x"), ("price", "1"), ("token", "x"), ("password", "x")])
            .await
            .expect(401, "who is nobody does nothing")
            .says("You are not signed in");
    }
    bob.get("/orders/nonsense").await.expect(404, "no order is called that").says("There is nothing here");
    for odd in ["/tickets/nonsense", "/nowhere", "/assets/style.old.css"] {
        bob.get(odd).await.expect(404, "not there").says("<!doctype html>").says("There is nothing here");
        server.get(odd).await.problem(404, "programs are told in JSON");
    }
    bob.get("/api/nowhere").await.problem(404, "and of the API everybody");
    let wrong_method = bob.send(server.call(Method::PUT, &ticket)).await.expect(405, "forms have no PUT");
    assert_eq!(wrong_method.header("allow"), Some("GET, HEAD, POST"));
}

#[tokio::test]
async fn where_a_form_is_sent_to_leads_back_to_it_and_does_nothing() {
    let server = Server::start().await;
    let (ann, bob) = (Visitor::signed_up(&server, "ann").await, Visitor::signed_up(&server, "bob").await);
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    bob.get(&format!("{ticket}/reserve")).await.goes_to(&ticket);
    bob.get("/sign-out").await.goes_to("/");
    bob.get("/account/delete").await.goes_to("/account");
    bob.get("/tickets").await.goes_to("/");
    bob.page(&ticket).await.says("Reserve it");
}

#[tokio::test]
async fn every_page_has_its_headers() {
    let server = Server::start_with(&[("BOXOFFICE_TRUSTED_PROXY", "1")]).await;
    let ann = Visitor::signed_up(&server, "ann").await;
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    let nobody = Visitor::new(&server);
    let all = [
        ann.page("/").await,
        ann.page(&ticket).await,
        ann.page("/selling").await,
        ann.page("/account").await,
        nobody.page("/").await,
        nobody.page("/sign-in").await,
        nobody.get("/orders").await,
        nobody.get("/nowhere").await,
        nobody.post("/tickets", &[]).await,
        nobody.send(nobody.form("/tickets", &[]).header("sec-fetch-site", "cross-site")).await,
    ];
    for page in &all {
        assert_eq!(page.header("content-security-policy"), Some(POLICY), "{}", page.text);
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("strict-transport-security"), None, "nobody said that it is HTTPS");
        assert!(page.text.len() < 60 * 1024, "{} bytes", page.text.len());
        for inline in ["style=", "onclick", "<style", "javascript:"] {
            assert!(!page.text.contains(inline), "{inline}: {}", page.text);
        }
    }
    let through = |scheme: &str| {
        server.get("/").header("x-forwarded-for", "203.0.113.7").header("x-forwarded-proto", scheme)
    };
    let secure = nobody.send(through("https")).await;
    assert_eq!(secure.header("strict-transport-security"), Some("max-age=63072000"));
    assert_eq!(nobody.send(through("http")).await.header("strict-transport-security"), None);
    let told = nobody.send(server.get("/").header("x-forwarded-proto", "https")).await;
    assert_eq!(told.header("strict-transport-security"), None, "it did not come through the proxy");
}

#[tokio::test]
async fn public_pages_are_kept_and_private_ones_are_not() {
    let server = Server::start().await;
    let (ann, nobody) = (Visitor::signed_up(&server, "ann").await, Visitor::new(&server));
    let ticket = ann.sells("Opera night", "12.50", &[]).await;
    for path in ["/", ticket.as_str(), "/sign-in"] {
        let page = nobody.page(path).await;
        let tag = page.header("etag").expect("a public page has a tag").to_owned();
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        assert!(page.header("vary").is_some_and(|vary| vary.contains("Cookie")));
        let again = nobody.send(server.get(path).header("if-none-match", &tag)).await;
        assert_eq!(again.expect(304, "nothing new").text, "");
    }
    let tag = nobody.page("/").await.header("etag").expect("a tag").to_owned();
    ann.sells("Second night", "12.50", &[]).await;
    let changed = nobody.send(server.get("/").header("if-none-match", &tag)).await;
    changed.expect(200, "there is more on sale").says("Second night");
    for path in ["/", ticket.as_str(), "/orders", "/account"] {
        let page =
            ann.send(server.get(path).header("if-none-match", "*")).await.expect(200, "a private page");
        assert_eq!(page.header("cache-control"), Some("private, no-store"));
        assert_eq!(page.header("etag"), None);
        assert!(page.header("vary").is_some_and(|vary| vary.contains("Cookie")));
    }
    let refused = ann.post("/tickets", &[]).await.expect(400, "a refusal");
    assert_eq!(refused.header("cache-control"), Some("private, no-store"));
}

#[tokio::test]
async fn assets_are_kept_for_good_and_come_compressed() {
    let server = Server::start().await;
    let page = Visitor::new(&server).page("/").await;
    let assets: Vec<&str> =
        page.text.split('"').filter(|attribute| attribute.starts_with("/assets/")).collect();
    assert_eq!(assets.len(), 4, "icon, style and two scripts: {assets:?}");
    for asset in assets {
        let plain = server.get(asset).await.expect(200, "it is there");
        assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(plain.header("content-encoding"), None);
        let tag = plain.header("etag").expect("a tag").to_owned();
        server.get(asset).header("if-none-match", &tag).await.expect(304, "nothing new");
        let packed = server.call(Method::HEAD, asset).header("accept-encoding", "gzip, br").await;
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        let length: usize = packed.header("content-length").expect("a length").parse().expect("a number");
        assert!(length < plain.text.len(), "{asset}: {length} of {}", plain.text.len());
    }
    server.get("/favicon.svg").await.expect(200, "browsers look there by themselves");
}
