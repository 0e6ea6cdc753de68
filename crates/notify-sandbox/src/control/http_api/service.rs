//! Services in JSON.

use serde_json::{Value, json};

use crate::account::service::Service;
use crate::account::template::Template;
use crate::render::content;

/// A service, without the secrets of its keys.
pub(super) fn show(service: &Service) -> Value {
    let config = service.config();
    let keys = service.keys.iter().map(|key| {
        json!({ "label": key.label, "name": key.name(), "type": key.key_type, "is_revoked": key.is_revoked() })
    });
    let callbacks = config.callbacks.iter().map(|one| json!({ "kind": one.kind, "url": one.url }));
    json!({
        "id": service.id,
        "name": service.name,
        "is_active": service.active,
        "trial_mode": service.trial_mode,
        "permissions": config.permissions,
        "inbound_numbers": service.inbound_numbers,
        "keys": keys.collect::<Vec<_>>(),
        "callbacks": callbacks.collect::<Vec<_>>(),
        "templates": service.templates().into_iter().map(|one| template(one)).collect::<Vec<_>>(),
    })
}

fn template(template: &Template) -> Value {
    let mut shown = template.view();
    shown["placeholders"] = json!(content::placeholders(&template.fields()));
    shown
}
