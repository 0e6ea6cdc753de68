//! `notify templates pull` and `notify templates diff`

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use notify_http::ListTemplates;
use notify_http::model::Template;
use serde_json::{Value, json};

use super::difference::unified;
use super::file::{self, TemplateFile};
use crate::args::{Format, Options, TemplatesDiffArgs, TemplatesPullArgs};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::style::{BAD, FAINT, GOOD, PLAIN, WAITING};
use crate::output::table::{Cell, Table, screen};
use crate::output::{print, print_styled, say_left_out, value};
use crate::service::Service;

/// What a row says of a template's file.
const COLUMNS: Columns = &[("id", "/id"), ("file", "/file"), ("change", "/change")];

/// What became of a template since its file was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    New,
    Changed,
    /// The file was edited, and the service still has the version that it says it is.
    Edited,
    Unchanged,
    Removed,
}

impl Change {
    const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Edited => "edited",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        }
    }
}

/// A template beside its file.
struct Pair {
    path: PathBuf,
    id: String,
    change: Change,
    /// What the file says; empty if there is none.
    here: String,
    /// What it should say; empty if the template was removed.
    there: String,
}

/// Writes the service's templates to a folder.
pub(super) async fn pull(args: TemplatesPullArgs, options: &Options) -> Result<(), CommandError> {
    fs::create_dir_all(&args.folder)
        .with_context(|| format!("the folder {} cannot be made", args.folder.display()))
        .map_err(CommandError::local)?;
    let pairs = pairs(&args.folder, options).await?;
    for pair in &pairs {
        match pair.change {
            Change::New | Change::Changed => file::write(&pair.path, &pair.there)?,
            Change::Edited if args.overwrite => file::write(&pair.path, &pair.there)?,
            Change::Removed if args.prune => fs::remove_file(&pair.path)
                .with_context(|| format!("{} cannot be removed", pair.path.display()))
                .map_err(CommandError::local)?,
            Change::Edited | Change::Unchanged | Change::Removed => {}
        }
    }
    let note = |change| match change {
        Change::Edited if args.overwrite => "the service's text is back",
        Change::Edited => "kept; --overwrite replaces it",
        Change::Removed if args.prune => "the file is deleted",
        Change::Removed => "kept; --prune deletes it",
        Change::New | Change::Changed => "written",
        Change::Unchanged => "",
    };
    show(&pairs, options, note)
}

/// Shows how a folder differs from the service's templates.
pub(super) async fn diff(args: &TemplatesDiffArgs, options: &Options) -> Result<(), CommandError> {
    let pairs = pairs(&args.folder, options).await?;
    let differ = pairs.iter().any(|pair| pair.change != Change::Unchanged);
    if options.format() == Format::Text {
        let all: String = pairs.iter().map(|pair| unified(&pair.path, &pair.here, &pair.there)).collect();
        print_styled(&all)?;
    } else {
        show(&pairs, options, |_| "")?;
    }
    if differ { Err(CommandError::differs()) } else { Ok(()) }
}

/// The service's templates beside the files of a folder, by path.
async fn pairs(folder: &Path, options: &Options) -> Result<Vec<Pair>, CommandError> {
    let mut files = TemplateFile::all_in(folder)?;
    let answer = Service::new(options)?.send(ListTemplates::new()).await?;
    say_left_out(&answer.unreadable);
    let mut pairs: Vec<Pair> = Vec::with_capacity(answer.templates.len());
    for template in &answer.templates {
        pairs.push(beside(files.remove(&template.id.to_string()), template, folder));
    }
    // What cannot be read may be one of them.
    if answer.unreadable.is_empty() {
        pairs.extend(files.into_values().map(|file| Pair {
            path: file.path,
            id: file.id.to_string(),
            change: Change::Removed,
            here: file.text,
            there: String::new(),
        }));
    }
    pairs.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(pairs)
}

fn beside(file: Option<TemplateFile>, template: &Template, folder: &Path) -> Pair {
    let (id, there) = (template.id.to_string(), file::text(template));
    match file {
        None => {
            let path = file::new_path(folder, template);
            Pair { path, id, change: Change::New, here: String::new(), there }
        }
        Some(file) => {
            let change = match () {
                () if file.text == there => Change::Unchanged,
                () if file.version == template.version => Change::Edited,
                () => Change::Changed,
            };
            Pair { path: file.path, id, change, here: file.text, there }
        }
    }
}

fn show(
    pairs: &[Pair],
    options: &Options,
    note: impl Fn(Change) -> &'static str,
) -> Result<(), CommandError> {
    let item = |pair: &Pair| -> Value {
        json!({
            "id": pair.id,
            "file": pair.path.display().to_string(),
            "change": pair.change.word(),
        })
    };
    match options.format() {
        Format::Text => {
            let row = |pair: &Pair| {
                let style = match pair.change {
                    Change::New | Change::Changed => GOOD,
                    Change::Edited => WAITING,
                    Change::Removed => BAD,
                    Change::Unchanged => FAINT,
                };
                [
                    Cell::styled(pair.change.word(), style),
                    Cell::styled(pair.path.display().to_string(), PLAIN),
                    Cell::new(note(pair.change)),
                ]
            };
            let rows: Vec<_> = pairs.iter().map(row).collect();
            print_styled(&Table::new(["change", "file", "what was done"], screen()).rows(&rows))
        }
        format => {
            let items: Vec<Value> = pairs.iter().map(item).collect();
            print(value::list(format, "templates", &items, COLUMNS)?.as_bytes())
        }
    }
}
