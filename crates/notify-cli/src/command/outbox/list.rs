//! `notify outbox list`

use notify_outbox::{ListRequest, ListedMessage, Maintenance as _, StateName};
use serde_json::{Map, Value};

use super::store::{AnyStore, failed};
use crate::args::{Format, Options, OutboxListArgs, StoreLocation, name_of};
use crate::command::bulk::row_of_list;
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::style::{BAD, PLAIN, WAITING};
use crate::output::table::{Cell, Table, screen};
use crate::output::time::second;
use crate::output::value::{self, Stream};
use crate::output::{empty, print, print_styled};

/// How many are read from the store at once: fewer, if their content is read too, which may have files in it.
const PAGE: usize = 1_000;
const PAGE_WITH_CONTENT: usize = 16;

const COLUMNS: Columns = &[
    ("row", "/row"),
    ("reference", "/reference"),
    ("state", "/state"),
    ("reason", "/reason"),
    ("id", "/id"),
    ("recipient", "/recipient"),
    ("put_at", "/put_at"),
    ("finished_at", "/finished_at"),
];

/// Lists messages, page by page.
pub(super) async fn run(
    args: OutboxListArgs,
    place: &StoreLocation,
    options: &Options,
) -> Result<(), CommandError> {
    let store = AnyStore::open_to_look(place).await?;
    let messages = Messages::of(&store, &args);
    match options.format() {
        Format::Text => messages.show().await,
        Format::Json => {
            let mut all = Vec::new();
            messages
                .pass(|page| {
                    all.extend(page.iter().map(Message::object));
                    Ok(())
                })
                .await?;
            print(value::list(Format::Json, "messages", &all, COLUMNS)?.as_bytes())
        }
        format => {
            let rows = Stream::begin(format, COLUMNS)?;
            messages.pass(|page| page.iter().try_for_each(|message| rows.print(&message.object()))).await
        }
    }
}

/// The messages that are asked for.
struct Messages<'a> {
    store: &'a AnyStore,
    /// Whether the store is the journal of a list.
    is_journal: bool,
    which: ListRequest,
    limit: usize,
}

/// The name of a column for some stores only, and its cells.
type FirstColumn = (&'static str, fn(&Message) -> String);

/// A message in the list.
struct Message {
    listed: ListedMessage,
    /// The row of the list that it comes from.
    row: Option<u64>,
    recipient: Option<String>,
}

impl<'a> Messages<'a> {
    fn of(store: &'a AnyStore, args: &OutboxListArgs) -> Self {
        let states = if args.state.is_empty() { StateName::ALL.to_vec() } else { args.state.clone() };
        let which = ListRequest { states, after: None, limit: 0, with_payloads: args.recipients };
        Self { store, is_journal: store.is_journal(), which, limit: args.limit.unwrap_or(usize::MAX) }
    }

    /// Passes them on in pages.
    async fn pass(
        mut self,
        mut page: impl FnMut(&[Message]) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let most = if self.which.with_payloads { PAGE_WITH_CONTENT } else { PAGE };
        while self.limit > 0 {
            self.which.limit = most.min(self.limit);
            let listed = self.store.list(self.which.clone()).await.map_err(failed)?;
            let Some(last) = listed.last() else { break };
            self.which.after = Some(last.row);
            self.limit -= listed.len();
            let messages: Vec<Message> =
                listed.into_iter().map(|listed| Message::of(listed, self.is_journal)).collect();
            page(&messages)?;
        }
        Ok(())
    }

    /// Shows them to people.
    async fn show(self) -> Result<(), CommandError> {
        let mut seen = Vec::new();
        let is_journal = self.is_journal;
        let mut note = |page: &[Message]| {
            for message in page {
                if !seen.contains(&message.listed.state) {
                    seen.push(message.listed.state);
                }
            }
        };
        // A journal knows of no recipients, and an outbox of no rows.
        let first: Option<FirstColumn> = if is_journal {
            Some(("row", |message| message.row.map(|row| row.to_string()).unwrap_or_default()))
        } else if self.which.with_payloads {
            Some(("recipient", |message| message.recipient.clone().unwrap_or_default()))
        } else {
            None
        };
        let [reference, state, finished, answer] = ["reference", "state", "finished", "id or reason"];
        if let Some((name, cell)) = first {
            let mut table = Table::new([name, reference, state, finished, answer], screen());
            self.pass(|page| {
                note(page);
                let rows: Vec<[Cell; 5]> = page
                    .iter()
                    .map(|message| {
                        let [reference, state, finished, answer] = message.cells();
                        [Cell::new(cell(message)), reference, state, finished, answer]
                    })
                    .collect();
                print_styled(&table.rows(&rows))
            })
            .await?;
        } else {
            let mut table = Table::new([reference, state, finished, answer], screen());
            self.pass(|page| {
                note(page);
                print_styled(&table.rows(&page.iter().map(Message::cells).collect::<Vec<_>>()))
            })
            .await?;
        }
        print_styled(&advice(&seen, is_journal))
    }
}

impl Message {
    fn of(listed: ListedMessage, is_journal: bool) -> Self {
        let row = if is_journal { row_of_list(&listed.tag) } else { None };
        let recipient = listed.payload.as_deref().and_then(recipient);
        Self { listed, row, recipient }
    }

    fn cells(&self) -> [Cell; 4] {
        let ListedMessage { reference, state, answer, finished_at, .. } = &self.listed;
        let (word, style) = match state {
            StateName::Ready => ("ready", PLAIN),
            StateName::InFlight => ("in flight", PLAIN),
            StateName::InDoubt => ("in doubt", WAITING),
            StateName::ForPerson => ("for you to decide", BAD),
            StateName::Sent => ("sent", PLAIN),
            StateName::Failed => ("failed", BAD),
        };
        [
            Cell::new(reference),
            Cell::styled(word, style),
            Cell::new(finished_at.map(second).unwrap_or_default()),
            Cell::new(answer.as_deref().unwrap_or_default()),
        ]
    }

    /// The message for scripts. Fields that do not apply are left out.
    fn object(&self) -> Value {
        let ListedMessage { reference, state, answer, put_at, finished_at, .. } = &self.listed;
        let answer_is = if *state == StateName::Sent { "id" } else { "reason" };
        let fields = [
            ("row", self.row.map(Value::from)),
            ("reference", Some(reference.as_str().into())),
            ("state", Some(name_of(*state).into())),
            (answer_is, answer.as_deref().filter(|answer| !answer.is_empty()).map(Value::from)),
            ("recipient", self.recipient.as_deref().map(Value::from)),
            ("put_at", Some(second(*put_at).into())),
            ("finished_at", finished_at.map(|at| second(at).into())),
        ];
        let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

/// Whom a message goes to.
fn recipient(payload: &[u8]) -> Option<String> {
    let message: Value = serde_json::from_slice(payload).ok()?;
    let places = ["/phone_number", "/email_address", "/personalisation/address_line_1"];
    places.iter().find_map(|place| message.pointer(place)?.as_str().map(str::to_owned))
}

/// What to do next.
fn advice(seen: &[StateName], is_journal: bool) -> String {
    let mut advice = String::new();
    for (state, of_outbox, of_journal) in [
        (
            StateName::Failed,
            "What failed is not sent again: put it, corrected, under a new reference.",
            "What failed is not sent again: correct the rows, and send them in a list of their own.",
        ),
        (
            StateName::InDoubt,
            "What is in doubt is looked up by `notify outbox run`.",
            "What is in doubt is looked up when you run the same `notify bulk` again.",
        ),
        (
            StateName::ForPerson,
            "About the others you decide: `notify outbox doubt`.",
            "About the others you decide: `notify outbox doubt --store FILE`, with this journal.",
        ),
    ] {
        if seen.contains(&state) {
            advice.push('\n');
            advice.push_str(if is_journal { of_journal } else { of_outbox });
        }
    }
    if seen.is_empty() {
        return empty("no such messages");
    }
    if !advice.is_empty() {
        advice.push('\n');
    }
    advice
}
