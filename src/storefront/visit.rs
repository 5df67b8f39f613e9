//! One request for a page, and who makes it.

use std::sync::Arc;

use poem::endpoint::make;
use poem::http::HeaderMap;
use poem::{Endpoint, Request, Response};

use super::layout::Layout;
use super::local_path::sign_in_for;
use super::{answer, back, done};
use crate::api::Shared;
use crate::api::caller::{Anyone, Caller};
use crate::api::operator::{UserOrOperator, asking};
use crate::api::{session_cookie, users};
use crate::http::form::Form;
use crate::http::{Problem, ProblemType, RequestContext};
use crate::service::Service;

/// What pages are made from.
pub(super) struct Shop {
    pub(super) shared: Shared,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) caller: Caller,
    pub(super) email: String,
}

/// The page that a request is about.
#[derive(Clone, Debug)]
pub(super) struct Page(pub(super) String);

/// A request for a page.
pub(super) struct Visit {
    pub(super) shop: Arc<Shop>,
    pub(super) request: Request,
    /// Who asks, if they are signed in.
    pub(super) visitor: Option<Visitor>,
}

impl Shop {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared }
    }
}

/// An endpoint that shows what the handler makes of a visit.
pub(super) fn shown<H, F>(shop: &Arc<Shop>, handler: H) -> impl Endpoint<Output = Response> + 'static
where
    H: Fn(Visit) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response, Problem>> + Send,
{
    let shop = shop.clone();
    make(move |request| {
        let (shop, handler) = (shop.clone(), handler.clone());
        async move {
            let page = Page(back::page_of(request.uri().path()).to_owned());
            let visit = Visit::begin(shop, request).await?;
            let visitor = visit.visitor.clone();
            handler(visit).await.map_err(|problem| {
                let mut error = poem::Error::from(problem);
                error.set_data(page);
                if let Some(visitor) = visitor {
                    // Whoever shows it as a page knows whose it is.
                    error.set_data(visitor);
                }
                error
            })
        }
    })
}

impl Visit {
    async fn begin(shop: Arc<Shop>, mut request: Request) -> Result<Self, Problem> {
        request.extensions_mut().insert(shop.shared.service.clone());
        let anyone = match asking(&request).await {
            Ok(UserOrOperator::User(caller)) => Anyone(Some(caller)),
            // As on the API's public operations: an operator's key is nobody's account.
            Ok(UserOrOperator::Operator(_)) => Anyone(None),
            Err(problem) if problem.kind() == ProblemType::NotSignedIn => Anyone(None),
            Err(problem) => return Err(problem),
        };
        let user = users::current(&shop.shared.service, &anyone)?;
        let visitor = anyone.0.zip(user).map(|(caller, user)| Visitor { caller, email: user.email });
        Ok(Self { shop, request, visitor })
    }

    pub(super) fn service(&self) -> &Service {
        &self.shop.shared.service
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The account that asks.
    pub(super) fn caller(&self) -> Option<&Caller> {
        self.visitor.as_ref().map(|visitor| &visitor.caller)
    }

    /// The same, for what takes one.
    pub(super) fn signed_in(&self) -> Result<Caller, Problem> {
        self.caller().cloned().ok_or_else(|| ProblemType::NotSignedIn.into())
    }

    /// Whether nobody else may be shown the same page: who has a session's cookie may be signed in elsewhere.
    pub(super) fn is_private(&self) -> bool {
        self.visitor.is_some() || session_cookie::token(self.headers()).is_some()
    }

    /// The thing that the path names.
    pub(super) fn id(&self) -> String {
        self.request.raw_path_param("id").unwrap_or_default().to_owned()
    }

    /// What the query says after the question mark.
    pub(super) fn query(&self) -> &str {
        self.request.uri().query().unwrap_or_default()
    }

    /// Path and query, for coming back.
    pub(super) fn address(&self) -> &str {
        self.request.uri().path_and_query().map_or("/", |address| address.as_str())
    }

    /// Takes what the page's form sent.
    pub(super) async fn form(&mut self) -> Result<Form, Problem> {
        Form::of(&mut self.request).await
    }

    /// Scheme and host by which the visitor knows this service; none if they do not say.
    pub(super) fn origin(&self) -> Option<String> {
        let host = self.request.uri().authority().map(|authority| authority.as_str());
        let host = host.or_else(|| self.request.header("host")).filter(|host| !host.is_empty())?;
        let context = self.request.data::<RequestContext>();
        let scheme = if context.is_some_and(RequestContext::is_https) { "https" } else { "http" };
        Some(format!("{scheme}://{host}"))
    }

    /// What the page before did, as the query says: anybody may write that.
    pub(super) fn done(&self) -> Option<String> {
        Form::in_query(self.query()).get("done").map(str::to_owned)
    }

    /// What surrounds every page.
    pub(super) fn layout(&self, title: impl Into<String>) -> Layout {
        let age_ms = self.service().replica.age_ms();
        let mut layout = Layout::new(title.into(), self.visitor.as_ref(), self.request.uri().path(), age_ms);
        let path = self.request.uri().path();
        layout.done = self.done().and_then(|done| done::on_page(&done, path, self.visitor.is_some()));
        layout
    }

    /// Sends whoever is not signed in to sign in first, and then back.
    pub(super) fn to_sign_in(&self) -> Result<Response, Problem> {
        answer::see_other(&sign_in_for(self.address()))
    }
}
