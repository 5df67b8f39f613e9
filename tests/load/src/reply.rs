//! Reading one HTTP/1.1 response out of a byte buffer.

use anyhow::{Context, bail, ensure};

/// More headers than any answer of the service has.
const MAX_HEADERS: usize = 64;

/// One response, borrowed from the connection's buffer.
#[derive(Debug)]
pub(crate) struct Reply<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The body, transfer coding removed.
    pub(crate) body: &'a [u8],
}

/// Where the parts of a complete response lie in the buffer.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) status: u16,
    /// Where the body starts; for a chunked one, its first chunk header.
    body_start: usize,
    framing: Framing,
    /// The length of the whole response.
    pub(crate) total_bytes: usize,
    /// Whether the server will close the connection after this response.
    pub(crate) closes: bool,
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Framing {
    Length(usize),
    Chunked,
}

impl Frame {
    /// Looks for a complete response at the start of `buffer`; `None` when more bytes are needed.
    pub(crate) fn find(buffer: &[u8]) -> anyhow::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let body_start = match response.parse(buffer).context("not an HTTP/1.1 response")? {
            httparse::Status::Partial => return Ok(None),
            httparse::Status::Complete(length) => length,
        };
        let status = response.code.context("a response without a status")?;
        let (framing, closes) = framing(status, response.headers)?;
        let body_bytes = match framing {
            Framing::Length(length) => Some(length),
            Framing::Chunked => chunks(&buffer[body_start..], |_| ())?,
        };
        let Some(body_bytes) = body_bytes else { return Ok(None) };
        let total_bytes = body_start + body_bytes;
        let frame = Frame { status, body_start, framing, total_bytes, closes };
        Ok((buffer.len() >= total_bytes).then_some(frame))
    }

    /// The response itself; a chunked body is put together in `scratch`.
    pub(crate) fn reply<'a>(&self, buffer: &'a [u8], scratch: &'a mut Vec<u8>) -> anyhow::Result<Reply<'a>> {
        let body = match self.framing {
            Framing::Length(length) => &buffer[self.body_start..self.body_start + length],
            Framing::Chunked => {
                scratch.clear();
                chunks(&buffer[self.body_start..], |chunk| scratch.extend_from_slice(chunk))?;
                scratch.as_slice()
            }
        };
        Ok(Reply { status: self.status, body })
    }
}

/// How the body is delimited, and whether the connection ends with it.
fn framing(status: u16, headers: &[httparse::Header<'_>]) -> anyhow::Result<(Framing, bool)> {
    let mut framing = None;
    let mut closes = false;
    for header in headers {
        let value = std::str::from_utf8(header.value).context("a header that is not UTF-8")?;
        if header.name.eq_ignore_ascii_case("content-length") {
            framing = Some(Framing::Length(value.trim().parse().context("Content-Length")?));
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            ensure!(value.trim().eq_ignore_ascii_case("chunked"), "Transfer-Encoding: {value}");
            framing = Some(Framing::Chunked);
        } else if header.name.eq_ignore_ascii_case("connection") {
            closes = value.trim().eq_ignore_ascii_case("close");
        }
    }
    match framing {
        _ if status == 204 || status == 304 => Ok((Framing::Length(0), closes)),
        Some(framing) => Ok((framing, closes)),
        None => bail!("status {status} with neither Content-Length nor Transfer-Encoding"),
    }
}

/// Walks a chunked body and returns its coded length, or `None` while it is incomplete.
fn chunks(coded: &[u8], mut each: impl FnMut(&[u8])) -> anyhow::Result<Option<usize>> {
    let mut at = 0;
    loop {
        let header =
            httparse::parse_chunk_size(&coded[at..]).map_err(|_| anyhow::anyhow!("an invalid chunk size"))?;
        let httparse::Status::Complete((header_bytes, chunk_bytes)) = header else { return Ok(None) };
        let chunk_bytes = usize::try_from(chunk_bytes).context("a chunk beyond memory")?;
        at += header_bytes;
        // The last chunk is empty and followed, trailers being unused here, by one empty line.
        let Some(chunk) = coded.get(at..at + chunk_bytes) else { return Ok(None) };
        let Some(end) = coded.get(at + chunk_bytes..at + chunk_bytes + 2) else { return Ok(None) };
        ensure!(end == b"\r\n", "a chunk that does not end in CRLF");
        at += chunk_bytes + 2;
        if chunk_bytes == 0 {
            return Ok(Some(at));
        }
        each(chunk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every proper prefix must ask for more, and the whole must give the body.
    fn parse(response: &[u8]) -> (u16, Vec<u8>, bool) {
        for length in 0..response.len() {
            assert_eq!(Frame::find(&response[..length]).unwrap(), None, "after {length} bytes");
        }
        let mut buffer = response.to_vec();
        buffer.extend_from_slice(b"HTTP/1.1 500 the next one");
        let frame = Frame::find(&buffer).unwrap().expect("complete");
        assert_eq!(frame.total_bytes, response.len());
        let mut scratch = Vec::new();
        let reply = frame.reply(&buffer, &mut scratch).unwrap();
        (reply.status, reply.body.to_vec(), frame.closes)
    }

    #[test]
    fn content_length() {
        let reply = parse(b"HTTP/1.1 201 Created\r\ncontent-Length: 5\r\nconnection: close\r\n\r\nhello");
        assert_eq!(reply, (201, b"hello".to_vec(), true));
    }

    #[test]
    fn chunked() {
        let reply = parse(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
        );
        assert_eq!(reply, (200, b"hello".to_vec(), false));
    }

    #[test]
    fn no_content_has_no_body() {
        assert_eq!(parse(b"HTTP/1.1 204 No Content\r\n\r\n"), (204, Vec::new(), false));
    }

    #[test]
    fn a_body_without_an_end_is_refused() {
        assert!(Frame::find(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(Frame::find(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n").is_err());
    }
}
