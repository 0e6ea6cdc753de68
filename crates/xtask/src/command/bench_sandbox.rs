//! `cargo xtask bench-sandbox`

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::workspace;

/// How many messages to send and keep.
const MESSAGES: u32 = 1_000_000;

/// The most milliseconds from the start of the program to its first answer.
const READY_AFTER_MS: f64 = 50.0;

/// The fewest sends per second, to one recipient or to as many as there are messages.
const SENDS_PER_SECOND: f64 = 12_000.0;

/// The most megabytes that all messages may take.
const RESIDENT_MB: f64 = 572.0;

/// The last page may take at most this many times as long as the first.
const LAST_PAGE: f64 = 1.5;

/// Measures the sandbox: startup time, sends per second, the memory for a million messages, the cost of a page
///
/// It measures the program as shipped, in memory, with limits off: once with all messages to one recipient, once with each to
/// another. The client sends over eight connections and shares
/// the cores with the sandbox. Fails if a bar is missed. Times depend on the machine and its load. Linux only.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchSandbox {
    /// How many messages to send
    #[arg(long, default_value_t = MESSAGES)]
    messages: u32,
    /// Print the figures, and ignore the bars
    #[arg(long)]
    no_bars: bool,
}

impl BenchSandbox {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let figures = Figures::measure(shell, self.messages)?;
        print!("{}", figures.table());
        if self.no_bars { Ok(()) } else { figures.check() }
    }
}

/// The measurement as a step that writes a dated result.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-sandbox")?;
    let figures = Figures::measure(shell, MESSAGES)?;
    report.write(shell, &figures.table())?;
    figures.check()
}

/// The measured values, by the names that the load client uses.
struct Figures(Vec<(String, f64)>);

impl Figures {
    fn measure(shell: &Shell, messages: u32) -> Result<Self> {
        let cargo = workspace::cargo();
        cmd!(shell, "{cargo} build --quiet --profile dist --package notify-cli --bin notify").run()?;
        cmd!(shell, "{cargo} build --quiet --profile dist --package notify-sandbox-bench").run()?;
        let target = workspace::target_dir()?;
        let (load, notify) = (target.join("dist/load"), target.join("dist/notify"));
        let messages = messages.to_string();
        let text = cmd!(shell, "{load} {notify} {messages}").read()?;
        // One number per line, between braces.
        let lines = text.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(": "));
        let figure = |(name, number): (&str, &str)| -> Result<(String, f64)> {
            let number = number.parse().with_context(|| format!("not a number: {number}"))?;
            Ok((name.trim_matches('"').to_owned(), number))
        };
        Ok(Self(lines.map(figure).collect::<Result<_>>()?))
    }

    fn get(&self, name: &str) -> Result<f64> {
        let figure = self.0.iter().find(|(have, _)| have == name);
        figure.map(|(_, number)| *number).with_context(|| format!("{name} was not measured"))
    }

    fn table(&self) -> String {
        let lines =
            self.0.iter().map(|(name, number)| format!("| {} | {number} |\n", name.replace('_', " ")));
        "As shipped, in memory, limits off, client and sandbox on the same cores.\n\n| what | measured |\n| --- | --- |\n"
            .to_owned()
            + &lines.collect::<String>()
    }

    fn check(&self) -> Result<()> {
        let ready = self.get("ready_after_ms")?;
        ensure!(ready <= READY_AFTER_MS, "ready after {ready} ms, over {READY_AFTER_MS}");
        for name in ["sends_per_second", "sends_per_second_to_distinct_recipients"] {
            let sends = self.get(name)?;
            ensure!(sends >= SENDS_PER_SECOND, "{name}: {sends}, under {SENDS_PER_SECOND}");
        }
        for name in ["resident_mb_full", "resident_mb_full_of_distinct_recipients"] {
            let resident = self.get(name)?;
            ensure!(resident <= RESIDENT_MB, "{name}: {resident}, over {RESIDENT_MB}");
        }
        let (first, last) = (self.get("first_page_ms")?, self.get("last_page_ms")?);
        ensure!(last <= first * LAST_PAGE, "the last page takes {last} ms, the first {first} ms");
        Ok(())
    }
}
