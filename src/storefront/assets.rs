//! What pages are sent with: style, scripts, the icon. Each has a name with a hash of what it holds, so that browsers keep
//! it for good.

use std::sync::LazyLock;

use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::{HeaderValue, header};
use poem::{Request, Response, Route, get};

use super::answer::secure;
use crate::http::kept::Kept;
use crate::http::{Problem, ProblemType};

/// Where assets are, and where browsers look for an icon by themselves.
pub(super) const PATTERN: &str = "/assets/:name";
pub(super) const FAVICON: &str = "/favicon.svg";

const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// All assets.
pub(super) struct Assets {
    pub(super) style: Asset,
    pub(super) local_script: Asset,
    pub(super) shop_script: Asset,
    pub(super) stripe_script: Asset,
    pub(super) icon: Asset,
}

/// One of them.
pub(super) struct Asset {
    /// Where it is, with its hash.
    pub(super) path: String,
    content: Kept,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    let local_script = Asset::new("local", "js", SCRIPT, include_str!("assets/local.js"));
    // What is imported has a hash in its name as well, so that the two always go together.
    let shop_script = include_str!("assets/shop.js").replace("./local.js", &local_script.path);
    Assets {
        style: Asset::new("style", "css", "text/css; charset=utf-8", include_str!("assets/style.css")),
        local_script,
        shop_script: Asset::new("shop", "js", SCRIPT, shop_script),
        stripe_script: Asset::new("stripe", "js", SCRIPT, include_str!("assets/stripe.js")),
        icon: Asset::new("favicon", "svg", "image/svg+xml", include_str!("assets/favicon.svg")),
    }
});

/// All of them.
pub(super) fn assets() -> &'static Assets {
    &ASSETS
}

impl Assets {
    /// Whether a path is one of an asset: what is there shows nothing of the state.
    pub(super) fn is_path(path: &str) -> bool {
        path == FAVICON || path.starts_with("/assets/")
    }

    fn named(&self, path: &str) -> Option<&Asset> {
        [&self.style, &self.local_script, &self.shop_script, &self.stripe_script, &self.icon]
            .into_iter()
            .find(|asset| asset.path == path)
    }
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, content: impl Into<Bytes>) -> Self {
        let content = Kept::new(content_type, content);
        Self { path: format!("/assets/{stem}.{}.{extension}", content.hash()), content }
    }

    fn answer(&self, request: &Request, caching: HeaderValue) -> Response {
        let mut response = self.content.answer(request.headers());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, caching);
        secure(headers);
        response
    }
}

/// Serves them.
pub(super) fn routes() -> Route {
    let asset = |request: Request| match ASSETS.named(request.uri().path()) {
        Some(asset) => Ok(asset.answer(&request, FOR_GOOD)),
        None => Err(poem::Error::from(Problem::new(ProblemType::NotFound))),
    };
    let icon = |request: Request| Ok::<_, poem::Error>(ASSETS.icon.answer(&request, FOR_AN_HOUR));
    Route::new().at(PATTERN, get(make_sync(asset))).at(FAVICON, get(make_sync(icon)))
}
