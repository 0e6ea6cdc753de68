//! Sends a precompiled letter, and fetches the PDF that is printed.

use std::error::Error;
use std::time::Duration;

use notify_examples::Service;
use notify_http::model::Postage;
use notify_http::{Client, SendPrecompiledLetter};

/// A PDF without pages, enough for the sandbox; read yours with `std::fs::read`.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;

    let letter = SendPrecompiledLetter::new("invoice 17", PDF).postage(Postage::First);
    let sent = client.send(letter).await?;
    let postage = sent.postage.as_ref().map_or("any", Postage::as_str);
    println!("letter {}, by {postage} class", sent.reference.as_deref().unwrap_or_default());

    // The service checks the PDF after it took the letter: the status says whether it can be printed.
    let within = Duration::from_secs(60);
    let letter =
        client.wait_until_final(sent.id, within, |letter| println!("status: {}", letter.status)).await?;
    if letter.status.is_failure() {
        return Err(format!("the letter will not be printed: {}", letter.status).into());
    }
    let pdf = client.wait_for_pdf(sent.id, within).await?;
    println!("printed from {} bytes of PDF", pdf.len());
    Ok(())
}
