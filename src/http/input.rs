//! Reading what a client sent, so that one answer names everything that is wrong with it.
//!
//! Fields nobody asks for are ignored: a client written for a later version still works. Where one that is left out means
//! the most, they are refused: see [`Fields::and_no_others`].

use std::collections::BTreeMap;

use bytes::Bytes;
use poem::{FromRequest, Request, RequestBody, Result};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::form::Form;
use super::media_type;
use super::problem::{Fault, Problem};
use super::problem_type::ProblemType;
use super::rules::Input;

/// Says that a value is missing because its fault has been noted. Look at every field before the first
/// `?`: that is what makes all faults show up at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faulty(());

/// A value that kept its rule, or the knowledge that it did not.
pub type Checked<T> = std::result::Result<T, Faulty>;

/// A body that is read from the fields of a JSON object.
pub trait FromFields: Sized {
    /// Checks each field, then builds the value.
    ///
    /// # Errors
    /// [`Faulty`], as the checks returned it.
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self>;
}

/// The members of a JSON object or the fields of a page's form, and the faults found in them so far.
#[derive(Debug)]
pub struct Fields<'s> {
    source: Source<'s>,
    faults: Faults,
}

/// Where fields come from.
#[derive(Debug)]
enum Source<'s> {
    Json(Members),
    Form(&'s Form),
}

/// The members as they were written: a rule judges the digits that were sent, not the double nearest to them.
type Members = BTreeMap<String, Box<RawValue>>;

/// A JSON body: the argument type of handlers.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// What is wrong with text in which what decodes a form or a query put the character for bytes that are no UTF-8;
/// nobody means that one.
pub(super) const NOT_UTF_8: &str = "must be UTF-8";

/// Members that nobody asked for that an answer names: a body may have thousands.
const MAX_OTHERS_NAMED: usize = 10;

/// The faults of one request in the order they were found, each once.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Fields<'_> {
    /// A member that must be there and keep the rule.
    ///
    /// # Errors
    /// [`Faulty`] if it does not; the fault is noted.
    pub fn required<T>(&mut self, name: &str, rule: impl Fn(Input<'_>) -> Result<T, String>) -> Checked<T> {
        match self.optional(name, rule)? {
            Some(value) => Ok(value),
            None => Err(self.faults.note(name, "is missing")),
        }
    }

    /// A member that keeps the rule if it is there; null is the same as absent, and so is a form's field that is empty.
    ///
    /// # Errors
    /// [`Faulty`] if it breaks the rule; the fault is noted.
    pub fn optional<T>(
        &mut self,
        name: &str,
        rule: impl Fn(Input<'_>) -> Result<T, String>,
    ) -> Checked<Option<T>> {
        let input = match &self.source {
            Source::Json(object) => {
                object.get(name).filter(|value| value.get() != "null").map(|value| Input::Json(value))
            }
            Source::Form(form) => match form.get(name) {
                Some(text) if text.contains(char::REPLACEMENT_CHARACTER) => {
                    return Err(self.faults.note(name, NOT_UTF_8));
                }
                text => text.map(Input::Text),
            },
        };
        self.faults.check(name, input, rule)
    }

    /// Refuses members of other names than these: one that is misspelled must not count as left out.
    pub fn and_no_others(&mut self, names: &[&str]) {
        let Source::Json(object) = &self.source else { return };
        let others = object.keys().filter(|name| !names.contains(&name.as_str()));
        for name in others.take(MAX_OTHERS_NAMED) {
            self.faults.note(name, "is not known here");
        }
    }
}

impl Faults {
    pub(super) fn check<T>(
        &mut self,
        name: &str,
        input: Option<Input<'_>>,
        rule: impl Fn(Input<'_>) -> Result<T, String>,
    ) -> Checked<Option<T>> {
        input.map(rule).transpose().map_err(|message| self.note(name, message))
    }

    pub(super) fn note(&mut self, name: &str, message: impl Into<String>) -> Faulty {
        let fault = Fault::of(name, message);
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
        Faulty(())
    }

    /// The value, unless anything at all was wrong.
    pub(super) fn unless_any<T>(
        self,
        kind: ProblemType,
        value: Checked<T>,
    ) -> std::result::Result<T, Problem> {
        match value {
            Ok(value) if self.0.is_empty() => Ok(value),
            _ => Err(Problem::new(kind).faults(self.0)),
        }
    }
}

impl<T: FromFields> Body<T> {
    /// Reads a whole body.
    ///
    /// # Errors
    /// [`ProblemType::MalformedJson`] or [`ProblemType::InvalidInput`].
    pub fn from_json(bytes: &[u8]) -> std::result::Result<T, Problem> {
        read(Source::Json(parse_object(bytes)?))
    }
}

impl Form {
    /// Reads what the form is for.
    ///
    /// # Errors
    /// [`ProblemType::InvalidInput`], with what a JSON body would be refused for.
    pub fn read<T: FromFields>(&self) -> std::result::Result<T, Problem> {
        read(Source::Form(self))
    }
}

fn read<T: FromFields>(source: Source<'_>) -> std::result::Result<T, Problem> {
    let mut fields = Fields { source, faults: Faults::default() };
    let value = T::from_fields(&mut fields);
    fields.faults.unless_any(ProblemType::InvalidInput, value)
}

fn parse_object(bytes: &[u8]) -> std::result::Result<Members, Problem> {
    let malformed = |detail: String| Problem::new(ProblemType::MalformedJson).detail(detail);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(malformed("The body is empty".to_owned()));
    }
    // serde_json refuses invalid UTF-8, and looks through values without calling itself, however nested.
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => malformed("The body must be a JSON object".to_owned()),
        _ => malformed(format!("The body is not JSON: {error}")),
    })
}

impl<'a, T: FromFields + Type> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let json = MetaMediaType { content_type: media_type::JSON, schema: T::schema_ref() };
        Some(MetaRequest { description: None, content: vec![json], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        media_type::check(request.headers(), media_type::JSON)?;
        let bytes = <Bytes as FromRequest>::from_request(request, body).await?;
        Ok(Body(Self::from_json(&bytes)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::money::Money;
    use crate::http::rules::{money, text, timestamp};

    #[derive(Debug, PartialEq)]
    struct Draft {
        title: String,
        price: Money,
        venue: Option<String>,
    }

    impl FromFields for Draft {
        fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
            let title = fields.required("title", text(1..=20));
            let price = fields.required("price", money);
            let venue = fields.optional("venue", text(1..=20));
            let starts_at = fields.optional("startsAt", timestamp);
            if title.as_deref() == Ok("strict") {
                fields.and_no_others(&["title", "price"]);
            }
            if starts_at.is_ok_and(|time| time.is_some_and(|time| time.unix_ms == 0)) {
                fields.faults.note("startsAt", "must be later");
            }
            Ok(Draft { title: title?, price: price?, venue: venue? })
        }
    }

    fn faults(body: &str) -> Vec<(Option<String>, String)> {
        let problem = Body::<Draft>::from_json(body.as_bytes()).unwrap_err();
        assert_eq!(problem.kind(), ProblemType::InvalidInput);
        problem.all_faults().iter().map(|fault| (fault.field.clone(), fault.message.clone())).collect()
    }

    #[test]
    fn a_good_body_with_more_than_was_asked_for() {
        let body = br#"{"title": " Opera ", "price": 19.99, "venue": null, "later": [1]}"#;
        let draft = Draft { title: "Opera".to_owned(), price: Money { minor: 1_999 }, venue: None };
        assert_eq!(Body::<Draft>::from_json(body), Ok(draft));
    }

    #[test]
    fn members_of_other_names_where_that_matters() {
        let found = faults(r#"{"title": "strict", "price": 1, "prise": 2}"#);
        assert_eq!(found, [(Some("prise".to_owned()), "is not known here".to_owned())]);
    }

    #[test]
    fn all_faults_at_once() {
        let fields: Vec<_> = faults(r#"{"price": 1e-3, "venue": 5, "startsAt": "soon"}"#)
            .into_iter()
            .filter_map(|(field, _)| field)
            .collect();
        assert_eq!(fields, ["title", "price", "venue", "startsAt"]);
    }

    #[test]
    fn a_fault_noted_without_a_missing_value_still_counts() {
        let found = faults(r#"{"title": "a", "price": 1, "startsAt": "1970-01-01T00:00:00Z"}"#);
        assert_eq!(found, [(Some("startsAt".to_owned()), "must be later".to_owned())]);
    }

    #[test]
    fn a_fault_is_noted_once() {
        let mut faults = Faults::default();
        faults.note("a", "is missing");
        faults.note("a", "is missing");
        assert_eq!(faults.0.len(), 1);
    }

    #[test]
    fn what_is_not_an_object_is_malformed() {
        let deep = "[".repeat(30_000);
        let deep_object = format!("{{\"title\":{deep}");
        let bodies: [&[u8]; 8] = [
            b"",
            b"  \n",
            b"{",
            b"[]",
            b"null",
            b"{\"a\":\"\xff\"}",
            deep.as_bytes(),
            deep_object.as_bytes(),
        ];
        for body in bodies {
            let problem = Body::<Draft>::from_json(body).unwrap_err();
            assert_eq!(problem.kind(), ProblemType::MalformedJson);
        }
        let problem = Body::<Draft>::from_json(b"{\"title\": }").unwrap_err();
        assert!(problem.to_string().contains("line 1 column 11"), "{problem}");
    }

    #[test]
    fn numbers_are_judged_by_their_digits() {
        for price in ["1e999", "1.00000000000000000001", "\"1\"", "[1]"] {
            let found = faults(&format!(r#"{{"title": "a", "price": {price}}}"#));
            assert_eq!(found.len(), 1, "{price}: {found:?}");
            assert_eq!(found[0].0.as_deref(), Some("price"), "{price}");
        }
        let body = br#"{"title": "a", "price" : 1.90e+1 , "price": 2}"#;
        assert_eq!(
            Body::<Draft>::from_json(body).unwrap().price,
            Money { minor: 200 },
            "the last one counts"
        );
    }
}
