//! The whole of it over real sockets: what a client sees, byte by byte.

mod connections;
mod endless;
mod http2;
mod requests;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use poem::{EndpointExt, Route};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::PlainText;
use poem_openapi::{Object, OpenApi, OpenApiService};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::http::body_limit::BodyLimits;
use crate::http::cross_origin::CorsOrigins;
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::money::Money;
use crate::http::query::{Parameters, Unchecked};
use crate::http::routes::RouteTable;
use crate::http::rules::{money, text, whole_number};
use crate::http::server::{ConnectionCounters, ConnectionLimits, Drained, serve};
use crate::http::stack::{Answered, RequestObserver, Stack, StackSettings};
use crate::http::{Problem, ProblemType, Refused, RequestContext, Statuses};

/// Nothing here takes nearly as long unless it hangs.
const HANG: Duration = Duration::from_secs(10);
/// Time-outs that are meant to pass.
const SHORT: Duration = Duration::from_millis(40);

#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct Draft {
    title: String,
    price: Money,
}

impl FromFields for Draft {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let title = fields.required("title", text(1..=10));
        let price = fields.required("price", money);
        Ok(Draft { title: title?, price: price? })
    }
}

struct OfDrafts;
impl Statuses for OfDrafts {
    const STATUSES: &'static [u16] = &[400, 409];
}

#[derive(Clone, Default)]
struct Api {
    held: Arc<Notify>,
    release: Arc<Notify>,
}

#[OpenApi]
impl Api {
    #[oai(path = "/api/drafts", method = "post", operation_id = "createDraft")]
    async fn create(&self, draft: Body<Draft>) -> Result<PlainText<String>, Refused<OfDrafts>> {
        if draft.0.title == "sold" {
            return Err(ProblemType::TicketSold.into());
        }
        Ok(PlainText(format!("{} {}", draft.0.title, draft.0.price.minor)))
    }

    #[oai(path = "/api/drafts", method = "get", operation_id = "listDrafts")]
    async fn list(
        &self,
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))] limit: Query<Unchecked<u64>>,
        cursor: Query<Unchecked<String>>,
    ) -> Result<PlainText<String>, Problem> {
        let mut parameters = Parameters::default();
        let limit = parameters.optional("limit", &limit, whole_number(1..=100));
        let cursor = parameters.optional("cursor", &cursor, text(1..=3));
        let (limit, cursor) = parameters.finish(|| Ok((limit?, cursor?)))?;
        Ok(PlainText(format!("{limit:?} {cursor:?}")))
    }

    #[oai(path = "/api/drafts/:id", method = "get")]
    async fn read(&self, id: Path<u64>, context: RequestContext) -> PlainText<String> {
        let address = context.client_address().map(|address| address.to_string());
        PlainText(format!("{} for {} from {address:?}", id.0, context.request_id()))
    }

    #[oai(path = "/api/hold", method = "get")]
    async fn hold(&self) -> PlainText<&'static str> {
        self.held.notify_one();
        self.release.notified().await;
        PlainText("held")
    }

    #[oai(path = "/api/panic", method = "get")]
    async fn panic(&self) -> PlainText<String> {
        panic!("on purpose")
    }

    #[oai(path = "/api/big", method = "get")]
    async fn big(&self) -> PlainText<String> {
        PlainText("x".repeat(64 << 20))
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl RequestObserver for Log {
    fn observe(&self, answered: &Answered) {
        let Answered { operation, method, status, .. } = answered;
        self.0.lock().unwrap().push(format!("{method} {operation} {}", status.as_u16()));
    }
}

struct Service {
    address: SocketAddr,
    api: Api,
    log: Log,
    counters: Arc<ConnectionCounters>,
    shutdown: CancellationToken,
    drained: JoinHandle<Drained>,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self::new(1_000, HANG)
    }
}

#[derive(Default)]
struct Setup {
    limits: ConnectionLimits,
    body_limits: BodyLimits,
    tls: Option<Arc<rustls::ServerConfig>>,
}

impl Setup {
    async fn start(self) -> Service {
        let (api, log) = (Api::default(), Log::default());
        let settings = StackSettings {
            cors_origins: CorsOrigins::new(["https://shop.example"]).unwrap(),
            body_limits: self.body_limits,
            routes: RouteTable::default().with_api::<Api>(),
            vital_paths: &["/api/drafts/7"],
            ..StackSettings::default()
        };
        let routes = endless::routes().nest("/", OpenApiService::new(api.clone(), "Test", "1").boxed());
        let stack = Stack::new(routes, log.clone(), settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (counters, shutdown) = (Arc::<ConnectionCounters>::default(), CancellationToken::new());
        let served = serve(listener, self.tls, stack, self.limits, counters.clone(), shutdown.clone());
        Service { address, api, log, counters, shutdown, drained: tokio::spawn(served) }
    }
}

impl Service {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends the request on a connection of its own and returns all that comes back.
    async fn ask(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        rest_of(&mut stream).await
    }

    async fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).await
    }

    async fn post(&self, headers: &str, body: &str) -> String {
        let length = body.len();
        self.ask(&format!(
            "POST /api/drafts HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        ))
        .await
    }
}

/// Everything until the other side closes.
async fn rest_of(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut all = Vec::new();
    timeout(HANG, stream.read_to_end(&mut all)).await.expect("the connection stays open").unwrap();
    String::from_utf8(all).unwrap()
}

/// One answer with a body of known length, on a connection that stays open.
async fn one_answer(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut answer = String::new();
    let mut buffer = [0; 4096];
    loop {
        let count = timeout(HANG, stream.read(&mut buffer)).await.expect("no answer").unwrap();
        assert!(count > 0, "closed after {answer:?}");
        answer.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        let Some((head, body)) = answer.split_once("\r\n\r\n") else { continue };
        let length = head
            .to_lowercase()
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| rest.split("\r\n").next().unwrap().parse().unwrap());
        if body.len() >= length {
            return answer;
        }
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {answer:?}")).parse().unwrap()
}
