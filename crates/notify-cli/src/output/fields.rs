//! One thing, with a line for each field.

use std::fmt::{Display, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::style::{FAINT, PLAIN};
use super::text::escape;

/// Names and values, with the values aligned.
#[derive(Default)]
pub(crate) struct Fields(Vec<(&'static str, String, Style)>);

impl Fields {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    pub(crate) fn field(self, name: &'static str, value: impl Display) -> Self {
        self.styled(name, value, PLAIN)
    }

    /// Adds a field unless it has no value.
    pub(crate) fn optional(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds a field in a colour.
    pub(crate) fn styled(mut self, name: &'static str, value: impl Display, style: Style) -> Self {
        self.0.push((name, value.to_string(), style));
        self
    }
}

impl Display for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = self.0.iter().map(|(name, ..)| name.width()).max().unwrap_or_default();
        for (name, value, style) in &self.0 {
            write!(f, "{FAINT}{name:width$}{FAINT:#}")?;
            // A value keeps its line breaks; each line is aligned with the first.
            for (index, line) in value.lines().enumerate() {
                if index > 0 {
                    f.write_char('\n')?;
                    if !line.is_empty() {
                        write!(f, "{:width$}", "")?;
                    }
                }
                if !line.is_empty() {
                    write!(f, "  {style}{}{style:#}", escape(line))?;
                }
            }
            f.write_char('\n')?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_aligned_and_lines_stay_within_their_column() {
        let fields = Fields::new()
            .field("id", 7)
            .optional("reference", None::<u8>)
            .field("body", "Hello\n\nKim\u{1b}")
            .to_string();
        let plain = anstream::adapter::strip_str(&fields).to_string();
        assert_eq!(plain, "id    7\nbody  Hello\n\n      Kim\\u{1b}\n");
    }
}
