//! Takes in a request's body whole, within bounds of size and time, before anyone looks at it.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use poem::http::{HeaderMap, HeaderValue, header};
use tokio::time::timeout;

use super::problem::Problem;
use super::problem_type::ProblemType;

/// The largest body accepted: no request needs more.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a request's body may take.
#[derive(Clone, Debug)]
pub struct BodyLimits {
    /// The largest body accepted, with a declared length or without.
    pub max_bytes: usize,
    /// From the end of the head to the end of the body.
    pub timeout: Duration,
    /// How much of a body that is too large is read and dropped, so that a client that sends first and
    /// reads then sees the answer.
    pub max_discarded_bytes: usize,
    /// How long that may take.
    pub discard_timeout: Duration,
}

/// A body that was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyFault {
    /// Too large, and read to its end.
    TooLarge,
    /// Too large, with more to come: the connection is of no further use.
    FarTooLarge,
    /// Not here in time.
    TimedOut,
    /// The client went away, or sent what is not HTTP.
    Broken,
}

impl Default for BodyLimits {
    fn default() -> Self {
        BodyLimits {
            max_bytes: MAX_BODY_BYTES,
            timeout: Duration::from_secs(30),
            max_discarded_bytes: 1024 * 1024,
            discard_timeout: Duration::from_secs(5),
        }
    }
}

impl BodyLimits {
    /// The whole body.
    pub(super) async fn read(&self, body: poem::Body, headers: &HeaderMap) -> Result<Bytes, BodyFault> {
        let mut body: BoxBody<Bytes, io::Error> = body.into();
        let declared_bytes = declared_length(headers);
        if declared_bytes.is_none_or(|length| length <= self.max_bytes as u64) {
            match timeout(self.timeout, collect(&mut body, self.max_bytes)).await {
                Ok(Ok(Some(bytes))) => return Ok(bytes),
                Ok(Ok(None)) => {}
                Ok(Err(_)) => return Err(BodyFault::Broken),
                Err(_) => return Err(BodyFault::TimedOut),
            }
        }
        let worth_reading = !headers.contains_key(header::EXPECT)
            && declared_bytes.is_none_or(|length| length <= self.max_discarded_bytes as u64);
        Err(if worth_reading && self.discard(body).await {
            BodyFault::TooLarge
        } else {
            BodyFault::FarTooLarge
        })
    }

    /// Whether the end was reached.
    async fn discard(&self, mut body: BoxBody<Bytes, io::Error>) -> bool {
        let to_the_end = async {
            let mut discarded_bytes = 0;
            while let Some(frame) = body.frame().await {
                let Ok(frame) = frame else { return false };
                discarded_bytes += frame.data_ref().map_or(0, Bytes::len);
                if discarded_bytes > self.max_discarded_bytes {
                    return false;
                }
            }
            true
        };
        timeout(self.discard_timeout, to_the_end).await.unwrap_or(false)
    }
}

/// `None` when it is larger than allowed.
async fn collect(body: &mut BoxBody<Bytes, io::Error>, max_bytes: usize) -> io::Result<Option<Bytes>> {
    let mut only = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if only.len() + joined.len() + data.len() > max_bytes {
            return Ok(None);
        }
        // A body nearly always comes in one piece, which then need not be copied.
        if only.is_empty() && joined.is_empty() {
            only = data;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut only));
            joined.extend_from_slice(&data);
        }
    }
    Ok(Some(if joined.is_empty() { only } else { joined.freeze() }))
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl BodyFault {
    pub(super) fn into_problem(self, limits: &BodyLimits, is_http1: bool) -> Problem {
        let problem = match self {
            BodyFault::TooLarge | BodyFault::FarTooLarge => Problem::new(ProblemType::PayloadTooLarge)
                .detail(format!("A body may have at most {} bytes", limits.max_bytes)),
            BodyFault::TimedOut => ProblemType::RequestTimeout.into(),
            BodyFault::Broken => Problem::new(ProblemType::BadRequest).detail("The body broke off"),
        };
        // The rest of the body may still come and must not be taken for a request. HTTP/2 has a stream
        // for each and no such header.
        if is_http1 && self != BodyFault::TooLarge {
            problem.header(header::CONNECTION, HeaderValue::from_static("close"))
        } else {
            problem
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use poem::Body;

    use super::*;

    fn limits() -> BodyLimits {
        BodyLimits {
            max_bytes: 10,
            timeout: Duration::from_millis(20),
            max_discarded_bytes: 20,
            discard_timeout: Duration::from_millis(20),
        }
    }

    fn chunks(sizes: &[usize]) -> Body {
        let chunks: Vec<_> = sizes.iter().map(|size| Ok::<_, io::Error>(vec![b'x'; *size])).collect();
        Body::from_bytes_stream(stream::iter(chunks))
    }

    async fn read(body: Body, headers: &[(header::HeaderName, &'static str)]) -> Result<usize, BodyFault> {
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        limits().read(body, &headers).await.map(|bytes| bytes.len())
    }

    #[tokio::test]
    async fn the_bound_counts_all_chunks() {
        assert_eq!(read(chunks(&[]), &[]).await, Ok(0));
        assert_eq!(read(chunks(&[10]), &[]).await, Ok(10));
        assert_eq!(read(chunks(&[3, 3, 4]), &[]).await, Ok(10));
        assert_eq!(read(chunks(&[3, 3, 5]), &[]).await, Err(BodyFault::TooLarge));
        assert_eq!(read(chunks(&[11]), &[(header::CONTENT_LENGTH, "11")]).await, Err(BodyFault::TooLarge));
        assert_eq!(read(chunks(&[9, 9, 9, 9, 9]), &[]).await, Err(BodyFault::FarTooLarge));
        assert_eq!(read(chunks(&[99]), &[(header::CONTENT_LENGTH, "99")]).await, Err(BodyFault::FarTooLarge));
    }

    #[tokio::test]
    async fn who_asks_first_is_told_first() {
        let asks = [(header::CONTENT_LENGTH, "11"), (header::EXPECT, "100-continue")];
        assert_eq!(read(chunks(&[11]), &asks).await, Err(BodyFault::FarTooLarge));
    }

    #[tokio::test]
    async fn a_body_that_stops_coming_times_out() {
        let stalled = || Body::from_bytes_stream(stream::pending::<Result<Vec<u8>, io::Error>>());
        assert_eq!(read(stalled(), &[]).await, Err(BodyFault::TimedOut));
        assert_eq!(read(stalled(), &[(header::CONTENT_LENGTH, "15")]).await, Err(BodyFault::FarTooLarge));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_the_clients_fault() {
        let broken = stream::iter([Ok(vec![b'x']), Err(io::Error::other("gone"))]);
        assert_eq!(read(Body::from_bytes_stream(broken), &[]).await, Err(BodyFault::Broken));
    }
}
