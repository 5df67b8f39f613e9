//! What a visitor sees when there is nothing else to show.

use askama::Template;
use poem::Response;

use super::answer::{Policy, dress, render};
use super::layout::Layout;
use super::local_path::sign_in_for;
use super::problem_words::{detail, hint, title};
use super::visit::{Page, Visitor};
use crate::http::{Problem, ProblemType, RequestContext};

#[derive(Template)]
#[template(path = "error.html", config = "src/storefront/askama.toml")]
struct ErrorPage {
    layout: Layout,
    problem: Problem,
    title: &'static str,
    hint: &'static str,
    detail: Option<String>,
    /// Where to sign in, if that would help.
    sign_in: Option<String>,
    request_id: String,
}

/// Shows a problem as a page.
pub fn page(problem: &Problem, error: &poem::Error, context: &RequestContext) -> Response {
    let title = title(problem.kind());
    let layout = Layout::new(title.to_owned(), error.data::<Visitor>(), "", None).hidden();
    let request_id = context.request_id().to_string();
    let page = ErrorPage {
        layout,
        title,
        hint: hint(problem.kind()),
        detail: detail(problem),
        // It was a form that was refused: pages send whoever has to sign in there by themselves.
        sign_in: (problem.kind() == ProblemType::NotSignedIn)
            .then(|| sign_in_for(error.data::<Page>().map_or("/", |Page(path)| path))),
        problem: problem.clone(),
        request_id,
    };
    let html = render(&page).unwrap_or_else(|_| title.to_owned());
    let mut response = Response::builder().content_type("text/html; charset=utf-8").body(html);
    dress(response.headers_mut(), Policy::Strict);
    response
}
