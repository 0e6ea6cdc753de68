//! `cargo xtask firmware-report`

use anyhow::{Result, ensure};
use xshell::Shell;

use crate::firmware::{self, BOARDS, BUILDS, Board, Figures, Toolchain};

/// Measures what a token costs on four microcontrollers: flash, RAM, stack, instructions, ways to panic
///
/// Builds the firmware of examples/firmware for each, and traces it in QEMU, instruction by instruction. Fails if a
/// bar is missed, or if a figure has grown by more than 2 % since it was recorded with the same compiler and emulator.
#[derive(Debug, clap::Args)]
pub(crate) struct FirmwareReport {
    /// Record the figures in examples/firmware/figures.txt and the README, to be committed
    #[arg(long)]
    record: bool,
    /// Also measure other builds: for less flash, for fewer instructions, with the hash unrolled
    #[arg(long)]
    trades: bool,
    /// Measure this board alone, such as Cortex-M3
    #[arg(long)]
    board: Option<String>,
}

impl FirmwareReport {
    pub(crate) fn run(&self, shell: &Shell) -> Result<()> {
        let toolchain = Toolchain::find(shell)?;
        firmware::require_emulators(shell)?;
        let builds = if self.trades { &BUILDS[..] } else { &BUILDS[..1] };
        let boards: Vec<&Board> = BOARDS
            .iter()
            .filter(|board| self.board.as_ref().is_none_or(|name| board.name.eq_ignore_ascii_case(name)))
            .collect();
        ensure!(!boards.is_empty(), "no board has that name");
        let targets: Vec<&str> = boards.iter().map(|board| board.target).collect();
        for build in builds {
            toolchain.build(shell, *build, &targets)?;
        }
        let mut figures = firmware::measure(shell, &toolchain, &boards, builds)?;
        let committed = Figures::committed(shell)?;
        let grown = figures.growth_since(&committed);
        figures.complete(committed);
        let tables = firmware::tables(&figures)?;
        println!("{tables}");
        let mut faults = Vec::new();
        for board in boards {
            faults.extend(board.missed(&figures)?);
        }
        if self.record {
            figures.record(shell)?;
            shell.write_file("README.md", firmware::shown_in(&shell.read_file("README.md")?, &tables)?)?;
        } else if let Some(grown) = grown {
            faults.extend(grown);
        } else {
            eprintln!(
                "the recorded figures come from another compiler or emulator: record new ones with --record"
            );
        }
        ensure!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    }
}
