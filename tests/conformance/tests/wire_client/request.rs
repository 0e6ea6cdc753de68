//! Compares our client's request with the recorded one.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use notify_testkit::http1::RawRequest;
use notify_testkit::wire::{Exchange, RecordedKey, Recording, json_differences, token};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The key that signed the recorded request, or another one of the world if none did.
pub(crate) fn key<'a>(recording: &'a Recording, exchange: &Exchange) -> Result<&'a RecordedKey> {
    let label = exchange.request.authorizations().find_map(|authorization| authorization.key.as_deref());
    recording.world.key(label.unwrap_or("main-live"))
}

/// The token must be the one that another implementation makes from the key for this second, with header and claims as
/// recorded from the official clients: `{"alg":"HS256","typ":"JWT"}` and `{"iss":…,"iat":…}`.
pub(crate) fn compare_token(key: &RecordedKey, sent: &RawRequest) -> Result<()> {
    let values: Vec<&str> = sent.headers.all("Authorization").collect();
    let [value] = values[..] else {
        anyhow::bail!("{} Authorization lines were sent", values.len());
    };
    let claims = value.split('.').nth(1).context("the token has no claims")?;
    let claims: Value =
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(claims).ok().context("not base64url")?)?;
    let moment = claims["iat"].as_u64().context("iat is not a whole number")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    ensure!(
        (now.saturating_sub(PATIENCE)..=now).contains(&moment),
        "the token is made for {moment}, but the time is {now}"
    );
    ensure!(
        value == format!("Bearer {}", token(key, moment)?),
        "the token differs from the one made independently"
    );
    Ok(())
}

/// Seconds that a busy machine may take between minting and this check.
const PATIENCE: u64 = 10;

/// Method, path, query and body must be the recorded ones.
pub(crate) fn compare(exchange: &Exchange, sent: &RawRequest) -> Result<()> {
    let recorded = &exchange.request;
    ensure!(sent.method == recorded.method, "{} was sent, {} recorded", sent.method, recorded.method);
    ensure!(
        in_order(&sent.target) == in_order(&recorded.path),
        "{} was sent, {} recorded",
        sent.target,
        recorded.path
    );
    let Some(body) = recorded.body()? else {
        ensure!(sent.body.is_empty(), "a body was sent, none recorded");
        return Ok(());
    };
    ensure!(sent.headers.get("Content-Type") == Some("application/json"), "the body is not labelled as JSON");
    let (recorded, sent) = (serde_json::from_slice(&body)?, serde_json::from_slice(&sent.body)?);
    let differences = json_differences(&recorded, &sent);
    let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
    ensure!(differences.is_empty(), "the body differs (`answered` is ours):\n{}", list.join("\n"));
    Ok(())
}

/// The name and value of a query parameter.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The path, and the query's pairs by name, unescaped: the order of different names does not matter.
fn in_order(target: &str) -> (&str, Vec<Pair<'_>>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let unescaped = |text| percent_decode_str(text).decode_utf8_lossy();
    let mut pairs: Vec<Pair<'_>> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (unescaped(name), unescaped(value)))
        .collect();
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    (path, pairs)
}
