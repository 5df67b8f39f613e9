//! The consistency token: how much of what happened the next answer has to show.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use reqwest::header::HeaderValue;

/// The header that carries it, both ways.
pub(crate) const CONSISTENCY_TOKEN: &str = "consistency-token";

/// The newest token of all answers so far; of several clients, if they share it.
#[derive(Debug, Default)]
pub(crate) struct Consistency(Mutex<Option<Token>>);

/// `<epoch>-<index>`: tokens of one epoch are in order, those of different ones say nothing of each other.
#[derive(Clone, Debug, PartialEq)]
struct Token {
    epoch: String,
    index: u64,
}

impl Consistency {
    /// What to send with a request.
    pub(crate) fn current(&self) -> Option<HeaderValue> {
        let token = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        HeaderValue::try_from(format!("{}-{}", token.epoch, token.index)).ok()
    }

    /// Takes over what an answer says, unless it is less than what is known.
    pub(crate) fn take(&self, headers: &HeaderMap) {
        let told =
            headers.get(CONSISTENCY_TOKEN).and_then(|value| value.to_str().ok()).and_then(Token::parse);
        let Some(told) = told else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *known {
            Some(known) if known.epoch == told.epoch => known.index = known.index.max(told.index),
            known => *known = Some(told),
        }
    }
}

impl Token {
    fn parse(text: &str) -> Option<Self> {
        let (epoch, index) = text.rsplit_once('-')?;
        (!epoch.is_empty()).then_some(())?;
        Some(Self { epoch: epoch.to_owned(), index: index.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(store: &Consistency, token: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(CONSISTENCY_TOKEN, HeaderValue::from_static(token));
        store.take(&headers);
        store.current().map_or(String::new(), |value| value.to_str().expect("ASCII").to_owned())
    }

    #[test]
    fn the_greatest_of_an_epoch_is_kept_and_a_new_epoch_replaces_it() {
        let store = Consistency::default();
        for (told, kept) in [
            ("junk", ""),
            ("aa-9", "aa-9"),
            ("aa-10", "aa-10"),
            ("aa-2", "aa-10"),
            ("bb-1", "bb-1"),
            ("bb-x", "bb-1"),
        ] {
            assert_eq!(take(&store, told), kept, "told {told}");
        }
    }

    #[test]
    fn threads_that_take_at_once_leave_the_greatest() {
        let store = Consistency::default();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let store = &store;
                scope.spawn(move || {
                    for step in 0..1_000 {
                        let mut headers = HeaderMap::new();
                        let token = format!("aa-{}", (step * 8 + thread) % 7_993);
                        headers.insert(CONSISTENCY_TOKEN, HeaderValue::try_from(token).expect("ASCII"));
                        store.take(&headers);
                    }
                });
            }
        });
        assert_eq!(store.current(), Some(HeaderValue::from_static("aa-7992")));
    }
}
