//! What is served from memory and does not change while the process runs: with a tag, so that whoever has it is not sent it again,
//! and compressed once.

use std::io::Write;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use poem::Response;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use ring::digest;

/// Bytes of a hash that stands for what it is of: nobody makes two things of ours have the same.
const HASH_BYTES: usize = 12;

/// Something that clients may keep.
pub struct Kept {
    content_type: &'static str,
    hash: String,
    plain: Bytes,
    /// Made when somebody first takes it, so that no start waits for it.
    compressed: OnceLock<Bytes>,
}

impl Kept {
    /// Takes what is served.
    pub fn new(content_type: &'static str, content: impl Into<Bytes>) -> Kept {
        let plain = content.into();
        Kept { content_type, hash: hash_of(&plain), plain, compressed: OnceLock::new() }
    }

    /// Stands for what it holds, in a file's name say.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The answer to a request with these headers: how long it may be kept is for the caller to add.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let tag = weak_tag(&self.hash);
        let mut response = if is_known(request, &tag) {
            StatusCode::NOT_MODIFIED.into()
        } else if takes_gzip(request) {
            let coded = Response::builder().header(header::CONTENT_ENCODING, "gzip");
            coded.content_type(self.content_type).body(self.compressed().clone())
        } else {
            Response::builder().content_type(self.content_type).body(self.plain.clone())
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, tag);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        response
    }

    fn compressed(&self) -> &Bytes {
        self.compressed.get_or_init(|| compress(&self.plain).into())
    }
}

/// The tag of what this is: a weak one, for the same may come in several codings.
pub fn tag_of(content: &[u8]) -> HeaderValue {
    weak_tag(&hash_of(content))
}

/// Whether the client has what has this tag.
pub fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = |list: &HeaderValue| {
        let Ok(list) = list.to_str() else { return false };
        list.trim() == "*"
            || list.split(',').any(|known| weak(known.trim()) == weak(tag.to_str().unwrap_or("*")))
    };
    headers.get_all(header::IF_NONE_MATCH).iter().any(known)
}

/// A tag without the mark that it is a weak one, which does not matter here.
fn weak(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

fn weak_tag(hash: &str) -> HeaderValue {
    HeaderValue::try_from(format!("W/\"{hash}\"")).expect("base64 is visible ASCII")
}

fn hash_of(content: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, content);
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..HASH_BYTES])
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
        let kept = Kept::new("text/plain", "the same again and again, again and again");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&kept.compressed()[..]).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, kept.plain);
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
