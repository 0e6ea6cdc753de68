//! A service that commits, drops and lies, and a device that is reset at any point and whose clock jumps.

mod fault;
mod service;
mod words;

use fastrand::Rng;
use notify_embedded::{
    Call, Ending, Journal, Message, Outcome, RECORD_LEN, Record, Reference, Service, TemplateId,
};
use notify_jwt::{ApiKey, Clock, Signer};
use serde_json::Value;

pub(crate) use fault::Fault;
use words::{Request, listed};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: TemplateId = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");

/// When every simulation begins, by the service's clock.
pub(crate) const START: u64 = 1_795_430_454;

/// What the device reports in the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Report {
    Sent,
    NotSent,
    Unknown,
}

#[derive(Debug)]
struct Kept {
    listed: f64,
    message: Value,
}

/// The device was reset.
struct Reset;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) service: Service<'static>,
    pub(crate) is_unique: bool,
    pub(crate) recipient: &'static str,
    /// The time from which the device starts when its flash is empty.
    pub(crate) build_time: u64,
    pub(crate) posts: usize,
    pub(crate) lookups: usize,
    /// How likely a reset is at each point, and a jump of the uptime.
    resets: f64,
    jumps: f64,
    /// What the date of an answer is off by; `None` if there is none.
    date: Option<i64>,
    /// By how many seconds the clocks of the service's machines are apart at most.
    machines_apart: f64,
    /// How long after it took a message the service lists it.
    listing_delay: f64,
    kept: Vec<Kept>,
    flash: [Record; 2],
    /// The true time since the start, and that at which the device's uptime was zero.
    at: f64,
    booted: f64,
    rng: Rng,
}

impl World {
    /// Nothing goes wrong but what the test says.
    pub(crate) fn calm() -> Self {
        Self {
            service: Service::gov_uk(),
            is_unique: true,
            recipient: "+447900900123",
            build_time: START,
            posts: 0,
            lookups: 0,
            resets: 0.0,
            jumps: 0.0,
            date: Some(0),
            machines_apart: 0.0,
            listing_delay: 0.0,
            kept: Vec::new(),
            flash: [[0xff; RECORD_LEN]; 2],
            at: 0.0,
            booted: 0.0,
            rng: Rng::with_seed(7),
        }
    }

    pub(crate) fn any(rng: &mut Rng) -> Self {
        let mut world = Self { machines_apart: 4.0, rng: rng.fork(), ..Self::calm() };
        let rng = &mut world.rng;
        world.build_time = START.saturating_add_signed(*rng.choice(&[0, -20, 25, -4_000_000]).unwrap());
        world.resets = *rng.choice(&[0.0, 0.05, 0.2]).unwrap();
        world.jumps = *rng.choice(&[0.0, 0.0, 0.1]).unwrap();
        world.date = match rng.u8(0..6) {
            0 => None,
            1 => Some(*rng.choice(&[-86_400, -50, -9, 10, 50, 7_200]).unwrap()),
            _ => Some(0),
        };
        if rng.u8(0..8) == 0 {
            let message = listed("door-17-1", "+447900900124", "sms");
            world.kept.push(Kept { listed: -600.0, message });
        }
        world
    }

    /// How many times the message was taken, or will be.
    pub(crate) fn taken(&self) -> usize {
        self.kept.iter().filter(|kept| kept.listed >= 0.0).count()
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.at as u64
    }

    pub(crate) fn last_confirmed(&self) -> Option<u64> {
        Journal::read(&self.flash).last_confirmed()
    }

    /// The first outcome of a message.
    pub(crate) fn once(&mut self, fault: Fault) -> Outcome {
        let reference = Reference::numbered("door-17", 1).unwrap();
        let mut call = Call::new(self.service, self.message(&reference));
        let mut journal = Journal::read(&self.flash);
        let mut clock = Clock::starting_at(self.build_time);
        match self.attempt(&mut call, &mut journal, &mut clock, fault) {
            Ok(outcome) => outcome,
            Err(Reset) => panic!("no reset in a calm world"),
        }
    }

    fn message<'m>(&self, reference: &'m Reference) -> Message<'m> {
        let message = Message::sms(TEMPLATE, self.recipient).personalisation(&[("door", "back \"door\"")]);
        if self.is_unique { message.unique_reference(reference) } else { message.reference(reference) }
    }

    /// The program of a device that has one message to send, through resets.
    pub(crate) fn send(&mut self, mut faults: impl FnMut(&mut Rng) -> Fault) -> Report {
        for _ in 0..12 {
            if let Ok(report) = self.run(&mut faults) {
                return report;
            }
            self.at += self.rng.f64() * 20.0;
            self.booted = self.at;
            // After many resets, it is left alone.
            self.resets *= 0.8;
        }
        Report::Unknown
    }

    /// One run, from a start to its end or a reset.
    fn run(&mut self, faults: &mut impl FnMut(&mut Rng) -> Fault) -> Result<Report, Reset> {
        let reference = Reference::numbered("door-17", 1).unwrap();
        let mut journal = Journal::read(&self.flash);
        let start = journal.last_confirmed().unwrap_or_default().max(self.build_time.min(START));
        let mut clock = Clock::starting_at(start);
        match journal.ending(&reference) {
            Some(Ending::Accepted(_)) => return Ok(Report::Sent),
            Some(Ending::Refused) => return Ok(Report::NotSent),
            Some(Ending::GivenUp) => return Ok(Report::Unknown),
            Some(Ending::NotTaken) | None => {}
        }
        let service = self.service;
        let mut is_resumed = journal.in_doubt().is_some();
        let resumed = journal.in_doubt().map(|in_doubt| Call::resume(service, in_doubt));
        if matches!(resumed, Some(None)) {
            let record = journal.give_up(&clock);
            self.write(&journal, record)?;
            return Ok(Report::Unknown);
        }
        let mut call = resumed.flatten().unwrap_or_else(|| Call::new(service, self.message(&reference)));
        for _ in 0..30 {
            let fault = faults(&mut self.rng);
            let outcome = self.attempt(&mut call, &mut journal, &mut clock, fault)?;
            self.maybe_reset()?;
            let (report, wait) = match &outcome {
                Outcome::Accepted(_) => (Some(Report::Sent), 0),
                Outcome::Refused(_) => (Some(Report::NotSent), 0),
                Outcome::Unknown { look_up_after: None, .. } => (Some(Report::Unknown), 0),
                Outcome::Unknown { look_up_after: Some(seconds), .. } | Outcome::TryAgain(seconds) => {
                    (None, *seconds)
                }
            };
            if report.is_some() || (is_resumed && matches!(outcome, Outcome::TryAgain(_))) {
                let record = journal.finished(&outcome, &clock);
                self.write(&journal, record)?;
            }
            if let Some(report) = report {
                return Ok(report);
            }
            if is_resumed && matches!(outcome, Outcome::TryAgain(_)) {
                is_resumed = false;
                call = Call::new(service, self.message(&reference));
            }
            self.at += f64::from(wait);
            self.maybe_reset()?;
        }
        Ok(Report::Unknown)
    }

    fn attempt(
        &mut self,
        call: &mut Call<'_>,
        journal: &mut Journal,
        clock: &mut Clock,
        fault: Fault,
    ) -> Result<Outcome, Reset> {
        if matches!(fault, Fault::NotConnected) {
            return Ok(call.not_connected(clock, self.uptime()));
        }
        let signer = Signer::new(&ApiKey::parse(KEY).unwrap());
        let mut buffer = [0; 1024];
        let Ok(request) = call.request(&signer, clock, self.uptime(), &mut buffer) else {
            panic!("the call is over: {call:?}")
        };
        let request = Request::parse(request);
        self.maybe_reset()?;
        if let Some(record) = journal.sending(call, clock).unwrap() {
            self.write(journal, record)?;
        }
        self.maybe_reset()?;
        *(if request.is_post { &mut self.posts } else { &mut self.lookups }) += 1;
        let answer = self.answer(&request, fault);
        // Reset while the request was under way: it arrived all the same.
        self.maybe_reset()?;
        let Some(answer) = answer else {
            // In a world where all else is well, a connection is cut at once.
            let longest = if self.machines_apart > 0.0 { 35.0 } else { 0.1 };
            self.at += if matches!(fault, Fault::Hangs(_)) { 30.0 } else { self.rng.f64() * longest };
            return Ok(if self.rng.bool() {
                call.timed_out(clock, self.uptime())
            } else {
                call.closed(clock, self.uptime())
            });
        };
        self.at += 0.05;
        let mut rest = &answer[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(self.rng.usize(1..=rest.len().min(200)));
            rest = after;
            if let Some(outcome) = call.received(piece, clock, self.uptime()) {
                return Ok(outcome);
            }
        }
        self.maybe_reset()?;
        Ok(call.closed(clock, self.uptime()))
    }

    fn uptime(&self) -> u64 {
        (self.at - self.booted).max(0.0) as u64
    }

    /// Perhaps the device is reset now, or its count of seconds jumps.
    fn maybe_reset(&mut self) -> Result<(), Reset> {
        if self.rng.f64() < self.jumps {
            self.booted -= (self.rng.f64() - 0.3) * 200.0;
            self.booted = self.booted.min(self.at);
        }
        if self.rng.f64() < self.resets { Err(Reset) } else { Ok(()) }
    }

    /// Writes a record to flash, perhaps only the beginning of it.
    fn write(&mut self, journal: &Journal, record: Record) -> Result<(), Reset> {
        let slot = &mut self.flash[journal.slot(2)];
        if self.rng.f64() < self.resets {
            let written = self.rng.usize(0..RECORD_LEN);
            *slot = [0xff; RECORD_LEN];
            slot[..written].copy_from_slice(&record[..written]);
            return Err(Reset);
        }
        *slot = record;
        Ok(())
    }
}
