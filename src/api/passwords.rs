//! Accounts: changing and resetting passwords, and deleting the account.

use std::sync::Arc;

use poem::Request;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Tag;
use super::caller::Caller;
use super::credentials::{acceptable_password, credential};
use super::refused;
use super::sign_in_guard::SignInGuard;
use crate::auth::{OneTimeTokenHash, Secret};
use crate::domain::{ChangePassword, Command, DeleteAccount, RejectionCode, ResetPassword};
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::service::Service;

pub(super) struct Passwords {
    pub(super) service: Arc<Service>,
    pub(super) guard: SignInGuard,
}

#[derive(Object)]
struct NewPassword {
    /// The password until now
    current: String,
    /// The password from now on
    #[oai(validator(min_length = 8, max_length = 128))]
    new: String,
}

#[derive(Object)]
struct PasswordReset {
    /// The one-time token
    token: String,
    /// The password from now on
    #[oai(validator(min_length = 8, max_length = 128))]
    new: String,
}

#[derive(Object)]
struct AccountDeletion {
    /// The password, once more
    password: String,
}

#[derive(ApiResponse)]
enum Done {
    /// Done
    #[oai(status = 204)]
    NoContent,
}

impl FromFields for NewPassword {
    fn from_fields(fields: &mut Fields) -> Checked<Self> {
        let current = fields.required("current", credential);
        let new = fields.required("new", acceptable_password);
        Ok(Self { current: current?, new: new? })
    }
}

impl FromFields for PasswordReset {
    fn from_fields(fields: &mut Fields) -> Checked<Self> {
        let token = fields.required("token", credential);
        let new = fields.required("new", acceptable_password);
        Ok(Self { token: token?, new: new? })
    }
}

impl FromFields for AccountDeletion {
    fn from_fields(fields: &mut Fields) -> Checked<Self> {
        Ok(Self { password: fields.required("password", credential)? })
    }
}

refused! {
    OfChanging: 400, 401, 403, 408, 413, 415, 429;
    OfDeleting: 400, 401, 403, 408, 409, 413, 415, 429;
    OfResetting: 400, 401, 403, 408, 413, 415, 429;
}

#[OpenApi(prefix_path = "/api/users", tag = "Tag::Users")]
impl Passwords {
    /// Change my password
    ///
    /// Ends all other sessions.
    #[oai(path = "/password", method = "post", operation_id = "changePassword")]
    async fn change_password(
        &self,
        request: &Request,
        caller: Caller,
        body: Body<NewPassword>,
    ) -> Result<Done, Refused<OfChanging>> {
        self.guard.check_address(request)?;
        let NewPassword { current, new } = body.0;
        let user = self.guard.verify_caller(&caller, current, "current").await?;
        let password_hash = self.service.hasher.hash(Secret::new(new)).await.map_err(Problem::from)?;
        let change = ChangePassword { password_version: user.password_version, password_hash };
        caller.ask(&self.service, Command::ChangePassword(change)).await?;
        Ok(Done::NoContent)
    }

    /// Reset a forgotten password
    ///
    /// With the one-time token that an operator gave out. Ends all sessions.
    #[oai(path = "/password/reset", method = "post", operation_id = "resetPassword")]
    async fn reset_password(
        &self,
        request: &Request,
        body: Body<PasswordReset>,
    ) -> Result<Done, Refused<OfResetting>> {
        self.guard.check_address(request)?;
        let PasswordReset { token, new } = body.0;
        let password_hash = self.service.hasher.hash(Secret::new(new)).await.map_err(Problem::from)?;
        let token_hash = OneTimeTokenHash::of(&token).as_bytes().to_vec();
        let reset = Command::ResetPassword(ResetPassword { token_hash, password_hash });
        let submitted = self.service.replica.submit(None, None, reset).await.map_err(Problem::from)?;
        submitted.result.map_err(|rejection| match rejection.code() {
            RejectionCode::BadCredentials => Problem::new(ProblemType::BadResetToken)
                .fault(Fault::of("token", "is unknown, used or too old")),
            _ => rejection.into(),
        })?;
        Ok(Done::NoContent)
    }

    /// Delete my account
    ///
    /// Removes the personal data, ends all sessions, and takes what is still on sale off it.
    #[oai(path = "/me", method = "delete", operation_id = "deleteAccount")]
    async fn delete_account(
        &self,
        request: &Request,
        caller: Caller,
        body: Body<AccountDeletion>,
    ) -> Result<Done, Refused<OfDeleting>> {
        self.guard.check_address(request)?;
        let user = self.guard.verify_caller(&caller, body.0.password, "password").await?;
        let delete = DeleteAccount { password_version: user.password_version };
        caller.ask(&self.service, Command::DeleteAccount(delete)).await?;
        Ok(Done::NoContent)
    }
}
