//! The services of a sandbox. A service is never changed in place, so a request that holds one sees it unchanged to its
//! end.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::account::dialect::AccountDialect;
use crate::account::service::Service;
use crate::time::Timestamp;
use crate::world::{World, WorldError};

/// The services, by id and in order.
pub(crate) struct Services {
    by_id: HashMap<Uuid, Arc<Service>>,
    order: Vec<Uuid>,
    /// The services at the start.
    world: World,
    dialect: &'static dyn AccountDialect,
}

impl Services {
    pub(crate) fn new(world: World, now: Timestamp, dialect: &'static dyn AccountDialect) -> Self {
        let order = world.services.iter().map(|service| service.id).collect();
        let all = world.services.iter().cloned();
        let by_id = all.map(|config| (config.id, Arc::new(Service::new(config, now, dialect)))).collect();
        Self { by_id, order, world, dialect }
    }

    /// The services as they were at the start, with nothing sent or received.
    pub(crate) fn reset(&mut self, now: Timestamp) {
        *self = Self::new(self.world.clone(), now, self.dialect);
    }

    /// Services that have changed since the start.
    #[cfg(feature = "state")]
    pub(crate) fn restored(
        world: World,
        services: World,
        now: Timestamp,
        dialect: &'static dyn AccountDialect,
    ) -> Self {
        Self { world, ..Self::new(services, now, dialect) }
    }

    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    pub(crate) const fn by_id(&self) -> &HashMap<Uuid, Arc<Service>> {
        &self.by_id
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Arc<Service>> {
        self.by_id.get(&id)
    }

    /// All of them, in the order of the world; what was added comes last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    /// Whether the services of a world could be added.
    pub(crate) fn check_new(&self, world: &World) -> Result<(), WorldError> {
        if world.services.iter().any(|config| self.by_id.contains_key(&config.id)) {
            return Err(WorldError::Repeated("the new service".to_owned(), "id"));
        }
        Ok(())
    }

    /// Adds the services of a world.
    pub(crate) fn add(&mut self, world: World, now: Timestamp) {
        for config in world.services {
            self.order.push(config.id);
            self.by_id.insert(config.id, Arc::new(Service::new(config, now, self.dialect)));
        }
    }

    /// Replaces a service by its changed version.
    pub(crate) fn replace(&mut self, service: Service) -> Arc<Service> {
        let service = Arc::new(service);
        self.by_id.insert(service.id, Arc::clone(&service));
        service
    }
}
