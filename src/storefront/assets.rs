//! What pages are sent with: style, scripts, the icon. Each has a name with a hash of what it holds, so that browsers keep
//! it for good, and is compressed once.

use std::io::Write;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use poem::endpoint::make_sync;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::{Request, Response, Route, get};
use ring::digest;

use super::answer::{is_known, secure};
use crate::http::{Problem, ProblemType};

/// Where assets are, and where browsers look for an icon by themselves.
pub(super) const PATTERN: &str = "/assets/:name";
pub(super) const FAVICON: &str = "/favicon.svg";

/// Bytes of the hash in a name: nobody makes two files of ours have the same.
const HASH_BYTES: usize = 9;

const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// All assets.
pub(super) struct Assets {
    pub(super) style: Asset,
    pub(super) shop_script: Asset,
    pub(super) stripe_script: Asset,
    pub(super) icon: Asset,
}

/// One of them.
pub(super) struct Asset {
    /// Where it is, with its hash.
    pub(super) path: String,
    content_type: &'static str,
    etag: HeaderValue,
    plain: Bytes,
    compressed: Bytes,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    Assets {
        style: Asset::new("style", "css", "text/css; charset=utf-8", include_bytes!("assets/style.css")),
        shop_script: Asset::new("shop", "js", SCRIPT, include_bytes!("assets/shop.js")),
        stripe_script: Asset::new("stripe", "js", SCRIPT, include_bytes!("assets/stripe.js")),
        icon: Asset::new("favicon", "svg", "image/svg+xml", include_bytes!("assets/favicon.svg")),
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
        [&self.style, &self.shop_script, &self.stripe_script, &self.icon]
            .into_iter()
            .find(|asset| asset.path == path)
    }
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, content: &'static [u8]) -> Self {
        let hash = digest::digest(&digest::SHA256, content);
        let hash = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..HASH_BYTES]);
        Self {
            path: format!("/assets/{stem}.{hash}.{extension}"),
            content_type,
            etag: HeaderValue::try_from(format!("W/\"{hash}\"")).expect("base64 is visible ASCII"),
            plain: Bytes::from_static(content),
            compressed: compress(content).into(),
        }
    }

    fn answer(&self, request: &Request, caching: HeaderValue) -> Response {
        let mut response = if is_known(request.headers(), &self.etag) {
            StatusCode::NOT_MODIFIED.into()
        } else if takes_gzip(request.headers()) {
            let coded = Response::builder().header(header::CONTENT_ENCODING, "gzip");
            coded.content_type(self.content_type).body(self.compressed.clone())
        } else {
            Response::builder().content_type(self.content_type).body(self.plain.clone())
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, caching);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
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

fn compress(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.expect("memory can be written to")
}

/// Whether the client says that it takes gzip. One that weighs codings against each other (`gzip;q=0.5`) takes it too, and
/// `gzip;q=0` is for those who say so.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    codings.flat_map(|line| line.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = weight.trim().trim_start_matches("q=").parse::<f32>().is_ok_and(|q| q == 0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_compressed_is_the_same() {
        for asset in [&ASSETS.style, &ASSETS.shop_script, &ASSETS.stripe_script, &ASSETS.icon] {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&asset.compressed[..]).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, asset.plain, "{}", asset.path);
        }
    }

    #[test]
    fn who_refuses_gzip_gets_none() {
        let takes = |line: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(line))]))
        };
        for yes in ["gzip", "br, gzip", "gzip;q=0.5", "deflate, GZIP; q=1"] {
            assert!(takes(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "gzip; q=0.0", "*"] {
            assert!(!takes(no), "{no}");
        }
    }
}
