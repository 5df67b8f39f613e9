//! How the document of the API tells of consistency: on each operation, and said once.

use std::collections::HashMap;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::registry::{
    MetaApi, MetaHeader, MetaOperation, MetaOperationParam, MetaParamIn, MetaResponse, MetaSchema,
    MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;

use super::asked::{CONSISTENCY, CONSISTENCY_TOKEN, Level, Presented};
use crate::api::API;
use crate::http::header::FromLines;

/// The operations of an API, with the headers that [`Consistent`](super::Consistent) reads and writes.
pub(in crate::api) struct Documented<T>(pub(in crate::api) T);

impl<T: OpenApi> OpenApi for Documented<T> {
    fn meta() -> Vec<MetaApi> {
        let mut apis = T::meta();
        let paths = apis.iter_mut().flat_map(|api| &mut api.paths).filter(|path| path.path.starts_with(API));
        paths.flat_map(|path| &mut path.operations).for_each(document);
        apis
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, routes: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        self.0.add_routes(routes);
    }
}

fn document(operation: &mut MetaOperation) {
    operation.params.extend([
        parameter(
            CONSISTENCY,
            "How new the state has to be: `strong` shows all that anybody was told of before, `session` all that \
             the `Consistency-Token` says, `local` what the replica has, without waiting",
            Level::schema(),
        ),
        parameter(
            CONSISTENCY_TOKEN,
            "That of an earlier answer: this one shows no less. One from before a restore is ignored",
            Presented::schema(),
        ),
    ]);
    let responses = operation.responses.responses.iter_mut();
    responses.filter(|response| response.status.is_some_and(|status| status < 400)).for_each(document_answer);
}

/// Refusals have the token as well, and are long enough without.
fn document_answer(response: &mut MetaResponse) {
    let token = "How much of the log this answer shows; bring it back to be shown no less";
    let age =
        "With `Consistency: local`, how old the state may be, in milliseconds; none if that is not known";
    response.headers.extend([
        header::<String>(CONSISTENCY_TOKEN, token, true),
        header::<u64>("Consistency-Age-Ms", age, false),
    ]);
}

fn parameter(name: &str, description: &str, schema: MetaSchema) -> MetaOperationParam {
    MetaOperationParam {
        name: name.to_owned(),
        schema: MetaSchemaRef::Inline(Box::new(schema)),
        in_type: MetaParamIn::Header,
        description: Some(description.to_owned()),
        required: false,
        deprecated: false,
        explode: true,
        style: None,
    }
}

fn header<T: Type>(name: &str, description: &str, required: bool) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required,
        deprecated: false,
        schema: T::schema_ref(),
    }
}
