//! The keys that sign bearer tokens.

use super::command::AddSigningKey;
use super::draft::Draft;
use super::rejection::Rejection;
use super::reply::Answer;
use super::tables::{Change, Tables};

/// A key that signs bearer tokens, or did and still verifies them.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct SigningKey {
    /// Its name in the header of a token.
    #[prost(string, tag = "1")]
    pub kid: String,
    /// The raw Ed25519 public key.
    #[prost(bytes = "vec", tag = "2")]
    pub public: Vec<u8>,
    /// The private key, sealed.
    #[prost(bytes = "vec", tag = "3")]
    pub sealed: Vec<u8>,
    /// When it was added, in milliseconds on the replicated clock; the newest one signs.
    #[prost(uint64, tag = "4")]
    pub created_at_ms: u64,
    /// From when on it no longer verifies, in milliseconds on the replicated clock; `None` while it signs.
    #[prost(uint64, optional, tag = "5")]
    pub retires_at_ms: Option<u64>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

pub(super) fn add<T: Tables>(draft: &mut Draft<'_, T>, c: &AddSigningKey) -> Result<Answer, Rejection> {
    let known = draft.tables.signing_keys();
    if c.only_if_none && !known.is_empty() || known.iter().any(|key| key.kid == c.kid) {
        return Ok(Answer::Done(()));
    }
    // What the old key still signs lasts as long as the proposer's sessions do; what it signed may last longer,
    // if sessions did when they were opened.
    let overlap_end_ms = draft.at_ms.saturating_add(c.overlap_ms);
    let retires_at_ms =
        draft.tables.last_session_expiry_ms().map_or(overlap_end_ms, |ms| ms.max(overlap_end_ms));
    for old in known.into_iter().filter(|key| key.retires_at_ms.is_none()) {
        let retired = SigningKey { retires_at_ms: Some(retires_at_ms), ..old.clone() };
        draft.change(Change::SigningKey { old: Some(old), new: Some(retired) });
    }
    let key = SigningKey {
        kid: c.kid.clone(),
        public: c.public.clone(),
        sealed: c.sealed.clone(),
        created_at_ms: draft.at_ms,
        retires_at_ms: None,
    };
    draft.change(Change::SigningKey { old: None, new: Some(key) });
    Ok(Answer::Done(()))
}
