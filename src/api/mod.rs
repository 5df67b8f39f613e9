//! The HTTP API: one file a noun. Handlers are thin: they read input, submit a command or ask the state,
//! and show what comes of it.

pub(crate) mod caller;
pub(crate) mod conditional;
pub(crate) mod consistency;
mod consumer_fetch;
mod consumer_input;
mod consumer_view;
mod consumers;
pub(crate) mod cookie;
mod credentials;
mod declines;
mod document;
mod event_query;
mod event_stream;
mod event_view;
mod event_viewer;
mod events;
mod gate;
mod id;
pub(crate) mod idempotency;
mod operations;
pub(crate) mod operator;
mod operator_keys;
mod order_history;
pub(crate) mod order_payments;
pub(crate) mod orders;
pub(crate) mod paging;
pub(crate) mod passwords;
mod payment_intents;
mod payment_view;
pub(crate) mod payments;
mod refund_view;
mod refunds;
mod refusal;
mod response;
pub(crate) mod session_cookie;
pub(crate) mod sessions;
pub(crate) mod sign_in_guard;
pub(crate) mod ticket_list;
mod ticket_view;
pub(crate) mod tickets;
pub(crate) mod users;
mod webhook_endpoints;
mod webhook_input;
pub(crate) mod webhook_messages;
mod webhook_view;
mod webhooks;
mod withdrawals;

use std::sync::Arc;

use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::Method;
use poem::{Endpoint, EndpointExt, IntoEndpoint, IntoResponse, Request, Response, Route, get};
use poem_openapi::Tags;

use consistency::Consistent;
use consumer_fetch::Fetches;
use consumers::Consumers;
pub use document::{document_json, document_yaml};
use events::Events;
pub use gate::Gate;
use idempotency::UnderWay;
use operations::Operations;
use operator_keys::OperatorKeys;
use order_history::OrderHistories;
use order_payments::OrderPayments;
use orders::Orders;
use passwords::Passwords;
use payment_intents::PaymentIntents;
use payments::Payments;
use refunds::Refunds;
use sessions::Sessions;
use sign_in_guard::SignInGuard;
use tickets::Tickets;
use users::Users;
use webhook_endpoints::WebhookEndpoints;
use webhooks::Webhooks;

use crate::http::docs::DocsPage;
use crate::http::routes::RouteTable;
use crate::http::throttle::Throttle;
use crate::service::Service;

/// How the operations are grouped in the document.
#[derive(Tags)]
enum Tag {
    /// Accounts and sessions
    Users,
    /// What is offered
    Tickets,
    /// Claims on tickets
    Orders,
    /// Charging for orders
    Payments,
    /// What happens, as it happens
    Events,
    /// Being told of events
    Webhooks,
    /// Keys by which operators act for others
    Keys,
    /// Health, metrics, public keys
    Operations,
}

/// Declares which refusals the operations of a class document, besides those that may always happen.
macro_rules! refused {
    ($($name:ident: $($status:literal),*;)*) => {$(
        struct $name;
        impl $crate::http::Statuses for $name {
            const STATUSES: &'static [u16] = &[$($status),*];
        }
    )*};
}
use refused;

/// Operations on the state are below this path.
const API: &str = "/api/";

/// Paths beside those of the API.
const OPENAPI_JSON: &str = "/openapi.json";
const OPENAPI_YAML: &str = "/openapi.yaml";
const DOCS: &str = "/docs";
const HEALTHZ: &str = "/healthz";

/// All of them.
const BESIDE_THE_API: &[&str] =
    &[OPENAPI_JSON, OPENAPI_YAML, DOCS, HEALTHZ, "/readyz", "/metrics", "/.well-known/jwks.json"];

/// Answered whatever else goes on: whoever gets no answer there starts the service anew.
pub const VITAL_PATHS: &[&str] = &[HEALTHZ];

/// What is signed by whoever sends it: no browser is led to send that.
pub const SIGNED_PATHS: &[&str] = &["/api/payments/webhooks/stripe"];

/// All operations.
type Apis = (
    Users,
    Sessions,
    Passwords,
    Tickets,
    Orders,
    OrderHistories,
    OrderPayments,
    PaymentIntents,
    Payments,
    Webhooks,
    Refunds,
    Events,
    WebhookEndpoints,
    Consumers,
    OperatorKeys,
    Operations,
);

/// Which methods the paths have.
pub fn route_table() -> RouteTable {
    [OPENAPI_JSON, OPENAPI_YAML, DOCS]
        .into_iter()
        .fold(RouteTable::default().with_api::<Apis>(), |table, path| table.with(path, Method::GET))
}

/// What the operations, and the pages of the shop, have in common beside the service: one bound on trying passwords, one
/// place where keys are under way.
#[derive(Clone)]
pub struct Shared {
    pub(crate) service: Arc<Service>,
    pub(crate) guard: SignInGuard,
    pub(crate) under_way: UnderWay,
}

impl Shared {
    /// Over this service; `throttle` bounds how often an address may try passwords.
    pub fn new(service: Arc<Service>, throttle: Throttle) -> Self {
        let guard = SignInGuard::new(service.clone(), throttle);
        Self { service, guard, under_way: UnderWay::default() }
    }
}

/// Whether a path is one of those that [`routes`] serves.
pub fn serves(path: &str) -> bool {
    is_of_the_api(path) || BESIDE_THE_API.contains(&path)
}

/// Whether operations on the state are there.
fn is_of_the_api(path: &str) -> bool {
    path.starts_with(API)
}

/// The operations, and the documents about them.
pub fn routes(shared: &Shared) -> impl Endpoint + use<> {
    let Shared { service, guard, under_way } = shared.clone();
    let apis: Apis = (
        Users { service: service.clone(), guard: guard.clone() },
        Sessions { service: service.clone(), guard: guard.clone() },
        Passwords { service: service.clone(), guard: guard.clone() },
        Tickets { service: service.clone(), under_way: under_way.clone() },
        Orders { service: service.clone(), under_way: under_way.clone() },
        OrderHistories { service: service.clone() },
        OrderPayments { service: service.clone() },
        PaymentIntents { service: service.clone(), under_way: under_way.clone() },
        Payments { service: service.clone(), under_way: under_way.clone() },
        Webhooks::new(service.clone()),
        Refunds { service: service.clone(), under_way },
        Events { service: service.clone() },
        WebhookEndpoints { service: service.clone() },
        Consumers { service: service.clone(), fetches: Arc::new(Fetches::default()) },
        OperatorKeys { service: service.clone(), guard },
        Operations { service: service.clone() },
    );
    let documents = Route::new()
        .at(OPENAPI_JSON, fixed(document_json(), "application/json"))
        .at(OPENAPI_YAML, fixed(document_yaml(), "application/yaml"))
        .at(DOCS, get(DocsPage::new(&document::swagger_ui_html(), "Boxoffice API")));
    let inner = document::service_of(apis).into_endpoint().data(service.clone());
    Routes { documents, api: Consistent { service: service.clone(), covers: is_of_the_api, inner } }
}

/// The documents, and the operations beside them. Nesting one in the other would take the path of every request
/// apart and put it together again.
struct Routes<E> {
    documents: Route,
    api: Consistent<E>,
}

impl<E: Endpoint> Endpoint for Routes<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        match request.uri().path() {
            OPENAPI_JSON | OPENAPI_YAML | DOCS => self.documents.call(request).await,
            _ => self.api.call(request).await,
        }
    }
}

/// Serves a text that never changes.
fn fixed(text: String, content_type: &'static str) -> impl Endpoint {
    let text = Bytes::from(text);
    get(make_sync(move |_| text.clone().with_content_type(content_type)))
}

#[cfg(test)]
mod tests {
    use poem_openapi::OpenApi;

    use super::*;

    #[test]
    fn every_operation_is_at_a_path_that_is_served() {
        for path in Apis::meta().into_iter().flat_map(|api| api.paths) {
            assert!(serves(&path.path), "say in BESIDE_THE_API that {} is not a page", path.path);
        }
        for page in ["/", "/tickets", "/apiary", "/docs/x"] {
            assert!(!serves(page), "{page}");
        }
    }
}
