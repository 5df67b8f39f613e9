//! Lists: the newest first, a page at a time.

use serde_json::{Value, json};

use crate::account::Object;
use crate::error::ApiError;
use crate::params::Params;

/// Objects on a page when nothing is said, and at most.
const DEFAULT_LIMIT: u64 = 10;
const MAX_LIMIT: u64 = 100;

/// An object with a time.
pub(crate) trait Dated: Object {
    fn created_s(&self) -> u64;
}

/// Which page of which objects.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    limit: usize,
    starting_after: Option<String>,
    /// From this second on.
    from_s: u64,
    /// Up to and with this one.
    to_s: u64,
}

impl Listing {
    pub(crate) fn parse(params: &mut Params) -> Result<Self, ApiError> {
        let limit = params.take_number("limit")?.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(ApiError::invalid("Invalid limit: must be from 1 to 100").param("limit"));
        }
        let starting_after = params.take_text("starting_after")?;
        let (mut from_s, mut to_s) = (0, u64::MAX);
        if let Some(mut created) = params.take_map("created")? {
            from_s = created.take_number("gte")?.unwrap_or(0);
            from_s = from_s.max(created.take_number("gt")?.map_or(0, |s| s.saturating_add(1)));
            to_s = created.take_number("lte")?.unwrap_or(u64::MAX);
            to_s = to_s.min(created.take_number("lt")?.map_or(u64::MAX, |s| s.saturating_sub(1)));
            created.finish()?;
        }
        Ok(Self { limit: limit as usize, starting_after, from_s, to_s })
    }

    pub(crate) fn page<T: Dated>(
        &self,
        all: &[T],
        url: &str,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Value, ApiError> {
        let end = match &self.starting_after {
            None => all.len(),
            Some(id) => {
                let at = all.iter().rposition(|object| object.id() == id);
                at.ok_or_else(|| ApiError::missing(T::KIND, id, "starting_after"))?
            }
        };
        let is_in_time = |object: &&T| (self.from_s..=self.to_s).contains(&object.created_s());
        let found = all[..end].iter().rev().filter(is_in_time).filter(|object| wanted(object));
        let mut data: Vec<&T> = found.take(self.limit + 1).collect();
        let has_more = data.len() > self.limit;
        data.truncate(self.limit);
        let data: Vec<Value> = data.into_iter().map(Object::json).collect();
        Ok(json!({ "object": "list", "url": url, "has_more": has_more, "data": data }))
    }
}
