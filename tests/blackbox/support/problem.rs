//! Error answers: problem details (RFC 9457) with one entry per fault.

use serde_json::Value;

use super::answer::Answer;

const RULE: &str = "errors are application/problem+json: type, title, status, detail, request id, errors";

impl Answer {
    /// Holds the answer to being an error with this status, in the one form that errors have.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, rule: &str) -> Self {
        let problem = self.expect(status, rule);
        let content_type = problem.header("content-type").unwrap_or_default();
        assert!(
            content_type.starts_with("application/problem+json"),
            "{RULE}; content type {content_type:?}"
        );
        for field in ["type", "title", "detail", "requestId"] {
            assert!(problem[field].is_string(), "{RULE}; {field} is missing in {}", problem.text);
        }
        assert_eq!(problem["status"], status, "{RULE}: {}", problem.text);
        assert_eq!(
            problem["requestId"].as_str(),
            problem.header("x-request-id"),
            "the request id in the body is that of the response header"
        );
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("{RULE}: {}", problem.text));
        assert!(!errors.is_empty(), "errors has one entry per fault: {}", problem.text);
        for error in errors {
            assert!(error["message"].is_string(), "errors: [{{message, field?}}]: {}", problem.text);
        }
        problem
    }

    /// What kind of error it is.
    #[track_caller]
    pub(crate) fn kind(&self) -> String {
        self.string("type")
    }

    /// The fields that are at fault, sorted.
    pub(crate) fn faults(&self) -> Vec<String> {
        let errors = self["errors"].as_array().into_iter().flatten();
        let mut fields: Vec<String> =
            errors.filter_map(|error| error["field"].as_str().map(str::to_owned)).collect();
        fields.sort();
        fields
    }
}

/// Two errors must not tell apart what they are about: all but the request ids is the same.
#[track_caller]
pub(crate) fn same_problem(one: &Answer, other: &Answer, rule: &str) {
    let without_request_id = |answer: &Answer| {
        let mut body = answer.body.clone();
        if let Value::Object(fields) = &mut body {
            fields.remove("requestId");
            // The path of the request, which the client knows anyway.
            fields.remove("instance");
        }
        (answer.status, body)
    };
    assert_eq!(without_request_id(one), without_request_id(other), "{rule}");
}
