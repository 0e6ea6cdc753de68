//! Sends an e-mail with a file, which the recipient downloads from a link.

use std::error::Error;

use notify_examples::Service;
use notify_http::model::File;
use notify_http::{Client, SendEmail};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;

    // From a file: File::new(std::fs::read("permit.csv")?).
    let permit = File::new("name,number\nKim,A-17\n").filename("permit.csv").retention_weeks(4);
    // Each send checks this too; here, you get the error before anything else is done.
    permit.check()?;

    let message = SendEmail::new("c0ffee00-0000-4000-8000-000000000014".parse()?, "kim@example.com")
        .personalisation("name", "Kim")
        .file("link_to_file", permit)
        .generate_reference();
    let sent = client.send(message).await?;
    println!("{}\n\n{}", sent.content.subject.as_deref().unwrap_or_default(), sent.content.body);
    Ok(())
}
