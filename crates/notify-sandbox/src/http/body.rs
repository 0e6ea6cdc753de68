//! The body of a response as it is sent: at once, cut in the middle, a byte at a time, or as events happen.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};

/// How long the first half of a cut body has to be sent before the connection ends.
const TIME_TO_LEAVE: Duration = Duration::from_millis(20);

/// The body of a response.
pub(super) struct Body {
    rest: Bytes,
    flow: Flow,
    pause: Option<Pin<Box<Sleep>>>,
    /// What follows, until its sender is gone.
    stream: Option<mpsc::Receiver<Bytes>>,
}

#[derive(Clone, Copy)]
enum Flow {
    AtOnce,
    /// Ends with the connection when this many bytes are left.
    CutBefore(usize),
    Dripped(Duration),
}

impl Body {
    pub(super) fn at_once(bytes: Bytes) -> Self {
        Self { rest: bytes, flow: Flow::AtOnce, pause: None, stream: None }
    }

    /// Whatever is received, as it is received.
    pub(super) fn streamed(stream: mpsc::Receiver<Bytes>) -> Self {
        Self { stream: Some(stream), ..Self::at_once(Bytes::new()) }
    }

    pub(super) fn cut(self) -> Self {
        let flow = Flow::CutBefore(self.rest.len().div_ceil(2));
        Self { flow, ..self }
    }

    pub(super) fn dripped(self, pause: Duration) -> Self {
        Self { flow: Flow::Dripped(pause), pause: Some(Box::pin(sleep(pause))), ..self }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(stream) = &mut self.stream {
            return stream.poll_recv(context).map(|part| part.map(|part| Ok(Frame::data(part))));
        }
        if let Some(pause) = &mut self.pause {
            if pause.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.pause = None;
        }
        let part = match self.flow {
            Flow::CutBefore(left) if self.rest.len() == left => {
                return Poll::Ready(Some(Err(io::Error::other("cut by an injected fault"))));
            }
            _ if self.rest.is_empty() => return Poll::Ready(None),
            Flow::AtOnce => std::mem::take(&mut self.rest),
            Flow::CutBefore(left) => {
                self.pause = Some(Box::pin(sleep(TIME_TO_LEAVE)));
                let first = self.rest.len() - left;
                self.rest.split_to(first)
            }
            Flow::Dripped(pause) => {
                self.pause = Some(Box::pin(sleep(pause)));
                self.rest.split_to(1)
            }
        };
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_none() && self.rest.is_empty() && !matches!(self.flow, Flow::CutBefore(_))
    }

    /// The full length, even of a body that will be cut.
    fn size_hint(&self) -> SizeHint {
        if self.stream.is_some() {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
