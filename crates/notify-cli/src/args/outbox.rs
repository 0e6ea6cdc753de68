//! `notify outbox`

mod listing;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
pub(crate) use listing::{OutboxListArgs, name_of};

/// Send each message once, whatever dies: write it down first, and let a worker send it
///
/// The store is a file for one program at a time, or PostgreSQL for any number of hosts. Name it in
/// `$NOTIFY_OUTBOX_STORE`, or a file with --store. Nothing is sent twice and nothing is lost, even if a program is
/// killed, the machine loses power or the network loses packets, provided the store keeps what it committed.
#[derive(Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "\
First steps:
  export NOTIFY_OUTBOX_STORE=outbox.sqlite       # or postgres://USER:PASSWORD@HOST/DATABASE
  notify outbox init
  notify outbox put messages.jsonl               # `notify outbox put --help` shows a line
  notify outbox run --until-empty
  notify outbox status")]
pub(crate) struct OutboxArgs {
    /// The file of the outbox, or the URL of its database if that has no password [default: `$NOTIFY_OUTBOX_STORE`]
    #[arg(long, global = true, value_name = "FILE", value_parser = StoreLocation::without_password)]
    pub(crate) store: Option<StoreLocation>,
    #[command(subcommand)]
    pub(crate) verb: OutboxVerb,
}

#[derive(Subcommand)]
pub(crate) enum OutboxVerb {
    /// Create the file, or the tables in the database; existing messages stay
    ///
    /// For a database you need the right to create a schema. The command prints, as SQL for you to run, the rights that
    /// workers and producers need afterwards.
    #[command(after_help = "\
Examples:
  notify outbox init --store outbox.sqlite
  NOTIFY_OUTBOX_STORE=postgres://admin:secret@db1/app notify outbox init

Next: `notify outbox put` writes messages down.")]
    Init,
    Put(PutArgs),
    Run(RunArgs),
    /// Show how many messages are in each state, how old the oldest is, and how fast they are sent
    ///
    /// A file that a worker has open cannot be read. Use `notify outbox run --metrics` to see the same figures then.
    #[command(after_help = "\
Examples:
  notify outbox status
  notify outbox status --output json | jq .for_person

Next: `notify outbox list --state failed` shows what failed, and why.")]
    Status,
    List(OutboxListArgs),
    Doubt(DoubtArgs),
    /// Show what is kept about a person, as JSON lines
    ///
    /// Messages that were sent or have failed are no longer kept. What is printed is still to be sent, or in doubt.
    #[command(after_help = "\
Example:
  notify outbox export 07900900123 kim@example.com")]
    Export(PersonArgs),
    /// Erase what is kept about a person, and do not send it
    ///
    /// Messages that are on their way or being looked up stay for now. They are erased as soon as their fate is known.
    #[command(after_help = "\
Example:
  notify outbox erase 07900900123 kim@example.com

First: `notify outbox export` shows what would be erased.")]
    Erase(PersonArgs),
}

/// Add messages, one JSON object per line
///
/// Each line has a `reference` that no other message has, and the fields of a message, as the API names them. The
/// `type` says which: `sms` (`template_id`, `phone_number`), `email` (`template_id`, `email_address`, and `files`, by
/// placeholder: each with its `file` in Base64 and its `filename`), `letter` (`template_id`, `personalisation` with its
/// `address_line_1` and so on) or `precompiled_letter` (`content`: the PDF in Base64).
///
/// A line whose reference is already known is the same message, and changes nothing, so after a crash you can put
/// everything again. Bad lines are reported by number; the others are kept.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify outbox put messages.jsonl
  my-program | notify outbox put --output jsonl     # tells of each line once it is kept

A line:
  {\"reference\": \"booking-17\", \"type\": \"sms\", \"template_id\": \"740e5834-3a29-46b4-9a6f-16142fde533a\",
   \"phone_number\": \"07900900123\", \"personalisation\": {\"name\": \"Kim\"}}     # all on one line

Exit status:
  0  All are kept.
  3  Some lines are wrong, or the store cannot be used.
  6  The database cannot be reached.

Next: `notify outbox run` sends them.")]
pub(crate) struct PutArgs {
    /// The file; `-` for stdin
    #[arg(default_value = "-", value_parser = no_url)]
    pub(crate) file: PathBuf,
    /// Only report bad lines, and keep nothing
    #[arg(long)]
    pub(crate) check: bool,
}

/// Send the messages in the outbox, until Ctrl-C
///
/// If the store is PostgreSQL, run any number of workers on any number of hosts; they share the rate limit. On Ctrl-C
/// or SIGTERM, a worker shuts down cleanly: it gives back the messages that have not left, and waits for the answers to
/// the others. A second signal stops it at once, without losing anything: the next run looks up the messages that were
/// under way, which takes about 100 seconds, and sends only those that the service did not take.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify outbox run
  notify outbox run --until-empty
  notify outbox run --metrics 127.0.0.1:9187 &
  curl http://127.0.0.1:9187/health

Exit status:
  0  All were sent, or a signal ended it.
  1  The store does not work any more.
  4  The service refused some (`notify outbox list --state failed`).
  7  Some are in doubt, for you to decide (`notify outbox doubt`), or it was stopped at once.")]
pub(crate) struct RunArgs {
    /// Stop when every message is sent, refused, or left for a person to decide
    #[arg(long)]
    pub(crate) until_empty: bool,
    /// How many messages are under way at once; after a kill, this many have to be looked up
    #[arg(long, value_name = "COUNT", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) at_once: u32,
    /// How many messages a minute all workers on a database send together
    #[arg(long, value_name = "COUNT", default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) per_minute: u32,
    /// Forget messages this many days after they were sent or failed; if put again, they are sent again [default:
    /// never]
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) forget_after: Option<Duration>,
    /// Erase the content of messages that are still unsent this many days after they were put; they then fail [default:
    /// never]
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) erase_after: Option<Duration>,
    /// The address on which to serve /metrics for Prometheus, and /health
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
}

/// Show which messages a person has to decide about, and record decisions
///
/// Most doubts resolve themselves. For these messages, no program can find out whether the service took them: look for
/// the reference on the service's website, or ask the recipient.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify outbox doubt                         lists them, with the reason of each
  notify outbox doubt sent booking-17         it was sent
  notify outbox doubt not-sent booking-17     it was not: it is sent now
  notify outbox doubt not-sent booking-17 --give-up
                                              it was not, and is not to be

If you say that a message was not sent, and it was, it is sent twice.")]
pub(crate) struct DoubtArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<DoubtVerb>,
}

#[derive(Subcommand)]
pub(crate) enum DoubtVerb {
    /// List the messages, the oldest first
    #[command(after_help = "\
Example:
  notify outbox doubt list --output jsonl | jq -r .reference")]
    List {
        /// How many to list at most
        #[arg(long, value_name = "COUNT", default_value_t = 1_000)]
        limit: usize,
    },
    /// Record that a message was sent
    #[command(after_help = "\
Example:
  notify outbox doubt sent booking-17 --id 740e5834-3a29-46b4-9a6f-16142fde533a")]
    Sent {
        /// The reference of the message
        reference: String,
        /// The service's id of the message, if you know it
        #[arg(long)]
        id: Option<notify_http::model::NotificationId>,
    },
    /// Record that a message was not sent, so that it is sent now
    #[command(after_help = "\
Example:
  notify outbox doubt not-sent booking-17")]
    NotSent {
        /// The reference of the message
        reference: String,
        /// Give it up instead of sending it
        #[arg(long)]
        give_up: bool,
    },
}

/// Whose messages.
#[derive(Args)]
pub(crate) struct PersonArgs {
    /// Phone numbers, e-mail addresses or other texts, exactly as they were put
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) texts: Vec<String>,
}

/// Where an outbox is.
#[derive(Clone)]
pub(crate) enum StoreLocation {
    File(PathBuf),
    /// A URL, which may contain a password.
    Database(String),
}

impl StoreLocation {
    pub(crate) fn read(text: &str) -> Self {
        if text.contains("://") { Self::Database(text.to_owned()) } else { Self::File(text.into()) }
    }

    /// The place that an argument names. Every user of the machine can see arguments.
    fn without_password(text: &str) -> Result<Self, &'static str> {
        let has_password = |url: &str| {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            let user = rest.rsplit_once('@').map(|(user, _)| user);
            user.is_some_and(|user| user.contains(':')) || rest.to_ascii_lowercase().contains("password")
        };
        match Self::read(text) {
            Self::File(path) if path.as_os_str().is_empty() => Err("it is empty"),
            Self::Database(url) if has_password(&url) => Err(
                "it looks like a URL with a password, and every user of this machine can see the arguments of its \
                 programs; put it in NOTIFY_OUTBOX_STORE, and change the password if others use this machine",
            ),
            place => Ok(place),
        }
    }
}

/// The path of a file that an argument names. The URL of a store may have a password, so it is not repeated.
fn no_url(text: &str) -> Result<PathBuf, &'static str> {
    match StoreLocation::without_password(text)? {
        StoreLocation::File(path) => Ok(path),
        StoreLocation::Database(_) => {
            Err("it is a URL, and the messages come from a file; name the store in NOTIFY_OUTBOX_STORE")
        }
    }
}

fn days(text: &str) -> Result<Duration, &'static str> {
    let days: f64 = text.parse().map_err(|_| "not a number of days")?;
    Duration::try_from_secs_f64(days * 86_400.0).map_err(|_| "not a number of days")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_as_an_argument() {
        for url in [
            "postgres://u:p@db/app",
            "postgres://db/app?user=u&password=p",
            "postgres://u:p%40@db1,db2/app",
            "postgres://u:p@ss@db/app",
        ] {
            assert!(StoreLocation::without_password(url).is_err(), "{url}");
        }
        for place in
            ["postgres://u@db:5433/app", "postgres:///app?host=/run/postgresql", "outbox.sqlite", "C:\\x"]
        {
            assert!(StoreLocation::without_password(place).is_ok(), "{place}");
        }
    }

    #[test]
    fn a_url_is_refused_as_the_file_of_messages() {
        for url in ["postgres://u:p@db/app", "postgres://db/app"] {
            assert!(no_url(url).is_err(), "{url}");
        }
        assert_eq!(no_url("messages.jsonl"), Ok(PathBuf::from("messages.jsonl")));
    }

    #[test]
    fn days_may_have_decimals_and_are_not_negative() {
        assert_eq!(days("0.5"), Ok(Duration::from_secs(43_200)));
        for text in ["-1", "inf", "soon", ""] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
