//! The client.

use anyhow::Result;
use notify_http::model::TemplateId;
use notify_http::{Client, RateLimiter, SendSms, TokenBucket, Unlimited};

use crate::{KEY, NUMBER, PATIENCE, PERSONALISATION, REFERENCE, Sender, TEMPLATE};

/// The client with its defaults, and a rate limit so high that messages sent one after another never wait.
#[derive(Clone)]
pub(crate) struct Ours {
    client: Client,
    template: TemplateId,
}

impl Ours {
    /// Without a rate limiter: many sends at once wait for a fresh token bucket, whatever its limit, which would distort the
    /// speed.
    pub(crate) fn unlimited(url: &str) -> Result<Self> {
        Self::with_rate_limiter(url, Unlimited)
    }

    fn with_rate_limiter(url: &str, rate_limiter: impl RateLimiter + 'static) -> Result<Self> {
        let client =
            Client::builder(KEY).base_url(url).timeout(PATIENCE).rate_limiter(rate_limiter).build()?;
        Ok(Self { client, template: TEMPLATE.parse()? })
    }
}

impl Sender for Ours {
    fn new(url: &str) -> Result<Self> {
        Self::with_rate_limiter(url, TokenBucket::per_minute(u32::MAX))
    }

    async fn send(&self) -> Result<()> {
        let message =
            SendSms::new(self.template, NUMBER).personalisations(PERSONALISATION).reference(REFERENCE);
        let sent = self.client.send(message).await?;
        anyhow::ensure!(sent.content.body.starts_with("Hello Kim"));
        Ok(())
    }
}
