//! The form that words of an answer must have before they are shown.

/// Whether this can be a trace id: 32 hexadecimal digits, or what a load balancer put in their place
/// (docs/service-behaviour.md#basics). It cannot be a token (those have dots), an e-mail address, a phone number or a
/// sentence.
pub(super) fn is_trace_id(text: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=;:+/".contains(&byte);
    (16..=128).contains(&text.len()) && text.bytes().all(is_usual)
}

/// Whether this can be the class of an error: a name such as `BadRequestError`.
pub(super) fn is_class(text: &str) -> bool {
    let ends = ["Error", "Exception", "Exceeded", "Found", "Timeout"];
    text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphabetic())
        && ends.iter().any(|end| text.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_traces_look_like_ids() {
        for id in [
            "80f198ee56343ba864fe8b2a57d3eff7",
            "e457b5a2e4d86bd1",
            "Vd8PxWnUi0QUzVDV4GnrVd8PxWnUi0QUzVDV4Gnr8PxWnUi0QUzA==",
            "Root=1-67891233-abcdef012345678912345678",
        ] {
            assert!(is_trace_id(id), "{id}");
        }
        for other in [
            "",
            "+447900900123",
            "kim@example.com.example",
            "Amala Bird of High Street",
            "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiIifQ.c2lnbmF0dXJl",
        ] {
            assert!(!is_trace_id(other), "{other}");
        }
        assert!(!is_trace_id(&"a".repeat(129)));
    }

    #[test]
    fn classes_of_errors_look_like_classes() {
        for class in
            ["BadRequestError", "NoResultFound", "SoftEventletTimeout", "Exception", "RateLimitExceeded"]
        {
            assert!(is_class(class), "{class}");
        }
        for other in ["", "Kim", "+447900900123", "an Error", "Error\n", "a@b.Error"] {
            assert!(!is_class(other), "{other}");
        }
        assert!(!is_class(&"Error".repeat(13)));
    }
}
