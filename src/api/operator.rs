//! Operators: whoever presents a key that works. They act for others as far as its scopes go, and are nobody's account.

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::caller::{Caller, Presented, bad_token, presented, service_of, session_of};
use crate::auth::OperatorSecretHash;
use crate::domain::{Answer, Asker, Command, OperatorKey, Scope, UserId};
use crate::http::{Problem, ProblemType};
use crate::service::Service;

/// The name in the API document of the way in which operators say who they are.
const OPERATOR_KEY: &str = "operatorKey";

/// Somebody with an operator's key. An operation that takes one answers 403 to users, and 401 to everybody else.
///
/// The key worked on this replica's state; `apply` checks it again with every write.
#[derive(Clone, Debug)]
pub(crate) struct Operator {
    pub(crate) key: OperatorKey,
}

/// Somebody with an open session, or an operator; everybody else gets a 401.
#[derive(Clone, Debug)]
pub(crate) enum UserOrOperator {
    User(Caller),
    Operator(Operator),
}

impl Operator {
    /// Whose secret this is.
    pub(super) fn of(service: &Service, secret: &str) -> Result<Self, Problem> {
        let refused = |problem: Problem| {
            service.metrics.operator_keys_refused.inc();
            problem
        };
        let hash = OperatorSecretHash::of(secret)
            .ok_or_else(|| refused(bad_token().detail("The key was cut or mistyped")))?;
        let key = service.replica.view()?.operator_key_by_hash(hash.as_bytes())?;
        let key = key.filter(|key| key.works_at(service.replica.now_ms()));
        key.map(|key| Self { key }).ok_or_else(|| refused(bad_token()))
    }

    /// Refuses what the key is not good for.
    pub(super) fn ensure_may(&self, scope: Scope) -> Result<(), Problem> {
        self.ensure_may_any(&[scope])
    }

    /// The same for what any of these scopes is enough for.
    fn ensure_may_any(&self, scopes: &[Scope]) -> Result<(), Problem> {
        if scopes.iter().any(|scope| self.key.may(*scope)) {
            return Ok(());
        }
        let names: Vec<_> = scopes.iter().map(|scope| scope.name()).collect();
        let detail = format!("The key lacks the scope {}", names.join(" or "));
        Err(Problem::new(ProblemType::InsufficientScope).detail(detail))
    }

    /// Has one of the operator's commands applied.
    pub(super) async fn ask(&self, service: &Service, command: Command) -> Result<Answer, Problem> {
        Ok(service.replica.submit(Asker::Key(self.key.id), None, command).await?.result?)
    }
}

/// Whoever asks as commands name them.
impl From<&UserOrOperator> for Asker {
    fn from(asker: &UserOrOperator) -> Self {
        match asker {
            UserOrOperator::User(caller) => caller.into(),
            UserOrOperator::Operator(operator) => Self::Key(operator.key.id),
        }
    }
}

impl UserOrOperator {
    /// Refuses operators whose key has none of the scopes. Ask before looking: they are told what their key lacks, and not
    /// what there is.
    pub(super) fn ensure_scope(&self, scopes: &[Scope]) -> Result<(), Problem> {
        match self {
            Self::User(_) => Ok(()),
            Self::Operator(operator) => operator.ensure_may_any(scopes),
        }
    }

    /// Refuses users what belongs to none of them, as if it were not there.
    pub(super) fn ensure_among(&self, owners: &[UserId]) -> Result<(), Problem> {
        match self {
            Self::User(caller) if !owners.contains(&caller.user) => Err(ProblemType::NotFound.into()),
            Self::User(_) | Self::Operator(_) => Ok(()),
        }
    }
}

impl<'a> ApiExtractor<'a> for Operator {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(OPERATOR_KEY, key_scheme());
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![OPERATOR_KEY]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        match asking(request).await? {
            UserOrOperator::Operator(operator) => Ok(operator),
            UserOrOperator::User(_) => {
                Err(Problem::new(ProblemType::Forbidden).detail("It takes an operator's key").into())
            }
        }
    }
}

impl<'a> ApiExtractor<'a> for UserOrOperator {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        Caller::register(registry);
        Operator::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        [Caller::security_schemes(), Operator::security_schemes()].concat()
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(asking(request).await?)
    }
}

/// Who asks, if their credential is good.
pub(crate) async fn asking(request: &Request) -> Result<UserOrOperator, Problem> {
    match presented(request).ok_or(ProblemType::NotSignedIn)? {
        Presented::Key(secret) => Operator::of(service_of(request)?, secret).map(UserOrOperator::Operator),
        Presented::Token(token) => session_of(request, token).await.map(UserOrOperator::User),
    }
}

fn key_scheme() -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "http",
        description: Some(
            "An operator's key, made by `boxoffice keys create` or `POST /api/keys`. What it is good for is in its scopes",
        ),
        name: None,
        key_in: None,
        scheme: Some("bearer"),
        bearer_format: Some("bxk_…"),
        flows: None,
        openid_connect_url: None,
    }
}
