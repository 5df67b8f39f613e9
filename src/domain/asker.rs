//! Who asks for a change: as a request claims, as the state knows them, and as what is kept of the change says.

use super::command::{Actor, Envelope};
use super::id::{OperatorKeyId, UserId};
use super::operator_key::OperatorKey;
use super::rejection::{Rejection, RejectionCode};
use super::tables::Tables;

/// Who asks for a change, as their credential says. `apply` believes none of it before it has looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asker {
    /// The service itself, its operator on one of its machines, or somebody who is not signed in (yet).
    Nobody,
    /// Somebody with a session.
    User(Actor),
    /// An operator, by this key.
    Key(OperatorKeyId),
}

/// Whose idempotency keys are whose: each caller's are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// An account, whichever of its sessions.
    User(UserId),
    /// An operator's key.
    Key(OperatorKeyId),
}

/// Who made a change, as what is kept of it says; neither the account nor the key need be there any more.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Author {
    /// Absent: the service itself, or its operator on one of its machines.
    #[prost(oneof = "AuthorKind", tags = "1, 2")]
    pub kind: Option<AuthorKind>,
}

/// Who made a change.
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum AuthorKind {
    /// This account.
    #[prost(message, tag = "1")]
    User(UserId),
    /// An operator, by this key.
    #[prost(message, tag = "2")]
    Key(KeyAuthor),
}

/// The key by which an operator made a change.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct KeyAuthor {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub key: OperatorKeyId,
    /// What it is called.
    #[prost(string, tag = "2")]
    pub label: String,
}

/// Who asks, as the state knows them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Party {
    Nobody,
    User(Actor),
    Operator(OperatorKey),
}

impl Author {
    /// The operator's key by which it was done, if it was by one.
    pub fn key(&self) -> Option<OperatorKeyId> {
        match &self.kind {
            Some(AuthorKind::Key(by)) => Some(by.key),
            Some(AuthorKind::User(_)) | None => None,
        }
    }
}

impl From<Option<Actor>> for Asker {
    fn from(actor: Option<Actor>) -> Self {
        actor.map_or(Self::Nobody, Self::User)
    }
}

impl Asker {
    /// The feature level from which on somebody like this may ask for something: before it, there are replicas that
    /// would take an operator for the service itself.
    pub fn since_level(self) -> u32 {
        match self {
            Self::Nobody | Self::User(_) => 1,
            Self::Key(_) => 2,
        }
    }

    /// Whose idempotency keys count, if they may have any.
    pub fn principal(self) -> Option<Principal> {
        match self {
            Self::Nobody => None,
            Self::User(actor) => Some(Principal::User(actor.user)),
            Self::Key(key) => Some(Principal::Key(key)),
        }
    }

    /// An envelope's fields for who asks.
    pub fn to_fields(self) -> (Option<Actor>, Option<OperatorKeyId>) {
        match self {
            Self::Nobody => (None, None),
            Self::User(actor) => (Some(actor), None),
            Self::Key(key) => (None, Some(key)),
        }
    }

    fn of(envelope: &Envelope) -> Result<Self, Rejection> {
        match (envelope.actor, envelope.operator_key) {
            (None, None) => Ok(Self::Nobody),
            (Some(actor), None) => Ok(Self::User(actor)),
            (None, Some(key)) => Ok(Self::Key(key)),
            (Some(_), Some(_)) => Err(Rejection::internal("a user and an operator's key ask at once")),
        }
    }
}

impl Principal {
    /// Its bytes. No user has those of a key: both are made at random.
    pub fn to_bytes(self) -> [u8; 16] {
        match self {
            Self::User(user) => user.to_bytes(),
            Self::Key(key) => key.to_bytes(),
        }
    }
}

impl Party {
    /// Who asks, if they still may ask for anything: an ended session or a revoked key can do nothing more.
    pub(super) fn of<T: Tables>(tables: &T, envelope: &Envelope, at_ms: u64) -> Result<Self, Rejection> {
        let party = match Asker::of(envelope)? {
            Asker::Nobody => Some(Self::Nobody),
            Asker::User(actor) => tables
                .session(actor.session)
                .filter(|session| session.user == actor.user && at_ms < session.expires_at_ms)
                .map(|_| Self::User(actor)),
            Asker::Key(key) => tables.operator_key(key).filter(|key| key.works_at(at_ms)).map(Self::Operator),
        };
        party.ok_or_else(|| RejectionCode::NotSignedIn.into())
    }

    fn asker(&self) -> Asker {
        match self {
            Self::Nobody => Asker::Nobody,
            Self::User(actor) => Asker::User(*actor),
            Self::Operator(key) => Asker::Key(key.id),
        }
    }

    /// Whose idempotency keys count, if they may have any.
    pub(super) fn principal(&self) -> Option<Principal> {
        self.asker().principal()
    }

    pub(super) fn author(&self) -> Author {
        let kind = match self {
            Self::Nobody => None,
            Self::User(actor) => Some(AuthorKind::User(actor.user)),
            Self::Operator(key) => Some(AuthorKind::Key(KeyAuthor { key: key.id, label: key.label.clone() })),
        };
        Author { kind }
    }
}
