//! Turns what went wrong below into a [`Problem`].

use std::any::Any;

use poem::PathPattern;
use poem::error::{MethodNotAllowedError, NotFoundError, ParsePathError};
use poem::http::{HeaderMap, StatusCode, header};
use poem_openapi::error as openapi;

use super::problem::Problem;
use super::problem_type::ProblemType;
use super::routes::RouteTable;

/// What goes with an error into its answer, whatever problem that becomes: attach it with
/// [`poem::Error::set_data`].
#[derive(Clone, Debug, Default)]
pub struct AnswerHeaders(pub HeaderMap);

/// The problem an error of a handler, of poem or of poem-openapi stands for.
pub(super) fn of_error(error: &poem::Error, routes: &RouteTable) -> Problem {
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return problem.clone();
    }
    if error.is::<NotFoundError>() || error.is::<ParsePathError>() || error.is::<openapi::ParsePathError>() {
        // What is not an id is simply not found.
        return ProblemType::NotFound.into();
    }
    if error.is::<MethodNotAllowedError>() {
        let allow = error.data::<PathPattern>().and_then(|pattern| routes.allow(&pattern.0));
        let problem = Problem::new(ProblemType::MethodNotAllowed);
        return match allow {
            Some(allow) => problem.header(header::ALLOW, allow),
            None => problem,
        };
    }
    let kind = ProblemType::for_status(error.status());
    if kind.status().is_server_error() {
        return Problem::new(kind).because_of(error);
    }
    Problem::new(kind).detail(error.to_string())
}

/// A panic as an error: for the log, not for the client.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> poem::Error {
    let text = panic.downcast_ref::<&str>().copied();
    let message = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    poem::Error::from_string(format!("a handler panicked: {message}"), StatusCode::INTERNAL_SERVER_ERROR)
}
