//! A pass over all rows: how many there are, how many are bad, and what they cost.

use anyhow::Context as _;

use super::List;
use super::row::CheckedRow;
use super::seen_recipients::SeenRecipients;
use super::table::{Row, Rows};
use crate::exit::CommandError;

/// The findings of a pass over all rows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Survey {
    pub(super) rows: u64,
    pub(super) bad: u64,
    pub(super) warned: u64,
    /// The billed fragments of the good rows.
    pub(super) fragments: u64,
}

impl Survey {
    pub(super) const fn good(&self) -> u64 {
        self.rows - self.bad
    }
}

impl List {
    /// Checks every row, and passes it to `each`.
    pub(super) fn survey(
        &self,
        mut each: impl FnMut(&Row, &CheckedRow) -> Result<(), CommandError>,
    ) -> Result<Survey, CommandError> {
        let mut survey = Survey::default();
        let mut recipients = SeenRecipients::new();
        let mut rows = self.table.rows();
        while let Some(row) = self.next_of(&mut rows)? {
            let mut checked = self.checker.check(&row);
            if checked.normalised.as_deref().is_some_and(|recipient| recipients.was_seen(recipient)) {
                checked
                    .warnings
                    .push("an earlier row has the same recipient, who gets both messages".to_owned());
            }
            if survey.rows == 0 {
                checked.warnings.extend(self.table.warnings.iter().cloned());
            }
            survey.rows += 1;
            survey.warned += u64::from(!checked.warnings.is_empty());
            if checked.errors.is_empty() {
                survey.fragments += checked.fragments;
            } else {
                survey.bad += 1;
            }
            each(&row, &checked)?;
        }
        Ok(survey)
    }

    /// Reads every row of a list whose good rows have been counted, without checking them again.
    pub(super) fn survey_again(&self, good: u64, mut each: impl FnMut(&Row)) -> Result<Survey, CommandError> {
        let mut survey = Survey::default();
        let mut rows = self.table.rows();
        while let Some(row) = self.next_of(&mut rows)? {
            survey.rows += 1;
            each(&row);
        }
        survey.bad = survey.rows.saturating_sub(good);
        Ok(survey)
    }

    fn next_of(&self, rows: &mut Rows) -> Result<Option<Row>, CommandError> {
        rows.read().with_context(|| format!("{} cannot be read", self.name)).map_err(CommandError::setup)
    }
}
