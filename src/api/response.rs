//! The shapes of answers that nouns share. Each says in the document what it means for all of them.

use poem_openapi::ApiResponse;
use poem_openapi::types::{ToJSON, Type};

use super::conditional::etag;
use crate::http::json::Json;

/// A thing, and its version.
#[derive(ApiResponse)]
pub(super) enum Shown<T: Type + ToJSON> {
    /// As it is now
    #[oai(status = 200)]
    Ok(
        Json<T>,
        /// The version, as `If-Match` takes it
        #[oai(header = "ETag")]
        String,
    ),
}

/// A thing that was made, and where it is.
#[derive(ApiResponse)]
pub(super) enum Created<T: Type + ToJSON> {
    /// It was made
    #[oai(status = 201)]
    Created(
        Json<T>,
        /// The version, as `If-Match` takes it
        #[oai(header = "ETag")]
        String,
        /// Where it can be looked up
        #[oai(header = "Location")]
        String,
        /// `true` if this answer was given before to the same idempotency key
        #[oai(header = "Idempotent-Replayed")]
        Option<String>,
    ),
}

/// Some things of a list, and how to get the next ones.
#[derive(ApiResponse)]
pub(super) enum Page<T: Type + ToJSON> {
    /// A page of the list
    #[oai(status = 200)]
    Ok(
        Json<Vec<T>>,
        /// The next page, if there is one: `<…>; rel="next"`
        #[oai(header = "Link")]
        Option<String>,
    ),
}

/// There is nothing to show.
#[derive(ApiResponse)]
pub(super) enum NoContent {
    /// Done
    #[oai(status = 204)]
    Done,
}

impl<T: Type + ToJSON> Shown<T> {
    pub(super) fn new(view: T, version: u64) -> Self {
        Self::Ok(Json(view), etag(version))
    }
}

impl<T: Type + ToJSON> Created<T> {
    /// `path` is where it can be looked up; `replayed` says that the answer was given before.
    pub(super) fn new(view: T, version: u64, path: String, replayed: bool) -> Self {
        Self::Created(Json(view), etag(version), path, replayed.then(|| "true".to_owned()))
    }
}

impl<T: Type + ToJSON> Page<T> {
    /// `link` leads to the next page, see [`paging::link`](super::paging::link).
    pub(super) fn new(views: impl IntoIterator<Item = T>, link: Option<String>) -> Self {
        Self::Ok(Json(views.into_iter().collect()), link)
    }
}
