//! `cargo xtask bench-bulk`

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::workspace;

/// How many rows a dry run reads, and how many are sent.
const ROWS: u32 = 1_000_000;

/// The most megabytes that it may take to check or to send them.
const MOST_MB: f64 = 50.0;

/// The fewest messages a second, with the journal.
const MESSAGES_PER_SECOND: f64 = 5_000.0;

/// How much more memory all rows may take than a tenth of them, when they are sent.
const GROWTH_MB: f64 = 16.0;

/// The template and the live key of the sandbox's own world.
const TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000011";
const KEY: &str = "sandbox-live-c0ffee00-0000-4000-8000-000000000001-c0ffee00-0000-4000-8000-00000000000a";

/// Measures `notify bulk`: the memory of a dry run over a million rows, and the messages a second that it sends
///
/// It measures the program as shipped, against a sandbox without limits on the same cores, with its journal on the disk
/// where the build is. Fails if a bar is missed. Times depend on the machine, its disk and its load. Linux only.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchBulk {
    /// How many rows to read and send
    #[arg(long, default_value_t = ROWS)]
    rows: u32,
    /// Print the figures, and ignore the bars
    #[arg(long)]
    no_bars: bool,
}

impl BenchBulk {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let figures = Figures::measure(shell, self.rows)?;
        print!("{}", figures.table());
        if self.no_bars { Ok(()) } else { figures.check() }
    }
}

/// The measurement as a step that writes a dated result.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-bulk")?;
    let figures = Figures::measure(shell, ROWS)?;
    report.write(shell, &figures.table())?;
    figures.check()
}

struct Figures {
    rows: u32,
    dry_run: Run,
    tenth: Run,
    all: Run,
}

/// A run of the program.
struct Run {
    rows: u32,
    took: Duration,
    /// The most memory it had at once.
    peak_mb: f64,
    /// Processor time of the program, and of the sandbox meanwhile.
    program: Duration,
    sandbox: Duration,
}

impl Run {
    fn per_second(&self) -> f64 {
        f64::from(self.rows) / self.took.as_secs_f64()
    }

    /// Microseconds for each row.
    fn per_row(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / f64::from(self.rows)
    }
}

impl Figures {
    fn measure(shell: &Shell, rows: u32) -> Result<Self> {
        let cargo = workspace::cargo();
        cmd!(shell, "{cargo} build --quiet --profile dist --package notify-cli --bin notify").run()?;
        let notify = workspace::target_dir()?.join("dist/notify");
        let fixture = Fixture::new(&notify)?;
        let (tenth, all) = (fixture.list("tenth.csv", rows / 10)?, fixture.list("all.csv", rows)?);
        Ok(Self {
            rows,
            dry_run: fixture.run(&all, rows, &["--dry-run"])?,
            tenth: fixture.run(&tenth, rows / 10, &["--yes", "--per-minute", "10000000"])?,
            all: fixture.run(&all, rows, &["--yes", "--per-minute", "10000000"])?,
        })
    }

    fn table(&self) -> String {
        let mut table = String::from(
            "As shipped, against a sandbox without limits on the same cores, with the journal.\n\n\
             | what | rows | rows a second | most memory, MB | processor time a row, µs | the sandbox's, µs |\n\
             | --- | ---: | ---: | ---: | ---: | ---: |\n",
        );
        for (name, run) in
            [("dry run", &self.dry_run), ("sent, a tenth", &self.tenth), ("sent, all", &self.all)]
        {
            let _ = writeln!(
                table,
                "| {name} | {} | {:.0} | {:.1} | {:.0} | {:.0} |",
                run.rows,
                run.per_second(),
                run.peak_mb,
                run.per_row(run.program),
                run.per_row(run.sandbox)
            );
        }
        table
    }

    fn check(&self) -> Result<()> {
        let peak = self.dry_run.peak_mb;
        ensure!(peak < MOST_MB, "a dry run of {} rows took {peak} MB, not less than {MOST_MB}", self.rows);
        let peak = self.all.peak_mb;
        ensure!(peak < MOST_MB, "sending {} rows took {peak} MB, not less than {MOST_MB}", self.rows);
        let rate = self.all.per_second();
        ensure!(rate >= MESSAGES_PER_SECOND, "{rate:.0} messages a second, fewer than {MESSAGES_PER_SECOND}");
        let growth = self.all.peak_mb - self.tenth.peak_mb;
        ensure!(growth < GROWTH_MB, "ten times the rows took {growth:.1} MB more, not less than {GROWTH_MB}");
        Ok(())
    }
}

/// A folder with lists, and a sandbox; both gone at the end.
struct Fixture {
    folder: PathBuf,
    notify: PathBuf,
    sandbox: Child,
    url: String,
}

impl Fixture {
    fn new(notify: &Path) -> Result<Self> {
        let folder = notify.with_file_name(format!("bench-bulk-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let ready = folder.join("url");
        let mut sandbox = Command::new(notify)
            .args(["sandbox", "--quiet", "--no-limits", "--no-callbacks", "--ready-file"])
            .arg(&ready)
            .stdout(Stdio::null())
            .spawn()?;
        let url = loop {
            match fs::read_to_string(&ready) {
                Ok(url) if url.ends_with('\n') => break url.trim().to_owned(),
                _ => thread::sleep(Duration::from_millis(5)),
            }
            if let Some(status) = sandbox.try_wait()? {
                bail!("the sandbox ended before it was ready: {status}");
            }
        };
        Ok(Self { folder, notify: notify.to_owned(), sandbox, url })
    }

    /// A list of this many recipients.
    fn list(&self, name: &str, rows: u32) -> Result<PathBuf> {
        let path = self.folder.join(name);
        let mut file = BufWriter::new(File::create(&path)?);
        writeln!(file, "phone number,name,permit number")?;
        for row in 0..rows {
            writeln!(file, "07{:09},Kim {row},E{row}", 900_000_000 - row)?;
        }
        file.flush()?;
        Ok(path)
    }

    fn run(&self, list: &Path, rows: u32, arguments: &[&str]) -> Result<Run> {
        let (begun, sandbox_before) = (Instant::now(), processor_time(self.sandbox.id()));
        let mut program = Command::new(&self.notify)
            .args(["bulk", "--template", TEMPLATE])
            .arg(list)
            .args(arguments)
            .env("NOTIFY_BASE_URL", &self.url)
            .env("NOTIFY_API_KEY", KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let status = format!("/proc/{}/status", program.id());
        let (mut peak_mb, mut used) = (0.0, Duration::ZERO);
        let ended = loop {
            if let Ok(text) = fs::read_to_string(&status)
                && let Some(peak) = peak(&text)
            {
                peak_mb = peak;
                used = processor_time(program.id()).max(used);
            }
            match program.try_wait()? {
                Some(ended) => break ended,
                None => thread::sleep(Duration::from_millis(20)),
            }
        };
        let took = begun.elapsed();
        ensure!(ended.success(), "notify bulk {} {arguments:?} ended with {ended}", list.display());
        let sandbox = processor_time(self.sandbox.id()).saturating_sub(sandbox_before);
        Ok(Run { rows, took, peak_mb, program: used, sandbox })
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The most memory that a process had at once, in megabytes, from its `/proc/PID/status`.
fn peak(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// How long a process has had a processor, from its `/proc/PID/stat`, which counts hundredths of a second.
fn processor_time(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the program before may hold anything.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    Duration::from_millis(10 * fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>())
}

/// Runs the kills, with every overflow checked, and writes down what the sandbox counted.
pub(crate) fn kills(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let report = Report::begin(shell, "bulk")?;
    let text = cmd!(
        shell,
        "{cargo} test --quiet --package notify-cli --test cli -- --ignored --nocapture ten_thousand_rows"
    )
    .read()?;
    let counts = text.lines().find(|line| line.contains("doubled 0")).context("nothing was counted")?;
    report.write(
        shell,
        &format!(
            "`notify bulk` over ten thousand rows, as a program of its own: {counts}.\n\n\
             It is killed a hundred times (SIGKILL) at random moments all along the list, and stopped before some of the kills \
             (SIGSTOP, SIGCONT) while its tokens grow old; then it is started again with the same command, up to 200 s later \
             by the service's clock. Meanwhile connections are cut before and after the service took a message and inside its \
             answer; of forty messages one is taken up to 29 s after its connection was closed, or after a 504; errors \
             500 and 502 come with and without a message taken; of ten lookups one fails; and answers take 100 ms, so that \
             many are under way at each kill. What was taken is counted in the sandbox, after the last of it has arrived; the \
             result file names the same ids."
        ),
    )
}
