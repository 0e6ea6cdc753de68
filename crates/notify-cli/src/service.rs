//! The service that a command talks to.

use std::convert::Infallible;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_http::{Answer, BaseUrl, BuildError, Client, Effect, Endpoint, Error, Progress, WaitReason};
use uuid::Uuid;

use crate::args::Options;
use crate::exit::{ExitStatus, Failure};
use crate::interrupt::Interrupt;
use crate::output::style::FAINT;
use crate::setup::{KeyText, base_url, service};

/// The name by which the service's logs know this program.
const USER_AGENT: &str = concat!("notify-cli/", env!("CARGO_PKG_VERSION"));

/// How long a call may take before the user is told that it goes on.
const SILENCE: Duration = Duration::from_secs(3);

/// A client, with what this program knows beyond it.
pub(crate) struct Service {
    client: Client,
    base_url: BaseUrl,
}

impl Service {
    /// The service that the options and the environment name.
    pub(crate) fn new(options: &Options) -> Result<Self, Failure> {
        let key = KeyText::find(options)?;
        let service = service(options)?;
        let base_url = base_url(options, service)?;
        let mut builder = Client::builder(key.as_str())
            .base_url(base_url.as_str())
            .user_agent(USER_AGENT)
            .on_wait(say_lookups());
        if let Some(service) = service {
            builder = builder.service(service);
        }
        if let Some(timeout) = options.timeout {
            builder = builder.timeout(timeout);
        }
        if options.allow_plain_http {
            builder = builder.allow_plain_http();
        }
        let client = builder.build().map_err(|error| match error {
            BuildError::ApiKey(error) => key.damaged(error),
            error => Failure::setup(error),
        })?;
        Ok(Self { client, base_url })
    }

    /// Carries out an operation.
    pub(crate) async fn send<E: Endpoint>(&self, endpoint: E) -> Result<Answer<E::Answer>, Failure> {
        let reference = endpoint.identity().and_then(|identity| identity.reference);
        let interrupted = interrupted(E::OPERATION.effect()).map_err(Failure::fault)?;
        let answer = tokio::select! {
            answer = self.client.send(endpoint) => answer,
            never = ask_for_patience() => match never {},
            () = interrupted => {
                let error = anyhow::anyhow!("interrupted; the message may have been sent");
                let help = format!("{LOOK_UP}: {}", look_up(reference.as_deref()));
                return Err(Failure::new(ExitStatus::InDoubt, error).help(help));
            }
        };
        answer.map_err(|error| match self.hint(&error) {
            Some(hint) => Failure::from(error).help(hint),
            None => error.into(),
        })
    }

    /// Where a request goes.
    pub(crate) fn url(&self, endpoint: &impl Endpoint) -> Option<String> {
        Some(format!("{}{}", self.base_url, endpoint.request().ok()?.path_and_query()))
    }

    /// The command that helps, where there is one.
    fn hint(&self, error: &Error) -> Option<String> {
        let is_sandbox = self.base_url.is_private() && self.base_url.as_str().starts_with("http:");
        if error.is_not_sent() && is_sandbox {
            return Some("start a sandbox with `notify sandbox`, and paste a line that it prints".to_owned());
        }
        if error.is_template_refused() {
            return Some(format!("{}; `notify templates` lists them", error.remedy()?));
        }
        let remedy =
            error.remedy().filter(|remedy| error.may_have_been_sent() && remedy.ends_with("reference"))?;
        Some(format!("{remedy}: {}", look_up(error.reference())))
    }
}

/// Says, once a call, that a message is being looked up, and until when.
fn say_lookups() -> impl Fn(&Progress) + Send + Sync {
    let is_said = AtomicBool::new(false);
    move |progress| {
        let is_lookup = progress.reason == WaitReason::Lookup;
        if is_said.swap(is_lookup, Ordering::Relaxed) || !is_lookup {
            return;
        }
        let until = SystemTime::now() + progress.remaining;
        // Whoever closed stderr does not want to hear it.
        let _ = writeln!(
            anstream::stderr().lock(),
            "{FAINT}no answer; the message may have been sent: looking it up until {}{FAINT:#}",
            time_of_day(until)
        );
    }
}

/// The hours, minutes and seconds of a moment in UTC.
fn time_of_day(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    format!("{:02}:{:02}:{:02} UTC", seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60)
}

/// Says, when a call takes long, that it goes on: to people alone, and never comes to an end itself.
async fn ask_for_patience() -> Infallible {
    tokio::time::sleep(SILENCE).await;
    if io::stderr().is_terminal() {
        let _ = writeln!(anstream::stderr().lock(), "{FAINT}no answer yet; Ctrl-C breaks it off{FAINT:#}");
    }
    std::future::pending().await
}

/// Waits for the wish that the program end, while that would leave a message in doubt; a question may end at once, as
/// the system sees to.
fn interrupted(effect: Effect) -> io::Result<impl Future<Output = ()>> {
    let interrupt = (effect == Effect::Sends).then(Interrupt::listen).transpose()?;
    Ok(async {
        match interrupt {
            Some(interrupt) => interrupt.wait().await,
            None => std::future::pending().await,
        }
    })
}

/// What to do about a message that may have been sent.
const LOOK_UP: &str = "before sending again, look the message up by its reference";

/// The command that looks a message up. A reference that somebody thought of may name a person, so it is not shown; a
/// random one does not.
fn look_up(reference: Option<&str>) -> String {
    let shown = reference.filter(|reference| Uuid::try_parse(reference).is_ok()).unwrap_or("…");
    format!("notify list --reference {shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_told_in_utc() {
        assert_eq!(time_of_day(UNIX_EPOCH + Duration::from_secs(784_111_777)), "08:49:37 UTC");
    }
}
