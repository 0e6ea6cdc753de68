//! The least code around reqwest that sends the same message: a token for each request, the same headers and body, and the
//! answer read into the same type. It has no timeouts, no clock correction, no rate limiter, and no error handling.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use notify_http::model::SentSms;
use notify_jwt::{ApiKey, Signer};
use reqwest::{Client, Url};
use serde::Serialize;

use crate::{KEY, NUMBER, PERSONALISATION, REFERENCE, Sender, TEMPLATE};

#[derive(Clone)]
pub(crate) struct Bare {
    client: Client,
    url: Url,
    signer: Arc<Signer>,
}

#[derive(Serialize)]
struct Message<'a> {
    phone_number: &'a str,
    template_id: &'a str,
    personalisation: BTreeMap<&'a str, &'a str>,
    reference: &'a str,
}

impl Sender for Bare {
    fn new(url: &str) -> Result<Self> {
        // It fails for the second client of a process, whose provider is already installed.
        drop(rustls::crypto::ring::default_provider().install_default());
        Ok(Self {
            client: Client::builder()
                .http1_only()
                .no_proxy()
                .user_agent("NOTIFY-API-RUST-CLIENT/0.1.0")
                .build()?,
            url: format!("{url}/v2/notifications/sms").parse()?,
            signer: Arc::new(Signer::new(&ApiKey::parse(KEY)?)),
        })
    }

    async fn send(&self) -> Result<()> {
        let message = Message {
            phone_number: NUMBER,
            template_id: TEMPLATE,
            personalisation: BTreeMap::from(PERSONALISATION),
            reference: REFERENCE,
        };
        let bearer = self.signer.bearer(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
        let mut authorization = HeaderValue::from_str(bearer.as_str())?;
        authorization.set_sensitive(true);
        let request = self
            .client
            .post(self.url.clone())
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(serde_json::to_vec(&message)?);
        let response = request.send().await?;
        anyhow::ensure!(response.status().is_success());
        let sent: SentSms = serde_json::from_slice(&response.bytes().await?)?;
        anyhow::ensure!(sent.content.body.starts_with("Hello Kim"));
        Ok(())
    }
}
