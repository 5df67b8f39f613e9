//! Trying passwords, and what slows down guessing them: a rate for each address, pauses for each account.

use std::sync::Arc;
use std::time::Duration;

use poem::Request;
use tokio::time::Instant;

use super::caller::Caller;
use crate::auth::{NormalisedEmail, Secret};
use crate::domain::User;
use crate::http::throttle::Throttle;
use crate::http::{Fault, Problem, ProblemType, RequestContext};
use crate::service::Service;

/// Guards every operation that tries a password or makes an account.
#[derive(Clone)]
pub(crate) struct SignInGuard {
    service: Arc<Service>,
    throttle: Arc<Throttle>,
    /// What pauses are counted from.
    started: Instant,
}

/// An account whose password was right.
pub(super) struct Verified {
    pub(super) user: User,
    /// Its hash has other parameters than today's.
    pub(super) needs_rehash: bool,
}

impl SignInGuard {
    pub(super) fn new(service: Arc<Service>, throttle: Throttle) -> Self {
        Self { service, throttle: Arc::new(throttle), started: Instant::now() }
    }

    /// The service that it guards.
    pub(super) fn service(&self) -> &Service {
        &self.service
    }

    /// Counts a request of this address.
    pub(super) fn check_address(&self, request: &Request) -> Result<(), Problem> {
        let address = request.extensions().get::<RequestContext>().and_then(RequestContext::client_address);
        self.throttle.check(address)
    }

    /// The account, if this is its password. An address without one takes as long and counts as much.
    pub(super) async fn verify(
        &self,
        email: &NormalisedEmail,
        password: String,
    ) -> Result<Option<Verified>, Problem> {
        self.service.sign_in_failures.check(email, self.started.elapsed()).map_err(paused)?;
        let user = self.service.replica.view()?.user_by_email(email.as_str())?;
        let stored = user.as_ref().map(|user| user.password_hash.as_str());
        let verified = self.service.hasher.verify(Secret::new(password), stored).await?;
        let Some(user) = user.filter(|_| verified.ok) else {
            self.service.sign_in_failures.failed(email, self.started.elapsed());
            return Ok(None);
        };
        self.service.sign_in_failures.succeeded(email);
        Ok(Some(Verified { user, needs_rehash: verified.needs_rehash }))
    }

    /// The caller's account, if this is its password; `field` is where the request has it.
    pub(super) async fn verify_caller(
        &self,
        caller: &Caller,
        password: String,
        field: &str,
    ) -> Result<User, Problem> {
        let user = self.service.replica.view()?.user(caller.user)?;
        let email = user.and_then(|user| NormalisedEmail::parse(&user.email).ok());
        let email = email.ok_or_else(|| Problem::new(ProblemType::NotSignedIn))?;
        let verified = self.verify(&email, password).await?;
        verified.map(|verified| verified.user).ok_or_else(|| {
            Problem::new(ProblemType::WrongPassword).fault(Fault::of(field, "is not the password"))
        })
    }
}

fn paused(pause: Duration) -> Problem {
    Problem::new(ProblemType::TooManyRequests)
        .detail("Too many wrong passwords for this account")
        .retry_after(pause)
}
