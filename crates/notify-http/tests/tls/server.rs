//! A server on a port of its own.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

/// Gives the port of a server that does this with each connection.
pub(crate) fn listen(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // What a client breaks off is looked at on its side.
            let _ = stream.and_then(&serve);
        }
    });
    port
}
