//! Streams of events: what those cost that nothing concerns, and how soon an event comes after its order.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Size;
use super::service::{Launcher, Service, wait_until_ready};
use crate::base_url::BaseUrl;
use crate::drive::{Plan, drive};
use crate::process::usage;
use crate::report::{Bar, median, print_header, print_row};
use crate::run::Target;
use crate::seed::create_tickets;
use crate::workload::{Scenario, Workload};

/// Streams that are open while nothing concerns them.
const IDLE_STREAMS: usize = 1_000;
/// The bar of what each of them takes.
const MAX_STREAM_BYTES: u64 = 20 << 10;
/// The bar of orders with them against orders without.
const ORDER_RATIO: f64 = 0.9;
/// The bar of the time from an order's acknowledgement to its event at a subscriber of the same replica.
const MAX_LATENCY: Duration = Duration::from_millis(20);
/// The bars' number of connections.
const CONNECTIONS: usize = 64;
/// Each connection orders this often while the time to an event is measured: a busy service, and none at its limit.
const PACE: Duration = Duration::from_millis(50);
/// Until memory is what it stays.
const SETTLE: Duration = Duration::from_secs(2);
/// An event that takes longer is missing.
const EVENT_TIMEOUT: Duration = Duration::from_secs(10);
/// About nothing that there is.
const NOTHING: &str = "/api/events?after=now&subject=ticket_01h455vb4pex5vsknk084sn02q";
/// Each order shows in the event of its ticket, which everybody sees.
const TICKETS: &str = "/api/events?after=now&types=ticket:updated";

/// Measures, and compares with the bars.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let service = launcher.start(&[("BOXOFFICE_PAYMENT_WINDOW", "24h")])?;
    wait_until_ready(service.base()).await?;
    let target = service.target().await?;
    println!("\nOrders without streams of events, and with {IDLE_STREAMS} that nothing concerns:");
    let mut bars = service.explain(idle(&service, &target, size).await)?;
    bars.push(service.explain(latency(&service, &target, size).await)?);
    Ok(bars)
}

async fn idle(service: &Service, target: &Target, size: &Size) -> anyhow::Result<Vec<Bar>> {
    print_header();
    // The first orders warm the service up, and its memory.
    rate(target, size).await?;
    let (mut without, mut with, mut stream_bytes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        without.push(rate(target, size).await?);
        tokio::time::sleep(SETTLE).await;
        let before = usage(service.pid())?.rss_bytes;
        let mut streams = Vec::new();
        for _ in 0..IDLE_STREAMS {
            streams.push(open(service.base(), NOTHING).await?);
        }
        tokio::time::sleep(SETTLE).await;
        let taken = usage(service.pid())?.rss_bytes.saturating_sub(before);
        stream_bytes.push(taken as f64 / IDLE_STREAMS as f64);
        with.push(rate(target, size).await?);
        drop(streams);
        tokio::time::sleep(SETTLE).await;
    }
    // The first of them takes what later ones find: it is the only one that tells.
    let each = stream_bytes.first().copied().unwrap_or_default();
    let (without, with) = (median(without), median(with));
    Ok(vec![
        Bar {
            name: format!("memory of each of {IDLE_STREAMS} idle streams"),
            wanted: format!("< {} KiB", MAX_STREAM_BYTES >> 10),
            measured: format!("{:.1} KiB", each / 1024.0),
            met: each < MAX_STREAM_BYTES as f64,
        },
        Bar {
            name: format!("orders/s with {IDLE_STREAMS} idle streams ÷ without, medians of {}", size.rounds),
            wanted: format!("≥ {ORDER_RATIO:.2}"),
            measured: format!("{with:.0} ÷ {without:.0} = {:.2}", with / without),
            met: with / without >= ORDER_RATIO,
        },
    ])
}

async fn rate(target: &Target, size: &Size) -> anyhow::Result<f64> {
    let row = target.measure(Scenario::Orders, CONNECTIONS, Duration::from_secs(size.seconds)).await?;
    print_row(&row);
    Ok(row.measurement.rate())
}

/// When orders were acknowledged, and when their events came.
#[derive(Default)]
struct Seen {
    acknowledged: HashMap<String, Instant>,
    told: HashMap<String, Instant>,
}

async fn latency(service: &Service, target: &Target, size: &Size) -> anyhow::Result<Bar> {
    let measured = Duration::from_secs(size.round_seconds);
    // As many as are ordered at that pace, and no more: to post them takes longer.
    let count = CONNECTIONS as u128 * (measured.as_millis() / PACE.as_millis() + 1);
    let tickets = create_tickets(&target.bases, &target.sellers, u64::try_from(count)?).await?;
    let workload = Workload::order(tickets.into(), Rc::clone(&target.buyers));
    let seen = Rc::new(RefCell::new(Seen::default()));
    let stream = open(service.base(), TICKETS).await?;
    let reader = tokio::task::spawn_local(read(stream, Rc::clone(&seen)));
    let plan = Plan {
        connections: CONNECTIONS,
        warm_up: Duration::ZERO,
        measured,
        pace: Some(PACE),
        server_pid: Some(service.pid()),
    };
    let acknowledged = Rc::clone(&seen);
    let collect = move |body: &[u8]| {
        let now = Instant::now();
        acknowledged.borrow_mut().acknowledged.extend(text_after(body, b"{\"id\":\"").map(|id| (id, now)));
    };
    let measurement = drive(&target.bases, workload, plan, collect).await?;
    let deadline = Instant::now() + EVENT_TIMEOUT;
    while seen.borrow().told.len() < seen.borrow().acknowledged.len() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    reader.abort();
    let seen = seen.borrow();
    let mut latencies = Histogram::<u64>::new(3)?;
    for (order, acknowledged) in &seen.acknowledged {
        let told = seen.told.get(order).with_context(|| format!("the event of {order} never came"))?;
        let micros = told.saturating_duration_since(*acknowledged).as_micros();
        latencies.saturating_record(u64::try_from(micros)?);
    }
    ensure!(measurement.done > 0 && !latencies.is_empty(), "nothing was ordered");
    let p99 = Duration::from_micros(latencies.value_at_quantile(0.99));
    Ok(Bar {
        name: format!(
            "from an order's acknowledgement to its event, p99 at {:.0} orders/s",
            measurement.rate()
        ),
        wanted: format!("< {} ms", MAX_LATENCY.as_millis()),
        measured: format!("{:.2} ms", p99.as_secs_f64() * 1_000.0),
        met: p99 < MAX_LATENCY,
    })
}

/// Opens a stream, and reads its head.
async fn open(base: BaseUrl, path: &str) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(base.0).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n\r\n", base.0);
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.windows(b"retry:".len()).any(|part| part == b"retry:") {
        ensure!(
            stream.read_buf(&mut head).await? > 0,
            "the stream ended: {}",
            String::from_utf8_lossy(&head)
        );
    }
    ensure!(head.starts_with(b"HTTP/1.1 200"), "no stream: {}", String::from_utf8_lossy(&head));
    Ok(stream)
}

/// Notes when each order's event comes.
async fn read(mut stream: TcpStream, seen: Rc<RefCell<Seen>>) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while stream.read_buf(&mut buffer).await? > 0 {
        let now = Instant::now();
        let Some(end) = buffer.iter().rposition(|&byte| byte == b'\n') else { continue };
        let rest = buffer.split_off(end + 1);
        for line in buffer.split(|&byte| byte == b'\n') {
            seen.borrow_mut().told.extend(text_after(line, b"\"orderId\":\"").map(|id| (id, now)));
        }
        buffer = rest;
    }
    Ok(())
}

/// The text from after this mark to the next quotation mark.
fn text_after(bytes: &[u8], mark: &[u8]) -> Option<String> {
    let start = bytes.windows(mark.len()).position(|part| part == mark)? + mark.len();
    let end = start + bytes[start..].iter().position(|&byte| byte == b'"')?;
    String::from_utf8(bytes[start..end].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_an_event() {
        let line = br#"data: {"id":"a-1","data":{"id":"ticket_1","orderId":"order_7","version":1}}"#;
        assert_eq!(text_after(line, b"\"orderId\":\"").as_deref(), Some("order_7"));
        assert_eq!(text_after(line, b"\"none\":\""), None);
        assert_eq!(text_after(b"\"orderId\":\"cut", b"\"orderId\":\""), None);
    }
}
