//! The service that a command talks to.

use notify_http::{Answer, BaseUrl, BuildError, Client, Endpoint, Error};
use uuid::Uuid;

use crate::args::Options;
use crate::exit::Failure;
use crate::setup::{KeyText, base_url};

/// The name by which the service's logs know this program.
const USER_AGENT: &str = concat!("notify-cli/", env!("CARGO_PKG_VERSION"));

/// A client, with what this program knows beyond it.
pub(crate) struct Service {
    client: Client,
    base_url: BaseUrl,
}

impl Service {
    /// The service that the options and the environment name.
    pub(crate) fn new(options: &Options) -> Result<Self, Failure> {
        let key = KeyText::find(options)?;
        let base_url = base_url(options)?;
        let mut builder = Client::builder(key.as_str()).base_url(base_url.as_str()).user_agent(USER_AGENT);
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
        self.client.send(endpoint).await.map_err(|error| match self.hint(&error) {
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
        // A reference that somebody thought of may name a person; a random one does not.
        let reference = error.reference().filter(|reference| Uuid::try_parse(reference).is_ok());
        match reference {
            Some(reference) if error.may_have_been_sent() || error.is_unreadable() => {
                Some(format!("before sending again, look it up: notify list --reference {reference}"))
            }
            _ => None,
        }
    }
}
