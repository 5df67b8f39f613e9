//! Endpoints of webhooks: who wants to be told of events, and where.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::event_view::EventTypeName;
use super::operator::UserOrOperator;
use super::refusal::unexpected;
use super::response::{NoContent, Page};
use super::webhook_input::{Resend, ResendInput, WebhookChange, WebhookInput};
use super::webhook_view::{AttemptView, WebhookView, WebhookWithSecret};
use super::{Tag, paging, refused};
use crate::auth::{NoRandomness, WebhookSecret};
use crate::domain::{
    Answer, Asker, Command, CreateWebhookEndpoint, DeleteWebhookEndpoint, EndpointTypes, Principal,
    ResendEvents, ResendWhat, RotateWebhookSecret, Scope, SendWebhookTest, UpdateWebhookEndpoint,
    WebhookEndpoint, WebhookEndpointId, WebhookTestId,
};
use crate::http::input::Body;
use crate::http::json::Json;
use crate::http::query::Unchecked;
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::replica::EventPosition;
use crate::service::Service;

/// For how long the secret before signs as well: a day, in which all receivers learn the new one.
const PREVIOUS_SECRET_TTL_MS: u64 = 24 * 60 * 60 * 1_000;

/// Tells the cursors of attempts apart from those of other lists.
const LIST: u8 = b'w';

pub(super) struct WebhookEndpoints {
    pub(super) service: Arc<Service>,
}

/// A test that will be sent
#[derive(Object)]
#[oai(rename = "WebhookTest", rename_all = "camelCase")]
struct TestView {
    /// The test's id, as the endpoint is shown it and its attempt is listed
    event_id: String,
}

#[derive(ApiResponse)]
enum Made {
    /// It is told of what happens from now on
    #[oai(status = 201)]
    Created(
        Json<WebhookWithSecret>,
        /// Where it can be looked up
        #[oai(header = "Location")]
        String,
    ),
}

#[derive(ApiResponse)]
enum One {
    /// As it is now
    #[oai(status = 200)]
    Ok(Json<WebhookView>),
}

#[derive(ApiResponse)]
enum Rotated {
    /// Messages are signed with both secrets for a day, and with the new one alone then
    #[oai(status = 200)]
    Ok(Json<WebhookWithSecret>),
}

#[derive(ApiResponse)]
enum All {
    /// My endpoints, oldest first
    #[oai(status = 200)]
    Ok(Json<Vec<WebhookView>>),
}

#[derive(ApiResponse)]
enum Resent {
    /// They are sent in the order in which they happened: look at the attempts
    #[oai(status = 202)]
    Accepted(Json<WebhookView>),
}

#[derive(ApiResponse)]
enum Tested {
    /// It is sent in a moment: look at the attempts
    #[oai(status = 202)]
    Accepted(Json<TestView>),
}

refused! {
    OfMaking: 400, 401, 403, 408, 409, 413, 415;
    OfListing: 400, 401, 403;
    OfFinding: 400, 401, 403, 404;
    OfChanging: 400, 401, 403, 404, 408, 413, 415;
    OfTesting: 400, 401, 403, 404, 409;
    OfResending: 400, 401, 403, 404, 408, 409, 413, 415;
}

#[OpenApi(prefix_path = "/api/webhooks", tag = "Tag::Webhooks")]
impl WebhookEndpoints {
    /// Be told of events
    ///
    /// Of those that you may see: of tickets, and of your own orders and payments; of all with an operator's key that has
    /// the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is answered 2xx
    /// within 10 seconds: at least once, and for three days at most. The secret is in this answer and nowhere else, so that
    /// there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.
    #[oai(path = "/", method = "post", operation_id = "createWebhook")]
    async fn create(
        &self,
        asker: UserOrOperator,
        body: Body<WebhookInput>,
    ) -> Result<Made, Refused<OfMaking>> {
        ensure_may(&asker)?;
        let WebhookInput { url, types } = body.0;
        self.ensure_allowed(&url)?;
        let id = WebhookEndpointId::from_uuid(Uuid::now_v7());
        let (secret, sealed_secret) = self.new_secret(id)?;
        let create = CreateWebhookEndpoint { endpoint: id, url, types: numbers(types), sealed_secret };
        let webhook = self.ask(&asker, Command::CreateWebhookEndpoint(create)).await?;
        tracing::info!(endpoint = %id, "an endpoint of webhooks was made");
        let location = format!("/api/webhooks/{id}");
        Ok(Made::Created(Json(WebhookWithSecret { webhook, secret }), location))
    }

    /// List my endpoints
    ///
    /// Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
    /// endpoints.
    #[oai(path = "/", method = "get", operation_id = "listWebhooks")]
    async fn list(&self, asker: UserOrOperator) -> Result<All, Refused<OfListing>> {
        let owner = ensure_may(&asker)?;
        let endpoints = self.service.replica.view()?.webhook_endpoints_of(owner)?;
        let view = |endpoint| WebhookView::new(endpoint, &self.service.replica);
        Ok(All::Ok(Json(endpoints.into_iter().map(view).collect())))
    }

    /// Show one of my endpoints
    ///
    /// And how it fares: what waits for it, and since when it fails if it does.
    #[oai(path = "/:id", method = "get", operation_id = "getWebhook")]
    async fn get(
        &self,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
    ) -> Result<One, Refused<OfFinding>> {
        let endpoint = self.owned(&asker, &id)?;
        Ok(One::Ok(Json(WebhookView::new(endpoint, &self.service.replica))))
    }

    /// Change one of my endpoints
    ///
    /// Whoever gives it another URL, or enables it, has what waits tried at once.
    #[oai(path = "/:id", method = "patch", operation_id = "updateWebhook")]
    async fn update(
        &self,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
        body: Body<WebhookChange>,
    ) -> Result<One, Refused<OfChanging>> {
        let endpoint = self.owned(&asker, &id)?.id;
        let WebhookChange { url, types, enabled } = body.0;
        url.iter().try_for_each(|url| self.ensure_allowed(url))?;
        let types = types.map(|types| EndpointTypes { types: numbers(Some(types)) });
        let update = UpdateWebhookEndpoint { endpoint, url, types, enabled };
        Ok(One::Ok(Json(self.ask(&asker, Command::UpdateWebhookEndpoint(update)).await?)))
    }

    /// Remove one of my endpoints
    ///
    /// With all that waits for it, and its attempts.
    #[oai(path = "/:id", method = "delete", operation_id = "deleteWebhook")]
    async fn delete(
        &self,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
    ) -> Result<NoContent, Refused<OfFinding>> {
        ensure_may(&asker)?;
        let delete = Command::DeleteWebhookEndpoint(DeleteWebhookEndpoint { endpoint: id.parse()? });
        self.service.replica.submit(&asker, None, delete).await?.result?;
        Ok(NoContent::Done)
    }

    /// Replace an endpoint's secret
    ///
    /// For a day messages are signed with both. The new secret is in this answer and nowhere else; whoever lost it replaces
    /// it once more, and the one before the last counts no longer then.
    #[oai(path = "/:id/rotate-secret", method = "post", operation_id = "rotateWebhookSecret")]
    async fn rotate(
        &self,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
    ) -> Result<Rotated, Refused<OfFinding>> {
        let endpoint = self.owned(&asker, &id)?.id;
        let (secret, sealed_secret) = self.new_secret(endpoint)?;
        let rotate = RotateWebhookSecret { endpoint, sealed_secret, previous_ttl_ms: PREVIOUS_SECRET_TTL_MS };
        let webhook = self.ask(&asker, Command::RotateWebhookSecret(rotate)).await?;
        tracing::info!(%endpoint, "the secret of an endpoint of webhooks was replaced");
        Ok(Rotated::Ok(Json(WebhookWithSecret { webhook, secret })))
    }

    /// List the latest attempts to send something to an endpoint, newest first
    ///
    /// The newest hundred are kept.
    #[oai(path = "/:id/attempts", method = "get", operation_id = "listWebhookAttempts")]
    async fn attempts(
        &self,
        request: &Request,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended: from its `Link`
        #[oai(validator(pattern = "^[A-Za-z0-9_-]*$"))]
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<AttemptView>, Refused<OfFinding>> {
        let (limit, after) = paging::wanted(&limit, &cursor, LIST)?;
        let endpoint = self.owned(&asker, &id)?;
        let page = self.service.replica.view()?.webhook_attempts_of(endpoint.id, after, limit)?;
        let link = paging::link(request, LIST, page.next);
        let view = |attempt| AttemptView::of(attempt, &self.service.replica);
        Ok(Page::new(page.items.into_iter().filter_map(view), link))
    }

    /// Send events to an endpoint once more
    ///
    /// One by its id, or all from a time or an event on, as far as they are kept. What is sent again has the id that it had.
    /// If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.
    #[oai(path = "/:id/resend", method = "post", operation_id = "resendWebhook")]
    async fn resend(
        &self,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
        body: Body<ResendInput>,
    ) -> Result<Resent, Refused<OfResending>> {
        let endpoint = self.owned(&asker, &id)?;
        let what = Some(self.what_to_resend(&endpoint, body.0.what)?);
        let resend = Command::ResendEvents(ResendEvents { endpoint: endpoint.id, what });
        Ok(Resent::Accepted(Json(self.ask(&asker, resend).await?)))
    }

    /// Send an endpoint a test
    ///
    /// A CloudEvent of the type `webhook:test`, about nothing and without a `sequence`, once. Another one that was not sent
    /// yet is forgotten.
    #[oai(path = "/:id/test", method = "post", operation_id = "testWebhook")]
    async fn test(
        &self,
        asker: UserOrOperator,
        /// The endpoint's id
        id: Path<String>,
    ) -> Result<Tested, Refused<OfTesting>> {
        let endpoint = self.owned(&asker, &id)?.id;
        let test = WebhookTestId::from_uuid(Uuid::now_v7());
        self.ask(&asker, Command::SendWebhookTest(SendWebhookTest { endpoint, test })).await?;
        Ok(Tested::Accepted(Json(TestView { event_id: test.to_string() })))
    }
}

/// Who asks, if they may have endpoints.
fn ensure_may(asker: &UserOrOperator) -> Result<Principal, Problem> {
    if let UserOrOperator::Operator(operator) = asker {
        operator.ensure_may(Scope::EventsRead)?;
    }
    Asker::from(asker).principal().ok_or_else(|| ProblemType::NotSignedIn.into())
}

fn numbers(types: Option<Vec<EventTypeName>>) -> Vec<i32> {
    types.into_iter().flatten().map(|name| name.event_type().into()).collect()
}

impl WebhookEndpoints {
    /// The endpoint, if it is this asker's.
    fn owned(&self, asker: &UserOrOperator, id: &Path<String>) -> Result<WebhookEndpoint, Problem> {
        let owner = ensure_may(asker)?;
        let endpoint = self.service.replica.view()?.webhook_endpoint(id.parse()?)?;
        let endpoint = endpoint.filter(|endpoint| endpoint.owner.principal() == Some(owner));
        endpoint.ok_or_else(|| ProblemType::NotFound.into())
    }

    fn ensure_allowed(&self, url: &str) -> Result<(), Problem> {
        let checked = self.service.webhook_destinations.check(url);
        checked.map(drop).map_err(|fault| invalid("url", fault.to_string()))
    }

    /// A secret to show, and the same as the state has it.
    fn new_secret(&self, id: WebhookEndpointId) -> Result<(String, Vec<u8>), Problem> {
        let failed = |error: NoRandomness| Problem::new(ProblemType::Internal).because_of(error);
        let secret = WebhookSecret::generate().map_err(failed)?;
        let sealed = secret.sealed(&self.service.sealer, &id.to_string()).map_err(failed)?;
        Ok((secret.text().expose().clone(), sealed))
    }

    /// Has one of the asker's commands applied.
    async fn ask(&self, asker: &UserOrOperator, command: Command) -> Result<WebhookView, Problem> {
        match self.service.replica.submit(asker, None, command).await?.result? {
            Answer::WebhookEndpoint(endpoint) => Ok(WebhookView::new(endpoint, &self.service.replica)),
            answer => Err(unexpected(&answer)),
        }
    }

    fn what_to_resend(
        &self,
        endpoint: &WebhookEndpoint,
        resend: Option<Resend>,
    ) -> Result<ResendWhat, Problem> {
        let view = self.service.replica.view()?;
        let (field, position) = match resend.ok_or(ProblemType::InvalidInput)? {
            Resend::FromTime(at_ms) => return Ok(ResendWhat::From(view.first_event_since(at_ms)?)),
            Resend::FromSequence(sequence) => {
                let epoch = self.service.replica.epoch();
                ("from", EventPosition { epoch, sequence })
            }
            Resend::FromPosition(position) => ("from", position),
            Resend::Event(position) => ("event", position),
        };
        if position.epoch != self.service.replica.epoch() {
            return Err(invalid(field, "is of another history of this service, before a restore"));
        }
        let kept = view.events_kept()?;
        if position.sequence > kept.newest {
            return Err(invalid(
                field,
                format!("is not there yet: the newest event has the sequence {}", kept.newest),
            ));
        }
        if field == "from" {
            return Ok(ResendWhat::From(position.sequence));
        }
        let event = view.event(position.sequence)?;
        let event = event.filter(|event| endpoint.filter().viewer.may_see(event));
        let gone = || {
            Problem::new(ProblemType::NotFound).detail("There is no such event, or it is not kept any more")
        };
        event.map(|event| ResendWhat::Event(event.sequence)).ok_or_else(gone)
    }
}

fn invalid(field: &str, message: impl Into<String>) -> Problem {
    Problem::new(ProblemType::InvalidInput).fault(Fault::of(field, message))
}
