//! Events: what happened, for whoever was not told.

use serde_json::Value;

use super::list::{Dated, Listing};
use crate::account::{Account, Event, Object};
use crate::error::ApiError;
use crate::params::Params;

/// Types that one may ask for at once.
const MAX_TYPES: usize = 20;

impl Object for Event {
    const KIND: &'static str = "event";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        self.body.clone()
    }
}

impl Dated for Event {
    fn created_s(&self) -> u64 {
        self.body["created"].as_u64().unwrap_or_default()
    }
}

/// `GET /v1/events`
#[derive(Clone, Debug)]
pub(crate) struct ListOf {
    /// All of them, if none is named.
    types: Vec<String>,
    listing: Listing,
}

impl ListOf {
    pub(crate) fn parse(params: &mut Params) -> Result<Self, ApiError> {
        let types = params.take_list("types")?;
        if types.len() > MAX_TYPES {
            return Err(ApiError::invalid("Invalid types: at most 20").param("types"));
        }
        Ok(Self { types, listing: Listing::parse(params)? })
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        let is_wanted = |event: &Event| {
            let kind = event.body["type"].as_str().unwrap_or_default();
            self.types.is_empty() || self.types.iter().any(|wanted| wanted == kind)
        };
        self.listing.page(account.events.make_contiguous(), "/v1/events", is_wanted)
    }
}
