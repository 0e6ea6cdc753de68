//! The boards, and what a token may cost on each.

/// One instruction set, on one of QEMU's boards.
pub(crate) struct Board {
    /// The common name of the instruction set.
    pub(crate) name: &'static str,
    /// The compiler's target name.
    pub(crate) target: &'static str,
    /// What minting may cost.
    pub(crate) bars: Bars,
}

/// The most that minting may cost, optimised for size.
#[derive(Clone, Copy)]
pub(crate) struct Bars {
    /// Bytes of flash for a signer and its minting.
    pub(crate) flash: u64,
    /// Bytes of stack for a mint, without the token itself.
    pub(crate) stack: u64,
    /// Instructions of a mint.
    pub(crate) instructions: u64,
    /// How many instructions two mints may differ by, for any keys and any ten-digit times.
    pub(crate) varies: u64,
}

/// WebAssembly, which runs under Node rather than on a board.
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

/// All targets that the programs are built for.
pub(crate) fn targets() -> impl Iterator<Item = &'static str> {
    BOARDS.iter().map(|board| board.target).chain([WEB_ASSEMBLY])
}
