//! What to send, and where.

use core::ffi::c_char;
use core::slice;

use notify_embedded::{Message, Reference, SenderId, Service, TemplateId};
use notify_jwt_c::NOTIFY_ERROR_NULL;

use crate::error::{
    NOTIFY_ERROR_KIND, NOTIFY_ERROR_REFERENCE, NOTIFY_ERROR_SENDER_ID, NOTIFY_ERROR_SERVICE,
    NOTIFY_ERROR_TEMPLATE_ID, NOTIFY_ERROR_TOO_MANY_VALUES,
};
use crate::pointer::{Attempt, text, text_or_null};

/// A text message.
pub const NOTIFY_SMS: u32 = 1;
/// An e-mail.
pub const NOTIFY_EMAIL: u32 = 2;

/// GOV.UK Notify.
pub const NOTIFY_SERVICE_GOV_UK: u32 = 1;
/// Notify.gov.au.
pub const NOTIFY_SERVICE_GOV_AU: u32 = 2;
/// GC Notify, of Canada.
pub const NOTIFY_SERVICE_GC_NOTIFY: u32 = 3;
/// VA Notify, of the United States Department of Veterans Affairs.
pub const NOTIFY_SERVICE_VA_NOTIFY: u32 = 4;
/// A service of which nothing is known but its host. No lookup proves that it did not take a message.
pub const NOTIFY_SERVICE_OTHER: u32 = 5;

/// How many values a message may have.
pub const NOTIFY_VALUES_MAX: usize = 8;

/// A service, and where the device reaches it.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyService {
    /// Which: `NOTIFY_SERVICE_GOV_UK` and so on.
    pub which: u32,
    /// The host instead of the service's own, such as a gateway, with the port if it is not the usual one; or NULL.
    pub host: *const c_char,
    /// A path before the service's own, such as `/notify`; or NULL.
    pub path: *const c_char,
}

/// The value for a placeholder of the template.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyValue {
    /// The placeholder's name.
    pub name: *const c_char,
    /// The text that replaces it.
    pub value: *const c_char,
}

/// A text message or an e-mail, made from a template. All texts end in NUL and are UTF-8, and stay where they are until the
/// call is over.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyMessage {
    /// `NOTIFY_SMS` or `NOTIFY_EMAIL`.
    pub kind: u32,
    /// Whether no other message of the service has the reference, now or later: 0 or 1. Only then can the message be
    /// looked up if the answer is lost. It needs a reference.
    pub is_unique: u32,
    /// The template's id, a UUID.
    pub template_id: *const c_char,
    /// The telephone number in any notation, such as `+447900900123`, or the e-mail address.
    pub recipient: *const c_char,
    /// The values for the template's placeholders, or NULL if there are none.
    pub personalisation: *const NotifyValue,
    /// How many values there are, at most `NOTIFY_VALUES_MAX`.
    pub personalisation_count: usize,
    /// The reference, 1 to 64 bytes, or NULL.
    pub reference: *const c_char,
    /// The id of the sender of a text message, or of the address for replies to an e-mail, instead of the service's default;
    /// or NULL.
    pub sender_id: *const c_char,
}

impl NotifyService {
    /// # Safety
    ///
    /// Its texts are NULL or end in NUL, and stay as they are.
    pub(crate) unsafe fn get<'a>(&self) -> Attempt<Service<'a>> {
        // SAFETY: as promised.
        let (host, path) = unsafe { (text_or_null(self.host)?, text_or_null(self.path)?) };
        let service = match (self.which, host) {
            (NOTIFY_SERVICE_GOV_UK, _) => Service::gov_uk(),
            (NOTIFY_SERVICE_GOV_AU, _) => Service::notify_gov_au(),
            (NOTIFY_SERVICE_GC_NOTIFY, _) => Service::gc_notify(),
            (NOTIFY_SERVICE_VA_NOTIFY, _) => Service::va_notify(),
            (NOTIFY_SERVICE_OTHER, Some(host)) => Service::at(host),
            _ => return Err(NOTIFY_ERROR_SERVICE),
        };
        let service = host.map_or(service, |host| service.at_host(host));
        let service = path.map_or(service, |path| service.with_path(path));
        service.is_well_formed().then_some(service).ok_or(NOTIFY_ERROR_SERVICE)
    }
}

/// A name and a value.
pub(crate) type Pair = (&'static str, &'static str);

impl NotifyMessage {
    /// The reference, if there is one.
    ///
    /// # Safety
    ///
    /// It is NULL or a text that ends in NUL.
    pub(crate) unsafe fn reference(&self) -> Attempt<Option<Reference>> {
        // SAFETY: as promised.
        let reference = unsafe { text_or_null(self.reference)? };
        if reference.is_none() && self.is_unique != 0 {
            return Err(NOTIFY_ERROR_REFERENCE);
        }
        reference.map(|text| Reference::new(text).map_err(|_| NOTIFY_ERROR_REFERENCE)).transpose()
    }

    /// Fills in the pairs, and returns how many there are.
    ///
    /// # Safety
    ///
    /// There are as many values as it says, whose texts end in NUL and stay until the call is over.
    pub(crate) unsafe fn fill(&self, pairs: &mut [Pair; NOTIFY_VALUES_MAX]) -> Attempt {
        if self.personalisation_count == 0 {
            return Ok(());
        }
        if self.personalisation.is_null() {
            return Err(NOTIFY_ERROR_NULL);
        }
        if self.personalisation_count > NOTIFY_VALUES_MAX {
            return Err(NOTIFY_ERROR_TOO_MANY_VALUES);
        }
        // SAFETY: as promised.
        let values = unsafe { slice::from_raw_parts(self.personalisation, self.personalisation_count) };
        for (pair, value) in pairs.iter_mut().zip(values) {
            // SAFETY: as promised.
            *pair = unsafe { (text(value.name)?, text(value.value)?) };
        }
        Ok(())
    }

    /// The message, with a reference and values that were put where they stay.
    ///
    /// # Safety
    ///
    /// Its texts end in NUL, and stay until the call is over.
    pub(crate) unsafe fn get(
        &self,
        reference: Option<&'static Reference>,
        values: &'static [Pair],
    ) -> Attempt<Message<'static>> {
        // SAFETY: as promised.
        let (template, recipient, sender) =
            unsafe { (text(self.template_id)?, text(self.recipient)?, text_or_null(self.sender_id)?) };
        let template = TemplateId::parse(template).map_err(|_| NOTIFY_ERROR_TEMPLATE_ID)?;
        let mut message = match self.kind {
            NOTIFY_SMS => Message::sms(template, recipient),
            NOTIFY_EMAIL => Message::email(template, recipient),
            _ => return Err(NOTIFY_ERROR_KIND),
        };
        message = message.personalisation(values);
        if let Some(reference) = reference {
            message = match self.is_unique {
                0 => message.reference(reference),
                _ => message.unique_reference(reference),
            };
        }
        if let Some(sender) = sender {
            message = message.sender(SenderId::parse(sender).map_err(|_| NOTIFY_ERROR_SENDER_ID)?);
        }
        Ok(message)
    }
}
