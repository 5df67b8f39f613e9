//! Commands about accounts and sessions.

use super::redact;
use crate::domain::id::{SessionId, UserId};

/// Makes an account and signs it in.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct SignUp {
    /// The new account's id.
    #[prost(message, required, tag = "1")]
    pub user: UserId,
    /// Normalised.
    #[prost(string, tag = "2")]
    pub email: String,
    /// In PHC form.
    #[prost(string, tag = "3")]
    pub password_hash: String,
    /// The new session's id.
    #[prost(message, required, tag = "4")]
    pub session: SessionId,
    /// How long the session lasts.
    #[prost(uint64, tag = "5")]
    pub session_ttl_ms: u64,
    /// What the client calls itself.
    #[prost(string, tag = "6")]
    pub client: String,
}

/// Opens a session for an account whose password was verified.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct SignIn {
    /// Whose password was verified.
    #[prost(message, required, tag = "1")]
    pub user: UserId,
    /// Which of the account's passwords it was.
    #[prost(uint64, tag = "2")]
    pub password_version: u64,
    /// The same password, hashed with today's parameters; only when they changed.
    #[prost(string, optional, tag = "3")]
    pub rehashed_password: Option<String>,
    /// The new session's id.
    #[prost(message, required, tag = "4")]
    pub session: SessionId,
    /// How long the session lasts.
    #[prost(uint64, tag = "5")]
    pub session_ttl_ms: u64,
    /// What the client calls itself.
    #[prost(string, tag = "6")]
    pub client: String,
}

/// Ends one of the caller's sessions.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EndSession {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub session: SessionId,
}

/// Replaces the caller's password, which was verified, and ends the other sessions.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ChangePassword {
    /// Which password was verified.
    #[prost(uint64, tag = "1")]
    pub password_version: u64,
    /// The new one, in PHC form.
    #[prost(string, tag = "2")]
    pub password_hash: String,
}

/// Makes a one-time token for an account; an operator asked for it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct IssueResetToken {
    /// Normalised.
    #[prost(string, tag = "1")]
    pub email: String,
    /// SHA-256 of the token.
    #[prost(bytes = "vec", tag = "2")]
    pub token_hash: Vec<u8>,
    /// How long the token works.
    #[prost(uint64, tag = "3")]
    pub ttl_ms: u64,
}

/// Replaces a forgotten password and ends all sessions.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ResetPassword {
    /// SHA-256 of the token.
    #[prost(bytes = "vec", tag = "1")]
    pub token_hash: Vec<u8>,
    /// The new password, in PHC form.
    #[prost(string, tag = "2")]
    pub password_hash: String,
}

/// Forgets the caller, whose password was verified.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeleteAccount {
    /// Which password was verified.
    #[prost(uint64, tag = "1")]
    pub password_version: u64,
}

redact!(SignUp, SignIn, ChangePassword, ResetPassword);
