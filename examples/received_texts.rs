//! Reads the texts that people sent to the service, page by page, newest first.

use std::error::Error;

use futures_util::TryStreamExt as _;
use notify_examples::Service;
use notify_http::{Client, ListReceivedTextMessages};
use notify_sandbox::IncomingText;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    if let Some(sandbox) = service.sandbox() {
        for text in ["Where is my permit?", "Thank you, it has come."] {
            sandbox.receive_text(IncomingText { from: "447700900111", content: text })?;
        }
    }
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;

    // A stream that fetches the next page when this one is used up. To read only what is new since last time, stop at
    // the id that you saw last.
    let mut texts = client.stream(ListReceivedTextMessages::new());
    while let Some(text) = texts.try_next().await? {
        println!("{} from {}: {}", text.id, text.user_number, text.content);
    }
    Ok(())
}
