//! What a text to another country costs, as a multiple of a domestic one, whether a receipt comes back, and which
//! countries can be reached at all.
//!
//! The service publishes both for each prefix and revises the list about once a year; these are its figures of August
//! 2026.

/// The rate of one prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// How many domestic texts a text costs.
    pub(super) multiplier: u32,
    /// Whether networks there report that a text was delivered.
    pub(super) receipts: bool,
}

/// Prefixes by their rate: the multiplier, and whether receipts come. Four digits are an area of +1 with its own
/// rate. The entry for 44 applies only to Jersey, Guernsey and the Isle of Man, which share the code with the mainland.
const PREFIXES: &[(u32, bool, &[u16])] = &[
    (1, true, &[48, 66, 82, 90, 264, 389, 423, 506, 853]),
    (1, false, &[1, 86, 239, 299, 686]),
    (
        2,
        true,
        &[
            30, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 53, 55, 58, 61, 64, 65, 81, 91, 350, 351, 352,
            353, 354, 356, 357, 358, 370, 371, 372, 385, 420, 421, 503, 598, 673, 852,
        ],
    ),
    (2, false, &[56, 57, 246, 298, 373, 672, 677, 680, 681, 691, 692, 886, 1684, 1721]),
    (3, true, &[27, 31, 32, 244, 254, 267, 291, 355, 376, 387, 500, 687, 689, 971, 973]),
    (3, false, &[52, 54, 262, 266, 297, 595, 1242, 1809, 1829, 1849]),
    (4, true, &[220, 226, 230, 248, 258, 359, 377, 382, 386, 507, 590, 591, 968, 995]),
    (4, false, &[84, 253, 505, 508, 593, 594, 596, 676, 678, 682]),
    (5, true, &[49, 51, 63, 232, 237, 243, 374, 380, 501, 502, 679, 966, 1268, 1284]),
    (5, false, &[238, 252, 263, 383, 504, 670, 685]),
    (6, true, &[98, 212, 213, 224, 235, 375, 592, 675, 972, 974, 1264, 1345, 1473, 1649, 1664, 1869]),
    (6, false, &[222, 231, 240, 597, 674, 960, 967]),
    (7, true, &[20, 60, 221, 223, 242, 255, 256, 268, 381, 599, 965, 976, 1758, 1767, 1784, 1876]),
    (7, false, &[228, 229, 236, 269, 993, 1246, 1441, 1868]),
    (8, true, &[227, 233, 234, 241, 250, 260, 265, 855, 856, 962, 977, 996]),
    (8, false, &[211, 245, 249, 257, 378, 509, 683, 690]),
    (9, true, &[95, 216, 218, 251, 880, 961, 963, 964, 994]),
    (9, false, &[970]),
    (10, true, &[7, 93, 225, 992]),
    (10, false, &[975]),
    (12, true, &[62, 92, 94, 261, 998]),
];

/// The prefix for looking up a number's rate.
pub(super) fn prefix(country_code: u16, e164: &str) -> String {
    match e164.get(..4) {
        Some(area) if country_code == 1 && rate(area).is_some() => area.to_owned(),
        _ => country_code.to_string(),
    }
}

/// The rate of a prefix; none if the service sends no texts there.
pub(super) fn rate(prefix: &str) -> Option<Rate> {
    let prefix = prefix.parse().ok()?;
    let (multiplier, receipts, _) = PREFIXES.iter().find(|(_, _, prefixes)| prefixes.contains(&prefix))?;
    Some(Rate { multiplier: *multiplier, receipts: *receipts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_prefix_has_one_rate() {
        let mut all: Vec<u16> =
            PREFIXES.iter().flat_map(|(_, _, prefixes)| prefixes.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn islands_behind_plus_one_have_rates_of_their_own() {
        assert_eq!(prefix(1, "16644913789"), "1664");
        assert_eq!(prefix(1, "12025550104"), "1");
        assert_eq!(prefix(44, "447700900000"), "44");
        assert!(rate("1").is_some() && rate("870").is_none());
    }
}
