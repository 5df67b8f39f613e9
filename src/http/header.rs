//! Header parameters: all lines as they came, for rules that also see what cannot be read.
//!
//! poem-openapi's own `Header` leaves out lines that are not ASCII, and so takes a precondition that it cannot
//! read for none at all.

use poem::http::HeaderMap;
use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::problem::{Fault, Problem};
use super::problem_type::ProblemType;

/// What a header says.
pub trait FromLines: Sized + Send {
    /// How one line of it is documented.
    fn schema() -> MetaSchema;

    /// Reads the header's lines, in their order; without any the header is absent. They are visible ASCII with
    /// spaces and tabs in between.
    ///
    /// # Errors
    /// What is wrong, for people.
    fn from_lines(lines: &[&str]) -> std::result::Result<Self, String>;
}

/// A header that may be left out: the argument type of handlers.
#[derive(Debug)]
pub struct Header<T>(pub T);

impl<T: FromLines> Header<T> {
    /// Reads the header of this name.
    ///
    /// # Errors
    /// [`ProblemType::InvalidHeader`], with what is wrong.
    pub fn read(headers: &HeaderMap, name: &str) -> std::result::Result<Self, Problem> {
        let lines: std::result::Result<Vec<_>, _> =
            headers.get_all(name).iter().map(|line| line.to_str().map(str::trim)).collect();
        let read = match lines {
            Ok(lines) => T::from_lines(&lines),
            Err(_) => Err("must be visible ASCII".to_owned()),
        };
        let invalid = |message| Problem::new(ProblemType::InvalidHeader).fault(Fault::of(name, message));
        read.map(Header).map_err(invalid)
    }
}

impl<'a, T: FromLines> ApiExtractor<'a> for Header<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(T::schema())))
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        options: ExtractParamOptions<()>,
    ) -> Result<Self> {
        Ok(Self::read(request.headers(), options.name)?)
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Joined(String);

    impl FromLines for Joined {
        fn schema() -> MetaSchema {
            MetaSchema::new("string")
        }

        fn from_lines(lines: &[&str]) -> std::result::Result<Self, String> {
            if lines.contains(&"bad") { Err("is bad".to_owned()) } else { Ok(Joined(lines.join("|"))) }
        }
    }

    fn read(lines: &[&str]) -> std::result::Result<String, Problem> {
        let lines = lines.iter().map(|line| HeaderValue::from_bytes(line.as_bytes()).unwrap());
        let headers = lines.map(|line| ("x-some".parse().unwrap(), line)).collect();
        Header::<Joined>::read(&headers, "X-Some").map(|header| header.0.0)
    }

    #[test]
    fn every_line_is_read_in_order() {
        assert_eq!(read(&[]), Ok(String::new()));
        assert_eq!(read(&["b\tb", "", "a"]), Ok("b\tb||a".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_a_fault_and_not_absent() {
        for lines in [["ä"].as_slice(), &["bad"], &["good", "\u{201c}0\u{201d}"]] {
            let problem = read(lines).unwrap_err();
            assert_eq!(problem.kind(), ProblemType::InvalidHeader);
            assert_eq!(problem.all_faults()[0].field.as_deref(), Some("X-Some"));
        }
    }
}
