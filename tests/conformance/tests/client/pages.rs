//! Lists, page by page, as streams and as iterators.

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::{Request, Response};
use notify_http::model::{Notification, Status};
use notify_http::{Client, Error, ListNotifications, blocking};
use serde_json::json;

use crate::KEY;
use crate::fake::{Fake, refusal, response};

/// The filters, which every page must keep.
const FILTERS: &str = "/v2/notifications?status=sending&status=pending&reference=a%20b&include_jobs=true";

/// Messages per page: fewer than the service returns, since the size of a page does not matter to a client.
const PAGE: usize = 2;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// A page of the messages numbered from `first` down to 1.
fn page(first: usize) -> Response<Bytes> {
    let numbers: Vec<usize> = (1..=first).rev().take(PAGE).collect();
    let message = |number: &usize| {
        json!({
            "id": id(*number), "reference": "a b", "phone_number": "+447900900123", "email_address": null,
            "type": "sms", "status": "sending", "body": "b", "subject": null,
            "template": {"id": id(0), "version": 1, "uri": "u"}, "created_at": "2026-11-23T10:42:43.906471Z",
        })
    };
    let mut links = json!({"current": "c"});
    if let Some(last) = numbers.last() {
        // The service's links use its own address, which need not be the one that a client knows.
        links["next"] = json!(format!("https://elsewhere.example/v2/notifications?older_than={}", id(*last)));
    }
    let messages: Vec<_> = numbers.iter().map(message).collect();
    response(200, json!({"notifications": messages, "links": links}).to_string())
}

/// A service with five messages.
fn service(request: &Request<Bytes>) -> Response<Bytes> {
    let asked = request.uri().path_and_query().unwrap().as_str();
    let (filters, cursor) = match asked.split_once("&older_than=") {
        Some((filters, rest)) => match rest.split_once('&') {
            Some((cursor, rest)) => (format!("{filters}&{rest}"), Some(cursor)),
            None => (filters.to_owned(), Some(rest)),
        },
        None => (asked.to_owned(), None),
    };
    assert_eq!(filters, FILTERS);
    let first = cursor.map_or(5, |cursor| cursor[24..].parse::<usize>().unwrap() - 1);
    page(first)
}

fn list() -> ListNotifications {
    ListNotifications::new().status(Status::Sending).status(Status::Pending).reference("a b").include_jobs()
}

fn client(fake: &Fake) -> Client {
    Client::builder(KEY).transport(fake.clone()).build().unwrap()
}

fn blocking_client(fake: &Fake) -> blocking::Client {
    blocking::Client::builder(KEY).transport(fake.clone()).build().unwrap()
}

#[tokio::test]
async fn a_stream_yields_every_item_once_and_ends_at_the_empty_page() {
    let fake = Fake::new(|_, request| Ok(service(request)));
    let messages: Vec<_> = client(&fake).stream(list()).try_collect().await.unwrap();
    let ids: Vec<String> = messages.iter().map(|message| message.id.to_string()).collect();
    assert_eq!(ids, [5, 4, 3, 2, 1].map(id));
    assert_eq!(fake.asked().len(), 4);
    let pages: Vec<_> = client(&fake).pages(list()).try_collect().await.unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.notifications.len()).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[test]
fn an_iterator_yields_the_same() {
    let fake = Fake::new(|_, request| Ok(service(request)));
    let messages: Result<Vec<_>, _> = blocking_client(&fake).iter(list()).collect();
    let ids: Vec<String> = messages.unwrap().iter().map(|message| message.id.to_string()).collect();
    assert_eq!(ids, [5, 4, 3, 2, 1].map(id));
    assert_eq!(fake.asked().len(), 4);
    let pages: Result<Vec<_>, _> = blocking_client(&fake).pages(list()).collect();
    assert_eq!(pages.unwrap().len(), 3);
}

/// The same service, but its newest message has no id.
fn service_with_an_odd_item(request: &Request<Bytes>) -> Response<Bytes> {
    let answer = service(request).map(|body| String::from_utf8(body.to_vec()).unwrap());
    answer.map(|body| Bytes::from(body.replace(&format!("\"id\":\"{}\"", id(5)), "\"id\":7")))
}

/// How each item of that list is shown.
fn shown(item: Result<Notification, Error>) -> String {
    item.map_or_else(|error| error.to_string(), |message| message.id.to_string())
}

fn all_shown() -> [String; 5] {
    let odd = "list_notifications: answered 200 OK with a body that cannot be read, at notifications[0].id";
    [id(4), odd.to_owned(), id(3), id(2), id(1)]
}

#[tokio::test]
async fn an_unreadable_item_yields_an_error_but_does_not_end_the_stream() {
    let fake = Fake::new(|_, request| Ok(service_with_an_odd_item(request)));
    assert_eq!(client(&fake).stream(list()).map(shown).collect::<Vec<_>>().await, all_shown());
}

#[test]
fn an_unreadable_item_does_not_end_an_iterator() {
    let fake = Fake::new(|_, request| Ok(service_with_an_odd_item(request)));
    assert_eq!(blocking_client(&fake).iter(list()).map(shown).collect::<Vec<_>>(), all_shown());
}

#[tokio::test]
async fn no_page_is_fetched_before_it_is_needed() {
    let fake = Fake::new(|_, request| Ok(service(request)));
    let mut stream = client(&fake).stream(list());
    assert_eq!(fake.asked().len(), 0);
    for (item, asked) in [(5, 1), (4, 1), (3, 2)] {
        assert_eq!(stream.next().await.unwrap().unwrap().id.to_string(), id(item));
        assert_eq!(fake.asked().len(), asked);
    }
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let fake = Fake::new(|number, request| match number {
        0 => Ok(service(request)),
        _ => Ok(refusal(403, "AuthError", "Invalid token: API key revoked")),
    });
    let mut stream = client(&fake).stream(list());
    assert!(stream.next().await.unwrap().is_ok() && stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.unwrap().unwrap_err().is_key_refused());
    assert!(stream.next().await.is_none());
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn a_circular_list_ends_in_an_error() {
    // Each page links to itself.
    let fake = Fake::new(|_, _| Ok(page(5)));
    let gathered: Vec<_> = client(&fake).stream(list()).collect().await;
    let (last, before) = gathered.split_last().unwrap();
    assert!(last.as_ref().unwrap_err().is_unreadable());
    assert!(before.len() <= 2 * PAGE && before.iter().all(Result::is_ok));
    assert!(fake.asked().len() <= 2);
}

/// A service whose third page links back to the first of those with a cursor.
fn circle() -> Fake {
    Fake::new(|number, _| Ok(page([7, 5, 3][number % 3])))
}

#[tokio::test]
async fn a_list_that_links_back_to_an_earlier_page_ends_in_an_error() {
    let fake = circle();
    let gathered: Vec<_> = client(&fake).stream(list()).take(1_000).collect().await;
    let (last, before) = gathered.split_last().unwrap();
    assert!(last.as_ref().unwrap_err().is_unreadable());
    assert!(before.iter().all(Result::is_ok));
    assert_eq!(fake.asked().len(), 4);
}

#[test]
fn an_iterator_over_a_circular_list_ends_in_an_error() {
    let fake = circle();
    let gathered: Vec<_> = blocking_client(&fake).pages(list()).take(1_000).collect();
    assert!(gathered.last().unwrap().as_ref().unwrap_err().is_unreadable());
    assert_eq!(fake.asked().len(), 4);
    let fake = circle();
    let inside = list().older_than(id(2).parse().unwrap());
    let gathered: Vec<_> = blocking_client(&fake).pages(inside).take(1_000).collect();
    assert!(gathered.last().unwrap().as_ref().unwrap_err().is_unreadable());
    assert_eq!(fake.asked().len(), 3);
}

#[test]
fn the_same_list_can_be_read_repeatedly() {
    let fake = Fake::new(|_, request| Ok(service(request)));
    let (client, list) = (blocking_client(&fake), list());
    for _ in 0..3 {
        let messages: Result<Vec<_>, _> = client.iter(list.clone()).collect();
        assert_eq!(messages.unwrap().len(), 5);
    }
}
