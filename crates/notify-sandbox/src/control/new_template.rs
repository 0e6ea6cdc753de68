//! A template that a test adds.

use uuid::Uuid;

use crate::python::id;
use crate::world::{MessageType, TemplateConfig};

/// A template to [add](crate::Control::add_template) to a service.
///
/// ```
/// use notify_sandbox::{NewTemplate, Sandbox, TemplateContent};
///
/// let sandbox = Sandbox::start()?;
/// let service = &sandbox.services()[0].id;
/// let content = TemplateContent::Sms { body: "Hello ((name)), see you at ((time))." };
/// let id = sandbox.add_template(service, NewTemplate::new("Reminder", content))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a template does nothing until it is added"]
pub struct NewTemplate {
    pub(super) config: TemplateConfig,
}

/// What a template says, in the type of message that it is for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum TemplateContent<'a> {
    /// A template for text messages.
    Sms {
        /// The text.
        body: &'a str,
    },
    /// A template for e-mails.
    Email {
        /// The subject.
        subject: &'a str,
        /// The text in Markdown.
        body: &'a str,
    },
    /// A template for letters, sent second class.
    Letter {
        /// The heading.
        subject: &'a str,
        /// The text in Markdown.
        body: &'a str,
    },
}

impl NewTemplate {
    /// A template with this name and content.
    pub fn new(name: &str, content: TemplateContent<'_>) -> Self {
        let (message_type, subject, body) = match content {
            TemplateContent::Sms { body } => (MessageType::Sms, None, body),
            TemplateContent::Email { subject, body } => (MessageType::Email, Some(subject), body),
            TemplateContent::Letter { subject, body } => (MessageType::Letter, Some(subject), body),
        };
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
