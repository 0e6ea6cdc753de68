//! A sandbox restored from its state file.

use std::path::Path;
use std::sync::Arc;

use super::{App, Settings};
use crate::account::mailbox::oldest_kept;
use crate::account::services::Services;
use crate::state::{Restored, StateError, StateFile, Store};
use crate::world::World;

impl App {
    /// Restores the sandbox that a file holds. A new file starts with this world.
    pub(crate) fn restored(
        path: &Path,
        world: Option<World>,
        settings: Settings,
    ) -> Result<Self, StateError> {
        let now = settings.clock.timestamp();
        let (file, held) = StateFile::open(path, world, oldest_kept(now))?;
        let Restored { world, services, messages, texts, documents } = held;
        let damaged = file.damage();
        let app = Self::holding(
            Services::restored(world, services, now, settings.dialect),
            Store::in_file(file),
            settings,
        );
        for (stored, set) in messages {
            let service = app.services().get(stored.service).map(Arc::clone);
            let (international, id) = (stored.international, stored.id);
            let message = service.as_ref().and_then(|service| stored.restore(service));
            // The file also holds the templates of each service.
            let (Some(service), Some(message)) = (service, message) else {
                return Err(damaged(format!(
                    "message {id} names a service, a template or a course of events that is not in it"
                )));
            };
            if let Some((status, at)) = set {
                message.set_status(status, at);
            }
            let message = service.accept(message, international);
            // A message that had reached its final status had its receipt posted then.
            if message.final_status_at(app.step) > now {
                app.schedule_receipt(&service, &message);
            }
        }
        for text in texts {
            match app.services().get(text.service_id) {
                Some(service) => service.inbox.add(text),
                None => {
                    return Err(damaged(format!("received text {} belongs to no service in it", text.id)));
                }
            }
        }
        for document in documents {
            let (id, document) = document.restore();
            app.documents.keep(id, document, now);
        }
        Ok(app)
    }
}
