//! `--gc-bulk`: the whole list in one request, for a service that offers this.

use std::time::{SystemTime, UNIX_EPOCH};

use notify_http::Client;
use notify_http::gc::SendBulk;
use notify_outbox::{Claim, ClaimRequest, Holder, LONGEST_WINDOW, Outcome, Report, SqliteStore};

use super::List;
use super::journal::{Hasher, Tag};
use crate::exit::{CommandError, ExitStatus};

/// How many rows a job may have.
const MOST_ROWS: u64 = 50_000;

/// Sends all rows as one job. The journal marks them as in flight before the request leaves, so that a job whose answer
/// is lost is never sent again.
pub(super) async fn send(
    client: &Client,
    list: &List,
    hasher: &Hasher,
    store: &SqliteStore,
    messages: u64,
) -> Result<(), CommandError> {
    if messages > MOST_ROWS {
        let error = anyhow::anyhow!("a job may have {MOST_ROWS} rows, and there are {messages}");
        return Err(CommandError::setup(error).help("send them without --gc-bulk, or as several lists"));
    }
    let claims = claim_all(store, messages)?;
    let mut job = SendBulk::rows(list.checker.template.id, &list.name, list.checker.job_header());
    for claim in &claims {
        job = job.row(row(list, hasher, claim)?);
    }
    let outcome =
        |outcome: &Outcome| claims.iter().map(|claim| Report::of(claim, outcome.clone())).collect::<Vec<_>>();
    let (reports, ended) = match client.send(job).await {
        Ok(answer) => (outcome(&Outcome::Sent { id: answer.id.to_string() }), Ok(())),
        Err(error) if error.may_have_been_sent() => {
            (outcome(&Outcome::InDoubt), Err(CommandError::from(error)))
        }
        // The service took none of them, and may take them once the mistake that it names is corrected.
        Err(error) => (outcome(&Outcome::NotSent { not_before: 0 }), Err(CommandError::from(error))),
    };
    store.exchange_blocking(&reports, want(&claims, 0))?;
    ended
}

fn claim_all(store: &SqliteStore, messages: u64) -> Result<Vec<Claim>, CommandError> {
    let all = usize::try_from(messages).map_err(CommandError::local)?;
    let claims = store.exchange_blocking(&[], want(&[], all))?.claims;
    if claims.len() == all {
        return Ok(claims);
    }
    let back: Vec<_> =
        claims.iter().map(|claim| Report::of(claim, Outcome::NotSent { not_before: 0 })).collect();
    store.exchange_blocking(&back, want(&claims, 0))?;
    let error = anyhow::anyhow!("some rows were sent already, or may have been, and a job has all or none");
    Err(CommandError::new(ExitStatus::InDoubt, error)
        .help("run the same command without --gc-bulk to continue"))
}

/// What the holder of these claims wants from the store.
fn want(claims: &[Claim], sends: usize) -> ClaimRequest {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let holder = claims.first().map_or_else(Holder::random, |claim| claim.holder);
    ClaimRequest { holder, now, sends, lookups: 0, window: LONGEST_WINDOW }
}

/// A row of the job: its recipient, its reference, and the values for the template.
fn row(list: &List, hasher: &Hasher, claim: &Claim) -> Result<Vec<String>, CommandError> {
    let changed =
        |line: u64| CommandError::local(anyhow::anyhow!("{}: line {line} is not what it was", list.name));
    let tag = Tag::from_bytes(&claim.tag).ok_or_else(|| changed(0))?;
    let count = usize::try_from(tag.cells).map_err(CommandError::local)?;
    let cells = list.table.cells_at(tag.at, count).map_err(CommandError::local)?;
    if hasher.hash(tag.line, &cells) != tag.hash {
        return Err(changed(tag.line));
    }
    list.checker.job_row(&cells, &claim.reference).ok_or_else(|| {
        let error = anyhow::anyhow!("line {} has a list, which a job cannot have", tag.line);
        CommandError::setup(error).help("send the list without --gc-bulk")
    })
}
