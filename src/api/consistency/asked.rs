//! What a request says about the state that it is to be answered from.

use poem::http::HeaderMap;
use poem_openapi::registry::MetaSchema;
use serde_json::Value;

use super::{SEEN_COOKIE, WRITTEN_COOKIE};
use crate::api::{cookie, session_cookie};
use crate::http::Problem;
use crate::http::header::{FromLines, Header};
use crate::replica::{ConsistencyToken, Epoch};

pub(super) const CONSISTENCY: &str = "Consistency";
pub(super) const CONSISTENCY_TOKEN: &str = "Consistency-Token";

/// How new the state has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Level {
    /// All that anybody was told of before.
    Strong,
    /// All that the token says.
    #[default]
    Session,
    /// What this replica has, at once.
    Local,
}

/// The token in the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Presented(pub(super) Option<ConsistencyToken>);

/// What a request says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) level: Level,
    /// The greatest index that it brought, in the header or a cookie; 0 without any.
    pub(super) index: u64,
    /// Set if a browser sent it, which keeps tokens for its user.
    pub(super) browser: Option<Browser>,
    /// What is wrong with the headers; the rest is what can be read nevertheless.
    pub(super) fault: Option<Problem>,
}

/// Who signed in with a cookie, and so has others as well.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Browser {
    /// The greatest index in its cookies; 0 without any.
    pub(super) index: u64,
    /// As of [`cookie::is_secure`].
    pub(super) is_secure: bool,
}

impl Asked {
    /// What the headers say. Tokens of other epochs are ignored, and so is a cookie that is no token: nobody
    /// could mend it.
    pub(super) fn of(headers: &HeaderMap, epoch: Epoch) -> Self {
        let level = Header::<Level>::read(headers, CONSISTENCY);
        let presented = Header::<Presented>::read(headers, CONSISTENCY_TOKEN);
        let index_of = |token: ConsistencyToken| if token.epoch == epoch { token.index } else { 0 };
        let (mut is_browser, mut in_cookies) = (false, 0);
        for (name, value) in cookie::all(headers) {
            match name {
                session_cookie::NAME => is_browser = true,
                SEEN_COOKIE | WRITTEN_COOKIE => {
                    in_cookies = value.parse().map_or(0, index_of).max(in_cookies);
                }
                _ => {}
            }
        }
        let in_header = presented.as_ref().ok().and_then(|presented| presented.0.0).map_or(0, index_of);
        Self {
            level: level.as_ref().map_or_else(|_| Level::default(), |level| level.0),
            index: in_header.max(in_cookies),
            browser: is_browser.then(|| Browser { index: in_cookies, is_secure: cookie::is_secure(headers) }),
            fault: fault_of(level.err(), presented.err()),
        }
    }
}

/// All faults at once.
fn fault_of(one: Option<Problem>, other: Option<Problem>) -> Option<Problem> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.faults(other.all_faults().iter().cloned())),
        (one, other) => one.or(other),
    }
}

impl FromLines for Level {
    fn schema() -> MetaSchema {
        MetaSchema {
            enum_items: ["strong", "session", "local"].map(Value::from).to_vec(),
            default: Some("session".into()),
            ..MetaSchema::new("string")
        }
    }

    fn from_lines(lines: &[&str]) -> Result<Self, String> {
        match lines {
            [] | ["session"] => Ok(Self::Session),
            ["strong"] => Ok(Self::Strong),
            ["local"] => Ok(Self::Local),
            [_] => Err("must be strong, session or local".to_owned()),
            _ => Err("must be given only once".to_owned()),
        }
    }
}

impl FromLines for Presented {
    fn schema() -> MetaSchema {
        MetaSchema {
            pattern: Some("^[0-9a-f]{16}-(0|[1-9][0-9]{0,18})$".to_owned()),
            ..MetaSchema::new("string")
        }
    }

    fn from_lines(lines: &[&str]) -> Result<Self, String> {
        match lines {
            [] => Ok(Self(None)),
            [line] => line
                .parse()
                .map(|token| Self(Some(token)))
                .map_err(|_| "must be a token as an earlier answer had it".to_owned()),
            _ => Err("must be given only once".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderName, HeaderValue};

    use super::*;
    use crate::http::ProblemType;

    const CLUSTER_ID: u128 = 0xabcd_ef01_2345_6789 << 64;

    fn asked(lines: &[(&'static str, &'static str)]) -> Asked {
        let line = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        Asked::of(&lines.iter().map(line).collect(), Epoch::of_cluster(CLUSTER_ID))
    }

    fn index(lines: &[(&'static str, &'static str)]) -> u64 {
        asked(lines).index
    }

    #[test]
    fn without_a_word_it_is_the_session_that_has_seen_nothing() {
        assert_eq!(asked(&[("host", "localhost")]), Asked::default());
    }

    #[test]
    fn levels_have_names() {
        for (name, level) in
            [("strong", Level::Strong), ("session", Level::Session), (" local ", Level::Local)]
        {
            assert_eq!(asked(&[("consistency", name)]).level, level);
        }
    }

    #[test]
    fn the_greatest_token_of_this_epoch_counts() {
        const FIVE: &str = "abcdef0123456789-5";
        assert_eq!(index(&[("consistency-token", FIVE)]), 5);
        assert_eq!(index(&[("consistency-token", "0000000000000000-7")]), 0, "of another epoch");
        for cookies in [
            "consistency-written=abcdef0123456789-7; consistency-seen=abcdef0123456789-6",
            "consistency-written=abcdef0123456789-6; consistency-seen=abcdef0123456789-7",
            "consistency-written=0000000000000000-9; a=b; consistency-seen=abcdef0123456789-7",
            "consistency-written=junk; consistency-seen=abcdef0123456789-7",
        ] {
            assert_eq!(index(&[("cookie", cookies)]), 7, "{cookies}");
            assert_eq!(index(&[("cookie", cookies), ("consistency-token", FIVE)]), 7);
            assert_eq!(index(&[("cookie", cookies), ("consistency-token", "abcdef0123456789-8")]), 8);
        }
    }

    #[test]
    fn who_has_the_session_cookie_is_a_browser() {
        let cookies = "consistency-seen=abcdef0123456789-7; session=x.y.z";
        let asked = asked(&[("host", "tickets.example"), ("cookie", cookies)]);
        assert_eq!(asked.browser, Some(Browser { index: 7, is_secure: true }));
    }

    #[test]
    fn headers_that_say_something_else_are_refused() {
        for (name, value) in [
            ("consistency", ""),
            ("consistency", "Strong"),
            ("consistency", "strong, local"),
            ("consistency", "eventual"),
            ("consistency-token", ""),
            ("consistency-token", "5"),
            ("consistency-token", "\"abcdef0123456789-5\""),
        ] {
            let problem = asked(&[(name, value)]).fault.expect(value);
            assert_eq!(problem.kind(), ProblemType::InvalidHeader);
            let field = problem.all_faults()[0].field.as_deref().expect("it names the header");
            assert!(field.eq_ignore_ascii_case(name), "{field}");
        }
        let both = asked(&[("consistency", "no"), ("consistency-token", "no")]).fault.expect("both");
        assert_eq!(both.all_faults().len(), 2);
    }

    #[test]
    fn what_is_wrong_with_one_header_does_not_hide_what_another_says() {
        let asked = asked(&[("consistency", "no"), ("consistency-token", "abcdef0123456789-5")]);
        assert_eq!((asked.index, asked.fault.is_some()), (5, true));
    }
}
