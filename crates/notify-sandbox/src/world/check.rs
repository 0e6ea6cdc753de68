//! Checks that ids and secrets are unique in a world, and that its services could exist.

use std::collections::HashSet;
use std::hash::Hash;

use uuid::Uuid;

use super::config::{CallbackConfig, OTHER_PERMISSIONS, PERMISSIONS, UNUSABLE_TOKEN};
use super::{ServiceConfig, World, WorldError, reading};

pub(super) fn check(world: &World) -> Result<(), WorldError> {
    if world.services.is_empty() {
        return Err(WorldError::Empty);
    }
    unique(world.services.iter().map(|service| service.id), "id", |index| format!("services[{index}]"))?;
    let categories: Vec<Uuid> = world.template_categories.iter().map(|category| category.id).collect();
    for (index, service) in world.services.iter().enumerate() {
        let place = |what: &str, inner: usize| format!("services[{index}].{what}[{inner}]");
        check_unique(service, &place)?;
        if let Some((what, inner, problem)) = problems(service, &categories).next() {
            return Err(WorldError::Malformed(format!("{}: {problem}", place(what, inner))));
        }
    }
    Ok(())
}

fn check_unique(service: &ServiceConfig, place: &dyn Fn(&str, usize) -> String) -> Result<(), WorldError> {
    unique(service.api_keys.iter().map(|key| &key.secret), "secret", |inner| place("api_keys", inner))?;
    let senders = service.sms_senders.iter().map(|sender| sender.id);
    unique(senders, "id", |inner| place("sms_senders", inner))?;
    let reply_to = service.email_reply_to.iter().map(|address| address.id);
    unique(reply_to, "id", |inner| place("email_reply_to", inner))?;
    let contacts = service.letter_contacts.iter().map(|contact| contact.id);
    unique(contacts, "id", |inner| place("letter_contacts", inner))?;
    let texts = service.received_texts.iter().map(|text| text.id);
    unique(texts, "id", |inner| place("received_texts", inner))?;
    let versions = service.templates.iter().map(|one| (one.id, one.version));
    unique(versions, "id and version", |inner| place("templates", inner))?;
    let mut current = HashSet::new();
    for (inner, template) in service.templates.iter().enumerate() {
        if template.current && !current.insert(template.id) {
            return Err(WorldError::Repeated(
                place("templates", inner),
                "id, and both are current: set \"current\": false in all but the last",
            ));
        }
    }
    Ok(())
}

/// What is wrong with a service, with the list and the place in it.
fn problems<'a>(
    service: &'a ServiceConfig,
    categories: &'a [Uuid],
) -> impl Iterator<Item = (&'static str, usize, String)> + 'a {
    let permissions = service.permissions.iter().enumerate();
    let permissions = permissions.filter_map(|(index, name)| Some(("permissions", index, misspelt(name)?)));
    let callbacks = service.callbacks.iter().enumerate();
    let callbacks =
        callbacks.filter_map(|(index, one)| Some(("callbacks", index, unusable(one)?.to_owned())));
    let templates = service.templates.iter().enumerate().filter_map(|(index, template)| {
        let problem = template.why_impossible().or_else(|| template.dangling(service, categories))?;
        Some(("templates", index, problem.to_owned()))
    });
    let texts = service.received_texts.iter().enumerate().filter_map(|(index, text)| {
        Some(("received_texts", index, text.why_impossible(service.id)?.to_owned()))
    });
    permissions.chain(callbacks).chain(templates).chain(texts)
}

/// The complaint about a permission that is nearly one that we know. Others there may be.
fn misspelt(name: &str) -> Option<String> {
    let known = [PERMISSIONS, OTHER_PERMISSIONS].concat();
    let meant = reading::meant(name, &known).filter(|meant| *meant != name)?;
    Some(format!("there is no permission `{name}`; did you mean `{meant}`?"))
}

fn unusable(callback: &CallbackConfig) -> Option<&'static str> {
    if !["http", "https"].contains(&callback.url.scheme()) {
        return Some("the URL has to begin with http");
    }
    (!callback.has_usable_token()).then_some(UNUSABLE_TOKEN)
}

fn unique<T: Hash + Eq>(
    values: impl Iterator<Item = T>,
    part: &'static str,
    place: impl Fn(usize) -> String,
) -> Result<(), WorldError> {
    let mut seen = HashSet::new();
    for (index, value) in values.enumerate() {
        if !seen.insert(value) {
            return Err(WorldError::Repeated(place(index), part));
        }
    }
    Ok(())
}
