//! NULL.

use std::ptr::{null, null_mut};

use notify_embedded_c::*;
use notify_jwt_c::{NOTIFY_ERROR_NULL, NOTIFY_OK};

use crate::device::{Device, ID, REFERENCE, UPTIME, message};

#[test]
fn null_is_an_error_wherever_a_call_takes_a_pointer() {
    let mut device = Device::with_call();
    let Device { signer, clock, service, call, journal, outcome, buffer, length, .. } = &mut *device;
    let message = message();
    let (signer, clock): (*const _, *mut _) = (signer, clock);
    let (buffer, size) = (buffer.as_mut_ptr(), buffer.len());
    let statuses = unsafe {
        [
            notify_call_init(null_mut(), service, &raw const message),
            notify_call_init(call, null(), &raw const message),
            notify_call_init(call, service, null()),
            notify_call_resume(null_mut(), service, journal),
            notify_call_resume(call, null(), journal),
            notify_call_resume(call, service, null()),
            notify_call_request(null_mut(), signer, clock, UPTIME, buffer, size, length),
            notify_call_request(call, null(), clock, UPTIME, buffer, size, length),
            notify_call_request(call, signer, null(), UPTIME, buffer, size, length),
            notify_call_request(call, signer, clock, UPTIME, null_mut(), size, length),
            notify_call_request(call, signer, clock, UPTIME, buffer, size, null_mut()),
            notify_call_not_connected(null_mut(), clock, UPTIME, outcome),
            notify_call_not_connected(call, null_mut(), UPTIME, outcome),
            notify_call_not_connected(call, clock, UPTIME, null_mut()),
            notify_call_received(null_mut(), clock, UPTIME, buffer, 1, outcome),
            notify_call_received(call, null_mut(), UPTIME, buffer, 1, outcome),
            notify_call_received(call, clock, UPTIME, null(), 1, outcome),
            notify_call_received(call, clock, UPTIME, buffer, 1, null_mut()),
            notify_call_closed(null_mut(), clock, UPTIME, outcome),
            notify_call_closed(call, null_mut(), UPTIME, outcome),
            notify_call_closed(call, clock, UPTIME, null_mut()),
            notify_call_timed_out(null_mut(), clock, UPTIME, outcome),
            notify_call_timed_out(call, null_mut(), UPTIME, outcome),
            notify_call_timed_out(call, clock, UPTIME, null_mut()),
        ]
    };
    assert_eq!(statuses, [NOTIFY_ERROR_NULL; 24]);
    // Nothing was done: it still sends its message.
    assert_eq!(device.request(1024), NOTIFY_OK);
    assert!(device.written().starts_with("POST "));
}

#[test]
fn null_is_an_error_wherever_a_query_takes_a_pointer() {
    let mut device = Device::new();
    let Device { signer, clock, service, query, answer, buffer, length, .. } = &mut *device;
    let (signer, clock): (*const _, *mut _) = (signer, clock);
    let (buffer, size) = (buffer.as_mut_ptr(), buffer.len());
    let statuses = unsafe {
        assert_eq!(notify_query_get(query, service, ID.as_ptr()), NOTIFY_OK);
        [
            notify_query_get(null_mut(), service, ID.as_ptr()),
            notify_query_get(query, null(), ID.as_ptr()),
            notify_query_get(query, service, null()),
            notify_query_find(null_mut(), service, REFERENCE.as_ptr()),
            notify_query_find(query, null(), REFERENCE.as_ptr()),
            notify_query_find(query, service, null()),
            notify_query_request(null_mut(), signer, clock, UPTIME, buffer, size, length),
            notify_query_request(query, null(), clock, UPTIME, buffer, size, length),
            notify_query_request(query, signer, null(), UPTIME, buffer, size, length),
            notify_query_request(query, signer, clock, UPTIME, null_mut(), size, length),
            notify_query_request(query, signer, clock, UPTIME, buffer, size, null_mut()),
            notify_query_received(null_mut(), clock, UPTIME, buffer, 1, answer),
            notify_query_received(query, null_mut(), UPTIME, buffer, 1, answer),
            notify_query_received(query, clock, UPTIME, null(), 1, answer),
            notify_query_received(query, clock, UPTIME, buffer, 1, null_mut()),
            notify_query_closed(null_mut(), clock, UPTIME, answer),
            notify_query_closed(query, null_mut(), UPTIME, answer),
            notify_query_closed(query, clock, UPTIME, null_mut()),
            notify_query_lost(null_mut(), answer),
            notify_query_lost(query, null_mut()),
        ]
    };
    assert_eq!(statuses, [NOTIFY_ERROR_NULL; 20]);
    // Nothing was done: it still asks its question.
    assert_eq!(device.ask(1024), NOTIFY_OK);
    assert!(device.written().starts_with("GET /v2/notifications/c3c5"));
}

#[test]
fn null_is_an_error_wherever_a_journal_takes_a_pointer() {
    let mut device = Device::with_call();
    assert_eq!(device.request(1024), NOTIFY_OK);
    let Device { clock, call, journal, outcome, record, number, length, buffer, .. } = &mut *device;
    let (record, text, mut seconds) = (record.as_mut_ptr(), buffer.as_mut_ptr().cast(), 0);
    outcome.kind = NOTIFY_REFUSED;
    let statuses = unsafe {
        assert_eq!(notify_journal_sending(journal, call, clock, record, number), NOTIFY_OK);
        [
            notify_journal_read(null_mut(), record, 1),
            notify_journal_read(journal, null(), 1),
            notify_journal_last_confirmed(null(), &raw mut seconds),
            notify_journal_last_confirmed(journal, null_mut()),
            notify_journal_in_doubt(null(), null(), number),
            notify_journal_in_doubt(journal, null(), null_mut()),
            notify_journal_ending(null(), REFERENCE.as_ptr(), number),
            notify_journal_ending(journal, null(), number),
            notify_journal_ending(journal, REFERENCE.as_ptr(), null_mut()),
            notify_journal_slot(null(), 2, length),
            notify_journal_slot(journal, 2, null_mut()),
            notify_journal_is_torn(null(), number),
            notify_journal_is_torn(journal, null_mut()),
            notify_journal_reference(null(), text, NOTIFY_REFERENCE_SIZE),
            notify_journal_reference(journal, null_mut(), NOTIFY_REFERENCE_SIZE),
            notify_journal_sending(null_mut(), call, clock, record, number),
            notify_journal_sending(journal, null_mut(), clock, record, number),
            notify_journal_sending(journal, call, null(), record, number),
            notify_journal_sending(journal, call, clock, null_mut(), number),
            notify_journal_sending(journal, call, clock, record, null_mut()),
            notify_journal_finished(null_mut(), outcome, clock, record),
            notify_journal_finished(journal, null(), clock, record),
            notify_journal_finished(journal, outcome, null(), record),
            notify_journal_finished(journal, outcome, clock, null_mut()),
            notify_journal_give_up(null_mut(), clock, record),
            notify_journal_give_up(journal, null(), record),
            notify_journal_give_up(journal, clock, null_mut()),
        ]
    };
    assert_eq!(statuses, [NOTIFY_ERROR_NULL; 27]);
    // Nothing was done: the message is in doubt as before.
    unsafe {
        assert_eq!(notify_journal_in_doubt(journal, REFERENCE.as_ptr(), number), NOTIFY_OK);
    }
    assert_eq!(*number, 1);
}
