//! How much the bucket holds, and how fast it fills.

/// The part of the refill that is used: two clocks and a network lie between the mirror and the bucket.
const MARGIN: f64 = 0.985;
/// The part of the bucket that normal messages leave to urgent ones.
const URGENT: f64 = 0.02;
/// The part of the bucket that nobody uses.
const UNUSED: f64 = 0.01;
/// No service's bucket holds more.
const LARGEST: f64 = 1_000.0;

/// How much the bucket holds, and how fast it fills.
#[derive(Debug)]
pub(super) struct Size {
    /// The agreed part of it that this process may use.
    pub(super) part: f64,
    /// Tokens a second, of that part.
    pub(super) refill: f64,
    /// Tokens that normal messages may use up at once.
    pub(super) normal: f64,
    /// Tokens that urgent messages may use up beyond that.
    pub(super) urgent: f64,
}

impl Size {
    pub(super) fn new(limit: u32, part: f64) -> Self {
        let bucket = (f64::from(limit) / 3.0).ceil() + 1.0;
        let bucket = bucket.min(LARGEST) * part;
        Self {
            part,
            refill: f64::from(limit) / 60.0 * MARGIN * part,
            // The last token never buys anything.
            normal: (bucket * (1.0 - URGENT - UNUSED) - 1.0).max(1.0),
            urgent: (bucket * URGENT).max(1.0),
        }
    }
}
