//! An answer's body on its way out. What became of it, only its bytes can tell: hyper hands them to HTTP/2
//! and lets go of the body long before a slow client has taken them.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, SizeHint};
use poem::http::Response;
use tokio::sync::OwnedSemaphorePermit;

use super::activity::{Answer, InFlight};

/// Marks, among an answer's extensions, one that has no end of its own. It takes no place among the requests under way:
/// whoever gives such answers bounds how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Endless;

/// Keeps a request in flight, and its place among all of them taken, until the last of its answer is sent or
/// dropped.
pub(super) struct Sending {
    pub(super) in_flight: InFlight,
    pub(super) place: Option<OwnedSemaphorePermit>,
}

/// A body that tells what becomes of it.
pub(super) struct AnswerBody {
    inner: BoxBody<Bytes, io::Error>,
    sending: Arc<Sending>,
}

/// A part of it, which notes what is taken.
pub(super) struct Piece {
    bytes: Bytes,
    sending: Arc<Sending>,
}

impl AnswerBody {
    /// The answer with such a body. From now on it is up to the client.
    pub(super) fn of(
        response: Response<BoxBody<Bytes, io::Error>>,
        mut sending: Sending,
    ) -> Response<AnswerBody> {
        let is_endless = response.extensions().get::<Endless>().is_some();
        sending.in_flight.answer_began(if is_endless { Answer::Endless } else { Answer::Whole });
        if is_endless {
            sending.place = None;
        }
        response.map(|inner| AnswerBody { inner, sending: Arc::new(sending) })
    }
}

impl Body for AnswerBody {
    type Data = Piece;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Piece>>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(cx);
        frame.map_ok(|frame| {
            frame.map_data(|bytes| {
                self.sending.in_flight.handed_out(bytes.len());
                Piece { bytes, sending: Arc::clone(&self.sending) }
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
        self.sending.in_flight.taken(count);
    }
}
