//! HTTP/1.1 by hand: it sends exactly the given bytes, and reads strictly.
//!
//! In scope: one request and one response at a time, bodies with `Content-Length`, chunked bodies, bodies up to the
//! end of the connection, and answers to `HEAD`. Out of scope: everything that a client library adds on its own, which
//! is why this module exists.

mod message;
mod request;
mod response;
mod scripted;
mod server;

pub use message::Headers;
pub use request::RawRequest;
pub use response::RawResponse;
pub use scripted::ScriptedServer;
pub use server::{Connection, Server, UNUSED_ADDRESS};

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long to wait for a silent peer before an exchange counts as failed.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Sends `request` on its own connection, and reads the answer up to the end of the connection.
///
/// # Errors
///
/// If the connection fails, if the peer is silent for [`PATIENCE`], if the answer is not HTTP/1.1, or if bytes follow
/// it (such as a body after an answer to `HEAD`): the request must carry `Connection: close`.
pub fn exchange(peer: SocketAddr, request: &RawRequest) -> io::Result<RawResponse> {
    let mut stream = TcpStream::connect_timeout(&peer, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&request.to_bytes())?;
    let mut reader = BufReader::new(stream);
    let response = RawResponse::read(&mut reader, request.method == "HEAD")?;
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest)?;
    if rest.is_empty() {
        Ok(response)
    } else {
        Err(message::malformed(format!("{} bytes follow the response", rest.len())))
    }
}
