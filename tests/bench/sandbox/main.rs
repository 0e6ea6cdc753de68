//! Measures a sandbox: how soon it is ready, how many sends it takes a second, what a million messages weigh, and what
//! a page of them costs. `load <program notify> [messages]`; prints JSON. Linux only, for it reads `/proc`.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use notify_jwt::{ApiKey, Signer};
use serde_json::json;

/// The built-in world's live key.
const KEY: &str = "sandbox-live-c0ffee00-0000-4000-8000-000000000001-c0ffee00-0000-4000-8000-00000000000a";

/// The built-in world's template for text messages.
const TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000011";

/// Connections that send at the same time.
const CONNECTIONS: u32 = 8;

/// How often the sandbox is started to see how soon it is ready.
const STARTS: usize = 25;

/// How often each page is asked for.
const PAGES: usize = 101;

/// How many messages are on a page.
const PAGE_SIZE: u32 = 250;

/// The unit of the system's processor times.
const TICK: Duration = Duration::from_millis(10);

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().context("the first argument is the program notify")?);
    let messages: u32 = arguments.next().map_or(Ok(1_000_000), |number| number.parse())?;
    let ready = std::env::temp_dir().join(format!("notify-load-{}", std::process::id()));

    let mut starts = (0..STARTS).map(|_| Sandbox::start(&program, &ready).map(|one| one.ready_after));
    let starts = median(starts.by_ref().collect::<Result<Vec<_>>>()?);

    let sandbox = Sandbox::start(&program, &ready)?;
    let empty = sandbox.resident()?;
    let (to_one, oldest) = sandbox.measure(messages, Recipients::One)?;

    let mut connection = Connection::open(&sandbox.authority)?;
    let mut page = |target: &str| -> Result<Duration> {
        let begun = Instant::now();
        let answer = connection.ask("GET", target, "")?;
        let took = begun.elapsed();
        ensure!(answer.windows(7).any(|window| window == b"\"body\":"), "the page is empty");
        Ok(took)
    };
    let last_page = format!("/v2/notifications?older_than={oldest}");
    let (mut first, mut last) = (Vec::new(), Vec::new());
    // In turn, so that whatever else the machine does slows both alike.
    for _ in 0..PAGES {
        first.push(page("/v2/notifications")?);
        last.push(page(&last_page)?);
    }
    let (first, last) = (median(first), median(last));
    drop(sandbox);
    let (to_many, _) = Sandbox::start(&program, &ready)?.measure(messages, Recipients::Distinct)?;

    println!(
        "{:#}",
        json!({
            "ready_after_ms": milliseconds(starts),
            "sends": messages,
            "sends_per_second": to_one.sends_per_second,
            "sends_per_second_to_distinct_recipients": to_many.sends_per_second,
            "sandbox_processor_us_per_send": to_one.processor_us_per_send,
            "sandbox_processor_us_per_send_to_distinct_recipients": to_many.processor_us_per_send,
            "resident_mb_empty": empty,
            "resident_mb_full": to_one.resident_mb,
            "resident_mb_full_of_distinct_recipients": to_many.resident_mb,
            "first_page_ms": milliseconds(first),
            "last_page_ms": milliseconds(last),
        })
    );
    Ok(())
}

/// The recipients of the messages, and their texts.
#[derive(Clone, Copy)]
enum Recipients {
    /// All to the same, in the same words.
    One,
    /// Each to another, by another name.
    Distinct,
}

/// What it takes to send messages and to keep them.
struct Cost {
    sends_per_second: f64,
    processor_us_per_send: f64,
    resident_mb: u64,
}

impl Recipients {
    /// The body of one send.
    fn body(self, number: u32, reference: &str) -> String {
        let (phone_number, name) = match self {
            Self::One => ("07900900123".to_owned(), "Kim".to_owned()),
            Self::Distinct => (format!("07{:09}", 900_000_000 + number), format!("Kim {number}")),
        };
        // By hand, for the client shares the cores with the sandbox.
        format!(
            r#"{{"phone_number":"{phone_number}","template_id":"{TEMPLATE}","personalisation":{{"name":"{name}","permit number":"E15"}},"reference":"{reference}"}}"#
        )
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

/// A sandbox in a process of its own, killed when dropped.
struct Sandbox {
    child: Child,
    authority: String,
    ready_after: Duration,
}

impl Sandbox {
    fn start(program: &Path, ready: &Path) -> Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(program)
            .args(["sandbox", "--quiet", "--no-limits", "--no-callbacks", "--ready-file"])
            .arg(ready)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| program.display().to_string())?;
        loop {
            if let Ok(url) = std::fs::read_to_string(ready) {
                let ready_after = begun.elapsed();
                std::fs::remove_file(ready)?;
                let authority = url.trim().trim_start_matches("http://").to_owned();
                return Ok(Self { child, authority, ready_after });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the sandbox ended before it was ready: {status}");
            }
            thread::sleep(Duration::from_micros(200));
        }
    }

    /// Sends this many messages, and returns the cost and the id after which one page is left, newest first.
    fn measure(&self, messages: u32, recipients: Recipients) -> Result<(Cost, String)> {
        let begun = Instant::now();
        let oldest = self.fill(messages, recipients)?;
        let took = begun.elapsed().as_secs_f64();
        let per_send = self.processor_time()?.as_secs_f64() * 1e6 / f64::from(messages);
        let cost = Cost {
            sends_per_second: (f64::from(messages) / took).round(),
            processor_us_per_send: (per_send * 10.0).round() / 10.0,
            resident_mb: self.resident()?,
        };
        Ok((cost, oldest))
    }

    /// What the process holds in memory, in MiB.
    fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
    }

    /// What the process has used of the processors, whatever else they were busy with.
    fn processor_time(&self) -> Result<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // After the name, which is in parentheses, user and system time are the 12th and 13th fields.
        let (_, fields) = text.rsplit_once(')').context("no name in stat")?;
        let ticks: Vec<u64> =
            fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(TICK * u32::try_from(ticks.iter().sum::<u64>())?)
    }

    /// Sends this many messages, each with a reference of its own.
    fn fill(&self, messages: u32, recipients: Recipients) -> Result<String> {
        let signer = Signer::new(&ApiKey::parse(KEY)?);
        // The first page, by one connection, so that its order is known.
        let mut first = Connection::open(&self.authority)?;
        let mut oldest = String::new();
        for number in 0..=PAGE_SIZE {
            oldest = id(&first.send(&signer, &recipients.body(number, &format!("first-{number}")))?)?;
        }
        thread::scope(|scope| {
            let senders: Vec<_> = (0..CONNECTIONS)
                .map(|sender| {
                    let signer = Signer::new(&ApiKey::parse(KEY).expect("it was one above"));
                    scope.spawn(move || -> Result<()> {
                        let mut connection = Connection::open(&self.authority)?;
                        for number in (PAGE_SIZE + 1 + sender..messages).step_by(CONNECTIONS as usize) {
                            let body = recipients.body(number, &format!("reference-{number}"));
                            connection.send(&signer, &body)?;
                        }
                        Ok(())
                    })
                })
                .collect();
            senders.into_iter().try_for_each(|sender| sender.join().expect("a sender does not panic"))
        })?;
        Ok(oldest)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept alive.
struct Connection {
    writer: TcpStream,
    reader: BufReader<TcpStream>,
    bearer: String,
    minted_at: u64,
}

impl Connection {
    fn open(authority: &str) -> io::Result<Self> {
        let writer = TcpStream::connect(authority)?;
        writer.set_nodelay(true)?;
        let reader = BufReader::with_capacity(64 * 1024, writer.try_clone()?);
        Ok(Self { writer, reader, bearer: String::new(), minted_at: 0 })
    }

    fn send(&mut self, signer: &Signer, body: &str) -> Result<Vec<u8>> {
        self.sign(signer)?;
        self.ask("POST", "/v2/notifications/sms", body)
    }

    /// A token serves for a few seconds, as in a client that keeps it.
    fn sign(&mut self, signer: &Signer) -> Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        if now > self.minted_at + 5 {
            signer.bearer(now).as_str().clone_into(&mut self.bearer);
            self.minted_at = now;
        }
        Ok(())
    }

    fn ask(&mut self, method: &str, target: &str, body: &str) -> Result<Vec<u8>> {
        if self.bearer.is_empty() {
            self.sign(&Signer::new(&ApiKey::parse(KEY)?))?;
        }
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.bearer,
            body.len()
        );
        self.writer.write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), 0);
        self.reader.read_line(&mut line)?;
        ensure!(line.starts_with("HTTP/1.1 20"), "{method} {target} was answered {line}");
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.reader.read_exact(&mut answer)?;
        Ok(answer)
    }
}

fn id(answer: &[u8]) -> Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    answer["id"].as_str().map(str::to_owned).context("a message has an id")
}
