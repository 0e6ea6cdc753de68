//! `cargo xtask c-archives`

use anyhow::{Result, bail};
use xshell::Shell;

use crate::firmware::c_archive::{ARCHIVES, Archive, LIBRARIES};
use crate::firmware::c_package;

/// Builds notify-jwt and notify-embedded for C and C++: archives for each processor and float ABI, the headers, and files for
/// CMake, pkg-config and Zephyr
///
/// They go to target/c-archives/notify-jwt and target/c-archives/notify-embedded. Each archive is one object that
/// exports the functions of its headers and nothing else, so that a program can link another Rust archive beside it.
/// The archive of notify-embedded includes that of notify-jwt.
#[derive(Debug, clap::Args)]
pub(crate) struct CArchives {
    /// Build for this target alone, such as thumbv7m-none-eabi
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
            bail!("there is no archive for that target; the targets are {}", known.join(", "));
        }
        for archive in chosen {
            for library in LIBRARIES {
                archive.build(shell, library)?;
            }
        }
        c_package::complete(shell)?;
        for library in LIBRARIES {
            println!("{}", library.package_folder()?.display());
        }
        Ok(())
    }
}
