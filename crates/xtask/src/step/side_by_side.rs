//! Lanes of steps that run at the same time, each step as a process whose lines are marked with its name.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};

use super::Step;
use super::outcome::Outcome;

/// Runs each lane's steps in order, all lanes at once.
pub(super) fn run(command: &str, lanes: &[Vec<&Step>]) -> Result<Vec<Outcome>> {
    let program = env::current_exe()?;
    thread::scope(|scope| {
        let lanes: Vec<_> = lanes
            .iter()
            .map(|lane| {
                let alone = |step: &Step| {
                    let mut process = Command::new(&program);
                    process.args([command, "--only", step.name]);
                    process
                };
                scope.spawn(move || {
                    lane.iter().map(|step| as_a_process(step, alone(step))).collect::<Vec<_>>()
                })
            })
            .collect();
        let outcomes: Result<Vec<_>> =
            lanes.into_iter().map(|lane| lane.join().map_err(|_| anyhow!("a lane panicked"))).collect();
        Ok(outcomes?.into_iter().flatten().collect())
    })
}

fn as_a_process(step: &Step, process: Command) -> Outcome {
    let start = Instant::now();
    let failure = follow(step.name, process, io::stdout()).err().map(|error| format!("{error:#}"));
    Outcome { name: step.name, took: start.elapsed(), failure }
}

/// Runs a process to its end, and copies its lines, each after this name. Its last words are the error if it fails.
fn follow(name: &str, mut process: Command, mut to: impl Write) -> Result<()> {
    let (output, end) = io::pipe()?;
    let mut child = process.stdout(end.try_clone()?).stderr(end).spawn().context("cannot start the step")?;
    // It holds the pipe's other end, which would never close.
    drop(process);
    let (mut output, mut line, mut last_words) = (BufReader::new(output), Vec::new(), Vec::new());
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        // In one write, so that no other lane's line comes between.
        to.write_all(format!("{name:<9} | {text}\n").as_bytes())?;
        if let Some(error) = text.strip_prefix("error: ") {
            last_words = vec![error.to_owned()];
        } else if !last_words.is_empty() {
            last_words.push(text.to_owned());
        }
        line.clear();
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    Err(if last_words.is_empty() { anyhow!("{status}") } else { anyhow!(last_words.join("\n")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut process = Command::new("sh");
        process.args(["-c", script]);
        process
    }

    #[test]
    fn each_line_of_a_process_is_marked_with_its_step_whichever_stream_it_comes_from() {
        let mut copied = Vec::new();
        follow("fuzz", shell("echo one; echo two >&2; printf three"), &mut copied).unwrap();
        assert_eq!(
            String::from_utf8(copied).unwrap(),
            "fuzz      | one\nfuzz      | two\nfuzz      | three\n"
        );
    }

    #[test]
    fn the_last_error_that_a_failed_process_prints_is_why_its_step_failed() {
        let script =
            "echo 'error: of a test'; echo more; echo 'error: two tests failed'; echo '  one'; exit 1";
        let error = follow("c", shell(script), io::sink()).unwrap_err();
        assert_eq!(error.to_string(), "two tests failed\n  one");
        let error = follow("c", shell("exit 3"), io::sink()).unwrap_err();
        assert!(error.to_string().contains('3'), "{error}");
    }
}
