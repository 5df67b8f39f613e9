//! Versions as entity tags (RFC 9110): `ETag` and `If-Match`.

use crate::domain::IfMatch;
use crate::http::{Fault, Problem, ProblemType};

/// Entity tags that one `If-Match` may list; nobody has seen more versions than a handful.
const MAX_TAGS: usize = 32;

/// The entity tag of a version.
pub(super) fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// What `If-Match` asks for; `*` asks for nothing more than that the thing is there.
pub(super) fn if_match(header: Option<&str>) -> Result<Option<IfMatch>, Problem> {
    let Some(header) = header.map(str::trim).filter(|header| *header != "*") else { return Ok(None) };
    let tags: Vec<&str> = header.split(',').map(str::trim).collect();
    if tags.len() > MAX_TAGS || !tags.iter().all(|tag| is_entity_tag(tag)) {
        let fault = Fault::of("If-Match", "must be * or a list of entity tags such as \"3\"");
        return Err(Problem::new(ProblemType::InvalidHeader).fault(fault));
    }
    // Weak tags, and tags that are no version of ours, match nothing.
    let version = |tag: &str| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok();
    Ok(Some(IfMatch { versions: tags.into_iter().filter_map(version).collect() }))
}

fn is_entity_tag(tag: &str) -> bool {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    opaque.len() >= 2 && opaque.starts_with('"') && opaque.ends_with('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(header: &str) -> Option<Option<Vec<u64>>> {
        if_match(Some(header)).ok().map(|wanted| wanted.map(|wanted| wanted.versions))
    }

    #[test]
    fn if_match_is_a_list_of_versions() {
        assert_eq!(if_match(None), Ok(None));
        assert_eq!(versions("*"), Some(None));
        assert_eq!(versions("\"0\""), Some(Some(vec![0])));
        assert_eq!(versions("\"1\", \"2\",W/\"3\",\"x\""), Some(Some(vec![1, 2])));
        for bad in ["3", "", "\"", "\"1\",", "W/3"] {
            assert_eq!(versions(bad), None, "{bad:?}");
        }
    }
}
