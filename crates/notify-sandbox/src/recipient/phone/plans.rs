//! The numbering plans of the world: which numbers are assigned in each region, to what kind of service, and with
//! which dialling prefixes.

use std::sync::LazyLock;

use super::pattern::Pattern;

/// The plans of the version that the service uses, generated in advance; the file's head describes its format.
const TABLE: &str = include_str!("plans.txt");

static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
    let plans: Option<_> = TABLE.split("\nplan ").skip(1).map(Plan::read).collect();
    plans.expect("the table is well-formed, or no number could be read, not even in a test")
});

/// The numbering plan of a region.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) country_code: u16,
    /// Its two letters, or `001` for the world.
    pub(crate) region: &'static str,
    /// What is dialled within the region before a number; only for the main region of a country code.
    national_prefix: Option<NationalPrefix>,
    /// How the region's numbers begin, if that distinguishes them from those of its neighbours.
    leading_digits: Option<Pattern>,
    general: Numbers,
    kinds: Vec<(Kind, Numbers)>,
}

/// What precedes a national number: it is removed, or replaced.
#[derive(Debug)]
struct NationalPrefix {
    pattern: Pattern,
    /// With `$1` for what the first group captured, if the last one captured something.
    replacement: Option<&'static str>,
}

/// Numbers of one kind.
#[derive(Debug)]
struct Numbers {
    lengths: Lengths,
    /// Lengths that are enough for a local call; only for the main region of a country code.
    local_lengths: Lengths,
    pattern: Pattern,
}

/// A set of lengths, one bit each.
#[derive(Clone, Copy, Debug, Default)]
struct Lengths(u32);

/// What a number is used for. A number that may also be a mobile counts as a fixed line, because the service treats it
/// as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    PremiumRate,
    TollFree,
    SharedCost,
    Voip,
    PersonalNumber,
    Pager,
    /// A universal access number, of a company.
    Uan,
    Voicemail,
    FixedLine,
    Mobile,
}

/// How the length of a number compares with the lengths of its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Possible,
    /// Enough only for a local call.
    LocalOnly,
    TooShort,
    TooLong,
    /// Between two possible ones.
    Impossible,
}

/// The plans that share a country code, the main region's first; none if there is no such code.
pub(crate) fn with_country_code(code: u16) -> &'static [Plan] {
    let start = PLANS.partition_point(|plan| plan.country_code < code);
    let end = PLANS.partition_point(|plan| plan.country_code <= code);
    PLANS.get(start..end).unwrap_or_default()
}

/// The plan of the region that a number belongs to, and what it serves there, if it is assigned. If a region has its own
/// country code, all its numbers belong to it.
pub(crate) fn of_number(country_code: u16, national: &str) -> Option<(&'static Plan, Option<Kind>)> {
    match with_country_code(country_code) {
        [only] => Some((only, only.kind(national))),
        plans => plans.iter().find_map(|plan| plan.claim(national)),
    }
}

impl Plan {
    /// Parses its lines in the table; the first has the country code and the region.
    fn read(block: &'static str) -> Option<Self> {
        let mut lines = block.trim_end().lines();
        let (country_code, region) = lines.next()?.split_once(' ')?;
        let (mut national_prefix, mut leading_digits, mut general, mut kinds) =
            (None, None, None, Vec::new());
        for line in lines {
            let (name, columns) = line.split_once(' ')?;
            match name {
                "prefix" => {
                    let (pattern, replacement) = columns
                        .split_once(' ')
                        .map_or((columns, None), |(pattern, text)| (pattern, Some(text)));
                    national_prefix = Some(NationalPrefix { pattern: Pattern::new(pattern), replacement });
                }
                "leading" => leading_digits = Some(Pattern::new(columns)),
                "general" => general = Some(Numbers::read(columns)?),
                kind => kinds.push((Kind::read(kind)?, Numbers::read(columns)?)),
            }
        }
        let country_code = country_code.parse().ok()?;
        Some(Self { country_code, region, national_prefix, leading_digits, general: general?, kinds })
    }

    /// Whether a number is of the form that the region's numbers have in general.
    pub(crate) fn covers(&self, national: &str) -> bool {
        self.general.pattern.matches(national)
    }

    pub(crate) fn length(&self, national: &str) -> Length {
        let length = national.len();
        let Numbers { lengths, local_lengths, .. } = self.general;
        if local_lengths.contains(length) {
            Length::LocalOnly
        } else if lengths.contains(length) {
            Length::Possible
        } else if length < lengths.least() {
            Length::TooShort
        } else if length > lengths.most() {
            Length::TooLong
        } else {
            Length::Impossible
        }
    }

    /// What an assigned number serves; none if it is not assigned.
    fn kind(&self, national: &str) -> Option<Kind> {
        if !self.general.include(national) {
            return None;
        }
        self.kinds.iter().find(|(_, numbers)| numbers.include(national)).map(|(kind, _)| *kind)
    }

    /// The number without what is dialled before it within the region, unless it stops being a number by that.
    pub(crate) fn without_national_prefix(&self, national: &str) -> String {
        let stripped = self.national_prefix.as_ref().and_then(|prefix| prefix.take_off(national));
        stripped
            .filter(|stripped| self.covers(stripped) || !self.covers(national))
            .unwrap_or_else(|| national.to_owned())
    }

    /// The plan, and what a number of the country code serves, if it belongs to the region.
    fn claim(&self, national: &str) -> Option<(&Self, Option<Kind>)> {
        match &self.leading_digits {
            Some(leading) => leading.prefix(national).map(|_| (self, self.kind(national))),
            None => self.kind(national).map(|kind| (self, Some(kind))),
        }
    }
}

impl NationalPrefix {
    /// The number without the prefix, or with what replaces it.
    fn take_off(&self, national: &str) -> Option<String> {
        let prefix = self.pattern.prefix(national)?;
        let replacement = match prefix.groups.last() {
            Some(Some(_)) => self.replacement.unwrap_or_default(),
            _ => "",
        };
        let groups = prefix.groups.iter().enumerate();
        let replacement = groups.fold(replacement.to_owned(), |text, (index, group)| {
            text.replace(&format!("${}", index + 1), group.unwrap_or_default())
        });
        Some(replacement + prefix.rest)
    }
}

impl Numbers {
    fn include(&self, national: &str) -> bool {
        self.lengths.contains(national.len()) && self.pattern.matches(national)
    }

    /// Parses the columns of a line: lengths, local lengths if there are any, and the pattern.
    fn read(columns: &'static str) -> Option<Self> {
        let (lengths, columns) = columns.split_once(' ')?;
        let (local_lengths, pattern) =
            columns.split_once(' ').map_or((None, columns), |(local, pattern)| (Some(local), pattern));
        Some(Self {
            lengths: Lengths::read(lengths)?,
            local_lengths: local_lengths.map_or(Some(Lengths::default()), Lengths::read)?,
            pattern: Pattern::new(pattern),
        })
    }
}

impl Kind {
    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "premium_rate" => Self::PremiumRate,
            "toll_free" => Self::TollFree,
            "shared_cost" => Self::SharedCost,
            "voip" => Self::Voip,
            "personal_number" => Self::PersonalNumber,
            "pager" => Self::Pager,
            "uan" => Self::Uan,
            "voicemail" => Self::Voicemail,
            "fixed_line" => Self::FixedLine,
            "mobile" => Self::Mobile,
            _ => return None,
        })
    }
}

impl Lengths {
    fn contains(self, length: usize) -> bool {
        length < 32 && self.0 & 1 << length != 0
    }

    fn least(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    fn most(self) -> usize {
        31_usize.saturating_sub(self.0.leading_zeros() as usize)
    }

    fn read(text: &str) -> Option<Self> {
        let bits = text.split(',').map(|length| 1_u32.checked_shl(length.parse().ok()?));
        bits.sum::<Option<u32>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_codes_have_their_plans_with_the_main_region_first() {
        assert_eq!(PLANS.len(), TABLE.lines().filter(|line| line.starts_with("plan ")).count());
        assert!(PLANS.is_sorted_by_key(|plan| plan.country_code));
        let regions = |code| with_country_code(code).iter().map(|plan| plan.region).collect::<Vec<_>>();
        assert_eq!(regions(44), ["GB", "GG", "IM", "JE"]);
        assert_eq!(regions(1)[0], "US");
        assert_eq!(regions(870), ["001"]);
        assert!(regions(0).is_empty() && regions(210).is_empty() && regions(999).is_empty());
    }

    #[test]
    fn patterns_are_of_the_forms_that_are_matched() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.starts_with("plan "));
        for line in lines {
            let columns = line.split_once(' ').unwrap().1;
            let known = columns.replace("(?:", "(").replace(r"\d", "0");
            assert!(known.chars().all(|c| " 0123456789()[]{}|?,-$".contains(c)), "{line}");
            assert!(!known.contains("(?"), "{line}");
        }
    }

    #[test]
    fn lengths_are_distinguished() {
        let plan = &with_country_code(44)[0];
        for (digits, length) in [
            (3, Length::TooShort),
            (4, Length::LocalOnly),
            (7, Length::Possible),
            (8, Length::LocalOnly),
            (10, Length::Possible),
            (11, Length::TooLong),
            (300, Length::TooLong),
        ] {
            assert_eq!(plan.length(&"7".repeat(digits)), length, "{digits}");
        }
        let plan = &with_country_code(247)[0];
        assert_eq!(plan.length("7"), Length::TooShort);
    }

    #[test]
    fn what_is_dialled_before_a_number_is_taken_off_or_replaced() {
        for (code, dialled, national) in [
            (44, "07400123456", "7400123456"),
            (44, "7400123456", "7400123456"),
            (1, "12025550104", "2025550104"),
            // Argentina's mobiles, dialled at home and from abroad.
            (54, "0111523456789", "91123456789"),
            (378, "886377", "0549886377"),
            // Nothing remains that would be a number.
            (7, "8001234567", "8001234567"),
        ] {
            let plan = &with_country_code(code)[0];
            assert_eq!(plan.without_national_prefix(dialled), national, "+{code} {dialled}");
        }
    }
}
