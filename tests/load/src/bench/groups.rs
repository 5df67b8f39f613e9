//! A consumer group: how many events a second its members fetch and acknowledge.

use std::time::{Duration, Instant};

use anyhow::ensure;
use futures_util::future::try_join_all;
use serde::Deserialize;

use super::Size;
use super::service::{Launcher, wait_until_ready};
use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::report::{Bar, median};
use crate::request::Request;
use crate::seed::{accounts, create_tickets};

/// The bar of the issue.
const MIN_RATE: f64 = 5_000.0;
/// Members that fetch at the same time.
const MEMBERS: usize = 4;
/// Events that one fetch asks for; all of them are acknowledged at once.
const FETCHED: usize = 100;
/// Events to go through for each second of a round.
const EVENTS_A_SECOND: u64 = 2_000;

#[derive(Deserialize)]
struct Deliveries {
    deliveries: Vec<Delivery>,
}

#[derive(Deserialize)]
struct Delivery {
    lease: String,
}

/// Measures, and compares with the bar.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let service = launcher.start(&[])?;
    wait_until_ready(service.base()).await?;
    let measured = rates(service.base(), size).await;
    let rates = service.explain(measured)?;
    println!("\nEvents/s through one group of {MEMBERS} members, {FETCHED} a fetch: {rates:.0?}");
    let rate = median(rates);
    Ok(vec![Bar {
        name: format!("events/s through one group, {FETCHED} a fetch, median of {}", size.rounds),
        wanted: format!("≥ {MIN_RATE:.0}"),
        measured: format!("{rate:.0}"),
        met: rate >= MIN_RATE,
    }])
}

async fn rates(base: BaseUrl, size: &Size) -> anyhow::Result<Vec<f64>> {
    let owners = accounts(base, "member", 1).await?;
    let events = EVENTS_A_SECOND * size.round_seconds;
    create_tickets(&[base], &owners, events).await?;
    let token = owners[0].token.as_str();
    let mut rates = Vec::new();
    for round in 0..size.rounds {
        let group = format!("/api/consumers/round{round}");
        let mut request = Request::default();
        request.json("PUT", &group, Some(token), "{}");
        let status = Connection::new(base).send(request.as_bytes()).await?.status;
        ensure!(status == 201, "making a group was answered {status}");
        let began = Instant::now();
        let given: u64 = try_join_all((0..MEMBERS).map(|_| member(base, &group, token))).await?.iter().sum();
        let took: Duration = began.elapsed();
        ensure!(given >= events, "{given} events were given of {events}");
        rates.push(given as f64 / took.as_secs_f64());
    }
    Ok(rates)
}

/// Fetches and acknowledges until nothing is left; returns how many events those were.
async fn member(base: BaseUrl, group: &str, token: &str) -> anyhow::Result<u64> {
    let (fetch, ack) = (format!("{group}/fetch?limit={FETCHED}"), format!("{group}/ack"));
    let mut connection = Connection::new(base);
    let mut request = Request::default();
    let mut given = 0;
    loop {
        request.json("POST", &fetch, Some(token), "{}");
        let reply = connection.send(request.as_bytes()).await?;
        ensure!(reply.status == 200, "a fetch was answered {}", reply.status);
        let Deliveries { deliveries } = serde_json::from_slice(reply.body)?;
        if deliveries.is_empty() {
            return Ok(given);
        }
        given += deliveries.len() as u64;
        let leases: Vec<&str> = deliveries.iter().map(|delivery| delivery.lease.as_str()).collect();
        request.json("POST", &ack, Some(token), &serde_json::json!({"leases": leases}).to_string());
        let status = connection.send(request.as_bytes()).await?.status;
        ensure!(status == 204, "an acknowledgement was answered {status}");
    }
}
