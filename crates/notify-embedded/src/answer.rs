//! What the body of an answer says: about a message, a refusal, or a list.

mod listed;
mod refused;

use crate::id::{self, NotificationId};
use crate::json::{Event, Name, Sink};
use crate::message::{Identity, Kind};
use crate::reference::Reference;
use crate::service::Service;
use crate::word::Word;
use listed::Listed;
pub(crate) use listed::Page;
use refused::Refused;
pub(crate) use refused::{Class, Words};

/// A message's status. The service's longest has 19 characters.
pub(crate) type Status = Word<24>;

/// What the answer is compared with: the request.
#[derive(Clone, Copy)]
pub(crate) struct Sought<'s> {
    pub(crate) service: &'s Service<'s>,
    pub(crate) subject: Subject<'s>,
}

/// What was asked for.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'s> {
    /// This very message.
    Message(&'s Identity),
    /// Any message with this reference.
    Reference(&'s Reference),
    /// The message with this id.
    Id,
}

impl<'s> Sought<'s> {
    fn reference(&self) -> Option<&'s [u8]> {
        match self.subject {
            Subject::Message(identity) => identity.reference.as_ref().map(Reference::as_bytes),
            Subject::Reference(reference) => Some(reference.as_bytes()),
            Subject::Id => None,
        }
    }

    fn identity(&self) -> Option<&'s Identity> {
        match self.subject {
            Subject::Message(identity) => Some(identity),
            _ => None,
        }
    }

    fn kind(&self) -> Option<Kind> {
        self.identity().map(|identity| identity.kind)
    }
}

/// A field as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field<T> {
    Missing,
    Is(T),
    /// It is there, but is not what it should be.
    Wrong,
}

impl<T> Field<T> {
    /// Takes the value of a field. If the field comes twice, it is unclear which value counts.
    // One copy for each type: it is called for every field.
    #[inline(never)]
    fn take(&mut self, value: Option<T>) {
        *self = match (&self, value) {
            (Self::Missing, Some(value)) => Self::Is(value),
            _ => Self::Wrong,
        };
    }
}

/// How a reference compares with the one that was sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// There is none.
    Null,
    Same,
    Other,
}

fn likeness(event: Event<'_>, sought: Option<&[u8]>) -> Option<Likeness> {
    match event {
        Event::Text(text, true) if Some(text) == sought => Some(Likeness::Same),
        Event::Text(..) => Some(Likeness::Other),
        Event::Word(b"null") => Some(Likeness::Null),
        _ => None,
    }
}

fn id_in(event: Event<'_>) -> Option<[u8; 16]> {
    match event {
        Event::Text(text, true) => id::parse(text),
        _ => None,
    }
}

/// What was read so far.
#[derive(Debug)]
pub(crate) struct Contents {
    id: Field<[u8; 16]>,
    reference: Field<Likeness>,
    template: Field<[u8; 16]>,
    status: Status,
    refused: Refused,
    listed: Listed,
}

impl Contents {
    pub(crate) const fn nothing() -> Self {
        Self {
            id: Field::Missing,
            reference: Field::Missing,
            template: Field::Missing,
            status: Status::EMPTY,
            refused: Refused::nothing(),
            listed: Listed::nothing(),
        }
    }

    /// The id of the message that the service took, if the answer is about this very message.
    pub(crate) fn taken(&self, identity: &Identity) -> Option<NotificationId> {
        let (Field::Is(id), Field::Is(template)) = (self.id, self.template) else { return None };
        let is_same_reference = match self.reference {
            Field::Is(Likeness::Same) => true,
            Field::Is(Likeness::Null) | Field::Missing => identity.reference.is_none(),
            _ => false,
        };
        (is_same_reference && template == identity.template.0).then_some(NotificationId(id))
    }

    /// The id and the status of the one message that the answer is about.
    pub(crate) fn message(&self) -> Option<(NotificationId, Status)> {
        match self.id {
            Field::Is(id) => Some((NotificationId(id), self.status.clone())),
            _ => None,
        }
    }

    /// The service's own words of refusal, if the answer with this status has them.
    pub(crate) fn words(&self, status: u16) -> Option<Words<'_>> {
        self.refused.words(status)
    }

    /// What a list shows about the message that was sought.
    pub(crate) fn page(&self) -> Page {
        self.listed.page()
    }
}

/// The answer, and what it is compared with.
pub(crate) struct Reader<'r> {
    pub(crate) contents: &'r mut Contents,
    pub(crate) sought: Sought<'r>,
}

impl Sink for Reader<'_> {
    fn take(&mut self, path: &[Name], event: Event<'_>) {
        let contents = &mut *self.contents;
        match path {
            [Name::Id] => contents.id.take(id_in(event)),
            [Name::Reference] => contents.reference.take(likeness(event, self.sought.reference())),
            [Name::Template, Name::Id] => contents.template.take(id_in(event)),
            [Name::Status] => keep_status(event, &mut contents.status),
            [Name::Notifications | Name::Links, ..] => contents.listed.take(path, event, &self.sought),
            _ => contents.refused.take(path, event),
        }
    }
}

/// Keeps a status.
fn keep_status(event: Event<'_>, status: &mut Status) {
    match event {
        Event::Text(text, _) => status.keep(text),
        _ => *status = Status::EMPTY,
    }
}
