//! The page at `/sandbox/inbox`, as a browser asks for it.

use std::net::SocketAddr;

use notify_http::SendEmail;
use notify_sandbox::Sandbox;
use notify_testkit::http1::{self, Headers, RawRequest, RawResponse};
use serde_json::{Value, json};

use crate::fixture::{EMAIL_TEMPLATE, client, control, json, post_sms, sms};

/// What a browser asks for, with these headers besides.
fn visit(sandbox: &Sandbox, target: &str, more: &[(&str, &str)]) -> RawResponse {
    let address = SocketAddr::from(([127, 0, 0, 1], sandbox.port()));
    let mut headers = Headers::default();
    if !more.iter().any(|(name, _)| *name == "Host") {
        headers.push("Host", address.to_string());
    }
    for (name, value) in more {
        headers.push(*name, *value);
    }
    headers.push("Content-Length", "0");
    headers.push("Connection", "close");
    let request =
        RawRequest { method: "GET".to_owned(), target: target.to_owned(), headers, body: Vec::new() };
    http1::exchange(address, &request).unwrap()
}

fn reachable() -> Sandbox {
    Sandbox::builder().address([0, 0, 0, 0].into()).start().unwrap()
}

/// The path and query of a link to the page.
fn target(link: &str) -> String {
    format!("/{}", link.splitn(4, '/').last().unwrap())
}

/// The cookie that a browser gets for a link.
fn cookie(sandbox: &Sandbox) -> String {
    let answer = visit(sandbox, &target(&sandbox.inbox_url()), &[]);
    let cookie = answer.headers.get("Set-Cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

const PARTS: [&str; 4] =
    ["/sandbox/inbox", "/sandbox/inbox/", "/sandbox/inbox/main.js", "/sandbox/inbox/inbox.css"];

#[test]
fn on_this_machine_the_page_needs_no_header_and_no_token() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(sandbox.inbox_url(), format!("{}/sandbox/inbox", sandbox.url()));
    for part in PARTS {
        let answer = visit(&sandbox, part, &[]);
        assert_eq!(answer.status, 200, "{part}");
        assert_eq!(answer.headers.get("Set-Cookie"), None, "{part}");
    }
    assert_eq!(visit(&sandbox, "/sandbox/inbox/nothing.js", &[]).status, 404);
    assert_eq!(visit(&sandbox, "/sandbox/inboxes", &[]).status, 403, "it is not part of the page");
}

#[test]
fn the_requests_of_the_page_need_the_header_that_no_other_site_can_set() {
    let sandbox = Sandbox::start().unwrap();
    for target in ["/sandbox/messages", "/sandbox/events", "/sandbox/keys"] {
        assert_eq!(visit(&sandbox, target, &[]).status, 403, "{target}");
    }
    assert_eq!(visit(&sandbox, "/sandbox/messages", &[("X-Sandbox", "1")]).status, 200);
}

#[test]
fn a_name_that_was_bound_to_this_machine_by_others_reaches_nothing() {
    let sandbox = Sandbox::start().unwrap();
    for host in ["evil.example", "evil.example:80", "localhost.evil.example", ""] {
        for target in PARTS {
            assert_eq!(visit(&sandbox, target, &[("Host", host)]).status, 403, "{host} {target}");
        }
        let with_header = [("Host", host), ("X-Sandbox", "1")];
        assert_eq!(visit(&sandbox, "/sandbox/events", &with_header).status, 403, "{host}");
    }
    for host in ["localhost", "127.0.0.1:80", "[::1]"] {
        assert_eq!(visit(&sandbox, "/sandbox/inbox", &[("Host", host)]).status, 200, "{host}");
    }
}

#[test]
fn nobody_may_frame_the_page_and_it_runs_only_its_own_files() {
    let sandbox = Sandbox::start().unwrap();
    let far = reachable();
    for answer in [
        visit(&sandbox, "/sandbox/inbox", &[]),
        visit(&sandbox, "/sandbox/inbox/main.js", &[]),
        visit(&far, "/sandbox/inbox", &[]),
        visit(&far, &target(&far.inbox_url()), &[]),
        visit(&far, "/sandbox/inbox", &[("Cookie", &cookie(&far))]),
    ] {
        let policy = answer.headers.get("Content-Security-Policy").unwrap();
        for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.split("; ").any(|own| own == rule), "{rule}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
        assert_eq!(answer.headers.get("X-Frame-Options"), Some("DENY"));
        assert_eq!(answer.headers.get("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(answer.headers.get("Cache-Control"), Some("no-store"));
        assert_eq!(answer.headers.get("Access-Control-Allow-Origin"), None);
    }
    let page = String::from_utf8(visit(&sandbox, "/sandbox/inbox", &[]).body).unwrap();
    for inline in ["style=", "<style", "onclick", "javascript:", "http://", "https://"] {
        assert!(!page.contains(inline), "{inline}");
    }
    assert!(page.matches("<script").count() == 1 && page.contains("<script type=\"module\" src=\"/sandbox/"));
}

#[test]
fn beyond_this_machine_a_link_lets_in_one_browser_once() {
    let sandbox = reachable();
    let link = sandbox.inbox_url();
    assert!(link.starts_with(&format!("http://127.0.0.1:{}/sandbox/inbox?token=", sandbox.port())), "{link}");
    for part in PARTS {
        assert_eq!(visit(&sandbox, part, &[]).status, 401, "{part}");
    }
    let answer = visit(&sandbox, &target(&link), &[]);
    assert_eq!((answer.status, answer.headers.get("Location")), (303, Some("/sandbox/inbox")));
    let cookie = answer.headers.get("Set-Cookie").unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/sandbox"] {
        assert!(cookie.split("; ").any(|own| own == attribute), "{cookie}");
    }
    let again = visit(&sandbox, &target(&link), &[]);
    assert_eq!((again.status, again.headers.get("Set-Cookie")), (401, None), "the token is used up");
    let cookie = [("Cookie", cookie.split(';').next().unwrap())];
    for part in PARTS {
        assert_eq!(visit(&sandbox, part, &cookie).status, 200, "{part}");
    }
    for wrong in ["notify-sandbox=", "notify-sandbox=x", "other=x"] {
        assert_eq!(visit(&sandbox, "/sandbox/inbox", &[("Cookie", wrong)]).status, 401, "{wrong}");
    }
    let token = link.split_once('=').unwrap().1;
    assert!(!format!("{cookie:?}").contains(token), "the cookie is not a copy of the token");
}

#[test]
fn a_browser_that_was_let_in_still_sends_the_header_with_its_requests() {
    let sandbox = reachable();
    let cookie = cookie(&sandbox);
    let cookie = ("Cookie", cookie.as_str());
    assert_eq!(visit(&sandbox, "/sandbox/messages", &[cookie]).status, 403);
    assert_eq!(visit(&sandbox, "/sandbox/messages", &[("X-Sandbox", "1")]).status, 401);
    assert_eq!(visit(&sandbox, "/sandbox/messages", &[cookie, ("X-Sandbox", "1")]).status, 200);
}

#[test]
fn the_control_token_makes_more_links() {
    let sandbox = reachable();
    let bearer = format!("Bearer {}", sandbox.control_token().unwrap());
    let mut headers = Headers::default();
    for (name, value) in
        [("X-Sandbox", "1"), ("Authorization", &*bearer), ("Content-Length", "0"), ("Connection", "close")]
    {
        headers.push(name, value);
    }
    let request = RawRequest {
        method: "POST".to_owned(),
        target: "/sandbox/inbox-links".to_owned(),
        headers,
        body: Vec::new(),
    };
    let address = SocketAddr::from(([127, 0, 0, 1], sandbox.port()));
    let answer = http1::exchange(address, &request).unwrap();
    assert_eq!(answer.status, 201);
    let link = json(&answer)["url"].as_str().unwrap().to_owned();
    assert_eq!(visit(&sandbox, &target(&link), &[]).status, 303);
}

#[test]
fn a_link_on_another_site_works_although_its_redirect_would_lose_the_cookie() {
    let sandbox = reachable();
    let answer = visit(&sandbox, &target(&sandbox.inbox_url()), &[("Sec-Fetch-Site", "cross-site")]);
    assert_eq!((answer.status, answer.headers.get("Refresh")), (200, Some("0; url=/sandbox/inbox")));
    assert!(answer.headers.get("Set-Cookie").is_some());
}

#[tokio::test]
async fn an_e_mail_in_its_frame_runs_nothing_and_loads_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let attack = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    let email = SendEmail::new(EMAIL_TEMPLATE.parse().unwrap(), "kim@example.com")
        .personalisation("name", attack)
        .personalisation("permit number", "E15")
        .personalisation("parking", "no");
    let id = client(&sandbox).send(email).await.unwrap().id.to_string();
    let target = format!("/sandbox/inbox/emails/{id}");
    let answer = visit(&sandbox, &target, &[("Sec-Fetch-Site", "same-origin")]);
    assert_eq!(answer.status, 200);
    let policy: Vec<&str> = answer.headers.get("Content-Security-Policy").unwrap().split("; ").collect();
    assert!(
        policy.contains(&"default-src 'none'") && policy.contains(&"frame-ancestors 'self'"),
        "{policy:?}"
    );
    let sandboxed = policy.iter().find(|rule| rule.starts_with("sandbox")).unwrap();
    assert!(!sandboxed.contains("allow-scripts") && !sandboxed.contains("allow-same-origin"), "{sandboxed}");
    assert_eq!(answer.headers.get("X-Frame-Options"), Some("SAMEORIGIN"));
    let html = String::from_utf8(answer.body).unwrap();
    assert!(
        html.contains("Your permit is ready") && !html.contains("<script") && !html.contains("<img"),
        "{html}"
    );
    assert_eq!(visit(&sandbox, &target, &[("Sec-Fetch-Site", "cross-site")]).status, 403);
    assert_eq!(visit(&sandbox, &target, &[("Host", "evil.example")]).status, 403);
    assert_eq!(visit(&sandbox, "/sandbox/inbox/emails/nothing", &[]).status, 404);
    let far = reachable();
    assert_eq!(visit(&far, &target, &[]).status, 401);
}

#[tokio::test]
async fn a_letter_is_shown_as_it_is_printed() {
    let sandbox = Sandbox::start().unwrap();
    let address = ["Amala Bird", "123 High Street", "Richmond upon Thames", "SW14 6BF"];
    let letter =
        notify_http::SendLetter::new("c0ffee00-0000-4000-8000-000000000013".parse().unwrap(), address)
            .personalisation("name", "Kim")
            .personalisation("permit number", "E15");
    let id = client(&sandbox).send(letter).await.unwrap().id.to_string();
    let shown = visit(&sandbox, &format!("/sandbox/inbox/letters/{id}.pdf"), &[]);
    assert_eq!((shown.status, shown.headers.get("Content-Type")), (200, Some("application/pdf")));
    assert!(shown.body.starts_with(b"%PDF-"));
    let asked = visit(&sandbox, &format!("/sandbox/messages/{id}/pdf"), &[("X-Sandbox", "1")]);
    assert_eq!(asked.body, shown.body);
    client(&sandbox).send(sms()).await.unwrap();
    let text = sandbox.messages()[0].id();
    assert_eq!(control(&sandbox, "GET", &format!("/sandbox/messages/{text}/pdf"), &Value::Null).0, 400);
}

#[test]
fn messages_are_found_by_status_by_part_of_the_recipient_and_by_words() {
    let sandbox = Sandbox::start().unwrap();
    post_sms(&sandbox, "first").unwrap();
    let failed = json(&post_sms(&sandbox, "second").unwrap())["id"].as_str().unwrap().to_owned();
    let set = json!({ "status": "permanent-failure" });
    control(&sandbox, "PUT", &format!("/sandbox/messages/{failed}/status"), &set);
    let found = |query: &str| {
        let (status, answer) = control(&sandbox, "GET", &format!("/sandbox/messages?{query}"), &Value::Null);
        assert_eq!(status, 200, "{answer}");
        let messages = answer["messages"].as_array().unwrap().clone();
        messages.iter().map(|message| message["reference"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("status=permanent-failure"), ["second"]);
    assert_eq!(found("status=failed"), ["second"], "the word that covers several");
    assert_eq!(found("status=validation-failed"), [""; 0]);
    for words in ["text=PERMIT+kim", "text=e15", "recipient=0790+0900", "recipient=%2B447900900123"] {
        assert_eq!(found(words), ["second", "first"], "{words}");
    }
    for words in ["text=permit+lee", "recipient=0791"] {
        assert_eq!(found(words), [""; 0], "{words}");
    }
    let (status, answer) = control(&sandbox, "GET", "/sandbox/messages?status=fine", &Value::Null);
    assert_eq!((status, &answer["error"]), (400, &json!("fine is not a status")));
}

#[test]
fn a_text_is_shown_with_its_fragments_and_as_it_arrives() {
    let sandbox = Sandbox::start().unwrap();
    let service = json!({
        "name": "Parks", "permissions": ["sms"], "prefix_sms": true,
        "api_keys": [{ "name": "ci", "type": "live", "secret": "c0ffee00-0000-4000-8000-0000000000aa" }],
        "templates": [{ "id": "c0ffee00-0000-4000-8000-000000000099", "name": "Hi", "type": "sms", "body": "((text))" }],
    });
    assert_eq!(control(&sandbox, "POST", "/sandbox/services", &service).0, 201);
    let key = sandbox.keys().last().unwrap().api_key().to_owned();
    let client = notify_http::blocking::Client::builder(&key).base_url(sandbox.url()).build().unwrap();
    let message =
        notify_http::SendSms::new("c0ffee00-0000-4000-8000-000000000099".parse().unwrap(), "07900900123");
    client.send(message.personalisation("text", "a".repeat(160))).unwrap();
    let (_, answer) = control(&sandbox, "GET", "/sandbox/messages", &Value::Null);
    let on_phone = &answer["messages"][0]["on_phone"];
    assert_eq!(on_phone["text"], format!("Parks: {}", "a".repeat(160)));
    assert_eq!(on_phone["fragments"], 2);
}
