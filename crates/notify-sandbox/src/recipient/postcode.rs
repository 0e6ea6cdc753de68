//! British postcodes.

use crate::render::content::whitespace;

/// The areas that begin a postcode, the British forces' among them.
const AREAS: [&str; 127] = [
    "AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB", "CF",
    "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E",
    "EC", "EH", "EN", "EX", "FK", "FY", "G", "GIR", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS",
    "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN",
    "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH",
    "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR",
    "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD",
    "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
];

/// Writes a postcode in the standard form, upper case with one space; `None` if it is not a postcode.
pub(crate) fn format(text: &str) -> Option<String> {
    let code: String =
        text.chars().filter(|c| !whitespace::is_ignorable(*c)).flat_map(char::to_uppercase).collect();
    if !code.is_ascii() || code.len() < 5 {
        return None;
    }
    let (outward, inward) = code.split_at(code.len() - 3);
    (is_outward(outward) && is_inward(inward)).then(|| format!("{outward} {inward}"))
}

/// An area, a digit, and perhaps another digit or a letter.
fn is_outward(code: &str) -> bool {
    AREAS.iter().filter_map(|area| code.strip_prefix(area)).any(
        |district| matches!(district.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9' | b'A'..=b'Z']),
    )
}

/// A digit and two letters, of which six are never used because they are easily misread.
fn is_inward(code: &str) -> bool {
    let is_letter = |c: u8| c.is_ascii_uppercase() && !b"CIKMOV".contains(&c);
    matches!(code.as_bytes(), [b'0'..=b'9', first, second] if is_letter(*first) && is_letter(*second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_and_case_do_not_matter_but_every_character_does() {
        assert_eq!(format(" e c1a\u{200b}1b\u{a0}b\t").as_deref(), Some("EC1A 1BB"));
        for wrong in ["", "1", "EC1A 1B", "EC1A 1BC", "ECA 1BB", "QQ1 1AA", "E111 1AA", "E1 1AÀ"] {
            assert_eq!(format(wrong), None, "{wrong}");
        }
    }
}
