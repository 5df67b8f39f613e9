//! Versions as entity tags (RFC 9110): `ETag` and `If-Match`.

use poem_openapi::registry::MetaSchema;

use crate::domain::IfMatch;
use crate::http::header::FromLines;

/// Entity tags that one `If-Match` may list; nobody has seen more versions than a handful.
const MAX_TAGS: usize = 32;

/// `*`, or entity tags with commas in between.
const PATTERN: &str = r#"^(\*|[ \t,]*(W/)?"[!#-~]*"([ \t]*,[ \t,]*(W/)?"[!#-~]*")*[ \t,]*)$"#;

/// What `If-Match` asks for. `*` asks for nothing more than that the thing is there, as its absence does.
#[derive(Debug, PartialEq)]
pub(crate) struct Precondition(pub(crate) Option<IfMatch>);

/// The entity tag of a version.
pub(super) fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

impl Precondition {
    /// The version that a page showed, as its form says; without one nothing is asked for.
    pub(crate) fn of_field(version: Option<&str>) -> Self {
        Self(version.map(|version| IfMatch { versions: version.parse().into_iter().collect() }))
    }
}

impl FromLines for Precondition {
    fn schema() -> MetaSchema {
        MetaSchema {
            description: Some("`*`, or a list of entity tags such as `\"3\"`"),
            pattern: Some(PATTERN.to_owned()),
            ..MetaSchema::new("string")
        }
    }

    fn from_lines(lines: &[&str]) -> Result<Self, String> {
        // Several lines are one list.
        let list = lines.join(", ");
        if lines.is_empty() || list == "*" {
            return Ok(Self(None));
        }
        let tags = entity_tags(&list).filter(|tags| (1..=MAX_TAGS).contains(&tags.len()));
        let tags = tags.ok_or("must be * or a list of entity tags such as \"3\"")?;
        Ok(Self(Some(IfMatch { versions: tags.into_iter().filter_map(version).collect() })))
    }
}

/// The version that has this entity tag. Weak tags, and tags that are not ours, are no version's.
fn version(tag: &str) -> Option<u64> {
    let version = tag.trim_matches('"').parse().ok()?;
    (etag(version) == tag).then_some(version)
}

/// The entity tags of a list: a comma inside one is its own, and empty elements count for nothing.
fn entity_tags(list: &str) -> Option<Vec<&str>> {
    let mut tags = Vec::new();
    let mut rest = list.trim_start_matches(SEPARATORS);
    while !rest.is_empty() {
        let (tag, after) = split_entity_tag(rest)?;
        let next = after.trim_start_matches(SEPARATORS);
        let is_separated = after[..after.len() - next.len()].contains(',');
        if !next.is_empty() && !is_separated {
            return None;
        }
        tags.push(tag);
        rest = next;
    }
    Some(tags)
}

/// What stands between two tags; one comma at least is among it.
const SEPARATORS: [char; 3] = [',', ' ', '\t'];

/// The entity tag that a text begins with, and what follows it.
fn split_entity_tag(text: &str) -> Option<(&str, &str)> {
    let opaque = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?;
    let (inside, after) = opaque.split_once('"')?;
    let is_opaque_tag = inside.bytes().all(|byte| byte.is_ascii_graphic());
    is_opaque_tag.then(|| text.split_at(text.len() - after.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(lines: &[&str]) -> Option<Option<Vec<u64>>> {
        Precondition::from_lines(lines).ok().map(|wanted| wanted.0.map(|wanted| wanted.versions))
    }

    #[test]
    fn if_match_is_a_list_of_versions() {
        assert_eq!(versions(&[]), Some(None));
        assert_eq!(versions(&["*"]), Some(None));
        assert_eq!(versions(&["\"0\""]), Some(Some(vec![0])));
        assert_eq!(versions(&["\"1\", \"2\",W/\"3\",\"x\""]), Some(Some(vec![1, 2])));
        assert_eq!(versions(&["\"1\"", "\"2\""]), Some(Some(vec![1, 2])));
        assert_eq!(versions(&[", \"4\",\t,"]), Some(Some(vec![4])));
        assert_eq!(versions(&["\"1\"", ""]), Some(Some(vec![1])));
    }

    #[test]
    fn well_formed_tags_that_are_not_ours_match_nothing() {
        for foreign in
            ["\"a,b\"", "\"\"", "\"00\"", "\"+1\"", "\"-1\"", "\"99999999999999999999\"", "W/\"1\""]
        {
            assert_eq!(versions(&[foreign]), Some(Some(Vec::new())), "{foreign}");
        }
        assert_eq!(versions(&["\"a,b\", \"7\""]), Some(Some(vec![7])));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        let junk = [
            "3",
            "",
            ",",
            "\"",
            "W/3",
            "w/\"3\"",
            "\"1\" \"2\"",
            "\"1\"\"2\"",
            "\"a b\"",
            "*, \"1\"",
            "W/ \"1\"",
        ];
        for bad in junk {
            assert_eq!(versions(&[bad]), None, "{bad:?}");
        }
        assert_eq!(versions(&["*", "*"]), None);
        assert_eq!(versions(&[&["\"1\""; MAX_TAGS + 1].join(",")]), None);
    }
}
