//! Somebody with a browser that runs no scripts: cookies, and forms as pages have them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use reqwest::header::SET_COOKIE;

use super::answer::Answer;
use super::call::Call;
use super::fixtures::PASSWORD;
use super::server::Server;

const FORM: &str = "application/x-www-form-urlencoded";

/// A visitor of the shop.
pub(crate) struct Visitor<'s> {
    server: &'s Server,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'s> Visitor<'s> {
    /// Somebody who was never here.
    pub(crate) fn new(server: &'s Server) -> Self {
        Self { server, cookies: RefCell::default() }
    }

    /// Somebody who signs up as `{name}@example.test`.
    pub(crate) async fn signed_up(server: &'s Server, name: &str) -> Self {
        let visitor = Self::new(server);
        let email = format!("{name}@example.test");
        visitor.post("/sign-up", &[("email", &email), ("password", PASSWORD)]).await.goes_to("/");
        visitor
    }

    /// Looks at a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.server.get(path)).await
    }

    /// Looks at a page that is there.
    pub(crate) async fn page(&self, path: &str) -> Answer {
        self.get(path).await.expect(200, "the page is there")
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form(path, fields)).await
    }

    /// A form that is not sent yet.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Call {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.server.call(reqwest::Method::POST, path).body(FORM, body)
    }

    /// Sends any call with the cookies so far, as from the address bar, and keeps those that the answer sets.
    pub(crate) async fn send(&self, call: Call) -> Answer {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = if cookies.is_empty() { call } else { call.header("cookie", &cookies.join("; ")) };
        let answer = call.header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8").await;
        for line in answer.headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("ASCII");
            let (name, value) =
                line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            match line.contains("Max-Age=0") {
                true => self.cookies.borrow_mut().remove(name),
                false => self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    /// Posts a ticket by its form, and returns where it is.
    pub(crate) async fn sells(&self, title: &str, price: &str, more: &[(&str, &str)]) -> String {
        let form = self.page("/tickets/new").await;
        let key = form.field_of("/tickets", "idempotencyKey");
        let fields = [("title", title), ("price", price), ("idempotencyKey", &key)];
        let posted = self.post("/tickets", &[&fields[..], more].concat()).await.see_other();
        posted.trim_end_matches("?done=posted").to_owned()
    }

    /// Reserves the ticket that is there, and returns where the order is.
    pub(crate) async fn reserves(&self, ticket: &str) -> String {
        let reserve = format!("{ticket}/reserve");
        let key = self.page(ticket).await.field_of(&reserve, "idempotencyKey");
        self.post(&reserve, &[("idempotencyKey", &key)]).await.see_other()
    }
}

impl Answer {
    /// Where it sends its visitor on to.
    #[track_caller]
    pub(crate) fn see_other(self) -> String {
        let answer = self.expect(303, "what was done is followed by a page");
        answer.header("location").expect("a 303 says where").to_owned()
    }

    /// Holds it to sending its visitor there.
    #[track_caller]
    pub(crate) fn goes_to(self, path: &str) {
        assert_eq!(self.see_other(), path);
    }

    /// The value of a field in the form with this action.
    #[track_caller]
    pub(crate) fn field_of(&self, action: &str, name: &str) -> String {
        let form = self.text.split_once(&format!("action=\"{action}\"")).map(|(_, form)| form);
        let form = form.and_then(|form| form.split("</form>").next());
        let form = form.unwrap_or_else(|| panic!("no form for {action}: {}", self.text));
        let field = form.split('<').find(|tag| tag.contains(&format!("name=\"{name}\"")));
        let field = field.unwrap_or_else(|| panic!("no field {name} for {action}: {form}"));
        let value = field.split_once("value=\"").and_then(|(_, value)| value.split('"').next());
        value.unwrap_or_default().to_owned()
    }

    /// What a field is said to have wrong, by the field's id.
    pub(crate) fn fault_of(&self, id: &str) -> Option<&str> {
        let (_, rest) = self.text.split_once(&format!("id=\"{id}-error\">"))?;
        rest.split('<').next()
    }

    /// Holds it to saying this.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.text.contains(words), "should say {words:?}: {}", self.text);
        self
    }

    /// Holds it to not saying that.
    #[track_caller]
    pub(crate) fn does_not_say(self, words: &str) -> Self {
        assert!(!self.text.contains(words), "should not say {words:?}: {}", self.text);
        self
    }
}
