//! A token follows no redirect.

use notify_http::Client;
use notify_testkit::http1::ScriptedServer;

use crate::server::answering;
use crate::{builder, message, request};

/// A server that redirects to another one, which records its requests.
fn pair(status: u16) -> (String, ScriptedServer) {
    let other = ScriptedServer::start(|_| crate::server::whole(200, "{}").into_bytes()).unwrap();
    let location = format!("{}/v2/notifications/sms", other.url());
    let url = answering(move |mut connection| {
        let head = format!(
            "HTTP/1.1 {status} S\r\nLocation: {location}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        );
        connection.write(head)
    });
    (url, other)
}

async fn assert_stays(client: &Client, other: &ScriptedServer) {
    for (error, sends) in [
        (client.send(message()).await.unwrap_err(), true),
        (client.send(request()).await.unwrap_err(), false),
    ] {
        // The redirecting server may have passed the message on.
        assert!(error.is_not_from_service() && error.may_have_been_sent() == sends, "{error:?}");
        assert!(error.status().unwrap().is_redirection());
        assert!(error.remedy().unwrap().contains("redirect"), "{:?}", error.remedy());
    }
    assert_eq!(other.requests(), []);
}

#[tokio::test]
async fn nothing_is_sent_to_the_target_of_a_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let (url, other) = pair(status);
        assert_stays(&builder(&url).build().unwrap(), &other).await;
    }
}

#[tokio::test]
async fn a_program_s_own_reqwest_builder_cannot_follow_redirects() {
    let (url, other) = pair(307);
    let follows = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(5));
    assert_stays(&builder(&url).reqwest(follows).build().unwrap(), &other).await;
}

#[test]
fn the_blocking_client_sends_nothing_to_the_target_of_a_redirect() {
    let (url, other) = pair(308);
    let error = crate::blocking::client(&url).send(message()).unwrap_err();
    assert!(error.is_not_from_service(), "{error:?}");
    assert_eq!(other.requests(), []);
}
