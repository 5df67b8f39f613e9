//! Samples of accounts, and of what goes with them.

use boxoffice::domain::*;

use crate::samples::{session_id, user};

pub(crate) fn account() -> User {
    User {
        id: user(),
        email: "ada@example.com".into(),
        password_hash: "$argon2id$up".into(),
        password_version: 3,
        created_at_ms: 1_790_000_000_000,
    }
}

pub(crate) fn session() -> Session {
    Session {
        id: session_id(),
        user: user(),
        created_at_ms: 1_790_000_000_000,
        expires_at_ms: 1_790_604_800_000,
        client: "curl/8".into(),
    }
}

pub(crate) fn reset_token() -> ResetToken {
    ResetToken { hash: vec![0xaa; 32], user: user(), expires_at_ms: 1_790_003_600_000, password_version: 3 }
}

pub(crate) fn signing_key() -> SigningKey {
    SigningKey {
        kid: "key-1".into(),
        public: vec![0xbb; 32],
        sealed: vec![0xcc; 48],
        created_at_ms: 1_790_000_000_000,
        retires_at_ms: Some(1_790_604_800_000),
    }
}
