//! The HTTP API: one file a noun. Handlers are thin: they read input, submit a command or ask the state,
//! and show what comes of it.

mod caller;
mod conditional;
mod consistency;
mod consumer_fetch;
mod consumer_input;
mod consumer_view;
mod consumers;
mod cookie;
mod credentials;
mod declines;
mod event_query;
mod event_stream;
mod event_view;
mod event_viewer;
mod events;
mod gate;
mod id;
mod idempotency;
mod operations;
mod operator;
mod operator_keys;
mod order_history;
mod order_payments;
mod orders;
mod paging;
mod passwords;
mod payment_intents;
mod payment_view;
mod payments;
mod refund_view;
mod refunds;
mod refusal;
mod response;
mod session_cookie;
mod sessions;
mod sign_in_guard;
mod ticket_list;
mod ticket_view;
mod tickets;
mod users;
mod webhook_endpoints;
mod webhook_input;
pub(crate) mod webhook_messages;
mod webhook_view;
mod webhooks;
mod withdrawals;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::http::Method;
use poem::web::Redirect;
use poem::{Endpoint, EndpointExt, IntoEndpoint, IntoResponse, Request, Response, Route, get};
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{LicenseObject, OpenApi, OpenApiService, Tags};

use consistency::{Consistent, Documented};
use consumer_fetch::Fetches;
use consumers::Consumers;
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
const ROOT: &str = "/";
const OPENAPI_JSON: &str = "/openapi.json";
const OPENAPI_YAML: &str = "/openapi.yaml";
const DOCS: &str = "/docs";
const HEALTHZ: &str = "/healthz";

/// Answered whatever else goes on: whoever gets no answer there starts the service anew.
pub const VITAL_PATHS: &[&str] = &[HEALTHZ];

/// What is signed by whoever sends it: no browser is led to send that.
pub const SIGNED_PATHS: &[&str] = &["/api/payments/webhooks/stripe"];

const DESCRIPTION: &str = "\
Sells tickets for popular shows. People post tickets; others reserve one and have some minutes to pay; \
what isn't paid goes back on sale.

Sign up or in, and send the `token` as `Authorization: Bearer …`. Send an `Idempotency-Key` with every \
POST that creates something, and the same one again after a time-out or a 503: it happens once. Operators send a key \
(`bxk_…`) in place of the token; its scopes say what they may do and see.

Every answer has a `Consistency-Token`, refusals included. Bring the latest one back, and you are shown what you did \
and saw before, whichever replica you ask; one that is not as far within 2 seconds answers 503, and nothing happened. \
Who signs in by cookie has the token as a cookie too.

Errors are `application/problem+json` (RFC 9457); their `type` tells every case apart. Whatever is asked \
for, a head that HTTP forbids is answered 400, and a body that takes too long or is too large 408 or 413. Only what cannot be read \
as an HTTP request at all, or has too long a head, gets a bare 400 or 431.";

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

/// The operations' description alone, for whoever has no replica.
struct Description;

impl OpenApi for Description {
    fn meta() -> Vec<MetaApi> {
        Apis::meta()
    }

    fn register(registry: &mut Registry) {
        Apis::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}

/// Which methods the paths have.
pub fn route_table() -> RouteTable {
    [ROOT, OPENAPI_JSON, OPENAPI_YAML, DOCS]
        .into_iter()
        .fold(RouteTable::default().with_api::<Apis>(), |table, path| table.with(path, Method::GET))
}

/// The API's OpenAPI document, as JSON with a line break at its end.
pub fn document_json() -> String {
    described(Description).spec() + "\n"
}

/// The API's OpenAPI document, as YAML.
pub fn document_yaml() -> String {
    described(Description).spec_yaml()
}

fn described<T: OpenApi>(apis: T) -> OpenApiService<Documented<T>, ()> {
    OpenApiService::new(Documented(apis), "Boxoffice", env!("CARGO_PKG_VERSION"))
        .description(DESCRIPTION)
        .license(LicenseObject::new("MIT OR Apache-2.0"))
        .server("/")
}

/// Everything that the public listener serves.
pub fn routes(service: Arc<Service>, throttle: Throttle) -> impl Endpoint + 'static {
    let guard = SignInGuard::new(service.clone(), throttle);
    let under_way = UnderWay::default();
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
    let api = described(apis);
    let documents = Route::new()
        .at(OPENAPI_JSON, fixed(document_json(), "application/json"))
        .at(OPENAPI_YAML, fixed(document_yaml(), "application/yaml"))
        .at(DOCS, get(DocsPage::new(&api.swagger_ui_html(), "Boxoffice API")))
        // Whoever was told no more than where the service is.
        .at(ROOT, get(make_sync(|_| Redirect::temporary(DOCS))));
    let inner = api.into_endpoint().data(service.clone());
    Routes { documents, api: Consistent { service, inner } }
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
            ROOT | OPENAPI_JSON | OPENAPI_YAML | DOCS => self.documents.call(request).await,
            _ => self.api.call(request).await,
        }
    }
}

/// Serves a text that never changes.
fn fixed(text: String, content_type: &'static str) -> impl Endpoint {
    let text = Bytes::from(text);
    get(make_sync(move |_| text.clone().with_content_type(content_type)))
}
