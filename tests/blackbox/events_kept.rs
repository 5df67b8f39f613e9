//! How long events are kept, and what becomes of those who are further behind.

use serde_json::json;

use crate::support::{Server, command, eventually};

fn measured(metrics: &str, name: &str) -> u64 {
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name}: {metrics}"))
}

async fn until_forgotten(server: &Server, through: u64) {
    eventually("the oldest events are forgotten", async || {
        let oldest = measured(&server.get("/metrics").await.text, "boxoffice_events_oldest");
        if oldest > through { Ok(()) } else { Err(format!("{oldest} is kept")) }
    })
    .await;
}

#[tokio::test]
async fn what_is_too_old_is_forgotten_and_who_is_behind_is_told() {
    let mut server = Server::start_with(&[("BOXOFFICE_EVENTS_KEEP_FOR", "1s")]).await;
    let ann = server.user("ann").await;
    let kept = server.ticket(&ann).await;
    for _ in 0..3 {
        server.ticket(&ann).await;
    }
    until_forgotten(&server, 4).await;
    let page = server.get("/api/events").header("accept", "application/json").await;
    let page = page.expect(200, "from the oldest on, whichever that is");
    assert!(page.items().is_empty(), "{page:?}");
    let here = page.header("last-event-id").expect("a position").to_owned();
    assert!(here.ends_with("-4"), "{here}");
    let epoch = here.split('-').next().unwrap().to_owned();
    let behind = format!("/api/events?limit=5&after={epoch}-1");
    let refused = server.get(&behind).await.problem(410, "its position is older than what is kept");
    assert!(refused["detail"].as_str().unwrap().contains(&format!("{epoch}-5")), "{refused:?}");

    let (mut reset, mut resumed) = (
        server.events(&format!("?after={epoch}-3"), &[]).await,
        server.events("", &[("last-event-id", &here)]).await,
    );
    let told = reset.next().await.expect("it is told first");
    assert_eq!((told.name.as_deref(), &told.data), (Some("reset"), &json!({"oldest": format!("{epoch}-5")})));
    assert_eq!(told.id.as_deref(), Some(here.as_str()), "whoever resumes here is not told once more");
    server.put(&format!("/api/tickets/{kept}"), json!({"title": "New", "price": 5})).by(&ann).await;
    for stream in [&mut reset, &mut resumed] {
        let next = stream.next().await.expect("it goes on");
        assert_eq!((next.text("subject"), next.data["data"]["version"].as_u64()), (kept.as_str(), Some(1)));
    }
    drop((reset, resumed));
    server.terminate();
    assert!(server.exit().await.success());
    let verified = command(&["verify", "--json"]).arg(server.data_dir()).output().unwrap();
    assert!(verified.status.success(), "an outbox that has forgotten is sound: {verified:?}");
}

#[tokio::test]
async fn what_is_too_much_is_forgotten_from_the_oldest_on() {
    let server = Server::start_with(&[("BOXOFFICE_EVENTS_KEEP_BYTES", "1048576")]).await;
    let ann = server.user("ann").await;
    // Three bytes each.
    let title = "\u{4e00}".repeat(200);
    for _ in 0..60 {
        let posts = (0..16).map(|_| {
            server
                .post("/api/tickets", json!({"title": title, "venue": title, "price": 1}))
                .by(&ann)
                .attempt()
        });
        for posted in futures_util::future::join_all(posts).await {
            posted.expect("answered").expect(201, "posted");
        }
    }
    eventually("no more is kept than may be", async || {
        let metrics = server.get("/metrics").await.text;
        let (bytes, kept) =
            (measured(&metrics, "boxoffice_events_kept_bytes"), measured(&metrics, "boxoffice_events_kept"));
        let oldest = measured(&metrics, "boxoffice_events_oldest");
        if bytes <= 1 << 20 && oldest > 1 { Ok(()) } else { Err(format!("{bytes} bytes, {kept} events")) }
    })
    .await;
    let metrics = server.get("/metrics").await.text;
    let (oldest, kept) =
        (measured(&metrics, "boxoffice_events_oldest"), measured(&metrics, "boxoffice_events_kept"));
    assert_eq!(oldest + kept, 961, "the newest are kept, and none is missing in between");
    assert!(kept > 100, "and no more was forgotten than had to be: {kept}");
}
