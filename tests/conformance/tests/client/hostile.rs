//! Hostile servers: each costs little time and little memory, and ends in a clear error.

use std::error::Error as _;
use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use notify_http::model::File;
use notify_http::{Error, Policy, SendEmail};

use crate::server::{Connection, accepting, answering, last, url, whole};
use crate::{ID, SENT, client, message, request};

/// How long any of this may take: an attempt, on a busy machine.
const SOON: Duration = Duration::from_secs(10);

/// How much may be in flight between the two sides after the client has stopped reading: the system's buffers.
const IN_BUFFERS: usize = 16 * 1024 * 1024;

type Serve = fn(Connection) -> io::Result<()>;

/// The outcomes of a request and of a message with such a server.
async fn ask(serve: Serve) -> (Error, Error) {
    let client = client(&answering(serve));
    let began = Instant::now();
    let (asked, sent) = tokio::join!(client.send(request()), client.send(message()));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    (asked.unwrap_err(), sent.unwrap_err())
}

/// Whatever was cut off may have been a message that was taken.
async fn assert_lost(serve: Serve) -> (Error, Error) {
    let (asked, sent) = ask(serve).await;
    for error in [&asked, &sent] {
        assert!(!error.is_not_sent() && !error.is_unreadable() && error.status().is_none(), "{error:?}");
    }
    assert!(sent.may_have_been_sent(), "{sent:?}");
    (asked, sent)
}

/// The same, with how many bytes of an endless answer the client took.
async fn taken(head: &'static str, piece: &'static [u8]) -> (usize, Error) {
    let (report, reported) = mpsc::channel();
    let client = client(&answering(move |mut connection| {
        connection.write(head)?;
        let _ = report.send(connection.write_without_end(piece));
        Ok(())
    }));
    let began = Instant::now();
    let error = client.send(message()).await.unwrap_err();
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert!(error.may_have_been_sent() && !error.is_timeout(), "{error:?}");
    let taken = tokio::task::spawn_blocking(move || reported.recv_timeout(SOON)).await.unwrap();
    (taken.unwrap(), error)
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    for head in [
        "HTTP/1.1 201 C\r\n\r\n",
        "HTTP/1.1 201 C\r\nContent-Length: 18446744073709551615\r\n\r\n",
        "HTTP/1.1 201 C\r\nContent-Length: 1000000000000\r\n\r\n",
        "HTTP/1.1 500 E\r\n\r\n",
    ] {
        let (taken, error) = taken(head, &[b' '; 10_000]).await;
        assert!(taken < IN_BUFFERS, "{taken} bytes after {head:?}");
        let says = error.source().unwrap().to_string();
        assert!(says.contains("max_answer_bytes") || head.contains("184467"), "{says}");
    }
}

#[tokio::test]
async fn an_error_is_cut_off_long_before_a_success() {
    let server = |status: u16| {
        answering(move |mut connection| {
            let item = r#"{"error":"A","message":"a"},"#;
            let body = format!("{{\"errors\":[{}{{}}]}}", item.repeat(3_000_000 / item.len()));
            connection.write(whole(status, &body))
        })
    };
    // As large as the defaults allow.
    let client = |status| {
        let policy = Policy::default().attempts(1);
        crate::builder(&server(status)).policy(policy).build().unwrap()
    };
    let error = client(200).send(request()).await.unwrap_err();
    assert!(error.is_unreadable() && error.body().len() > 2_000_000, "{error:?}");
    let error = client(400).send(request()).await.unwrap_err();
    assert!(error.status().is_none() && error.body().is_empty(), "{error:?}");
    assert!(error.source().unwrap().to_string().contains("MAX_ERROR_BYTES"), "{error:?}");
}

#[tokio::test]
async fn endless_chunks_are_cut_off() {
    let head = "HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (bytes, _) = taken(head, b"5\r\n     \r\n").await;
    assert!(bytes < IN_BUFFERS, "{bytes} bytes");
    let (bytes, _) = taken(head, b"1;a=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n \r\n").await;
    assert!(bytes < IN_BUFFERS, "{bytes} bytes of extensions");
}

#[tokio::test]
async fn an_endless_header_is_cut_off() {
    for (head, piece) in [
        ("HTTP/1.1 201 C\r\nA: ", &b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"[..]),
        ("HTTP/1.1 201 C\r\n", b"A: a\r\n"),
        ("HTTP/1.1 201 ", b"reasons "),
    ] {
        let (taken, _) = taken(head, piece).await;
        assert!(taken < IN_BUFFERS, "{taken} bytes after {head:?}");
    }
}

#[tokio::test]
async fn answers_that_are_postponed_forever_time_out() {
    let (asked, sent) = assert_lost(|mut connection| {
        while connection.write("HTTP/1.1 100 Continue\r\n\r\n").is_ok() {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    })
    .await;
    assert!(asked.is_timeout() && sent.is_timeout());
}

#[tokio::test]
async fn a_chunk_length_that_never_ends_times_out() {
    let (asked, sent) = assert_lost(|mut connection| {
        connection.write("HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        // Leading zeros do not change a number, so no reader can call it too large.
        while connection.write("0".repeat(1_024)).is_ok() {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    })
    .await;
    assert!(asked.is_timeout() && sent.is_timeout());
}

#[tokio::test]
async fn a_dripping_answer_times_out() {
    fn drip(mut connection: Connection, text: &str) -> io::Result<()> {
        connection.stream.set_nodelay(true)?;
        for byte in text.bytes().cycle() {
            connection.write([byte])?;
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
    fn a_body(mut connection: Connection) -> io::Result<()> {
        connection.write("HTTP/1.1 201 C\r\nContent-Length: 10000\r\n\r\n")?;
        drip(connection, " ")
    }
    for serve in [a_body, |connection| drip(connection, "HTTP/1.1 201 C\r\nA: a\r\n")] {
        let (asked, sent) = assert_lost(serve).await;
        assert!(asked.is_timeout() && sent.is_timeout());
    }
}

#[tokio::test]
async fn silence_times_out() {
    let (asked, sent) = assert_lost(|connection| {
        thread::sleep(SOON);
        drop(connection);
        Ok(())
    })
    .await;
    assert!(asked.is_timeout() && sent.is_timeout());
}

#[tokio::test]
async fn a_server_that_does_not_read_times_out() {
    let client = client(&url(accepting(|stream| {
        thread::sleep(SOON);
        drop(stream);
        Ok(())
    })));
    let message = SendEmail::new(ID.parse().unwrap(), "kim@example.com")
        .file("link", File::new(vec![b'a'; File::MAX_BYTES]));
    let began = Instant::now();
    let error = client.send(message).await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_sent(), "{error:?}");
    assert!(began.elapsed() < SOON);
}

#[tokio::test]
async fn a_broken_connection_leaves_the_message_in_doubt() {
    assert_lost(|connection| connection.stream.shutdown(Shutdown::Both)).await;
    assert_lost(|mut connection| connection.write("HTTP/1.1 201 C\r\nContent-Le")).await;
    assert_lost(|mut connection| connection.write("HTTP/1.1 201 C\r\nContent-Length: 500\r\n\r\n{\"id\""))
        .await;
    assert_lost(|mut connection| {
        connection.write("HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n")
    })
    .await;
}

#[tokio::test]
async fn anything_but_http_is_not_an_answer() {
    for bytes in [
        "SSH-2.0-OpenSSH_10.0\r\n",
        "\u{16}\u{3}\u{1}\u{2}",
        "HTTP/1.1 99 S\r\n\r\n",
        "HTTP/1.1 1000 S\r\n\r\n",
        "HTTP/9.9 201 S\r\n\r\n",
        "HTTP/1.1 201 S\r\nno colon\r\n\r\n",
        "HTTP/1.1 201 S\r\nA b: c\r\n\r\n",
        "HTTP/1.1 201 S\r\nA: \0\r\n\r\n",
        "HTTP/1.1 201 S\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 201 S\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 201 S\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 201 S\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    ] {
        let client = client(&answering(move |mut connection| connection.write(bytes)));
        let error = client.send(message()).await.unwrap_err();
        assert!(error.may_have_been_sent() && !error.is_timeout(), "{bytes:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_success_that_says_nothing_is_unreadable() {
    for bytes in [
        last(201, ""),
        last(200, "{\"id\":"),
        last(201, "[]"),
        last(201, "\u{1b}[2J"),
        last(204, ""),
        "HTTP/1.0 201 C\r\n\r\n{".to_owned(),
    ] {
        let client = client(&answering(move |mut connection| connection.write(&bytes)));
        for (error, sends) in [
            (client.send(message()).await.unwrap_err(), true),
            (client.send(request()).await.unwrap_err(), false),
        ] {
            assert!(error.is_unreadable() && error.may_have_been_sent() == sends, "{error:?}");
            assert!(!format!("{error} {error:?}").contains('\u{1b}'));
        }
    }
}

#[tokio::test]
async fn terminal_control_characters_from_a_server_are_escaped() {
    let body =
        r#"{"errors":[{"error":"\u001b[2JE","message":"\u001b]0;owned\u0007 \u202e"}],"status_code":400}"#;
    let client = client(&answering(move |mut connection| connection.write(whole(400, body))));
    let error = client.send(message()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("owned"), "{shown}");
    assert!(!shown.contains(|c: char| c.is_control() || c == '\u{202e}'), "{shown:?}");
}

#[tokio::test]
async fn a_compression_bomb_is_not_decompressed() {
    // Forty MB of spaces, in forty KB.
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let piece = vec![b' '; 1_000_000];
    (0..40).for_each(|_| packed.write_all(&piece).unwrap());
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 64 * 1024, "{}", packed.len());
    let client = client(&answering(move |mut connection| {
        assert_eq!(connection.request.headers.get("Accept-Encoding"), None);
        let head = "HTTP/1.1 201 C\r\nContent-Encoding: gzip\r\nContent-Length: ";
        connection.write(format!("{head}{}\r\n\r\n", packed.len()))?;
        connection.write(&packed)
    }));
    let error = client.send(message()).await.unwrap_err();
    assert!(error.is_unreadable(), "{error:?}");
    assert!(error.body().len() < 64 * 1024 && error.body().starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn an_unsolicited_answer_is_given_to_no_request() {
    let forged = SENT.replace(ID, "00000000-0000-0000-0000-000000000000");
    let client = client(&answering(move |mut connection| {
        // One answer too many, which a careless client would take for that of its next request.
        connection.write([whole(201, SENT), whole(201, &forged)].concat())?;
        let mut rest = [0; 1_024];
        while connection.stream.read(&mut rest)? > 0 {
            connection.write(whole(201, SENT))?;
        }
        Ok(())
    }));
    for _ in 0..10 {
        // A message that finds its connection closed may fail, but must never get another's answer.
        if let Ok(sent) = client.send(message()).await {
            assert_eq!(sent.id.to_string(), ID);
        }
    }
}

#[test]
fn the_blocking_client_is_just_as_robust() {
    use crate::blocking::client;
    let began = Instant::now();
    let client_of = |serve: Serve| client(&answering(serve));
    let endless = client_of(|mut connection| {
        connection.write("HTTP/1.1 201 C\r\n\r\n")?;
        connection.write_without_end(&[b' '; 10_000]);
        Ok(())
    });
    let error = endless.send(message()).unwrap_err();
    assert!(error.may_have_been_sent() && !error.is_timeout(), "{error:?}");
    let silent = client_of(|connection| {
        thread::sleep(SOON);
        drop(connection);
        Ok(())
    });
    let error = silent.send(message()).unwrap_err();
    assert!(error.may_have_been_sent() && error.is_timeout(), "{error:?}");
    assert!(began.elapsed() < SOON);
}
