//! What surrounds every page.

use super::assets::{Assets, assets};
use super::visit::Visitor;

/// From when on a visitor is told how old what they see is: a replica in step is well below a second behind, and one far
/// away not much more.
const STALE_MS: u64 = 5_000;

/// What surrounds a page.
pub(super) struct Layout {
    pub(super) title: String,
    /// For search engines, and those who are sent a link.
    pub(super) description: Option<String>,
    /// Under which address it is known, with scheme and host.
    pub(super) canonical: Option<String>,
    /// Nobody should find it by searching.
    pub(super) is_hidden: bool,
    /// The address of who is signed in.
    pub(super) email: Option<String>,
    /// Where the visitor is, by path.
    path: String,
    /// What was done, if the page before did something.
    pub(super) done: Option<&'static str>,
    /// How old what is shown may be, in words, if that is worth saying.
    pub(super) age: Option<String>,
    /// With Stripe's script.
    pub(super) with_stripe: bool,
    /// About what is shown, as search engines read it; safe within a script element.
    pub(super) structured_data: Option<String>,
    pub(super) assets: &'static Assets,
}

impl Layout {
    pub(super) fn new(title: String, visitor: Option<&Visitor>, path: &str, age_ms: Option<u64>) -> Self {
        Self {
            title,
            description: None,
            canonical: None,
            is_hidden: false,
            email: visitor.map(|visitor| visitor.email.clone()),
            path: path.to_owned(),
            done: None,
            age: age_ms.filter(|age_ms| *age_ms >= STALE_MS).map(age_in_words),
            with_stripe: false,
            structured_data: None,
            assets: assets(),
        }
    }

    /// For those who have to do with it alone.
    #[must_use]
    pub(super) fn hidden(mut self) -> Self {
        self.is_hidden = true;
        self
    }

    /// Whether the visitor is there.
    pub(super) fn is_at(&self, path: &str) -> bool {
        self.path == path
    }
}

fn age_in_words(age_ms: u64) -> String {
    let seconds = age_ms / 1_000;
    match seconds {
        0..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_old_is_said_to_be() {
        let age = |age_ms| Layout::new(String::new(), None, "/", age_ms).age;
        assert_eq!(age(None), None);
        assert_eq!(age(Some(STALE_MS - 1)), None);
        assert_eq!(age(Some(STALE_MS)).as_deref(), Some("5 seconds"));
        assert_eq!(age(Some(125_000)).as_deref(), Some("2 minutes"));
        assert_eq!(age(Some(7_200_000)).as_deref(), Some("2 hours"));
    }
}
