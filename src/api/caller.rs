//! Who is asking: a bearer token or the session cookie, and the session that it names. Of operators, whose bearer tokens
//! are keys, see [`operator`](super::operator).

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::consistency::{self, FOR_SESSION};
use super::operator::{UserOrOperator, asking};
use super::session_cookie;
use crate::auth::{Claims, OperatorSecret};
use crate::domain::{Actor, Answer, Asker, Command, Session, SessionId, UserId};
use crate::http::{Problem, ProblemType};
use crate::service::Service;

/// Names of the two ways to say who one is, in the API document.
const BEARER: &str = "bearer";
const COOKIE: &str = "session";

/// Somebody with an open session. An operation that takes one answers 403 to operators, who are nobody's account, and
/// 401 to everybody else.
///
/// The session was open on this replica's state; `apply` checks it again with every write.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

impl Caller {
    /// Has one of the caller's commands applied.
    pub(super) async fn ask(&self, service: &Service, command: Command) -> Result<Answer, Problem> {
        Ok(service.replica.submit(Asker::from(self), None, command).await?.result?)
    }
}

/// A caller as commands name them.
impl From<&Caller> for Asker {
    fn from(caller: &Caller) -> Self {
        Self::User(Actor { user: caller.user, session: caller.session })
    }
}

/// How somebody says who they are.
pub(super) enum Presented<'r> {
    /// By a token that names a session.
    Token(&'r str),
    /// By an operator's key.
    Key(&'r str),
}

/// Somebody, signed in or not: on public operations a bad credential counts as none, and so does an operator's key.
#[derive(Clone, Debug)]
pub(crate) struct Anyone(pub(crate) Option<Caller>);

/// The service that the request is for.
pub(super) fn service_of(request: &Request) -> Result<&Arc<Service>, Problem> {
    request
        .data::<Arc<Service>>()
        .ok_or_else(|| Problem::new(ProblemType::Internal).detail("No service is attached"))
}

/// The open session that the token names. One that began further on in the log than this replica is gets waited for.
pub(super) async fn session_of(request: &Request, token: &str) -> Result<Caller, Problem> {
    let service = service_of(request)?;
    let now_ms = service.replica.now_ms();
    let claims = service.tokens.verify(token, now_ms / 1_000).map_err(|_| bad_token())?;
    let user: UserId = claims.sub.parse().map_err(|_| bad_token())?;
    let session = claims.sid.parse().map_err(|_| bad_token())?;
    let mut open: Option<Session> = service.replica.view()?.session(session)?;
    if open.is_none() && is_of_this_epoch(&claims, service) {
        consistency::applied(service, FOR_SESSION, claims.idx, consistency::wait_until(request)).await?;
        open = service.replica.view()?.session(session)?;
    }
    open.filter(|open| now_ms < open.expires_at_ms && open.user == user)
        .map(|open| Caller { user: open.user, session: open.id })
        .ok_or_else(bad_token)
}

/// Whether the session began at its index of the log that there is now. Tokens of before there were epochs say
/// nothing about it.
fn is_of_this_epoch(claims: &Claims, service: &Service) -> bool {
    let epoch = claims.epoch.as_deref();
    epoch.is_none_or(|epoch| epoch.parse() == Ok(service.replica.epoch()))
}

/// Not signed in although there is a token: RFC 6750 tells that apart from there being none.
pub(super) fn bad_token() -> Problem {
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    Problem::new(ProblemType::NotSignedIn).header(header::WWW_AUTHENTICATE, challenge)
}

/// The token or key in the `Authorization` header, or else the token in the cookie; keys are not for browsers. A header
/// that is there but holds something else is a bad credential: the cookie does not make up for it.
pub(super) fn presented(request: &Request) -> Option<Presented<'_>> {
    if let Some(authorization) = request.headers().get(header::AUTHORIZATION) {
        let (scheme, token) = authorization.to_str().ok()?.split_once(' ')?;
        let token = scheme.eq_ignore_ascii_case(BEARER).then(|| token.trim())?;
        let is_key = OperatorSecret::is_meant_by(token);
        return Some(if is_key { Presented::Key(token) } else { Presented::Token(token) });
    }
    session_cookie::token(request.headers()).map(Presented::Token)
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(BEARER, bearer_scheme());
        registry.create_security_scheme(COOKIE, cookie_scheme());
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![BEARER, COOKIE]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        match asking(request).await? {
            UserOrOperator::User(caller) => Ok(caller),
            UserOrOperator::Operator(_) => {
                let detail = "It takes a user's session: an operator's key is nobody's account";
                Err(Problem::new(ProblemType::InsufficientScope).detail(detail).into())
            }
        }
    }
}

impl<'a> ApiExtractor<'a> for Anyone {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        Caller::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        Caller::security_schemes()
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        match asking(request).await {
            Ok(UserOrOperator::User(caller)) => Ok(Self(Some(caller))),
            Ok(UserOrOperator::Operator(_)) => Ok(Self(None)),
            Err(problem) if problem.kind() == ProblemType::NotSignedIn => Ok(Self(None)),
            Err(problem) => Err(problem.into()),
        }
    }
}

fn bearer_scheme() -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "http",
        description: Some("The `token` that signing up or in answers with"),
        name: None,
        key_in: None,
        scheme: Some(BEARER),
        bearer_format: Some("JWT"),
        flows: None,
        openid_connect_url: None,
    }
}

fn cookie_scheme() -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "apiKey",
        description: Some("The cookie that signing up or in sets"),
        name: Some(session_cookie::NAME),
        key_in: Some("cookie"),
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    }
}
