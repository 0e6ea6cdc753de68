//! Reports on a list without sending it.

use std::io::{self, BufWriter, Write};

use notify_http::model::TemplateType;

use super::List;
use super::row::CheckedRow;
use super::survey::Survey;
use crate::args::{Format, Options};
use crate::exit::{self, CommandError, ExitStatus};
use crate::output::style::{BAD, FAINT, STRONG, WAITING};
use crate::output::text::escape;
use crate::output::{json, print_styled};

/// How many messages are shown as they would read.
const SHOWN: usize = 3;

/// Checks every row, and prints the findings.
pub(super) fn run(list: &List, options: &Options) -> Result<(), CommandError> {
    let survey = if options.format() == Format::Text { as_text(list)? } else { as_json(list)? };
    refuse_bad_rows(&survey)
}

/// Bad rows also make a dry run fail, so that a script can rely on it.
pub(super) fn refuse_bad_rows(survey: &Survey) -> Result<(), CommandError> {
    if survey.bad == 0 {
        return Ok(());
    }
    let error = anyhow::anyhow!("{} of {} rows would be refused", survey.bad, survey.rows);
    Err(CommandError::new(ExitStatus::Refused, error)
        .help("correct them, or send only the others with --skip-bad-rows"))
}

/// One object for each row.
fn as_json(list: &List) -> Result<Survey, CommandError> {
    say_oddities(list);
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let survey = list.survey(|_, checked| {
        let text = serde_json::to_string(checked).map_err(CommandError::local)?;
        stdout.write_all(json::line(&text).as_bytes()).map_err(CommandError::from_output)
    })?;
    stdout.flush().map_err(CommandError::from_output)?;
    Ok(survey)
}

fn as_text(list: &List) -> Result<Survey, CommandError> {
    say_oddities(list);
    let mut shown = Vec::new();
    let survey = list.survey(|_, checked| {
        say(checked);
        if checked.errors.is_empty() && shown.len() < SHOWN {
            shown.push(read(list, checked));
        }
        Ok(())
    })?;
    let mut text = shown.concat();
    text.push_str(&summary(list, &survey));
    print_styled(&text)?;
    Ok(survey)
}

/// Reports what is wrong or unusual about a row.
pub(super) fn say(checked: &CheckedRow) {
    // With JSON, the first line of stderr is the error, for a script to read.
    if exit::is_json() {
        return;
    }
    let mut stderr = anstream::stderr().lock();
    for (style, texts) in [(BAD, &checked.errors), (WAITING, &checked.warnings)] {
        for text in texts {
            // If stderr is closed, nobody wants to read this.
            let _ = writeln!(stderr, "{style}line {}{style:#}: {}", checked.line, escape(text));
        }
    }
}

/// Reports what is unusual about the list as a whole.
pub(super) fn say_oddities(list: &List) {
    for warning in &list.table.warnings {
        say_warning(warning);
    }
    let unused: Vec<_> = list.checker.columns.unused().map(escape).collect();
    if !unused.is_empty() {
        say_warning(&format!("the template does not use these columns: {}", unused.join(", ")));
    }
}

/// Warns if messages will read differently from those that were sent already.
pub(super) fn say_version(list: &List, begun_with: Option<u32>) {
    let version = list.checker.template.version;
    if let Some(begun_with) = begun_with.filter(|begun_with| *begun_with != version) {
        say_warning(&format!(
            "the template is at version {version}, and messages were sent with version {begun_with} already"
        ));
    }
}

/// Prints a remark, which is not a warning.
pub(super) fn say_note(text: &str) {
    if exit::is_json() {
        return;
    }
    let _ = writeln!(anstream::stderr().lock(), "{FAINT}{text}{FAINT:#}");
}

fn say_warning(text: &str) {
    if exit::is_json() {
        return;
    }
    let _ = writeln!(anstream::stderr().lock(), "{WAITING}warning{WAITING:#}: {text}");
}

/// How a message would read.
fn read(list: &List, checked: &CheckedRow) -> String {
    let filled = list.checker.filled(checked);
    let fragments = match checked.fragments {
        0 => String::new(),
        1 => ", 1 fragment".to_owned(),
        many => format!(", {many} fragments"),
    };
    let mut text = format!("{STRONG}line {}{STRONG:#}{FAINT}{fragments}{FAINT:#}\n", checked.line);
    for line in filled.subject.iter().map(String::as_str).chain(filled.body.lines()) {
        text.push_str("  ");
        text.push_str(&escape(line));
        text.push('\n');
    }
    text.push('\n');
    text
}

/// How many messages there are, and what they cost.
pub(super) fn summary(list: &List, survey: &Survey) -> String {
    let messages = match (&list.checker.template.template_type, survey.good()) {
        (TemplateType::Sms, 1) => "text message",
        (TemplateType::Sms, _) => "text messages",
        (TemplateType::Letter, 1) => "letter",
        (TemplateType::Letter, _) => "letters",
        (_, 1) => "e-mail",
        _ => "e-mails",
    };
    let billed = match list.checker.template.template_type {
        TemplateType::Sms => format!(", billed as {} fragments", survey.fragments),
        _ => String::new(),
    };
    let cost = list.price.of_all(survey);
    let bad = if survey.bad == 0 { String::new() } else { format!("; {} rows are bad", survey.bad) };
    format!("{} {messages}{billed}{cost}{bad}\n", survey.good())
}
