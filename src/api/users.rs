//! Accounts: signing up, the current one, and deleting it.

use std::sync::Arc;

use poem::Request;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::caller::{Anyone, Caller};
use super::credentials::{acceptable_password, credential};
use super::refused;
use super::response::NoContent;
use super::sessions::{SignedInUser, client_name, open_session};
use super::sign_in_guard::SignInGuard;
use crate::auth::{NormalisedEmail, Secret};
use crate::domain::{Command, DeleteAccount, SessionId, SignUp, User, UserId};
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::json::Json;
use crate::http::nullable::Nullable;
use crate::http::{Problem, Refused};
use crate::service::Service;

pub(super) struct Users {
    pub(super) service: Arc<Service>,
    pub(super) guard: SignInGuard,
}

/// The address and password of a new account
#[derive(Object)]
pub(crate) struct NewAccount {
    /// In any case; surrounding white space does not count
    #[oai(validator(min_length = 3, max_length = 254, pattern = "^.+@.+$"))]
    email: String,
    /// 8 to 128 characters, and none of the passwords that are tried first
    #[oai(validator(min_length = 8, max_length = 128))]
    password: String,
}

/// The caller's own account: nobody else sees it.
#[derive(Object)]
#[oai(rename = "User")]
struct UserView {
    /// The user's id
    id: String,
    /// Their address, as it is written in small letters
    email: String,
}

/// Who is signed in
#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct CurrentUser {
    /// Null if nobody is signed in
    current_user: Nullable<UserView>,
}

/// The word of whoever deletes their account
#[derive(Object)]
pub(crate) struct AccountDeletion {
    /// The password, once more
    #[oai(validator(min_length = 1, max_length = 1024))]
    password: String,
}

#[derive(ApiResponse)]
enum SignedUp {
    /// The account was made and signed in
    #[oai(status = 201)]
    Created(
        Json<SignedInUser>,
        /// The `session` cookie for browsers
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[derive(ApiResponse)]
enum WhoAmI {
    /// Who is signed in, if anybody is
    #[oai(status = 200)]
    Ok(Json<CurrentUser>),
}

impl FromFields for NewAccount {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let email = fields.required("email", |input| {
            let text = credential(input)?;
            NormalisedEmail::parse(&text).map(NormalisedEmail::into_string).map_err(|fault| fault.to_string())
        });
        let password = fields.required("password", acceptable_password);
        Ok(Self { email: email?, password: password? })
    }
}

impl FromFields for AccountDeletion {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        Ok(Self { password: fields.required("password", credential)? })
    }
}

refused! {
    OfSignUp: 400, 403, 408, 409, 413, 415, 429;
    OfAsking: 400;
    OfDeleting: 400, 401, 403, 408, 409, 413, 415, 429;
}

#[OpenApi(prefix_path = "/api/users", tag = "Tag::Users")]
impl Users {
    /// Sign up
    ///
    /// Makes an account and signs it in.
    #[oai(path = "/signup", method = "post", operation_id = "signUp")]
    async fn sign_up(
        &self,
        request: &Request,
        body: Body<NewAccount>,
    ) -> Result<SignedUp, Refused<OfSignUp>> {
        let (user, cookie) = sign_up(&self.guard, request, body.0).await?;
        Ok(SignedUp::Created(Json(user), cookie))
    }

    /// Who am I
    ///
    /// Nobody, without a credential or with one that is not good; an operator's key is nobody's account.
    #[oai(path = "/currentuser", method = "get", operation_id = "currentUser")]
    async fn current_user(&self, caller: Anyone) -> Result<WhoAmI, Refused<OfAsking>> {
        let user = current(&self.service, &caller)?;
        let current_user = user.map(|user| UserView { id: user.id.to_string(), email: user.email });
        Ok(WhoAmI::Ok(Json(CurrentUser { current_user: Nullable(current_user) })))
    }

    /// Delete my account
    ///
    /// Removes the personal data, ends all sessions, and takes what is still on sale off it.
    #[oai(path = "/me", method = "delete", operation_id = "deleteAccount")]
    async fn delete(
        &self,
        request: &Request,
        caller: Caller,
        body: Body<AccountDeletion>,
    ) -> Result<NoContent, Refused<OfDeleting>> {
        delete(&self.guard, request, &caller, body.0).await?;
        Ok(NoContent::Done)
    }
}

/// Makes an account and signs it in; returns what a program gets, and the cookie.
pub(crate) async fn sign_up(
    guard: &SignInGuard,
    request: &Request,
    NewAccount { email, password }: NewAccount,
) -> Result<(SignedInUser, String), Problem> {
    guard.check_address(request)?;
    let service = guard.service();
    let password_hash = service.hasher.hash(Secret::new(password)).await?;
    let command = SignUp {
        user: UserId::from_uuid(Uuid::now_v7()),
        email,
        password_hash,
        session: SessionId::from_uuid(Uuid::now_v7()),
        session_ttl_ms: service.rules.session_ttl_ms(),
        client: client_name(request),
    };
    open_session(service, request, Command::SignUp(command)).await
}

/// The account of who is signed in, if anybody is: nobody else sees it.
pub(crate) fn current(service: &Service, caller: &Anyone) -> Result<Option<User>, Problem> {
    match &caller.0 {
        Some(caller) => Ok(service.replica.view()?.user(caller.user)?),
        None => Ok(None),
    }
}

/// Deletes the caller's account.
pub(crate) async fn delete(
    guard: &SignInGuard,
    request: &Request,
    caller: &Caller,
    AccountDeletion { password }: AccountDeletion,
) -> Result<(), Problem> {
    guard.check_address(request)?;
    let user = guard.verify_caller(caller, password, "password").await?;
    let delete = DeleteAccount { password_version: user.password_version };
    caller.ask(guard.service(), Command::DeleteAccount(delete)).await?;
    Ok(())
}
