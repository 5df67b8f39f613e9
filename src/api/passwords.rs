//! Passwords: changing and resetting them.

use std::sync::Arc;

use poem::Request;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::caller::Caller;
use super::credentials::{acceptable_password, credential};
use super::refused;
use super::response::NoContent;
use super::sign_in_guard::SignInGuard;
use crate::auth::{OneTimeTokenHash, Secret};
use crate::domain::{Asker, ChangePassword, Command, RejectionCode, ResetPassword};
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::service::Service;

pub(super) struct Passwords {
    pub(super) service: Arc<Service>,
    pub(super) guard: SignInGuard,
}

/// A password in place of another
#[derive(Object)]
pub(crate) struct NewPassword {
    /// The password until now
    #[oai(validator(min_length = 1, max_length = 1024))]
    current: String,
    /// The password from now on: none of those that are tried first
    #[oai(validator(min_length = 8, max_length = 128))]
    new: String,
}

/// A password in place of one that was forgotten
#[derive(Object)]
struct PasswordReset {
    /// The one-time token
    #[oai(validator(min_length = 1, max_length = 1024))]
    token: String,
    /// The password from now on: none of those that are tried first
    #[oai(validator(min_length = 8, max_length = 128))]
    new: String,
}

impl FromFields for NewPassword {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let current = fields.required("current", credential);
        let new = fields.required("new", acceptable_password);
        Ok(Self { current: current?, new: new? })
    }
}

impl FromFields for PasswordReset {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let token = fields.required("token", credential);
        let new = fields.required("new", acceptable_password);
        Ok(Self { token: token?, new: new? })
    }
}

refused! {
    OfChanging: 400, 401, 403, 408, 413, 415, 429;
    OfResetting: 400, 401, 403, 408, 413, 415, 429;
}

#[OpenApi(prefix_path = "/api/users", tag = "Tag::Users")]
impl Passwords {
    /// Change my password
    ///
    /// Ends all other sessions.
    #[oai(path = "/password", method = "post", operation_id = "changePassword")]
    async fn change(
        &self,
        request: &Request,
        caller: Caller,
        body: Body<NewPassword>,
    ) -> Result<NoContent, Refused<OfChanging>> {
        change(&self.guard, request, &caller, body.0).await?;
        Ok(NoContent::Done)
    }

    /// Reset a forgotten password
    ///
    /// With the one-time token that an operator gave out. Ends all sessions.
    #[oai(path = "/password/reset", method = "post", operation_id = "resetPassword")]
    async fn reset(
        &self,
        request: &Request,
        body: Body<PasswordReset>,
    ) -> Result<NoContent, Refused<OfResetting>> {
        self.guard.check_address(request)?;
        let PasswordReset { token, new } = body.0;
        let password_hash = self.service.hasher.hash(Secret::new(new)).await?;
        let token_hash = OneTimeTokenHash::of(&token).as_bytes().to_vec();
        let reset = Command::ResetPassword(ResetPassword { token_hash, password_hash });
        let submitted = self.service.replica.submit(Asker::Nobody, None, reset).await?;
        submitted.result.map_err(|rejection| match rejection.code() {
            RejectionCode::BadCredentials => Problem::new(ProblemType::BadResetToken)
                .fault(Fault::of("token", "is unknown, used or too old")),
            _ => rejection.into(),
        })?;
        Ok(NoContent::Done)
    }
}

/// Changes the caller's password, which ends all their other sessions.
pub(crate) async fn change(
    guard: &SignInGuard,
    request: &Request,
    caller: &Caller,
    NewPassword { current, new }: NewPassword,
) -> Result<(), Problem> {
    guard.check_address(request)?;
    let user = guard.verify_caller(caller, current, "current").await?;
    let password_hash = guard.service().hasher.hash(Secret::new(new)).await?;
    let change = ChangePassword { password_version: user.password_version, password_hash };
    caller.ask(guard.service(), Command::ChangePassword(change)).await?;
    Ok(())
}
