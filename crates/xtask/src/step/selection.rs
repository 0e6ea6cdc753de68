//! Which steps of a command to run, and what became of them.

use std::time::Instant;

use anyhow::{Result, bail};
use xshell::Shell;

use super::outcome::Outcome;
use super::{Step, side_by_side};

/// Which steps of a command to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Selection {
    /// List the steps, and run none
    #[arg(long)]
    list: bool,
    /// Run only this step; may be repeated
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
}

impl Selection {
    /// Runs all chosen steps, even after a failure, and fails if one of them did.
    ///
    /// The steps of one lane run one after another. If steps of several lanes are chosen, the lanes run side by side.
    pub(crate) fn run(&self, command: &str, lanes: &[&[Step]], shell: &Shell) -> Result<()> {
        let known = |name: &String| lanes.iter().any(|lane| lane.iter().any(|step| step.name == name));
        if let Some(unknown) = self.only.iter().find(|name| !known(name)) {
            bail!("no step is named {unknown}: see cargo xtask {command} --list");
        }
        let chosen: Vec<Vec<&Step>> = lanes
            .iter()
            .map(|lane| lane.iter().filter(|step| self.includes(step)).collect::<Vec<_>>())
            .filter(|lane| !lane.is_empty())
            .collect();
        if self.list {
            for step in chosen.iter().flatten() {
                println!("{:<16} {}", step.name, step.proves);
            }
            return Ok(());
        }
        let outcomes = match &chosen[..] {
            [lane] => lane.iter().map(|step| in_this_process(step, shell)).collect(),
            lanes => side_by_side::run(command, lanes)?,
        };
        summarize(command, &outcomes)
    }

    fn includes(&self, step: &Step) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == step.name)
    }
}

fn in_this_process(step: &Step, shell: &Shell) -> Outcome {
    eprintln!("==> {}: {}", step.name, step.proves);
    let start = Instant::now();
    let result = (step.run)(shell);
    let failure = result.err().map(|error| format!("{error:#}"));
    let outcome = Outcome { name: step.name, took: start.elapsed(), failure };
    eprintln!("<== {}: {} after {}", step.name, outcome.verdict(), outcome.took());
    outcome
}

/// Says what became of each step, and fails if one of them failed.
fn summarize(command: &str, outcomes: &[Outcome]) -> Result<()> {
    if let [alone] = outcomes {
        return alone.failure.as_ref().map_or(Ok(()), |failure| bail!("{failure}"));
    }
    eprintln!();
    for outcome in outcomes {
        eprintln!("{:<16} {:<6} {:>10}", outcome.name, outcome.verdict(), outcome.took());
    }
    let failed: Vec<String> = outcomes
        .iter()
        .filter_map(|outcome| {
            let (name, failure) = (outcome.name, outcome.failure.as_ref()?);
            Some(format!("{name}: {failure}\n  alone: cargo xtask {command} --only {name}"))
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    bail!("not proven:\n{}", failed.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_after_a_failed_one_still_run_and_the_failure_is_the_verdict() {
        #[expect(clippy::unnecessary_wraps, reason = "a step may fail")]
        fn two(shell: &Shell) -> Result<()> {
            shell.set_var("XTASK_TWO_RAN", "1");
            Ok(())
        }
        let shell = Shell::new().unwrap();
        let steps: &[Step] = &[
            Step { name: "one", proves: "nothing", run: |_| bail!("install it: do this") },
            Step { name: "two", proves: "that it ran", run: two },
        ];
        let all = Selection { list: false, only: Vec::new() };
        let error = all.run("test", &[steps], &shell).unwrap_err().to_string();
        assert!(
            error.contains("one: install it: do this") && error.contains("cargo xtask test --only one"),
            "{error}"
        );
        assert_eq!(shell.var("XTASK_TWO_RAN").unwrap(), "1");
        Selection { list: false, only: vec!["two".into()] }.run("test", &[steps], &shell).unwrap();
        Selection { list: false, only: vec!["three".into()] }.run("test", &[steps], &shell).unwrap_err();
    }
}
