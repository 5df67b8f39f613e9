//! The values of a problem's `type`, as the API's document lists them.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::problem_type::ProblemType;
use super::raw_value;

impl Type for ProblemType {
    const IS_REQUIRED: bool = true;
    raw_value::is_self!();

    fn name() -> Cow<'static, str> {
        "ProblemType".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(Self::name().into_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(Self::name().into_owned(), |_| MetaSchema {
            description: Some(
                "Tells every case apart by a stable URI reference; later versions may know more",
            ),
            enum_items: ProblemType::ALL.iter().filter_map(ToJSON::to_json).collect(),
            ..MetaSchema::new("string")
        });
    }
}

impl ToJSON for ProblemType {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(self.uri()))
    }
}

impl ParseFromJSON for ProblemType {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let uri = value.as_ref().and_then(Value::as_str);
        let known = ProblemType::ALL.iter().find(|kind| Some(kind.uri()) == uri);
        known.copied().ok_or_else(|| ParseError::custom("is not a type of problem that this version knows"))
    }
}
