//! A key of a service, as a tester is shown it.

use std::fmt::{self, Debug, Formatter};

use crate::account::service::{ApiKey, Service};
use crate::world::KeyType;

/// A key of a service in a sandbox.
#[derive(Clone)]
#[non_exhaustive]
pub struct Key {
    /// The name of the service.
    pub service: String,
    /// The label of the key.
    pub label: String,
    /// Its type.
    pub key_type: KeyType,
    whole: String,
}

impl Key {
    pub(super) fn of(service: &Service, key: &ApiKey) -> Self {
        Self {
            service: service.name.clone(),
            label: key.label.clone(),
            key_type: key.key_type,
            whole: key.whole(service.id),
        }
    }

    /// The key as a client is given it, secret included.
    pub fn whole(&self) -> &str {
        &self.whole
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
