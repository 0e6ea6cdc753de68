//! Instructions of a token, counted by valgrind, which knows no SHA extensions: in software.

#![allow(missing_docs, unused_qualifications, reason = "the macros' own code")]

mod peers;

use gungraun::{library_benchmark, library_benchmark_group, main};
use peers::{
    Floor, JsonwebtokenAwsLc, JsonwebtokenRustCrypto, Jwt, JwtCompact, JwtSimple, NOW, NotifyJwt, Peer, TOKEN,
};
use std::hint::black_box;

/// Prepares, and sees that it works, which also warms up whatever is found out once in a process.
fn ready<P: Peer>() -> P {
    let peer = P::prepare();
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
fn mint<P: Peer>(peer: P) -> (P::Token, P) {
    (black_box(black_box(&peer).mint(black_box(NOW))), peer)
}

#[library_benchmark]
#[bench::floor(args = (), setup = ready::<Floor>)]
#[bench::notify_jwt(args = (), setup = ready::<NotifyJwt>)]
#[bench::jsonwebtoken_rust_crypto(args = (), setup = ready::<JsonwebtokenRustCrypto>)]
#[bench::jsonwebtoken_aws_lc(args = (), setup = ready::<JsonwebtokenAwsLc>)]
#[bench::jwt_simple(args = (), setup = ready::<JwtSimple>)]
#[bench::jwt_compact(args = (), setup = ready::<JwtCompact>)]
#[bench::jwt(args = (), setup = ready::<Jwt>)]
fn verify<P: Peer>(peer: P) -> (Option<u64>, P) {
    (black_box(black_box(&peer).verify(black_box(TOKEN))), peer)
}

library_benchmark_group!(name = tokens, benchmarks = [mint, verify]);

main!(library_benchmark_groups = [tokens]);
