//! Messages that flow through a store: a fixed number is in flight, and each commit reports them as sent.

use notify_outbox::{ClaimRequest, Exchanged, Holder, Intent, Outcome, Report};

use crate::NOW;

/// A payload as most are.
const PAYLOAD: [u8; 300] = [b'x'; 300];

/// The messages from this number on.
pub(crate) fn intents(from: usize, count: usize, has_payload: bool) -> Vec<Intent> {
    let intents = (from..from + count).map(|number| {
        let intent = Intent::new(format!("reference-{number}")).expect("it is short");
        if has_payload { intent.payload(PAYLOAD) } else { intent.tag(number.to_le_bytes()) }
    });
    intents.collect()
}

/// What one worker has under way.
pub(crate) struct Flow {
    want: ClaimRequest,
    reports: Vec<Report>,
}

impl Flow {
    pub(crate) fn new(at_once: usize) -> Self {
        let want =
            ClaimRequest { holder: Holder::random(), now: NOW, sends: at_once, lookups: 0, window: 30 };
        Self { want, reports: Vec::new() }
    }

    /// What the next commit takes: what came of the last claims, and how many it is to give.
    pub(crate) fn next(&mut self) -> (Vec<Report>, ClaimRequest) {
        (std::mem::take(&mut self.reports), self.want)
    }

    /// Has what is claimed sent.
    pub(crate) fn send(&mut self, exchanged: &Exchanged) {
        assert!(exchanged.without_effect.is_empty(), "each report counts");
        assert_eq!(exchanged.claims.len(), self.want.sends, "there is enough to do");
        let id = "740e5834-3a29-46b4-9a6f-16142fde533b";
        let sent = |claim| Report::of(claim, Outcome::Sent { id: id.to_owned() });
        self.reports = exchanged.claims.iter().map(sent).collect();
    }
}
