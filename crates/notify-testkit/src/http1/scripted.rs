//! A server that answers with the bytes it is given.

use std::io::{self, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{PATIENCE, RawRequest, Server};

/// A plain HTTP/1.1 server, which keeps every request and answers it with the bytes that a function makes of it; no bytes
/// close the connection without an answer, and so does `Connection: close` after one. It stops when it is dropped.
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
    /// When no loopback port can be had.
    pub fn start(answer: impl Fn(&RawRequest) -> Vec<u8> + Send + Sync + 'static) -> io::Result<Self> {
        let requests = Arc::<Mutex<Vec<RawRequest>>>::default();
        let kept = Arc::clone(&requests);
        let server = Server::start(move |stream| serve(stream, &kept, &answer))?;
        Ok(Self { server, requests })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The base URL of what it serves, without a slash at the end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests so far, in the order in which they were read.
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

/// A panic elsewhere leaves a list of requests as good as it was.
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
        // The server keeps the connection open, so only the answer itself is read here.
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
