//! The lowest supported versions: of the dependencies, as the manifests allow, and of Rust.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::workspace::{self, PUBLISHED};

/// Checks each published crate in its own workspace, so that no other crate raises the versions that it is built with.
///
/// The workspaces and their lock files stay in `target/lowest`, for a check with the compiler that the manifest names.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let lowest = workspace::target_dir()?.join("lowest");
    let cargo = workspace::cargo();
    for package in PUBLISHED {
        let folder = copy(shell, &lowest, package)?;
        let _folder = shell.push_dir(&folder);
        // The flag is unstable; this way any toolchain accepts it. It is used only to make the lock file.
        let output = cmd!(shell, "{cargo} generate-lockfile -Z direct-minimal-versions")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
            .output()?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(output.status.success(), "{package}: {told}");
        let too_new = too_new(&told);
        ensure!(
            too_new.is_empty(),
            "{package} promises a lower Rust than its dependencies:\n{}",
            too_new.join("\n")
        );
        let target = lowest.join("target");
        cmd!(
            shell,
            "{cargo} check --quiet --locked --all-features --package {package} --target-dir {target}"
        )
        .run()
        .with_context(|| format!("{package} needs higher versions than its manifest says"))?;
    }
    Ok(())
}

/// Makes a workspace of this published crate and those before it, without dev-dependencies.
fn copy(shell: &Shell, lowest: &Path, package: &str) -> Result<PathBuf> {
    let folder = lowest.join(package);
    shell.remove_path(&folder)?;
    shell.create_dir(folder.join("crates"))?;
    let upto = PUBLISHED.iter().position(|name| *name == package).context("a published package")?;
    for name in &PUBLISHED[..=upto] {
        let (from, to) = (format!("crates/{name}"), folder.join("crates"));
        cmd!(shell, "cp -R {from} {to}").run()?;
        let manifest = folder.join("crates").join(name).join("Cargo.toml");
        shell.write_file(&manifest, without_dev_dependencies(&shell.read_file(&manifest)?))?;
    }
    let members = format!("members = [\"crates/{package}\"]\n");
    shell.write_file(folder.join("Cargo.toml"), with_members(&shell.read_file("Cargo.toml")?, &members)?)?;
    Ok(folder)
}

/// A manifest without its dev-dependencies: their versions do not concern the users of the crate.
fn without_dev_dependencies(manifest: &str) -> String {
    let mut kept = String::new();
    let mut in_table = false;
    for line in manifest.split_inclusive('\n') {
        if line.starts_with('[') {
            in_table = line.trim_end() == "[dev-dependencies]";
        }
        if !in_table {
            kept.push_str(line);
        }
    }
    kept
}

/// The workspace's manifest with these members instead of its own, and without dependencies on other members.
fn with_members(manifest: &str, members: &str) -> Result<String> {
    let (before, rest) = manifest.split_once("members = [").context("a workspace has members")?;
    let (_, after) = rest.split_once("[workspace.package]").context("a workspace has a package table")?;
    Ok(format!("{before}{members}\n[workspace.package]{after}"))
}

/// The lines in which cargo says that it found no version for the promised Rust.
fn too_new(told: &str) -> Vec<&str> {
    told.lines().map(str::trim).filter(|line| line.contains(" (requires Rust ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_need_a_newer_rust_are_distinguished_from_those_that_are_merely_available() {
        let told = "     Locking 2 packages\n      Adding ctutils v0.4.2 (available: v0.4.8, requires Rust 1.87)\n      \
                    Adding uuid v1.29.3 (requires Rust 1.89)\n";
        assert_eq!(too_new(told), ["Adding uuid v1.29.3 (requires Rust 1.89)"]);
    }

    #[test]
    fn only_the_table_of_dev_dependencies_goes() {
        let manifest = "[dependencies]\na = \"1\"\n\n[dev-dependencies]\nb = \"1\"\n# Two.\nc = \"1\"\n\n[[test]]\nname = \"t\"\n";
        assert_eq!(
            without_dev_dependencies(manifest),
            "[dependencies]\na = \"1\"\n\n[[test]]\nname = \"t\"\n"
        );
    }

    #[test]
    fn the_members_are_replaced_and_all_else_stays() {
        let manifest = "[workspace]\nmembers = [\n    \"a\",\n]\nexclude = [\"b\"]\n\n[workspace.package]\nversion = \"1\"\n";
        let expected = "[workspace]\nmembers = [\"c\"]\n\n[workspace.package]\nversion = \"1\"\n";
        assert_eq!(with_members(manifest, "members = [\"c\"]\n").unwrap(), expected);
    }
}
