//! A dropped value leaves nothing of its secret where it was.

use notify_jwt::{ApiKey, Bearer, Signer, Token, Verifier};
use sha2::block_api::compress256;
use std::mem::MaybeUninit;

const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";

/// The shortest run of secret bytes that counts as found.
const RUN: usize = 4;

fn key() -> ApiKey {
    ApiKey::parse(&format!("name-{SERVICE}-{SECRET}")).unwrap()
}

/// The memory of a value, before and after it is dropped in place.
fn before_and_after<T>(value: T) -> (Vec<u8>, Vec<u8>) {
    let mut place = MaybeUninit::<T>::zeroed();
    // Padding keeps what was there before: zeros, so that it is initialised.
    let bytes = |place: &MaybeUninit<T>| -> Vec<u8> {
        let start = place.as_ptr().cast::<u8>();
        // Volatile reads, so that the compiler cannot assume what they return.
        #[expect(unsafe_code, reason = "reads memory after its value was dropped")]
        // SAFETY: the place is size_of::<T>() bytes, initialised with zeros, and borrowed for the reading.
        (0..size_of::<T>()).map(|at| unsafe { start.add(at).read_volatile() }).collect()
    };
    place.write(value);
    let before = bytes(&place);
    #[expect(unsafe_code, reason = "drops a value in place, to look at its memory afterwards")]
    // SAFETY: the value was written above, and is not used after this.
    unsafe {
        place.assume_init_drop();
    }
    let after = bytes(&place);
    (before, after)
}

/// The runs of these bytes that occur in memory.
fn found<'s>(memory: &[u8], secret: &'s [u8]) -> Vec<&'s [u8]> {
    secret.windows(RUN).filter(|run| memory.windows(RUN).any(|window| window == *run)).collect()
}

/// The midstates of a key as they are in memory: whoever has them can sign as well as with the key. The inner one has hashed
/// the first block of the message, if there is one.
fn midstates(first_block: Option<&[u8; 64]>) -> Vec<u8> {
    let state = |pad: u8, more: Option<&[u8; 64]>| {
        let mut block = [pad; 64];
        for (byte, secret) in block.iter_mut().zip(SECRET.bytes()) {
            *byte ^= secret;
        }
        // The initial state of SHA-256, FIPS 180-4 §5.3.3.
        let mut state = [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ];
        compress256(&mut state, &[block]);
        if let Some(block) = more {
            compress256(&mut state, &[*block]);
        }
        state.iter().flat_map(|word| word.to_ne_bytes()).collect::<Vec<u8>>()
    };
    [state(0x36, first_block), state(0x5c, None)].concat()
}

#[test]
fn a_dropped_key_leaves_nothing_of_its_secret() {
    let (before, after) = before_and_after(key());
    assert_eq!(
        found(&before, SECRET.as_bytes()).len(),
        SECRET.len() - RUN + 1,
        "the test looks in the wrong place"
    );
    assert!(found(&after, SECRET.as_bytes()).is_empty());
}

#[test]
fn a_dropped_signer_leaves_nothing_of_its_states() {
    let token = Signer::new(&key()).mint(0);
    let states = midstates(token.as_bytes().first_chunk());
    let (before, after) = before_and_after(Signer::new(&key()));
    assert!(found(&before, SECRET.as_bytes()).is_empty(), "a signer does not keep the secret");
    assert!(found(&before, &states).len() >= 2 * (32 - RUN + 1), "the test looks for the wrong states");
    assert!(found(&after, &states).is_empty());
}

#[test]
fn a_signer_that_gets_another_key_keeps_nothing_of_the_first() {
    let token = Signer::new(&key()).mint(0);
    let states = midstates(token.as_bytes().first_chunk());
    let mut signer = Signer::new(&key());
    signer.set_key(&ApiKey::parse(&format!("{SERVICE}-{SERVICE}")).unwrap());
    let (before, _) = before_and_after(signer);
    assert!(found(&before, &states).is_empty());
}

#[test]
fn a_dropped_verifier_leaves_nothing_of_its_states() {
    let states = midstates(None);
    let (before, after) = before_and_after(Verifier::new(&key()));
    assert!(found(&before, &states).len() >= 2 * (32 - RUN + 1), "the test looks for the wrong states");
    assert!(found(&after, &states).is_empty());
}

#[test]
fn a_dropped_token_or_header_value_leaves_nothing_of_itself() {
    let token = Signer::new(&key()).mint(1_795_430_454);
    let text = token.as_bytes().to_vec();
    let (before, after) = before_and_after::<Token>(token);
    assert!(!found(&before, &text).is_empty(), "the test looks in the wrong place");
    assert!(found(&after, &text).is_empty());
    let (before, after) = before_and_after::<Bearer>(Signer::new(&key()).bearer(1_795_430_454));
    assert!(!found(&before, &text).is_empty(), "the test looks in the wrong place");
    assert!(found(&after, &text).is_empty());
}
