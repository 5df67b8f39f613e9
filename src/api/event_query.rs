//! What somebody asks of the events: from where on, of which types, about what, and in which form.

use std::borrow::Cow;
use std::collections::BTreeSet;

use poem::http::{HeaderMap, header};
use poem_openapi::param::Query;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::Type;

use super::paging;
use crate::domain::{EventFilter, EventType, SubjectId, Viewer};
use crate::http::header::FromLines;
use crate::http::query::{Parameters, Unchecked};
use crate::http::rules::Input;
use crate::http::{Fault, Problem, ProblemType};
use crate::replica::EventPosition;

/// After all that there is: for `after`.
const NOW: &str = "now";

const NOT_A_POSITION: &str = "must be the id of an event: an epoch, a hyphen and a sequence";

/// The query parameters as they came.
pub(super) struct EventParameters {
    pub(super) after: Query<Unchecked<String>>,
    pub(super) types: Query<Unchecked<TypeList>>,
    pub(super) subject: Query<Unchecked<String>>,
    pub(super) limit: Query<Unchecked<u64>>,
}

/// How a list of types is documented.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeList;

impl Type for TypeList {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string_event-types".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let name = format!("({})", EventType::ALL.map(EventType::name).join("|"));
        let pattern = Some(format!("^({name}( *, *{name})*)?$"));
        MetaSchemaRef::Inline(Box::new(MetaSchema { pattern, ..MetaSchema::new("string") }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

/// From where on events are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// The oldest that is kept.
    Oldest,
    /// What happens from now on.
    Now,
    /// What came after this.
    After(EventPosition),
}

/// In which form events are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One after the other, as they happen.
    Stream,
    /// So many at most, of those that there are.
    Page {
        /// How many.
        limit: usize,
    },
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EventQuery {
    pub(super) start: Start,
    pub(super) filter: EventFilter,
    pub(super) form: Form,
}

/// The position in `Last-Event-ID`: where a stream broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LastEventId(pub(super) Option<EventPosition>);

impl EventParameters {
    /// The query that they stand for, with what the headers say.
    pub(super) fn into_query(
        self,
        viewer: Viewer,
        LastEventId(last): LastEventId,
        headers: &HeaderMap,
    ) -> Result<EventQuery, Problem> {
        let mut parameters = Parameters::default();
        let after = parameters.optional("after", &self.after, start);
        let types = parameters.optional("types", &self.types, types);
        let subject = parameters.optional("subject", &self.subject, subject);
        let limit = parameters.optional("limit", &self.limit, paging::limit);
        let (after, types, subject, limit) = parameters.finish(|| Ok((after?, types?, subject?, limit?)))?;
        let form = match (Accepted::of(headers), limit) {
            (Accepted::Stream, Some(_)) => {
                let fault = Fault::of("limit", "is for pages only: ask for application/json");
                return Err(Problem::new(ProblemType::InvalidQuery).fault(fault));
            }
            // Only a page can have a limit, so that is what is meant by one.
            (Accepted::Json, _) | (Accepted::Either, Some(_)) => {
                Form::Page { limit: limit.unwrap_or(paging::DEFAULT_LIMIT) as usize }
            }
            (Accepted::Stream | Accepted::Either, None) => Form::Stream,
        };
        // A browser that resumes asks for the same address again and says how far it is.
        let start = last.map(Start::After).or(after).unwrap_or(Start::Oldest);
        let filter = EventFilter { viewer, types: types.unwrap_or_default(), subject };
        Ok(EventQuery { start, filter, form })
    }
}

impl FromLines for LastEventId {
    fn schema() -> MetaSchema {
        MetaSchema {
            pattern: Some("^([0-9a-f]{16}-(0|[1-9][0-9]{0,18}))?$".to_owned()),
            ..MetaSchema::new("string")
        }
    }

    fn from_lines(lines: &[&str]) -> Result<Self, String> {
        match lines {
            // An empty one is how some clients say that they have none.
            [] | [""] => Ok(Self(None)),
            [line] => line.parse().map(|last| Self(Some(last))).map_err(|_| NOT_A_POSITION.to_owned()),
            _ => Err("must be given only once".to_owned()),
        }
    }
}

/// Which of the two forms a client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Accepted {
    Json,
    Stream,
    /// Nothing that tells them apart.
    Either,
}

impl Accepted {
    /// By `Accept`: whichever of the two it names, and with the greater weight if it names both.
    fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let (mut json, mut stream) = (0, 0);
        for range in lines.flat_map(|line| line.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1_000, thousandths);
            if name.eq_ignore_ascii_case("application/json") {
                json = weight;
            } else if name.eq_ignore_ascii_case("text/event-stream") {
                stream = weight;
            }
        }
        match (json, stream) {
            (0, 0) => Self::Either,
            (json, stream) if json > stream => Self::Json,
            _ => Self::Stream,
        }
    }
}

/// A weight between 0 and 1, RFC 9110 section 12.4.2. One that is none counts as the greatest.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = format!("{whole}{fraction:0<3}").chars().take(4).collect();
    digits.parse().map_or(1_000, |weight: u32| weight.min(1_000))
}

fn start(input: Input<'_>) -> Result<Start, String> {
    let text = input.as_text()?;
    if text == NOW {
        return Ok(Start::Now);
    }
    let position = text.parse().map(Start::After);
    position.map_err(|_| format!("{NOT_A_POSITION}, or {NOW}"))
}

fn types(input: Input<'_>) -> Result<BTreeSet<EventType>, String> {
    let text = input.as_text()?;
    text.split(',').map(|name| name.trim().parse::<EventType>()).collect::<Result<_, _>>().map_err(|_| {
        let names = EventType::ALL.map(EventType::name).join(", ");
        format!("must be one or more of {names}, separated by commas")
    })
}

fn subject(input: Input<'_>) -> Result<SubjectId, String> {
    let text = input.as_text()?;
    text.parse().map_err(|_| "must be the id of a ticket, an order or a payment".to_owned())
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;
    use poem_openapi::types::ParseFromParameter;

    use super::*;

    const POSITION: &str = "0123456789abcdef-42";

    fn query(given: &[(&str, &str)], accept: &str, last: Option<&str>) -> Result<EventQuery, Problem> {
        fn values<T: Type + std::fmt::Debug>(given: &[(&str, &str)], name: &str) -> Query<Unchecked<T>> {
            let values = given.iter().filter(|(given, _)| *given == name).map(|(_, value)| *value);
            Query(Unchecked::parse_from_parameters(values).expect("it takes everything"))
        }
        let parameters = EventParameters {
            after: values(given, "after"),
            types: values(given, "types"),
            subject: values(given, "subject"),
            limit: values(given, "limit"),
        };
        let headers = [(header::ACCEPT, HeaderValue::from_str(accept).unwrap())];
        let last = LastEventId(last.map(|last| last.parse().expect("a position")));
        parameters.into_query(Viewer::Anyone, last, &headers.into_iter().collect())
    }

    fn form(given: &[(&str, &str)], accept: &str) -> Form {
        query(given, accept, None).expect("it is in order").form
    }

    #[test]
    fn whoever_says_nothing_is_sent_all_from_the_oldest_on() {
        let asked = query(&[], "*/*", None).unwrap();
        let filter = EventFilter::all_of(Viewer::Anyone);
        assert_eq!(asked, EventQuery { start: Start::Oldest, filter, form: Form::Stream });
    }

    #[test]
    fn the_form_is_what_is_accepted() {
        for accept in ["", "*/*", "text/event-stream", "text/html", "text/event-stream, application/json"] {
            assert_eq!(form(&[], accept), Form::Stream, "{accept}");
        }
        for accept in [
            "application/json",
            "Application/JSON",
            "application/json, text/plain, */*",
            "text/event-stream;q=0.5, application/json;q=0.9",
            "application/json; charset=utf-8; q=0.1",
        ] {
            assert_eq!(form(&[], accept), Form::Page { limit: 20 }, "{accept}");
        }
        assert_eq!(form(&[("limit", "3")], "*/*"), Form::Page { limit: 3 });
        assert_eq!(form(&[("limit", "3")], "application/json"), Form::Page { limit: 3 });
        assert_eq!(form(&[], "application/json;q=0, */*"), Form::Stream);
        let refused = query(&[("limit", "3")], "text/event-stream", None).unwrap_err();
        assert_eq!(refused.all_faults()[0].field.as_deref(), Some("limit"));
    }

    #[test]
    fn who_resumes_goes_on_where_they_were() {
        let start = |given: &[(&str, &str)], last| query(given, "", last).unwrap().start;
        let at = |text: &str| Start::After(text.parse().unwrap());
        assert_eq!(start(&[("after", "now")], None), Start::Now);
        assert_eq!(start(&[("after", POSITION)], None), at(POSITION));
        let later = "0123456789abcdef-43";
        assert_eq!(start(&[("after", "now")], Some(later)), at(later));
        assert_eq!(LastEventId::from_lines(&[""]), Ok(LastEventId(None)));
        assert!(LastEventId::from_lines(&["42"]).is_err() && LastEventId::from_lines(&["", ""]).is_err());
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let wrong = [("after", "42"), ("types", "ticket:created,x"), ("subject", "user_1"), ("limit", "0")];
        let problem = query(&wrong, "", None).unwrap_err();
        let fields: Vec<_> = problem.all_faults().iter().filter_map(|fault| fault.field.as_deref()).collect();
        assert_eq!(fields, ["after", "types", "subject", "limit"]);
        assert_eq!(problem.kind(), ProblemType::InvalidQuery);
        let types = query(&[("types", "order:created, ticket:created")], "", None).unwrap().filter.types;
        assert_eq!(types, BTreeSet::from([EventType::TicketCreated, EventType::OrderCreated]));
    }
}
