//! The client.

use anyhow::Result;
use notify_http::model::TemplateId;
use notify_http::{Client, RateLimiter, SendSms, TokenBucket, Unlimited};

use crate::{KEY, NUMBER, PATIENCE, PERSONALISATION, REFERENCE, Sender, TEMPLATE};

/// The client as a program has it, with a limit so high that no message in its turn waits.
#[derive(Clone)]
pub(crate) struct Ours {
    client: Client,
    template: TemplateId,
}

impl Ours {
    /// Without a pace: many at once do wait for a fresh bucket, whatever its limit, and that is not what speed is about.
    pub(crate) fn unpaced(url: &str) -> Result<Self> {
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
