//! Lists: pages, sorts, filters and search.

use serde_json::{Value, json};

use crate::support::{Server, User, soon};

#[tokio::test]
async fn pages_neither_repeat_nor_skip_while_others_insert() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    for sort in ["newest", "price", "-price", "startsAt"] {
        let mut before = Vec::new();
        for number in 0..25 {
            // Few distinct prices, so that pages end within runs of equal ones.
            before.push(post(&server, &bob, "Paged", json!(1 + number % 3), Some(soon(86_400_000))).await);
        }
        let mut seen = Vec::new();
        let mut page = Some(format!("/api/tickets?sort={sort}&limit=4"));
        while let Some(path) = page {
            let answer = server.get(&path).await.expect(200, "GET /api/tickets | anyone | 200, an array");
            assert!(answer.items().len() <= 4, "limit=4: {}", answer.items().len());
            seen.extend(answer.ids());
            page = answer.next_page();
            // Inserted at both ends of every sort while the pages are read.
            post(&server, &ann, "Meanwhile", json!(0.5), Some(soon(1_000_000))).await;
            post(&server, &ann, "Meanwhile", json!(500), None).await;
            assert!(seen.len() < 500, "the pages of sort={sort} come to an end");
        }
        let mut distinct = seen.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), seen.len(), "sort={sort}: a cursor never repeats");
        let skipped: Vec<_> = before.iter().filter(|id| !seen.contains(id)).collect();
        assert!(skipped.is_empty(), "sort={sort}: a cursor never skips; {skipped:?}");
    }
}

#[tokio::test]
async fn the_last_page_has_no_next() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for _ in 0..4 {
        server.ticket(&ann).await;
    }
    let first = server.get("/api/tickets?limit=2").await.expect(200, "");
    let link = first.header("link").expect("the next page in `Link: <…>; rel=\"next\"`");
    assert!(link.starts_with('<') && link.contains(r#">; rel="next""#), "{link}");
    assert!(
        first.next_page().is_some_and(|next| next.contains("limit=2")),
        "the next page keeps the parameters: {link}"
    );
    let second = server.get(&first.next_page().expect("a next page")).await.expect(200, "");
    assert_eq!((second.items().len(), second.next_page()), (2, None), "nothing after the last");
    let all = server.get("/api/tickets").await.expect(200, "");
    assert_eq!((all.items().len(), all.next_page()), (4, None), "default 20: all fit");
}

#[tokio::test]
async fn the_default_page_has_twenty() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for _ in 0..21 {
        server.ticket(&ann).await;
    }
    assert_eq!(server.get("/api/tickets").await.items().len(), 20, "limit default 20");
}

#[tokio::test]
async fn sorts() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let cheap = post(&server, &ann, "Cheap", json!(5), Some(soon(3_000_000))).await;
    let dear = post(&server, &ann, "Dear", json!(50.5), Some(soon(1_000_000))).await;
    let middle = post(&server, &ann, "Middle", json!(9.99), Some(soon(2_000_000))).await;
    let sorted = async |sort: &str| {
        server
            .get(&format!("/api/tickets{sort}"))
            .await
            .expect(200, "sort=newest|price|-price|startsAt")
            .ids()
    };
    assert_eq!(sorted("?sort=newest").await, [&middle, &dear, &cheap].map(Clone::clone));
    assert_eq!(sorted("").await, sorted("?sort=newest").await, "newest by default");
    assert_eq!(sorted("?sort=price").await, [&cheap, &middle, &dear].map(Clone::clone));
    assert_eq!(sorted("?sort=-price").await, [&dear, &middle, &cheap].map(Clone::clone));
    assert_eq!(sorted("?sort=startsAt").await, [&dear, &middle, &cheap].map(Clone::clone));
}

#[tokio::test]
async fn filters_combine() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let a = post(&server, &ann, "Opera night", json!(10), None).await;
    let b = post(&server, &ann, "Opera day", json!(20), None).await;
    let c = post(&server, &bob, "Opera night", json!(30), None).await;
    let _d = post(&server, &bob, "Circus", json!(20), None).await;
    let found = async |query: &str| {
        let mut ids = server.get(&format!("/api/tickets?{query}")).await.expect(200, "filters").ids();
        ids.sort();
        ids
    };
    let sorted = |ids: &[&String]| {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(found("keyword=opera&minPrice=10&maxPrice=20").await, sorted(&[&a, &b]), "both inclusive");
    assert_eq!(found("keyword=opera&minPrice=10.01").await, sorted(&[&b, &c]));
    assert_eq!(found(&format!("seller={}&keyword=night", ann.id)).await, sorted(&[&a]));
    assert_eq!(found(&format!("seller={}&maxPrice=30&minPrice=30", bob.id)).await, sorted(&[&c]));
    assert!(found("seller=user_00000000000000000000000000").await.is_empty(), "nobody's tickets");
    for sort in ["newest", "price", "-price"] {
        assert_eq!(
            found(&format!("keyword=opera&maxPrice=20&sort={sort}")).await,
            sorted(&[&a, &b]),
            "{sort}"
        );
    }
    let page = server.get("/api/tickets?keyword=opera&limit=1&sort=price").await;
    let next = server.get(&page.next_page().expect("two more")).await;
    assert_eq!((page.ids(), next.ids()), (vec![a], vec![b]), "the cursor goes on within the filters");
}

#[tokio::test]
async fn keywords_match_prefixes_without_case_or_accents() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let bjork = post(&server, &ann, "Björk: Cornucopia Tour", json!(1), None).await;
    let cafe = post(&server, &ann, "CAFÉ del Mar", json!(2), None).await;
    let found = async |keyword: &str| {
        let answer = server.get(&format!("/api/tickets?keyword={keyword}")).await;
        answer.expect(200, "keyword search matches word prefixes of the title").ids()
    };
    let rule = "word prefixes without regard to case or accents";
    for keyword in ["bjork", "BJÖRK", "bj%C3%B6", "corn", "tour%20bj", "cornucopia%20tour", "%20bjo%20"] {
        assert_eq!(found(keyword).await, std::slice::from_ref(&bjork), "{rule}: {keyword}");
    }
    for keyword in ["cafe", "Caf%C3%89", "cafe%CC%81", "mar%20cafe%20del"] {
        assert_eq!(found(keyword).await, std::slice::from_ref(&cafe), "{rule}: {keyword}");
    }
    for keyword in ["ork", "cornucopias", "bjork%20cafe", "z"] {
        assert!(found(keyword).await.is_empty(), "all given words, by prefix: {keyword}");
    }
    let body = json!({"title": "Renamed", "price": 1});
    server.put(&format!("/api/tickets/{bjork}"), body).by(&ann).await.expect(200, "its seller | 200");
    assert!(found("bjork").await.is_empty(), "a changed title is searched by its new words");
    assert_eq!(found("renamed").await, [bjork]);
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for _ in 0..3 {
        server.ticket(&ann).await;
    }
    let first = server.get("/api/tickets?limit=1&sort=price").await;
    let next = first.next_page().expect("a next page");
    let cursor = next.split('?').nth(1).into_iter().flat_map(|query| query.split('&'));
    let cursor = cursor.into_iter().find(|parameter| parameter.starts_with("cursor=")).expect("a cursor");
    let other = server.get(&format!("/api/tickets?limit=1&sort=newest&{cursor}")).await;
    let other = other.problem(400, "a cursor means nothing to another sort");
    assert_eq!(other.faults(), ["cursor"]);
}

async fn post(
    server: &Server,
    seller: &User,
    title: &str,
    price: Value,
    starts_at: Option<String>,
) -> String {
    let body = json!({"title": title, "price": price, "startsAt": starts_at});
    server
        .post("/api/tickets", body)
        .by(seller)
        .await
        .expect(201, "POST /api/tickets | signed in | 201")
        .string("id")
}
