//! The operations of the API, one per file.

/// Setters for the placeholders of a template.
macro_rules! personalisation_options {
    () => {
        /// Fills a placeholder of the template.
        pub fn personalisation(
            mut self,
            name: impl Into<String>,
            value: impl Into<crate::model::PersonalisationValue>,
        ) -> Self {
            self.personalisation.insert(name, value);
            self
        }

        /// Fills several placeholders of the template.
        pub fn personalisations<N, V>(mut self, values: impl IntoIterator<Item = (N, V)>) -> Self
        where
            N: Into<String>,
            V: Into<crate::model::PersonalisationValue>,
        {
            for (name, value) in values {
                self.personalisation.insert(name, value);
            }
            self
        }
    };
}

/// Setters for the optional parts that every message made from a template has.
macro_rules! message_options {
    () => {
        crate::endpoints::personalisation_options!();

        /// Sets a text by which to find the message, up to 1,000 characters. No service requires it to be unique.
        pub fn reference(mut self, reference: impl Into<String>) -> Self {
            self.reference = Some(Reference::new(reference));
            self
        }

        /// Sets a reference that no other message of the service has, or will ever have.
        ///
        /// If the answer is lost, the client looks the message up by this reference, and sends it again only if the
        /// service certainly did not take it. If the reference is not unique, the lookup may mistake another message
        /// for this one.
        pub fn unique_reference(mut self, reference: impl Into<String>) -> Self {
            self.reference = Some(Reference::unique(reference));
            self
        }

        /// Sets a random reference, and treats it as [`unique_reference`](Self::unique_reference) does.
        ///
        /// Store it before you send the message, with [`reference_text`](Self::reference_text). Then you can look the
        /// message up even if the program dies.
        pub fn generate_reference(mut self) -> Self {
            self.reference = Some(Reference::generate());
            self
        }

        /// The reference of the message, if it has one, whether set or generated.
        pub fn reference_text(&self) -> Option<&str> {
            self.reference.as_ref().map(Reference::text)
        }
    };
}

/// What [`Endpoint`](crate::Endpoint) asks of the answer to a message that was made from a template; `$found` makes it of
/// a message that a lookup found.
macro_rules! answered_with_its_template {
    ($found:expr) => {
        fn is_about(answer: &Self::Response, identity: &crate::Identity) -> bool {
            identity.is_answered_by(answer.reference.as_deref(), Some(answer.template.id))
        }

        fn found(message: crate::model::Notification) -> Option<Self::Response> {
            $found(message)
        }

        fn decode(raw: &crate::RawResponse) -> Result<Self::Response, crate::Error> {
            raw.json()
        }
    };
}

/// `Debug` for a message made from a template, without its recipient and its values.
macro_rules! message_debug {
    ($message:ident) => {
        impl std::fmt::Debug for $message {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($message))
                    .field("template_id", &self.template_id)
                    .field("personalisation", &self.personalisation)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use answered_with_its_template;
pub(crate) use message_debug;
pub(crate) use message_options;
pub(crate) use personalisation_options;

mod get_letter_pdf;
mod get_notification;
mod get_template;
mod get_template_version;
mod list_notifications;
mod list_received_text_messages;
mod list_templates;
mod pdf;
mod preview_template;
mod send_email;
mod send_letter;
mod send_precompiled_letter;
mod send_sms;

pub use get_letter_pdf::GetLetterPdf;
pub use get_notification::GetNotification;
pub use get_template::GetTemplate;
pub use get_template_version::GetTemplateVersion;
pub use list_notifications::ListNotifications;
pub use list_received_text_messages::ListReceivedTextMessages;
pub use list_templates::ListTemplates;
pub use preview_template::PreviewTemplate;
pub use send_email::SendEmail;
pub use send_letter::SendLetter;
pub use send_precompiled_letter::SendPrecompiledLetter;
pub use send_sms::SendSms;
