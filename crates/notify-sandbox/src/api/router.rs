//! Finds the resource at a path, and the methods that it takes. Both are checked before authentication.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What is escaped in the path of a redirect.
pub(super) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'@');

/// Where a request leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// To a resource that takes the method.
    Found(Resource),
    /// To a resource that takes other methods.
    MethodNotAllowed(Resource),
    /// To the same path with single slashes.
    Moved(String),
    Nowhere,
}

impl Route {
    /// Finds where a request leads. Extra slashes at the front are ignored, extra slashes within the path redirect, and a
    /// slash at the end leads nowhere.
    pub(crate) fn find(method: &str, path: &str) -> Self {
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = path.trim_start_matches('/');
        let segments: Vec<&str> = path.split('/').collect();
        if let Some(resource) = Resource::at(&segments) {
            return if resource.allows(method) {
                Self::Found(resource)
            } else {
                Self::MethodNotAllowed(resource)
            };
        }
        // A path may still end with a slash after its slashes are merged.
        let (last, before) = segments.split_last().expect("a text splits into one part at least");
        let merged: Vec<&str> =
            before.iter().copied().filter(|segment| !segment.is_empty()).chain([*last]).collect();
        match Resource::at(&merged) {
            Some(resource) if resource.allows(method) => {
                Self::Moved(format!("/{}", utf8_percent_encode(&merged.join("/"), ESCAPED)))
            }
            Some(resource) => Self::MethodNotAllowed(resource),
            None => Self::Nowhere,
        }
    }
}

/// A resource of the API.
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
    /// A path of the service's website that one official client requests.
    TemplateVersions,
    /// Whether the service is up.
    Health,
}

impl Resource {
    /// The resource at a path. None of its segments may be empty.
    fn at(segments: &[&str]) -> Option<Self> {
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

    fn allows(&self, method: &str) -> bool {
        self.allowed().split(", ").any(|allowed| allowed == method)
    }
}

/// A number of digits only. One that overflows is as unknown to the service as any other that is too high.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Route {
        Route::find("GET", path)
    }

    #[test]
    fn paths_are_found_whole_or_not_at_all() {
        assert_eq!(get("/v2/notifications"), Route::Found(Resource::Messages));
        assert_eq!(get("//v2/notifications"), Route::Found(Resource::Messages));
        assert_eq!(
            get("/v2/template/a%20b/version/07"),
            Route::Found(Resource::TemplateVersion("a b".to_owned(), 7))
        );
        for path in [
            "/",
            "",
            "/v2",
            "/v2/",
            "/v2/notifications/",
            "/v2/notifications//",
            "/v2/notifications//x/",
            "/v2/template/x/version/-1",
            "/v2/template/x/version//-1",
            "/v2/template/x/version/",
            "/v2/template/x/version/1a",
            "/V2/notifications",
        ] {
            assert_eq!(get(path), Route::Nowhere, "{path}");
        }
    }

    #[test]
    fn slashes_within_a_path_are_merged_by_a_redirect_if_the_method_is_taken_there() {
        for (path, moved) in [
            ("/v2//notifications", "/v2/notifications"),
            ("///v2////notifications///x", "/v2/notifications/x"),
            ("/v2/notifications//pdf", "/v2/notifications/pdf"),
            ("/v2/notifications//a%20b%3F%22%C3%A9;c", "/v2/notifications/a%20b%3F%22%C3%A9;c"),
            ("/v2/notifications//a%252Fb", "/v2/notifications/a%252Fb"),
        ] {
            assert_eq!(get(path), Route::Moved(moved.to_owned()), "{path}");
        }
        let template = Route::MethodNotAllowed(Resource::Template("preview".to_owned()));
        assert_eq!(Route::find("POST", "/v2/template//preview"), template);
    }

    #[test]
    fn methods_are_case_sensitive_words() {
        assert!(Resource::Messages.allows("HEAD"));
        assert!(!Resource::Messages.allows("POST"));
        assert!(!Resource::Messages.allows("get"));
        assert!(Resource::Message(String::new()).allows("POST"));
    }
}
