//! Functions that are called out of order.

use notify_embedded_c::*;
use notify_jwt_c::{
    NOTIFY_ERROR_CLOCK_NOT_INITIALISED, NOTIFY_ERROR_NO_KEY, NOTIFY_OK, notify_clock_adjust_to_date,
    notify_clock_confirm, notify_clock_last_confirmed, notify_clock_now, notify_clock_set_max_adjustment,
};

use crate::device::{Device, ID, REFERENCE, UPTIME, created, message, text};

#[test]
fn what_was_never_initialised_is_refused() {
    let mut device = Device::new();
    let Device { clock, service, call, query, journal, outcome, answer, record, number, buffer, .. } =
        &mut *device;
    let record = record.as_mut_ptr();
    outcome.kind = NOTIFY_REFUSED;
    let statuses = unsafe {
        [
            notify_call_not_connected(call, clock, UPTIME, outcome),
            notify_call_received(call, clock, UPTIME, record, 1, outcome),
            notify_call_closed(call, clock, UPTIME, outcome),
            notify_call_timed_out(call, clock, UPTIME, outcome),
            notify_call_resume(call, service, journal),
            notify_query_received(query, clock, UPTIME, record, 1, answer),
            notify_query_closed(query, clock, UPTIME, answer),
            notify_query_lost(query, answer),
            notify_journal_last_confirmed(journal, &mut 0),
            notify_journal_in_doubt(journal, REFERENCE.as_ptr(), number),
            notify_journal_ending(journal, REFERENCE.as_ptr(), number),
            notify_journal_slot(journal, 2, &mut 0),
            notify_journal_is_torn(journal, number),
            notify_journal_reference(journal, buffer.as_mut_ptr().cast(), buffer.len()),
            notify_journal_sending(journal, call, clock, record, number),
            notify_journal_finished(journal, outcome, clock, record),
            notify_journal_give_up(journal, clock, record),
        ]
    };
    assert_eq!(statuses, [NOTIFY_ERROR_NOT_INITIALISED; 17]);
    assert_eq!([device.request(1024), device.ask(1024)], [NOTIFY_ERROR_NOT_INITIALISED; 2]);
}

#[test]
fn without_a_key_nothing_is_written_and_the_call_is_as_it_was() {
    let mut device = Device::without_key();
    assert_eq!(device.init(&message()), NOTIFY_OK);
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_OK);
    assert_eq!([device.request(1024), device.ask(1024)], [NOTIFY_ERROR_NO_KEY; 2]);
    assert_eq!((device.length, device.buffer), (0, [0; 1024]));
}

#[test]
fn without_a_clock_nothing_is_done() {
    let mut device = Device::with_call();
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_OK);
    unsafe { (&raw mut device.clock).write_bytes(0, 1) };
    assert_eq!([device.request(1024), device.ask(1024)], [NOTIFY_ERROR_CLOCK_NOT_INITIALISED; 2]);
    let Device { clock, call, query, journal, outcome, answer, record, number, .. } = &mut *device;
    outcome.kind = NOTIFY_REFUSED;
    let (record, date) = (record.as_mut_ptr(), "Sun, 06 Nov 1994 08:49:37 GMT");
    let statuses = unsafe {
        [
            notify_call_received(call, clock, UPTIME, record, 1, outcome),
            notify_call_closed(call, clock, UPTIME, outcome),
            notify_query_received(query, clock, UPTIME, record, 1, answer),
            notify_journal_sending(journal, call, clock, record, number),
            notify_journal_finished(journal, outcome, clock, record),
            notify_clock_set_max_adjustment(clock, 1),
            notify_clock_now(clock, UPTIME, &mut 0),
            notify_clock_adjust_to_date(clock, UPTIME, date.as_ptr().cast(), date.len()),
            notify_clock_confirm(clock, UPTIME),
            notify_clock_last_confirmed(clock, &mut 0),
        ]
    };
    assert_eq!(statuses, [NOTIFY_ERROR_CLOCK_NOT_INITIALISED; 10]);
}

#[test]
fn what_was_copied_from_another_place_is_refused() {
    let (mut device, mut other) = (Device::with_call(), Device::new());
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_find(query, service, REFERENCE.as_ptr()) }, NOTIFY_OK);
    unsafe {
        (&raw mut other.call).copy_from(&raw const device.call, 1);
        (&raw mut other.query).copy_from(&raw const device.query, 1);
    }
    assert_eq!([other.request(1024), other.ask(1024)], [NOTIFY_ERROR_NOT_INITIALISED; 2]);
    assert_eq!([device.request(1024), device.ask(1024)], [NOTIFY_OK; 2]);
}

#[test]
fn after_a_failed_beginning_nothing_is_left_of_what_was_there() {
    let mut device = Device::with_call();
    let mut wrong = message();
    wrong.kind = 3;
    assert_eq!(device.init(&wrong), NOTIFY_ERROR_KIND);
    let Device { service, query, .. } = &mut *device;
    unsafe {
        assert_eq!(notify_query_get(query, service, ID.as_ptr()), NOTIFY_OK);
        assert_eq!(notify_query_get(query, service, REFERENCE.as_ptr()), NOTIFY_ERROR_NOTIFICATION_ID);
    }
    assert_eq!([device.request(1024), device.ask(1024)], [NOTIFY_ERROR_NOT_INITIALISED; 2]);
}

#[test]
fn a_call_that_is_over_writes_no_request() {
    let mut device = Device::with_call();
    assert_eq!(device.request(1024), NOTIFY_OK);
    assert_eq!(device.received(&created()), NOTIFY_OK);
    assert_eq!(device.outcome.kind, NOTIFY_ACCEPTED);
    assert_eq!(device.request(1024), NOTIFY_ERROR_OVER);
}

#[test]
fn the_end_of_the_connection_after_the_answer_does_not_change_what_the_answer_said() {
    let mut device = Device::with_call();
    assert_eq!(device.request(1024), NOTIFY_OK);
    assert_eq!(device.received(&created()), NOTIFY_OK);
    let Device { clock, call, outcome, .. } = &mut *device;
    *outcome = unsafe { std::mem::zeroed() };
    assert_eq!(unsafe { notify_call_closed(call, clock, UPTIME, outcome) }, NOTIFY_OK);
    assert_eq!((outcome.kind, text(&outcome.id)), (NOTIFY_ACCEPTED, ID.to_str().unwrap()));
}

#[test]
fn an_answer_before_a_request_is_ignored() {
    let mut device = Device::with_call();
    assert_eq!(device.received(&created()), NOTIFY_OK);
    assert_eq!(device.outcome.kind, NOTIFY_PENDING);
    assert_eq!(device.request(1024), NOTIFY_OK);
    assert!(device.written().starts_with("POST "));
}

#[test]
fn a_journal_keeps_one_message_in_doubt_and_no_other() {
    let mut device = Device::with_call();
    let Device { service, call, journal, .. } = &mut *device;
    // Nothing is in doubt yet.
    let resumed = unsafe { notify_call_resume(call, service, journal) };
    assert_eq!(resumed, NOTIFY_ERROR_NOTHING_TO_LOOK_UP);
    assert_eq!(device.init(&message()), NOTIFY_OK);
    assert_eq!(device.request(1024), NOTIFY_OK);
    let Device { clock, call, journal, record, number, .. } = &mut *device;
    let sending = unsafe { notify_journal_sending(journal, call, clock, record.as_mut_ptr(), number) };
    assert_eq!((sending, *number), (NOTIFY_OK, 1));
    let mut other = message();
    other.reference = c"door-17-43".as_ptr();
    assert_eq!(device.init(&other), NOTIFY_OK);
    assert_eq!(device.request(1024), NOTIFY_OK);
    let Device { clock, call, journal, outcome, record, number, .. } = &mut *device;
    let before = *record;
    unsafe {
        let sending = notify_journal_sending(journal, call, clock, record.as_mut_ptr(), number);
        assert_eq!(sending, NOTIFY_ERROR_STILL_IN_DOUBT);
        outcome.kind = NOTIFY_PENDING;
        let finished = notify_journal_finished(journal, outcome, clock, record.as_mut_ptr());
        assert_eq!(finished, NOTIFY_ERROR_OUTCOME);
    }
    assert_eq!(*record, before);
}
