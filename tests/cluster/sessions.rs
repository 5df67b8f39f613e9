//! What somebody has seen at one replica, others show at once, or say that they cannot.

use std::time::Duration;

use boxoffice_chaos::proxy::Link;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Test, header};

const FAR: usize = 3;
/// Of a link to the other side of the world, and one way only.
const DELAY: Duration = Duration::from_millis(250);

/// Signs in, or up, at one replica, and uses the session at all others before they can have heard of it. It holds,
/// though nothing but the session itself says how new they have to be.
async fn holds_everywhere(test: &Test, path: &str, replica: usize) -> String {
    let body = json!({"email": "ann@example.test", "password": PASSWORD});
    let signed_in = test.post(replica, path, &body, &[]).await;
    assert!(signed_in.status().is_success(), "{path}: {signed_in:?}");
    let user: Value = signed_in.json().await.expect("JSON");
    let bearer = format!("Bearer {}", user["token"].as_str().expect("a token"));
    for other in 0..test.cluster.count() {
        let own = test.get(other, "/api/orders", &[("authorization", &bearer)]).await;
        assert_eq!(own.status(), 200, "{path} at {replica}, used at {other}");
    }
    bearer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_and_what_it_saw_hold_on_every_replica_at_once() {
    let mut test = Test::running(3, 1, &[]).await;
    for near in 0..3 {
        test.cluster.links.set_both(near, FAR, Link { delay: DELAY, ..Link::default() });
    }
    holds_everywhere(&test, "/api/users/signup", 0).await;
    holds_everywhere(&test, "/api/users/signin", 1).await;
    let bearer = holds_everywhere(&test, "/api/users/signin", FAR).await;
    for near in 0..3 {
        let body = json!({"title": format!("Seen {near}"), "price": 20});
        let posted = test.post(near, "/api/tickets", &body, &[("authorization", &bearer)]).await;
        assert_eq!(posted.status(), 201);
        let token = header(&posted, "consistency-token");
        let ticket: Value = posted.json().await.expect("JSON");
        let path = format!("/api/tickets/{}", ticket["id"].as_str().expect("an id"));
        let strong = test.get(FAR, &path, &[("consistency", "strong")]).await;
        assert_eq!(strong.status(), 200, "a strong read shows it at once, on a learner too");
        for replica in [FAR, (near + 1) % 3] {
            let shown = test.get(replica, &path, &[("consistency-token", &token)]).await;
            assert_eq!(shown.status(), 200, "posted at {near}, shown at {replica}");
            assert!(index(&header(&shown, "consistency-token")) >= index(&token), "{shown:?}");
        }
    }
    test.check().await.expect_nothing(&mut test.cluster);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_cut_off_says_how_old_its_state_is_or_that_it_cannot_show_it() {
    let mut test = Test::running(3, 1, &[]).await;
    let bearer = holds_everywhere(&test, "/api/users/signup", 0).await;
    test.cluster.isolate(FAR);
    let body = json!({"title": "Unheard of", "price": 20});
    let posted = test.post(0, "/api/tickets", &body, &[("authorization", &bearer)]).await;
    let token = header(&posted, "consistency-token");
    let ticket: Value = posted.json().await.expect("JSON");
    let path = format!("/api/tickets/{}", ticket["id"].as_str().expect("an id"));
    for (name, value, why) in [
        ("consistency-token", token.as_str(), "/problems/replica-behind"),
        ("consistency", "strong", "/problems/no-leader"),
    ] {
        let refused = test.get(FAR, &path, &[(name, value)]).await;
        assert_eq!(refused.status(), 503, "{name}: {value}");
        let problem: Value = refused.json().await.expect("JSON");
        assert_eq!(problem["type"], why, "{problem}");
    }
    let local = test.get(FAR, &path, &[("consistency", "local")]).await;
    assert_eq!(local.status(), 404, "it does not wait, and has not heard of it");
    let age: u64 = header(&local, "consistency-age-ms").parse().expect("milliseconds");
    assert!(age >= 2_000, "two requests were kept waiting for two seconds each: {age} ms");
    for path in ["/healthz", "/readyz"] {
        assert_eq!(test.get(FAR, path, &[]).await.status(), 200, "{path}");
    }
    test.cluster.links.heal();
    test.cluster.until_newest(FAR).await.expect("catches up");
    let shown = test.get(FAR, &path, &[("consistency-token", &token)]).await;
    assert_eq!(shown.status(), 200);
    let local = test.get(FAR, &path, &[("consistency", "local")]).await;
    let fresh: u64 = header(&local, "consistency-age-ms").parse().expect("milliseconds");
    assert!(fresh < age, "{fresh} ms");
    test.check().await.expect_nothing(&mut test.cluster);
}

fn index(token: &str) -> u64 {
    token.split_once('-').and_then(|(_, index)| index.parse().ok()).expect("a token")
}
