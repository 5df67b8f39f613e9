//! What a body must say that it is: JSON, and as it is.

use poem::http::{HeaderMap, HeaderValue, header};

use super::problem::Problem;
use super::problem_type::ProblemType;

/// The only media type of bodies.
pub(super) const JSON: &str = "application/json";

/// Checks that there is one `Content-Type`, JSON, and no `Content-Encoding` to be undone.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported = |detail: &str| Problem::new(ProblemType::UnsupportedMediaType).detail(detail);
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    match (types.next(), types.next()) {
        (Some(only), None) if is_json(only) => {}
        (Some(_), None) => return Err(unsupported("The body must be application/json")),
        (None, _) => return Err(unsupported("The request needs the header Content-Type: application/json")),
        (Some(_), Some(_)) => return Err(unsupported("The request may have only one Content-Type")),
    }
    if headers.get_all(header::CONTENT_ENCODING).iter().all(is_identity) {
        return Ok(());
    }
    Err(unsupported("The body must have no Content-Encoding")
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

/// Parameters, such as a character set, make no other type.
fn is_json(content_type: &HeaderValue) -> bool {
    let essence = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(JSON)
}

fn is_identity(coding: &HeaderValue) -> bool {
    coding.is_empty() || coding.as_bytes().eq_ignore_ascii_case(b"identity")
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderName;

    use super::*;

    fn detail(headers: &[(HeaderName, &'static str)]) -> Option<String> {
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        check(&headers).err().map(|problem| problem.to_string())
    }

    #[test]
    fn only_json_is_json() {
        for good in ["application/json", "Application/JSON", "application/json; charset=utf-8"] {
            assert_eq!(detail(&[(header::CONTENT_TYPE, good)]), None, "{good}");
        }
        for bad in ["text/plain", "application/jsonp", "application/problem+json", "", "application/xml"] {
            assert!(detail(&[(header::CONTENT_TYPE, bad)]).is_some(), "{bad}");
        }
        assert!(detail(&[]).is_some());
        assert!(detail(&[(header::CONTENT_TYPE, JSON), (header::CONTENT_TYPE, JSON)]).is_some());
    }

    #[test]
    fn nothing_is_decoded() {
        let coded = |coding| detail(&[(header::CONTENT_TYPE, JSON), (header::CONTENT_ENCODING, coding)]);
        for good in ["", "identity", "Identity"] {
            assert_eq!(coded(good), None, "{good}");
        }
        for bad in ["gzip", "br", "identity, gzip"] {
            assert!(coded(bad).is_some_and(|detail| detail.contains("Content-Encoding")), "{bad}");
        }
    }
}
