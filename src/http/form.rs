//! What a page's form sent.

use std::collections::BTreeMap;

use poem::Request;

use super::media_type;
use super::problem::Problem;

/// The fields of a form. Of several with one name the last that says anything counts, as the last member does in JSON:
/// the button that was pressed comes after a field that was filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form(BTreeMap<String, String>);

impl Form {
    /// Takes the request's body.
    ///
    /// # Errors
    /// [`UnsupportedMediaType`](super::ProblemType::UnsupportedMediaType) if it is not said to be a form.
    pub async fn of(request: &mut Request) -> Result<Self, Problem> {
        media_type::check(request.headers(), media_type::FORM)?;
        let body = request.take_body().into_bytes().await;
        let bytes = body.map_err(|error| Problem::new(super::ProblemType::BadRequest).because_of(error))?;
        Ok(Self::parse(&bytes))
    }

    /// What a form sent in a query.
    pub fn in_query(query: &str) -> Self {
        Self::parse(query.as_bytes())
    }

    fn parse(bytes: &[u8]) -> Self {
        let fields = form_urlencoded::parse(bytes).filter(|(_, value)| !value.is_empty());
        Self(fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// What was filled in, or pressed; nothing counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The form with another value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::ProblemType;
    use super::super::input::{Checked, Fields, FromFields};
    use super::super::money::Money;
    use super::super::rules::{money, text, verbatim};
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Draft {
        title: String,
        price: Money,
        venue: Option<String>,
        password: Option<String>,
    }

    impl FromFields for Draft {
        fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
            let title = fields.required("title", text(1..=20));
            let price = fields.required("price", money);
            let venue = fields.optional("venue", text(1..=20));
            let password = fields.optional("password", verbatim(1..=20));
            Ok(Draft { title: title?, price: price?, venue: venue?, password: password? })
        }
    }

    fn parse(body: &'static str) -> Form {
        Form::in_query(body)
    }

    #[test]
    fn a_form_is_read_by_the_rules_of_bodies() {
        let form = parse("title=+Op%C3%A9ra+&price=19.99&venue=&password=+a+b+&later=1");
        let draft = Draft {
            title: "Op\u{e9}ra".to_owned(),
            price: Money { minor: 1_999 },
            venue: None,
            password: Some(" a b ".to_owned()),
        };
        assert_eq!(form.read::<Draft>(), Ok(draft));
    }

    #[test]
    fn all_faults_at_once() {
        let problem = parse("title=&price=1e-3&venue=%ff&password=x").read::<Draft>().unwrap_err();
        assert_eq!(problem.kind(), ProblemType::InvalidInput);
        let faults: Vec<_> = problem.all_faults().iter().map(|fault| fault.field.as_deref()).collect();
        assert_eq!(faults, [Some("title"), Some("price"), Some("venue")]);
    }

    #[test]
    fn the_last_that_says_anything_counts() {
        let form = parse("token=&token=tok_visa");
        assert_eq!(form.get("token"), Some("tok_visa"));
        assert_eq!(parse("token=typed&token=pressed").get("token"), Some("pressed"));
        assert_eq!(parse("token=typed&token=").get("token"), Some("typed"));
        assert_eq!(parse("").get("token"), None);
        assert_eq!(parse("a=1").with("a", "2").get("a"), Some("2"));
    }
}
