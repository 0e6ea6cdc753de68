//! The layout of a table on a screen.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The spaces between two columns.
pub(super) const GAP: &str = "  ";

/// The mark for the rest of a value.
const ELLIPSIS: char = '…';

/// A column: its name, and what may happen to it on a narrow screen.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(super) name: &'static str,
    /// The width to which its values may be shortened.
    least: Option<usize>,
    is_optional: bool,
}

impl Column {
    /// A column whose values are useless in part, such as ids.
    pub(crate) const fn fixed(name: &'static str) -> Self {
        Self { name, least: None, is_optional: false }
    }

    /// A column whose values may be shortened to this width.
    pub(crate) const fn down_to(name: &'static str, least: usize) -> Self {
        Self { name, least: Some(least), is_optional: false }
    }

    /// The same, which may be left out; of several the last goes first.
    pub(crate) const fn optional(self) -> Self {
        Self { is_optional: true, ..self }
    }
}

impl From<&'static str> for Column {
    fn from(name: &'static str) -> Self {
        Self::fixed(name)
    }
}

/// The layout that fits on a screen.
pub(super) struct Layout<const N: usize> {
    /// The width of each column; `None` if it is left out.
    pub(super) widths: [Option<usize>; N],
    /// Whether values that have a short form take it.
    pub(super) is_short: bool,
}

impl<const N: usize> Layout<N> {
    /// The fullest form that fits: full values, short ones, shortened ones, fewer columns. `None` if none fits.
    pub(super) fn find(
        columns: &[Column; N],
        [full, short]: &[[usize; N]; 2],
        screen: usize,
    ) -> Option<Self> {
        let mut widths = full.map(Some);
        if total(&widths) <= screen {
            return Some(Self { widths, is_short: false });
        }
        widths = short.map(Some);
        loop {
            if let Some(widths) = shrunk(widths, columns, screen) {
                return Some(Self { widths, is_short: true });
            }
            let last = (0..N).rev().find(|at| columns[*at].is_optional && widths[*at].is_some())?;
            widths[last] = None;
        }
    }
}

fn total<const N: usize>(widths: &[Option<usize>; N]) -> usize {
    let widths = widths.iter().flatten();
    widths.clone().sum::<usize>() + GAP.len() * widths.count().saturating_sub(1)
}

/// The widths after the widest columns gave up what is too much; `None` if they cannot.
fn shrunk<const N: usize>(
    mut widths: [Option<usize>; N],
    columns: &[Column; N],
    screen: usize,
) -> Option<[Option<usize>; N]> {
    while total(&widths) > screen {
        let room = |at: &usize| {
            let least = columns[*at].least?.max(columns[*at].name.width());
            widths[*at].filter(|width| *width > least)
        };
        let widest = (0..N).filter(|at| room(at).is_some()).max_by_key(room)?;
        widths[widest] = widths[widest].map(|width| width - 1);
    }
    Some(widths)
}

/// A value cut to a width.
pub(super) fn shortened(value: &str, width: usize) -> Cow<'_, str> {
    if value.width() <= width {
        return Cow::Borrowed(value);
    }
    let mut room = width.saturating_sub(1);
    let fits = |character: &char| {
        let needed = character.width().unwrap_or_default();
        let is_enough = needed <= room;
        room = room.saturating_sub(needed);
        is_enough
    };
    Cow::Owned(value.chars().take_while(fits).chain([ELLIPSIS]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_cut_by_what_a_terminal_shows() {
        for (value, width, cut) in [
            ("Kim", 3, "Kim"),
            ("Kim Lee", 5, "Kim …"),
            ("李李李", 5, "李李…"),
            ("李李李", 4, "李…"),
            ("Kim", 1, "…"),
        ] {
            assert_eq!(shortened(value, width), cut);
        }
    }
}
