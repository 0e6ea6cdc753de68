//! Instructions of a token, counted by valgrind. It knows no SHA extensions, so the hash runs in software.

#![allow(missing_docs, unused_qualifications, reason = "the macros' own code")]

mod peers;

use gungraun::{library_benchmark, library_benchmark_group, main};
use peers::{
    Floor, JsonwebtokenAwsLc, JsonwebtokenRustCrypto, Jwt, JwtCompact, JwtSimple, NOW, NotifyJwt, Peer, TOKEN,
};
use std::hint::black_box;

/// Prepares a library and checks that it works, which also warms up whatever a process detects once.
///
/// It leaks the library, as a program keeps it: moving it in and out of the benchmark is not part of the cost.
fn ready<P: Peer>() -> &'static P {
    let peer = Box::leak(Box::new(P::prepare()));
    black_box(peer.mint(NOW));
    assert!(peer.verify(TOKEN).is_some());
    peer
}

#[library_benchmark]
#[bench::floor(args = (), setup = ready::<Floor>)]
#[bench::notify_jwt(args = (), setup = ready::<NotifyJwt>)]
#[bench::jsonwebtoken_rust_crypto(args = (), setup = ready::<JsonwebtokenRustCrypto>)]
#[bench::jsonwebtoken_aws_lc(args = (), setup = ready::<JsonwebtokenAwsLc>)]
#[bench::jwt_simple(args = (), setup = ready::<JwtSimple>)]
#[bench::jwt_compact(args = (), setup = ready::<JwtCompact>)]
#[bench::jwt(args = (), setup = ready::<Jwt>)]
fn mint<P: Peer>(peer: &'static P) -> P::Token {
    black_box(peer).mint(black_box(NOW))
}

#[library_benchmark]
#[bench::floor(args = (), setup = ready::<Floor>)]
#[bench::notify_jwt(args = (), setup = ready::<NotifyJwt>)]
#[bench::jsonwebtoken_rust_crypto(args = (), setup = ready::<JsonwebtokenRustCrypto>)]
#[bench::jsonwebtoken_aws_lc(args = (), setup = ready::<JsonwebtokenAwsLc>)]
#[bench::jwt_simple(args = (), setup = ready::<JwtSimple>)]
#[bench::jwt_compact(args = (), setup = ready::<JwtCompact>)]
#[bench::jwt(args = (), setup = ready::<Jwt>)]
fn verify<P: Peer>(peer: &'static P) -> Option<u64> {
    black_box(peer).verify(black_box(TOKEN))
}

library_benchmark_group!(name = tokens, benchmarks = [mint, verify]);

main!(library_benchmark_groups = [tokens]);
