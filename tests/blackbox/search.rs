//! Searching by words, and the filters: what is found, and what a request must not say.

use serde_json::{Value, json};

use crate::support::{Server, User, raw_exchange};

/// Letters of a title, at most.
const TITLE_CHARS: usize = 200;

#[tokio::test]
async fn all_given_words_count_and_all_words_of_a_title() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let nine = server.ticket_titled(&ann, "one two three four five six seven eight nine").await;
    let found = found_by(&server, "one two three four five six seven eight nine").await;
    assert_eq!(found, [nine], "all given words");
    let none = found_by(&server, "one two three four five six seven eight ten").await;
    assert!(none.is_empty(), "the ninth word counts too");

    let long: String = (0..TITLE_CHARS / 5).map(|count| format!("w{count:03} ")).collect();
    let many = server.ticket_titled(&ann, long.trim()).await;
    for word in ["w000", "w023", "w024", "w039"] {
        assert_eq!(
            found_by(&server, word).await,
            std::slice::from_ref(&many),
            "every word of a title: {word}"
        );
    }

    let alike = "x".repeat(40);
    let y = server.ticket_titled(&ann, &format!("{alike}y")).await;
    assert!(found_by(&server, &format!("{alike}z")).await.is_empty(), "a long word counts to its end");
    assert_eq!(found_by(&server, &format!("{alike}y")).await, std::slice::from_ref(&y));
    assert_eq!(found_by(&server, &alike).await, [y], "and is found by its beginning");
}

#[tokio::test]
async fn a_search_of_too_much_is_refused() {
    let server = Server::start().await;
    let words: Vec<String> = (0..33).map(|count| format!("w{count}")).collect();
    server.get(&tickets(&words[..32].join(" "))).await.expect(200, "32 words");
    let refused = server.get(&tickets(&words.join(" "))).await.problem(400, "too many words");
    assert_eq!(refused.faults(), ["keyword"]);
    assert!(refused.text.contains("at most 32 words"), "it says what the limit is: {}", refused.text);
    let refused = server.get(&tickets(&"x".repeat(201))).await.problem(400, "too many characters");
    assert_eq!(refused.faults(), ["keyword"]);
}

#[tokio::test]
async fn search_knows_no_case_in_any_language() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for (title, keywords) in [
        ("Οδός Ονείρων", &["ΟΔΌΣ", "ΟΔΟΣ", "οδοσ", "οδός", "ΟΝΕΊΡΩΝ"][..]),
        ("Straßenmusik", &["STRASSENMUSIK", "strassen", "STRAẞEN", "straß"]),
        ("İstanbul Geceleri", &["istanbul", "ISTANBUL", "İSTANBUL", "ıstanbul"]),
        ("Łódź Ørsted Đorđe Æther Œuvre Þór", &["lodz orsted dorde aether oeuvre thor", "ŁÓDŹ ØRSTED"]),
        ("Kon\u{ad}zert", &["konzert", "Kon\u{ad}zert"]),
    ] {
        let ticket = server.ticket_titled(&ann, title).await;
        for keyword in keywords {
            let found = found_by(&server, keyword).await;
            assert_eq!(found, std::slice::from_ref(&ticket), "{title} by {keyword}");
        }
    }
}

#[tokio::test]
async fn a_keyword_without_words_finds_no_words() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    for keyword in ["!!!", "&", "🎭", "\u{301}"] {
        let refused = server.get(&tickets(keyword)).await.problem(400, "nothing to look for");
        assert_eq!(refused.faults(), ["keyword"], "{keyword}");
    }
    for blank in ["", " ", "\u{200b}"] {
        assert_eq!(found_by(&server, blank).await, std::slice::from_ref(&ticket), "blank is no filter");
    }
}

#[tokio::test]
async fn a_query_that_is_not_utf_8_is_refused() {
    let server = Server::start().await;
    for (query, field) in [("keyword=%ff", "keyword"), ("keyword=ab%c3", "keyword"), ("seller=%80", "seller")]
    {
        let refused = server.get(&format!("/api/tickets?{query}")).await.problem(400, "invalid UTF-8");
        assert_eq!(refused.faults(), [field], "{query}");
    }
}

#[tokio::test]
async fn nothing_follows_the_last_page() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for number in 0..7 {
        post(&server, &ann, if number % 2 == 0 { "Even" } else { "Odd" }, json!(number + 1)).await;
    }
    for (query, matches) in [
        ("", 7),
        ("keyword=even&", 4),
        ("minPrice=3&maxPrice=6&", 4),
        (&format!("seller={}&", ann.id), 7),
        ("keyword=e&maxPrice=3&", 2),
    ] {
        for sort in ["newest", "price", "-price", "startsAt"] {
            let list = format!("/api/tickets?{query}sort={sort}");
            let whole = server.get(&format!("{list}&limit={matches}")).await.expect(200, "");
            assert_eq!((whole.items().len(), whole.next_page()), (matches, None), "{list}: all of it");
            let most = server.get(&format!("{list}&limit={}", matches - 1)).await.expect(200, "");
            let rest = server.get(&most.next_page().expect("one more")).await.expect(200, "");
            assert_eq!((rest.items().len(), rest.next_page()), (1, None), "{list}: the rest");
        }
    }
}

#[tokio::test]
async fn nothing_follows_the_last_order_with_a_status() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let kept = server.order(&bob, &server.ticket(&ann).await).await;
    let cancelled = server.order(&bob, &server.ticket(&ann).await).await;
    server.delete(&format!("/api/orders/{cancelled}")).by(&bob).await.expect(204, "");
    let page = server.get("/api/orders?status=created&limit=1").by(&bob).await.expect(200, "");
    assert_eq!((page.ids(), page.next_page()), (vec![kept], None), "the other one is cancelled");
}

#[tokio::test]
async fn the_next_link_is_a_uri_reference_with_one_cursor() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for _ in 0..3 {
        server.ticket_titled(&ann, "Björk & co").await;
    }
    let first = server.get("/api/tickets?limit=1").await.next_page().expect("more");
    let encoded = first.replace("cursor=", "%63ursor=");
    let second = server.get(&encoded).await.expect(200, "an encoded name is the same name");
    let third = second.next_page().expect("one more");
    assert!(!third.contains("%63"), "the cursor is replaced, whatever its spelling: {third}");
    let third = server.get(&third).await.expect(200, "the link leads on");
    assert_eq!((third.items().len(), third.next_page()), (1, None));

    let head =
        "GET /api/tickets?limit=1&keyword=björk%20%26 HTTP/1.1\r\nconnection: close\r\nhost: a\r\n\r\n";
    let answer = raw_exchange(&server, &[head.as_bytes()]).await;
    let link = answer.lines().find(|line| line.to_lowercase().starts_with("link:")).expect("a next page");
    assert!(link.is_ascii(), "RFC 3986: a URI is ASCII: {link}");
    let target = link.split(['<', '>']).nth(1).expect("a target");
    let next = server.get(target).await.expect(200, "the keyword is kept");
    assert_eq!(next.items().len(), 1);
}

#[tokio::test]
async fn price_filters_are_any_amounts() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = post(&server, &ann, "Priced", json!(100)).await;
    for query in [
        "minPrice=1e2",
        "minPrice=0.000",
        "maxPrice=2000000",
        "minPrice=100.000",
        "maxPrice=1e400",
        "minPrice=-0",
        "maxPrice=1E%2B2",
        "minPrice=10000e-2",
        "minPrice=0",
    ] {
        let found = server.get(&format!("/api/tickets?{query}")).await.expect(200, query).ids();
        assert_eq!(found, std::slice::from_ref(&ticket), "{query}");
    }
    for query in ["minPrice=2000000", "maxPrice=99.99", "maxPrice=0"] {
        let found = server.get(&format!("/api/tickets?{query}")).await.expect(200, query).ids();
        assert!(found.is_empty(), "{query}");
    }
    for price in ["-1", "0.001", "1e-3", "abc", "1.", ".5", "+1", "0x10", "NaN", "1e", "01"] {
        let refused = server.get(&format!("/api/tickets?minPrice={price}")).await.problem(400, "no amount");
        assert_eq!(refused.faults(), ["minPrice"], "{price}");
    }
}

/// The path of a search.
fn tickets(keyword: &str) -> String {
    let pairs = form_urlencoded::Serializer::new(String::new()).append_pair("keyword", keyword).finish();
    format!("/api/tickets?{pairs}")
}

async fn found_by(server: &Server, keyword: &str) -> Vec<String> {
    server.get(&tickets(keyword)).await.expect(200, "a search").ids()
}

async fn post(server: &Server, seller: &User, title: &str, price: Value) -> String {
    let posted = server.post("/api/tickets", json!({"title": title, "price": price})).by(seller).await;
    posted.expect(201, "POST /api/tickets | signed in | 201").string("id")
}
