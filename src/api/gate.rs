//! The gate: what a replica answers while it is still opening.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Result};

use crate::http::{Problem, ProblemType};

/// How long a client should wait for a replica that is opening.
const OPENING: Duration = Duration::from_secs(1);

/// Serves nothing but `/healthz` until it is opened: a replica that has not yet applied what was
/// acknowledged before its start must not answer from what it has.
#[derive(Clone, Default)]
pub struct Gate {
    endpoint: Arc<OnceLock<BoxEndpoint<'static>>>,
}

impl Gate {
    /// Lets requests through to `endpoint` from now on; only the first call counts.
    pub fn open(&self, endpoint: impl Endpoint<Output = impl IntoResponse> + 'static) {
        let _ = self.endpoint.set(endpoint.map_to_response().boxed());
    }
}

impl Endpoint for Gate {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        match self.endpoint.get() {
            Some(endpoint) => endpoint.call(request).await,
            None if request.uri().path() == super::HEALTHZ => {
                Ok(super::operations::healthy().into_response())
            }
            None => Err(Problem::new(ProblemType::Unavailable)
                .detail("This replica is still opening")
                .retry_after(OPENING)
                .into()),
        }
    }
}
