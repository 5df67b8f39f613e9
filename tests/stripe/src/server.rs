//! HTTP: connections, headers, and cutting off.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;
use crate::error::ApiError;
use crate::service::{Asked, Service};

/// The largest body: metadata as long as it may be has some 30 KB.
const MAX_BODY: usize = 256 << 10;

/// Connections at once; more wait.
const MAX_CONNECTIONS: usize = 2_048;

/// How long a request's headers may take.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Has the connection closed without a word.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut")
    }
}

impl std::error::Error for Cut {}

/// Takes connections until it is stopped; those that are open then are cut.
pub(crate) async fn serve(listener: TcpListener, service: Arc<Service>, stopping: CancellationToken) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors, for example: somebody closes one soon.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let Ok(permit) = room.clone().acquire_owned().await else { return };
        let (service, stopping) = (service.clone(), stopping.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stopping.cancelled() => {}
                () = converse(stream, service) => {}
            }
            drop(permit);
        });
    }
}

async fn converse(stream: TcpStream, service: Arc<Service>) {
    // Small answers should not wait for each other; if it cannot be set, they do.
    let _ = stream.set_nodelay(true);
    let handle = service_fn(move |request| handle(service.clone(), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), handle);
    // Whoever is cut off, or leaves, is no concern of the stand-in.
    let _ = connection.await;
}

async fn handle(service: Arc<Service>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(response(&ApiError::invalid("The body is too large.").into(), None)),
    };
    let header = |name: &str| text(&head.headers, name);
    let asked = Asked {
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        bearer: header(AUTHORIZATION.as_str())
            .and_then(|value| Some(value.strip_prefix("Bearer ")?.to_owned())),
        version: header("stripe-version"),
        content_type: header(CONTENT_TYPE.as_str()),
        idempotency_key: header("idempotency-key"),
        method: head.method,
        body,
    };
    let key = asked.idempotency_key.clone();
    if asked.path.starts_with("/_control/") {
        return Ok(response(&service.control(&asked), None));
    }
    // On its own, so that it is carried out even if whoever asked has given up.
    let carried_out = tokio::spawn(async move { service.answer(asked).await }).await;
    match carried_out {
        Ok(Some(answer)) => Ok(response(&answer, key)),
        Ok(None) | Err(_) => Err(Cut),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn response(answer: &Answer, key: Option<String>) -> Response<Full<Bytes>> {
    let mut response = Response::builder()
        .status(answer.status)
        .header(CONTENT_TYPE, "application/json")
        .header("stripe-version", crate::STRIPE_VERSION);
    if let Some(key) = key {
        response = response.header("idempotency-key", key);
    }
    if answer.is_replayed {
        response = response.header("idempotent-replayed", "true");
    }
    if let Some(seconds) = answer.retry_after_s {
        response = response.header("retry-after", seconds);
    }
    let body = Full::new(Bytes::from(answer.body.to_string()));
    response.body(body).unwrap_or_else(|_| unsendable())
}

/// A key may have bytes that no header may have.
fn unsendable() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = hyper::StatusCode::BAD_REQUEST;
    response
}
