//! A port, and what is done with each connection to it.

use std::fmt;
use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::{PATIENCE, RawRequest};

/// Enough to read requests on, so that thousands of connections fit.
const STACK: usize = 256 * 1024;

/// A TCP server on a port of its own, which gives each connection a thread. It stops when it is dropped; the
/// connections that are open then go on.
pub struct Server {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that does this with each connection.
    ///
    /// # Errors
    ///
    /// When no loopback port can be had.
    pub fn start(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> io::Result<Self> {
        Self::start_at(Ipv4Addr::LOCALHOST.into(), serve)
    }

    /// The same at another address of this machine.
    ///
    /// # Errors
    ///
    /// When it has no such address, or no port is free there.
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
                    // A peer that breaks off has the failure on its own side; here it only ends the connection. So it
                    // does where the system has no thread left.
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

    /// Starts a server that reads one request of each connection, and does this with it.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub fn answering(
        answer: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start(move |stream| {
            let request = RawRequest::read(&mut BufReader::new(stream.try_clone()?))?;
            request.map_or(Ok(()), |request| answer(Connection { stream, request }))
        })
    }

    /// Starts a server that reads everything and answers nothing.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub fn silent() -> io::Result<Self> {
        Self::start(|mut stream| {
            while stream.read(&mut [0; 1024])? > 0 {}
            Ok(())
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of what it serves, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets it serve for as long as the program lives; gives where.
    pub fn detach(mut self) -> SocketAddr {
        self.acceptor = None;
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(acceptor) = self.acceptor.take() else { return };
        self.stopping.store(true, Ordering::Release);
        // Wakes the acceptor, which then sees the flag. When nothing listens any more it has ended already.
        drop(TcpStream::connect_timeout(&self.address, PATIENCE));
        drop(acceptor.join());
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A loopback address at which nothing listens: the system gives port 1 to no program that asks for any.
pub const UNUSED_ADDRESS: &str = "127.0.0.1:1";

/// A connection on which one request has been read.
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
    /// When the peer has gone.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Repeats `piece` until the peer has had enough; gives the number of bytes that it took.
    pub fn write_without_end(&mut self, piece: &[u8]) -> usize {
        // Not in small pieces, which would only be slow.
        let piece = piece.repeat(16 * 1024 / piece.len());
        let mut written = 0;
        while self.stream.write_all(&piece).is_ok() {
            written += piece.len();
        }
        written
    }
}
