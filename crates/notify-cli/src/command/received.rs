//! `notify received`

use notify_http::ListReceivedTextMessages;
use notify_http::model::{Links, ReceivedTextMessage, ReceivedTextMessagePage, Timestamp, UnreadableItem};

use super::get::moment;
use super::pages::{self, Listed};
use crate::args::{Options, ReceivedArgs};
use crate::exit::CommandError;
use crate::output::table::Cell;

/// Lists received text messages.
pub(crate) async fn run(args: ReceivedArgs, options: &Options) -> Result<(), CommandError> {
    let request = ListReceivedTextMessages::new();
    let request = match args.older_than {
        Some(id) => request.older_than(id),
        None => request,
    };
    pages::show(request, &args.range, options).await
}

impl Listed<5> for ListReceivedTextMessages {
    const NAME: &'static str = "received_text_messages";
    const COLUMN_NAMES: [&'static str; 5] = ["id", "created", "from", "to", "text"];

    fn items(page: &ReceivedTextMessagePage) -> &[ReceivedTextMessage] {
        &page.received_text_messages
    }

    fn unreadable(page: &ReceivedTextMessagePage) -> &[UnreadableItem] {
        &page.unreadable
    }

    fn links(page: &ReceivedTextMessagePage) -> &Links {
        &page.links
    }

    fn created_at(message: &Self::Item) -> Option<Timestamp> {
        message.created_at
    }

    fn row(message: &ReceivedTextMessage) -> [Cell; 5] {
        [
            Cell::new(message.id.to_string()),
            Cell::new(message.created_at.map(moment).unwrap_or_default()),
            Cell::new(&message.user_number),
            Cell::new(&message.notify_number),
            Cell::new(&message.content),
        ]
    }

    fn after(self, message: &ReceivedTextMessage) -> Self {
        self.older_than(message.id)
    }
}
