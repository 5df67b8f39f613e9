//! Signing up, in and out.

use askama::Template;
use poem::Response;
use poem::http::{HeaderValue, header};

use super::answer::{self, Policy};
use super::layout::Layout;
use super::local_path::{NEXT, local_path, query_for};
use super::typed::Typed;
use super::visit::Visit;
use crate::api::caller::Anyone;
use crate::api::sessions::SignedInUser;
use crate::api::{sessions, users};
use crate::http::form::Form;
use crate::http::{Problem, ProblemType};

/// The fields of both forms.
const FIELDS: &[&str] = &["email", "password"];

#[derive(Template)]
#[template(path = "entrance.html", config = "src/storefront/askama.toml")]
struct Entrance {
    layout: Layout,
    typed: Typed,
    is_new: bool,
    next: String,
    /// The same for a link to the other form.
    next_query: String,
}

pub(super) async fn sign_in_form(visit: Visit) -> Result<Response, Problem> {
    show(&visit, false)
}

pub(super) async fn sign_up_form(visit: Visit) -> Result<Response, Problem> {
    show(&visit, true)
}

pub(super) async fn sign_in(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let guard = &visit.shop.shared.guard;
    let signed_in = async { sessions::sign_in(guard, &visit.request, form.read()?).await };
    match signed_in.await {
        Ok(opened) => opened_session(&form, &opened),
        Err(problem) => refused(&visit, form, problem, false),
    }
}

pub(super) async fn sign_up(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let guard = &visit.shop.shared.guard;
    let signed_up = async { users::sign_up(guard, &visit.request, form.read()?).await };
    match signed_up.await {
        Ok(opened) => opened_session(&form, &opened),
        Err(problem) => refused(&visit, form, problem, true),
    }
}

pub(super) async fn sign_out(visit: Visit) -> Result<Response, Problem> {
    let caller = Anyone(visit.caller().cloned());
    let cookie = sessions::sign_out(visit.service(), &visit.request, &caller).await?;
    with_cookie(answer::see_other("/?done=signed-out")?, &cookie)
}

/// An answer that sets a cookie.
pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, Problem> {
    let cookie = HeaderValue::try_from(cookie);
    let cookie = cookie.map_err(|error| Problem::new(ProblemType::Internal).because_of(error))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn show(visit: &Visit, is_new: bool) -> Result<Response, Problem> {
    let form = Form::in_query(visit.query());
    let next = local_path(form.get(NEXT).unwrap_or_default()).to_owned();
    if visit.visitor.is_some() {
        return answer::see_other(&next);
    }
    answer::page(visit, &entrance(visit, is_new, next, Typed::new(Form::default())))
}

/// Goes on to where the visitor wanted to be. The token is in the cookie: no page ever shows it.
fn opened_session(form: &Form, (_, cookie): &(SignedInUser, String)) -> Result<Response, Problem> {
    with_cookie(answer::see_other(local_path(form.get(NEXT).unwrap_or_default()))?, cookie)
}

fn refused(visit: &Visit, form: Form, problem: Problem, is_new: bool) -> Result<Response, Problem> {
    let next = local_path(form.get(NEXT).unwrap_or_default()).to_owned();
    let typed = Typed::refused(form, &problem, FIELDS);
    answer::refused(problem, Policy::Strict, &entrance(visit, is_new, next, typed))
}

fn entrance(visit: &Visit, is_new: bool, next: String, typed: Typed) -> Entrance {
    let layout = visit.layout(if is_new { "Sign up" } else { "Sign in" }).hidden();
    let next_query = query_for(&next);
    Entrance { layout, typed, is_new, next, next_query }
}
