//! The control API, with which a test drives a running sandbox: in Rust as [`Control`], over HTTP as [`ControlApi`].

mod access;
mod callback_receiver;
mod error;
mod http_api;
mod incoming_text;
mod key;
mod messages;
mod new_template;
mod preview;
mod sent;
mod services;

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use crate::app::App;
use crate::app::events::Event;
use crate::faults::Fault;
use crate::state::Change;
use crate::time::{Clock, ClockState};

pub(crate) use access::{Access, Denied, PAGE, TOKEN};
pub use callback_receiver::CallbackReceiver;
pub use error::ControlError;
pub(crate) use http_api::{Answer, ControlApi};
pub use incoming_text::IncomingText;
pub use key::{Key, NewKey};
pub use new_template::{NewTemplate, TemplateContent};
pub use sent::{Messages, SentMessage};
pub use services::ServiceInfo;

/// Controls a running sandbox. Every [`Sandbox`](crate::Sandbox) dereferences to one. Clones act on the same sandbox,
/// and may outlive it.
#[derive(Clone)]
pub struct Control {
    app: Arc<App>,
    /// What the clock showed at the start.
    clock: ClockState,
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

    /// The sandbox's clock.
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// Injects a fault. Faults that were injected earlier come first.
    pub fn inject_fault(&self, fault: Fault) {
        self.app.faults.add(fault);
        self.app.events.publish(|| Event::Faults);
    }

    /// The faults that are not used up.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list()
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
        self.app.events.publish(|| Event::Faults);
    }

    /// Resets the sandbox to its start: services and clock as they were, no messages, no faults, no callbacks.
    ///
    /// # Errors
    ///
    /// If the state file cannot be written.
    pub fn reset(&self) -> Result<(), ControlError> {
        let mut services = self.app.services_mut();
        self.app.store.record(&Change::Reset(services.world()))?;
        self.app.jobs.clear();
        self.app.faults.clear();
        self.app.documents.clear();
        self.app.callbacks.clear();
        self.app.refused.clear();
        self.app.clock.restore(self.clock);
        services.reset(self.app.clock.timestamp());
        self.app.events.publish(|| Event::Reset);
        Ok(())
    }
}
