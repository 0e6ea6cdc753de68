//! The tester's hand on a running sandbox. The [`Door`] offers the same to programs in other languages, over HTTP.

mod error;
mod http_api;
mod key;
mod messages;
mod new_template;
mod sent;
mod services;

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use crate::app::App;
use crate::faults::Fault;
use crate::state::Change;
use crate::time::{Clock, Reading};

pub use error::ControlError;
pub(crate) use http_api::Door;
pub use key::Key;
pub use new_template::NewTemplate;
pub use sent::{Messages, SentMessage};
pub use services::ServiceInfo;

/// What a tester can do with a sandbox while it runs. A [`Sandbox`](crate::Sandbox) is one; clones act on the same
/// sandbox, and outlive it without harm.
#[derive(Clone)]
pub struct Control {
    app: Arc<App>,
    /// How the clock stood at the start.
    clock: Reading,
}

impl Debug for Control {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}

/// Time and faults.
impl Control {
    pub(crate) fn new(app: Arc<App>) -> Self {
        let clock = app.clock.remember();
        Self { app, clock }
    }

    /// The clock that everything in the sandbox follows.
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// Orders a fault, behind those that were ordered before.
    pub fn order(&self, fault: Fault) {
        self.app.faults.order(fault);
    }

    /// The faults that are not used up.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list()
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Makes the sandbox as it was at the start: services, clock, nothing sent or received, no faults, no callbacks.
    ///
    /// # Errors
    ///
    /// If the state file cannot be written.
    pub fn reset(&self) -> Result<(), ControlError> {
        let mut services = self.app.services_mut();
        self.app.state.record(&Change::Reset(services.world()))?;
        self.app.agenda.clear();
        self.app.faults.clear();
        self.app.documents.clear();
        self.app.callbacks.clear();
        self.app.clock.restore(self.clock);
        services.reset(self.app.clock.timestamp());
        Ok(())
    }
}
