//! Who looks at events, and whether they still may.

use poem::{Request, RequestBody};
use poem_openapi::registry::Registry;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::caller::{Caller, presented};
use super::operator::{Operator, UserOrOperator, asking};
use crate::domain::{Principal, Scope, Viewer};
use crate::events::Holder;
use crate::http::RequestContext;
use crate::http::throttle::network_of;
use crate::service::Service;
use crate::store::StoreError;

/// Somebody who looks at events, signed in or not. Unlike on other public operations a credential that is not good is
/// refused: whoever follows their own events has to be told when they are shown no more of them.
#[derive(Clone, Debug)]
pub(super) enum EventViewer {
    Anyone,
    User(Caller),
    Operator(Operator),
}

impl EventViewer {
    /// As filters have them.
    pub(super) fn viewer(&self) -> Viewer {
        match self {
            Self::Anyone => Viewer::Anyone,
            Self::User(caller) => Viewer::User(caller.user),
            Self::Operator(_) => Viewer::Operator,
        }
    }

    /// Whose share of the streams theirs is.
    pub(super) fn holder(&self, request: &Request) -> Option<Holder> {
        match self {
            Self::Anyone => {
                let context = request.extensions().get::<RequestContext>();
                context.and_then(RequestContext::client_address).map(network_of).map(Holder::Network)
            }
            Self::User(caller) => Some(Holder::Principal(Principal::User(caller.user))),
            Self::Operator(operator) => Some(Holder::Principal(Principal::Key(operator.key.id))),
        }
    }

    /// Whether they may still see what they could when they came: their session is open, or their key works.
    pub(super) fn still_may(&self, service: &Service) -> Result<bool, StoreError> {
        let now_ms = service.replica.now_ms();
        match self {
            Self::Anyone => Ok(true),
            Self::User(caller) => {
                let session = service.replica.view()?.session(caller.session)?;
                Ok(session.is_some_and(|open| open.user == caller.user && now_ms < open.expires_at_ms))
            }
            Self::Operator(Operator { key }) => {
                let key = service.replica.view()?.operator_key_by_hash(&key.hash)?;
                Ok(key.is_some_and(|key| key.works_at(now_ms) && key.may(Scope::EventsRead)))
            }
        }
    }
}

impl<'a> ApiExtractor<'a> for EventViewer {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        UserOrOperator::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        UserOrOperator::security_schemes()
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        if !claims_to_be_somebody(request) {
            return Ok(Self::Anyone);
        }
        match asking(request).await? {
            UserOrOperator::User(caller) => Ok(Self::User(caller)),
            UserOrOperator::Operator(operator) => {
                operator.ensure_may(Scope::EventsRead)?;
                Ok(Self::Operator(operator))
            }
        }
    }
}

/// Whether there is a credential at all, be it good or not.
fn claims_to_be_somebody(request: &Request) -> bool {
    presented(request).is_some() || request.headers().contains_key(poem::http::header::AUTHORIZATION)
}
