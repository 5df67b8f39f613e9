//! What a body must say that it is: JSON, or what a page's form sends, and as it is.

use poem::http::{HeaderMap, HeaderValue, header};

use super::problem::Problem;
use super::problem_type::ProblemType;

/// The only media type of bodies of the API.
pub(super) const JSON: &str = "application/json";

/// The only one of bodies that the pages of the shop take.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Checks that there is one `Content-Type`, the expected one, and no `Content-Encoding` to be undone.
pub(super) fn check(headers: &HeaderMap, expected: &str) -> Result<(), Problem> {
    let unsupported = |detail: String| Problem::new(ProblemType::UnsupportedMediaType).detail(detail);
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    match (types.next(), types.next()) {
        (Some(only), None) if is(only, expected) => {}
        (Some(_), None) => return Err(unsupported(format!("The body must be {expected}"))),
        (None, _) => {
            return Err(unsupported(format!("The request needs the header Content-Type: {expected}")));
        }
        (Some(_), Some(_)) => {
            return Err(unsupported("The request may have only one Content-Type".to_owned()));
        }
    }
    if headers.get_all(header::CONTENT_ENCODING).iter().all(is_identity) {
        return Ok(());
    }
    Err(unsupported("The body must have no Content-Encoding".to_owned())
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

/// Parameters, such as a character set, make no other type.
fn is(content_type: &HeaderValue, expected: &str) -> bool {
    let essence = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(expected)
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
        check(&headers, JSON).err().map(|problem| problem.to_string())
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
