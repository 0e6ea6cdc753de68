//! A key of a service, as a test sees it.

use std::fmt::{self, Debug, Formatter};

use crate::account::service::{Service, ServiceKey};
use crate::world::KeyType;

/// A key to [add](crate::Control::add_key) to a service.
///
/// ```
/// use notify_sandbox::{KeyType, NewKey, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// let key = sandbox.add_key(&sandbox.services()[0].id, NewKey { name: "ci", key_type: KeyType::Test })?;
/// println!("export NOTIFY_API_KEY={}", key.api_key());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NewKey<'a> {
    /// The label of the key.
    pub name: &'a str,
    /// Its type.
    pub key_type: KeyType,
}

/// A key of a service in a sandbox.
#[derive(Clone)]
#[non_exhaustive]
pub struct Key {
    /// The name of the service.
    pub service: String,
    /// The id of the service. A key of VA Notify is a secret alone, so its client needs the id too.
    pub service_id: String,
    /// The label of the key.
    pub label: String,
    /// Its type.
    pub key_type: KeyType,
    text: String,
}

impl Key {
    pub(super) fn of(service: &Service, key: &ServiceKey) -> Self {
        Self {
            service: service.name.clone(),
            service_id: service.id.to_string(),
            label: key.label.clone(),
            key_type: key.key_type,
            text: service.api_key(key),
        }
    }

    /// The text a client is given, secret included.
    pub fn api_key(&self) -> &str {
        &self.text
    }
}

/// Without the secret.
impl Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut key = f.debug_struct("Key");
        key.field("service", &self.service).field("label", &self.label).field("key_type", &self.key_type);
        key.finish_non_exhaustive()
    }
}
