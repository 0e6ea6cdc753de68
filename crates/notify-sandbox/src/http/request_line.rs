//! Escapes control characters in the first line of a request. The server in front of the application accepts them, but
//! our HTTP library does not.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much is read at once while the first line lasts.
const CHUNK: usize = 4096;

/// A connection that escapes the control characters in its first line. Later requests on the same connection are left
/// alone: only a client that tests the limits sends such a line, and it opens a connection for each.
pub(super) struct Escaped<T> {
    inner: T,
    /// What has been read and escaped, but not handed on.
    waiting: Vec<u8>,
    is_first_line: bool,
}

impl<T> Escaped<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, waiting: Vec::new(), is_first_line: true }
    }

    fn accept(&mut self, bytes: &[u8]) {
        for (index, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => {
                    self.is_first_line = false;
                    self.waiting.extend_from_slice(&bytes[index..]);
                    return;
                }
                b'\r' | 0 => self.waiting.push(*byte),
                byte if byte.is_ascii_control() => self.waiting.extend(format!("%{byte:02X}").bytes()),
                _ => self.waiting.push(*byte),
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Escaped<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.waiting.is_empty() {
            if !self.is_first_line {
                return Pin::new(&mut self.inner).poll_read(context, buffer);
            }
            let mut chunk = [0; CHUNK];
            let mut chunk = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut chunk))?;
            self.accept(chunk.filled());
        }
        let length = self.waiting.len().min(buffer.remaining());
        buffer.put_slice(&self.waiting[..length]);
        self.waiting.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Escaped<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_escaped() {
        let mut escaped = Escaped::new(());
        for part in [b"GET /a\x7f".as_slice(), b"\x01 HTTP/1.1\r", b"\nX: \x7f\r\n", b"\x7f"] {
            if escaped.is_first_line {
                escaped.accept(part);
            }
        }
        assert_eq!(escaped.waiting, b"GET /a%7F%01 HTTP/1.1\r\nX: \x7f\r\n");
    }
}
