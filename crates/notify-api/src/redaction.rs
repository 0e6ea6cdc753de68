//! Hides the values of a request wherever the service echoes them.

use std::ops::Range;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::RequestParts;
use crate::model::base64;

const MASK: &str = "…";

/// How many bytes of a message are shown. The service's own messages are much shorter, not counting echoes. We do not
/// search a longer one for the values of the request, which would cost a server nothing and us time.
pub(crate) const LONGEST: usize = 2_000;

/// A content, or nothing if its base64 is too large for any message to show.
pub(crate) fn without_large(content: &bytes::Bytes) -> bytes::Bytes {
    if base64::encoded_len(content.len()) > LONGEST { bytes::Bytes::new() } else { content.clone() }
}

/// The fields of a request whose values identify nobody: the service's own ids and words.
const PUBLIC_FIELDS: [&str; 6] =
    ["template_id", "sms_sender_id", "email_reply_to_id", "postage", "scheduled_for", "retention_period"];

/// The query parameters whose values identify somebody.
const PRIVATE_PARAMETERS: [&str; 1] = ["reference"];

/// How every token begins.
const TOKEN_START: &str = "eyJ";

/// How the service goes on after the value that it echoes.
const AFTER_ECHO: [&str; 2] = [" is not of type ", " is too long"];

/// The values of one request that must not be shown.
#[derive(Default)]
pub(crate) struct Redaction {
    values: Vec<String>,
}

impl Redaction {
    pub(crate) fn of(request: &RequestParts) -> Self {
        let mut redaction = Self::default();
        if let Some(Ok(body)) = request.echoed_body().map(|body| serde_json::from_slice(body)) {
            redaction.collect(None, &body);
        }
        for (name, value) in request.query_str().split('&').filter_map(|pair| pair.split_once('=')) {
            if PRIVATE_PARAMETERS.contains(&name) {
                redaction.add(&percent_decode_str(value).decode_utf8_lossy());
            }
        }
        // The longest come first, so that no part of a value is left over after masking a shorter value inside it.
        redaction.values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
        redaction.values.dedup();
        redaction
    }

    fn collect(&mut self, field: Option<&str>, value: &Value) {
        match value {
            _ if field.is_some_and(|field| PUBLIC_FIELDS.contains(&field)) => {}
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.add(&number.to_string()),
            Value::String(text) => self.add(text),
            Value::Array(items) => items.iter().for_each(|item| self.collect(None, item)),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| self.collect(Some(name), value)),
        }
    }

    fn add(&mut self, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.values.push(value.to_owned());
            // The service strips quotes from its messages.
            let unquoted = value.replace(['\'', '"'], "");
            if unquoted.len() != value.len() && !unquoted.is_empty() {
                self.values.push(unquoted);
            }
        }
    }

    /// The message with the request's values and token masked. The service's own words, which `own_words` finds, are
    /// never taken for an echo.
    pub(crate) fn apply(&self, message: &str, own_words: fn(&str) -> Vec<Range<usize>>) -> String {
        let message = mask_tokens(&mask_echo(message));
        if message.len() > LONGEST {
            return MASK.to_owned();
        }
        self.values.iter().fold(message, |message, value| mask_value(&message, value, own_words))
    }
}

/// Masks what is between the field's name and the words that follow an echo, however the service spelt it.
fn mask_echo(message: &str) -> String {
    for after in AFTER_ECHO {
        if let (Some((field, _)), Some(end)) = (message.split_once(' '), message.rfind(after))
            && field.len() < end
            // A field, not the beginning of a sentence such as "Your message is too long".
            && field.starts_with(|c: char| c.is_ascii_lowercase())
        {
            return format!("{field} {MASK}{}", &message[end..]);
        }
    }
    message.to_owned()
}

/// Masks everything that could be a token: each begins with the base64 of `{"`.
fn mask_tokens(message: &str) -> String {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut parts = message.split(TOKEN_START);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Its claims begin in the same way, right after its header.
        if !masked.ends_with(MASK) {
            masked.push_str(MASK);
        }
        masked.push_str(part.trim_start_matches(is_of_token));
    }
    masked
}

/// Masks `value` if it is a whole word, so that a value of `a` leaves the other words readable.
fn mask_value(message: &str, value: &str, own_words: fn(&str) -> Vec<Range<usize>>) -> String {
    if !message.contains(value) {
        return message.to_owned();
    }
    let own = own_words(message);
    let is_own = |at: usize| own.iter().any(|Range { start, end }| *start <= at && at + value.len() <= *end);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut masked = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(value) {
        let (before, found) = rest.split_at(at);
        let after = &found[value.len()..];
        let previous = before.chars().next_back().or_else(|| masked.chars().next_back());
        let is_kept = is_own(message.len() - found.len())
            || is_word(previous) && is_word(value.chars().next())
            || is_word(value.chars().next_back()) && is_word(after.chars().next());
        masked.push_str(before);
        if is_kept {
            let first = value.chars().next().map_or(0, char::len_utf8);
            masked.push_str(&found[..first]);
            rest = &found[first..];
        } else {
            masked.push_str(MASK);
            rest = after;
        }
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{File, TemplateId};
    use crate::{Endpoint as _, SendEmail, SendPrecompiledLetter};
    use serde_json::json;

    /// As if the service had no words of its own.
    const NO_WORDS: fn(&str) -> Vec<Range<usize>> = |_| Vec::new();

    fn redaction(body: &Value) -> Redaction {
        Redaction::of(&RequestParts::new("/").json(body).unwrap())
    }

    #[test]
    fn what_the_service_echoes_is_masked() {
        let redaction = redaction(
            &json!({"phone_number": "07700900123", "reference": "r'1", "personalisation": {"n": ["Kim"]}}),
        );
        assert_eq!(redaction.apply("bad number 07700900123, said Kim", NO_WORDS), "bad number …, said …");
        assert_eq!(redaction.apply("no r1 here", NO_WORDS), "no … here");
        assert_eq!(redaction.apply("Kimono shops", NO_WORDS), "Kimono shops");
    }

    #[test]
    fn an_echo_is_masked_however_it_is_spelt() {
        let redaction = redaction(&json!({"personalisation": "x"}));
        assert_eq!(
            redaction.apply("personalisation {a: 1} is not of type object", NO_WORDS),
            "personalisation … is not of type object"
        );
        assert_eq!(redaction.apply("reference aaa aaa is too long", NO_WORDS), "reference … is too long");
    }

    #[test]
    fn what_the_service_says_in_its_own_words_stays() {
        for text in ["Your message is too long", "Cannot create a usable QR code - the link is too long"] {
            assert_eq!(redaction(&json!({"phone_number": "07700900123"})).apply(text, NO_WORDS), text);
        }
    }

    #[test]
    fn short_values_leave_the_words_readable() {
        let redaction = redaction(&json!({"personalisation": {"a": "e", "b": 5}}));
        assert_eq!(
            redaction.apply("Missing personalisation: name", NO_WORDS),
            "Missing personalisation: name"
        );
        assert_eq!(redaction.apply("e is 5", NO_WORDS), "… is …");
    }

    #[test]
    fn ids_of_the_services_own_things_stay() {
        let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
        let redaction = redaction(&json!({"sms_sender_id": id, "reference": "x"}));
        let message = format!("sms_sender_id {id} does not exist in database for service id y");
        assert_eq!(redaction.apply(&message, NO_WORDS), message);
    }

    #[test]
    fn a_token_is_masked_anywhere_in_the_text() {
        let message = "not eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.-a_b, nor Bearer eyJhbGciOiJIUzI1NiJ9";
        assert_eq!(Redaction::default().apply(message, NO_WORDS), "not …, nor Bearer …");
    }

    #[test]
    fn a_file_is_not_looked_through_and_its_name_is_masked() {
        let file = File::new(vec![b'x'; File::MAX_BYTES]).filename("kim-7.csv");
        let request = SendEmail::new(TemplateId::from_bytes([0; 16]), "kim@example.com").file("f", file);
        let request = request.request().unwrap();
        assert!(request.body().unwrap().len() > File::MAX_BYTES);
        assert!(request.echoed_body().unwrap().len() < 300);
        let redaction = Redaction::of(&request);
        assert_eq!(redaction.apply("kim-7.csv of kim@example.com", NO_WORDS), "… of …");
        let pdf = [b"%PDF-1.4", &[b'x'; LONGEST][..]].concat();
        let letter = SendPrecompiledLetter::new("kim 7", pdf).request().unwrap();
        assert_eq!(letter.echoed_body().unwrap(), r#"{"reference":"kim 7","content":""}"#);
        assert_eq!(Redaction::of(&letter).apply("no kim 7", NO_WORDS), "no …");
    }

    #[test]
    fn a_file_that_a_message_could_show_is_masked() {
        let id = TemplateId::from_bytes([0; 16]);
        let email = SendEmail::new(id, "kim@example.com").file("f", File::new("kim")).request().unwrap();
        assert_eq!(Redaction::of(&email).apply("no a2lt", NO_WORDS), "no …");
        let letter = SendPrecompiledLetter::new("r", &b"%PDF-1.4"[..]).request().unwrap();
        assert_eq!(Redaction::of(&letter).apply("no JVBERi0xLjQ=", NO_WORDS), "no …");
    }

    #[test]
    fn the_reference_of_a_query_is_masked() {
        let redaction =
            Redaction::of(&RequestParts::new("/").query("status", "created").query("reference", "kim 7"));
        assert_eq!(redaction.apply("created for kim 7", NO_WORDS), "created for …");
    }
}
