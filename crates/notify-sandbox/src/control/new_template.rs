//! A template that a test adds.

use uuid::Uuid;

use crate::python::id;
use crate::world::{MessageType, TemplateConfig};

/// A template to [add](crate::Control::add_template) to a service.
///
/// ```
/// use notify_sandbox::{NewTemplate, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// let service = &sandbox.services()[0].id;
/// let id = sandbox.add_template(service, NewTemplate::sms("Reminder", "Hello ((name)), see you at ((time))."))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a template does nothing until it is added"]
pub struct NewTemplate {
    pub(super) config: TemplateConfig,
}

impl NewTemplate {
    fn new(message_type: MessageType, name: &str, subject: Option<&str>, body: &str) -> Self {
        let config = TemplateConfig {
            id: Uuid::new_v4(),
            current: true,
            version: 1,
            name: name.to_owned(),
            message_type,
            subject: subject.map(str::to_owned),
            body: body.to_owned(),
            archived: false,
            hidden: false,
            postage: (message_type == MessageType::Letter).then(|| "second".to_owned()),
            created_at: None,
            updated_at: None,
            created_by: None,
            letter_contact_id: None,
            letter_contact_block: None,
            template_category_id: None,
        };
        Self { config }
    }

    /// A text message.
    pub fn sms(name: &str, body: &str) -> Self {
        Self::new(MessageType::Sms, name, None, body)
    }

    /// An e-mail.
    pub fn email(name: &str, subject: &str, body: &str) -> Self {
        Self::new(MessageType::Email, name, Some(subject), body)
    }

    /// A letter, sent second class.
    pub fn letter(name: &str, subject: &str, body: &str) -> Self {
        Self::new(MessageType::Letter, name, Some(subject), body)
    }

    /// Sets the id, instead of a new one. If the service already has that template, this becomes its next version.
    ///
    /// # Panics
    ///
    /// If it is not a UUID.
    #[track_caller]
    pub fn id(mut self, id: &str) -> Self {
        self.config.id = id::parse(id).expect("the id of a template is a UUID");
        self
    }
}

impl std::fmt::Debug for NewTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewTemplate")
            .field("id", &self.config.id)
            .field("name", &self.config.name)
            .finish_non_exhaustive()
    }
}
