//! What slows down guessing passwords: a rate for each address, and pauses for each account.

use std::sync::Arc;
use std::time::Duration;

use poem::Request;
use tokio::time::Instant;

use crate::auth::NormalisedEmail;
use crate::http::throttle::Throttle;
use crate::http::{Problem, ProblemType, RequestContext};
use crate::service::Service;

/// Guards every operation that tries a password or makes an account.
#[derive(Clone)]
pub(super) struct SignInGuard {
    throttle: Arc<Throttle>,
    /// What pauses are counted from.
    started: Instant,
}

impl SignInGuard {
    pub(super) fn new(throttle: Throttle) -> Self {
        Self { throttle: Arc::new(throttle), started: Instant::now() }
    }

    /// Counts a request of this address.
    pub(super) fn check_address(&self, request: &Request) -> Result<(), Problem> {
        let address = request.extensions().get::<RequestContext>().and_then(RequestContext::client_address);
        self.throttle.check(address)
    }

    /// Whether a password may be tried for this account now.
    pub(super) fn check_account(&self, service: &Service, email: &NormalisedEmail) -> Result<(), Problem> {
        service.failures.check(email, self.now()).map_err(|pause| {
            Problem::new(ProblemType::TooManyRequests)
                .detail("Too many wrong passwords for this account")
                .retry_after(pause)
        })
    }

    /// Counts a wrong password.
    pub(super) fn failed(&self, service: &Service, email: &NormalisedEmail) {
        service.failures.failed(email, self.now());
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}
