//! Measures a send: instructions, memory, messages a second.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::runtime::{self, Runtime};
use tokio::task::JoinSet;

use crate::Sender;
use crate::bare::Bare;
use crate::ours::Ours;

/// The messages of two runs. Their difference is counted, so that what happens once in a process drops out.
const COUNTED: [usize; 2] = [200, 1_200];
/// Messages in flight at once when memory is measured.
const IN_FLIGHT: usize = 256;
/// When speed is measured: messages in flight at once, and messages of one round. A round is short, so that other work of
/// the machine slows down both clients alike.
const AT_ONCE: usize = 32;
const ROUND: usize = 640;
/// The name of the figures, after how many milliseconds the service answers, and how many rounds each client gets, in turn.
///
/// The real service takes tens of milliseconds; an answer at once shows the processor's time and nothing else.
const SPEEDS: [(&str, u64, usize); 2] = [("at-once", 0, 301), ("in-5-ms", 5, 45)];

/// Measures everything, and prints a line a figure.
pub(crate) fn all() -> Result<()> {
    for client in ["bare", "ours"] {
        println!("instructions/{client} {}", instructions(client)?);
        println!("kilobytes/{client} {}", kilobytes(client)?);
    }
    for (name, after, rounds) in SPEEDS {
        let service = Service::start(1, after)?;
        let output =
            Command::new(env::current_exe()?).args(["rates", &rounds.to_string(), &service.url]).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8(output.stdout)?.lines() {
            println!("{name}/{line}");
        }
    }
    Ok(())
}

/// The service in a process of its own, which ends with this value.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(held: usize, after: u64) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(["serve", &held.to_string(), &after.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().context("its stdout is piped")?).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Instructions of one send, kept-alive connection and token included.
fn instructions(client: &str) -> Result<u64> {
    let service = Service::start(1, 0)?;
    let [few, many] = COUNTED.map(|count| {
        let output = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(env::current_exe()?)
            .args([client, "in-turn", &count.to_string(), &service.url])
            .output()
            .context("valgrind runs")?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{stderr}");
        let line = stderr.lines().find_map(|line| line.split_once("refs:")).context("no count")?;
        Ok(line.1.trim().replace(',', "").parse::<u64>()?)
    });
    Ok((many? - few?) / (COUNTED[1] - COUNTED[0]) as u64)
}

/// The most memory that a process with many messages in flight takes, in units of 1,024 bytes.
fn kilobytes(client: &str) -> Result<u64> {
    let service = Service::start(IN_FLIGHT, 0)?;
    let output = Command::new(env::current_exe()?)
        .args([client, "at-once", &IN_FLIGHT.to_string(), &service.url])
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn runtime() -> Result<Runtime> {
    Ok(runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Sends messages in this process, which another one measures.
pub(crate) fn task<S: Sender>(task: &str, count: usize, url: &str) -> Result<()> {
    let sender = S::new(url)?;
    match task {
        "in-turn" => runtime()?.block_on(async {
            for _ in 0..count {
                sender.send().await?;
            }
            Ok(())
        }),
        "at-once" => {
            runtime()?.block_on(many(&sender, count, 1))?;
            println!("{}", high_water()?);
            Ok(())
        }
        _ => bail!("no task is named {task}"),
    }
}

/// Sends `each` messages from each of this many tasks at once.
async fn many<S: Sender>(sender: &S, tasks: usize, each: usize) -> Result<()> {
    let mut set = JoinSet::new();
    for _ in 0..tasks {
        let sender = sender.clone();
        set.spawn(async move {
            for _ in 0..each {
                sender.send().await?;
            }
            Ok::<(), anyhow::Error>(())
        });
    }
    while let Some(done) = set.join_next().await {
        done??;
    }
    Ok(())
}

/// The most memory this process has had, as Linux counts it.
fn high_water() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// Prints the messages a second of bare reqwest, and the client's rate as a multiple of that, round by round.
///
/// `again` is bare reqwest once more: its distance from 1 shows how much the measurement varies.
pub(crate) fn rates(rounds: usize, url: &str) -> Result<()> {
    let runtime = runtime()?;
    let (bare, ours, again) = (Bare::new(url)?, Ours::unlimited(url)?, Bare::new(url)?);
    let (mut rates, mut paired) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..rounds {
        let beside = rate(&runtime, &bare)?;
        rates.push(beside);
        paired[0].push(rate(&runtime, &ours)? / beside);
        paired[1].push(rate(&runtime, &again)? / beside);
    }
    println!("bare {:.0}", median(rates));
    for (client, ratios) in ["ours", "again"].into_iter().zip(paired) {
        println!("{client} {:.4}", median(ratios));
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn rate<S: Sender>(runtime: &Runtime, sender: &S) -> Result<f64> {
    let began = Instant::now();
    runtime.block_on(many(sender, AT_ONCE, ROUND / AT_ONCE))?;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    Ok(ROUND as f64 / began.elapsed().as_secs_f64())
}
