//! Checks a text message against its template, and what it costs, before sending it.

use std::error::Error;

use notify_examples::Service;
use notify_http::check::{self, CheckResult, SmsText};
use notify_http::model::Personalisation;
use notify_http::{Client, GetTemplate, SendSms};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;

    // One request is enough for any number of messages.
    let id = "c0ffee00-0000-4000-8000-000000000011".parse()?;
    let template = client.send(GetTemplate::new(id)).await?.into_inner();

    let message = SendSms::new(id, "+447900900123").personalisation("name", "Łucja");
    if let CheckResult::Refused(problems) = check::sms(&message, &template) {
        for problem in problems {
            println!("it would be refused: {problem}");
        }
    }

    let message = message.personalisation("permit number", "A-17");
    // There is no result "it will be taken": only the service knows whether it can send to a number.
    assert_eq!(check::sms(&message, &template), CheckResult::Unknown);

    let values = Personalisation::from_iter([("name", "Łucja"), ("permit number", "A-17")]);
    let text = SmsText::of(&template, &values);
    println!("{} fragments: {}", text.fragments(), text.as_str());
    for (character, instead) in text.replaced() {
        println!("{character} arrives as {instead}");
    }
    Ok(())
}
