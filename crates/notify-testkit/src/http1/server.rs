//! A port, and what to do with each connection to it.

use std::fmt;
use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::{PATIENCE, RawRequest};

/// Enough stack to read requests, and little enough for thousands of connections.
const STACK: usize = 256 * 1024;

/// A TCP server on its own port, with a thread for each connection. It stops when dropped; connections that are open
/// then continue.
pub struct Server {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that calls `serve` for each connection.
    ///
    /// # Errors
    ///
    /// If no loopback port is free.
    pub fn start(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> io::Result<Self> {
        Self::start_at(Ipv4Addr::LOCALHOST.into(), serve)
    }

    /// Like [`start`](Self::start), at another address of this machine.
    ///
    /// # Errors
    ///
    /// If the machine has no such address, or no port is free there.
    pub fn start_at(
        address: IpAddr,
        serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((address, 0))?;
        let address = listener.local_addr()?;
        let stopping = Arc::new(AtomicBool::new(false));
        let acceptor = thread::spawn({
            let (stopping, serve) = (Arc::clone(&stopping), Arc::new(serve));
            move || {
                for stream in listener.incoming() {
                    if stopping.load(Ordering::Acquire) {
                        return;
                    }
                    let serve = Arc::clone(&serve);
                    // A peer that closes the connection early reports the failure itself; here it only ends the
                    // connection. So does a system that has no thread left.
                    let _ = thread::Builder::new().stack_size(STACK).spawn(move || {
                        let _ = stream.and_then(|stream| {
                            stream.set_nodelay(true)?;
                            serve(stream)
                        });
                    });
                }
            }
        });
        Ok(Self { address, stopping, acceptor: Some(acceptor) })
    }

    /// Starts a server that reads one request from each connection, and calls `answer` with it.
    ///
    /// # Errors
    ///
    /// As for [`Server::start`].
    pub fn answering(
        answer: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start(move |stream| {
            let request = RawRequest::read(&mut BufReader::new(stream.try_clone()?))?;
            request.map_or(Ok(()), |request| answer(Connection { stream, request }))
        })
    }

    /// Starts a server that reads everything and never answers.
    ///
    /// # Errors
    ///
    /// As for [`Server::start`].
    pub fn silent() -> io::Result<Self> {
        Self::start(|mut stream| {
            while stream.read(&mut [0; 1024])? > 0 {}
            Ok(())
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Leaves the server running for as long as the process lives, and returns its address.
    pub fn detach(mut self) -> SocketAddr {
        self.acceptor = None;
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(acceptor) = self.acceptor.take() else { return };
        self.stopping.store(true, Ordering::Release);
        // Wakes the acceptor, which then sees the flag. If nothing listens any more, it has already ended.
        drop(TcpStream::connect_timeout(&self.address, PATIENCE));
        drop(acceptor.join());
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A loopback address on which nothing listens: the system never assigns port 1.
pub const UNUSED_ADDRESS: &str = "127.0.0.1:1";

/// A connection from which one request has been read.
#[derive(Debug)]
pub struct Connection {
    /// The connection.
    pub stream: TcpStream,
    /// The request.
    pub request: RawRequest,
}

impl Connection {
    /// Writes these bytes.
    ///
    /// # Errors
    ///
    /// If the peer has closed the connection.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Repeats `piece` until the peer closes the connection; returns how many bytes it took.
    pub fn write_without_end(&mut self, piece: &[u8]) -> usize {
        // Small pieces would only be slow.
        let piece = piece.repeat(16 * 1024 / piece.len());
        let mut written = 0;
        while self.stream.write_all(&piece).is_ok() {
            written += piece.len();
        }
        written
    }
}
