//! One response.

use std::ops::Index;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A response, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    what: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The parsed body; null if it is no JSON.
    pub(crate) body: Value,
}

impl Answer {
    pub(super) async fn read(what: String, response: reqwest::Response) -> reqwest::Result<Self> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { what, status, headers, text, body })
    }

    /// Holds the answer to its status; `rule` quotes what the contract says.
    #[track_caller]
    pub(crate) fn expect(self, status: u16, rule: &str) -> Self {
        assert_eq!(self.status, status, "{}: {rule}\nanswered {}: {}", self.what, self.status, self.text);
        self
    }

    /// A header's value, if it is there.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII"))
    }

    /// A string of the body.
    #[track_caller]
    pub(crate) fn string(&self, field: &str) -> String {
        let value = &self.body[field];
        value
            .as_str()
            .unwrap_or_else(|| panic!("{}: {field} should be a string: {}", self.what, self.text))
            .into()
    }

    /// The body as a list.
    #[track_caller]
    pub(crate) fn items(&self) -> &[Value] {
        self.body.as_array().unwrap_or_else(|| panic!("{}: should be an array: {}", self.what, self.text))
    }

    /// The ids of the body's items.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<String> {
        self.items().iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The body's field names, sorted.
    #[track_caller]
    pub(crate) fn fields(&self) -> Vec<&str> {
        let object = self.body.as_object();
        let object = object.unwrap_or_else(|| panic!("{}: should be an object: {}", self.what, self.text));
        let mut fields: Vec<&str> = object.keys().map(String::as_str).collect();
        fields.sort_unstable();
        fields
    }

    /// Path and query of the next page, from the `Link` header.
    pub(crate) fn next_page(&self) -> Option<String> {
        let link = self.header("link")?;
        let next = link.split(", <").find(|link| link.contains(r#"rel="next""#))?;
        let target = next.trim_start_matches('<').split('>').next()?;
        let path = target.find("/api/").map_or(target, |start| &target[start..]);
        Some(path.to_owned())
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        &self.body[field]
    }
}
