//! A list on its way to stdout.

use notify_http::{ApiResponse, RawResponse};
use serde_json::json;

use super::{Listed, in_order};
use crate::args::Format;
use crate::exit::CommandError;
use crate::output::table::{Table, screen};
use crate::output::{csv, empty, json, print, print_styled, say_left_out};

/// A list in one of the output formats; all except JSON are written page by page.
pub(super) enum Written<const N: usize> {
    /// A table, and whether it is empty so far.
    Text(Table<N>, bool),
    Jsonl,
    /// Whether the header has been written.
    Csv(bool),
    Json(Whole),
}

/// The pages to be written as one JSON object.
#[derive(Default)]
pub(super) struct Whole {
    pages: Vec<(RawResponse, usize)>,
    current: Option<String>,
    next: Option<String>,
    is_cut: bool,
}

impl<const N: usize> Written<N> {
    pub(super) fn new<L: Listed<N>>(format: Format) -> Self {
        match format {
            Format::Text => Self::Text(Table::new(L::COLUMNS, screen()), true),
            Format::Csv => Self::Csv(false),
            Format::Jsonl => Self::Jsonl,
            Format::Json => Self::Json(Whole::default()),
        }
    }

    /// Writes the first `count` items of a page; `rest` is the URL of the items after them.
    pub(super) fn page<L: Listed<N>>(
        &mut self,
        answer: &ApiResponse<L::Response>,
        count: usize,
        rest: Option<String>,
    ) -> Result<(), CommandError> {
        let items = in_order::<L, N>(answer);
        match self {
            Self::Text(table, is_empty) => {
                *is_empty &= count == 0;
                let rows: Vec<_> = items[..count].iter().flatten().map(|item| L::row(item)).collect();
                say_left_out(L::unreadable(answer).iter().filter(|item| item.index < count));
                print_styled(&table.rows(&rows))
            }
            Self::Jsonl => {
                let items = json::items(answer.raw(), L::NAME)?;
                let lines: String =
                    items.into_iter().take(count).map(|item| json::line(item.get())).collect();
                print(lines.as_bytes())
            }
            Self::Csv(is_begun) => {
                let header = if *is_begun { String::new() } else { csv::header(L::CSV)? };
                *is_begun = true;
                let items = json::items(answer.raw(), L::NAME)?;
                let rows = items.into_iter().take(count).map(|item| csv::row(L::CSV, item.get()));
                let rows: String = rows.collect::<Result<_, _>>()?;
                print((header + &rows).as_bytes())
            }
            Self::Json(whole) => {
                whole.is_cut |= count < items.len();
                whole.pages.push((answer.raw().clone(), count));
                whole.current.get_or_insert_with(|| L::links(answer).current.clone());
                whole.next = rest;
                Ok(())
            }
        }
    }

    /// Writes what has not been written yet.
    pub(super) fn finish<L: Listed<N>>(self) -> Result<(), CommandError> {
        match self {
            Self::Json(whole) => print(whole.text(L::NAME)?.as_bytes()),
            Self::Text(_, true) => print_styled(&empty(L::NONE)),
            Self::Text(..) | Self::Jsonl | Self::Csv(_) => Ok(()),
        }
    }
}

impl Whole {
    /// A single page is the service's answer, unchanged; several are merged into one answer of the same form.
    fn text(&self, name: &str) -> Result<String, CommandError> {
        if let ([(answer, _)], false) = (self.pages.as_slice(), self.is_cut) {
            return json::whole(answer);
        }
        let mut items = Vec::new();
        for (answer, count) in &self.pages {
            items.extend(json::items(answer, name)?.into_iter().take(*count));
        }
        let items: Vec<&str> = items.iter().map(|item| item.get()).collect();
        let mut links = json!({ "current": self.current });
        if let Some(next) = &self.next {
            links["next"] = json!(next);
        }
        let text = format!("{{\"{name}\": [{}], \"links\": {links}}}", items.join(", "));
        Ok(json::lines(&text))
    }
}
