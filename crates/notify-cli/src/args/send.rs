//! `notify send`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use notify_http::model::{EmailReplyToId, SmsSenderId, TemplateId};

/// The kinds of message.
#[derive(Subcommand)]
pub(crate) enum SendArgs {
    Sms(SmsArgs),
    Email(EmailArgs),
}

/// Send a text message
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify send sms --template 740e5834-3a29-46b4-9a6f-16142fde533a --to 07900900123 \\
      --personalisation name=Kim --personalisation time='half past two'
  echo '{\"name\": \"Kim\"}' | notify send sms --template … --to … --personalisation-file -

To send nothing and be told all the same, use the number 07700900000, which the service takes for a
smoke test, or a test key.")]
pub(crate) struct SmsArgs {
    /// The phone number, in any notation; without `+` it is a UK one
    #[arg(long, value_name = "NUMBER")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// The sender to show, by its id; the service's default sender otherwise
    #[arg(long, value_name = "ID")]
    pub(crate) sms_sender_id: Option<SmsSenderId>,
}

/// Send an e-mail
#[derive(Args)]
#[command(after_help = "\
Example:
  notify send email --template 740e5834-3a29-46b4-9a6f-16142fde533a --to kim@example.com \\
      --personalisation name=Kim --reference 'appointment 17'")]
pub(crate) struct EmailArgs {
    /// The e-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// The address that replies go to, by its id; the service's default address otherwise
    #[arg(long, value_name = "ID")]
    pub(crate) email_reply_to_id: Option<EmailReplyToId>,
    /// Where the mail program's unsubscribe button leads; begins with https
    #[arg(long, value_name = "URL")]
    pub(crate) one_click_unsubscribe_url: Option<String>,
    /// A placeholder whose value a stranger wrote: links and Markdown in it are made harmless
    #[arg(long, value_name = "NAME")]
    pub(crate) sanitise_content_for: Vec<String>,
}

/// What every message made from a template has.
#[derive(Args)]
pub(crate) struct MessageArgs {
    /// The template, by its id; `notify templates` lists them
    #[arg(long, value_name = "ID")]
    pub(crate) template: TemplateId,
    /// The value of a placeholder of the template; once for each placeholder
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(crate) personalisation: Vec<(String, String)>,
    /// A file with a JSON object of such values, `-` for stdin
    ///
    /// A value is a text, a whole number, true or false, or a list of texts. Values in a file stay out of the list of
    /// processes; --personalisation wins over the file.
    #[arg(long, value_name = "FILE")]
    pub(crate) personalisation_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reference: ReferenceArgs,
}

/// How the message is found again.
#[derive(Args)]
pub(crate) struct ReferenceArgs {
    /// A text to find the message by, which other messages may have too [default: a random one]
    #[arg(long, value_name = "TEXT", conflicts_with = "unique_reference")]
    pub(crate) reference: Option<String>,
    /// A text to find the message by, which no other message has or will have
    ///
    /// When the answer is lost, the message is looked up by it, and sent again only if it certainly was not taken; so
    /// it is with a random reference.
    #[arg(long, value_name = "TEXT")]
    pub(crate) unique_reference: Option<String>,
}

fn name_and_value(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is written name=value, such as name=Kim"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_any_character_and_a_name_any_but_the_equals_sign() {
        let pair = |text| name_and_value(text).map(|(name, value)| format!("{name}|{value}"));
        assert_eq!(pair("a=b=c").as_deref(), Ok("a|b=c"));
        assert_eq!(pair("full name=").as_deref(), Ok("full name|"));
        assert!(pair("=b").is_err() && pair("name").is_err());
    }
}
