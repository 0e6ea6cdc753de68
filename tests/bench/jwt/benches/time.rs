//! Time of a token, with the SHA extensions of the processor if it has them.
//!
//! A process can have only one backend of jsonwebtoken. The environment variable `BACKEND` chooses it: `rust_crypto` or
//! `aws_lc`. With the second, only jsonwebtoken and the floor are measured.

use criterion::{Criterion, criterion_group, criterion_main};
use std::env;
use std::hint::black_box;
use std::time::Duration;

mod peers;

use peers::{
    Floor, JsonwebtokenAwsLc, JsonwebtokenRustCrypto, Jwt, JwtCompact, JwtSimple, NOW, NotifyJwt, Peer, TOKEN,
};

fn bench<P: Peer>(criterion: &mut Criterion, name: &str) {
    let peer = P::prepare();
    assert!(peer.verify(TOKEN).is_some(), "{name} rejects the token");
    criterion.bench_function(&format!("mint/{name}"), |bencher| {
        bencher.iter(|| {
            let token = black_box(&peer).mint(black_box(NOW));
            // By reference: passing the token through the black box would copy it twice.
            black_box(&token);
        });
    });
    criterion.bench_function(&format!("verify/{name}"), |bencher| {
        bencher.iter(|| black_box(black_box(&peer).verify(black_box(TOKEN))));
    });
}

fn all(criterion: &mut Criterion) {
    if env::var("BACKEND").is_ok_and(|backend| backend == "aws_lc") {
        bench::<JsonwebtokenAwsLc>(criterion, "jsonwebtoken_aws_lc");
        return;
    }
    bench::<Floor>(criterion, "floor");
    bench::<NotifyJwt>(criterion, "notify_jwt");
    bench::<JsonwebtokenRustCrypto>(criterion, "jsonwebtoken_rust_crypto");
    bench::<JwtSimple>(criterion, "jwt_simple");
    bench::<JwtCompact>(criterion, "jwt_compact");
    bench::<Jwt>(criterion, "jwt");
}

fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400))
}

criterion_group!(name = tokens; config = short(); targets = all);
criterion_main!(tokens);
