//! What a text abroad costs, as a multiple of a domestic one, and which countries can be reached at all.
//!
//! The service publishes one multiplier per prefix and revises the list about once a year. The prefixes here are those of
//! the list that has been in force since April 2025; so are the multipliers that are known from it, the others are of
//! July 2024.

/// The multiplier for numbers of Jersey, Guernsey and the Isle of Man, which share their prefix with the mainland.
pub(super) const CROWN_DEPENDENCIES: u32 = 2;

/// Prefixes by multiplier. Four digits are an area behind +1 with a price of its own.
const PREFIXES: &[(u32, &[u16])] = &[
    (
        1,
        &[
            1, 44, 48, 56, 57, 60, 63, 65, 254, 255, 263, 375, 381, 389, 423, 593, 598, 673, 677, 692, 853,
            968, 974, 1721, 1809, 1829, 1849,
        ],
    ),
    (
        2,
        &[
            27, 30, 33, 34, 39, 40, 41, 45, 46, 51, 52, 53, 55, 58, 61, 62, 66, 82, 84, 86, 90, 92, 94, 95,
            98, 211, 212, 213, 216, 218, 220, 221, 222, 223, 225, 228, 231, 232, 233, 237, 239, 240, 241,
            246, 248, 249, 250, 251, 252, 253, 256, 258, 260, 261, 262, 264, 265, 266, 267, 268, 269, 298,
            299, 350, 351, 352, 354, 355, 356, 357, 370, 371, 372, 376, 377, 382, 385, 386, 387, 421, 500,
            503, 504, 506, 507, 508, 590, 592, 594, 595, 596, 670, 674, 675, 676, 678, 679, 689, 691, 856,
            886, 960, 961, 962, 964, 965, 966, 967, 971, 975, 976, 977, 992, 993, 994, 995, 996, 998, 1242,
        ],
    ),
    (
        3,
        &[
            31, 32, 36, 43, 47, 54, 64, 81, 91, 93, 224, 226, 227, 229, 235, 236, 238, 242, 243, 244, 245,
            257, 297, 353, 358, 373, 374, 501, 502, 505, 509, 591, 599, 672, 680, 685, 687, 852, 855, 880,
            963, 972, 973, 1246, 1264, 1268, 1284, 1345, 1441, 1473, 1649, 1684, 1758, 1767, 1784, 1868,
            1869, 1876,
        ],
    ),
    (4, &[230, 234, 291, 359, 380, 383, 420, 597, 681, 682, 686, 970]),
    (5, &[49]),
    (6, &[1664]),
    (7, &[20]),
    (8, &[378, 683, 690]),
    (10, &[7]),
];

/// The prefix by which a number's price is looked up.
pub(super) fn prefix(country_code: i32, e164: &str) -> String {
    match e164.get(..4) {
        Some(area) if country_code == 1 && find(area).is_some() => area.to_owned(),
        _ => country_code.to_string(),
    }
}

/// The multiplier of a prefix; that of domestic texts where there is none.
pub(super) fn multiplier(prefix: &str) -> u32 {
    find(prefix).unwrap_or(1)
}

/// Whether the service sends texts to numbers with this country code.
pub(super) fn is_supported(country_code: i32) -> bool {
    find(&country_code.to_string()).is_some()
}

fn find(prefix: &str) -> Option<u32> {
    let prefix = prefix.parse().ok()?;
    PREFIXES.iter().find(|(_, prefixes)| prefixes.contains(&prefix)).map(|(multiplier, _)| *multiplier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_prefix_has_one_price() {
        let mut all: Vec<u16> = PREFIXES.iter().flat_map(|(_, prefixes)| prefixes.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn islands_behind_plus_one_have_prices_of_their_own() {
        assert_eq!(prefix(1, "16644913789"), "1664");
        assert_eq!(prefix(1, "12025550104"), "1");
        assert_eq!(prefix(44, "447700900000"), "44");
        assert!(is_supported(1) && !is_supported(870));
    }
}
