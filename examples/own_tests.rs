//! How to test your own code: with a fake transport for what is hard to bring about, and with the sandbox for
//! everything else. `cargo test --package notify-examples --example own_tests` runs the tests at the end of the file.

use std::error::Error;

use notify_examples::Service;
use notify_http::model::NotificationId;
use notify_http::{Client, SendSms};

/// Your own code: it takes the client, and so does not know what is behind it.
///
/// If the service cannot send to a person's number, that is not an error, but nothing is sent.
async fn remind(
    client: &Client,
    name: &str,
    number: &str,
) -> Result<Option<NotificationId>, notify_http::Error> {
    let template = "c0ffee00-0000-4000-8000-000000000011".parse().expect("it is an id");
    let message = SendSms::new(template, number)
        .personalisation("name", name)
        .personalisation("permit number", "A-17")
        .generate_reference();
    match client.send(message).await {
        Ok(sent) => Ok(Some(sent.id)),
        Err(error) if error.is_recipient_refused() => Ok(None),
        Err(error) => Err(error),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = Client::builder(service.api_key()).base_url(service.url()).build()?;
    for number in ["+447900900123", "unknown"] {
        println!("{number}: {:?}", remind(&client, "Kim", number).await?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use http::{Request, Response, StatusCode};
    use notify_http::{GetNotification, Limits, Policy, ResponseFuture, Transport};
    use notify_sandbox::{ErrorResponse, Fault, KeyType, Sandbox};

    use super::*;

    /// The whole service, on a port of this machine. It starts so quickly that each test has its own.
    fn sandbox() -> (Sandbox, Client) {
        let sandbox = Sandbox::start().unwrap();
        let key = sandbox.api_key(KeyType::Live);
        let client = Client::builder(&key).base_url(sandbox.url()).build().unwrap();
        (sandbox, client)
    }

    #[tokio::test]
    async fn a_reminder_says_which_permit() {
        let (_sandbox, client) = sandbox();
        let id = remind(&client, "Kim", "+447900900123").await.unwrap().unwrap();
        let message = client.send(GetNotification::new(id)).await.unwrap().into_inner();
        assert!(message.body.ends_with("Hello Kim, your permit A-17 is ready."), "{}", message.body);
    }

    #[tokio::test]
    async fn a_person_without_a_valid_number_is_skipped() {
        let (_sandbox, client) = sandbox();
        assert_eq!(remind(&client, "Kim", "unknown").await.unwrap(), None);
    }

    #[tokio::test]
    async fn trouble_with_one_person_does_not_keep_the_next_from_a_message() {
        let (sandbox, client) = sandbox();
        // Without a second attempt, so that the test need not wait for one.
        let client = client.policy(Policy::default().timeout(std::time::Duration::from_secs(1)));
        sandbox.inject_fault(Fault::respond(ErrorResponse::Unavailable).to("+44 7900 900123"));
        assert!(remind(&client, "Kim", "07900900123").await.is_err());
        assert!(remind(&client, "Lee", "07900900124").await.unwrap().is_some());
        assert_eq!(sandbox.messages().only().to(), "07900900124");
    }

    /// A service that answers every request in the same way, and records it.
    #[derive(Clone)]
    struct Fake {
        status: StatusCode,
        body: &'static str,
        asked: Arc<Mutex<Vec<Request<Bytes>>>>,
    }

    impl Transport for Fake {
        fn send(&self, request: Request<Bytes>, _: Limits) -> ResponseFuture<'_> {
            self.asked.lock().unwrap().push(request);
            let mut response = Response::new(Bytes::from_static(self.body.as_bytes()));
            *response.status_mut() = self.status;
            ResponseFuture::new(std::future::ready(Ok(response)))
        }
    }

    #[tokio::test]
    async fn when_the_daily_limit_is_used_up_the_error_says_so_and_nothing_is_retried() {
        let fake = Fake {
            status: StatusCode::TOO_MANY_REQUESTS,
            body: r#"{"status_code": 429, "errors": [{"error": "TooManyRequestsError",
                "message": "Exceeded send limits (sms: 50) for today"}]}"#,
            asked: Arc::default(),
        };
        let key = "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
        let client = Client::builder(key).transport(fake.clone()).build().unwrap();

        let error = remind(&client, "Kim", "+447900900123").await.unwrap_err();
        assert!(error.is_daily_limit());
        assert_eq!(error.limit(), Some(50));
        let asked = fake.asked.lock().unwrap();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].uri().path(), "/v2/notifications/sms");
    }

    #[tokio::test]
    async fn a_server_error_leaves_the_message_in_doubt() {
        let fake = Fake { status: StatusCode::BAD_GATEWAY, body: "<html>", asked: Arc::default() };
        let key = "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
        let client = Client::builder(key).transport(fake).build().unwrap();
        // Skip the lookup by reference, which would take most of a minute.
        let client = client.policy(Policy::default().timeout(std::time::Duration::from_secs(1)));
        assert!(remind(&client, "Kim", "+447900900123").await.unwrap_err().may_have_been_sent());
    }

    #[test]
    fn the_program_runs() {
        main().unwrap();
    }
}
