//! The service's verdict on the text of a letter, without a service: for programs that check a list before they send it.

use crate::python::json::{self, Value};
use crate::render::content::{Personalisation, Template, letter};

/// How many bytes a QR code may hold so that a phone can still read it from paper.
pub const LONGEST_QR_CODE: usize = letter::LONGEST_QR_CODE;

/// The size in bytes of a letter's first QR code that is too long. GOV.UK Notify refuses such a letter. A QR code is the
/// rest of a paragraph after `qr:`, with the placeholders of the body filled in. The values are a JSON object.
///
/// ```
/// use notify_sandbox::letters::too_long_qr_code;
///
/// let values = |link: &str| format!(r#"{{"link": "{link}"}}"#);
/// assert_eq!(too_long_qr_code("Scan this:\n\nqr: ((link))", &values("https://www.gov.uk")), None);
/// assert_eq!(too_long_qr_code("Scan this:\n\nqr: ((link))", &values(&"x".repeat(505))), Some(505));
/// ```
pub fn too_long_qr_code(body: &str, values: &str) -> Option<usize> {
    let Ok(Value::Object(values)) = json::read(values.as_bytes()) else { return None };
    let codes = letter::qr_codes(&Template::parse(body), &Personalisation::from(&values));
    codes.iter().map(String::len).find(|length| *length > LONGEST_QR_CODE)
}
