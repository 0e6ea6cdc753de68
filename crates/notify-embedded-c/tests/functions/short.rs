//! Buffers that are too small.

use notify_embedded_c::{notify_query_find, notify_query_get};
use notify_jwt_c::{NOTIFY_ERROR_BUFFER_TOO_SMALL, NOTIFY_OK, NotifyStatus};

use crate::device::{Device, ID, REFERENCE};

/// Offers room of each size, and sees that nothing is written until there is enough: into the buffer or anywhere else.
fn offer(device: &mut Device, ask: impl Fn(&mut Device, usize) -> NotifyStatus) {
    device.buffer = [b'#'; 1024];
    device.length = 7;
    let mut size = 0;
    loop {
        match ask(device, size) {
            NOTIFY_OK => break,
            status => assert_eq!(status, NOTIFY_ERROR_BUFFER_TOO_SMALL, "{size}"),
        }
        assert_eq!((device.length, device.buffer), (7, [b'#'; 1024]), "{size}");
        size += 1;
    }
    assert!((300..600).contains(&size) && device.length <= size, "{} {size}", device.length);
    assert!(device.buffer[device.length..].iter().all(|byte| *byte == b'#'));
}

#[test]
fn a_request_that_does_not_fit_leaves_the_buffer_and_the_call_as_they_were() {
    let mut device = Device::with_call();
    offer(&mut device, Device::request);
    assert!(device.written().starts_with("POST /v2/notifications/sms HTTP/1.1\r\n"));
}

#[test]
fn a_question_that_does_not_fit_leaves_the_buffer_and_the_query_as_they_were() {
    let mut device = Device::new();
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_OK);
    offer(&mut device, Device::ask);
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_find(query, service, REFERENCE.as_ptr()) }, NOTIFY_OK);
    offer(&mut device, Device::ask);
    assert!(device.written().starts_with("GET /v2/notifications?reference=door-17-42 HTTP/1.1\r\n"));
}
