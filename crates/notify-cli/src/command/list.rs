//! `notify list`

use notify_http::ListNotifications;
use notify_http::model::{Links, Notification, NotificationPage, Timestamp, UnreadableItem};

use super::pages::{self, ListView};
use crate::args::{ListArgs, Options};
use crate::exit::CommandError;
use crate::output::csv::{self, Columns};
use crate::output::style;
use crate::output::table::{Cell, Column};
use crate::output::time::{distance, moment};

/// Lists messages.
pub(crate) async fn run(args: ListArgs, options: &Options) -> Result<(), CommandError> {
    let mut request = ListNotifications::new();
    for template_type in args.template_type {
        request = request.template_type(template_type);
    }
    for status in args.status {
        request = request.status(status);
    }
    if let Some(reference) = args.reference {
        request = request.reference(reference);
    }
    if let Some(id) = args.older_than {
        request = request.older_than(id);
    }
    if args.include_jobs {
        request = request.include_jobs();
    }
    pages::show(request, &args.range, options).await
}

impl ListView<5> for ListNotifications {
    const NAME: &'static str = "notifications";
    const NONE: &'static str =
        "no messages; a list has only those that were sent with a key of the same type";
    const COLUMNS: [Column; 5] = [
        Column::fixed("id"),
        Column::fixed("created"),
        Column::fixed("status"),
        Column::fixed("type").optional(),
        Column::down_to("to", 6).optional(),
    ];
    const CSV: Columns = csv::MESSAGE;

    fn items(page: &NotificationPage) -> &[Notification] {
        &page.notifications
    }

    fn unreadable(page: &NotificationPage) -> &[UnreadableItem] {
        &page.unreadable
    }

    fn links(page: &NotificationPage) -> &Links {
        &page.links
    }

    fn created_at(message: &Self::Item) -> Option<Timestamp> {
        message.created_at
    }

    fn row(message: &Notification) -> [Cell; 5] {
        let to = message.phone_number.as_ref().or(message.email_address.as_ref()).or(message.line_1.as_ref());
        [
            Cell::new(message.id.to_string()),
            Cell::new(message.created_at.map(moment).unwrap_or_default())
                .or_short(message.created_at.map(distance).unwrap_or_default()),
            Cell::styled(message.status.as_str(), style::of_status(&message.status)),
            Cell::new(message.notification_type.as_str()),
            Cell::new(to.map_or("", String::as_str)),
        ]
    }

    fn after(self, message: &Notification) -> Self {
        self.older_than(message.id)
    }
}
