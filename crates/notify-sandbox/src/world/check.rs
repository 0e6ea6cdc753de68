//! Checks that ids and secrets are unique in a world.

use std::collections::HashSet;
use std::hash::Hash;

use super::{World, WorldError};

pub(super) fn check(world: &World) -> Result<(), WorldError> {
    if world.services.is_empty() {
        return Err(WorldError::Empty);
    }
    unique(world.services.iter().map(|service| service.id), "id", |index| format!("services[{index}]"))?;
    for (index, service) in world.services.iter().enumerate() {
        let inside = |what: &str, inner: usize| format!("services[{index}].{what}[{inner}]");
        let secrets = service.api_keys.iter().map(|key| &key.secret);
        unique(secrets, "secret", |inner| inside("api_keys", inner))?;
        let versions = service.templates.iter().map(|one| (one.id, one.version));
        unique(versions, "id and version", |inner| inside("templates", inner))?;
        let mut current = HashSet::new();
        for (inner, template) in service.templates.iter().enumerate() {
            if template.current && !current.insert(template.id) {
                return Err(WorldError::Repeated(
                    inside("templates", inner),
                    "id, and both are current: set \"current\": false in all but the last",
                ));
            }
        }
    }
    Ok(())
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
