//! What a record says, and its bytes.

use super::checksum::checksum;
use super::{Ending, InDoubt, RECORD_LEN, Record};
use crate::id::{NotificationId, TemplateId};
use crate::message::{Identity, Kind};
use crate::recipient::Recipient;
use crate::reference::{REFERENCE_MAX, Reference};
use crate::writer::Writer;

/// Where the last message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// There was none.
    None,
    InDoubt(InDoubt),
    Ended(Option<Reference>, Ending),
}

/// What a record says.
pub(super) struct Content {
    pub(super) number: u32,
    pub(super) last_confirmed: u64,
    pub(super) entry: Entry,
}

/// The form of the records, in their first byte.
const FORM: u8 = 1;
/// Where the message stands, in the lower half of the second byte.
const IN_DOUBT: u8 = 1;
const ACCEPTED: u8 = 2;
const REFUSED: u8 = 3;
const NOT_TAKEN: u8 = 4;
const GIVEN_UP: u8 = 5;
/// What the message is, in the upper half.
const IS_EMAIL: u8 = 0x10;
const IS_UNIQUE: u8 = 0x20;
const IS_LISTED: u8 = 0x40;

/// A record's bytes, taken one part after another.
struct Parts<'r>(&'r [u8]);

impl Parts<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (part, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*part)
    }
}

impl Content {
    /// Reads a record, if all of it is there.
    pub(super) fn read(record: &Record) -> Option<Self> {
        let (content, sum) = record.split_last_chunk()?;
        if u32::from_le_bytes(*sum) != checksum(content) {
            return None;
        }
        let mut parts = Parts(content);
        let [form, flags, reference_len, digits] = parts.take()?;
        if form != FORM {
            return None;
        }
        let number = u32::from_le_bytes(parts.take()?);
        let last_confirmed = u64::from_le_bytes(parts.take()?);
        let iat = u64::from_le_bytes(parts.take()?);
        let id = parts.take()?;
        let value = u64::from_le_bytes(parts.take()?);
        let reference: [u8; REFERENCE_MAX] = parts.take()?;
        let reference = Reference::of_bytes(reference.get(..reference_len.into())?);
        let is = |flag| flags & flag != 0;
        let ending = match flags & 0xf {
            IN_DOUBT => {
                let identity = Identity {
                    kind: if is(IS_EMAIL) { Kind::Email } else { Kind::Sms },
                    template: TemplateId(id),
                    recipient: Recipient { value, digits },
                    reference,
                    is_unique: is(IS_UNIQUE),
                };
                let entry = Entry::InDoubt(InDoubt { identity, is_listed: is(IS_LISTED), iat });
                return Some(Self { number, last_confirmed, entry });
            }
            ACCEPTED => Ending::Accepted(NotificationId(id)),
            REFUSED => Ending::Refused,
            NOT_TAKEN => Ending::NotTaken,
            GIVEN_UP => Ending::GivenUp,
            _ => return None,
        };
        Some(Self { number, last_confirmed, entry: Entry::Ended(reference, ending) })
    }
}

/// The record that says this.
pub(super) fn record(number: u32, last_confirmed: u64, entry: &Entry) -> Record {
    let mut record = [0; RECORD_LEN];
    let Some((content, sum)) = record.split_last_chunk_mut() else { return record };
    let (mut iat, mut id, mut recipient) = (0, [0; 16], Recipient { value: 0, digits: 0 });
    let (flags, reference) = match entry {
        Entry::None => return record,
        Entry::InDoubt(in_doubt) => {
            let identity = &in_doubt.identity;
            (iat, id, recipient) = (in_doubt.iat, identity.template.0, identity.recipient);
            let flag = |is, flag| if is { flag } else { 0 };
            let flags = flag(identity.kind == Kind::Email, IS_EMAIL)
                | flag(identity.is_unique, IS_UNIQUE)
                | flag(in_doubt.is_listed, IS_LISTED);
            (IN_DOUBT | flags, &identity.reference)
        }
        Entry::Ended(reference, ending) => {
            let flags = match ending {
                Ending::Accepted(NotificationId(taken)) => {
                    id = *taken;
                    ACCEPTED
                }
                Ending::Refused => REFUSED,
                Ending::NotTaken => NOT_TAKEN,
                Ending::GivenUp => GIVEN_UP,
            };
            (flags, reference)
        }
    };
    let reference = reference.as_ref().map_or(&[][..], Reference::as_bytes);
    let mut writer = Writer::new(content);
    writer.bytes(&[FORM, flags, u8::try_from(reference.len()).unwrap_or_default(), recipient.digits]);
    writer.bytes(&number.to_le_bytes());
    writer.bytes(&last_confirmed.to_le_bytes());
    writer.bytes(&iat.to_le_bytes());
    writer.bytes(&id);
    writer.bytes(&recipient.value.to_le_bytes());
    writer.bytes(reference);
    *sum = checksum(content).to_le_bytes();
    record
}
