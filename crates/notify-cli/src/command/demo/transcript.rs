//! The demo's output.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::token::Parts;
use super::watch::StatusHistory;
use crate::output::style::{FAINT, STRONG, of_status};
use crate::output::text::escape;

/// Everything that the demo did.
pub(super) struct Transcript<'s> {
    pub(super) url: &'s str,
    pub(super) key: &'s str,
    pub(super) token: &'s str,
    pub(super) parts: Parts,
    pub(super) messages: [Message<'s>; 2],
    pub(super) took: Duration,
}

/// A message, and the statuses it went through.
pub(super) struct Message<'s> {
    pub(super) kind: &'static str,
    pub(super) to: &'static str,
    pub(super) text: &'s str,
    pub(super) history: &'s StatusHistory,
}

impl Display for Transcript<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { url, key, token, parts: Parts { header, claims }, messages: [first, second], took } = self;
        let milliseconds = took.as_millis();
        let program = std::env::args().next().unwrap_or_else(|| "notify".to_owned());
        let program = escape(&program);
        write!(
            f,
            "\
{STRONG}1  A Notify service{STRONG:#}, inside this process
   {url}

{STRONG}2  Its API key{STRONG:#}: name, service, secret
   {key}
   {FAINT}made up for this demo and worthless after it; never show a real one on a screen{FAINT:#}

{STRONG}3  A token{STRONG:#}, made from the key alone; it signs requests for 30 seconds
   {token}
   {FAINT}header{FAINT:#}  {header}
   {FAINT}claims{FAINT:#}  {claims}
   {FAINT}MAC{FAINT:#}     HMAC-SHA256 of both, with the secret

{STRONG}4  {}{STRONG:#}
{first}
{STRONG}5  {}{STRONG:#}
{second}
{STRONG}Done{STRONG:#} in {milliseconds} ms.
   {FAINT}real{FAINT:#}       key, token, client, HTTP over loopback, and every check that the service makes
   {FAINT}simulated{FAINT:#}  the networks behind it: no phone rang, and no mail left this process

{STRONG}What next{STRONG:#}
   {program} sandbox   keeps such a service running, and prints keys to paste
   {program} --help    shows the first steps with it, and with a real service
",
            first.kind, second.kind
        )
    }
}

impl Display for Message<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "   {FAINT}to{FAINT:#}      {}", self.to)?;
        writeln!(f, "   {FAINT}says{FAINT:#}    {}", escape(self.text))?;
        write!(f, "   {FAINT}status{FAINT:#} ")?;
        for (index, (status, after)) in self.history.iter().enumerate() {
            let arrow = if index == 0 { "" } else { " →" };
            let style = of_status(status);
            write!(
                f,
                "{arrow} {style}{}{style:#} {FAINT}{} ms{FAINT:#}",
                escape(status.as_str()),
                after.as_millis()
            )?;
        }
        writeln!(f)
    }
}
