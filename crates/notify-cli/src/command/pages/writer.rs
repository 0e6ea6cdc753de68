//! Writes a list to stdout.

use notify_http::{ApiResponse, RawResponse};
use serde_json::json;

use super::{ListView, in_order};
use crate::args::Format;
use crate::exit::CommandError;
use crate::output::table::{Table, screen};
use crate::output::{csv, empty, json, print, print_styled, say_left_out};

/// Writes a list in one of the output formats, all except JSON page by page.
pub(super) enum PageWriter<const N: usize> {
    /// A table, and whether it is empty so far.
    Text(Table<N>, bool),
    Jsonl,
    /// Whether the header has been written.
    Csv(bool),
    Json(MergedPages),
}

/// The pages to be written as one JSON object.
#[derive(Default)]
pub(super) struct MergedPages {
    pages: Vec<(RawResponse, usize)>,
    current: Option<String>,
    next: Option<String>,
    is_cut: bool,
}

impl<const N: usize> PageWriter<N> {
    pub(super) fn new<L: ListView<N>>(format: Format) -> Self {
        match format {
            Format::Text => Self::Text(Table::new(L::COLUMNS, screen()), true),
            Format::Csv => Self::Csv(false),
            Format::Jsonl => Self::Jsonl,
            Format::Json => Self::Json(MergedPages::default()),
        }
    }

    /// Writes the first `count` items of a page; `rest` is the URL of the items after them.
    pub(super) fn page<L: ListView<N>>(
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
            Self::Json(merged) => {
                merged.is_cut |= count < items.len();
                merged.pages.push((answer.raw().clone(), count));
                merged.current.get_or_insert_with(|| L::links(answer).current.clone());
                merged.next = rest;
                Ok(())
            }
        }
    }

    /// Writes what has not been written yet.
    pub(super) fn finish<L: ListView<N>>(self) -> Result<(), CommandError> {
        match self {
            Self::Json(merged) => print(merged.text(L::NAME)?.as_bytes()),
            Self::Text(_, true) => print_styled(&empty(L::NONE)),
            Self::Text(..) | Self::Jsonl | Self::Csv(_) => Ok(()),
        }
    }
}

impl MergedPages {
    /// A single page is the service's answer, unchanged; several are merged into one answer of the same form.
    fn text(&self, name: &str) -> Result<String, CommandError> {
        if let ([(answer, _)], false) = (self.pages.as_slice(), self.is_cut) {
            return json::verbatim(answer);
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
