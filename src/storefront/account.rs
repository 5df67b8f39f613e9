//! The visitor's account: password, sessions, and the end of it.

use askama::Template;
use poem::Response;

use super::answer::{self, Policy};
use super::entrance::with_cookie;
use super::layout::Layout;
use super::show::Moment;
use super::typed::Typed;
use super::visit::Visit;
use crate::api::caller::Caller;
use crate::api::{cookie, passwords, session_cookie, sessions, users};
use crate::http::form::Form;
use crate::http::{Problem, ProblemType};

#[derive(Template)]
#[template(path = "account.html", config = "src/storefront/askama.toml")]
struct Account {
    layout: Layout,
    email: String,
    sessions: Vec<OpenSession>,
    has_others: bool,
    password: Typed,
    deletion: Typed,
}

/// One signed-in device or program.
struct OpenSession {
    id: String,
    client: String,
    is_current: bool,
    since: Moment,
    until: Moment,
}

/// Which form was refused, and why.
enum Refused {
    Password(Problem),
    Deletion(Problem),
    /// Something about sessions.
    Other(Problem),
}

pub(super) async fn show(visit: Visit) -> Result<Response, Problem> {
    let Some(caller) = visit.caller() else { return visit.to_sign_in() };
    answer::page(&visit, &account(&visit, caller)?)
}

pub(super) async fn change_password(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let caller = visit.signed_in()?;
    let guard = &visit.shop.shared.guard;
    let changed = async { passwords::change(guard, &visit.request, &caller, form.read()?).await };
    match changed.await {
        Ok(()) => answer::see_other("/account?done=password"),
        Err(problem) => refused(&visit, &caller, Refused::Password(problem)),
    }
}

pub(super) async fn delete(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let caller = visit.signed_in()?;
    let guard = &visit.shop.shared.guard;
    let deleted = async { users::delete(guard, &visit.request, &caller, form.read()?).await };
    match deleted.await {
        Ok(()) => {
            let cookie = session_cookie::clear(cookie::is_secure(visit.headers()));
            with_cookie(answer::see_other("/?done=deleted")?, &cookie)
        }
        Err(problem) => refused(&visit, &caller, Refused::Deletion(problem)),
    }
}

pub(super) async fn end_session(visit: Visit) -> Result<Response, Problem> {
    let caller = visit.signed_in()?;
    match sessions::end(visit.service(), &caller, &visit.id()).await {
        Ok(()) => answer::see_other("/account?done=session"),
        Err(problem) if problem.kind() == ProblemType::NotFound => Err(problem),
        Err(problem) => refused(&visit, &caller, Refused::Other(problem)),
    }
}

pub(super) async fn end_other_sessions(visit: Visit) -> Result<Response, Problem> {
    let caller = visit.signed_in()?;
    for session in sessions::open_sessions(visit.service(), &caller)? {
        if session.id == caller.session {
            continue;
        }
        match sessions::end(visit.service(), &caller, &session.id.to_string()).await {
            Ok(()) => {}
            // Somebody else ended it meanwhile.
            Err(problem) if problem.kind() == ProblemType::NotFound => {}
            Err(problem) => return refused(&visit, &caller, Refused::Other(problem)),
        }
    }
    answer::see_other("/account?done=sessions")
}

fn account(visit: &Visit, caller: &Caller) -> Result<Account, Problem> {
    let sessions = sessions::open_sessions(visit.service(), caller)?;
    let has_others = sessions.iter().any(|session| session.id != caller.session);
    let shown = sessions.into_iter().map(|session| OpenSession {
        id: session.id.to_string(),
        is_current: session.id == caller.session,
        since: Moment::new(session.created_at_ms),
        until: Moment::new(session.expires_at_ms),
        client: session.client,
    });
    Ok(Account {
        layout: visit.layout("Account").hidden(),
        email: visit.visitor.as_ref().map(|visitor| visitor.email.clone()).unwrap_or_default(),
        sessions: shown.collect(),
        has_others,
        password: Typed::new(Form::default()).among_others("change-"),
        deletion: Typed::new(Form::default()).among_others("delete-"),
    })
}

/// The account with why something could not be done. Nothing that was typed is shown: it was all passwords.
fn refused(visit: &Visit, caller: &Caller, refused: Refused) -> Result<Response, Problem> {
    let mut page = account(visit, caller)?;
    let problem = match refused {
        Refused::Password(problem) => {
            page.password =
                Typed::refused(Form::default(), &problem, &["current", "new"]).among_others("change-");
            problem
        }
        Refused::Deletion(problem) => {
            page.deletion = Typed::refused(Form::default(), &problem, &["password"]).among_others("delete-");
            problem
        }
        Refused::Other(problem) => {
            page.password.alert = Typed::refused(Form::default(), &problem, &[]).alert;
            problem
        }
    };
    answer::refused(problem, Policy::Strict, &page)
}
