//! What a visitor sees when there is nothing else to show.

use askama::Template;
use poem::Response;

use super::answer::{Policy, dress, render};
use super::layout::Layout;
use super::problem_words::{detail, hint, title};
use super::visit::Visitor;
use crate::http::{Problem, RequestContext};

#[derive(Template)]
#[template(path = "error.html", config = "src/storefront/askama.toml")]
struct ErrorPage {
    layout: Layout,
    problem: Problem,
    title: &'static str,
    hint: &'static str,
    detail: Option<String>,
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
        problem: problem.clone(),
        request_id,
    };
    let html = render(&page).unwrap_or_else(|_| title.to_owned());
    let mut response = Response::builder().content_type("text/html; charset=utf-8").body(html);
    dress(response.headers_mut(), Policy::Strict);
    response
}
