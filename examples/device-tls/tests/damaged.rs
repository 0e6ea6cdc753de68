//! What arrives damaged: whoever sits on the line can change each byte of the handshake, before anything is verified.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot unwrap has failed")]

mod openssl;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use embedded_io_adapters::std::FromStd;
use notify_device_tls::{Buffers, PinnedKey, connect};
use openssl::{NAME, Pki, Server};
use rand_core::OsRng;

/// A connection on which one byte of what arrives is changed.
struct Damaged {
    stream: TcpStream,
    at: usize,
    change: u8,
    read: usize,
}

impl Read for Damaged {
    fn read(&mut self, piece: &mut [u8]) -> std::io::Result<usize> {
        let length = self.stream.read(piece)?;
        if let Some(byte) = self.at.checked_sub(self.read).and_then(|at| piece[..length].get_mut(at)) {
            *byte ^= self.change;
        }
        self.read += length;
        Ok(length)
    }
}

impl Write for Damaged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// What TLS ignores: the version in the head of a plain record, and the message that only old machines in between need, with its
/// contents (RFC 8446 §5.1 and D.4). The server's first record has 128 bytes.
const IGNORED: [usize; 5] = [1, 2, 129, 130, 133];

/// Connects, and returns whether that worked.
fn is_connected(server: &Server, point: &[u8; 65], at: usize, change: u8) -> bool {
    let stream = server.stream();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
    let buffers = Buffers { read: &mut read, write: &mut write };
    let damaged = Damaged { stream: stream.try_clone().unwrap(), at, change, read: 0 };
    let pinned = PinnedKey::new(point).unwrap();
    let is_connected = connect(FromStd::new(damaged), NAME, pinned, OsRng, buffers).is_ok();
    let _ = stream.shutdown(Shutdown::Both);
    is_connected
}

#[test]
fn a_changed_byte_anywhere_in_the_handshake_refuses_the_server_and_does_not_panic() {
    let pki = Pki::new("damaged");
    let server = Server::start(&pki, "gateway", None);
    let point = pki.key("gateway");
    assert!(is_connected(&server, &point, 0, 0), "nothing was changed");
    // Each byte of what comes in plain text, and some of what is encrypted.
    for at in (0..160).chain((160..700).step_by(37)).filter(|at| !IGNORED.contains(at)) {
        for change in [0x01, 0x80, 0xff] {
            assert!(!is_connected(&server, &point, at, change), "byte {at}, changed by {change:#x}");
        }
    }
    assert_eq!(server.received(), "");
}
