//! Following the service's links from page to page.

use notify_http::model::{NotificationPage, Status, TemplateType};
use notify_http::{ApiResponse, Endpoint, ListNotifications, ListReceivedTextMessages, Paged};
use notify_testkit::wire::{Exchange, Recording};
use serde_json::json;

use crate::call::carry;

fn recorded(name: &str) -> Exchange {
    Recording::gov_uk().unwrap().exchange(name).unwrap().clone()
}

fn page<P: Paged>(exchange: &Exchange) -> ApiResponse<P::Response> {
    carry(exchange).unwrap().decode::<P>().unwrap()
}

/// The path and query of the link to the next page.
fn link(exchange: &Exchange) -> String {
    let link = exchange.response.as_ref().unwrap().json.as_ref().unwrap()["links"]["next"]
        .as_str()
        .unwrap()
        .to_owned();
    link[link.find("/v2/").unwrap()..].to_owned()
}

fn sorted(path_and_query: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path_and_query.split(['?', '&']).collect();
    parts.sort_unstable();
    parts
}

/// Asserts that the request after `exchange` is the one that its link names.
fn leads_as_linked<P: Paged>(request: &P, exchange: &Exchange) -> P {
    let next = request.next_page(&page::<P>(exchange)).unwrap().unwrap();
    let (ours, theirs) = (next.request().unwrap().path_and_query().to_owned(), link(exchange));
    assert_eq!(sorted(&ours), sorted(&theirs));
    next
}

#[test]
fn a_list_covers_all_pages_and_ends_at_the_empty_one() {
    let mut asked = ListNotifications::new();
    for name in ["paging/page-1", "paging/page-2", "paging/page-3"] {
        let exchange = recorded(name);
        assert_eq!(asked.request().unwrap().path_and_query(), exchange.request.path);
        asked = leads_as_linked(&asked, &exchange);
    }
    let last = recorded("paging/page-4");
    assert_eq!(asked.request().unwrap().path_and_query(), last.request.path);
    assert_eq!(asked.next_page(&page::<ListNotifications>(&last)).unwrap(), None);
}

#[test]
fn every_filter_is_kept() {
    let filtered = ListNotifications::new()
        .status(Status::Delivered)
        .status(Status::Sending)
        .template_type(TemplateType::Sms);
    let _ = leads_as_linked(&filtered, &recorded("paging/filters-kept-in-next"));
    let with_jobs = ListNotifications::new().reference("a b").include_jobs();
    let next = with_jobs.next_page(&page::<ListNotifications>(&recorded("paging/page-1"))).unwrap().unwrap();
    let request = next.request().unwrap();
    assert!(request.path_and_query().starts_with("/v2/notifications?reference=a%20b&older_than="));
    assert!(request.path_and_query().ends_with("&include_jobs=true"));
}

#[test]
fn received_texts_are_paged_in_the_same_way() {
    let list = ListReceivedTextMessages::new();
    let next = leads_as_linked(&list, &recorded("ok/received-list"));
    let end = recorded("ok/received-older-than-oldest-empty");
    assert_eq!(next.request().unwrap().path_and_query(), end.request.path);
    assert_eq!(next.next_page(&page::<ListReceivedTextMessages>(&end)).unwrap(), None);
}

#[test]
fn a_page_contains_what_was_recorded() {
    let exchange = recorded("ok/received-list");
    let items = ListReceivedTextMessages::items(page::<ListReceivedTextMessages>(&exchange).into_inner());
    let texts: Vec<&str> = items.iter().map(|item| &*item.content).collect();
    assert_eq!(texts, ["Hello back £2", "Hello back £1", "Hello back £0"]);
}

#[test]
fn a_page_that_links_nowhere_or_to_itself_is_an_error() {
    let mut exchange = recorded("paging/page-1");
    let own = "80c33bd7-1738-443d-be06-2cd9dd795787";
    let list = ListNotifications::new().older_than(own.parse().unwrap());
    let with_link = |exchange: &mut Exchange, link: serde_json::Value| {
        exchange.response.as_mut().unwrap().json.as_mut().unwrap()["links"]["next"] = link;
    };
    for link in [
        json!(null),
        json!(""),
        json!("https://example.com/v2/notifications"),
        json!("https://example.com/v2/notifications?older_than=x"),
        json!(format!("https://example.com/v2/notifications?older_than={own}")),
    ] {
        with_link(&mut exchange, link.clone());
        let page: ApiResponse<NotificationPage> = page::<ListNotifications>(&exchange);
        let error = list.next_page(&page).unwrap_err();
        assert!(error.is_unreadable(), "{link}");
        assert!(!error.to_string().contains("example"), "{error}");
    }
}

#[test]
fn a_callers_own_loop_over_a_circular_list_ends_in_an_error() {
    let mut exchange = recorded("paging/page-1");
    let mut asked = ListNotifications::new();
    for number in 0.. {
        let cursor = format!("00000000-0000-4000-8000-00000000000{}", number % 4);
        exchange.response.as_mut().unwrap().json.as_mut().unwrap()["links"]["next"] =
            json!(format!("https://example.com/v2/notifications?older_than={cursor}"));
        match asked.next_page(&page::<ListNotifications>(&exchange)) {
            Ok(next) => asked = next.unwrap(),
            Err(error) => {
                assert!(error.is_unreadable());
                assert_eq!(number, 4);
                return;
            }
        }
    }
}
