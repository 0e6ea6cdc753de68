//! The boards, and what a token may cost on each.

/// One instruction set, on a board of QEMU's.
pub(crate) struct Board {
    /// The instruction set, as people call it.
    pub(crate) name: &'static str,
    /// What the compiler calls it.
    pub(crate) target: &'static str,
    /// What minting may cost.
    pub(crate) bars: Bars,
}

/// The most that minting may cost, optimised for size.
#[derive(Clone, Copy)]
pub(crate) struct Bars {
    /// Bytes of flash of a signer and its minting.
    pub(crate) flash: u64,
    /// Bytes of stack of a mint, the token itself aside.
    pub(crate) stack: u64,
    /// Instructions of a mint.
    pub(crate) instructions: u64,
    /// By how many instructions mints may differ, for any keys and any moments of ten digits.
    pub(crate) varies: u64,
}

/// WebAssembly, which runs under Node and on no board.
pub(crate) const WEB_ASSEMBLY: &str = "wasm32-unknown-unknown";

/// All boards.
pub(crate) const BOARDS: &[Board] = &[
    Board {
        name: "Cortex-M0",
        target: "thumbv6m-none-eabi",
        bars: Bars { flash: 2550, stack: 640, instructions: 28_700, varies: 0 },
    },
    Board {
        name: "Cortex-M3",
        target: "thumbv7m-none-eabi",
        bars: Bars { flash: 2500, stack: 600, instructions: 16_200, varies: 0 },
    },
    Board {
        name: "Cortex-M4F",
        target: "thumbv7em-none-eabihf",
        bars: Bars { flash: 2500, stack: 600, instructions: 16_200, varies: 0 },
    },
    Board {
        name: "RV32IMC",
        target: "riscv32imc-unknown-none-elf",
        bars: Bars { flash: 3150, stack: 620, instructions: 22_300, varies: 0 },
    },
];

/// Everything that the programs are built for.
pub(crate) fn targets() -> impl Iterator<Item = &'static str> {
    BOARDS.iter().map(|board| board.target).chain([WEB_ASSEMBLY])
}
