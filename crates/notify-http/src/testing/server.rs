//! A server that answers exactly the bytes that a test wants.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

/// How long to wait for the rest of a request, and for a connection to be reused.
const PATIENCE: Duration = Duration::from_secs(10);

/// One request, as it arrived.
pub(super) struct Received {
    /// The connection it arrived on, counted from 0.
    pub(super) connection: usize,
    /// Request line and headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Received {
    /// The values of a header, in the order in which they arrived.
    pub(super) fn header(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }
}

/// What the server does with each request.
#[derive(Clone, Copy)]
pub(super) enum Reply {
    /// Writes these bytes, and keeps the connection.
    Bytes(&'static [u8]),
    /// Writes these bytes, and closes the connection.
    Cut(&'static [u8]),
    /// Writes a 200 with a body of this many bytes.
    Large(usize),
    /// Never answers.
    #[cfg(feature = "blocking")]
    Silence,
}

/// Listens until dropped.
pub(super) struct Server {
    url: String,
    received: Receiver<Received>,
}

impl Server {
    pub(super) fn start(reply: Reply) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}", listener.local_addr()?);
        let (sender, received) = mpsc::channel();
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let (Ok(stream), sender) = (stream, sender.clone()) else { return };
                thread::spawn(move || serve(stream, connection, reply, &sender));
            }
        });
        Ok(Self { url, received })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// All requests that have arrived so far.
    pub(super) fn received(&self) -> Vec<Received> {
        self.received.try_iter().collect()
    }
}

/// An address of this machine on which nobody listens: the system never assigns port 1.
pub(super) const NOBODY: &str = "http://127.0.0.1:1";

fn serve(mut stream: TcpStream, connection: usize, reply: Reply, sender: &Sender<Received>) -> Option<()> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut buffer = Vec::new();
    loop {
        let head_end = loop {
            if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            read_some(&mut stream, &mut buffer)?;
        };
        let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
        let mut received = Received { connection, head, body: Vec::new() };
        let length =
            received.header("content-length").first().and_then(|text| text.parse().ok()).unwrap_or(0);
        while buffer.len() < head_end + length {
            read_some(&mut stream, &mut buffer)?;
        }
        received.body = buffer[head_end..head_end + length].to_vec();
        buffer.drain(..head_end + length);
        // The test may be over already.
        drop(sender.send(received));
        match reply {
            Reply::Bytes(bytes) => stream.write_all(bytes).ok()?,
            Reply::Cut(bytes) => return stream.write_all(bytes).ok(),
            Reply::Large(length) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                stream.write_all(head.as_bytes()).ok()?;
                stream.write_all(&vec![b'x'; length]).ok()?;
            }
            #[cfg(feature = "blocking")]
            Reply::Silence => {}
        }
    }
}

fn read_some(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 4_096];
    let length = stream.read(&mut chunk).ok().filter(|length| *length > 0)?;
    buffer.extend_from_slice(&chunk[..length]);
    Some(())
}
