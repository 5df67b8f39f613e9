//! Which methods a path has: poem says that a method is not allowed, and not which are.

use std::collections::{BTreeMap, BTreeSet};

use poem::http::{HeaderValue, Method};
use poem_openapi::OpenApi;

/// The methods of each route, for `Allow`.
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    methods: BTreeMap<String, BTreeSet<String>>,
}

impl RouteTable {
    /// Adds the operations of an API.
    #[must_use]
    pub fn with_api<T: OpenApi>(mut self) -> RouteTable {
        for path in T::meta().into_iter().flat_map(|api| api.paths) {
            let pattern = pattern_of(&path.path);
            for operation in path.operations {
                self = self.with(&pattern, operation.method);
            }
        }
        self
    }

    /// Adds one route, by the pattern it was given to poem with.
    #[must_use]
    pub fn with(mut self, pattern: &str, method: Method) -> RouteTable {
        let methods = self.methods.entry(pattern.to_owned()).or_default();
        if method == Method::GET {
            methods.insert(Method::HEAD.to_string());
        }
        methods.insert(method.to_string());
        self
    }

    /// The value of `Allow` for the route of a pattern, if it is known.
    pub(super) fn allow(&self, pattern: &str) -> Option<HeaderValue> {
        let methods: Vec<_> = self.methods.get(pattern)?.iter().map(String::as_str).collect();
        HeaderValue::from_str(&methods.join(", ")).ok()
    }
}

/// The pattern poem-openapi registers for a documented path: `/orders/{id}` is `/orders/:param0`.
fn pattern_of(path: &str) -> String {
    let mut parameters = 0;
    let segments = path.split('/').map(|segment| {
        if !segment.starts_with('{') {
            return segment.to_owned();
        }
        parameters += 1;
        format!(":param{}", parameters - 1)
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn get_brings_head() {
        let table = RouteTable::default().with("/a", Method::GET).with("/a", Method::PUT);
        assert_eq!(table.allow("/a").unwrap(), "GET, HEAD, PUT");
        assert_eq!(table.allow("/b"), None);
    }

    #[test]
    fn parameters_are_numbered_as_poem_openapi_does() {
        assert_eq!(pattern_of("/api/a/{id}/b/{other}"), "/api/a/:param0/b/:param1");
    }
}
