//! A device: a key, a clock, a service, a message, and room for what a call needs.

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ptr;

use notify_embedded_c::{
    NOTIFY_RECORD_SIZE, NOTIFY_SERVICE_GOV_UK, NOTIFY_SMS, NotifyAnswer, NotifyCall, NotifyJournal,
    NotifyMessage, NotifyOutcome, NotifyQuery, NotifyService, NotifyValue, notify_call_init,
    notify_call_received, notify_call_request, notify_journal_read, notify_query_received,
    notify_query_request,
};
use notify_jwt_c::{
    NOTIFY_OK, NotifyClock, NotifySigner, NotifyStatus, notify_clock_init, notify_signer_init,
};

pub(crate) const ID: &CStr = c"c3c56b78-5cd6-40db-a6e2-ff640bfd498d";
pub(crate) const TEMPLATE: &CStr = c"740e5834-3a29-46b4-9a6f-16142fde533a";
pub(crate) const REFERENCE: &CStr = c"door-17-42";
const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
pub(crate) const UPTIME: u64 = 7;

pub(crate) struct Device {
    pub(crate) signer: NotifySigner,
    pub(crate) clock: NotifyClock,
    pub(crate) service: NotifyService,
    pub(crate) call: NotifyCall,
    pub(crate) query: NotifyQuery,
    pub(crate) journal: NotifyJournal,
    pub(crate) outcome: NotifyOutcome,
    pub(crate) answer: NotifyAnswer,
    pub(crate) buffer: [u8; 1024],
    pub(crate) length: usize,
    pub(crate) record: [u8; NOTIFY_RECORD_SIZE],
    pub(crate) number: u32,
}

impl Device {
    /// With a key and a clock, but all else zeros, as C has it. It stays where it is.
    pub(crate) fn new() -> Box<Self> {
        let mut device = Self::without_key();
        let status = unsafe { notify_signer_init(&raw mut device.signer, KEY.as_ptr().cast(), KEY.len()) };
        assert_eq!(status, NOTIFY_OK);
        device
    }

    pub(crate) fn without_key() -> Box<Self> {
        // All of it consists of numbers and of pointers that may be NULL.
        let mut device: Box<Self> = Box::new(unsafe { MaybeUninit::zeroed().assume_init() });
        device.service.which = NOTIFY_SERVICE_GOV_UK;
        assert_eq!(unsafe { notify_clock_init(&raw mut device.clock, 1_795_430_454) }, NOTIFY_OK);
        device
    }

    pub(crate) fn init(&mut self, message: &NotifyMessage) -> NotifyStatus {
        unsafe { notify_call_init(&raw mut self.call, &raw const self.service, message) }
    }

    /// With a call of a message, and a journal of an empty flash.
    pub(crate) fn with_call() -> Box<Self> {
        let mut device = Self::new();
        assert_eq!(device.init(&message()), NOTIFY_OK);
        assert_eq!(device.read_flash(), NOTIFY_OK);
        device
    }

    pub(crate) fn read_flash(&mut self) -> NotifyStatus {
        let slots = [0xff_u8; 2 * NOTIFY_RECORD_SIZE];
        unsafe { notify_journal_read(&raw mut self.journal, slots.as_ptr(), 2) }
    }

    pub(crate) fn request(&mut self, size: usize) -> NotifyStatus {
        let buffer = self.buffer.as_mut_ptr();
        let length = &raw mut self.length;
        let (signer, clock) = (&raw const self.signer, &raw const self.clock);
        unsafe { notify_call_request(&raw mut self.call, signer, clock, UPTIME, buffer, size, length) }
    }

    pub(crate) fn ask(&mut self, size: usize) -> NotifyStatus {
        let buffer = self.buffer.as_mut_ptr();
        let length = &raw mut self.length;
        let (signer, clock) = (&raw const self.signer, &raw const self.clock);
        unsafe { notify_query_request(&raw mut self.query, signer, clock, UPTIME, buffer, size, length) }
    }

    pub(crate) fn received(&mut self, answer: &str) -> NotifyStatus {
        let (call, clock) = (&raw mut self.call, &raw mut self.clock);
        let (piece, length) = (answer.as_ptr(), answer.len());
        unsafe { notify_call_received(call, clock, UPTIME, piece, length, &raw mut self.outcome) }
    }

    pub(crate) fn told(&mut self, answer: &str) -> NotifyStatus {
        let (query, clock) = (&raw mut self.query, &raw mut self.clock);
        let (piece, length) = (answer.as_ptr(), answer.len());
        unsafe { notify_query_received(query, clock, UPTIME, piece, length, &raw mut self.answer) }
    }

    pub(crate) fn written(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.length]).expect("a request is text")
    }
}

/// A text message that can be looked up.
pub(crate) fn message() -> NotifyMessage {
    NotifyMessage {
        kind: NOTIFY_SMS,
        is_unique: 1,
        template_id: TEMPLATE.as_ptr(),
        recipient: c"+447900900123".as_ptr(),
        personalisation: ptr::null(),
        personalisation_count: 0,
        reference: REFERENCE.as_ptr(),
        sender_id: ptr::null(),
    }
}

pub(crate) fn value(name: &'static CStr, value: &'static CStr) -> NotifyValue {
    NotifyValue { name: name.as_ptr(), value: value.as_ptr() }
}

/// An answer of the service.
pub(crate) fn framed(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// That it took the message.
pub(crate) fn created() -> String {
    let (id, reference, template) =
        [ID, REFERENCE, TEMPLATE].map(|text| text.to_str().expect("a text")).into();
    framed(201, &format!(r#"{{"id":"{id}","reference":"{reference}","template":{{"id":"{template}"}}}}"#))
}

/// The text in a field of C's.
pub(crate) fn text(field: &[std::ffi::c_char]) -> &str {
    unsafe { CStr::from_ptr(field.as_ptr()) }.to_str().expect("a text")
}
