//! `cargo xtask bench-outbox`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::step::outbox;
use crate::tools::debian;
use crate::workspace;

/// How long each sync lasts on the disk that the bars hold for, in microseconds.
///
/// A message costs some microseconds of processor whatever the disk, so that the quicker the disk is, the fewer messages go into one of
/// its syncs. The bars were found on disks of 160 to 2,000 syncs a second.
const SYNC_MICROSECONDS: u32 = 5_000;

/// A bar: the name of a figure, its limit, and what it measures.
const BARS: [Bar; 5] = [
    Bar::at_least("slow/journal/64/per-fsync", 50.0, "messages a bare fsync in a file, with 64 at once"),
    Bar::at_least("slow/journal/256/per-fsync", 150.0, "messages a bare fsync in a file, with 256 at once"),
    Bar::at_least("slow/postgres/64/per-fsync", 20.0, "messages a bare fsync in PostgreSQL, with 64 at once"),
    Bar::at_least(
        "slow/postgres/64/factor-of-two",
        1.5,
        "times as many with two workers on PostgreSQL, with 64 at once",
    ),
    Bar::at_most("this/postgres/slot/microseconds", 10.0, "microseconds to lease a slot of the pace"),
];
const AT_ONCE: [u32; 4] = [1, 16, 64, 256];

/// Measures what a message costs in the outbox, in a file and in PostgreSQL, beside bare `fsync`s of the same disk
///
/// Measures twice: on this machine's disk, and on a disk of 200 syncs a second, for which each sync is held up. Fails when a
/// store does too few messages a bare `fsync` of the second. Waits for a processor are left out, except where two workers may
/// wait for each other. The disk should do nothing else meanwhile.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchOutbox {
    /// Print the tables, and ignore the bars
    #[arg(long)]
    no_bars: bool,
}

impl BenchOutbox {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let figures = Figures::measure(shell)?;
        print!("{}", figures.print()?);
        if self.no_bars { Ok(()) } else { figures.check() }
    }
}

/// The same as a step that leaves a dated result, whether or not a bar is missed.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-outbox")?;
    let figures = Figures::measure(shell)?;
    report.write(shell, &figures.print()?)?;
    figures.check()
}

struct Bar {
    figure: &'static str,
    least: f64,
    most: f64,
    what: &'static str,
}

impl Bar {
    const fn at_least(figure: &'static str, least: f64, what: &'static str) -> Self {
        Self { figure, least, most: f64::INFINITY, what }
    }

    const fn at_most(figure: &'static str, most: f64, what: &'static str) -> Self {
        Self { figure, least: 0.0, most, what }
    }

    fn says(&self) -> String {
        if self.most.is_finite() {
            format!("at most {}", self.most)
        } else {
            format!("at least {}", self.least)
        }
    }
}

/// What was measured, by its name: `this/journal/64/per-fsync` on this disk, `slow/…` on the slow one.
struct Figures(BTreeMap<String, f64>);

impl Figures {
    fn measure(shell: &Shell) -> Result<Self> {
        outbox::require_postgres(shell)?;
        debian::require(shell, &["cc", "--version"], &["gcc", "libc6-dev"])?;
        let cargo = workspace::cargo();
        let bench = ["--quiet", "--package", "notify-outbox-bench", "--bench", "commits"];
        let this = cmd!(shell, "{cargo} bench {bench...}").read()?;
        let library = workspace::target_dir()?.join("slow_disk.so");
        let length = format!("-DSYNC_MICROSECONDS={SYNC_MICROSECONDS}");
        cmd!(
            shell,
            "cc -shared -fPIC -O2 -Wall -Werror {length} -o {library} tests/bench/outbox/slow_disk.c -ldl"
        )
        .run()?;
        let slow = cmd!(shell, "{cargo} bench {bench...}").env("LD_PRELOAD", library).read()?;
        let mut figures = Self::read("this", &this)?;
        figures.0.extend(Self::read("slow", &slow)?.0);
        Ok(figures)
    }

    fn read(disk: &str, text: &str) -> Result<Self> {
        let line = |line: &str| -> Result<(String, f64)> {
            let (name, number) = line.split_once(' ').context("a line is a name and a number")?;
            let number = number.parse().with_context(|| format!("not a number: {number}"))?;
            Ok((format!("{disk}/{name}"), number))
        };
        text.lines().map(line).collect::<Result<_>>().map(Self)
    }

    fn get(&self, name: &str) -> Result<f64> {
        self.0.get(name).copied().with_context(|| format!("{name} was not measured"))
    }

    fn print(&self) -> Result<String> {
        let syncs = 1_000_000 / SYNC_MICROSECONDS;
        let mut text = format!(
            "## On a disk of {syncs} syncs a second\n\nEach sync was held up until {SYNC_MICROSECONDS} µs were over.\n\n"
        );
        text += &self.tables("slow")?;
        text += "\n## On this disk\n\n";
        text += &self.tables("this")?;
        text += "\nEach is the median of slices that take turns with the bare disk. Waits for a processor are left out, except \
                 with two workers, which may wait for each other.\n\n## Bars\n\nMessages are counted on the slow disk, slots on \
                 this one.\n\n| bar | | measured |\n| --- | ---: | ---: |\n";
        for bar in BARS {
            writeln!(text, "| {} | {} | {} |", bar.what, bar.says(), self.get(bar.figure)?)?;
        }
        Ok(text)
    }

    fn tables(&self, disk: &str) -> Result<String> {
        let mut text = "In a file:\n\n\
                        | at once | payload | messages a second | bare fsyncs a second | messages a fsync |\n\
                        | ---: | --- | ---: | ---: | ---: |\n"
            .to_owned();
        for (kind, says) in [("journal", "elsewhere"), ("payload", "300 bytes")] {
            for at_once in AT_ONCE {
                let get = |what: &str| self.get(&format!("{disk}/{kind}/{at_once}/{what}"));
                writeln!(
                    text,
                    "| {at_once} | {says} | {:.0} | {:.0} | {:.1} |",
                    get("messages")?,
                    get("fsyncs")?,
                    get("per-fsync")?
                )?;
            }
        }
        text += "\nIn PostgreSQL, with payloads of 300 bytes:\n\n\
                 | at once, each worker | one worker, messages a second | bare fsyncs a second | messages a fsync \
                 | two workers, messages a second | factor |\n\
                 | ---: | ---: | ---: | ---: | ---: | ---: |\n";
        for at_once in AT_ONCE {
            let get = |what: &str| self.get(&format!("{disk}/postgres/{at_once}/{what}"));
            writeln!(
                text,
                "| {at_once} | {:.0} | {:.0} | {:.1} | {:.0} | {:.2} |",
                get("messages")?,
                get("fsyncs")?,
                get("per-fsync")?,
                get("two-workers")?,
                get("factor-of-two")?
            )?;
        }
        Ok(text)
    }

    /// Names every bar that is missed.
    fn check(&self) -> Result<()> {
        let mut missed = Vec::new();
        for bar in BARS {
            let measured = self.get(bar.figure)?;
            if !(bar.least..=bar.most).contains(&measured) {
                missed.push(format!("{measured} {}, {}", bar.what, bar.says()));
            }
        }
        ensure!(missed.is_empty(), "{}", missed.join("; "));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that is measured, each bar reached; but for one figure.
    fn figures(but: &str, measured: f64) -> Figures {
        let mut text = String::new();
        for kind in ["journal", "payload", "postgres"] {
            for at_once in AT_ONCE {
                for what in ["messages", "fsyncs", "two-workers"] {
                    writeln!(text, "{kind}/{at_once}/{what} 100").unwrap();
                }
                writeln!(text, "{kind}/{at_once}/per-fsync 150\n{kind}/{at_once}/factor-of-two 1.5").unwrap();
            }
        }
        text += "postgres/slot/microseconds 10\n";
        let mut figures = Figures::read("this", &text).unwrap();
        figures.0.extend(Figures::read("slow", &text).unwrap().0);
        figures.0.insert(but.to_owned(), measured);
        figures
    }

    #[test]
    fn each_bar_that_is_missed_is_named() {
        figures("slow/journal/64/per-fsync", 50.0).check().unwrap();
        for (figure, measured, says) in [
            (
                "slow/journal/64/per-fsync",
                49.9,
                "49.9 messages a bare fsync in a file, with 64 at once, at least 50",
            ),
            (
                "slow/postgres/64/per-fsync",
                19.9,
                "19.9 messages a bare fsync in PostgreSQL, with 64 at once, at least 20",
            ),
            ("slow/postgres/64/factor-of-two", 1.4, "1.4 times as many with two workers"),
            (
                "this/postgres/slot/microseconds",
                10.1,
                "10.1 microseconds to lease a slot of the pace, at most 10",
            ),
        ] {
            let missed = figures(figure, measured);
            let error = missed.check().unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
            missed.print().unwrap();
        }
    }

    #[test]
    fn the_tables_show_what_was_measured() {
        let text = figures("slow/journal/64/per-fsync", 49.9).print().unwrap();
        assert!(text.contains("| 64 | elsewhere | 100 | 100 | 49.9 |"), "{text}");
        assert!(text.contains("| 64 | 100 | 100 | 150.0 | 100 | 1.50 |"), "{text}");
        assert!(text.contains("| microseconds to lease a slot of the pace | at most 10 | 10 |"), "{text}");
    }
}
