//! `cargo xtask c-archives`

use anyhow::{Result, bail};
use xshell::Shell;

use crate::firmware::c_archive::{ARCHIVES, Archive, EMBEDDED, JWT, package};
use crate::workspace;

/// Builds notify-jwt and notify-embedded for C and C++: archives for each processor and float ABI, the headers, and files for
/// CMake, pkg-config and Zephyr
///
/// They go to target/c-archives/notify-jwt. Each archive is one object that exports the functions of its header and nothing
/// else, so that a second archive of Rust's fits beside it. That of notify-embedded has all that the other has: link one.
#[derive(Debug, clap::Args)]
pub(crate) struct CArchives {
    /// Builds for this target alone, such as thumbv7m-none-eabi
    #[arg(long)]
    target: Option<String>,
}

impl CArchives {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let chosen: Vec<&Archive> = ARCHIVES
            .iter()
            .filter(|archive| self.target.as_ref().is_none_or(|target| archive.target == target))
            .collect();
        if chosen.is_empty() {
            let known: Vec<&str> = ARCHIVES.iter().map(|archive| archive.target).collect();
            bail!("no archive is made for that target, but for {}", known.join(", "));
        }
        for archive in chosen {
            archive.build(shell, &JWT)?;
            archive.build(shell, &EMBEDDED)?;
        }
        package(shell)?;
        println!("{}", workspace::target_dir()?.join("c-archives/notify-jwt").display());
        Ok(())
    }
}
