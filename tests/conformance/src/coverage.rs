//! Which recorded exchanges a test program covers, and which none covers yet.
//!
//! A [`Suite`] is one test program, with a trial for each exchange that it can test. The exchanges that the toolkit
//! does not get right yet, or that no trial covers, are listed in `uncovered/<suite>.txt`, one name per line, or
//! `group/*` for all names with that prefix. The list can only shrink: an exchange that passes although it is listed
//! fails its trial until its line is deleted, and so does a line that names nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use libtest_mimic::{Arguments, Failed, Trial};

/// The trials of one suite, and the list of what it does not cover yet.
#[derive(Debug)]
pub struct Suite {
    uncovered: Uncovered,
    exchanges: BTreeSet<String>,
    covered: BTreeSet<String>,
    needless: Vec<String>,
    trials: Vec<Trial>,
}

impl Suite {
    /// The suite of this name, which must cover all of these exchanges, given by name.
    ///
    /// # Errors
    ///
    /// If its list cannot be read.
    pub fn new(name: &str, exchanges: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("uncovered").join(format!("{name}.txt"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(Self {
            uncovered: Uncovered::parse(path, &text),
            exchanges: exchanges.into_iter().map(|exchange| exchange.as_ref().to_owned()).collect(),
            covered: BTreeSet::new(),
            needless: Vec::new(),
            trials: Vec::new(),
        })
    }

    /// Adds the trial of one exchange, named after it.
    pub fn exchange(&mut self, name: &str, test: impl FnOnce() -> Result<()> + Send + 'static) {
        self.covered.insert(name.to_owned());
        let listed = self.uncovered.line_for(name).map(str::to_owned);
        let (path, title) = (self.uncovered.path.clone(), name);
        let name = name.to_owned();
        self.trials.push(Trial::test(title, move || {
            let outcome = test();
            match listed {
                None => outcome.map_err(|error| Failed::from(format!("{error:#}"))),
                Some(line) => still_failing(outcome.is_ok(), &line, &name, &path).map_err(Failed::from),
            }
        }));
    }

    /// Counts exchanges that other tests cover: those that the sources in this folder of the package name, and the
    /// groups that they name as `group("…")`. It checks that such tests exist, not that they test well.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn covered_by(&mut self, folder: &str) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in fs::read_dir(&path).with_context(|| path.display().to_string())? {
            let source = fs::read_to_string(entry?.path())?;
            for name in self.exchanges.iter().filter(|name| names_exchange(&source, name)) {
                if self.uncovered.line_for(name).is_some() {
                    self.needless.push(name.clone());
                }
                self.covered.insert(name.clone());
            }
        }
        Ok(())
    }

    /// Prints the exchanges that no test covers yet, then runs the trials that the command line selects (all, or those
    /// whose name contains its argument).
    pub fn run(mut self) -> ExitCode {
        let arguments = Arguments::from_args();
        if !arguments.list {
            let uncovered: Vec<&str> = self
                .exchanges
                .iter()
                .map(String::as_str)
                .filter(|name| self.uncovered.line_for(name).is_some())
                .collect();
            println!("{} of {} exchanges are not covered yet:", uncovered.len(), self.exchanges.len());
            for name in uncovered {
                println!("  {name}");
            }
        }
        let complete = self.uncovered.check(&self.exchanges, &self.covered, &self.needless);
        let title = "every exchange is either tested or listed as uncovered";
        self.trials
            .push(Trial::test(title, move || complete.map_err(|error| Failed::from(format!("{error:#}")))));
        libtest_mimic::run(&arguments, self.trials).exit_code()
    }
}

/// A listed exchange must fail: that is what being listed means.
fn still_failing(passes: bool, line: &str, name: &str, list: &Path) -> Result<(), String> {
    if !passes {
        return Ok(());
    }
    let list = list.display();
    Err(if line == name {
        format!("{name} passes now: delete its line from {list}")
    } else {
        format!("{name} passes now: replace the line `{line}` in {list} with the names that still fail")
    })
}

/// Whether a source names this exchange or its group in quotes.
fn names_exchange(source: &str, name: &str) -> bool {
    let groups = source.split("group(\"").skip(1).filter_map(|rest| rest.split('"').next());
    source.contains(&format!("\"{name}\"")) || groups.into_iter().any(|group| name.starts_with(group))
}

#[derive(Debug)]
struct Uncovered {
    path: PathBuf,
    lines: BTreeSet<String>,
}

impl Uncovered {
    fn parse(path: PathBuf, text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { path, lines: lines.map(str::to_owned).collect() }
    }

    /// The line that names this exchange.
    fn line_for(&self, name: &str) -> Option<&str> {
        self.lines.iter().map(String::as_str).find(|line| matches(line, name))
    }

    fn check(
        &self,
        exchanges: &BTreeSet<String>,
        covered: &BTreeSet<String>,
        needless: &[String],
    ) -> Result<()> {
        let path = self.path.display();
        ensure!(needless.is_empty(), "covered elsewhere, so delete from {path}: {}", needless.join(", "));
        if let Some(line) = self.lines.iter().find(|line| !exchanges.iter().any(|name| matches(line, name))) {
            bail!("`{line}` in {path} names no exchange: delete it");
        }
        if let Some(name) = covered.iter().find(|name| !exchanges.contains(*name)) {
            bail!("a trial covers {name}, which was not recorded");
        }
        let open: Vec<&str> = exchanges
            .difference(covered)
            .map(String::as_str)
            .filter(|name| self.line_for(name).is_none())
            .collect();
        ensure!(open.is_empty(), "no trial covers these, and {path} does not name them: {}", open.join(", "));
        Ok(())
    }
}

fn matches(line: &str, name: &str) -> bool {
    match line.strip_suffix('*') {
        Some(group) => name.starts_with(group),
        None => name == line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn check(list: &str, exchanges: &[&str], covered: &[&str]) -> Result<(), String> {
        let uncovered = Uncovered::parse("list.txt".into(), list);
        uncovered.check(&names(exchanges), &names(covered), &[]).map_err(|error| error.to_string())
    }

    #[test]
    fn an_exchange_must_be_tested_or_listed() {
        assert_eq!(check("# why\nb/1\nc/*\n", &["a", "b/1", "c/1", "c/2"], &["a"]), Ok(()));
        assert!(check("b/1", &["a", "b/1", "b/2"], &["a"]).unwrap_err().contains("b/2"));
    }

    #[test]
    fn a_source_covers_the_exchanges_and_groups_that_it_names() {
        let source = r#"fixture.replay("http/one"); for each in fixture.group("limits/") {} "statuses/""#;
        let covered = ["http/one", "limits/a", "http/on", "http/one-more", "statuses/a"];
        assert_eq!(covered.map(|name| names_exchange(source, name)), [true, true, false, false, false]);
    }

    #[test]
    fn a_line_or_a_trial_for_nothing_fails() {
        assert!(check("b\nx/*", &["a", "b"], &["a"]).unwrap_err().contains("x/*"));
        assert!(check("", &["a"], &["a", "z"]).unwrap_err().contains('z'));
    }

    #[test]
    fn a_listed_exchange_that_passes_fails_until_its_line_is_deleted() {
        let list = Path::new("list.txt");
        assert_eq!(still_failing(false, "a/1", "a/1", list), Ok(()));
        assert!(still_failing(true, "a/1", "a/1", list).unwrap_err().contains("delete"));
        assert!(still_failing(true, "a/*", "a/1", list).unwrap_err().contains("replace"));
    }
}
