//! `notify outbox`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

/// Send each message once, whatever dies: write it down first, and let a worker send it
///
/// The store is a file for one program at a time, or PostgreSQL for any number of hosts. Name it in
/// `$NOTIFY_OUTBOX_STORE`, or a file with --store. Nothing is sent twice and nothing is lost if a program is killed, the machine loses its power or
/// the network its packets, at any moment, provided the store keeps what it committed.
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
    #[arg(long, global = true, value_name = "FILE", value_parser = Place::without_password)]
    pub(crate) store: Option<Place>,
    #[command(subcommand)]
    pub(crate) verb: OutboxVerb,
}

#[derive(Subcommand)]
pub(crate) enum OutboxVerb {
    /// Make the file, or the tables in the database; what is there stays
    ///
    /// In a database this takes the right to create a schema. It prints which rights the workers and the producers need
    /// afterwards, as SQL for you to run.
    #[command(after_help = "\
Examples:
  notify outbox init --store outbox.sqlite
  NOTIFY_OUTBOX_STORE=postgres://admin:secret@db1/app notify outbox init

Next: `notify outbox put` writes messages down.")]
    Init,
    Put(PutArgs),
    Run(RunArgs),
    /// Show how many messages are in which state, how old the oldest is, and how fast it goes
    ///
    /// A file that a worker has open cannot be read meanwhile: `notify outbox run --metrics` tells the same.
    #[command(after_help = "\
Examples:
  notify outbox status
  notify outbox status --output json | jq .for_person")]
    Status,
    Doubt(DoubtArgs),
    /// Show what is kept of a person, as JSON lines
    ///
    /// What was sent or has failed is not kept. What is printed is still to be sent, or in doubt.
    #[command(after_help = "\
Example:
  notify outbox export 07900900123 kim@example.com")]
    Export(PersonArgs),
    /// Erase what is kept of a person; it is not sent
    ///
    /// Messages on their way or being looked up are left: they are erased as soon as it is known what became of them.
    #[command(after_help = "\
Example:
  notify outbox erase 07900900123 kim@example.com

First: `notify outbox export` shows what would be erased.")]
    Erase(PersonArgs),
}

/// Write messages down, one JSON object a line
///
/// Each line has a `reference` of its own, which no other message has, and the fields of a message, as the API names them.
/// The `type` says which: `sms` (`template_id`, `phone_number`), `email` (`template_id`, `email_address`,
/// and `files`, by placeholder: each with its `file` in Base64 and its `filename`), `letter`
/// (`template_id`, `personalisation` with its `address_line_1` and so on) or `precompiled_letter` (`content`: the PDF in
/// Base64).
///
/// A line with a reference that is known is the same message, and changes nothing: after a crash put everything again.
/// Lines that are wrong are named by their number, and the others are kept.
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
    #[arg(default_value = "-")]
    pub(crate) file: PathBuf,
    /// Only say which lines are wrong, and keep none
    #[arg(long)]
    pub(crate) check: bool,
}

/// Send what is written down, until Ctrl-C
///
/// Run any number of workers on any number of hosts if the store is PostgreSQL; they share the pace. Ctrl-C and SIGTERM end
/// it in order: it gives back what has not left and waits for what has. A second one stops at once, and loses nothing: the
/// next run looks up what was under way, for some 100 seconds, and sends it only if the service did not take it.
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
  4  The service refused some.
  7  Some are in doubt, for you to decide (`notify outbox doubt`), or it was stopped at once.")]
pub(crate) struct RunArgs {
    /// End when everything is sent, refused, or left to a person
    #[arg(long)]
    pub(crate) until_empty: bool,
    /// How many messages are under way at once; so many are looked up after a kill
    #[arg(long, value_name = "COUNT", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) at_once: u32,
    /// How many messages a minute all workers on a database send together
    #[arg(long, value_name = "COUNT", default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) per_minute: u32,
    /// Forget messages so many days after they were sent or failed; put again, they would be sent again [default: never]
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) forget_after: Option<Duration>,
    /// Erase what is in messages that are not sent so many days after they were put; they fail then [default: never]
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) erase_after: Option<Duration>,
    /// The address at which to serve /metrics for Prometheus, and /health
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
}

/// Show which messages a person has to decide about, and decide
///
/// Most doubts resolve themselves. About these no program can know whether the service took the message: look for its
/// reference on the service's website, or ask the recipient.
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
        /// How many, at most
        #[arg(long, value_name = "COUNT", default_value_t = 1_000)]
        limit: usize,
    },
    /// Say that a message was sent
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
    /// Say that a message was not sent: then it is sent
    #[command(after_help = "\
Example:
  notify outbox doubt not-sent booking-17")]
    NotSent {
        /// The reference of the message
        reference: String,
        /// Do not send it
        #[arg(long)]
        give_up: bool,
    },
}

/// Of whom.
#[derive(Args)]
pub(crate) struct PersonArgs {
    /// Phone numbers, e-mail addresses or other texts, as they stand in what was put
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) texts: Vec<String>,
}

/// Where an outbox is.
#[derive(Clone)]
pub(crate) enum Place {
    File(PathBuf),
    /// A URL, which may have a password in it.
    Database(String),
}

impl Place {
    pub(crate) fn read(text: &str) -> Self {
        if text.contains("://") { Self::Database(text.to_owned()) } else { Self::File(text.into()) }
    }

    /// The place that an argument names: every user of the machine can see it.
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

fn days(text: &str) -> Result<Duration, &'static str> {
    let days: f64 = text.parse().map_err(|_| "not a number of days")?;
    Duration::try_from_secs_f64(days * 86_400.0).map_err(|_| "not a number of days")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_no_argument() {
        for url in [
            "postgres://u:p@db/app",
            "postgres://db/app?user=u&password=p",
            "postgres://u:p%40@db1,db2/app",
            "postgres://u:p@ss@db/app",
        ] {
            assert!(Place::without_password(url).is_err(), "{url}");
        }
        for place in
            ["postgres://u@db:5433/app", "postgres:///app?host=/run/postgresql", "outbox.sqlite", "C:\\x"]
        {
            assert!(Place::without_password(place).is_ok(), "{place}");
        }
    }

    #[test]
    fn days_may_have_decimals_and_are_not_negative() {
        assert_eq!(days("0.5"), Ok(Duration::from_secs(43_200)));
        for text in ["-1", "inf", "soon", ""] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
