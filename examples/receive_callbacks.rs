//! Receives the service's callbacks: delivery receipts, received texts, complaints, returned letters.
//!
//! On the service's website, enter the URL of this server and the bearer token of `NOTIFY_CALLBACK_TOKEN`. The service
//! posts only to `https`, so put a server that terminates TLS in front.

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use notify_http::callback::{Callback, CallbackError, CallbackToken};
use tokio::net::TcpListener;

struct Receiver {
    token: CallbackToken,
    /// The service may post a callback more than once. In your program this is a table with a unique column, written
    /// in the same transaction as whatever the callback changes.
    handled: Mutex<HashSet<String>>,
}

async fn receive(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let callback = match receiver.token.verify(&headers, &body) {
        Ok(callback) => callback,
        Err(CallbackError::Unauthorized) => return StatusCode::UNAUTHORIZED,
        Err(error) => {
            // It shows the names of fields, but no values.
            eprintln!("{error}");
            return StatusCode::BAD_REQUEST;
        }
    };
    let mut handled = receiver.handled.lock().unwrap_or_else(PoisonError::into_inner);
    if handled.insert(callback.deduplication_key()) {
        handle(&callback);
    }
    StatusCode::NO_CONTENT
}

fn handle(callback: &Callback) {
    match callback {
        Callback::DeliveryReceipt(receipt) => println!("message {} is {}", receipt.id, receipt.status),
        Callback::ReceivedText(text) => println!("a text from {}: {:?}", text.source_number, text.message),
        Callback::Complaint(complaint) => println!("{} was marked as spam", complaint.notification_id),
        Callback::ReturnedLetter(letter) => println!("letter {} came back", letter.notification_id),
        other => println!("{other:?}"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let token = env::var("NOTIFY_CALLBACK_TOKEN").unwrap_or_else(|_| "a token of your choice".to_owned());
    let receiver = Receiver { token: CallbackToken::new(&token)?, handled: Mutex::default() };
    let routes = Router::new().route("/", post(receive)).with_state(Arc::new(receiver));

    let port = env::var("PORT").unwrap_or_else(|_| "0".to_owned()).parse()?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, routes).await?)
}
