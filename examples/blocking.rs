//! Sends an e-mail and lists what was sent, without async.

use std::error::Error;

use notify_examples::Service;
use notify_http::blocking::Client;
use notify_http::model::TemplateType;
use notify_http::{ListNotifications, SendEmail};

fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;

    let message = SendEmail::new("c0ffee00-0000-4000-8000-000000000012".parse()?, "kim@example.com")
        .personalisation("name", "Kim")
        .personalisation("permit number", "A-17")
        .personalisation("parking", true);
    let sent = client.send(message)?;
    println!("sent: {}", sent.content.subject.as_deref().unwrap_or("an e-mail"));

    // An iterator that fetches the next page when this one is used up.
    for message in client.iter(ListNotifications::new().template_type(TemplateType::Email)) {
        let message = message?;
        println!("{} {}", message.id, message.status);
    }
    Ok(())
}
