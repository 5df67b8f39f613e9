//! A line of text as clients write it: a title, a reason.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::rules::{self, text};

/// No control characters, and something to be seen: as far as a pattern can say what [`text`] refuses.
const PATTERN: &str =
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$";

/// A text that kept the rule [`text`], in a body that is documented so. How long it may be, the field's validator says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(pub String);

impl Type for Line {
    const IS_REQUIRED: bool = true;
    type RawValueType = String;
    type RawElementValueType = String;

    fn name() -> Cow<'static, str> {
        "string_line".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let schema = MetaSchema { pattern: Some(PATTERN.to_owned()), ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn as_raw_value(&self) -> Option<&String> {
        Some(&self.0)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a String> + 'a> {
        Box::new(std::iter::once(&self.0))
    }
}

impl ToJSON for Line {
    fn to_json(&self) -> Option<Value> {
        self.0.to_json()
    }
}

impl ParseFromJSON for Line {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        rules::of_value(value, |input| text(1..=usize::MAX)(input).map(Self))
    }
}
