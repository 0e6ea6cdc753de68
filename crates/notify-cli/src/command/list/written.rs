//! A list on its way to stdout.

use notify_http::Answer;
use notify_http::model::{Notification, NotificationPage};
use serde_json::json;
use serde_json::value::RawValue;

use crate::args::Format;
use crate::exit::Failure;
use crate::output::table::{Cell, Table, screen};
use crate::output::{json, print, print_styled, style};

use super::super::get::moment;

/// The name of the list in an answer.
const NOTIFICATIONS: &str = "notifications";

/// A list in one of its forms; all but JSON are written page by page.
pub(super) enum Written {
    Text(Table<5>),
    Jsonl,
    Json(Whole),
}

/// The pages of one JSON object.
#[derive(Default)]
pub(super) struct Whole {
    pages: Vec<(Vec<u8>, usize)>,
    current: Option<String>,
    next: Option<String>,
    is_cut: bool,
}

impl Written {
    pub(super) fn new(format: Format) -> Self {
        match format {
            Format::Text => Self::Text(Table::new(["id", "created", "status", "type", "to"], screen())),
            Format::Jsonl => Self::Jsonl,
            Format::Json => Self::Json(Whole::default()),
        }
    }

    /// Writes the first `count` messages of a page; `rest` is where the list goes on after them.
    pub(super) fn page(
        &mut self,
        answer: &Answer<NotificationPage>,
        count: usize,
        rest: Option<String>,
    ) -> Result<(), Failure> {
        let page = &answer.value;
        let body = answer.raw.body();
        match self {
            Self::Text(table) => {
                let rows: Vec<_> = page.notifications[..count].iter().map(row).collect();
                print_styled(&table.rows(&rows))
            }
            Self::Jsonl => {
                let items = json::items(body, NOTIFICATIONS)?;
                let lines: String =
                    items.into_iter().take(count).map(|item| json::line(item.get())).collect();
                print(lines.as_bytes())
            }
            Self::Json(whole) => {
                whole.pages.push((body.to_vec(), count));
                whole.current.get_or_insert_with(|| page.links.current.clone());
                whole.next = rest;
                whole.is_cut |= count < page.notifications.len();
                Ok(())
            }
        }
    }

    /// Writes what is left.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Json(whole) => print(whole.text()?.as_bytes()),
            Self::Text(_) | Self::Jsonl => Ok(()),
        }
    }
}

impl Whole {
    /// One page is the service's answer as it stands; several become one of the same shape.
    fn text(&self) -> Result<String, Failure> {
        if let ([(body, _)], false) = (self.pages.as_slice(), self.is_cut) {
            return json::whole(body);
        }
        let mut items: Vec<&str> = Vec::new();
        for (body, count) in &self.pages {
            items.extend(json::items(body, NOTIFICATIONS)?.into_iter().take(*count).map(RawValue::get));
        }
        let mut links = json!({ "current": self.current });
        if let Some(next) = &self.next {
            links["next"] = json!(next);
        }
        let text = format!("{{\"{NOTIFICATIONS}\": [{}], \"links\": {links}}}", items.join(", "));
        json::whole(text.as_bytes())
    }
}

fn row(message: &Notification) -> [Cell; 5] {
    let to = message.phone_number.as_ref().or(message.email_address.as_ref()).or(message.line_1.as_ref());
    [
        Cell::new(message.id.to_string()),
        Cell::new(moment(message.created_at)),
        Cell::styled(message.status.as_str(), style::of_status(&message.status)),
        Cell::new(message.notification_type.as_str()),
        Cell::new(to.map_or("", String::as_str)),
    ]
}
