//! Runs the outbox's machine inside a job of somebody else's queue, such as River, Oban or Temporal.
//!
//! Such a queue runs a job at least once: after a crash, or a pause that it takes for one, it runs it again, and a job that
//! just sends would send twice. This one keeps the row of its message beside the job, and does what the row says.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify_examples::Service;
use notify_outbox::{Claim, Client, Holder, Message, NotifyClient, Reconciler, Row, RowId, State, Task};
use notify_sandbox::Fault;

/// What the queue keeps of a job: in columns of its table, or in the state of a workflow.
#[derive(Clone)]
struct Job {
    reference: String,
    payload: Vec<u8>,
    row: Row,
}

/// Where jobs are kept. In a database, saving is one statement: `UPDATE … WHERE id = $1 AND attempt = $2 AND state = $3`.
#[derive(Clone)]
struct Jobs(Arc<Mutex<Job>>);

impl Jobs {
    fn load(&self) -> Job {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Saves the row, if it is still as it was. Only then may anything be done by it.
    fn save(&self, before: &Row, after: Row) -> bool {
        let mut job = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_as_it_was = job.row == *before;
        if is_as_it_was {
            job.row = after;
        }
        is_as_it_was
    }
}

/// What the job tells its queue.
#[derive(Debug)]
enum Next {
    /// It is sent, or refused.
    Done,
    /// Run the job again: not before this second.
    RunAgain(u64),
    /// A person has to decide.
    AskSomebody,
}

/// One run of the job. It may die or stand still at any point, and another one may run beside it.
async fn run(jobs: &Jobs, client: &impl Client) -> Next {
    // This run, and no other: never the name of a worker, which is used again.
    let (holder, now) = (Holder::random(), client.now());
    let job = jobs.load();
    let row = job.row.expired(now).unwrap_or_else(|| job.row.clone());
    let claimed =
        row.claimed(holder, now, Duration::from_secs(30)).or_else(|| row.claimed_for_lookup(holder, now));
    let Some(claimed) = claimed else {
        jobs.save(&job.row, row);
        return next(&jobs.load().row, now);
    };
    let task = match claimed.state {
        State::InFlight { leave_by, .. } => Task::Send { leave_by },
        State::InDoubt { sent_by, .. } => Task::LookUp { sent_by },
        _ => return next(&claimed, now),
    };
    let attempt = claimed.attempt;
    // Committed before anything leaves.
    if !jobs.save(&job.row, claimed) {
        return Next::RunAgain(now + 1);
    }
    let (reference, payload) = (job.reference, Some(job.payload));
    let claim = Claim { row: RowId(0), reference, attempt, holder, task, tag: Vec::new(), payload };
    let outcome = match task {
        Task::Send { leave_by } => client.send(claim, leave_by).await.outcome,
        Task::LookUp { sent_by } => client.look_up(claim, sent_by).await,
    };
    // It counts only if nobody else has the row by now.
    let before = jobs.load().row;
    if let Some(after) = before.reported(attempt, holder, &outcome, client.now()) {
        jobs.save(&before, after);
    }
    next(&jobs.load().row, client.now())
}

fn next(row: &Row, now: u64) -> Next {
    match &row.state {
        State::Sent { .. } | State::Failed { .. } => Next::Done,
        State::InDoubt { reconciler: Reconciler::Person { .. }, .. } => Next::AskSomebody,
        State::Ready { not_before } => Next::RunAgain(*not_before),
        State::InDoubt { reconciler: Reconciler::From(from), .. } => Next::RunAgain(*from),
        // Somebody has it. If they died, that shows when their claim is over.
        State::InFlight { .. } | State::InDoubt { .. } => Next::RunAgain(now + 10),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::at_hand()?;
    let client = notify_http::Client::builder(service.api_key()).base_url(service.url()).build()?;
    let client = NotifyClient::new(client);
    let message: Message = serde_json::from_value(serde_json::json!({
        "type": "sms",
        "template_id": "c0ffee00-0000-4000-8000-000000000011",
        "phone_number": "+447900900123",
        "personalisation": { "name": "Kim", "permit number": "A-17" },
    }))?;
    let reference = "permit-A-17-is-ready".to_owned();
    let jobs = Jobs(Arc::new(Mutex::new(Job { reference, payload: message.to_json(), row: Row::new() })));
    if let Some(sandbox) = service.sandbox() {
        // The first answer is lost, though the message was taken.
        let lost = Fault::drop_connection()
            .after_effect()
            .on_method("POST")
            .on_path("/v2/notifications/sms")
            .next(1);
        sandbox.inject_fault(lost);
    }

    // The queue: it runs the job again until it is done.
    loop {
        let next = run(&jobs, &client).await;
        println!("{next:?}: {:?}", jobs.load().row.state);
        match next {
            Next::RunAgain(at) => {
                let wait = at.saturating_sub(client.now()).max(1);
                tokio::time::sleep(Duration::from_secs(wait)).await;
            }
            Next::Done | Next::AskSomebody => return Ok(()),
        }
    }
}
