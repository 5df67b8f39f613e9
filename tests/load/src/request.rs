//! Writing HTTP/1.1 requests.

use std::io::Write;

/// One request, rendered into a buffer that is used again.
#[derive(Default)]
pub(crate) struct Request {
    bytes: Vec<u8>,
}

impl Request {
    /// What goes over the wire.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A request without a body; `token` signs it.
    pub(crate) fn empty(&mut self, method: &str, path: &str, token: Option<&str>) {
        self.head(method, path, token);
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// A request with a JSON body; `token` signs it.
    pub(crate) fn json(&mut self, method: &str, path: &str, token: Option<&str>, body: &str) {
        self.head(method, path, token);
        write!(self.bytes, "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            .expect("a Vec takes any write");
    }

    fn head(&mut self, method: &str, path: &str, token: Option<&str>) {
        self.bytes.clear();
        write!(self.bytes, "{method} {path} HTTP/1.1\r\nhost: boxoffice.test\r\n")
            .expect("a Vec takes any write");
        if let Some(token) = token {
            write!(self.bytes, "authorization: Bearer {token}\r\n").expect("a Vec takes any write");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendered_anew_each_time() {
        let mut request = Request::default();
        request.json("POST", "/api/orders", Some("abc"), "{\"é\":1}");
        assert_eq!(
            std::str::from_utf8(request.as_bytes()).unwrap(),
            "POST /api/orders HTTP/1.1\r\nhost: boxoffice.test\r\nauthorization: Bearer abc\r\n\
             content-type: application/json\r\ncontent-length: 8\r\n\r\n{\"é\":1}"
        );
        request.empty("GET", "/", None);
        assert_eq!(request.as_bytes(), b"GET / HTTP/1.1\r\nhost: boxoffice.test\r\n\r\n");
    }
}
