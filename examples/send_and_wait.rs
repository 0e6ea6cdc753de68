//! Sends a text message, and follows it until it arrives.

use std::error::Error;
use std::time::Duration;

use notify_examples::Service;
use notify_http::{Client, SendSms};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;

    let message = SendSms::new("c0ffee00-0000-4000-8000-000000000011".parse()?, "+447900900123")
        .personalisation("name", "Kim")
        .personalisation("permit number", "A-17")
        // If the answer is lost, the client looks the message up by its reference, and sends it again only if it is
        // absent.
        .generate_reference();
    let sent = client.send(message).await?;
    println!("sent: {}", sent.content.body);

    let within = Duration::from_secs(60);
    let message =
        client.wait_until_final(sent.id, within, |message| println!("status: {}", message.status)).await?;
    println!("{}", if message.status.is_failure() { "it did not arrive" } else { "it has arrived" });
    Ok(())
}
