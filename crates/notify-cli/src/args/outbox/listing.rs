//! `notify outbox list`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use notify_outbox::StateName;

/// List messages with what became of each: which failed or are in doubt, and why
///
/// The oldest comes first. For a message that failed, the reason says what to do. It is not sent again: put it,
/// corrected, under a new reference.
///
/// The journal of a list (`FILE.notify-journal`) is read as well. It has the row of each message in place of its content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify outbox list --state failed
  notify outbox list --state failed --output csv > failed.csv
  notify outbox list --state in_doubt --state for_person --recipients
  notify outbox list --state failed --store people.csv.notify-journal

States:
  ready       to be sent, now or later
  in_flight   a worker has claimed it
  in_doubt    it may have been sent; workers look it up
  for_person  it may have been sent, and you decide (`notify outbox doubt`)
  sent        the service took it
  failed      it was not sent, and will not be")]
pub(crate) struct OutboxListArgs {
    /// Only messages in this state; may be repeated
    #[arg(long, value_name = "STATE", value_parser = state(), hide_possible_values = true)]
    pub(crate) state: Vec<StateName>,
    /// How many to list at most [default: all]
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<usize>,
    /// Show whom each message goes to as well; when a message is finished, its recipient is erased
    #[arg(long)]
    pub(crate) recipients: bool,
}

/// The name of a state for scripts, as the fields of `status` spell it.
pub(crate) const fn name_of(state: StateName) -> &'static str {
    match state {
        StateName::Ready => "ready",
        StateName::InFlight => "in_flight",
        StateName::InDoubt => "in_doubt",
        StateName::ForPerson => "for_person",
        StateName::Sent => "sent",
        StateName::Failed => "failed",
    }
}

fn state() -> impl TypedValueParser<Value = StateName> {
    PossibleValuesParser::new(StateName::ALL.map(name_of)).map(|word| {
        let is_named = |state: &StateName| name_of(*state) == word;
        StateName::ALL.into_iter().find(is_named).unwrap_or_else(|| unreachable!("it is one of their names"))
    })
}
