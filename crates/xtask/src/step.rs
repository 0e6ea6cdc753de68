//! Named steps, run one after another.

pub(crate) mod c;
pub(crate) mod cargo_test;
pub(crate) mod device;
pub(crate) mod features;
pub(crate) mod firmware;
pub(crate) mod lowest;
pub(crate) mod mutants;
pub(crate) mod never_twice;
pub(crate) mod outbox;
pub(crate) mod packages;
pub(crate) mod portable;
pub(crate) mod powerset;
pub(crate) mod start_up;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use xshell::Shell;

/// One step of a command.
pub(crate) struct Step {
    /// The name for `--only`: short, lower case.
    pub(crate) name: &'static str,
    /// What it proves if it passes.
    pub(crate) proves: &'static str,
    /// Runs it in the root of the workspace. An error says what to do about it.
    pub(crate) run: fn(&Shell) -> Result<()>,
}

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
    pub(crate) fn run(&self, command: &str, steps: &[Step], shell: &Shell) -> Result<()> {
        if let Some(unknown) = self.only.iter().find(|name| !steps.iter().any(|step| step.name == **name)) {
            bail!("no step is named {unknown}: see cargo xtask {command} --list");
        }
        let chosen: Vec<&Step> = steps
            .iter()
            .filter(|step| self.only.is_empty() || self.only.iter().any(|name| name == step.name))
            .collect();
        if self.list {
            for step in chosen {
                println!("{:<16} {}", step.name, step.proves);
            }
            return Ok(());
        }
        let mut failed = Vec::new();
        let mut account = Vec::new();
        for step in chosen {
            eprintln!("==> {}: {}", step.name, step.proves);
            let start = Instant::now();
            let outcome = (step.run)(shell);
            let took = seconds(start.elapsed());
            let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
            eprintln!("<== {}: {verdict} after {took}", step.name);
            account.push(format!("{:<16} {verdict:<6} {took:>10}", step.name));
            if let Err(error) = outcome {
                failed.push(format!(
                    "{}: {error:#}\n  alone: cargo xtask {command} --only {}",
                    step.name, step.name
                ));
            }
        }
        eprintln!("\n{}", account.join("\n"));
        if failed.is_empty() {
            return Ok(());
        }
        bail!("not proven:\n{}", failed.join("\n"))
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
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
        let steps = [
            Step { name: "one", proves: "nothing", run: |_| bail!("install it: do this") },
            Step { name: "two", proves: "that it ran", run: two },
        ];
        let error =
            Selection { list: false, only: Vec::new() }.run("test", &steps, &shell).unwrap_err().to_string();
        assert!(
            error.contains("one: install it: do this") && error.contains("cargo xtask test --only one"),
            "{error}"
        );
        assert_eq!(shell.var("XTASK_TWO_RAN").unwrap(), "1");
        Selection { list: false, only: vec!["two".into()] }.run("test", &steps, &shell).unwrap();
        Selection { list: false, only: vec!["three".into()] }.run("test", &steps, &shell).unwrap_err();
    }
}
