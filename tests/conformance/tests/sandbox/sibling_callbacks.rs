//! The callbacks of the sibling services, compared with the recordings.

use std::time::Duration;

use notify_sandbox::{CallbackKind, CallbackReceiver, IncomingText, KeyType, Sandbox, Service};
use notify_testkit::http1::{RawRequest, ScriptedServer};
use notify_testkit::wire::Recording;
use serde_json::json;

use crate::callbacks::expect;
use crate::fixture::{EMAIL_TEMPLATE, SERVICE, SMS_TEMPLATE, exchange, json, request_with};

/// A sandbox of a service, and a receiver of all its callbacks.
struct Sibling {
    sandbox: Sandbox,
    receiver: ScriptedServer,
    recording: Recording,
    /// With which the names of its exchanges begin.
    family: &'static str,
}

impl Sibling {
    fn new(service: Service, recording: Recording, family: &'static str) -> Self {
        let answer = |_: &RawRequest| b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec();
        let receiver = ScriptedServer::start(answer).unwrap();
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        sandbox.clock().freeze();
        Self { sandbox, receiver, recording, family }
    }

    /// Compares the newest callback with a recorded one, which also says what the token was, after this has happened.
    fn posts(&self, name: &str, same: &[&str], happens: impl FnOnce(&Sandbox)) {
        let recorded = self.recording.exchange(&format!("{}/callback-sent/{name}", self.family)).unwrap();
        let authorization =
            recorded.request.headers.iter().find(|(name, _)| *name == "Authorization").unwrap().1;
        for kind in [CallbackKind::DeliveryStatus, CallbackKind::InboundSms, CallbackKind::Complaint] {
            let url = format!("{}/cb", self.receiver.url());
            let bearer_token = authorization.strip_prefix("Bearer ").unwrap();
            self.sandbox.set_callback(SERVICE, CallbackReceiver { kind, url: &url, bearer_token }).unwrap();
        }
        let before = self.receiver.requests().len();
        happens(&self.sandbox);
        self.sandbox.clock().advance(Duration::from_secs(60));
        self.sandbox.wait_until_idle();
        let posted = self.receiver.requests();
        assert!(posted.len() > before, "{name}: nothing was posted");
        expect(posted.last().unwrap(), recorded, same);
    }
}

/// Sends a message with a test key, and returns its id.
fn send(sandbox: &Sandbox, to: &str, reference: Option<&str>) -> String {
    let (kind, field, template) = if to.contains('@') {
        ("email", "email_address", EMAIL_TEMPLATE)
    } else {
        ("sms", "phone_number", SMS_TEMPLATE)
    };
    let values = json!({ "name": "Kim", "permit number": "E15", "parking": "no" });
    let mut form = json!({ field: to, "template_id": template, "personalisation": values });
    if let Some(reference) = reference {
        form["reference"] = json!(reference);
    }
    let request = request_with(sandbox, KeyType::Test, "POST", &format!("/v2/notifications/{kind}"), &form);
    let answer = exchange(sandbox, &request).unwrap();
    assert_eq!(answer.status, 201, "{}", json(&answer));
    json(&answer)["id"].as_str().unwrap().to_owned()
}

const RECEIPT: [&str; 4] = ["reference", "to", "status", "notification_type"];

#[test]
fn the_callbacks_of_notify_gov_au_are_posted_as_recorded() {
    let au = Sibling::new(Service::NotifyGovAu, Recording::au().unwrap(), "au");
    au.posts("delivery-to-is-as-given", &RECEIPT, |sandbox| _ = send(sandbox, "0412 345 456", None));
    au.posts("delivery-email-delivered", &["reference", "status"], |sandbox| {
        send(sandbox, "delivered@sandbox.example", Some("ref-email-1"));
    });
    au.posts("complaint", &["reference", "to"], |sandbox| {
        let email = send(sandbox, "complain@example.com", Some("ref-complaint"));
        sandbox.clock().advance(Duration::from_secs(60));
        sandbox.wait_until_idle();
        sandbox.mark_as_spam(&email).unwrap();
    });
    for (name, from, content) in [
        ("received-text", "61412345111", "Hello back \u{a3}0"),
        ("received-text-from-a-name", "BANK", "from a name"),
    ] {
        au.posts(name, &["source_number", "message"], |sandbox| {
            sandbox.receive_text(IncomingText { from, content }).unwrap();
        });
    }
}

#[test]
fn the_callbacks_of_gc_notify_are_posted_as_recorded() {
    let gc = Sibling::new(Service::GcNotify, Recording::gc().unwrap(), "gc");
    let described =
        ["reference", "to", "status", "status_description", "provider_response", "notification_type"];
    gc.posts("delivery-with-reference", &described, |sandbox| {
        send(sandbox, "+15149301632", Some("cb-perm"));
    });
    gc.posts("delivery-email-permanent-failure", &["reference", "status", "status_description"], |sandbox| {
        send(sandbox, "permanent-failure@sandbox.example", None);
    });
    gc.posts("complaint", &["reference", "to"], |sandbox| {
        let email = send(sandbox, "recipient1@example.com", Some("r"));
        sandbox.clock().advance(Duration::from_secs(60));
        sandbox.wait_until_idle();
        sandbox.mark_as_spam(&email).unwrap();
    });
    gc.posts("received-text", &["source_number", "message"], |sandbox| {
        sandbox.receive_text(IncomingText { from: "+16135550120", content: "Hello there" }).unwrap();
    });
}

#[test]
fn the_callbacks_of_va_notify_are_posted_as_recorded() {
    let va = Sibling::new(Service::VaNotify, Recording::va().unwrap(), "va");
    let reported = ["reference", "to", "status", "notification_type", "status_reason", "provider"];
    va.posts("service-sms", &reported, |sandbox| _ = send(sandbox, "+12025550150", Some("r-1")));
    va.posts("service-email", &reported, |sandbox| _ = send(sandbox, "someone@example.com", None));
    va.posts("service-complaint", &["reference", "to"], |sandbox| {
        let email = send(sandbox, "someone@example.com", None);
        sandbox.clock().advance(Duration::from_secs(60));
        sandbox.wait_until_idle();
        sandbox.mark_as_spam(&email).unwrap();
    });
}
