//! `notify token inspect` and `notify token verify`

use std::io::{IsTerminal as _, Write as _, stdin};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_sandbox::{Service, TokenAnswer, TokenInspection, TokenKey, TokenPart, TokenPlace};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::args::{Format, Options, holds_key};
use crate::exit::{CommandError, ExitStatus};
use crate::input;
use crate::output::csv::Columns;
use crate::output::style::{BAD, GOOD, WAITING};
use crate::output::table::{Cell, Table, screen};
use crate::output::{print, print_styled, value};
use crate::setup::service;

/// The id of a service, and the secret of one of its keys.
type Key = (String, Zeroizing<String>);

/// What a row says of a part of a token.
const COLUMNS: Columns = &[
    ("part", "/part"),
    ("name", "/name"),
    ("value", "/value"),
    ("is_known", "/is_known"),
    ("why", "/why"),
    ("status_code", "/answer/status_code"),
    ("message", "/answer/message"),
];

/// What is shown in place of a secret value.
const MASK: &str = "…";

/// Says what the service would answer to the token on stdin; with a key, also whether it made the token.
pub(super) fn run(at: Option<u64>, key: Option<&Key>, options: &Options) -> Result<(), CommandError> {
    let text = read()?;
    let token = bare(&text);
    let named = service(options)?.map(|service| service.name().parse::<Service>()).transpose();
    let service = named.map_err(CommandError::setup)?.unwrap_or_default();
    let now = match at.map(Duration::from_secs) {
        Some(since) => UNIX_EPOCH
            .checked_add(since)
            .ok_or_else(|| CommandError::usage("--at is beyond all calendars"))?,
        None => SystemTime::now(),
    };
    let inspected = match key {
        Some((service_id, secret)) => service.verify_token(token, TokenKey { service_id, secret }, now),
        None => service.inspect_token(token, now),
    };
    match options.format() {
        Format::Text => print_styled(&table(&inspected))?,
        // A row for each part, as people see it.
        Format::Csv => print(value::list(Format::Csv, "parts", &parts(&inspected), COLUMNS)?.as_bytes())?,
        format => print(value::one(format, &report(&inspected), COLUMNS)?.as_bytes())?,
    }
    match inspected.answer() {
        None => Ok(()),
        Some(answer) => Err(refused(answer, inspected.parts().is_empty())),
    }
}

/// The text on stdin, wiped on drop: anyone who has a fresh token can use it.
fn read() -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if stdin().is_terminal() {
        let _ = writeln!(anstream::stderr().lock(), "Paste the token, then press Return and Ctrl-D.");
    }
    let text = Zeroizing::new(input::read(Path::new("-"))?);
    if text.trim_ascii().is_empty() {
        return Err(CommandError::setup(anyhow::anyhow!("there is no token on stdin"))
            .help("pipe it in, as in `notify token | notify token inspect`"));
    }
    if holds_key(&text) {
        return Err(CommandError::setup(anyhow::anyhow!("what is on stdin is an API key, not a token"))
            .help("a token is made from a key: `notify token` prints one"));
    }
    Ok(text)
}

/// The token without the name of the header, the scheme and white space around it.
fn bare(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    for before in [b"authorization:".as_slice(), b"bearer "] {
        if let Some((start, rest)) = text.split_at_checked(before.len())
            && start.eq_ignore_ascii_case(before)
        {
            text = rest.trim_ascii();
        }
    }
    text
}

fn place(part: &TokenPart) -> &'static str {
    match part.place() {
        TokenPlace::Header => "header",
        TokenPlace::Claims => "claims",
        _ => "signature",
    }
}

/// The value, unless it holds a key: then somebody took the key for the service id.
fn shown(part: &TokenPart) -> Option<&str> {
    part.value().map(|value| if holds_key(value.as_bytes()) { MASK } else { value })
}

fn table(inspected: &TokenInspection) -> String {
    let row = |part: &TokenPart| {
        let (verdict, style) = match part.answer() {
            Some(_) => ("refused", BAD),
            None if part.is_unknown() => ("unknown", WAITING),
            None => ("fine", GOOD),
        };
        let name = match part.place() {
            TokenPlace::Signature => "",
            _ => part.name(),
        };
        let missing = if part.place() == TokenPlace::Signature { "" } else { "missing" };
        let why = part.answer().map_or_else(|| part.why().to_owned(), said);
        [
            Cell::new(place(part)),
            Cell::new(name),
            Cell::new(shown(part).unwrap_or(missing)),
            Cell::styled(verdict, style),
            Cell::new(why),
        ]
    };
    let rows: Vec<_> = inspected.parts().iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    Table::new(["part", "name", "value", "verdict", "why"], screen()).rows(&rows)
}

/// The service's words, and what is wrong if they do not say it.
fn said(answer: &TokenAnswer) -> String {
    if answer.message() == answer.why() {
        return format!("{} {}", answer.status(), answer.message());
    }
    format!("{} ({} {})", answer.why(), answer.status(), answer.message())
}

fn answered(answer: Option<&TokenAnswer>) -> Option<Value> {
    answer.map(
        |answer| json!({ "status_code": answer.status(), "message": answer.message(), "why": answer.why() }),
    )
}

fn parts(inspected: &TokenInspection) -> Vec<Value> {
    let part = |part: &TokenPart| {
        let value = shown(part).map(|value| serde_json::from_str(value).unwrap_or_else(|_| json!(value)));
        json!({
            "part": place(part),
            "name": part.name(),
            "value": value.unwrap_or(Value::Null),
            "is_known": !part.is_unknown(),
            "why": part.why(),
            "answer": answered(part.answer()),
        })
    };
    inspected.parts().iter().map(part).collect()
}

fn report(inspected: &TokenInspection) -> Value {
    json!({
        "refused": inspected.answer().is_some(),
        "answer": answered(inspected.answer()),
        "parts": parts(inspected),
    })
}

fn refused(answer: &TokenAnswer, is_torn: bool) -> CommandError {
    let error = anyhow::anyhow!("the service would refuse the token: {}", said(answer));
    let failure = CommandError::new(ExitStatus::Refused, error);
    if is_torn {
        return failure
            .help("a token is three parts in base64url, joined by dots: `notify token` prints one");
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_its_header() {
        for text in
            ["a.b.c", "Bearer a.b.c\n", "authorization: bearer  a.b.c", " Authorization:Bearer a.b.c "]
        {
            assert_eq!(bare(text.as_bytes()), b"a.b.c", "{text}");
        }
    }
}
