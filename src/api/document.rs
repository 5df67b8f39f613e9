//! The API's OpenAPI document: what poem-openapi says of the operations, and what it has no words for.

mod examples;
mod refinement;

use std::collections::HashMap;
use std::sync::LazyLock;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{LicenseObject, OpenApi, OpenApiService, ServerObject};
use serde_json::Value;

use super::Apis;
use super::consistency::Documented;

const DESCRIPTION: &str = "\
Sells tickets for popular shows. People post tickets; others reserve one and have some minutes to pay; \
what isn't paid goes back on sale.

Sign up or in, and send the `token` as `Authorization: Bearer …`. Send an `Idempotency-Key` with every \
POST that creates something, and the same one again after a time-out or a 503: it happens once. Operators send a key \
(`bxk_…`) in place of the token; its scopes say what they may do and see.

Every answer has a `Consistency-Token`, refusals included. Bring the latest one back, and you are shown what you did \
and saw before, whichever replica you ask; one that is not as far within 2 seconds answers 503, and nothing happened. \
Who signs in by cookie has the token as a cookie too.

Lists come in pages: follow the `Link` with `rel=\"next\"` until there is none. Ids, cursors, leases and tokens are \
opaque: bring them back as they came.

Errors are `application/problem+json` (RFC 9457); their `type` tells every case apart. Whatever is asked \
for, a head that HTTP forbids is answered 400, and a body that takes too long or is too large 408 or 413. Only what cannot be read \
as an HTTP request at all, or has too long a head, gets a bare 400 or 431.

Later versions may add members to answers, values to what is listed, and types of problems: ignore what you do not know. \
Members of bodies and parameters that are not described here are ignored.";

/// Of both licences, by the names that `Cargo.toml` has them under.
const LICENCES: &str = "https://spdx.org/licenses/";

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

/// It is the same for as long as the program runs.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = serde_json::from_str(&service_of(Description).spec()).expect("it is JSON");
    refinement::refine(&mut document);
    examples::add_to(&mut document);
    document
});

/// The API's OpenAPI document, as JSON with a line break at its end.
pub fn document_json() -> String {
    serde_json::to_string_pretty(&*DOCUMENT).expect("a document has no keys but texts") + "\n"
}

/// The API's OpenAPI document, as YAML.
pub fn document_yaml() -> String {
    serde_yaml::to_string(&*DOCUMENT).expect("whatever is JSON is YAML")
}

/// The page that shows the document and tries it out, as poem-openapi makes it.
pub(super) fn swagger_ui_html() -> String {
    let service = service_of(Description);
    service.swagger_ui_html().replacen(&service.spec(), &document_json(), 1)
}

/// The operations as poem-openapi serves and describes them.
pub(super) fn service_of<T: OpenApi>(apis: T) -> OpenApiService<Documented<T>, ()> {
    OpenApiService::new(Documented(apis), "Boxoffice", env!("CARGO_PKG_VERSION"))
        .description(DESCRIPTION)
        .license(LicenseObject::new(env!("CARGO_PKG_LICENSE")).url(LICENCES))
        .server(
            ServerObject::new("/")
                .description("The replica, or the proxy before it, that the document is from"),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_document_that_is_served() {
        assert!(swagger_ui_html().contains(&document_json()));
    }

    #[test]
    fn yaml_says_the_same() {
        assert_eq!(serde_yaml::from_str::<Value>(&document_yaml()).expect("it is YAML"), *DOCUMENT);
    }
}
