//! A server that does with a connection whatever a test likes.

use std::io::{self, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use notify_tests::http1::RawRequest;

/// A connection on which one request has been read.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    pub(crate) request: RawRequest,
}

impl Connection {
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Repeats `piece` until the other side has had enough; gives the bytes that it took.
    pub(crate) fn write_without_end(&mut self, piece: &[u8]) -> usize {
        // Not in small pieces, which would only be slow.
        let piece = piece.repeat(16 * 1024 / piece.len());
        let mut written = 0;
        while self.stream.write_all(&piece).is_ok() {
            written += piece.len();
        }
        written
    }
}

/// Serves each connection on a thread of its own, for as long as the test program lives, with what follows after the
/// first request has been read. Gives the base URL.
pub(crate) fn answering(answer: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static) -> String {
    url(accepting(move |stream| {
        let request = RawRequest::read(&mut BufReader::new(stream.try_clone()?))?;
        request.map_or(Ok(()), |request| answer(Connection { stream, request }))
    }))
}

/// The same, with nothing read before.
pub(crate) fn accepting(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let serve = Arc::clone(&serve);
            // What breaks off has the failure on the client's side, where it is looked at.
            thread::spawn(move || stream.and_then(|stream| serve(stream)));
        }
    });
    address
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// A whole answer with this body.
pub(crate) fn whole(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} S\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The same as the last one on its connection, which is said, so that no request is lost on it.
pub(crate) fn last(status: u16, body: &str) -> String {
    whole(status, body).replacen("\r\n", "\r\nConnection: close\r\n", 1)
}
