//! Upper and lower case, as Python folds them.

/// Lower case, including final sigma. The service knows the letters of Unicode 15.1. Capitals added later are not
/// letters to it, so it leaves them unchanged.
pub(crate) fn lower(text: &str) -> String {
    let mut lowered = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_recent_capital) {
        match piece.char_indices().next_back() {
            Some((at, last)) if is_recent_capital(last) => {
                lowered.push_str(&piece[..at].to_lowercase());
                lowered.push(last);
            }
            _ => lowered.push_str(&piece.to_lowercase()),
        }
    }
    lowered
}

/// The capitals that Unicode 16 and 17 added: a letter of Khanty, letters of phonetics, Garay, and Beria Erfe.
fn is_recent_capital(c: char) -> bool {
    matches!(
        c,
        '\u{1c89}'
            | '\u{a7cb}'
            | '\u{a7cc}'
            | '\u{a7ce}'
            | '\u{a7d2}'
            | '\u{a7d4}'
            | '\u{a7da}'
            | '\u{a7dc}'
            | '\u{10d50}'..='\u{10d65}'
            | '\u{16ea0}'..='\u{16eb8}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sigma_at_the_end_of_a_word_is_a_final_one() {
        assert_eq!(lower("ΟΔΟΣ"), "οδος");
        assert_eq!(lower("ΟΔΟΣ’ Σ ΣΑΣ."), "οδος’ σ σας.");
        assert_eq!(lower("İÅẞ"), "i\u{307}åß");
    }

    #[test]
    fn capitals_that_the_service_does_not_know_yet_stay_unchanged() {
        assert_eq!(lower("A\u{1c89}ΑΣ\u{10d50}B\u{16eb8}"), "a\u{1c89}ας\u{10d50}b\u{16eb8}");
        assert_eq!(lower("\u{a7cb}"), "\u{a7cb}");
        assert_eq!(lower("\u{a7d0}"), "\u{a7d1}");
    }
}
