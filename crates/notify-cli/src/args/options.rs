//! The options that most commands share.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use notify_http::{Policy, Service};

use crate::exit::CommandError;

/// Where the service is, which key to use, how long to wait, and how to print the answer.
#[derive(Args, Default)]
#[command(next_help_heading = "Service and output")]
pub(crate) struct Options {
    /// The format of the answer on stdout [default: text]
    #[arg(long, short, global = true, value_name = "FORMAT", hide_default_value = true)]
    pub(crate) output: Option<Format>,
    /// How many seconds a call may take, including retries [default: 180]
    ///
    /// After a lost answer, it takes 70 to 100 seconds to establish that the service did not take a message, so that
    /// it can be sent again. With less than 75 seconds the message is looked up; if it is not found, it stays in doubt
    /// and the exit status is 7.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// The URL of the service [default: `$NOTIFY_BASE_URL`, or the URL of the service that --service names]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// The settings to use, by the name that you gave to `notify profile add` [default: `$NOTIFY_PROFILE`]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The service: govuk, au (Notify.gov.au), gc (GC Notify) or va (VA Notify) [default: `$NOTIFY_SERVICE`, or
    /// whatever the URL implies]
    ///
    /// A sandbox answers as the service that you name, or as GOV.UK Notify.
    ///
    /// An operation that the service does not offer is refused before anything is sent. Only on GOV.UK Notify can a lookup
    /// prove that the service did not take a message. If you use another host, such as a gateway, name the service;
    /// otherwise a lost answer leaves the message in doubt. Without a URL, the named service's own is used.
    #[arg(long, global = true, value_name = "NAME", value_parser = service)]
    pub(crate) service: Option<Service>,
    /// Allow http:// to another machine, where anyone on the network path can read messages and tokens
    #[arg(long, global = true)]
    pub(crate) allow_plain_http: bool,
    /// A file that contains the API key; `-` for stdin [default: the key in `$NOTIFY_API_KEY`]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
}

/// How to print an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people to read
    #[default]
    Text,
    /// The service's answer as one JSON object
    Json,
    /// One JSON object per line: each item of a list, or the answer
    Jsonl,
    /// Rows under a header, in UTF-8, with an apostrophe before any text that a spreadsheet would take for a formula
    Csv,
}

impl Options {
    pub(crate) const API_KEY_FILE: &str = "api-key-file";
    pub(crate) const OUTPUT: &str = "output";
    pub(crate) const TIMEOUT: &str = "timeout";
    pub(crate) const BASE_URL: &str = "base-url";
    pub(crate) const ALLOW_PLAIN_HTTP: &str = "allow-plain-http";
    pub(crate) const SERVICE: &str = "service";
    pub(crate) const PROFILE: &str = "profile";
    pub(crate) const ALL: [&str; 7] = [
        Self::OUTPUT,
        Self::TIMEOUT,
        Self::BASE_URL,
        Self::PROFILE,
        Self::SERVICE,
        Self::ALLOW_PLAIN_HTTP,
        Self::API_KEY_FILE,
    ];
    /// The options that concern a sandbox's control API.
    pub(crate) const OF_A_SANDBOX: &[&str] =
        &[Self::OUTPUT, Self::TIMEOUT, Self::BASE_URL, Self::ALLOW_PLAIN_HTTP];
    /// All options except the one for the output format.
    pub(crate) const OF_A_CALL: &[&str] = Self::ALL.split_at(1).1;

    /// All options except the one for the time of a call: the time of a worker's message ends with its claim.
    pub(crate) const OF_A_WORKER: &[&str] = &[
        Self::OUTPUT,
        Self::BASE_URL,
        Self::PROFILE,
        Self::SERVICE,
        Self::ALLOW_PLAIN_HTTP,
        Self::API_KEY_FILE,
    ];

    /// The options that were set.
    fn given(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            self.output.is_some(),
            self.timeout.is_some(),
            self.base_url.is_some(),
            self.profile.is_some(),
            self.service.is_some(),
            self.allow_plain_http,
            self.api_key_file.is_some(),
        ];
        Self::ALL.into_iter().zip(given).filter_map(|(name, is_given)| is_given.then_some(name))
    }

    /// Refuses an option that would have no effect.
    pub(super) fn refuse_unused(&self, used: &[&str]) -> Result<(), CommandError> {
        match self.given().find(|name| !used.contains(name)) {
            Some(name) => Err(CommandError::usage(format!("--{name} has no effect on this command"))),
            None => Ok(()),
        }
    }

    /// The options for the service and the key, to append to a command that the user can paste.
    pub(crate) fn as_arguments(&self) -> String {
        let base_url = self.base_url.as_deref().map(|url| format!(" --base-url {}", quoted(url)));
        let profile = self.profile.as_deref().map(|name| format!(" --profile {}", quoted(name)));
        let service = self.service.map(|service| format!(" --service {}", service.name()));
        let plain = self.allow_plain_http.then(|| " --allow-plain-http".to_owned());
        let path = self.api_key_file.as_deref().map(Path::to_string_lossy);
        let key = path.map(|path| format!(" --api-key-file {}", quoted(&path)));
        [base_url, profile, service, plain, key].into_iter().flatten().collect()
    }

    /// How long a command may take.
    pub(crate) fn patience(&self) -> Duration {
        self.timeout.unwrap_or_else(|| Policy::default().timeout_duration())
    }

    pub(crate) fn format(&self) -> Format {
        self.output.unwrap_or_default()
    }
}

/// Quotes an argument for a shell, if it needs it.
fn quoted(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

/// The service with this short name.
pub(crate) fn service(name: &str) -> Result<Service, &'static str> {
    let why = if name == "us" {
        "not one of govuk, au, gc and va; US Notify is not supported, since it removed the API that they share"
    } else {
        "not one of govuk, au, gc and va"
    };
    Service::named(name).ok_or(why)
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("not a number of seconds above 0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_with_special_characters_is_quoted_for_the_shell() {
        for (text, shown) in [
            ("http://localhost:6011/x", "http://localhost:6011/x"),
            ("my key", "'my key'"),
            ("a'b", r"'a'\''b'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), shown);
        }
    }

    #[test]
    fn seconds_may_have_decimals_and_must_be_some() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "inf", "NaN", "1e300", "soon", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
