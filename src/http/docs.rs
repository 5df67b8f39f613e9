//! The page that shows the API's documentation and tries it out.

use bytes::Bytes;
use poem::http::header;
use poem::{Body, Endpoint, Request, Response};

/// poem-openapi's Swagger UI has script and style inlined. The policy holds it to that: it may talk to
/// this service and to nobody else, and no other page may frame it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; \
     style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// What poem-openapi calls the page.
const SWAGGER_TITLE: &str = "<title>Swagger UI</title>";

/// Serves a page from memory.
pub struct DocsPage {
    html: Bytes,
}

impl DocsPage {
    /// Takes what `OpenApiService::swagger_ui_html` made.
    pub fn new(swagger_ui_html: &str, title: &str) -> DocsPage {
        // Without an icon in the page browsers ask for one that is not there.
        let head = format!("<title>{title}</title><link rel=\"icon\" href=\"data:,\">");
        let html = swagger_ui_html.replacen(SWAGGER_TITLE, &head, 1);
        // Without a doctype browsers fall back to the layout rules of the nineties.
        DocsPage { html: format!("<!doctype html>{html}").into() }
    }
}

impl Endpoint for DocsPage {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        let response = Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
            .header(header::CACHE_CONTROL, "no-cache");
        Ok(response.body(Body::from_bytes(self.html.clone())))
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::{OpenApi, OpenApiService};

    struct Api;

    #[OpenApi]
    impl Api {
        /// Nothing.
        #[oai(path = "/nothing", method = "get")]
        async fn nothing(&self) {}
    }

    #[test]
    fn the_page_loads_nothing_from_elsewhere() {
        let html = OpenApiService::new(Api, "Test", "1").swagger_ui_html();
        let lower = html.to_lowercase();
        for loads in ["<script src", "<link", "<iframe src", "@import", "url(http", "url(\"http", "url(//"] {
            assert!(!lower.contains(loads), "{loads}");
        }
        // The one address the page would tell others, the validator's badge, is left out when the
        // document itself is handed over instead of its address.
        assert!(html.contains("spec: spec"));
    }
}
