//! Webhooks: how many events a second an endpoint is sent that answers at once, alone and beside one that never does.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Size;
use super::service::{Launcher, wait_until_ready};
use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::report::{Bar, median};
use crate::request::Request;
use crate::seed::{accounts, create_tickets};

/// The bar of deliveries beside an endpoint that never answers, against deliveries alone.
const RATIO: f64 = 0.8;
/// Events to send for each second of a round.
const EVENTS_A_SECOND: u64 = 500;
/// Whoever is sent less than this in so long is sent nothing any more.
const PATIENCE: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(5);
const ANSWER: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
/// Larger than the head of any of our messages.
const MAX_HEADERS: usize = 32;

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// A receiver on this machine.
struct Receiver {
    url: String,
    received: Rc<Cell<u64>>,
}

/// Measures, and compares with the bar.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let service = launcher.start(&[("BOXOFFICE_WEBHOOKS_ALLOW_PRIVATE", "true")])?;
    wait_until_ready(service.base()).await?;
    let (alone, beside) = service.explain(rates(service.base(), size).await)?;
    println!(
        "\nWebhooks/s to an endpoint that answers at once: {alone:.0?}; beside one that never does: {beside:.0?}"
    );
    let (alone, beside) = (median(alone), median(beside));
    Ok(vec![Bar {
        name: format!("webhooks/s beside an endpoint that hangs ÷ alone, medians of {}", size.rounds),
        wanted: format!("≥ {RATIO:.2}"),
        measured: format!("{beside:.0} ÷ {alone:.0} = {:.2}", beside / alone),
        met: beside / alone >= RATIO,
    }])
}

async fn rates(base: BaseUrl, size: &Size) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let owners = accounts(base, "owner", 1).await?;
    let token = owners[0].token.as_str();
    let events = EVENTS_A_SECOND * size.round_seconds;
    create_tickets(&[base], &owners, events).await?;
    let quick = Receiver::listen(true).await?;
    let quick_path = endpoint(base, token, &quick).await?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        alone.push(round(base, token, &quick, &[&quick_path], events).await?);
    }
    let hanging = Receiver::listen(false).await?;
    let hanging_path = endpoint(base, token, &hanging).await?;
    for _ in 0..size.rounds {
        beside.push(round(base, token, &quick, &[&hanging_path, &quick_path], events).await?);
    }
    ensure!(hanging.received.get() > 0, "the one that hangs was sent nothing");
    Ok((alone, beside))
}

/// Has all events sent once more to these endpoints; returns how many a second the quick one got.
async fn round(
    base: BaseUrl,
    token: &str,
    quick: &Receiver,
    endpoints: &[&String],
    events: u64,
) -> anyhow::Result<f64> {
    let wanted = quick.received.get() + events;
    let began = Instant::now();
    for path in endpoints {
        ask(base, token, &format!("{path}/resend"), r#"{"from": "1"}"#, 202).await?;
    }
    while quick.received.get() < wanted {
        ensure!(began.elapsed() < PATIENCE, "{} of {wanted} came", quick.received.get());
        tokio::time::sleep(POLL).await;
    }
    Ok(events as f64 / began.elapsed().as_secs_f64())
}

/// Makes an endpoint; returns its path.
async fn endpoint(base: BaseUrl, token: &str, receiver: &Receiver) -> anyhow::Result<String> {
    let body = serde_json::json!({ "url": receiver.url }).to_string();
    let made: Made = serde_json::from_slice(&ask(base, token, "/api/webhooks", &body, 201).await?)?;
    Ok(format!("/api/webhooks/{}", made.id))
}

async fn ask(base: BaseUrl, token: &str, path: &str, body: &str, status: u16) -> anyhow::Result<Vec<u8>> {
    let mut request = Request::default();
    request.json("POST", path, Some(token), body);
    let mut connection = Connection::new(base);
    let reply = connection.send(request.as_bytes()).await?;
    ensure!(
        reply.status == status,
        "{path} was answered {}: {}",
        reply.status,
        String::from_utf8_lossy(reply.body)
    );
    Ok(reply.body.to_vec())
}

impl Receiver {
    /// One that answers at once, or never.
    async fn listen(answers: bool) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let received = Rc::new(Cell::new(0));
        let counted = Rc::clone(&received);
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let received = Rc::clone(&counted);
                tokio::task::spawn_local(async move {
                    // Whoever sends closes it.
                    let _ = receive(stream, answers, &received).await;
                });
            }
        });
        Ok(Self { url, received })
    }
}

async fn receive(mut stream: TcpStream, answers: bool, received: &Cell<u64>) -> anyhow::Result<()> {
    let mut buffer = Vec::new();
    loop {
        while let Some(length) = request_length(&buffer)?
            && buffer.len() >= length
        {
            buffer.drain(..length);
            received.set(received.get() + 1);
            if answers {
                stream.write_all(ANSWER).await?;
            }
        }
        ensure!(stream.read_buf(&mut buffer).await? > 0, "closed");
    }
}

/// How long the first request in a buffer is, once its head is there.
fn request_length(buffer: &[u8]) -> anyhow::Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(buffer)? else { return Ok(None) };
    let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.context("a message has a length")?.value;
    Ok(Some(head + std::str::from_utf8(length)?.parse::<usize>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_as_long_as_it_says() {
        let whole = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST";
        assert_eq!(request_length(whole).unwrap(), Some(whole.len() - 4));
        assert_eq!(request_length(&whole[..20]).unwrap(), None);
    }
}
