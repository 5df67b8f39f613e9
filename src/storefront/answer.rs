//! Answers: what headers pages have, and who may keep them.

use askama::Template;
use poem::Response;
use poem::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::visit::Visit;
use crate::http::kept::{is_known, tag_of};
use crate::http::{Problem, ProblemType};

/// What every page may load: what this service serves, and no script or style within itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the one page may load on which Stripe's script takes the card, as Stripe documents it: that script, its frames, that of
/// 3-D Secure among them, and its API.
const POLICY_WITH_STRIPE: &str = "default-src 'none'; \
     script-src 'self' https://js.stripe.com https://*.js.stripe.com; style-src 'self'; img-src 'self'; \
     connect-src 'self' https://api.stripe.com; \
     frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// No page is shown again to whoever uses the browser after its visitor has signed out.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");
/// Kept, and asked for again each time: what is on sale changes.
const CHECKED: HeaderValue = HeaderValue::from_static("no-cache");

const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");

/// Which policy a page has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Policy {
    /// The strict one.
    #[default]
    Strict,
    /// With Stripe's script.
    WithStripe,
}

/// A page.
pub(super) fn page(visit: &Visit, template: &impl Template) -> Result<Response, Problem> {
    page_under(visit, Policy::Strict, template)
}

/// A page under this policy.
pub(super) fn page_under(
    visit: &Visit,
    policy: Policy,
    template: &impl Template,
) -> Result<Response, Problem> {
    let html = render(template)?;
    let tag = (!visit.is_private()).then(|| tag_of(html.as_bytes()));
    let mut response = match &tag {
        Some(tag) if is_known(visit.headers(), tag) => StatusCode::NOT_MODIFIED.into(),
        _ => Response::builder().content_type("text/html; charset=utf-8").body(html),
    };
    dress(response.headers_mut(), policy);
    let headers = response.headers_mut();
    if let Some(tag) = tag {
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, CHECKED);
    }
    Ok(response)
}

/// The page again, with what was typed and why that was refused.
pub(super) fn refused(
    problem: Problem,
    policy: Policy,
    template: &impl Template,
) -> Result<Response, Problem> {
    let html = render(template)?;
    let response = Response::builder().content_type("text/html; charset=utf-8").body(html);
    let mut response = problem.dress(response);
    response.headers_mut().insert(header::CACHE_CONTROL, PRIVATE);
    dress(response.headers_mut(), policy);
    // For the log: only what was refused knows why.
    response.set_data(problem);
    Ok(response)
}

/// Where to go on.
pub(super) fn see_other(path: &str) -> Result<Response, Problem> {
    let location = HeaderValue::try_from(path);
    let location = location.map_err(|error| Problem::new(ProblemType::Internal).because_of(error))?;
    let mut response: Response = StatusCode::SEE_OTHER.into();
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, PRIVATE);
    dress(response.headers_mut(), Policy::Strict);
    Ok(response)
}

/// The HTML of a template.
pub(super) fn render(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|error| Problem::new(ProblemType::Internal).because_of(error))
}

/// Gives a page the headers that all have. Unless it says otherwise it is its visitor's alone.
pub(super) fn dress(headers: &mut HeaderMap, policy: Policy) {
    let policy = match policy {
        Policy::Strict => POLICY,
        Policy::WithStripe => POLICY_WITH_STRIPE,
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.entry(header::CACHE_CONTROL).or_insert(PRIVATE);
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Authorization"));
    secure(headers);
}

/// What pages and assets say alike. That no type is guessed, and that HTTPS stays, is said of every answer of the service.
pub(super) fn secure(headers: &mut HeaderMap) {
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}
