//! Idempotency keys, as Stripe documents them.
//!
//! The answer to the first request with a key is kept, whatever it was, a 500 included, and given to every other with
//! the same key, path and parameters. Nothing is kept of a request that was refused before it began: for its
//! parameters, because too many came, or because another with its key was under way.

use std::collections::HashMap;

use crate::answer::Answer;
use crate::error::ApiError;

/// How long a key is remembered, in seconds.
pub(crate) const KEY_LIFE_S: u64 = 24 * 60 * 60;

/// The longest key that Stripe takes.
const MAX_KEY: usize = 255;

/// Keys that are remembered: what a long run of the tests needs, and no more than some hundred megabytes.
const MAX_KEYS: usize = 400_000;

#[derive(Default)]
pub(crate) struct Keys(HashMap<String, Entry>);

struct Entry {
    /// Path and parameters of the first request.
    request: String,
    at_s: u64,
    /// None while it is under way.
    answer: Option<Answer>,
}

/// What a request with a key is to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Begun {
    /// Go ahead, and say how it ended.
    First,
    /// Answer with this.
    Again(Answer),
}

impl Keys {
    pub(crate) fn begin(&mut self, key: &str, request: String, now_s: u64) -> Result<Begun, ApiError> {
        if key.is_empty() || key.chars().count() > MAX_KEY {
            return Err(ApiError::invalid("Idempotency keys must be between 1 and 255 characters long."));
        }
        if let Some(entry) = self.0.get(key).filter(|entry| entry.at_s + KEY_LIFE_S > now_s) {
            return match &entry.answer {
                _ if entry.request != request => Err(ApiError::other_parameters(key)),
                None => Err(ApiError::in_progress(key)),
                Some(answer) => Ok(Begun::Again(answer.clone())),
            };
        }
        if self.0.len() >= MAX_KEYS {
            self.0.retain(|_, entry| entry.at_s + KEY_LIFE_S > now_s);
        }
        if self.0.len() >= MAX_KEYS {
            return Err(ApiError::full("idempotency keys"));
        }
        self.0.insert(key.to_owned(), Entry { request, at_s: now_s, answer: None });
        Ok(Begun::First)
    }

    pub(crate) fn end(&mut self, key: &str, answer: Answer) {
        if let Some(entry) = self.0.get_mut(key) {
            entry.answer = Some(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn begin(keys: &mut Keys, request: &str, now_s: u64) -> Result<Begun, u16> {
        keys.begin("k", request.to_owned(), now_s).map_err(|error| error.status)
    }

    #[test]
    fn the_first_answer_stands_for_a_day() {
        let mut keys = Keys::default();
        assert_eq!(begin(&mut keys, "a", 0), Ok(Begun::First));
        assert_eq!(begin(&mut keys, "a", 0), Err(409), "under way");
        assert_eq!(begin(&mut keys, "b", 0), Err(400), "other parameters");
        let answer = Answer::new(500, json!({}));
        keys.end("k", answer.clone());
        assert_eq!(begin(&mut keys, "a", KEY_LIFE_S - 1), Ok(Begun::Again(answer)));
        assert_eq!(begin(&mut keys, "b", KEY_LIFE_S - 1), Err(400));
        assert_eq!(begin(&mut keys, "b", KEY_LIFE_S), Ok(Begun::First), "forgotten");
    }

    #[test]
    fn keys_have_a_length() {
        let mut keys = Keys::default();
        for key in [String::new(), "k".repeat(256)] {
            assert!(keys.begin(&key, String::new(), 0).is_err());
        }
        assert!(keys.begin(&"k".repeat(255), String::new(), 0).is_ok());
    }
}
