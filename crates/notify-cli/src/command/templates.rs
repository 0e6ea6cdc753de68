//! `notify templates`

mod difference;
mod file;
mod folder;

use notify_http::ListTemplates;
use notify_http::model::Template;

use crate::args::{Format, Options, TemplatesArgs, TemplatesCommand};
use crate::exit::CommandError;
use crate::output::table::{Cell, Column, Table, screen};
use crate::output::{csv, empty, json, print, print_styled, say_left_out};
use crate::service::Service;

const COLUMNS: [Column; 4] = [
    Column::fixed("id"),
    Column::fixed("type"),
    Column::down_to("name", 12),
    Column::down_to("placeholders", 12).optional(),
];

/// Lists the templates, or keeps them as files.
pub(crate) async fn run(args: TemplatesArgs, options: &Options) -> Result<(), CommandError> {
    match args.command {
        Some(TemplatesCommand::Pull(args)) => return folder::pull(args, options).await,
        Some(TemplatesCommand::Diff(args)) => return folder::diff(&args, options).await,
        None => {}
    }
    let mut request = ListTemplates::new();
    if let Some(template_type) = args.template_type {
        request = request.template_type(template_type);
    }
    let answer = Service::new(options)?.send(request).await?;
    match options.format() {
        Format::Text => {
            let rows: Vec<_> = answer.templates.iter().map(row).collect();
            let mut table = Table::new(COLUMNS, screen());
            say_left_out(&answer.unreadable);
            let empty = if rows.is_empty() { empty("no templates") } else { String::new() };
            print_styled(&(table.rows(&rows) + &empty))
        }
        Format::Json => print(json::verbatim(answer.raw())?.as_bytes()),
        Format::Csv => {
            let mut table = csv::header(csv::TEMPLATE)?;
            for item in json::items(answer.raw(), "templates")? {
                table += &csv::row(csv::TEMPLATE, item.get())?;
            }
            print(table.as_bytes())
        }
        Format::Jsonl => {
            let items = json::items(answer.raw(), "templates")?;
            let lines: String = items.into_iter().map(|item| json::line(item.get())).collect();
            print(lines.as_bytes())
        }
    }
}

fn row(template: &Template) -> [Cell; 4] {
    [
        Cell::new(template.id.to_string()),
        Cell::new(template.template_type.as_str()),
        Cell::new(&template.name),
        Cell::new(placeholders(template)),
    ]
}

/// The names of the placeholders, for people to read.
pub(super) fn placeholders(template: &Template) -> String {
    let names: Vec<&str> = template.personalisation.keys().map(String::as_str).collect();
    names.join(", ")
}
