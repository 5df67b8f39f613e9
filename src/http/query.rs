//! Query parameters: documented with their real type, checked by us, so that every fault shows up.
//!
//! ```ignore
//! async fn list(&self, limit: Query<Unchecked<u64>>, sort: Query<Unchecked<Sort>>) -> Result<Page, Problem> {
//!     let mut parameters = Parameters::default();
//!     let limit = parameters.optional("limit", &limit, whole_number(1..=100));
//!     let sort = parameters.optional("sort", &sort, one_of(Sort::NAMES));
//!     let page = parameters.finish(|| Ok(Page { limit: limit?.unwrap_or(20), sort: sort? }))?;
//!     self.page(page)
//! }
//! ```
//! `#[oai(validator(…))]` on an argument documents bounds and does not enforce them.

use std::borrow::Cow;
use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromParameter, ParseResult, Type};

use super::input::{Checked, Faults, NOT_UTF_8};
use super::problem::Problem;
use super::problem_type::ProblemType;
use super::rules::Input;

/// A parameter as it came, documented as a `T` that may be left out.
#[derive(Clone, Debug)]
pub struct Unchecked<T> {
    values: Vec<String>,
    documented_as: PhantomData<fn() -> T>,
}

/// The faults found in a request's query parameters so far.
#[derive(Debug, Default)]
pub struct Parameters {
    faults: Faults,
}

impl<T> Unchecked<T> {
    /// The parameter of this name in a query string.
    pub fn in_query(query: &str, name: &str) -> Self {
        let values = form_urlencoded::parse(query.as_bytes()).filter(|(given, _)| given == name);
        Unchecked {
            values: values.map(|(_, value)| value.into_owned()).collect(),
            documented_as: PhantomData,
        }
    }
}

impl Parameters {
    /// A parameter that keeps the rule if it is there; an empty one counts as absent.
    ///
    /// # Errors
    /// [`Faulty`](super::input::Faulty) if it breaks the rule, is given twice or is no UTF-8; the fault is noted.
    pub fn optional<D, T>(
        &mut self,
        name: &str,
        parameter: &Unchecked<D>,
        rule: impl Fn(Input<'_>) -> Result<T, String>,
    ) -> Checked<Option<T>> {
        match parameter.values.as_slice() {
            [] => Ok(None),
            [value] if value.is_empty() => Ok(None),
            [value] if value.contains(char::REPLACEMENT_CHARACTER) => Err(self.faults.note(name, NOT_UTF_8)),
            [value] => self.faults.check(name, Some(Input::Text(value)), rule),
            _ => Err(self.faults.note(name, "must be given only once")),
        }
    }

    /// Builds the value from the checked parameters.
    ///
    /// # Errors
    /// [`ProblemType::InvalidQuery`] with every fault, if there is one.
    pub fn finish<T>(self, build: impl FnOnce() -> Checked<T>) -> Result<T, Problem> {
        self.faults.unless_any(ProblemType::InvalidQuery, build())
    }
}

impl<T: Type> Type for Unchecked<T> {
    const IS_REQUIRED: bool = false;
    type RawValueType = T::RawValueType;
    type RawElementValueType = T::RawElementValueType;

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        None
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
        Box::new(std::iter::empty())
    }
}

impl<T: Type> ParseFromParameter for Unchecked<T> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::parse_from_parameters([value])
    }

    fn parse_from_parameters<I: IntoIterator<Item = A>, A: AsRef<str>>(values: I) -> ParseResult<Self> {
        let values = values.into_iter().map(|value| value.as_ref().to_owned()).collect();
        Ok(Unchecked { values, documented_as: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::rules::{money, whole_number};

    fn given<T: Type + std::fmt::Debug>(values: &[&str]) -> Unchecked<T> {
        Unchecked::parse_from_parameters(values).unwrap()
    }

    #[test]
    fn good_parameters() {
        let mut parameters = Parameters::default();
        let limit = parameters.optional("limit", &given::<u64>(&["5"]), whole_number(1..=100));
        let cursor = parameters.optional("cursor", &given::<String>(&[]), money);
        let empty = parameters.optional("minPrice", &given::<String>(&[""]), money);
        let found = parameters.finish(|| Ok((limit?, cursor?, empty?)));
        assert_eq!(found, Ok((Some(5), None, None)));
    }

    #[test]
    fn bytes_that_are_no_utf_8() {
        let query: Vec<_> = form_urlencoded::parse(b"keyword=a%ff").collect();
        let mut parameters = Parameters::default();
        let keyword = parameters.optional("keyword", &given::<String>(&[&query[0].1]), |_| Ok(()));
        assert!(parameters.finish(|| keyword).is_err());
    }

    #[test]
    fn all_faults_at_once() {
        let mut parameters = Parameters::default();
        let limit = parameters.optional("limit", &given::<u64>(&["500"]), whole_number(1..=100));
        let price = parameters.optional("minPrice", &given::<u64>(&["-1"]), money);
        let twice = parameters.optional("sort", &given::<String>(&["a", "b"]), money);
        let problem = parameters.finish(|| Ok((limit?, price?, twice?))).unwrap_err();
        assert_eq!(problem.kind(), ProblemType::InvalidQuery);
        let fields: Vec<_> = problem.all_faults().iter().filter_map(|fault| fault.field.as_deref()).collect();
        assert_eq!(fields, ["limit", "minPrice", "sort"]);
    }
}
