//! Accounts, their sessions, and one-time tokens for a forgotten password.

use super::asker::Principal;
use super::command::{
    Actor, ChangePassword, DeleteAccount, EndSession, IssueResetToken, ResetPassword, SignIn, SignUp,
};
use super::consumer_group;
use super::draft::Draft;
use super::id::{SessionId, UserId};
use super::rejection::{Rejection, RejectionCode};
use super::reply::{Answer, SignedIn};
use super::tables::{Change, Tables};
use super::webhook_endpoint;

/// Sessions that one account may have at once; signing in once more ends the oldest.
pub const MAX_SESSIONS_PER_USER: usize = 100;

/// Somebody who can sign in.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct User {
    /// The account's name, for ever.
    #[prost(message, required, tag = "1")]
    pub id: UserId,
    /// Normalised before the command; unique.
    #[prost(string, tag = "2")]
    pub email: String,
    /// An argon2id hash in PHC form.
    #[prost(string, tag = "3")]
    pub password_hash: String,
    /// Rises with each new password, so that a sign-in begun with the old one fails.
    #[prost(uint64, tag = "4")]
    pub password_version: u64,
    /// When the account was made, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "5")]
    pub created_at_ms: u64,
}

impl std::fmt::Debug for User {
    /// Leaves the hash and the address out: both end in logs otherwise.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

/// One signed-in device or program.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Session {
    /// Named by the bearer token.
    #[prost(message, required, tag = "1")]
    pub id: SessionId,
    /// Whose it is.
    #[prost(message, required, tag = "2")]
    pub user: UserId,
    /// When it began, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "3")]
    pub created_at_ms: u64,
    /// From when on it counts for nothing, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "4")]
    pub expires_at_ms: u64,
    /// What the client called itself, to recognise it in a list.
    #[prost(string, tag = "5")]
    pub client: String,
}

/// Lets somebody who forgot the password set another one, once.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ResetToken {
    /// SHA-256 of the token: the state never holds the token itself.
    #[prost(bytes = "vec", tag = "1")]
    pub hash: Vec<u8>,
    /// Whose password it resets.
    #[prost(message, required, tag = "2")]
    pub user: UserId,
    /// From when on it counts for nothing, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "3")]
    pub expires_at_ms: u64,
    /// Which of the account's passwords was forgotten: with any other one the token counts for nothing.
    #[prost(uint64, tag = "4")]
    pub password_version: u64,
}

pub(super) fn sign_up<T: Tables>(draft: &mut Draft<'_, T>, c: &SignUp) -> Result<Answer, Rejection> {
    if draft.tables.user_by_email(&c.email).is_some() {
        return Err(RejectionCode::EmailTaken.into());
    }
    if draft.tables.user(c.user).is_some() {
        return Err(Rejection::internal("the new account's id is taken"));
    }
    let user = User {
        id: c.user,
        email: c.email.clone(),
        password_hash: c.password_hash.clone(),
        password_version: 1,
        created_at_ms: draft.at_ms,
    };
    draft.change(Change::User { old: None, new: Some(user.clone()) });
    open_session(draft, &user, c.session, c.session_ttl_ms, &c.client)
}

pub(super) fn sign_in<T: Tables>(draft: &mut Draft<'_, T>, c: &SignIn) -> Result<Answer, Rejection> {
    let user = draft
        .tables
        .user(c.user)
        .filter(|user| user.password_version == c.password_version)
        .ok_or(RejectionCode::BadCredentials)?;
    if let Some(rehash) = &c.rehashed_password {
        let stronger = User { password_hash: rehash.clone(), ..user.clone() };
        draft.change(Change::User { old: Some(user.clone()), new: Some(stronger) });
    }
    drop_oldest_session(draft, user.id);
    open_session(draft, &user, c.session, c.session_ttl_ms, &c.client)
}

pub(super) fn end_session<T: Tables>(
    draft: &mut Draft<'_, T>,
    user: UserId,
    c: &EndSession,
) -> Result<Answer, Rejection> {
    let session = draft
        .tables
        .session(c.session)
        .filter(|session| session.user == user)
        .ok_or(RejectionCode::NotFound)?;
    draft.change(Change::Session { old: Some(session), new: None });
    Ok(Answer::Done(()))
}

pub(super) fn change_password<T: Tables>(
    draft: &mut Draft<'_, T>,
    Actor { user, session: kept_session }: Actor,
    c: &ChangePassword,
) -> Result<Answer, Rejection> {
    let user = with_password_version(draft, user, c.password_version)?;
    set_password(draft, user, &c.password_hash, Some(kept_session));
    Ok(Answer::Done(()))
}

pub(super) fn issue_reset_token<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &IssueResetToken,
) -> Result<Answer, Rejection> {
    let user = draft.tables.user_by_email(&c.email).and_then(|user| draft.tables.user(user));
    let user = user.ok_or(RejectionCode::NotFound)?;
    let token = ResetToken {
        hash: c.token_hash.clone(),
        user: user.id,
        expires_at_ms: draft.at_ms.saturating_add(c.ttl_ms),
        password_version: user.password_version,
    };
    draft.change(Change::ResetToken { old: None, new: Some(token) });
    Ok(Answer::Done(()))
}

pub(super) fn reset_password<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &ResetPassword,
) -> Result<Answer, Rejection> {
    let token = draft
        .tables
        .reset_token(&c.token_hash)
        .filter(|token| draft.at_ms < token.expires_at_ms)
        .ok_or(RejectionCode::BadCredentials)?;
    let user = with_password_version(draft, token.user, token.password_version)?;
    draft.change(Change::ResetToken { old: Some(token), new: None });
    set_password(draft, user, &c.password_hash, None);
    Ok(Answer::Done(()))
}

/// Forgets the person. What they still offer is taken off sale by [`super::upkeep`], in bounded steps;
/// until then nobody can order it.
pub(super) fn delete_account<T: Tables>(
    draft: &mut Draft<'_, T>,
    user: UserId,
    c: &DeleteAccount,
) -> Result<Answer, Rejection> {
    let user = with_password_version(draft, user, c.password_version)?;
    if draft.tables.has_open_orders(user.id) || draft.tables.has_reserved_tickets(user.id) {
        return Err(RejectionCode::AccountInUse.into());
    }
    end_sessions(draft, user.id, None);
    webhook_endpoint::remove_all_of(draft, Principal::User(user.id));
    consumer_group::remove_all_of(draft, Principal::User(user.id));
    draft.change(Change::Departed { user: user.id, departed: true });
    draft.change(Change::User { old: Some(user), new: None });
    Ok(Answer::Done(()))
}

fn with_password_version<T: Tables>(
    draft: &Draft<'_, T>,
    user: UserId,
    password_version: u64,
) -> Result<User, Rejection> {
    draft
        .tables
        .user(user)
        .filter(|user| user.password_version == password_version)
        .ok_or_else(|| RejectionCode::BadCredentials.into())
}

fn set_password<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: User,
    password_hash: &str,
    kept_session: Option<SessionId>,
) {
    let new = User {
        password_hash: password_hash.to_owned(),
        password_version: old.password_version.saturating_add(1),
        ..old.clone()
    };
    end_sessions(draft, old.id, kept_session);
    draft.change(Change::User { old: Some(old), new: Some(new) });
}

fn open_session<T: Tables>(
    draft: &mut Draft<'_, T>,
    user: &User,
    id: SessionId,
    ttl_ms: u64,
    client: &str,
) -> Result<Answer, Rejection> {
    if draft.tables.session(id).is_some() {
        return Err(Rejection::internal("the new session's id is taken"));
    }
    let session = Session {
        id,
        user: user.id,
        created_at_ms: draft.at_ms,
        expires_at_ms: draft.at_ms.saturating_add(ttl_ms),
        client: client.to_owned(),
    };
    draft.change(Change::Session { old: None, new: Some(session.clone()) });
    Ok(Answer::SignedIn(SignedIn { user: user.id, email: user.email.clone(), session }))
}

fn end_sessions<T: Tables>(draft: &mut Draft<'_, T>, user: UserId, kept: Option<SessionId>) {
    for session in draft.tables.sessions_of(user) {
        if Some(session.id) != kept {
            draft.change(Change::Session { old: Some(session), new: None });
        }
    }
}

fn drop_oldest_session<T: Tables>(draft: &mut Draft<'_, T>, user: UserId) {
    let sessions = draft.tables.sessions_of(user);
    if sessions.len() >= MAX_SESSIONS_PER_USER {
        let oldest = sessions.into_iter().min_by_key(|session| (session.created_at_ms, session.id));
        if let Some(oldest) = oldest {
            draft.change(Change::Session { old: Some(oldest), new: None });
        }
    }
}
