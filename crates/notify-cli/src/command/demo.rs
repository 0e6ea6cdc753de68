//! `notify demo`

mod token;
mod transcript;
mod watch;
mod world;

use std::time::Instant;

use anyhow::Context;
use notify_http::{Client, SendEmail, SendSms};
use notify_jwt::{ApiKey, Signer};
use notify_sandbox::{KeyType, Sandbox};

use crate::exit::CommandError;
use crate::output::print_styled;
use token::Parts;
use transcript::{Message, Transcript};
use watch::watch;
use world::DemoWorld;

/// Runs every step once and prints what happened. If one fails, this machine or this program is at fault.
pub(crate) async fn run() -> Result<(), CommandError> {
    let begin = Instant::now();
    let world = DemoWorld::make();
    let sandbox = Sandbox::builder().world(world.load().map_err(CommandError::local)?).start();
    let sandbox = sandbox.context("the sandbox cannot start").map_err(CommandError::local)?;

    let key = sandbox.api_key(KeyType::Live);
    let token = Signer::new(&ApiKey::parse(&key).map_err(CommandError::local)?).mint(token::now());
    let client = Client::builder(&key).base_url(sandbox.url()).build().map_err(CommandError::local)?;

    let sms = SendSms::new(world.sms_template, world::NUMBER).personalisation("name", world::NAME);
    let email = SendEmail::new(world.email_template, world::ADDRESS).personalisation("name", world::NAME);
    let sms = client.send(sms.generate_reference()).await?.into_inner();
    let email = client.send(email.generate_reference()).await?.into_inner();
    let [sms_history, email_history] = watch(&client, [sms.id, email.id]).await?;

    let subject = email.content.subject.as_deref().unwrap_or_default();
    let transcript = Transcript {
        url: sandbox.url(),
        key: &key,
        token: token.as_str(),
        parts: Parts::of(token.as_str()).map_err(CommandError::local)?,
        messages: [
            Message {
                kind: "A text message",
                to: world::NUMBER,
                text: &sms.content.body,
                history: &sms_history,
            },
            Message { kind: "An e-mail", to: world::ADDRESS, text: subject, history: &email_history },
        ],
        took: begin.elapsed(),
    };
    print_styled(&transcript.to_string())
}
