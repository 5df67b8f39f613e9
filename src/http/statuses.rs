//! Which problems an operation documents.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::LazyLock;

use poem::http::HeaderName;
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;

use super::body_limit::MAX_BODY_BYTES;
use super::problem::{PROBLEM_JSON, Problem, ProblemDocument};
use super::problem_type::ProblemType;

/// Says that an answer was given before to the same idempotency key.
pub const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What any operation may answer, whoever asks: see [`Statuses`].
const ALWAYS: &[u16] = &[500, 503];

/// What 413 means.
static TOO_LARGE: LazyLock<String> =
    LazyLock::new(|| format!("The body is larger than {} KiB", MAX_BODY_BYTES / 1024));

/// A set of statuses, as a marker type: one per class of operations.
///
/// ```ignore
/// struct OfOrders;
/// impl Statuses for OfOrders { const STATUSES: &[u16] = &[400, 401, 404, 409]; }
/// async fn create(&self) -> Result<Created, Refused<OfOrders>> { Err(ProblemType::TicketSold.into()) }
/// ```
pub trait Statuses: Send + Sync + 'static {
    /// The statuses besides 500 and 503, which every operation may answer.
    const STATUSES: &'static [u16];
}

/// A [`Problem`] from an operation that documents only the statuses in `S`. The set is documentation:
/// whatever is a problem converts, `?` included.
#[derive(Debug)]
pub struct Refused<S> {
    problem: Problem,
    statuses: PhantomData<fn() -> S>,
}

impl<S, E: Into<Problem>> From<E> for Refused<S> {
    fn from(error: E) -> Self {
        Refused { problem: error.into(), statuses: PhantomData }
    }
}

impl<S> From<Refused<S>> for poem::Error {
    fn from(refused: Refused<S>) -> poem::Error {
        refused.problem.into()
    }
}

impl<S: Statuses> ApiResponse for Refused<S> {
    fn meta() -> MetaResponses {
        document(&S::STATUSES.iter().chain(ALWAYS).copied().collect())
    }

    fn register(registry: &mut Registry) {
        ProblemDocument::register(registry);
    }
}

/// Every status in the table.
pub(super) fn all() -> BTreeSet<u16> {
    ProblemType::ALL.iter().map(|kind| kind.status_code()).collect()
}

/// Whether answers with this status carry `Retry-After`.
pub(super) fn tells_when_to_retry(status: u16) -> bool {
    matches!(status, 429 | 503)
}

/// One documented response per status.
pub(super) fn document(statuses: &BTreeSet<u16>) -> MetaResponses {
    let responses = statuses
        .iter()
        .map(|&status| MetaResponse {
            description: description(status),
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: PROBLEM_JSON,
                schema: ProblemDocument::schema_ref(),
            }],
            headers: headers(status, statuses),
        })
        .collect();
    MetaResponses { responses }
}

/// What answers with this status say in their headers, if the operation may answer with these.
fn headers(status: u16, operation: &BTreeSet<u16>) -> Vec<MetaHeader> {
    // 422 is for operations that take an idempotency key, and these are what is remembered under one.
    let is_remembered = operation.contains(&422);
    match status {
        401 => vec![always::<String>(
            "WWW-Authenticate",
            "`Bearer`, with `error=\"invalid_token\"` if the token that came is not good",
        )],
        402 | 404 | 409 if is_remembered => {
            let description = "`true` if this answer was given before to the same key";
            vec![optional::<String>("Idempotent-Replayed", description)]
        }
        412 => vec![always::<String>("ETag", "The current version")],
        415 => vec![optional::<String>("Accept-Encoding", "`identity` if the body had a `Content-Encoding`")],
        _ if tells_when_to_retry(status) => {
            vec![always::<u32>("Retry-After", "Seconds to wait before asking again")]
        }
        _ => Vec::new(),
    }
}

fn always<T: Type>(name: &str, description: &str) -> MetaHeader {
    MetaHeader { required: true, ..optional::<T>(name, description) }
}

fn optional<T: Type>(name: &str, description: &str) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: false,
        deprecated: false,
        schema: T::schema_ref(),
    }
}

fn description(status: u16) -> &'static str {
    match status {
        400 => "Malformed or invalid; `errors` lists every fault",
        401 => "Not signed in, or bad credentials",
        402 => "The payment was declined",
        403 => "Someone else's, or a cross-origin request",
        404 => "Missing, or someone else's private thing",
        405 => "The path has other methods, listed in `Allow`",
        408 => "The body did not arrive in time",
        409 => "Conflicts with the current state; `type` says how",
        410 => "What comes after the position is not kept any more",
        412 => "`If-Match` names a version that is not current",
        413 => &TOO_LARGE,
        415 => "The body is not declared as application/json, or is encoded",
        422 => "The idempotency key was used for another request",
        429 => "Asked too often; wait as long as `Retry-After` says",
        503 => "Not known to have happened, or surely not, as `type` says: ask again with the same key",
        _ => "A fault of the service",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct OfNothing;
    impl Statuses for OfNothing {
        const STATUSES: &'static [u16] = &[404, 503];
    }

    #[test]
    fn a_set_documents_itself_and_what_always_may_happen() {
        let responses = Refused::<OfNothing>::meta().responses;
        let statuses: Vec<_> = responses.iter().filter_map(|response| response.status).collect();
        assert_eq!(statuses, [404, 500, 503]);
        assert!(responses[0].headers.is_empty());
        assert_eq!(responses[2].headers[0].name, "Retry-After");
    }

    #[test]
    fn headers_that_a_client_needs_are_documented() {
        let names = |status| headers(status, &BTreeSet::new()).into_iter().map(|header| header.name);
        assert!(names(401).eq(["WWW-Authenticate"]));
        assert!(names(412).eq(["ETag"]));
        assert!(names(429).eq(["Retry-After"]));
        assert!(names(409).eq([""; 0]));
    }

    #[test]
    fn what_a_key_remembers_may_be_a_replay() {
        struct OfPaying;
        impl Statuses for OfPaying {
            const STATUSES: &'static [u16] = &[401, 402, 409, 422];
        }
        let replayable: Vec<_> = Refused::<OfPaying>::meta()
            .responses
            .iter()
            .filter(|response| response.headers.iter().any(|header| header.name == "Idempotent-Replayed"))
            .filter_map(|response| response.status)
            .collect();
        assert_eq!(replayable, [402, 409]);
    }

    #[test]
    fn every_status_is_documented_by_name() {
        for status in all() {
            assert!(status == 500 || description(status) != description(500), "{status}");
        }
    }

    #[test]
    fn a_refusal_stays_a_problem_on_its_way_through_poem() {
        let error: poem::Error = Refused::<OfNothing>::from(ProblemType::NotFound).into();
        assert_eq!(error.downcast_ref::<Problem>().map(Problem::kind), Some(ProblemType::NotFound));
    }
}
