//! Texts that are no such thing, each with an error of its own.

use std::ptr::null;

use notify_embedded_c::*;
use notify_jwt_c::{NOTIFY_ERROR_NULL, NOTIFY_OK, NotifyStatus};

use crate::device::{Device, ID, TEMPLATE, message, value};

const TOO_LONG: &std::ffi::CStr = c"a reference of sixty-five characters is one more than there may be";

fn changed(change: impl FnOnce(&mut NotifyMessage)) -> NotifyStatus {
    let mut message = message();
    change(&mut message);
    Device::new().init(&message)
}

fn with_values(values: &[NotifyValue]) -> NotifyStatus {
    changed(|message| {
        message.personalisation = values.as_ptr();
        message.personalisation_count = values.len();
    })
}

#[test]
fn each_wrong_part_of_a_message_has_an_error_of_its_own() {
    let one = value(c"door", c"back door");
    let wrong = value(c"door", c"\xff");
    let nameless = NotifyValue { name: null(), value: c"".as_ptr() };
    let nine = [(); NOTIFY_VALUES_MAX + 1].map(|()| value(c"n", c"v"));
    let not_text = c"\xff\xfe".as_ptr();
    let statuses = [
        changed(|message| message.kind = 0),
        changed(|message| message.template_id = c"740e5834".as_ptr()),
        changed(|message| message.template_id = null()),
        changed(|message| message.recipient = null()),
        changed(|message| message.recipient = not_text),
        changed(|message| message.sender_id = c"me".as_ptr()),
        changed(|message| message.reference = c"".as_ptr()),
        changed(|message| message.reference = c"a\nb".as_ptr()),
        changed(|message| message.reference = TOO_LONG.as_ptr()),
        changed(|message| message.reference = not_text),
        // Nothing would be unique.
        changed(|message| message.reference = null()),
        changed(|message| message.personalisation_count = 1),
        with_values(&[wrong]),
        with_values(&[nameless]),
        with_values(&nine),
    ];
    let expected = [
        NOTIFY_ERROR_KIND,
        NOTIFY_ERROR_TEMPLATE_ID,
        NOTIFY_ERROR_NULL,
        NOTIFY_ERROR_NULL,
        NOTIFY_ERROR_TEXT,
        NOTIFY_ERROR_SENDER_ID,
        NOTIFY_ERROR_REFERENCE,
        NOTIFY_ERROR_REFERENCE,
        NOTIFY_ERROR_REFERENCE,
        NOTIFY_ERROR_TEXT,
        NOTIFY_ERROR_REFERENCE,
        NOTIFY_ERROR_NULL,
        NOTIFY_ERROR_TEXT,
        NOTIFY_ERROR_NULL,
        NOTIFY_ERROR_TOO_MANY_VALUES,
    ];
    assert_eq!(statuses, expected);
    let right = |message: &mut NotifyMessage| {
        (message.personalisation, message.personalisation_count) = (&raw const one, 1);
        message.sender_id = TEMPLATE.as_ptr();
        message.kind = NOTIFY_EMAIL;
    };
    assert_eq!(changed(right), NOTIFY_OK);
}

#[test]
fn a_service_that_is_not_known_needs_a_host() {
    let mut device = Device::new();
    for which in [0, NOTIFY_SERVICE_OTHER, 6] {
        device.service.which = which;
        assert_eq!(device.init(&message()), NOTIFY_ERROR_SERVICE, "{which}");
        let Device { service, query, .. } = &mut *device;
        assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_ERROR_SERVICE);
    }
    device.service.which = NOTIFY_SERVICE_OTHER;
    device.service.host = c"notify.example".as_ptr();
    assert_eq!(device.init(&message()), NOTIFY_OK);
    device.service.path = c"\xff".as_ptr();
    assert_eq!(device.init(&message()), NOTIFY_ERROR_TEXT);
}

#[test]
fn a_host_or_a_path_that_cannot_stand_in_a_request_is_refused_at_once() {
    for (host, path) in [
        (c"https://10.0.0.1", c""),
        (c"", c""),
        (c"a b", c""),
        (c"a\r\nX: y", c""),
        (c"10.0.0.1:80", c"notify"),
        (c"10.0.0.1:80", c"/notify/"),
        (c"10.0.0.1:80", c"/a\nb"),
    ] {
        let mut device = Device::new();
        (device.service.host, device.service.path) = (host.as_ptr(), path.as_ptr());
        assert_eq!(device.init(&message()), NOTIFY_ERROR_SERVICE, "{host:?} {path:?}");
        let Device { service, query, .. } = &mut *device;
        assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_ERROR_SERVICE);
    }
}

#[test]
fn a_query_wants_an_id_or_a_reference() {
    let mut device = Device::new();
    let Device { service, query, .. } = &mut *device;
    unsafe {
        for wrong in [c"", c"c3c56b78", TOO_LONG] {
            assert_eq!(notify_query_get(query, service, wrong.as_ptr()), NOTIFY_ERROR_NOTIFICATION_ID);
        }
        for wrong in [c"", c"a\nb", TOO_LONG] {
            assert_eq!(notify_query_find(query, service, wrong.as_ptr()), NOTIFY_ERROR_REFERENCE);
        }
        assert_eq!(notify_query_find(query, service, c"\xff".as_ptr()), NOTIFY_ERROR_TEXT);
    }
}
