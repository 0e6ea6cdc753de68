//! The bearer token of the Notify services, minted and verified without `std` and without `alloc`.
#![no_std]
#![forbid(unsafe_code)]
