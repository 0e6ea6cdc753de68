//! What to do about each kind of error.

use std::error::Error as StdError;
use std::time::SystemTime;

use notify_examples::Service;
use notify_http::{Client, Error, SendSms};

/// What a program can do about a message that was not sent, or perhaps was.
fn todo(error: &Error) -> String {
    if error.may_have_been_sent() {
        return "look it up by its reference before anything else".to_owned();
    }
    if let Some(moment) = error.retry_at(SystemTime::now()) {
        let wait = moment.duration_since(SystemTime::now()).unwrap_or_default();
        return format!("send it in {} seconds", wait.as_secs());
    }
    if error.is_recipient_refused() {
        return "ask the person for another number".to_owned();
    }
    // Display masks the key, the token and the values of the message, so it can be logged and shown to the person on
    // call.
    format!("wake someone up: {}", error.remedy().unwrap_or_else(|| error.to_string()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;
    let to = |number: &str| -> Result<SendSms, Box<dyn StdError>> {
        Ok(SendSms::new("c0ffee00-0000-4000-8000-000000000011".parse()?, number))
    };

    let complete = |message: SendSms| message.personalisations([("name", "Kim"), ("permit number", "A-17")]);
    for message in [to("+447900900123")?, complete(to("not a number")?)] {
        let error = client.send(message).await.expect_err("neither can be sent");
        println!("{error}");
        println!("  trace: {}\n  todo: {}", error.trace_id().unwrap_or("none"), todo(&error));
    }

    // Nobody listens on this port.
    let nowhere = Client::builder(service.api_key()).base_url("http://localhost:9").build()?;
    let nowhere = nowhere.policy(notify_http::Policy::default().attempts(1));
    let error = nowhere.send(complete(to("+447900900123")?)).await.expect_err("nobody is there");
    println!("{error}\n  todo: {}", todo(&error));
    Ok(())
}
