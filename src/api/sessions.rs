//! Sessions: signing in and out, and looking after those that are open.

use std::cmp::Reverse;
use std::sync::Arc;

use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::caller::{Anyone, Caller};
use super::cookie;
use super::credentials::credential;
use super::refusal::unexpected;
use super::refused;
use super::response::NoContent;
use super::session_cookie;
use super::sign_in_guard::{SignInGuard, Verified};
use crate::auth::{Claims, NormalisedEmail, Secret};
use crate::domain::{Answer, Asker, Command, EndSession, Session, SessionId, SignIn, SignedIn};
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::json::Json;
use crate::http::timestamp::Timestamp;
use crate::http::{Problem, ProblemType, Refused};
use crate::service::Service;

/// Characters of a client's name that are kept with its session.
const MAX_CLIENT_CHARS: usize = 200;

pub(super) struct Sessions {
    pub(super) service: Arc<Service>,
    pub(super) guard: SignInGuard,
}

/// The address and password of an account
#[derive(Object)]
pub(crate) struct Credentials {
    /// As when signing up
    #[oai(validator(min_length = 1, max_length = 1024))]
    email: String,
    /// As when signing up: right, or wrong
    #[oai(validator(min_length = 1, max_length = 1024))]
    password: String,
}

/// The account that was signed in, and its bearer token.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct SignedInUser {
    /// The user's id
    id: String,
    /// Their address, as it is written in small letters
    email: String,
    /// Send it as `Authorization: Bearer …`; browsers have it as a cookie
    token: String,
    /// From when on it counts for nothing
    token_expires_at: Timestamp,
}

/// One signed-in device or program.
#[derive(Object)]
#[oai(rename = "Session", rename_all = "camelCase")]
struct SessionView {
    /// The session's id
    id: String,
    /// What the client called itself
    client: String,
    /// Whether this very request came with it
    is_current: bool,
    /// When it was opened
    created_at: Timestamp,
    /// When it ends by itself
    expires_at: Timestamp,
}

/// No more than that it was done
#[derive(Object)]
struct Nothing {}

#[derive(ApiResponse)]
enum SignedInResponse {
    /// A new session is open
    #[oai(status = 200)]
    Ok(
        Json<SignedInUser>,
        /// The `session` cookie for browsers
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[derive(ApiResponse)]
enum SignedOut {
    /// Nobody is signed in with this cookie any more
    #[oai(status = 200)]
    Ok(
        Json<Nothing>,
        /// The `session` cookie for browsers
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[derive(ApiResponse)]
enum OpenSessions {
    /// The open sessions, newest first
    #[oai(status = 200)]
    Ok(Json<Vec<SessionView>>),
}

/// The rules of addresses and passwords are for new accounts; those of an old one are simply right or wrong.
impl FromFields for Credentials {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let email = fields.required("email", credential);
        let password = fields.required("password", credential);
        Ok(Self { email: email?, password: password? })
    }
}

refused! {
    OfSignIn: 400, 401, 403, 408, 413, 415, 429;
    OfSignOut: 400, 403;
    OfReading: 400, 401, 403;
    OfEnding: 400, 401, 403, 404;
}

#[OpenApi(prefix_path = "/api/users", tag = "Tag::Users")]
impl Sessions {
    /// Sign in
    ///
    /// Opens one more session. An unknown address and a wrong password get the same answer.
    #[oai(path = "/signin", method = "post", operation_id = "signIn")]
    async fn sign_in(
        &self,
        request: &Request,
        body: Body<Credentials>,
    ) -> Result<SignedInResponse, Refused<OfSignIn>> {
        let (user, cookie) = sign_in(&self.guard, request, body.0).await?;
        Ok(SignedInResponse::Ok(Json(user), cookie))
    }

    /// Sign out
    ///
    /// Ends the session that the request came with, if it came with one, and clears the cookie.
    #[oai(path = "/signout", method = "post", operation_id = "signOut")]
    async fn sign_out(&self, request: &Request, caller: Anyone) -> Result<SignedOut, Refused<OfSignOut>> {
        let cookie = sign_out(&self.service, request, &caller).await?;
        Ok(SignedOut::Ok(Json(Nothing {}), cookie))
    }

    /// List my sessions
    ///
    /// The devices and programs that are signed in, newest first.
    #[oai(path = "/sessions", method = "get", operation_id = "listSessions")]
    async fn list(&self, caller: Caller) -> Result<OpenSessions, Refused<OfReading>> {
        let sessions = open_sessions(&self.service, &caller)?;
        let sessions = sessions.into_iter().map(|session| SessionView::new(session, &caller));
        Ok(OpenSessions::Ok(Json(sessions.collect())))
    }

    /// End one of my sessions
    ///
    /// Its token counts for nothing from then on; it may be the one that asks.
    #[oai(path = "/sessions/:id", method = "delete", operation_id = "endSession")]
    async fn end(
        &self,
        caller: Caller,
        /// The session's id
        id: Path<String>,
    ) -> Result<NoContent, Refused<OfEnding>> {
        end(&self.service, &caller, &id).await?;
        Ok(NoContent::Done)
    }
}

/// Opens one more session; returns what a program gets, and the cookie.
pub(crate) async fn sign_in(
    guard: &SignInGuard,
    request: &Request,
    Credentials { email, password }: Credentials,
) -> Result<(SignedInUser, String), Problem> {
    guard.check_address(request)?;
    let service = guard.service();
    let email = NormalisedEmail::parse(&email).map_err(|_| ProblemType::BadCredentials)?;
    let verified = guard.verify(&email, password.clone()).await?;
    let Verified { user, needs_rehash } = verified.ok_or(ProblemType::BadCredentials)?;
    let rehashed_password = match needs_rehash {
        true => Some(service.hasher.hash(Secret::new(password)).await?),
        false => None,
    };
    let command = SignIn {
        user: user.id,
        password_version: user.password_version,
        rehashed_password,
        session: SessionId::from_uuid(Uuid::now_v7()),
        session_ttl_ms: service.rules.session_ttl_ms(),
        client: client_name(request),
    };
    open_session(service, request, Command::SignIn(command)).await
}

/// Ends the session that the request came with, if it came with one; returns the cookie that clears its own.
pub(crate) async fn sign_out(
    service: &Service,
    request: &Request,
    caller: &Anyone,
) -> Result<String, Problem> {
    if let Some(caller) = &caller.0 {
        let end = Command::EndSession(EndSession { session: caller.session });
        unless_ended(caller.ask(service, end).await)?;
    }
    Ok(session_cookie::clear(cookie::is_secure(request.headers())))
}

/// The caller's open sessions, newest first.
pub(crate) fn open_sessions(service: &Service, caller: &Caller) -> Result<Vec<Session>, Problem> {
    let now_ms = service.replica.now_ms();
    let mut sessions = service.replica.view()?.sessions_of(caller.user)?;
    sessions.retain(|session| now_ms < session.expires_at_ms);
    sessions.sort_by_key(|session| Reverse((session.created_at_ms, session.id)));
    Ok(sessions)
}

/// Ends one of the caller's sessions.
pub(crate) async fn end(service: &Service, caller: &Caller, id: &str) -> Result<(), Problem> {
    let end = Command::EndSession(EndSession { session: id.parse()? });
    caller.ask(service, end).await?;
    Ok(())
}

impl SessionView {
    fn new(session: Session, caller: &Caller) -> Self {
        Self {
            id: session.id.to_string(),
            client: session.client,
            is_current: session.id == caller.session,
            created_at: Timestamp { unix_ms: session.created_at_ms },
            expires_at: Timestamp { unix_ms: session.expires_at_ms },
        }
    }
}

/// Has a session opened by signing up or in; returns what the client gets, and the cookie.
pub(super) async fn open_session(
    service: &Service,
    request: &Request,
    command: Command,
) -> Result<(SignedInUser, String), Problem> {
    let submitted = service.replica.submit(Asker::Nobody, None, command).await?;
    let answer = submitted.result?;
    let Answer::SignedIn(signed_in) = answer else { return Err(unexpected(&answer)) };
    let SignedIn { user, email, session } = signed_in;
    let expires_at_s = session.expires_at_ms / 1_000;
    let created_at_s = session.created_at_ms / 1_000;
    let claims = Claims {
        sub: user.to_string(),
        sid: session.id.to_string(),
        iat: created_at_s,
        exp: expires_at_s,
        idx: submitted.index,
        epoch: Some(service.replica.epoch().to_string()),
    };
    let token = service.tokens.issue(&claims);
    let is_secure = cookie::is_secure(request.headers());
    let cookie = session_cookie::set(&token, expires_at_s.saturating_sub(created_at_s), is_secure);
    let token_expires_at = Timestamp { unix_ms: expires_at_s * 1_000 };
    Ok((SignedInUser { id: user.to_string(), email, token, token_expires_at }, cookie))
}

/// What a client calls itself.
pub(super) fn client_name(request: &Request) -> String {
    request.header("user-agent").unwrap_or_default().chars().take(MAX_CLIENT_CHARS).collect()
}

/// Somebody else may have ended the session at the same moment: that is all that was wanted.
fn unless_ended(asked: Result<Answer, Problem>) -> Result<(), Problem> {
    match asked {
        Err(problem) if !matches!(problem.kind(), ProblemType::NotSignedIn | ProblemType::NotFound) => {
            Err(problem)
        }
        _ => Ok(()),
    }
}
