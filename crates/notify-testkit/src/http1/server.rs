//! A server that answers with the bytes it is given.

use std::fmt;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::{PATIENCE, RawRequest};

/// A plain TCP server on a loopback port of its own, which keeps every request and answers it with the bytes that a
/// function makes of it; no bytes close the connection without an answer, and so does `Connection: close` after one.
/// It stops when it is dropped.
pub struct ScriptedServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<RawRequest>>>,
    stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl ScriptedServer {
    /// Starts the server.
    ///
    /// # Errors
    ///
    /// When no loopback port can be had.
    pub fn start(answer: impl Fn(&RawRequest) -> Vec<u8> + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let acceptor = thread::spawn({
            let (requests, stopping, answer) =
                (Arc::clone(&requests), Arc::clone(&stopping), Arc::new(answer));
            move || {
                for stream in listener.incoming() {
                    if stopping.load(Ordering::Acquire) {
                        return;
                    }
                    let (requests, answer) = (Arc::clone(&requests), Arc::clone(&answer));
                    thread::spawn(move || {
                        // A peer that breaks off has the failure on its own side; here it only ends the connection.
                        let _ = stream.and_then(|stream| serve(stream, &requests, answer.as_ref()));
                    });
                }
            }
        });
        Ok(Self { address, requests, stopping, acceptor: Some(acceptor) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of what it serves, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, in the order in which they were read.
    pub fn requests(&self) -> Vec<RawRequest> {
        lock(&self.requests).clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Release);
        // Wakes the acceptor, which then sees the flag. When nothing listens any more it has ended already.
        drop(TcpStream::connect_timeout(&self.address, PATIENCE));
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
    }
}

impl fmt::Debug for ScriptedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedServer").field("address", &self.address).finish_non_exhaustive()
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
