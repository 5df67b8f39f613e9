//! What every type of ours answers alike when poem-openapi asks for the value to validate.

/// The part of `poem_openapi::types::Type` that says: what is validated is the value itself.
macro_rules! is_self {
    () => {
        type RawValueType = Self;
        type RawElementValueType = Self;

        fn as_raw_value(&self) -> Option<&Self> {
            Some(self)
        }

        fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
            Box::new(std::iter::once(self))
        }
    };
}
pub(super) use is_self;
