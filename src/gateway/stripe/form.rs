//! Parameters, as Stripe wants them.

use form_urlencoded::Serializer;

/// The parameters of a request. There is no `Debug`: a token is as good as a card.
#[derive(Clone, Default)]
pub(super) struct Form(Vec<(&'static str, String)>);

impl Form {
    pub(super) fn with(mut self, name: &'static str, text: &str) -> Self {
        self.0.push((name, text.to_owned()));
        self
    }

    pub(super) fn with_some(self, name: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.with(name, text),
            None => self,
        }
    }

    pub(super) fn encode(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (*name, text.as_str()))
    }
}
