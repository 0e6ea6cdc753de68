//! `notify send`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use notify_http::model::{EmailReplyToId, Postage, SmsSenderId};

use super::message::{ReferenceArgs, TemplateArgs, name_and_value};
use super::wait::WaitOption;

/// The kinds of message.
#[derive(Subcommand)]
pub(crate) enum SendArgs {
    Sms(SmsArgs),
    Email(EmailArgs),
    Letter(LetterArgs),
    PrecompiledLetter(PrecompiledLetterArgs),
}

/// Send a text message
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify send sms --template 740e5834-3a29-46b4-9a6f-16142fde533a --to 07900900123 \\
      --personalisation name=Kim --personalisation time='half past two'
  echo '{\"name\": \"Kim\"}' | notify send sms --template … --to … --personalisation-file -

To try it out without sending anything, use a test key, or GOV.UK Notify's number for smoke tests,
07700900000.

Next: `notify wait ID`, with the id that is printed, waits until the message arrives; so does --wait.")]
pub(crate) struct SmsArgs {
    /// The phone number, in any notation; a number without `+` belongs to the service's own country
    #[arg(long, value_name = "NUMBER", required_unless_present = "to_file", conflicts_with = "to_file")]
    pub(crate) to: Option<String>,
    /// A file that contains the phone number; `-` for stdin
    ///
    /// Text in a file does not appear in the process list, where every user of the machine could read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) to_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) template: TemplateArgs,
    #[command(flatten)]
    pub(crate) reference: ReferenceArgs,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
    /// The id of the sender to show [default: the service's default sender]
    #[arg(long, value_name = "ID")]
    pub(crate) sms_sender_id: Option<SmsSenderId>,
}

/// Send an e-mail
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify send email --template 740e5834-3a29-46b4-9a6f-16142fde533a --to kim@example.com \\
      --personalisation name=Kim --reference 'appointment 17'
  notify send email --template … --to … --file link_to_file=permit.pdf

Next: `notify wait ID`, with the id that is printed, waits until the message arrives; so does --wait.")]
pub(crate) struct EmailArgs {
    /// The e-mail address
    #[arg(long, value_name = "ADDRESS", required_unless_present = "to_file", conflicts_with = "to_file")]
    pub(crate) to: Option<String>,
    /// A file that contains the e-mail address; `-` for stdin
    ///
    /// Text in a file does not appear in the process list, where every user of the machine could read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) to_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) template: TemplateArgs,
    /// A file to link to from a placeholder of the template
    ///
    /// Up to 2 MiB, of type csv, doc, docx, jpeg, jpg, json, odt, pdf, png, rtf, txt or xlsx. The recipient sees its
    /// name.
    #[arg(long, value_name = "NAME=FILE", value_parser = name_and_file)]
    pub(crate) file: Vec<(String, PathBuf)>,
    #[command(flatten)]
    pub(crate) reference: ReferenceArgs,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
    /// The id of the address for replies [default: the service's default address]
    #[arg(long, value_name = "ID")]
    pub(crate) email_reply_to_id: Option<EmailReplyToId>,
    /// The URL behind the mail program's unsubscribe button; it starts with https
    #[arg(long, value_name = "URL")]
    pub(crate) one_click_unsubscribe_url: Option<String>,
    /// A placeholder whose value you do not trust: links and Markdown in it are made harmless
    #[arg(long, value_name = "NAME")]
    pub(crate) sanitise_content_for: Vec<String>,
}

/// Send a letter
#[derive(Args)]
#[command(after_help = "\
Example:
  notify send letter --template 740e5834-3a29-46b4-9a6f-16142fde533a \\
      --to 'Kim Lee' --to '1 Castle Street' --to 'SW1A 1AA' --personalisation name=Kim

Next: `notify get ID`, with the id that is printed, shows how far the letter has got, and
`notify pdf ID letter.pdf` fetches what is printed.")]
pub(crate) struct LetterArgs {
    /// A line of the address, from the name to the postcode or country; give three to seven
    #[arg(long, value_name = "LINE", required_unless_present = "to_file", conflicts_with = "to_file")]
    pub(crate) to: Vec<String>,
    /// A file that contains the lines of the address; `-` for stdin
    ///
    /// Text in a file does not appear in the process list, where every user of the machine could read it.
    #[arg(long, value_name = "FILE")]
    pub(crate) to_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) template: TemplateArgs,
    #[command(flatten)]
    pub(crate) reference: ReferenceArgs,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
}

/// Send a letter made elsewhere: a PDF that includes the address
#[derive(Args)]
#[command(after_help = "\
Example:
  notify send precompiled-letter permit.pdf --reference 'permit 17' --postage first

Next: `notify get ID`, with the id that is printed, shows whether the PDF can be printed; the service
checks that later.")]
pub(crate) struct PrecompiledLetterArgs {
    /// The PDF; `-` for stdin
    #[arg(value_name = "FILE")]
    pub(crate) pdf: PathBuf,
    #[command(flatten)]
    pub(crate) reference: ReferenceArgs,
    #[command(flatten)]
    pub(crate) wait: WaitOption,
    /// How to post it: first, second or economy [default: second]
    #[arg(long, value_name = "CLASS", value_parser = postage)]
    pub(crate) postage: Option<Postage>,
}

pub(super) fn name_and_file(text: &str) -> Result<(String, PathBuf), &'static str> {
    name_and_value(text)
        .map(|(name, file)| (name, file.into()))
        .map_err(|_| "expected name=file, such as link_to_file=permit.pdf")
}

fn postage(text: &str) -> Result<Postage, &'static str> {
    match Postage::from(text) {
        postage @ (Postage::First | Postage::Second | Postage::Economy) => Ok(postage),
        _ => Err("expected first, second or economy"),
    }
}
