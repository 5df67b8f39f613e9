//! A form as it is shown: empty, or again with what was typed and what was wrong with it.

use askama::Template;
use uuid::Uuid;

use super::local_path::sign_in_for;
use super::now::Now;
use super::problem_words::{self, detail, hint, is_unknown, title};
use crate::http::form::Form;
use crate::http::{Problem, ProblemType};

/// Where forms say which intent they are for.
pub(super) const KEY: &str = "idempotencyKey";

/// What is wrong with a form as a whole.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) title: String,
    pub(super) text: String,
    /// Where to sign in, if that would help.
    pub(super) sign_in: Option<String>,
    /// In a window of its own, for what was typed here is to stay.
    pub(super) is_aside: bool,
}

/// A form as it is shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    form: Form,
    faults: Vec<(String, String)>,
    pub(super) alert: Option<Alert>,
    /// Names the intent of whoever sends the form.
    pub(super) key: String,
    /// What the thing that is changed says by now, by field.
    now: Vec<(&'static str, Now)>,
    /// Sets fields of forms on one page apart that have the same name.
    prefix: &'static str,
}

/// One field of it. It is put together in the template that shows the form.
#[derive(Clone, Debug, Template)]
#[template(path = "field.html", config = "src/storefront/askama.toml")]
pub(super) struct Field {
    id: String,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    hint: Option<&'static str>,
    /// Further attributes, as HTML.
    attributes: &'static str,
    /// What it says by now, where somebody else changed it meanwhile.
    now: Option<Now>,
    fault: Option<String>,
}

impl Typed {
    /// A form with what is there so far.
    pub(super) fn new(form: Form) -> Self {
        Self { form, key: fresh_key(), ..Self::default() }
    }

    /// A form that was refused; `fields` are those that it shows. Passwords are not shown again, and so are of no field here.
    pub(super) fn refused(form: Form, problem: &Problem, fields: &[&str]) -> Self {
        let key = form.get(KEY).filter(|_| is_unknown(problem)).map_or_else(fresh_key, str::to_owned);
        let (of_fields, others): (Vec<_>, Vec<_>) = problem
            .all_faults()
            .iter()
            .map(|fault| {
                let field = fault.field.clone().unwrap_or_default();
                let message = problem_words::fault(&field, &fault.message);
                (field, message)
            })
            .partition(|(field, _)| fields.contains(&field.as_str()));
        let alert = Alert::new(problem, &of_fields, &others);
        Self { form, faults: of_fields, alert: Some(alert), key, ..Self::default() }
    }

    /// The same on a page with other forms.
    #[must_use]
    pub(super) fn among_others(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }

    /// The same for whoever has to sign in first, and then goes on to this page.
    #[must_use]
    pub(super) fn sign_in_for(mut self, page: &str) -> Self {
        if let Some(sign_in) = self.alert.as_mut().and_then(|alert| alert.sign_in.as_mut()) {
            *sign_in = sign_in_for(page);
        }
        self
    }

    /// The same for whoever goes on here, where they have typed something, once they have signed in elsewhere.
    #[must_use]
    pub(super) fn sign_in_aside(mut self) -> Self {
        if let Some(alert) = self.alert.as_mut().filter(|alert| alert.sign_in.is_some()) {
            alert.is_aside = true;
            alert.text =
                "Sign in in another window, and then send this once more: what you typed stays.".to_owned();
        }
        self
    }

    /// The same beside what the thing says by now, for whoever does not know that yet.
    #[must_use]
    pub(super) fn beside(mut self, now: Vec<(&'static str, Now)>) -> Self {
        self.now = now;
        self
    }

    /// What was typed.
    pub(super) fn value(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    /// What is wrong with one of its fields.
    pub(super) fn fault(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(field, _)| field == name).map(|(_, message)| message.as_str())
    }

    /// Whether something is wrong with one of its fields.
    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// A field of text.
    pub(super) fn field(&self, name: &'static str, label: &'static str) -> Field {
        let now = self.now.iter().find(|(field, _)| *field == name);
        Field {
            id: format!("{}{name}", self.prefix),
            name,
            label,
            kind: "text",
            value: self.value(name).to_owned(),
            hint: None,
            attributes: "",
            now: now.map(|(_, now)| now.clone()),
            fault: self.fault(name).map(str::to_owned),
        }
    }

    /// A field that is never shown with what was typed.
    pub(super) fn password(&self, name: &'static str, label: &'static str) -> Field {
        Field { kind: "password", value: String::new(), ..self.field(name, label) }
    }
}

impl Field {
    pub(super) fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    pub(super) fn with(self, attributes: &'static str) -> Self {
        Self { attributes, ..self }
    }

    /// What describes the field: its fault, what it says by now, and its hint.
    fn described_by(&self) -> Option<String> {
        let parts =
            [("error", self.fault.is_some()), ("now", self.now.is_some()), ("hint", self.hint.is_some())];
        let ids =
            parts.iter().filter(|(_, is_there)| *is_there).map(|(part, _)| format!("{}-{part}", self.id));
        let ids: Vec<_> = ids.collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

impl Alert {
    fn new(problem: &Problem, of_fields: &[(String, String)], others: &[(String, String)]) -> Self {
        let sign_in = (problem.kind() == ProblemType::NotSignedIn).then(|| sign_in_for("/"));
        let others = others.iter().map(|(field, message)| format!("{field} {message}").trim().to_owned());
        let others: Vec<_> = others.collect();
        let text = match (of_fields, others.as_slice()) {
            ([], []) => said(problem),
            (_, []) => "Please look at what is marked below.".to_owned(),
            (_, others) => others.join("; "),
        };
        Self { title: title(problem.kind()).to_owned(), text, sign_in, is_aside: false }
    }
}

/// What happened this time if that was said, and what to do next.
fn said(problem: &Problem) -> String {
    let hint = hint(problem.kind());
    let wait = problem.wait().map(|wait| format!(" Try again in {} seconds.", wait.as_secs().max(1)));
    let said = detail(problem).map_or_else(|| hint.to_owned(), |detail| format!("{detail}. {hint}"));
    said + &wait.unwrap_or_default()
}

/// A name for an intent that nobody had before.
pub(super) fn fresh_key() -> String {
    Uuid::now_v7().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Fault;

    fn refused(problem: &Problem) -> Typed {
        let form = Form::in_query("idempotencyKey=mine&title=Opera&price=x");
        Typed::refused(form, problem, &["title", "price"])
    }

    #[test]
    fn what_may_have_happened_is_tried_again_under_the_same_key() {
        for unknown in [ProblemType::Unavailable, ProblemType::Internal, ProblemType::KeyInProgress] {
            assert_eq!(refused(&unknown.into()).key, "mine", "{unknown:?}");
        }
        for known in
            [ProblemType::InvalidInput, ProblemType::TicketReserved, ProblemType::IdempotencyKeyReused]
        {
            assert_ne!(refused(&known.into()).key, "mine", "{known:?}");
        }
    }

    #[test]
    fn what_is_said_for_programs_is_not_said_to_people() {
        let said = |problem: &Problem| refused(problem).alert.map(|alert| alert.text).unwrap_or_default();
        let unknown =
            Problem::new(ProblemType::Unavailable).detail("ask again with the same idempotency key");
        assert_eq!(said(&unknown), hint(ProblemType::Unavailable));
        let guarded = Problem::new(ProblemType::TooManyRequests).detail("Too many wrong passwords");
        assert!(said(&guarded).starts_with("Too many wrong passwords. "), "{}", said(&guarded));
    }

    #[test]
    fn faults_of_no_field_are_said_above() {
        let problem = Problem::new(ProblemType::InvalidInput)
            .fault(Fault::of("price", "must be a number"))
            .fault(Fault::of("idempotencyKey", "is odd"));
        let typed = refused(&problem);
        let field = typed.field("price", "Price").hint("In all").render().unwrap();
        assert!(field.contains(r#"aria-describedby="price-error price-hint""#), "{field}");
        assert!(field.contains("Price must be a number."), "{field}");
        assert_eq!(typed.alert.map(|alert| alert.text).as_deref(), Some("idempotencyKey is odd"));
        assert_eq!(refused(&ProblemType::TicketSold.into()).field("title", "Title").value, "Opera");
    }
}
