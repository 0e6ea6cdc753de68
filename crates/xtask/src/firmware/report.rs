//! The figures, for people to read.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::board::{BOARDS, Board};
use super::build::BUILDS;
use super::figures::Figures;

/// The rows of the report for every board, and the figure of each.
const ROWS: &[(&str, &str)] = &[
    ("flash of a signer and its minting", "mint s flash"),
    ("stack of a mint, into an existing token", "mint s stack"),
    ("instructions of a mint", "mint s instructions"),
    ("RAM of a `Signer`", "Signer"),
    ("RAM of a `Token`", "Token"),
    ("static RAM", "static"),
    ("panicking functions in an image that mints", "mint s panics"),
    ("stack of making a signer, once", "prepare stack"),
    ("instructions of making a signer", "prepare instructions"),
    ("flash of parsing a key", "key flash"),
    ("flash of verifying", "verify flash"),
    ("stack of a verification", "verify stack"),
    ("instructions of a verification", "verify instructions"),
    ("panicking functions in an image that verifies", "verify panics"),
    ("flash of reading a date", "date flash"),
    ("stack of reading a date", "date stack"),
    ("instructions of reading a date", "date instructions"),
];

/// The tables in Markdown, without what was not measured.
pub(crate) fn tables(figures: &Figures) -> Result<String> {
    let mut text = String::new();
    if figures.values.is_empty() {
        return Ok(text);
    }
    head(&mut text, "bytes, or count")?;
    for (says, what) in ROWS {
        let cells = BOARDS.iter().map(|board| Ok(grouped(figures.get(board.name, what)?)));
        row(&mut text, says, cells)?;
    }
    text.push('\n');
    head(&mut text, "a mint: flash / instructions / stack")?;
    for build in BUILDS {
        let figure = |board: &Board, what: &str| figures.get(board.name, &format!("mint {build} {what}"));
        // Only builds that were measured: see `--trades`.
        if BOARDS.iter().any(|board| figure(board, "flash").is_err()) {
            continue;
        }
        let hash = if build.unrolled { "unrolled" } else { "compact" };
        let cells = BOARDS.iter().map(|board| {
            let [flash, instructions, stack] = [
                grouped(figure(board, "flash")?),
                grouped(figure(board, "instructions")?),
                grouped(figure(board, "stack")?),
            ];
            Ok(format!("{flash} / {instructions} / {stack}"))
        });
        row(&mut text, &format!("`opt-level` `{}`, {hash} hash", build.level), cells)?;
    }
    writeln!(text, "\nMeasured with {}.", figures.tools.join(", "))?;
    Ok(text)
}

/// The README with these tables in their place.
pub(crate) fn shown_in(readme: &str, tables: &str) -> Result<String> {
    const START: &str = "<!-- written by cargo xtask firmware-report --record, from here -->\n";
    const END: &str = "<!-- to here -->\n";
    let (before, rest) = readme.split_once(START).context("the README has no place for the figures")?;
    let (_, after) = rest.split_once(END).context("the place for the figures has no end")?;
    let block = if tables.is_empty() { String::new() } else { format!("\n{tables}\n") };
    Ok(format!("{before}{START}{block}{END}{after}"))
}

fn head(text: &mut String, what: &str) -> Result<()> {
    row(text, what, BOARDS.iter().map(|board| Ok(board.name.to_owned())))?;
    row(text, "---", BOARDS.iter().map(|_| Ok("---:".to_owned())))
}

fn row(text: &mut String, first: &str, cells: impl Iterator<Item = Result<String>>) -> Result<()> {
    write!(text, "| {first} |")?;
    for cell in cells {
        write!(text, " {} |", cell?)?;
    }
    text.push('\n');
    Ok(())
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_readme_shows_the_figures_that_are_committed() {
        let shell = workspace::shell().unwrap();
        let readme = shell.read_file("README.md").unwrap();
        let tables = tables(&Figures::committed(&shell).unwrap()).unwrap();
        assert!(
            shown_in(&readme, &tables).unwrap() == readme,
            "record them: cargo xtask firmware-report --record"
        );
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!([0, 192, 2468, 1_000_000].map(grouped), ["0", "192", "2,468", "1,000,000"]);
    }
}
