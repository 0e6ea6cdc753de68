//! Connections are kept: successive requests reuse them.

use std::io::{self, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use notify_http::{SendPrecompiledLetter, SendSms};
use notify_testkit::http1::RawRequest;

use crate::server::{accepting, url, whole};
use crate::{SENT, client, message};

/// Sends ten messages in turn to a server that writes its answer in these pieces, and returns how many connections
/// they took.
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
async fn after_an_answer_in_one_piece_the_connection_is_reused() {
    assert_eq!(connections(vec![whole(201, SENT)]).await, 1);
}

#[tokio::test]
async fn after_an_answer_in_many_pieces_the_connection_is_reused() {
    let answer = whole(201, SENT);
    assert_eq!(connections(answer.split_inclusive(':').map(str::to_owned).collect()).await, 1);
}

#[tokio::test]
async fn after_a_chunked_answer_the_connection_is_reused() {
    let (start, end) = SENT.split_at(30);
    let answer = format!(
        "HTTP/1.1 201 S\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{start}\r\n{:x}\r\n{end}\r\n0\r\n\r\n",
        start.len(),
        end.len()
    );
    assert_eq!(connections(vec![answer]).await, 1);
}

/// The answer to a message with a different reference from [`message`]'s.
const THEIRS: &str = r#"{"id":"c3c56b78-5cd6-40db-a6e2-ff640bfd498d","reference":"theirs","content":{"body":"b","from_number":"f"},"uri":"u","template":{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","version":1,"uri":"u"}}"#;

#[tokio::test]
async fn a_connection_that_brought_another_messages_answer_is_not_reused() {
    let connections = Arc::new(AtomicUsize::new(0));
    let serve = {
        let connections = Arc::clone(&connections);
        move |mut stream: TcpStream| -> io::Result<()> {
            let number = connections.fetch_add(1, Ordering::Relaxed);
            let mut reader = BufReader::new(stream.try_clone()?);
            let mut requests = 0;
            while RawRequest::read(&mut reader)?.is_some() {
                // From the third request on, the first connection is one answer behind.
                requests += 1;
                let answer = if number == 0 && requests > 2 { THEIRS } else { SENT };
                stream.write_all(whole(201, answer).as_bytes())?;
            }
            Ok(())
        }
    };
    let url = url(accepting(serve));
    let client = client(&url);
    for _ in 0..2 {
        client.send(message()).await.unwrap();
    }
    let error = client.send(message()).await.unwrap_err();
    assert!(error.may_have_been_sent() && error.is_mixed_up(), "{error:?}");
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    for _ in 0..2 {
        client.send(message()).await.unwrap();
    }
    assert_eq!(connections.load(Ordering::Relaxed), 2);

    let blocking = crate::blocking::client(&url);
    tokio::task::spawn_blocking(move || blocking.send(message())).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_answer_to_another_message_leaves_each_kind_of_message_in_doubt() {
    let template = || "740e5834-3a29-46b4-9a6f-16142fde533a".parse().unwrap();
    let other_template = SENT.replacen(r#""template":{"id":"740e5834"#, r#""template":{"id":"840e5834"#, 1);
    for answer in [THEIRS.to_owned(), other_template] {
        let answer = whole(201, &answer);
        let client = client(&crate::server::answering(move |mut connection| connection.write(&answer)));
        let errors = [
            client.send(SendSms::new(template(), "07900900123")).await.unwrap_err(),
            client.send(SendSms::new(template(), "07900900123").reference("ours")).await.unwrap_err(),
        ];
        assert!(errors.iter().all(|error| error.may_have_been_sent() && error.is_mixed_up()), "{errors:?}");
    }
    let answer = whole(
        201,
        r#"{"id":"c3c56b78-5cd6-40db-a6e2-ff640bfd498d","reference":"theirs","postage":"second"}"#,
    );
    let client = client(&crate::server::answering(move |mut connection| connection.write(&answer)));
    let error = client.send(SendPrecompiledLetter::new("ours", "%PDF-1.7")).await.unwrap_err();
    assert!(error.may_have_been_sent() && error.is_mixed_up(), "{error:?}");
}
