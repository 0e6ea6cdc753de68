//! What a journal says after a reset, as C reads it.

use std::ffi::c_char;

use notify_embedded_c::*;
use notify_jwt_c::{NOTIFY_ERROR_BUFFER_TOO_SMALL, NOTIFY_OK, NotifyStatus};

use crate::device::{Device, REFERENCE, message, text};

/// A device that was reset after the record of this message, and has read its flash again.
fn reset_with(message: &NotifyMessage, change: impl FnOnce(&mut [u8])) -> Box<Device> {
    let mut device = Device::with_call();
    assert_eq!(device.init(message), NOTIFY_OK);
    assert_eq!(device.request(1024), NOTIFY_OK);
    let Device { clock, call, journal, record, number, .. } = &mut *device;
    let sending = unsafe { notify_journal_sending(journal, call, clock, record.as_mut_ptr(), number) };
    assert_eq!((sending, *number), (NOTIFY_OK, 1));
    let mut slots = [0xff_u8; 2 * NOTIFY_RECORD_SIZE];
    slots[..NOTIFY_RECORD_SIZE].copy_from_slice(record);
    change(&mut slots);
    let read = unsafe { notify_journal_read(journal, slots.as_ptr(), 2) };
    assert_eq!(read, NOTIFY_OK);
    device
}

fn reference(device: &Device, buffer: &mut [c_char]) -> NotifyStatus {
    unsafe { notify_journal_reference(&raw const device.journal, buffer.as_mut_ptr(), buffer.len()) }
}

fn is_torn(device: &Device) -> u32 {
    let mut is_torn = 7;
    assert_eq!(unsafe { notify_journal_is_torn(&raw const device.journal, &raw mut is_torn) }, NOTIFY_OK);
    is_torn
}

#[test]
fn a_journal_says_which_message_is_in_doubt() {
    let device = reset_with(&message(), |_| {});
    let mut buffer = [7; NOTIFY_REFERENCE_SIZE];
    assert_eq!(reference(&device, &mut buffer[1..]), NOTIFY_ERROR_BUFFER_TOO_SMALL);
    assert_eq!(buffer, [7; NOTIFY_REFERENCE_SIZE]);
    assert_eq!(reference(&device, &mut buffer), NOTIFY_OK);
    assert_eq!(text(&buffer), REFERENCE.to_str().unwrap());

    let mut longest = message();
    let sixty_four = c"a reference of sixty-four characters is the longest there may be";
    longest.reference = sixty_four.as_ptr();
    assert_eq!(reference(&reset_with(&longest, |_| {}), &mut buffer), NOTIFY_OK);
    assert_eq!(text(&buffer), sixty_four.to_str().unwrap());

    let mut nameless = message();
    (nameless.reference, nameless.is_unique) = (std::ptr::null(), 0);
    assert_eq!(reference(&reset_with(&nameless, |_| {}), &mut buffer), NOTIFY_OK);
    assert_eq!(text(&buffer), "");
    assert_eq!(reference(&Device::with_call(), &mut buffer), NOTIFY_ERROR_NOTHING_TO_LOOK_UP);
}

#[test]
fn a_journal_says_whether_a_record_is_damaged() {
    assert_eq!(is_torn(&reset_with(&message(), |_| {})), 0);
    for length in 1..NOTIFY_RECORD_SIZE {
        let torn = reset_with(&message(), |slots| slots[length..].fill(0xff));
        assert_eq!(is_torn(&torn), 1, "{length}");
        assert_eq!(reference(&torn, &mut [0; NOTIFY_REFERENCE_SIZE]), NOTIFY_ERROR_NOTHING_TO_LOOK_UP);
    }
}
