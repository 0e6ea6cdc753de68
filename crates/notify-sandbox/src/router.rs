//! Which path means what, and which methods it takes. Both are settled before anybody asks who is calling.

use percent_encoding::percent_decode_str;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Messages,
    /// A message by its id; for `POST`, the type of message to send.
    Message(String),
    LetterPdf(String),
    Template(String),
    TemplateVersion(String, u64),
    TemplatePreview(String),
    Templates,
    ReceivedTexts,
    /// A file that an e-mail links to, by service and document.
    File(String, String),
    /// A path of the service's website, which one official client asks for.
    TemplateVersions,
    /// Whether the service is up.
    Health,
}

impl Resource {
    /// Finds what a path leads to. A slash too many at the front does no harm, one at the end does.
    pub(crate) fn find(path: &str) -> Option<Self> {
        let path = percent_decode_str(path).decode_utf8_lossy();
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if segments.contains(&"") {
            return None;
        }
        Some(match segments[..] {
            ["v2", "notifications"] => Self::Messages,
            ["v2", "notifications", id] => Self::Message(id.to_owned()),
            ["v2", "notifications", id, "pdf"] => Self::LetterPdf(id.to_owned()),
            ["v2", "template", id] => Self::Template(id.to_owned()),
            ["v2", "template", id, "version", version] => {
                Self::TemplateVersion(id.to_owned(), number(version)?)
            }
            ["v2", "template", id, "preview"] => Self::TemplatePreview(id.to_owned()),
            ["v2", "templates"] => Self::Templates,
            ["v2", "received-text-messages"] => Self::ReceivedTexts,
            ["d", service, document] => Self::File(service.to_owned(), document.to_owned()),
            ["service", _, "template", _, "versions"] => Self::TemplateVersions,
            ["_status"] => Self::Health,
            _ => return None,
        })
    }

    /// The methods that the resource takes, as the `Allow` header lists them.
    pub(crate) const fn allowed(&self) -> &'static str {
        match self {
            Self::Message(_) => "OPTIONS, GET, HEAD, POST",
            Self::TemplatePreview(_) => "OPTIONS, POST",
            _ => "OPTIONS, GET, HEAD",
        }
    }

    pub(crate) fn allows(&self, method: &str) -> bool {
        self.allowed().split(", ").any(|allowed| allowed == method)
    }
}

/// Digits only. A number too long for us is as unknown to the service as any other that is too high.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_whole_or_not_at_all() {
        assert_eq!(Resource::find("/v2/notifications"), Some(Resource::Messages));
        assert_eq!(Resource::find("//v2/notifications"), Some(Resource::Messages));
        assert_eq!(
            Resource::find("/v2/template/a%20b/version/07"),
            Some(Resource::TemplateVersion("a b".to_owned(), 7))
        );
        for path in [
            "/",
            "",
            "/v2",
            "/v2/",
            "/v2/notifications/",
            "/v2//notifications",
            "/v2/template/x/version/-1",
            "/v2/template/x/version/",
            "/v2/template/x/version/1a",
            "/V2/notifications",
        ] {
            assert_eq!(Resource::find(path), None, "{path}");
        }
    }

    #[test]
    fn methods_are_case_sensitive_words() {
        assert!(Resource::Messages.allows("HEAD"));
        assert!(!Resource::Messages.allows("POST"));
        assert!(!Resource::Messages.allows("get"));
        assert!(Resource::Message(String::new()).allows("POST"));
    }
}
