//! What the service says in its own words, so that a value such as `message` does not mask them.

use std::ops::Range;

use super::classify::own_texts;

/// What follows, in messages without an echo, after the texts by which a refusal is recognised
/// (docs/service-behaviour.md#classes).
const FURTHER: [&str; 30] = [
    "Your message is too long. Text messages cannot be longer than ",
    " characters. Your message is ",
    " characters long.",
    "Your message is too long",
    "Your message is empty",
    "Content for template has a character count greater than the limit of ",
    "Content has a character count greater than the limit of ",
    "Message is empty or just whitespace",
    "Number is not valid – double check the phone number you entered",
    "Not a valid email address",
    "Not a UK mobile number",
    " is not a valid phone number",
    "Template not found",
    "Template has been deleted",
    " template is not suitable for ",
    "File size too large: files must be smaller than 2MB",
    "Can’t send to this recipient using a team-only API key",
    "Can’t send to this recipient when service is in trial mode",
    "Cannot send letters when service is in trial mode",
    "Cannot send letters with a team api key",
    "Address must be at least 3 lines",
    "Address must be no more than 7 lines",
    "Address lines must not start with any of the following characters: ",
    "Last line of address must be a real UK postcode or another country",
    "Must be a real UK postcode",
    "The first 2 lines of the address",
    " is a required property",
    "Exceeded rate limit for key type ",
    " requests per 60 seconds",
    "Exceeded send limits (",
];

/// The parts of a message that are certainly the service's own.
pub(super) fn ranges(message: &str) -> Vec<Range<usize>> {
    let texts = own_texts().chain(FURTHER);
    texts.flat_map(|text| message.match_indices(text).map(|(at, text)| at..at + text.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RequestParts;
    use crate::redaction::Redaction;
    use serde_json::json;

    #[test]
    fn a_value_that_is_a_word_of_the_services_masks_only_its_echo() {
        let body = json!({"phone_number": "message", "personalisation": {"n": "is"}});
        let redaction = Redaction::of(&RequestParts::new("/").json(&body).unwrap());
        for text in [
            "Your message is too long. Text messages cannot be longer than 918 characters. Your message is 919 characters long.",
            "Number is not valid – double check the phone number you entered",
            "Your message is empty.",
        ] {
            assert_eq!(redaction.apply(text, ranges), text);
        }
        assert_eq!(
            redaction.apply("message is not a valid phone number", ranges),
            "… is not a valid phone number"
        );
        // A value that only begins with the service's words is an echo as a whole.
        let longer = json!({"reference": "Your message is empty, Kim"});
        let longer = Redaction::of(&RequestParts::new("/").json(&longer).unwrap());
        assert_eq!(longer.apply("not Your message is empty, Kim", ranges), "not …");
    }
}
