//! A small HTTP server, which accepts nothing large and waits for nobody long.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::LocalSet;

use super::receiver::{Receiver, say};
use crate::exit::CommandError;

/// The largest callback, in bytes: more than any service posts.
const MAX_BODY: usize = 256 * 1024;

/// How long a client may take to send the head of a request, and then its body.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections are open at once.
const MAX_CONNECTIONS: usize = 64;

/// How long to wait when the system has no connection to give.
const PAUSE_WHEN_EXHAUSTED: Duration = Duration::from_millis(100);

/// Serves until nobody reads the output any more.
pub(super) async fn serve(listener: TcpListener, receiver: &Rc<Receiver>) -> Result<(), CommandError> {
    let (fails, mut failed) = mpsc::channel(1);
    let tasks = LocalSet::new();
    let accepting = tasks.run_until(async {
        let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let (receiver, fails) = (Rc::clone(receiver), fails.clone());
                    tokio::task::spawn_local(async move {
                        connection(stream, &receiver, &fails).await;
                        drop(permit);
                    });
                }
                Err(_) => tokio::time::sleep(PAUSE_WHEN_EXHAUSTED).await,
            }
        }
    });
    tokio::select! {
        () = accepting => Ok(()),
        failure = failed.recv() => failure.map_or(Ok(()), Err),
    }
}

/// Answers the requests of one connection.
async fn connection(stream: TcpStream, receiver: &Rc<Receiver>, fails: &mpsc::Sender<CommandError>) {
    let answer =
        service_fn(|request| async move { Ok::<_, Infallible>(answer(request, receiver, fails).await) });
    // An error here means that the other side disconnected, or was too slow.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

async fn answer(
    request: Request<Incoming>,
    receiver: &Receiver,
    fails: &mpsc::Sender<CommandError>,
) -> Response<Empty<Bytes>> {
    let (head, body) = request.into_parts();
    let status = if head.method == Method::POST {
        match tokio::time::timeout(PATIENCE, Limited::new(body, MAX_BODY).collect()).await {
            Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "its body took too long"),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                refuse(StatusCode::PAYLOAD_TOO_LARGE, "it is larger than any callback")
            }
            Ok(Err(_)) => refuse(StatusCode::BAD_REQUEST, "it broke off"),
            Ok(Ok(body)) => match receiver.receive(&head.headers, &body.to_bytes()).await {
                Ok(status) => status,
                Err(failure) => {
                    // The service posts it again later, perhaps to another process.
                    let _ = fails.try_send(failure);
                    StatusCode::SERVICE_UNAVAILABLE
                }
            },
        }
    } else {
        refuse(StatusCode::METHOD_NOT_ALLOWED, "it is not a POST: a redirect turns one into a GET")
    };
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    response
}

/// Tells the user about a request that is not a callback.
fn refuse(status: StatusCode, why: &str) -> StatusCode {
    say(&format!("refused a request: {why}"));
    status
}
