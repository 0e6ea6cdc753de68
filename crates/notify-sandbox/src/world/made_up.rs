//! What a world leaves out: names, ids and keys, the same each time that it is read.

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::{ServiceConfig, World};

/// Gives every service, key and template what it lacks.
pub(super) fn fill_in(world: &mut World) {
    for (index, service) in world.services.iter_mut().enumerate() {
        if service.id.is_nil() {
            service.id = id(&["service", &index.to_string(), &service.name]);
        }
        fill_in_service(service);
    }
}

pub(super) fn fill_in_service(service: &mut ServiceConfig) {
    let of_service = service.id.to_string();
    let new = |what: &str, index: usize, name: &str| id(&[&of_service, what, &index.to_string(), name]);
    for (index, key) in service.api_keys.iter_mut().enumerate() {
        if key.secret.is_empty() {
            key.secret = new("key", index, &key.name).to_string();
        }
    }
    let templates = service.templates.iter_mut().map(|one| (&mut one.id, one.name.as_str(), "template"));
    let senders = service.sms_senders.iter_mut().map(|one| (&mut one.id, one.sms_sender.as_str(), "sender"));
    let reply_to = service.email_reply_to.iter_mut().map(|one| (&mut one.id, "", "reply-to"));
    let contacts = service.letter_contacts.iter_mut().map(|one| (&mut one.id, "", "contact"));
    let all = [templates.collect::<Vec<_>>(), senders.collect(), reply_to.collect(), contacts.collect()];
    for (index, (id, name, what)) in all.into_iter().flat_map(|each| each.into_iter().enumerate()) {
        if id.is_nil() {
            *id = new(what, index, name);
        }
    }
}

fn id(parts: &[&str]) -> Uuid {
    let digest = Sha256::digest(parts.join("\n"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bytes).into_uuid()
}
