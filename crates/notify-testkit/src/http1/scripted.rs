//! A server that answers with given bytes.

use std::io::{self, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{PATIENCE, RawRequest, Server};

/// A plain HTTP/1.1 server that keeps every request and answers with the bytes that a function returns. If there are
/// none, it closes the connection without an answer; after an answer with `Connection: close` it closes it too. It
/// stops when dropped.
#[derive(Debug)]
pub struct ScriptedServer {
    server: Server,
    requests: Arc<Mutex<Vec<RawRequest>>>,
}

impl ScriptedServer {
    /// Starts the server.
    ///
    /// # Errors
    ///
    /// If no loopback port is free.
    pub fn start(answer: impl Fn(&RawRequest) -> Vec<u8> + Send + Sync + 'static) -> io::Result<Self> {
        let requests = Arc::<Mutex<Vec<RawRequest>>>::default();
        let kept = Arc::clone(&requests);
        let server = Server::start(move |stream| serve(stream, &kept, &answer))?;
        Ok(Self { server, requests })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests so far, in the order they were read.
    pub fn requests(&self) -> Vec<RawRequest> {
        lock(&self.requests).clone()
    }
}

fn serve(
    stream: TcpStream,
    requests: &Mutex<Vec<RawRequest>>,
    answer: &impl Fn(&RawRequest) -> Vec<u8>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = RawRequest::read(&mut reader)? {
        let bytes = answer(&request);
        let last = request.headers.get("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        lock(requests).push(request);
        writer.write_all(&bytes)?;
        if last || bytes.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

/// A panic in another thread leaves the list of requests intact.
fn lock(requests: &Mutex<Vec<RawRequest>>) -> MutexGuard<'_, Vec<RawRequest>> {
    requests.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http1::{Headers, RawResponse, exchange};

    #[test]
    fn what_is_sent_is_kept_and_what_is_given_is_answered() {
        let answer = RawResponse { status: 201, headers: Headers::default(), body: b"{}".to_vec() };
        let server = ScriptedServer::start({
            let bytes = answer.to_bytes();
            move |_| [bytes.as_slice(), b""].concat()
        })
        .unwrap();
        let mut headers = Headers::default();
        headers.push("content-length", "3");
        let request =
            RawRequest { method: "POST".into(), target: "/a?b=%20".into(), headers, body: b"abc".to_vec() };
        // The server keeps the connection open, so this reads only the answer itself.
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(&request.to_bytes()).unwrap();
        let got = RawResponse::read(&mut BufReader::new(stream), false).unwrap();
        assert_eq!((got.status, got.body), (201, b"{}".to_vec()));
        assert_eq!(server.requests(), [request]);
    }

    #[test]
    fn no_bytes_are_a_connection_cut_without_an_answer() {
        let server = ScriptedServer::start(|_| Vec::new()).unwrap();
        let request = RawRequest {
            method: "GET".into(),
            target: "/".into(),
            headers: Headers::default(),
            body: Vec::new(),
        };
        let error = exchange(server.address(), &request).unwrap_err();
        assert!(error.to_string().contains("without an answer"), "{error}");
    }
}
