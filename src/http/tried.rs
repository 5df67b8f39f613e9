//! Arguments whose faults are told together: a header's and the body's, say.
//!
//! poem-openapi answers the first argument that cannot be read, before the next one is looked at.

use futures_util::FutureExt;
use poem::http::StatusCode;
use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaParamIn, MetaRequest, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::problem::Problem;

/// An argument, or what is wrong with it: kept until the others are read as well.
#[derive(Debug)]
pub struct Tried<A>(std::result::Result<A, Problem>);

/// Both arguments.
///
/// # Errors
/// One problem with the faults of both. Its type is that of the first that has any.
pub fn both<A, B>(one: Tried<A>, other: Tried<B>) -> std::result::Result<(A, B), Problem> {
    match (one.0, other.0) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(problem), Ok(_)) | (Ok(_), Err(problem)) => Err(problem),
        (Err(one), Err(other)) => Err(one.and(&other)),
    }
}

impl<'a, A: ApiExtractor<'a> + Send> ApiExtractor<'a> for Tried<A> {
    const TYPES: &'static [ApiExtractorType] = A::TYPES;
    const PARAM_IS_REQUIRED: bool = A::PARAM_IS_REQUIRED;
    type ParamType = A::ParamType;
    type ParamRawType = A::ParamRawType;

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn param_in() -> Option<MetaParamIn> {
        A::param_in()
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        A::param_schema_ref()
    }

    fn request_meta() -> Option<MetaRequest> {
        A::request_meta()
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<A::ParamType>,
    ) -> Result<Self> {
        // Boxed, as the compiler cannot prove the future `Send` otherwise (rust-lang/rust#100013).
        match A::from_request(request, body, options).boxed().await {
            Ok(argument) => Ok(Tried(Ok(argument))),
            // Other statuses than 400 are no list of faults.
            Err(error) if error.status() == StatusCode::BAD_REQUEST => {
                error.downcast().map(|problem| Tried(Err(problem)))
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Fault, ProblemType};

    #[test]
    fn faults_of_both_come_in_one_problem() {
        let fault =
            |kind, field: &str| Tried::<()>(Err(Problem::new(kind).fault(Fault::of(field, "is bad"))));
        let problem = |one, other| both::<(), ()>(one, other).unwrap_err();
        let (body, header) =
            (|| fault(ProblemType::InvalidInput, "title"), || fault(ProblemType::InvalidHeader, "If-Match"));
        let found = problem(body(), header());
        assert_eq!(found.kind(), ProblemType::InvalidInput);
        assert_eq!(found.all_faults(), [Fault::of("title", "is bad"), Fault::of("If-Match", "is bad")]);
        assert_eq!(problem(Tried(Ok(())), header()).kind(), ProblemType::InvalidHeader);
        assert_eq!(problem(body(), Tried(Ok(()))).kind(), ProblemType::InvalidInput);
        let malformed = Problem::new(ProblemType::MalformedJson).detail("The body is empty");
        let found = problem(Tried(Err(malformed)), header());
        assert_eq!(found.all_faults()[0], Fault::general("The body is empty"));
        assert_eq!(found.all_faults().len(), 2);
    }
}
