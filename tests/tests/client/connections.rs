//! Connections are kept: one after the other, requests travel over the same.

use std::io::{self, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use notify_tests::http1::RawRequest;

use crate::server::{accepting, url, whole};
use crate::{SENT, client, message};

/// Sends ten messages in turn to a server that writes its answer in these pieces, and says over how many connections.
async fn connections(pieces: Vec<String>) -> usize {
    let accepted = Arc::new(AtomicUsize::new(0));
    let serve = {
        let accepted = Arc::clone(&accepted);
        move |mut stream: TcpStream| -> io::Result<()> {
            accepted.fetch_add(1, Ordering::Relaxed);
            stream.set_nodelay(true)?;
            let mut reader = BufReader::new(stream.try_clone()?);
            while RawRequest::read(&mut reader)?.is_some() {
                for piece in &pieces {
                    stream.write_all(piece.as_bytes())?;
                }
            }
            Ok(())
        }
    };
    let client = client(&url(accepting(serve)));
    for _ in 0..10 {
        client.send(message()).await.unwrap();
    }
    accepted.load(Ordering::Relaxed)
}

#[tokio::test]
async fn after_an_answer_of_one_piece_the_connection_is_used_again() {
    assert_eq!(connections(vec![whole(201, SENT)]).await, 1);
}

#[tokio::test]
async fn after_an_answer_of_many_pieces_the_connection_is_used_again() {
    let answer = whole(201, SENT);
    assert_eq!(connections(answer.split_inclusive(':').map(str::to_owned).collect()).await, 1);
}

#[tokio::test]
async fn after_an_answer_in_chunks_the_connection_is_used_again() {
    let (start, end) = SENT.split_at(30);
    let answer = format!(
        "HTTP/1.1 201 S\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{start}\r\n{:x}\r\n{end}\r\n0\r\n\r\n",
        start.len(),
        end.len()
    );
    assert_eq!(connections(vec![answer]).await, 1);
}
