//! Operator's keys: who holds one acts for others, as far as its scopes go.
//!
//! The state has a key's hash only. A revoked or expired key stays listed until another one needs its place.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::asker::{Author, Party, Principal};
use super::command::{CreateOperatorKey, RevokeOperatorKey};
use super::consumer_group;
use super::draft::Draft;
use super::id::OperatorKeyId;
use super::invariants::Violation;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::{Change, Tables};
use super::webhook_endpoint;

/// Keys that there may be, revoked and expired ones included as long as nothing else needs their places. It takes a
/// scan of all to make one.
pub const MAX_OPERATOR_KEYS: usize = 100;

/// Characters of a key's label.
pub const MAX_KEY_LABEL_CHARS: usize = 100;

/// How long a key that expires may last: ten years. Who wants it longer makes one that does not.
pub const MAX_KEY_TTL_MS: u64 = 10 * 366 * 24 * 60 * 60 * 1_000;

/// How short: what expires sooner would on its way to whom it is for.
pub const MIN_KEY_TTL_MS: u64 = 60 * 1_000;

/// Bytes of a key's hash: SHA-256.
const HASH_BYTES: usize = 32;

/// What a key is good for. One that is not in a key's list is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum Scope {
    /// No key has this.
    Unknown = 0,
    /// To list, make and revoke operator's keys; no key gives what it does not have.
    Keys = 1,
    /// To see anybody's orders.
    OrdersRead = 2,
    /// To see anybody's payments.
    PaymentsRead = 3,
    /// To give back what was paid.
    Refunds = 4,
    /// To see all events.
    EventsRead = 5,
}

/// A text that names no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a scope")]
pub struct InvalidScope;

impl Scope {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Self; 5] =
        [Self::Keys, Self::OrdersRead, Self::PaymentsRead, Self::Refunds, Self::EventsRead];

    /// The scope's public name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Keys => "keys",
            Self::OrdersRead => "orders:read",
            Self::PaymentsRead => "payments:read",
            Self::Refunds => "refunds",
            Self::EventsRead => "events:read",
        }
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        Self::ALL.into_iter().find(|scope| scope.name() == text).ok_or(InvalidScope)
    }
}

/// A key by which an operator acts.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct OperatorKey {
    /// The key's name, for ever.
    #[prost(message, required, tag = "1")]
    pub id: OperatorKeyId,
    /// SHA-256 of its secret: the state never holds the secret itself.
    #[prost(bytes = "vec", tag = "2")]
    pub hash: Vec<u8>,
    /// What it is called, to recognise it in a list and in what it did.
    #[prost(string, tag = "3")]
    pub label: String,
    /// What it is good for, each once, in order; read it with [`OperatorKey::may`].
    #[prost(enumeration = "Scope", repeated, tag = "4")]
    pub scopes: Vec<i32>,
    /// When it was made, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "5")]
    pub created_at_ms: u64,
    /// Who made it.
    #[prost(message, required, tag = "6")]
    pub created_by: Author,
    /// From when on it counts for nothing, in milliseconds on the replicated clock; `None` if it does not expire.
    #[prost(uint64, optional, tag = "7")]
    pub expires_at_ms: Option<u64>,
    /// Since when it counts for nothing, in milliseconds on the replicated clock; `None` unless it was revoked.
    #[prost(uint64, optional, tag = "8")]
    pub revoked_at_ms: Option<u64>,
    /// Who revoked it, if somebody did.
    #[prost(message, optional, tag = "9")]
    pub revoked_by: Option<Author>,
}

impl std::fmt::Debug for OperatorKey {
    /// Leaves the hash out: nobody who reads a log has a use for it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OperatorKey")
            .field("id", &self.id)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

impl OperatorKey {
    /// Whether it counts for anything at this time on the replicated clock.
    pub fn works_at(&self, at_ms: u64) -> bool {
        self.revoked_at_ms.is_none() && self.expires_at_ms.is_none_or(|expires_at_ms| at_ms < expires_at_ms)
    }

    /// Whether it is good for this. Whether it still works is another question.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope.into())
    }

    /// Since when it counts for nothing, if it does not.
    fn ended_at_ms(&self, at_ms: u64) -> Option<u64> {
        let expired_at_ms = self.expires_at_ms.filter(|&expires_at_ms| expires_at_ms <= at_ms);
        expired_at_ms.into_iter().chain(self.revoked_at_ms).min()
    }

    /// What is wrong with it by itself, if something is.
    pub fn fault(&self) -> Option<&'static str> {
        let scopes: BTreeSet<i32> = Scope::ALL.into_iter().map(i32::from).collect();
        let faults = [
            (self.hash.len() != HASH_BYTES, "its hash is none"),
            (!(1..=MAX_KEY_LABEL_CHARS).contains(&self.label.chars().count()), "its label is no label"),
            (self.scopes.is_empty(), "it is good for nothing"),
            (!self.scopes.iter().all(|scope| scopes.contains(scope)), "it has a scope that there is not"),
            (!self.scopes.is_sorted_by(|a, b| a < b), "its scopes are not in order"),
            (self.revoked_at_ms.is_some() != self.revoked_by.is_some(), "nobody, or no time, revoked it"),
            (
                self.revoked_at_ms.is_some_and(|ms| ms < self.created_at_ms),
                "it was revoked before it was made",
            ),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }
}

/// Whether a key may become this: it is made once, and revoked once or left as it is.
pub(super) fn check(old: Option<&OperatorKey>, new: &OperatorKey) -> Result<(), Violation> {
    let before = match old {
        None => OperatorKey { revoked_at_ms: None, revoked_by: None, ..new.clone() },
        Some(old) => old.clone(),
    };
    let revoked = OperatorKey {
        revoked_at_ms: new.revoked_at_ms,
        revoked_by: new.revoked_by.clone(),
        ..before.clone()
    };
    let follows =
        if old.is_none() || before.revoked_at_ms.is_some() { *new == before } else { *new == revoked };
    match new.fault() {
        Some(fault) => Err(Violation(format!("{}: {fault}", new.id))),
        None if !follows => Err(Violation(format!("{} is changed in more than that it is revoked", new.id))),
        None => Ok(()),
    }
}

/// Refuses what this key is not good for.
pub(super) fn ensure_may(key: &OperatorKey, scope: Option<Scope>) -> Result<(), Rejection> {
    match scope {
        // Not for operators at all.
        None => Err(RejectionCode::Forbidden.into()),
        Some(scope) if key.may(scope) => Ok(()),
        Some(_) => Err(RejectionCode::InsufficientScope.into()),
    }
}

/// Makes a key. Nobody can tell by the state what its secret is, so it is shown to whoever asked for it, and never again.
pub(super) fn create<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &CreateOperatorKey,
) -> Result<Answer, Rejection> {
    let scopes: BTreeSet<i32> = c.scopes.iter().copied().collect();
    if let Party::Operator(maker) = party
        && !scopes.iter().all(|scope| maker.scopes.contains(scope))
    {
        return Err(RejectionCode::InsufficientScope.into());
    }
    let known = draft.tables.operator_keys();
    if known.iter().any(|key| key.id == c.key || key.hash == c.hash) {
        return Err(Rejection::internal("the new key's id or hash is taken"));
    }
    make_room(draft, known)?;
    let key = OperatorKey {
        id: c.key,
        hash: c.hash.clone(),
        label: c.label.clone(),
        scopes: scopes.into_iter().collect(),
        created_at_ms: draft.at_ms,
        created_by: draft.author.clone(),
        expires_at_ms: c.ttl_ms.map(|ttl_ms| draft.at_ms.saturating_add(ttl_ms)),
        revoked_at_ms: None,
        revoked_by: None,
    };
    draft.change(Change::OperatorKey { old: None, new: Some(key.clone()) });
    Ok(Answer::OperatorKey(key))
}

/// Forgets, if all places are taken, the key that has counted for nothing for longest.
fn make_room<T: Tables>(draft: &mut Draft<'_, T>, known: Vec<OperatorKey>) -> Result<(), Rejection> {
    if known.len() < MAX_OPERATOR_KEYS {
        return Ok(());
    }
    let at_ms = draft.at_ms;
    let ended = known.into_iter().filter_map(|key| Some((key.ended_at_ms(at_ms)?, key.id, key)));
    let (.., oldest) =
        ended.min_by_key(|&(ended_at_ms, id, _)| (ended_at_ms, id)).ok_or(RejectionCode::TooManyKeys)?;
    webhook_endpoint::remove_all_of(draft, Principal::Key(oldest.id));
    consumer_group::remove_all_of(draft, Principal::Key(oldest.id));
    draft.change(Change::OperatorKey { old: Some(oldest), new: None });
    Ok(())
}

/// Has a key count for nothing from now on. Once more changes nothing.
pub(super) fn revoke<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &RevokeOperatorKey,
) -> Result<Answer, Rejection> {
    let key = draft.tables.operator_key(c.key).ok_or(RejectionCode::NotFound)?;
    if key.revoked_at_ms.is_some() {
        return Ok(Answer::OperatorKey(key));
    }
    let revoked = OperatorKey {
        revoked_at_ms: Some(draft.at_ms),
        revoked_by: Some(draft.author.clone()),
        ..key.clone()
    };
    webhook_endpoint::remove_all_of(draft, Principal::Key(revoked.id));
    consumer_group::remove_all_of(draft, Principal::Key(revoked.id));
    draft.change(Change::OperatorKey { old: Some(key), new: Some(revoked.clone()) });
    Ok(Answer::OperatorKey(revoked))
}
