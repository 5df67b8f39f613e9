//! One connection, from its handshake to its end.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use poem::Endpoint;
use poem::http::header::CONNECTION;
use poem::http::uri::Scheme;
use poem::http::{Request, Response};
use poem::web::{LocalAddr, RemoteAddr};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::activity::{Activity, Deadline, Observed, Timeouts};
use super::answer_body::{AnswerBody, Sending};
use super::beginning::Begun;
use super::lingering::{Lingering, Unread};
use super::server::ConnectionLimits;

/// How long a connection may take to close after we said goodbye.
const CLOSE_LINGER: Duration = Duration::from_secs(5);
/// HTTP/2 peers are asked for a sign of life this often, and have as long to give it.
const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(20);
/// What a client may send on one HTTP/2 stream before we read it: a whole body, which is at most 64 KiB.
const HTTP2_STREAM_WINDOW_BYTES: u32 = 128 * 1024;
/// The same for all streams of a connection together.
const HTTP2_CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;
/// What we buffer of answers on one HTTP/2 stream that a client is slow to take.
const HTTP2_SEND_BUFFER_BYTES: usize = 64 * 1024;

/// What all connections of a listener share.
pub(super) struct Shared<E> {
    pub(super) endpoint: E,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) local: LocalAddr,
    pub(super) limits: ConnectionLimits,
    pub(super) http1: http1::Builder,
    pub(super) http2: http2::Builder<TokioExecutor>,
    /// One for each request that may be under way.
    pub(super) places: Arc<Semaphore>,
    /// Asks connections to finish what they are doing and close.
    pub(super) shutdown: CancellationToken,
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// By either side, as it should.
    Closed,
    /// By us, because the client stalled.
    CutOff,
}

/// Marks a request that came when as many as may be were under way already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overload;

/// hyper for HTTP/1, set up with the limits. The time-outs are [`Activity`]'s.
pub(super) fn http1_of(limits: &ConnectionLimits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(limits.max_head_bytes);
    builder
}

/// The same for HTTP/2.
pub(super) fn http2_of(limits: &ConnectionLimits) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.http2_max_streams)
        .max_header_list_size(u32::try_from(limits.max_head_bytes).unwrap_or(u32::MAX))
        .initial_stream_window_size(HTTP2_STREAM_WINDOW_BYTES)
        .initial_connection_window_size(HTTP2_CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(HTTP2_SEND_BUFFER_BYTES)
        .keep_alive_interval(HTTP2_PING_INTERVAL)
        .keep_alive_timeout(HTTP2_PING_INTERVAL);
    builder
}

/// A connection that is being served, in memory of its own: a connection is a task for as long as it is open, and what is
/// moved into a future takes its place there once more each time.
pub(super) type Serving = Pin<Box<dyn Future<Output = Ending> + Send>>;

/// Serves a connection until it ends. One without TLS takes no room for it.
pub(super) fn serve<S, E>(stream: S, peer: RemoteAddr, shared: Arc<Shared<E>>) -> Serving
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    E: Endpoint + 'static,
{
    match shared.tls.clone() {
        Some(tls) => Box::pin(serve_tls(tls, stream, peer, shared)),
        None => Box::pin(drive(stream, Scheme::HTTP, peer, shared)),
    }
}

async fn serve_tls<S, E>(tls: TlsAcceptor, stream: S, peer: RemoteAddr, shared: Arc<Shared<E>>) -> Ending
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    E: Endpoint + 'static,
{
    let handshake = Box::pin(timeout(shared.limits.tls_handshake_timeout, tls.accept(stream)));
    match shared.shutdown.clone().run_until_cancelled(handshake).await {
        Some(Ok(Ok(stream))) => Box::pin(drive(stream, Scheme::HTTPS, peer, shared)).await,
        Some(Ok(Err(error))) => {
            tracing::debug!(%peer, %error, "TLS handshake failed");
            Ending::Closed
        }
        Some(Err(_)) => Ending::CutOff,
        // It has not asked for anything yet.
        None => Ending::Closed,
    }
}

async fn drive<S, E>(stream: S, scheme: Scheme, peer: RemoteAddr, shared: Arc<Shared<E>>) -> Ending
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    E: Endpoint + 'static,
{
    let (activity, unread) = (Activity::new(), Unread::default());
    let service = hyper::service::service_fn({
        let (activity, unread, shared) = (activity.clone(), unread.clone(), Arc::clone(&shared));
        move |mut request: Request<Incoming>| {
            let in_flight = activity.request_began(request.version(), !request.body().is_end_stream());
            let place = Arc::clone(&shared.places).try_acquire_owned().ok();
            if place.is_none() {
                request.extensions_mut().insert(Overload);
            }
            let sending = Sending { in_flight, place };
            let request = (request, shared.local.clone(), peer.clone(), scheme.clone());
            let (unread, shared) = (unread.clone(), Arc::clone(&shared));
            async move {
                // hyper keeps room for this for as long as the connection lasts, and it takes some KiB.
                let response = Box::pin(shared.endpoint.get_response(request.into())).await;
                let response: Response<_> = response.into();
                if response.headers().contains_key(CONNECTION) {
                    // The endpoint asks for the end only when it did not read a request to its own.
                    unread.note();
                }
                Ok::<_, Infallible>(AnswerBody::of(response, sending))
            }
        }
    });
    let socket = Observed::new(Lingering::new(stream, unread), activity.clone());
    let begun = timeout(shared.limits.head_timeout, Begun::of(socket));
    let (socket, is_http2) = match shared.shutdown.run_until_cancelled(begun).await {
        Some(Ok(Ok(begun))) => begun,
        Some(Err(_)) => return Ending::CutOff,
        // It is gone, or has not asked for anything yet.
        Some(Ok(Err(_))) | None => return Ending::Closed,
    };
    let (socket, timeouts) = (TokioIo::new(socket), shared.limits.timeouts());
    if is_http2 {
        // It takes more than one of HTTP/1, and there are fewer of them.
        let mut connection = Box::pin(shared.http2.serve_connection(socket, service));
        supervise(connection.as_mut(), &activity, timeouts, &shared.shutdown).await
    } else {
        let connection = pin!(shared.http1.serve_connection(socket, service));
        supervise(connection, &activity, timeouts, &shared.shutdown).await
    }
}

/// Lets a connection go on until it ends, stalls, or is asked to close.
async fn supervise(
    mut connection: Pin<&mut impl GracefulConnection>,
    activity: &Activity,
    timeouts: Timeouts,
    shutdown: &CancellationToken,
) -> Ending {
    let mut shutdown = pin!(shutdown.cancelled());
    let mut timer = pin!(sleep_until(Instant::now() + timeouts.head));
    let mut goodbye = None;
    poll_fn(|cx| {
        loop {
            // An error is the client's doing, gone or talking nonsense, and hyper answered if it could: with a
            // bare status, which is on its way before the error shows here.
            if connection.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ending::Closed);
            }
            if goodbye.is_some() && activity.may_end() {
                return Poll::Ready(Ending::Closed);
            }
            let asked_to_close = goodbye.is_none() && shutdown.as_mut().poll(cx).is_ready();
            if !asked_to_close {
                match poll_deadline(cx, timer.as_mut(), activity, timeouts, goodbye) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ending::CutOff) => return Poll::Ready(Ending::CutOff),
                    Poll::Ready(Ending::Closed) => {}
                }
            }
            goodbye = Some(Instant::now());
            connection.as_mut().graceful_shutdown();
        }
    })
    .await
}

/// Ready when the connection is to be cut off, or to be closed.
fn poll_deadline(
    cx: &mut Context<'_>,
    mut timer: Pin<&mut Sleep>,
    activity: &Activity,
    timeouts: Timeouts,
    goodbye: Option<Instant>,
) -> Poll<Ending> {
    loop {
        let (at, ending) = match (activity.deadline(timeouts), goodbye) {
            (Deadline::None, _) => return Poll::Pending,
            (Deadline::Cut(at), _) => (at, Ending::CutOff),
            (Deadline::Close(at), None) => (at, Ending::Closed),
            (Deadline::Close(at), Some(goodbye)) => {
                let idle_since = at.checked_sub(timeouts.idle).unwrap_or(at);
                (goodbye.max(idle_since) + CLOSE_LINGER, Ending::CutOff)
            }
        };
        // A timer that is set too early is left alone: most deadlines are never reached, and a look at
        // the clock when it fires is cheaper than setting it anew for each request.
        if at < timer.deadline() || timer.is_elapsed() {
            timer.as_mut().reset(at);
        }
        if timer.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        if at <= Instant::now() {
            return Poll::Ready(ending);
        }
    }
}
