//! A list of messages, read as it streams.

use super::{Field, Likeness, Sought, Status, Subject, id_in, keep_status, likeness};
use crate::digits::hexadecimal;
use crate::id::NotificationId;
use crate::json::{Event, Name};
use crate::message::Kind;
use crate::recipient::Recipient;

/// What a list says about the message that was sought.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Page {
    /// The message is listed.
    Found(NotificationId, Status),
    /// The service lists nothing under the reference.
    Empty,
    /// Messages are listed under the reference, but none of them is certainly the one that was sought.
    Unclear,
    /// It lists messages with other references, or answers another request.
    OfAnother,
    /// It is not one of the service's pages, or does not say what it lists.
    Unreadable,
}

/// Which request the list says that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    /// Ours, or it does not say.
    Ours,
    OfAnother,
}

/// The message that is being read.
#[derive(Debug)]
struct Item {
    id: Field<[u8; 16]>,
    reference: Field<Likeness>,
    /// Whether these are the message's.
    kind: Field<bool>,
    template: Field<bool>,
    phone_number: Field<bool>,
    email_address: Field<bool>,
    status: Status,
}

impl Item {
    const fn nothing() -> Self {
        Self {
            id: Field::Missing,
            reference: Field::Missing,
            kind: Field::Missing,
            template: Field::Missing,
            phone_number: Field::Missing,
            email_address: Field::Missing,
            status: Status::EMPTY,
        }
    }
}

/// What was read of a list so far.
#[derive(Debug)]
pub(super) struct Listed {
    /// Whether there was a list of messages.
    notifications: Field<()>,
    current: Field<Current>,
    links: Field<()>,
    is_unclear: bool,
    is_of_another: bool,
    found: Option<(NotificationId, Status)>,
    item: Item,
}

impl Listed {
    pub(super) const fn nothing() -> Self {
        Self {
            notifications: Field::Missing,
            current: Field::Missing,
            links: Field::Missing,
            is_unclear: false,
            is_of_another: false,
            found: None,
            item: Item::nothing(),
        }
    }

    pub(super) fn page(&self) -> Page {
        if self.notifications != Field::Is(()) || self.links == Field::Wrong {
            return Page::Unreadable;
        }
        if let Some((id, status)) = &self.found {
            return Page::Found(*id, status.clone());
        }
        match self.current {
            _ if self.is_unclear => Page::Unclear,
            Field::Wrong => Page::Unreadable,
            _ if self.is_of_another => Page::OfAnother,
            Field::Is(Current::Ours) => Page::Empty,
            Field::Is(Current::OfAnother) => Page::OfAnother,
            Field::Missing => Page::Unreadable,
        }
    }

    pub(super) fn take(&mut self, path: &[Name], event: Event<'_>, sought: &Sought<'_>) {
        match (path, event) {
            ([Name::Notifications], Event::List) => self.notifications.take(Some(())),
            ([Name::Links], Event::Object) => self.links.take(Some(())),
            ([_], Event::End) => {}
            ([Name::Notifications], _) => self.notifications.take(None),
            ([Name::Links], _) => self.links.take(None),
            ([Name::Links, Name::Current], Event::Text(text, true)) => {
                self.current.take(Some(current(text, sought)));
            }
            ([Name::Links, Name::Current], _) => self.current.take(None),
            ([Name::Notifications, Name::Item], Event::Object) => self.item = Item::nothing(),
            ([Name::Notifications, Name::Item], Event::End) => self.end(sought),
            ([Name::Notifications, Name::Item], _) => self.is_unclear = true,
            ([Name::Notifications, Name::Item, field @ ..], _) => self.item.take(field, event, sought),
            _ => {}
        }
    }

    /// The message was read to its end.
    fn end(&mut self, sought: &Sought<'_>) {
        match self.item.likeness(sought) {
            Some(Likeness::Same) => {
                if let (Field::Is(id), None) = (self.item.id, &self.found) {
                    self.found = Some((NotificationId(id), self.item.status.clone()));
                }
            }
            Some(_) => self.is_of_another = true,
            None => self.is_unclear = true,
        }
    }
}

impl Item {
    fn take(&mut self, field: &[Name], event: Event<'_>, sought: &Sought<'_>) {
        let identity = sought.identity();
        let is_recipient = |event| match (event, identity) {
            (Event::Text(text, true), Some(identity)) => Some(identity.recipient.is(Recipient::of(text))),
            (Event::End, _) => None,
            _ => Some(false),
        };
        match field {
            [Name::Id] => self.id.take(id_in(event)),
            [Name::Reference] => self.reference.take(likeness(event, sought.reference())),
            [Name::Type] => self.kind.take(match event {
                Event::Text(text, _) => {
                    Some(sought.kind().is_some_and(|kind| kind.word().as_bytes() == text))
                }
                _ => None,
            }),
            [Name::Template, Name::Id] => self
                .template
                .take(id_in(event).map(|id| identity.is_some_and(|identity| identity.template.0 == id))),
            [Name::PhoneNumber] => self.phone_number.take(is_recipient(event)),
            [Name::EmailAddress] => self.email_address.take(is_recipient(event)),
            [Name::Status] => keep_status(event, &mut self.status),
            _ => {}
        }
    }

    /// Whether it is the message that was sought; `None` if it has the reference, but something about it differs or
    /// cannot be read.
    fn likeness(&self, sought: &Sought<'_>) -> Option<Likeness> {
        let recipient = match sought.kind() {
            Some(Kind::Email) => self.email_address,
            _ => self.phone_number,
        };
        let is_alike = [self.kind, self.template, recipient].iter().all(|field| *field == Field::Is(true));
        let is_readable =
            ![self.kind, self.template].contains(&Field::Wrong) && self.reference != Field::Wrong;
        match self.reference {
            Field::Is(Likeness::Other | Likeness::Null) | Field::Missing if is_readable => {
                Some(Likeness::Other)
            }
            Field::Is(Likeness::Same)
                if matches!(self.id, Field::Is(_))
                    && (is_alike || matches!(sought.subject, Subject::Reference(_))) =>
            {
                Some(Likeness::Same)
            }
            _ => None,
        }
    }
}

/// Which request a page with this `current` link answers. The service repeats the query there. So a page that a cache
/// or a proxy fetched for another request names that request.
fn current(text: &[u8], sought: &Sought<'_>) -> Current {
    let Some((place, query)) = split(text, b'?') else {
        // A list of everything is a different list. A text that is not an address at all says nothing.
        let is_list = find(text, LIST).is_some();
        return if is_list { Current::OfAnother } else { Current::Ours };
    };
    if sought.service.is_not_at(host(place)) {
        return Current::OfAnother;
    }
    let mut names_reference = false;
    for pair in query.split(|byte| *byte == b'&') {
        let Some((name, value)) = split(pair, b'=') else { continue };
        let is_ours = match name {
            b"reference" => sought.reference().is_some_and(|sought| stands_for(value, sought)),
            b"template_type" => sought.kind().is_some_and(|kind| stands_for(value, kind.word().as_bytes())),
            b"include_jobs" => true,
            // It leaves messages out.
            _ => false,
        };
        if !is_ours {
            return Current::OfAnother;
        }
        names_reference |= name == b"reference";
    }
    if names_reference { Current::Ours } else { Current::OfAnother }
}

/// The path of a list.
const LIST: &[u8] = b"/v2/notifications";

/// The parts before and after the first of these bytes.
#[inline(never)]
fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == at)?;
    let (before, rest) = text.split_at_checked(place)?;
    Some((before, rest.get(1..)?))
}

/// The host in an address, without its port.
fn host(address: &[u8]) -> &[u8] {
    let rest = find(address, b"://").and_then(|at| address.get(at + 3..));
    let rest = rest.unwrap_or_default();
    rest.split(|byte| matches!(byte, b'/' | b':')).next().unwrap_or_default()
}

/// Where these bytes begin in a text.
#[inline(never)]
fn find(text: &[u8], bytes: &[u8]) -> Option<usize> {
    (0..text.len()).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(bytes)))
}

/// Whether a value in a query stands for these bytes.
#[inline(never)]
fn stands_for(value: &[u8], bytes: &[u8]) -> bool {
    let mut rest = value;
    for byte in bytes {
        let Some((first, tail)) = rest.split_first() else { return false };
        rest = tail;
        let meant = match (first, tail) {
            (b'+', _) => b' ',
            (b'%', [high, low, tail @ ..]) => match (hexadecimal(*high), hexadecimal(*low)) {
                (Some(high), Some(low)) => {
                    rest = tail;
                    high << 4 | low
                }
                _ => b'%',
            },
            (other, _) => *other,
        };
        if meant != *byte {
            return false;
        }
    }
    rest.is_empty()
}
