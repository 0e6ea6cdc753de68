//! Parsing a key, minting, verifying and parsing a date allocate nothing.

use notify_jwt::{ApiKey, Clock, Signer, TimeSample, UntrustedToken, Verifier, parse_http_date};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

thread_local! {
    /// Allocations of this thread. The test runner's own threads allocate too.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[expect(unsafe_code, reason = "an allocator cannot be implemented without it")]
// SAFETY: the system's allocator does the work; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on, and `alloc` took the block from the same place.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations this makes.
fn allocations<T>(run: impl FnOnce() -> T) -> usize {
    let before = COUNT.get();
    let result = black_box(run());
    let after = COUNT.get();
    drop(result);
    after - before
}

#[test]
fn an_allocation_is_counted() {
    assert_eq!(allocations(|| Box::new(1)), 1);
}

#[test]
fn keys_tokens_and_dates_allocate_nothing() {
    let text = "name-61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
    let now = 1_795_430_454;
    let count = allocations(|| {
        let key = ApiKey::parse(black_box(text)).unwrap();
        let signer = Signer::new(&key);
        let mut clock = Clock::new();
        let unix_seconds = parse_http_date(black_box("Tue, 24 Nov 2026 03:34:00 GMT")).unwrap();
        clock.adjust(TimeSample { uptime: 7, unix_seconds }).unwrap();
        clock.confirm(7);
        for seconds in [0, now, u64::MAX, clock.now(8)] {
            let bearer = signer.bearer(black_box(seconds));
            let token = UntrustedToken::from_bearer(bearer.as_str()).unwrap();
            token.verify(&Verifier::new(&key), seconds).unwrap();
            black_box(signer.mint(seconds).as_str());
        }
        assert!(ApiKey::parse(black_box("no key")).is_err());
        assert!(UntrustedToken::parse(black_box("no token")).is_err());
    });
    assert_eq!(count, 0);
}
