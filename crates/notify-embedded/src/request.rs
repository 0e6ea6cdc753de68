//! The requests, as they are on the wire.

use notify_jwt::Signer;

use crate::id::{self, NotificationId};
use crate::message::{Kind, Message};
use crate::reference::Reference;
use crate::service::Service;
use crate::writer::{Writer, write};

/// The `User-Agent` of the requests.
const USER_AGENT: &str = concat!("notify-embedded/", env!("CARGO_PKG_VERSION"));

/// Where a request goes, who signs it, and the time that it is signed for.
#[derive(Clone, Copy)]
pub(crate) struct RequestHead<'l> {
    pub(crate) service: &'l Service<'l>,
    pub(crate) signer: &'l Signer,
    pub(crate) iat: u64,
}

impl RequestHead<'_> {
    /// The request that sends a message.
    pub(crate) fn send<'b>(&self, message: &Message<'_>, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        write(buffer, &|writer| {
            writer.text("POST ");
            writer.text(self.service.path());
            writer.text("/v2/notifications/");
            writer.text(message.kind().word());
            self.head(writer);
            writer.text("Content-Type: application/json\r\nContent-Length: ");
            let length = writer.number_later();
            writer.text("\r\n\r\n");
            let start = writer.length();
            message.write(writer);
            let end = writer.length();
            writer.number(&length, end - start);
        })
    }

    /// The request for the messages with this reference.
    pub(crate) fn find<'b>(
        &self,
        kind: Option<Kind>,
        reference: &Reference,
        buffer: &'b mut [u8],
    ) -> Option<&'b [u8]> {
        write(buffer, &|writer| {
            writer.text("GET ");
            writer.text(self.service.path());
            writer.text("/v2/notifications?");
            if let Some(kind) = kind {
                writer.text("template_type=");
                writer.text(kind.word());
                writer.text("&");
            }
            writer.text("reference=");
            writer.query(reference.as_bytes());
            self.head(writer);
            writer.text("\r\n");
        })
    }

    /// The request for one message.
    pub(crate) fn get<'b>(&self, id: NotificationId, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        write(buffer, &|writer| {
            writer.text("GET ");
            writer.text(self.service.path());
            writer.text("/v2/notifications/");
            writer.bytes(&id::text(id.0));
            self.head(writer);
            writer.text("\r\n");
        })
    }

    /// The rest of the first line, and the lines that all requests have.
    fn head(&self, writer: &mut Writer<'_>) {
        writer.text(" HTTP/1.1\r\nHost: ");
        writer.text(self.service.host());
        writer.text("\r\nAuthorization: ");
        writer.bearer(self.signer, self.iat);
        writer.text("\r\nUser-Agent: ");
        writer.text(USER_AGENT);
        // So an answer never belongs to another request.
        writer.text("\r\nAccept: application/json\r\nConnection: close\r\n");
    }
}
