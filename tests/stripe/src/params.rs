//! Parameters, as Stripe's forms spell them: `a=1`, `a[b]=1`, `a[]=1` or `a[0]=1`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::ApiError;

/// Levels that a name may have: Stripe's go no deeper for what we use.
const MAX_DEPTH: usize = 4;

/// Parameters that a request may have.
const MAX_PARAMS: usize = 200;

/// What Stripe allows in metadata.
const MAX_METADATA: usize = 50;
const MAX_METADATA_NAME: usize = 40;
const MAX_METADATA_TEXT: usize = 500;

/// What a parameter may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    Text(String),
    Map(BTreeMap<String, Param>),
    List(Vec<String>),
}

/// The parameters of a request. Whoever reads one takes it out, so that what is left at the end is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    /// Where these are: empty at the top, `card` for what is in `card[…]`.
    within: String,
    left: BTreeMap<String, Param>,
}

impl Params {
    /// Reads a form, or the query of an address.
    pub(crate) fn parse(form: &[u8]) -> Result<Self, ApiError> {
        let mut left = BTreeMap::new();
        for (count, (name, text)) in form_urlencoded::parse(form).enumerate() {
            let parts = parts(&name).filter(|parts| parts.len() <= MAX_DEPTH);
            let parts = parts.ok_or_else(|| ApiError::invalid(format!("Invalid parameter name: {name}")))?;
            if count >= MAX_PARAMS || !put(&mut left, &parts, text.into_owned()) {
                return Err(ApiError::invalid(format!(
                    "Invalid {name}: it is given twice, or as two things"
                )));
            }
        }
        Ok(Self { within: String::new(), left })
    }

    /// The same as the JSON of Stripe's document, every scalar being a string.
    pub(crate) fn as_json(&self) -> Value {
        to_json(&Param::Map(self.left.clone()))
    }

    pub(crate) fn take_text(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        match self.left.remove(name) {
            None => Ok(None),
            Some(Param::Text(text)) if text.is_empty() => {
                let message = format!("You passed an empty string for '{}'.", self.full(name));
                Err(ApiError::invalid(message).code("parameter_invalid_empty").param(&self.full(name)))
            }
            Some(Param::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.is_no("string", name)),
        }
    }

    pub(crate) fn require_text(&mut self, name: &str) -> Result<String, ApiError> {
        let found = self.take_text(name)?;
        found.ok_or_else(|| {
            let name = self.full(name);
            ApiError::invalid(format!("Missing required param: {name}."))
                .code("parameter_missing")
                .param(&name)
        })
    }

    pub(crate) fn take_number(&mut self, name: &str) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.take_text(name)? else { return Ok(None) };
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| is_number);
        number.map(Some).ok_or_else(|| {
            let name = self.full(name);
            ApiError::invalid(format!("Invalid integer: {text}"))
                .code("parameter_invalid_integer")
                .param(&name)
        })
    }

    pub(crate) fn take_flag(&mut self, name: &str) -> Result<bool, ApiError> {
        match self.take_text(name)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(self.is_no("boolean", name)),
        }
    }

    pub(crate) fn take_list(&mut self, name: &str) -> Result<Vec<String>, ApiError> {
        match self.left.remove(name) {
            None => Ok(Vec::new()),
            Some(Param::List(list)) => Ok(list),
            Some(_) => Err(self.is_no("array", name)),
        }
    }

    pub(crate) fn take_map(&mut self, name: &str) -> Result<Option<Self>, ApiError> {
        match self.left.remove(name) {
            None => Ok(None),
            Some(Param::Map(left)) => Ok(Some(Self { within: self.full(name), left })),
            Some(_) => Err(self.is_no("object", name)),
        }
    }

    pub(crate) fn take_metadata(&mut self) -> Result<BTreeMap<String, String>, ApiError> {
        let Some(mut given) = self.take_map("metadata")? else { return Ok(BTreeMap::new()) };
        let names: Vec<String> = given.left.keys().cloned().collect();
        let mut metadata = BTreeMap::new();
        for name in names {
            let text = given.require_text(&name)?;
            if name.len() > MAX_METADATA_NAME || text.chars().count() > MAX_METADATA_TEXT {
                return Err(
                    ApiError::invalid(format!("Invalid metadata: {name} is too long")).param("metadata")
                );
            }
            metadata.insert(name, text);
        }
        if metadata.len() > MAX_METADATA {
            return Err(ApiError::invalid("Metadata has too many keys").param("metadata"));
        }
        Ok(metadata)
    }

    /// Refuses what nobody has taken.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let Some(unknown) = self.left.keys().next().map(|name| self.full(name)) else { return Ok(()) };
        let message = format!("Received unknown parameter: {unknown}");
        Err(ApiError::invalid(message).code("parameter_unknown").param(&unknown))
    }

    fn full(&self, name: &str) -> String {
        if self.within.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.within) }
    }

    fn is_no(&self, kind: &str, name: &str) -> ApiError {
        let name = self.full(name);
        ApiError::invalid(format!("Invalid {kind}: {name}")).param(&name)
    }
}

/// `a[b][]` as `a`, `b` and an empty name.
fn parts(name: &str) -> Option<Vec<&str>> {
    let Some((first, rest)) = name.split_once('[') else {
        return (!name.is_empty() && !name.contains(']')).then(|| vec![name]);
    };
    let rest = rest.strip_suffix(']')?;
    let parts: Vec<&str> = std::iter::once(first).chain(rest.split("][")).collect();
    let has_inner_brackets = parts.iter().any(|part| part.contains(['[', ']']));
    (!first.is_empty() && !has_inner_brackets).then_some(parts)
}

/// Puts a text where its name says, unless something is there.
fn put(map: &mut BTreeMap<String, Param>, parts: &[&str], text: String) -> bool {
    match parts {
        [name] => map.insert((*name).to_owned(), Param::Text(text)).is_none(),
        [name, index] if is_next(index, map.get(*name)) => {
            match map.entry((*name).to_owned()).or_insert_with(|| Param::List(Vec::new())) {
                Param::List(list) => {
                    list.push(text);
                    true
                }
                _ => false,
            }
        }
        [name, rest @ ..] => {
            match map.entry((*name).to_owned()).or_insert_with(|| Param::Map(BTreeMap::new())) {
                Param::Map(inner) => put(inner, rest, text),
                _ => false,
            }
        }
        [] => false,
    }
}

/// Whether an index is the next one of a list: `[]` always is.
fn is_next(index: &str, list: Option<&Param>) -> bool {
    let length = match list {
        None => 0,
        Some(Param::List(list)) => list.len(),
        Some(_) => return false,
    };
    index.is_empty() || index.parse() == Ok(length)
}

fn to_json(param: &Param) -> Value {
    match param {
        Param::Text(text) => text.clone().into(),
        Param::List(list) => list.clone().into(),
        Param::Map(map) => map.iter().map(|(name, param)| (name.clone(), to_json(param))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_with_brackets_are_read() {
        let mut params = Params::parse(
            b"amount=100&metadata[order]=o%201&payment_method_types[]=card&card[token]=tok_visa",
        )
        .unwrap();
        assert_eq!(
            params.as_json(),
            json!({ "amount": "100", "card": { "token": "tok_visa" }, "metadata": { "order": "o 1" },
                    "payment_method_types": ["card"] })
        );
        assert_eq!(params.take_number("amount").unwrap(), Some(100));
        assert_eq!(params.take_metadata().unwrap()["order"], "o 1");
        assert_eq!(params.take_list("payment_method_types").unwrap(), ["card"]);
        assert_eq!(Params::parse(b"a[0]=x&a[1]=y").unwrap().take_list("a").unwrap(), ["x", "y"]);
        let card = params.take_map("card").unwrap().unwrap();
        let unknown = card.finish().unwrap_err().body();
        assert_eq!(unknown["error"]["code"], "parameter_unknown");
        assert_eq!(unknown["error"]["param"], "card[token]");
        params.finish().unwrap();
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for form in [
            "a=1&a=2",
            "a[b]=1&a=2",
            "a=1&a[b]=2",
            "a[=1",
            "a]=1",
            "[a]=1",
            "=1",
            "a[b][c][d][e]=1",
            "a[0]=1&a[2]=1",
        ] {
            assert!(Params::parse(form.as_bytes()).is_err(), "{form}");
        }
        let params = || Params::parse(b"n=-1&e=&l[]=1&b=yes").unwrap();
        assert!(params().take_number("n").is_err());
        assert!(params().take_text("e").is_err());
        assert!(params().take_text("l").is_err());
        assert!(params().take_flag("b").is_err());
        assert_eq!(params().require_text("x").unwrap_err().body()["error"]["code"], "parameter_missing");
    }
}
