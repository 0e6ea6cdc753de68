//! The service that a command calls.

mod advice;
mod idle;

use std::convert::Infallible;
use std::io;
use std::time::{Duration, SystemTime};

use notify_http::model::Timestamp;
use notify_http::{ApiResponse, BaseUrl, Client, ClientBuilder, Effect, Endpoint, Error, Identity};
use uuid::Uuid;

use crate::args::Options;
use crate::exit::{CommandError, ExitStatus};
use crate::interrupt::Interrupt;
use crate::progress;
use crate::setup::{KeyText, base_url, service};
use advice::advice;
use idle::Idle;

/// How this program appears in the service's logs.
pub(crate) const USER_AGENT: &str = concat!("notify-cli/", env!("CARGO_PKG_VERSION"));

/// How long a call may take before a message says that it is still running.
const SILENCE: Duration = Duration::from_secs(3);

/// A client, and what this program needs to know besides.
pub(crate) struct Service {
    client: Client,
    base_url: BaseUrl,
    /// What it is, as far as the options, the environment or the URL tell.
    facts: notify_http::Service,
    /// The options that select the service and the key, for commands that the user can paste.
    options: String,
    idle: Idle,
}

impl Service {
    /// The service that the options and the environment name.
    pub(crate) fn new(options: &Options) -> Result<Self, CommandError> {
        Self::with_key(options, &KeyText::find(options)?)
    }

    /// The same with this key.
    pub(crate) fn with_key(options: &Options, key: &KeyText) -> Result<Self, CommandError> {
        let service = service(options)?;
        let (mut builder, base_url) = builder(options, key)?;
        let idle = Idle::default();
        let waits = idle.clone();
        builder = builder.on_wait(move |wait| {
            waits.note(wait);
            progress::observe(wait);
        });
        if let Some(service) = service {
            builder = builder.service(service);
        }
        if let Some(timeout) = options.timeout {
            builder = builder.timeout(timeout);
        }
        let client = builder.build().map_err(|error| key.unusable(error))?;
        let is_at = |known: &notify_http::Service| base_url.as_str().starts_with(known.base_url());
        let facts = service
            .or_else(|| notify_http::Service::ALL.into_iter().find(is_at))
            .unwrap_or(notify_http::Service::gov_uk());
        Ok(Self { client, base_url, facts, options: options.as_arguments(), idle })
    }

    /// The client, for calls that a command makes in its own way.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The service's limits. A service that nothing names counts as GOV.UK Notify.
    pub(crate) fn facts(&self) -> notify_http::Service {
        self.facts
    }

    /// Carries out an operation.
    pub(crate) async fn send<E: Endpoint>(
        &self,
        endpoint: E,
    ) -> Result<ApiResponse<E::Response>, CommandError> {
        let target = LookupTarget::new(endpoint.identity());
        let interrupted = interrupted(E::OPERATION.effect()).map_err(CommandError::local)?;
        let answer = tokio::select! {
            answer = self.client.send(endpoint) => answer,
            never = ask_for_patience() => match never {},
            () = interrupted => {
                if self.idle.is_now() {
                    return Err(CommandError::local(anyhow::anyhow!("interrupted; nothing was sent")));
                }
                let error = anyhow::anyhow!("interrupted; the message may have been sent");
                let help = format!("{LOOK_UP}: {}", look_up(&target, &self.options));
                return Err(CommandError::new(ExitStatus::InDoubt, error).help(help));
            }
        };
        answer.map_err(|error| {
            if !error.may_have_been_sent() {
                progress::release_early();
            }
            match self.hint(&error, &target) {
                Some(hint) => CommandError::from(error).help(hint),
                None => error.into(),
            }
        })
    }

    /// Where it is.
    pub(crate) fn base_url(&self) -> &str {
        self.base_url.as_str()
    }

    /// The full URL of a request.
    pub(crate) fn url(&self, endpoint: &impl Endpoint) -> Option<String> {
        Some(format!("{}{}", self.base_url, endpoint.request().ok()?.path_and_query()))
    }

    /// What to do about it, if it is more than the library says.
    fn hint(&self, error: &Error, target: &LookupTarget) -> Option<String> {
        if let Some(advice) = advice(error, &self.base_url, &self.options) {
            return Some(advice);
        }
        let remedy =
            error.remedy().filter(|remedy| error.may_have_been_sent() && remedy.ends_with("reference"))?;
        Some(format!("{remedy}: {}", look_up(target, &self.options)))
    }
}

/// What makes a client of the service that the options and the environment name, and where that is.
pub(crate) fn builder(
    options: &Options,
    key: &KeyText,
) -> Result<(ClientBuilder<Client>, BaseUrl), CommandError> {
    let base_url = base_url(options, service(options)?)?;
    let builder = key.client().base_url(base_url.as_str()).user_agent(USER_AGENT);
    let builder = if options.allow_plain_http { builder.allow_plain_http() } else { builder };
    Ok((builder, base_url))
}

/// Tells the user at a terminal that a slow call is still running. It never completes.
async fn ask_for_patience() -> Infallible {
    tokio::time::sleep(SILENCE).await;
    progress::say_to_people("no answer yet; press Ctrl-C to stop");
    std::future::pending().await
}

/// Waits for a signal to end the program, if ending now would leave a message in doubt. A call that sends nothing may
/// be ended at once, which the system does by default.
fn interrupted(effect: Effect) -> io::Result<impl Future<Output = ()>> {
    let interrupt = (effect != Effect::Reads).then(Interrupt::listen).transpose()?;
    Ok(async {
        match interrupt {
            Some(interrupt) => interrupt.wait().await,
            None => std::future::pending().await,
        }
    })
}

/// What to do about a message that may have been sent.
const LOOK_UP: &str = "before sending again, look the message up by its reference";

/// How far this machine's clock may be ahead of the service's. The service records messages under its own time.
const CLOCKS_APART: Duration = Duration::from_secs(60);

/// The command that looks a message up, ready to paste. A random reference identifies nobody, so it is shown. One that
/// a person chose might, so it is not: the command then lists the messages since the call began, whatever their
/// reference.
fn look_up(target: &LookupTarget, options: &str) -> String {
    let Some(identity) = &target.identity else { return format!("notify list{options}") };
    if let Some(reference) = identity.reference.as_deref().filter(|it| Uuid::try_parse(it).is_ok()) {
        return format!("notify list --reference {reference}{options}");
    }
    let since = Timestamp::try_from(target.since).map(|since| format!(" --since {since}"));
    format!("notify list --template-type {}{}{options}", identity.template_type, since.unwrap_or_default())
}

/// What is known of a message before it is sent.
struct LookupTarget {
    identity: Option<Identity>,
    /// The earliest time at which it can have been sent, by the service's clock.
    since: SystemTime,
}

impl LookupTarget {
    fn new(identity: Option<Identity>) -> Self {
        Self { identity, since: SystemTime::now() - CLOCKS_APART }
    }
}
