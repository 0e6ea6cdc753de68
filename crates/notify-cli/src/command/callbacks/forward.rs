//! Posts callbacks on to another program.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, StatusCode, Url};

use crate::exit::CommandError;
use crate::web;

/// How long the other program may take: the service itself waits for five seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// The headers that come with a callback: its proof, and its type.
const PASSED_ON: [&str; 3] = ["authorization", "content-type", "x-enp-signature"];

/// Where callbacks go.
pub(super) struct Forward {
    client: Client,
    url: Url,
}

impl Forward {
    pub(super) fn to(url: &str) -> Result<Self, CommandError> {
        let refuse = |why: &str| CommandError::usage(format!("the URL in --forward-to {why}"));
        let url: Url = url.parse().map_err(|error| refuse(&format!("cannot be used: {error}")))?;
        let is_local = match url.host_str() {
            Some(host) => {
                let host = host.trim_matches(['[', ']']);
                host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
            None => return Err(refuse("names no host")),
        };
        match url.scheme() {
            "https" => {}
            "http" if is_local => {}
            "http" => return Err(refuse("would show callbacks and their token to the network; use https")),
            _ => return Err(refuse("is neither http nor https")),
        }
        Ok(Self { client: web::client(PATIENCE, is_local, url.scheme() == "http")?, url })
    }

    /// Posts a callback as it came, and returns the answer's status.
    pub(super) async fn post(
        &self,
        headers: &HeaderMap,
        body: Vec<u8>,
    ) -> Result<StatusCode, reqwest::Error> {
        let mut request = self.client.post(self.url.clone()).body(body);
        for name in PASSED_ON {
            for value in headers.get_all(name) {
                request = request.header(name, value);
            }
        }
        // The error would name the URL, which may hold a password.
        request.send().await.map(|answer| answer.status()).map_err(reqwest::Error::without_url)
    }
}
