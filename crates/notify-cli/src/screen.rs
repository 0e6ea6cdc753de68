//! The screen that a person reads.

/// The width of the screen: from `COLUMNS` or the terminal; unlimited if there is neither.
pub(crate) fn screen() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into());
    said.or_else(terminal).unwrap_or(usize::MAX)
}
