//! A running sandbox, behind its control API.

use std::time::Duration;

use anyhow::Context as _;
use notify_http::{BaseUrl, Service};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::args::Options;
use crate::environment;
use crate::exit::{CommandError, ExitStatus};
use crate::setup::base_url;
use crate::web;

/// The token of a sandbox that other machines can reach.
const TOKEN: &str = "NOTIFY_SANDBOX_TOKEN";

/// How long a request may take by default.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The header by which a sandbox tells its requests from those of web pages, and its answers from those of others.
const SANDBOX: &str = "x-sandbox";

/// A running sandbox.
pub(super) struct Control {
    client: Client,
    base_url: BaseUrl,
    token: Option<Zeroizing<String>>,
}

impl Control {
    /// The sandbox that the options or the environment name. Nothing is ever sent to a real service.
    pub(super) fn new(options: &Options) -> Result<Self, CommandError> {
        let base_url = base_url(options, None)?;
        if Service::ALL.iter().any(|service| base_url.as_str().starts_with(service.base_url())) {
            return Err(CommandError::setup(anyhow::anyhow!("no sandbox is named"))
                .help("set NOTIFY_BASE_URL, or --base-url, to the URL that `notify sandbox` prints"));
        }
        let is_plain = base_url.as_str().starts_with("http:");
        let client = web::client(options.timeout.unwrap_or(TIMEOUT), base_url.is_loopback(), is_plain)?;
        let token = environment::read(TOKEN)?;
        Ok(Self { client, base_url, token: token.map(|token| Zeroizing::new(token.trim().to_owned())) })
    }

    /// The sandbox's answer, as JSON.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CommandError> {
        let mut request =
            self.client.request(method, format!("{}/sandbox/{path}", self.base_url)).header(SANDBOX, "1");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.as_str());
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        // reqwest names the URL, which may name a recipient.
        let unreached = |error: reqwest::Error| {
            CommandError::new(ExitStatus::Unreached, error.without_url()).help(
                "start a sandbox with `notify sandbox`, and set NOTIFY_BASE_URL to the URL that it prints",
            )
        };
        let response = request.send().await.map_err(unreached)?;
        let status = response.status();
        if !response.headers().contains_key(SANDBOX) {
            let error = anyhow::anyhow!("what answers at {} is not a sandbox", self.base_url);
            return Err(CommandError::setup(error)
                .help("set NOTIFY_BASE_URL to the URL that `notify sandbox` prints"));
        }
        let text = response.text().await.map_err(unreached)?;
        if !status.is_success() {
            return Err(refused(status, &text));
        }
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text)
            .context("the sandbox's answer cannot be read")
            .map_err(|error| CommandError::new(ExitStatus::Unanswered, error))
    }
}

fn refused(status: StatusCode, text: &str) -> CommandError {
    let said: Option<Value> = serde_json::from_str(text).ok();
    let said = said.as_ref().and_then(|said| said["error"].as_str()).unwrap_or("it does not say why");
    let error =
        CommandError::new(ExitStatus::Refused, anyhow::anyhow!("the sandbox refused ({status}): {said}"));
    match status {
        StatusCode::UNAUTHORIZED => {
            error.help(format!("set {TOKEN} to the token that the sandbox printed at its start"))
        }
        _ => error,
    }
}
