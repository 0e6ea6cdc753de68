//! A list on its way to stdout.

use notify_http::Answer;
use serde_json::json;
use serde_json::value::RawValue;

use super::Listed;
use crate::args::Format;
use crate::exit::Failure;
use crate::output::table::{Table, screen};
use crate::output::{json, print, print_styled};

/// A list in one of its forms; all but JSON are written page by page.
pub(super) enum Written<const N: usize> {
    Text(Table<N>),
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

impl<const N: usize> Written<N> {
    pub(super) fn new<L: Listed<N>>(format: Format) -> Self {
        match format {
            Format::Text => Self::Text(Table::new(L::COLUMN_NAMES, screen())),
            Format::Jsonl => Self::Jsonl,
            Format::Json => Self::Json(Whole::default()),
        }
    }

    /// Writes the first `count` items of a page; `rest` is where the list goes on after them.
    pub(super) fn page<L: Listed<N>>(
        &mut self,
        answer: &Answer<L::Answer>,
        count: usize,
        rest: Option<String>,
    ) -> Result<(), Failure> {
        let items = <L as Listed<N>>::items(&answer.value);
        let body = answer.raw.body();
        match self {
            Self::Text(table) => {
                let rows: Vec<_> = items[..count].iter().map(L::row).collect();
                print_styled(&table.rows(&rows))
            }
            Self::Jsonl => {
                let items = json::items(body, L::NAME)?;
                let lines: String =
                    items.into_iter().take(count).map(|item| json::line(item.get())).collect();
                print(lines.as_bytes())
            }
            Self::Json(whole) => {
                whole.is_cut |= count < items.len();
                whole.pages.push((body.to_vec(), count));
                whole.current.get_or_insert_with(|| L::links(&answer.value).current.clone());
                whole.next = rest;
                Ok(())
            }
        }
    }

    /// Writes what is left of the list of this name.
    pub(super) fn finish(self, name: &str) -> Result<(), Failure> {
        match self {
            Self::Json(whole) => print(whole.text(name)?.as_bytes()),
            Self::Text(_) | Self::Jsonl => Ok(()),
        }
    }
}

impl Whole {
    /// One page is the service's answer as it stands; several become one of the same shape.
    fn text(&self, name: &str) -> Result<String, Failure> {
        if let ([(body, _)], false) = (self.pages.as_slice(), self.is_cut) {
            return json::whole(body);
        }
        let mut items: Vec<&str> = Vec::new();
        for (body, count) in &self.pages {
            items.extend(json::items(body, name)?.into_iter().take(*count).map(RawValue::get));
        }
        let mut links = json!({ "current": self.current });
        if let Some(next) = &self.next {
            links["next"] = json!(next);
        }
        let text = format!("{{\"{name}\": [{}], \"links\": {links}}}", items.join(", "));
        json::whole(text.as_bytes())
    }
}
