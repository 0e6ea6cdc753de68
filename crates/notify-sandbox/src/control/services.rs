//! Services, keys, templates and callback URLs.

use std::sync::Arc;

use url::Url;
use uuid::Uuid;

use super::{CallbackReceiver, Control, ControlError, Key, NewKey, NewTemplate};
use crate::account::service::Service;
use crate::app::events::Event;
use crate::python::id;
use crate::state::Change;
use crate::world::{CallbackConfig, CallbackKind, KeyConfig, KeyType, World};

/// A service of a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Services, keys and templates.
impl Control {
    /// The services in the order of the world, then those that were added.
    pub fn services(&self) -> Vec<ServiceInfo> {
        let info =
            |service: &Arc<Service>| ServiceInfo { id: service.id.to_string(), name: service.name.clone() };
        self.app.services().iter().map(info).collect()
    }

    /// An API key of the first service: the first of this type that is not revoked.
    ///
    /// # Panics
    ///
    /// If the world that the sandbox was given has no such key. The built-in world has one of each type.
    #[track_caller]
    pub fn api_key(&self, key_type: KeyType) -> String {
        let services = self.app.services();
        let service = services.iter().next().expect("a world has at least one service");
        let key = service.keys.iter().find(|key| key.key_type == key_type && !key.is_revoked());
        service.api_key(key.expect("the first service has a key of this type"))
    }

    /// The keys of all services that are not revoked, in the order of the world.
    pub fn keys(&self) -> Vec<Key> {
        let services = self.app.services();
        let of_service = |service: &Arc<Service>| -> Vec<Key> {
            service.keys.iter().filter(|key| !key.is_revoked()).map(|key| Key::of(service, key)).collect()
        };
        services.iter().flat_map(of_service).collect()
    }

    /// Adds the services of a world to the existing ones.
    ///
    /// # Errors
    ///
    /// If there is a service with the same id, the service would refuse a template, or the state file cannot be
    /// written.
    pub fn add_services(&self, mut world: World) -> Result<(), ControlError> {
        let now = self.app.clock.timestamp();
        let mut services = self.app.services_mut();
        services.check_new(&world)?;
        for config in &mut world.services {
            let author = config.author().to_owned();
            for template in &mut config.templates {
                if let Some(why) = template.why_refused() {
                    return Err(ControlError::BadTemplate(why));
                }
                template.created_at.get_or_insert_with(|| now.to_string());
                template.created_by.get_or_insert_with(|| author.clone());
            }
        }
        for config in &world.services {
            self.app.store.record(&Change::Service(config))?;
        }
        services.add(world, now);
        self.app.events.publish(|| Event::Services);
        Ok(())
    }

    /// Adds a key with a new secret to a service.
    ///
    /// # Errors
    ///
    /// If there is no such service, the key has no name, or the state file cannot be written.
    pub fn add_key(&self, service: &str, key: NewKey<'_>) -> Result<Key, ControlError> {
        if key.name.trim().is_empty() {
            return Err(ControlError::NamelessKey);
        }
        let secret = Uuid::new_v4().to_string();
        let key = KeyConfig::new(key.name, key.key_type, secret);
        let service = self.change(service, |config| config.api_keys.push(key))?;
        let key = service.keys.last().ok_or(ControlError::NoSuchService)?;
        Ok(Key::of(&service, key))
    }

    /// Adds a template to a service, or a new version of an existing template, and returns its id. Its author is
    /// somebody on the service's team, and its time is now.
    ///
    /// # Errors
    ///
    /// If there is no such service, the service would refuse the template, or the state file cannot be written.
    pub fn add_template(&self, service: &str, template: NewTemplate) -> Result<String, ControlError> {
        let mut new = template.config;
        if let Some(why) = new.why_refused() {
            return Err(ControlError::BadTemplate(why));
        }
        let owner = id::parse(service).and_then(|id| self.app.services().get(id).cloned());
        let categories: Vec<Uuid> = {
            let services = self.app.services();
            services.world().template_categories.iter().map(|category| category.id).collect()
        };
        if let Some(why) = owner.as_ref().and_then(|owner| new.dangling(owner.config(), &categories)) {
            return Err(ControlError::BadTemplate(why));
        }
        let earlier = owner.as_ref().and_then(|owner| owner.template(new.id));
        if earlier.is_some_and(|earlier| earlier.message_type != new.message_type) {
            return Err(ControlError::BadTemplate("a template keeps its type in all its versions"));
        }
        let id = new.id.to_string();
        let now = self.app.clock.timestamp().to_string();
        self.change(service, |config| {
            new.created_by.get_or_insert_with(|| config.author().to_owned());
            for version in config.templates.iter_mut().filter(|version| version.id == new.id) {
                new.version = new.version.max(version.version + 1);
                version.current = false;
                new.created_at.clone_from(&version.created_at);
                new.updated_at.get_or_insert_with(|| now.clone());
            }
            if new.version == 1 {
                new.created_at.get_or_insert(now);
            }
            config.templates.push(new);
        })?;
        Ok(id)
    }

    /// Posts callbacks of a kind to this receiver from now on.
    ///
    /// # Errors
    ///
    /// If there is no such service, the URL is not `http://`, or the service would refuse the token: it must have at
    /// least ten characters, all of them valid in a header.
    pub fn set_callback(&self, service: &str, receiver: CallbackReceiver<'_>) -> Result<(), ControlError> {
        let CallbackReceiver { kind, url, bearer_token } = receiver;
        let url =
            Url::parse(url).ok().filter(|url| url.scheme() == "http").ok_or(ControlError::BadCallbackUrl)?;
        let new = CallbackConfig::new(kind, url, bearer_token);
        if !new.has_usable_token() {
            return Err(ControlError::BadBearerToken);
        }
        self.change(service, |config| {
            config.callbacks.retain(|one| one.kind != kind);
            config.callbacks.push(new);
        })?;
        Ok(())
    }

    /// Stops posting callbacks of a kind.
    ///
    /// # Errors
    ///
    /// If there is no such service, or the state file cannot be written.
    pub fn clear_callback(&self, service: &str, kind: CallbackKind) -> Result<(), ControlError> {
        self.change(service, |config| config.callbacks.retain(|one| one.kind != kind))?;
        Ok(())
    }

    fn change(
        &self,
        service: &str,
        change: impl FnOnce(&mut crate::world::ServiceConfig),
    ) -> Result<Arc<Service>, ControlError> {
        let id = id::parse(service).ok_or(ControlError::NoSuchService)?;
        self.app.change_service(id, change)?.ok_or(ControlError::NoSuchService)
    }
}
