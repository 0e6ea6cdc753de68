//! `notify sandbox world export`

use std::fs;

use anyhow::Context as _;
use notify_http::ListTemplates;
use notify_http::model::{Postage, Template};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::args::{Options, WorldExportArgs};
use crate::exit::CommandError;
use crate::output::{json, print, say_left_out};
use crate::service::Service;
use crate::setup::KeyText;

/// The permissions of every exported service, so that the sandbox refuses nothing that the real service accepts.
const PERMISSIONS: [&str; 7] = [
    "email",
    "inbound_sms",
    "international_letters",
    "international_sms",
    "letter",
    "sms",
    "sms_to_uk_landlines",
];

/// The keys of an exported service, which work only in a sandbox.
const KEYS: [(&str, &str); 3] = [
    ("live", "c0ffee00-0000-4000-8000-00000000000a"),
    ("team", "c0ffee00-0000-4000-8000-00000000000b"),
    ("test", "c0ffee00-0000-4000-8000-00000000000c"),
];

/// Writes a world with the service's templates.
pub(super) async fn run(args: WorldExportArgs, options: &Options) -> Result<(), CommandError> {
    let (service_id, _) = KeyText::find(options)?.parts()?;
    let answer = Service::new(options)?.send(ListTemplates::new()).await?;
    say_left_out(&answer.unreadable);
    let world = json::lines(&format!("{:#}", world(&args, &service_id, &answer.templates)));
    match &args.file {
        None => print(world.as_bytes()),
        Some(file) => fs::write(file, world)
            .with_context(|| format!("the world cannot be written to {}", file.display()))
            .map_err(CommandError::local),
    }
}

fn world(args: &WorldExportArgs, service_id: &str, templates: &[Template]) -> Value {
    let mut contacts: Vec<(&str, Uuid)> = Vec::new();
    for block in templates.iter().filter_map(|template| template.letter_contact_block.as_deref()) {
        if !contacts.iter().any(|(known, _)| *known == block) {
            contacts.push((block, numbered(0x41 + contacts.len())));
        }
    }
    let keys = KEYS.map(|(kind, secret)| {
        json!({ "label": kind, "name": format!("sandbox-{kind}"), "type": kind, "secret": secret })
    });
    let mut senders = vec![json!({ "id": numbered(0x21), "sms_sender": "SANDBOX", "is_default": true })];
    senders.extend(
        args.sms_sender_id.iter().enumerate().map(
            |(index, id)| json!({ "id": id.to_string(), "sms_sender": format!("SENDER {}", index + 1) }),
        ),
    );
    let replies = args.email_reply_to_id.iter().map(|id| json!({ "id": id.to_string() }));
    let letter_contacts: Vec<Value> =
        contacts.iter().map(|(block, id)| json!({ "id": id, "contact_block": block })).collect();
    let templates: Vec<Value> = templates.iter().map(|it| template(it, &contacts)).collect();
    json!({
        "about": "Made of the templates of a service by `notify sandbox world export`. The keys open only sandboxes.",
        "services": [{
            "id": service_id,
            "name": args.name,
            "contact_link": "https://sandbox.example.gov.uk/contact",
            "email_from": "exported.service@notify.example",
            "international_sms_message_limit": 250_000,
            "permissions": PERMISSIONS,
            "inbound_numbers": ["07700900500"],
            "api_keys": keys,
            "sms_senders": senders,
            "email_reply_to": replies.collect::<Vec<_>>(),
            "letter_contacts": letter_contacts,
            "templates": templates,
        }],
    })
}

/// A template as a world file has it, without the person who made it.
fn template(template: &Template, contacts: &[(&str, Uuid)]) -> Value {
    let contact = template.letter_contact_block.as_deref();
    let contact = contact.and_then(|block| contacts.iter().find(|(known, _)| *known == block));
    let mut value = json!({
        "id": template.id.to_string(),
        "name": template.name,
        "type": template.template_type.as_str(),
        "version": template.version.max(1),
        "subject": template.subject,
        "body": template.body,
        "postage": template.postage.as_ref().map(Postage::as_str),
        "created_at": template.created_at.map(|moment| moment.to_string()),
        "updated_at": template.updated_at.map(|moment| moment.to_string()),
        "letter_contact_id": contact.map(|(_, id)| id),
    });
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    value
}

/// One of the ids that only sandboxes have.
fn numbered(number: usize) -> Uuid {
    Uuid::from_u128(0xc0ff_ee00_0000_4000_8000_0000_0000_0000 | number as u128)
}
