//! The page that shows the API's documentation and tries it out.

use poem::http::{HeaderValue, header};
use poem::{Endpoint, Request, Response};

use super::kept::Kept;

/// poem-openapi's Swagger UI has script and style inlined. The policy holds it to that: it may talk to
/// this service and to nobody else, and no other page may frame it.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'unsafe-inline'; \
     style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// Kept, and asked for again each time: another version of the service has another document.
const CHECKED: HeaderValue = HeaderValue::from_static("no-cache");

/// What poem-openapi calls the page.
const SWAGGER_TITLE: &str = "<title>Swagger UI</title>";

/// Serves a page from memory: two megabytes, of which compression leaves less than a quarter.
pub struct DocsPage {
    html: Kept,
}

impl DocsPage {
    /// Takes what `OpenApiService::swagger_ui_html` made.
    pub fn new(swagger_ui_html: &str, title: &str) -> DocsPage {
        // Without an icon in the page browsers ask for one that is not there.
        let head = format!("<title>{title}</title><link rel=\"icon\" href=\"data:,\">");
        let html = swagger_ui_html.replacen(SWAGGER_TITLE, &head, 1);
        // Without a doctype browsers fall back to the layout rules of the nineties.
        DocsPage { html: Kept::new("text/html; charset=utf-8", format!("<!doctype html>{html}")) }
    }
}

impl Endpoint for DocsPage {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let mut response = self.html.answer(request.headers());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        headers.insert(header::CACHE_CONTROL, CHECKED);
        Ok(response)
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
