//! `notify sandbox messages`, `clock`, `fault` and `reset`

use clap::ValueEnum as _;
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};

use super::control::Control;
use crate::args::{ClockArgs, FaultArgs, Format, Options, SandboxMessagesArgs};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::fields::Fields;
use crate::output::style;
use crate::output::table::{Cell, Table, screen};
use crate::output::{json, print, print_styled, value};

/// What a row says of a message.
const MESSAGE: Columns = &[
    ("id", "/id"),
    ("reference", "/reference"),
    ("type", "/type"),
    ("status", "/status"),
    ("to", "/to"),
    ("service", "/service"),
    ("key_type", "/key_type"),
    ("template_id", "/template/id"),
    ("template_version", "/template/version"),
    ("created_at", "/created_at"),
    ("subject", "/subject"),
    ("body", "/body"),
];

/// What a row says of a fault.
const FAULT: Columns = &[
    ("fault", "/fault"),
    ("status", "/status"),
    ("seconds", "/seconds"),
    ("effect", "/effect"),
    ("late_seconds", "/late_seconds"),
    ("method", "/method"),
    ("path", "/path"),
    ("to", "/to"),
    ("template", "/template"),
    ("next", "/next"),
    ("share", "/share"),
    ("seed", "/seed"),
];

/// Shows the messages that a sandbox took, or one of them.
pub(super) async fn messages(args: SandboxMessagesArgs, options: &Options) -> Result<(), CommandError> {
    let control = Control::new(options)?;
    if let Some(id) = args.id {
        let message = control.call(Method::GET, &format!("messages/{id}"), None).await?;
        return answer(&message, &fields(&message), options, MESSAGE);
    }
    let mut url = Url::parse("http://sandbox/messages").expect("it is a URL");
    for (name, value) in [
        ("to", args.to),
        ("reference", args.reference),
        ("type", args.template_type.map(|it| it.as_str().to_owned())),
        ("template", args.template.map(|id| id.to_string())),
        ("limit", args.limit.map(|limit| limit.to_string())),
    ] {
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, &value);
        }
    }
    let all =
        control.call(Method::GET, &format!("messages?{}", url.query().unwrap_or_default()), None).await?;
    let messages = all["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    match options.format() {
        Format::Text if messages.is_empty() => print(b"The sandbox has taken no such message.\n"),
        Format::Text => {
            let rows: Vec<_> = messages.iter().map(row).collect();
            print_styled(&Table::new(["id", "status", "type", "to", "body"], screen()).rows(&rows))
        }
        format => print(value::list(format, "messages", messages, MESSAGE)?.as_bytes()),
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn row(message: &Value) -> [Cell; 5] {
    let status = text(message, "status");
    [
        Cell::new(text(message, "id")),
        Cell::styled(status, style::of_status(&status.into())),
        Cell::new(text(message, "type")),
        Cell::new(text(message, "to").replace('\n', ", ")),
        Cell::new(text(message, "body").lines().next().unwrap_or_default()),
    ]
}

/// Every field that has a value, in the sandbox's order.
fn fields(message: &Value) -> Fields {
    let names =
        ["id", "type", "status", "to", "service", "key_type", "reference", "created_at", "subject", "body"];
    names.into_iter().fold(Fields::new(), |fields, name| match &message[name] {
        Value::Null => fields,
        Value::String(value) => fields.field(name, value),
        value => fields.field(name, value),
    })
}

/// Shows or changes a sandbox's clock.
pub(super) async fn clock(args: &ClockArgs, options: &Options) -> Result<(), CommandError> {
    let mut change = Map::new();
    if let Some(moment) = args.set {
        change.insert("set".to_owned(), json!(moment.to_string()));
    }
    if let Some(seconds) = args.advance {
        change.insert("advance_seconds".to_owned(), json!(seconds));
    }
    if args.freeze || args.run {
        change.insert("frozen".to_owned(), json!(args.freeze));
    }
    let control = Control::new(options)?;
    let clock = if change.is_empty() {
        control.call(Method::GET, "clock", None).await?
    } else {
        control.call(Method::PUT, "clock", Some(&change.into())).await?
    };
    let runs = if clock["frozen"] == true { "frozen" } else { "running" };
    let fields = Fields::new().field("now", text(&clock, "now")).field("clock", runs);
    answer(&clock, &fields, options, &[("now", "/now"), ("frozen", "/frozen")])
}

/// Shows, injects or clears faults.
pub(super) async fn fault(args: FaultArgs, options: &Options) -> Result<(), CommandError> {
    let control = Control::new(options)?;
    if args.clear {
        control.call(Method::DELETE, "faults", None).await?;
    }
    if let Some(kind) = args.kind {
        let name =
            |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        let mut fault = json!({
            "fault": name(kind.to_possible_value()),
            "status": args.status,
            "seconds": args.seconds,
            "effect": name(args.effect.and_then(|effect| effect.to_possible_value())),
            "late_seconds": args.late_seconds,
            "method": args.method,
            "path": args.path,
            "to": args.to,
            "template": args.template.map(|id| id.to_string()),
            "next": args.next,
            "share": args.share,
            "seed": args.seed,
        });
        if let Some(fault) = fault.as_object_mut() {
            fault.retain(|_, value| !value.is_null());
        }
        control.call(Method::POST, "faults", Some(&fault)).await?;
    }
    let all = control.call(Method::GET, "faults", None).await?;
    let faults = all["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    match options.format() {
        Format::Text if faults.is_empty() => print(b"The sandbox has no faults.\n"),
        Format::Text => {
            let lines: String = faults.iter().map(|fault| json::line(&described(fault))).collect();
            print(lines.as_bytes())
        }
        format => print(value::list(format, "faults", faults, FAULT)?.as_bytes()),
    }
}

/// A fault, for people to read.
fn described(fault: &Value) -> String {
    match fault {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let known = fields.iter().filter(|(_, value)| !value.is_null());
            known.map(|(name, value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// Resets a sandbox.
pub(super) async fn reset(options: &Options) -> Result<(), CommandError> {
    Control::new(options)?.call(Method::POST, "reset", None).await?;
    Ok(())
}

fn answer(shown: &Value, fields: &Fields, options: &Options, columns: Columns) -> Result<(), CommandError> {
    match options.format() {
        Format::Text => print_styled(&fields.to_string()),
        format => print(value::one(format, shown, columns)?.as_bytes()),
    }
}
