//! `notify received`

use notify_http::ListReceivedTextMessages;
use notify_http::model::{Links, ReceivedTextMessage, ReceivedTextMessagePage, Timestamp, UnreadableItem};

use super::pages::{self, ListView};
use crate::args::{Options, ReceivedArgs};
use crate::exit::CommandError;
use crate::output::csv::{self, Columns};
use crate::output::table::{Cell, Column};
use crate::output::time::{distance, moment};

/// Lists received text messages.
pub(crate) async fn run(args: ReceivedArgs, options: &Options) -> Result<(), CommandError> {
    let request = ListReceivedTextMessages::new();
    let request = match args.older_than {
        Some(id) => request.older_than(id),
        None => request,
    };
    pages::show(request, &args.range, options).await
}

impl ListView<5> for ListReceivedTextMessages {
    const NAME: &'static str = "received_text_messages";
    const NONE: &'static str = "no text messages were received";
    const COLUMNS: [Column; 5] = [
        Column::fixed("id"),
        Column::fixed("created"),
        Column::fixed("from").optional(),
        Column::down_to("to", 6).optional(),
        Column::down_to("text", 12),
    ];
    const CSV: Columns = csv::RECEIVED;

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
            Cell::new(message.created_at.map(moment).unwrap_or_default())
                .or_short(message.created_at.map(distance).unwrap_or_default()),
            Cell::new(&message.user_number),
            Cell::new(&message.notify_number),
            Cell::new(&message.content),
        ]
    }

    fn after(self, message: &ReceivedTextMessage) -> Self {
        self.older_than(message.id)
    }
}
