//! The layers below the call retry nothing: neither reqwest, nor what reqwest is built on.

use std::io::{self, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use notify_http::{Client, GetNotification, Policy, SendSms};
use notify_testkit::http1::{RawRequest, RawResponse, Server};

use crate::{KEY, RECIPIENT, TEMPLATE};

/// When a connection that has answered one request closes.
#[derive(Debug, Clone, Copy)]
enum Closes {
    /// This long after its answer.
    After(Duration),
    /// After it has read the next request.
    OnRequest,
}

/// A service that answers every other request, takes each message on a new connection, and keeps the bodies of all
/// messages that it read completely.
fn service(closes: Closes) -> (String, Arc<Mutex<Vec<String>>>) {
    let messages = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&messages);
    let server = Server::start(move |stream| serve(stream, closes, &kept)).unwrap();
    (format!("http://{}", server.detach()), messages)
}

fn serve(stream: TcpStream, closes: Closes, kept: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut is_used = false;
    while let Some(request) = RawRequest::read(&mut stream)? {
        let is_message = request.method == "POST";
        if is_message {
            kept.lock().unwrap().push(String::from_utf8(request.body).unwrap());
        }
        if is_used && matches!(closes, Closes::OnRequest) {
            return Ok(());
        }
        let status = if is_message { 201 } else { 404 };
        stream.get_mut().write_all(&RawResponse::new(status, "{}").to_bytes())?;
        is_used = true;
        if let Closes::After(time) = closes {
            thread::sleep(time);
            return Ok(());
        }
    }
    Ok(())
}

/// Our transport, and one that a program built itself.
fn clients(url: &str) -> [Client; 2] {
    let policy = Policy::default().attempts(1);
    let builder = || Client::builder(KEY).base_url(url).policy(policy);
    [builder().build().unwrap(), builder().reqwest(reqwest::Client::builder).build().unwrap()]
}

fn message(reference: &str) -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT).reference(reference)
}

/// Makes a request, so that a connection is kept alive.
async fn warm_up(client: &Client) {
    let request = GetNotification::new(TEMPLATE.parse().unwrap());
    assert!(client.send(request).await.is_err());
}

#[tokio::test]
async fn a_message_is_not_repeated_when_its_connection_closes_after_it_was_written() {
    let (url, messages) = service(Closes::OnRequest);
    for (number, client) in clients(&url).iter().enumerate() {
        warm_up(client).await;
        let error = client.send(message("mine")).await.unwrap_err();
        assert!(error.may_have_been_sent(), "{error:?}");
        assert_eq!(messages.lock().unwrap().len(), number + 1);
    }
}

#[tokio::test]
async fn a_message_meets_a_connection_that_closes_and_is_read_at_most_once() {
    let mut outcomes = [0; 3];
    for microseconds in (0..3_000).step_by(20) {
        let (url, messages) = service(Closes::After(Duration::from_micros(microseconds)));
        let [client, _] = clients(&url);
        warm_up(&client).await;
        tokio::time::sleep(Duration::from_micros(1_500)).await;
        let result = client.send(message("mine")).await;
        let read = messages.lock().unwrap().len();
        assert!(read <= 1, "read {read} times");
        match result {
            // Taken on a new connection: its answer cannot be read, which does not matter here.
            Err(error) if error.is_unreadable() => {
                assert_eq!(read, 1);
                outcomes[0] += 1;
            }
            Err(error) if error.may_have_been_sent() => outcomes[1] += 1,
            result => {
                assert_eq!(read, 0, "{result:?}");
                outcomes[2] += 1;
            }
        }
    }
    println!("taken, unclear, not sent: {outcomes:?}");
    assert!(outcomes[0] > 0);
}

/// A service that refuses every HTTP/2 stream as not begun, which a client may retry safely.
async fn refuse_streams(requests: Arc<AtomicUsize>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let requests = Arc::clone(&requests);
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    requests.fetch_add(1, Ordering::SeqCst);
                    respond.send_reset(h2::Reason::REFUSED_STREAM);
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_message_is_not_repeated_when_its_stream_is_refused() {
    let requests = Arc::new(AtomicUsize::new(0));
    let url = refuse_streams(Arc::clone(&requests)).await;

    // By default reqwest does retry it.
    let own = reqwest::Client::builder().http2_prior_knowledge().no_proxy().build().unwrap();
    assert!(own.post(&url).body("{}").send().await.is_err());
    assert!(requests.swap(0, Ordering::SeqCst) > 1);

    let http2 = || reqwest::Client::builder().http2_prior_knowledge().no_proxy();
    let client = Client::builder(KEY).base_url(&url).reqwest(http2).build().unwrap();
    let error = client.send(message("mine")).await.unwrap_err();
    assert!(error.may_have_been_sent(), "{error:?}");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}
