//! `notify sandbox`

mod certificate;
mod control;
mod export;
mod ready;
mod start;
mod steer;

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::Path;

use notify_sandbox::{CallbackOutcome, CallbackRecord, Key, KeyType, RequestRecord, Sandbox};

use crate::args::{Options, SandboxArgs, SandboxCommand, WorldCommand};
use crate::environment::{API_KEY, BASE_URL, SERVICE, SERVICE_ID};
use crate::exit::CommandError;
use crate::interrupt::Interrupt;
use crate::output::print_styled;
use crate::output::style::{BAD, FAINT, GOOD, STRONG};
use crate::output::text::escape;
use ready::ReadyFile;
use start::start;

/// Runs a sandbox, or does something with one that runs.
pub(crate) async fn run(mut args: SandboxArgs, options: &Options) -> Result<(), CommandError> {
    match args.command.take() {
        None => serve(args, options.service).await,
        Some(SandboxCommand::Messages(args)) => steer::messages(args, options).await,
        Some(SandboxCommand::Clock(args)) => steer::clock(&args, options).await,
        Some(SandboxCommand::Fault(args)) => steer::fault(args, options).await,
        Some(SandboxCommand::Reset) => steer::reset(options).await,
        Some(SandboxCommand::World(WorldCommand::Export(args))) => export::run(args, options).await,
    }
}

/// Runs a sandbox until it is interrupted.
async fn serve(args: SandboxArgs, service: Option<notify_http::Service>) -> Result<(), CommandError> {
    let ready_file = args.ready_file.as_deref();
    ready_file.map(ReadyFile::clear).transpose().map_err(CommandError::setup)?;
    args.tls.as_deref().map(certificate::check).transpose().map_err(CommandError::setup)?;
    // Listen first, so that anyone who reads the output can already interrupt.
    let interrupt = Interrupt::listen().map_err(CommandError::local)?;
    let sandbox = start(&args, service)?;
    if let (Some(file), Some(certificate)) = (&args.tls, sandbox.ca_certificate()) {
        certificate::write(file, certificate).map_err(CommandError::setup)?;
    }
    print_styled(&introduce(&sandbox, service, args.address, args.tls.as_deref()))?;
    let ready_file = ready_file.map(|path| ReadyFile::write(path, sandbox.url())).transpose();
    let _ready_file = ready_file.map_err(CommandError::setup)?;
    interrupt.wait().await;
    Ok(())
}

/// One line to paste for each key.
fn introduce(
    sandbox: &Sandbox,
    service: Option<notify_http::Service>,
    address: IpAddr,
    ca_certificate: Option<&Path>,
) -> String {
    let mut text = format!(
        "{STRONG}A Notify service on {}{STRONG:#}, until Ctrl-C. Paste one of these lines into another shell:\n",
        sandbox.url()
    );
    if address.is_unspecified() {
        let port = sandbox.url().rsplit(':').next().unwrap_or_default();
        let _ = writeln!(
            text,
            "\n{FAINT}# other machines reach it under this machine's name or address, at port {port}{FAINT:#}"
        );
    }
    for key in sandbox.keys() {
        let Key { service: name, label, key_type, .. } = &key;
        let _ = write!(
            text,
            "\n{FAINT}# {}, {} key “{}”: {}{FAINT:#}\nexport {API_KEY}={} {BASE_URL}={}",
            escape(name),
            key_type.as_str(),
            escape(label),
            purpose(*key_type),
            quote(key.api_key()),
            sandbox.url(),
        );
        // The client cannot learn these from a URL on this machine, nor the id from a secret alone.
        if let Some(service) = service.filter(|service| *service != notify_http::Service::gov_uk()) {
            let _ = write!(text, " {SERVICE}={}", service.name());
        }
        if !key.api_key().contains(&key.service_id) {
            let _ = write!(text, " {SERVICE_ID}={}", key.service_id);
        }
        text.push('\n');
    }
    if let Some(token) = sandbox.control_token() {
        let _ = write!(
            text,
            "\n{FAINT}# for requests to the control API, under /sandbox/{FAINT:#}\nAuthorization: Bearer {token}\n"
        );
    }
    if let Some(file) = ca_certificate {
        let _ = write!(
            text,
            "\n{FAINT}# clients have to trust this certificate, by SSL_CERT_FILE, NODE_EXTRA_CA_CERTS or REQUESTS_CA_BUNDLE{FAINT:#}\n{}\n",
            escape(&file.display().to_string())
        );
    }
    let once = if sandbox.control_token().is_some() { "; the link opens once, in one browser" } else { "" };
    let _ = write!(
        text,
        "\n{FAINT}# the inbox, in a browser: what was sent, live{once}{FAINT:#}\n{}\n",
        sandbox.inbox_url()
    );
    text + "\n"
}

const fn purpose(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Live => "sends to anyone, once the service is live",
        KeyType::Team => "sends to the team and the guest list",
        KeyType::Test => "takes any recipient, and sends nothing",
    }
}

/// Quotes a word for a shell, if it needs it.
fn quote(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if word.bytes().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Logs a request. If the line cannot be written, there is nothing to be done.
fn log(record: &RequestRecord) {
    let style = if record.status.is_some_and(|status| status < 400) { GOOD } else { BAD };
    let status = record.status.map_or_else(|| "cut".to_owned(), |status| status.to_string());
    let milliseconds = record.duration.as_secs_f64() * 1000.0;
    let mut line = format!(
        "{style}{status}{style:#} {} {} {FAINT}{milliseconds:.1} ms{FAINT:#}",
        escape(&record.method),
        escape(&record.path)
    );
    if let Some((service, key)) = &record.caller {
        let _ = write!(line, " {FAINT}{}, key {}{FAINT:#}", escape(service), escape(key));
    }
    if let Some(reason) = &record.reason {
        let _ = write!(line, "\n    {}", escape(reason));
    }
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Logs a callback.
fn log_callback(record: &CallbackRecord) {
    let style = if matches!(record.outcome, CallbackOutcome::Answered(..400)) { GOOD } else { BAD };
    let _ = writeln!(anstream::stderr().lock(), "{style}callback{style:#} {}", escape(&record.to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_word_of_a_shell() {
        assert_eq!(quote("my-key_1.a"), "my-key_1.a");
        assert_eq!(quote("Kim's key; ls"), r"'Kim'\''s key; ls'");
    }
}
