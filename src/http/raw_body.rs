//! A body that is signed: it is taken as it came, for it is no longer what was signed once it is read and written again.

use bytes::Bytes;
use poem::{FromRequest, Request, RequestBody, Result};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::media_type;

/// A JSON body, byte for byte: the argument type of handlers. Nothing of it is checked.
#[derive(Debug)]
pub struct RawBody(pub Bytes);

impl<'a> ApiExtractor<'a> for RawBody {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let schema = MetaSchemaRef::Inline(Box::new(MetaSchema::new("object")));
        let json = MetaMediaType { content_type: media_type::JSON, schema };
        Some(MetaRequest { description: None, content: vec![json], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        Ok(Self(<Bytes as FromRequest>::from_request(request, body).await?))
    }
}
