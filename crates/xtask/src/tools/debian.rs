//! Programs from the system's packages.

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

use super::installation_lock;

/// Makes sure that `probe`, a command line, succeeds: if it does not, installs these packages.
pub(crate) fn require(shell: &Shell, probe: &[&str], packages: &[&str]) -> Result<()> {
    if succeeds(shell, probe) {
        return Ok(());
    }
    let list = packages.join(" ");
    if !succeeds(shell, &["apt-get", "--version"]) {
        bail!("`{}` does not work here; on Debian, install {list}", probe.join(" "));
    }
    if cmd!(shell, "id -u").quiet().read()? != "0" {
        bail!("`{}` does not work here; install it: sudo apt-get install -y {list}", probe.join(" "));
    }
    let _lock = installation_lock()?;
    // Another step may have installed it in the meantime.
    if succeeds(shell, probe) {
        return Ok(());
    }
    cmd!(shell, "apt-get update -qq").run().context("the package lists could not be fetched")?;
    cmd!(shell, "apt-get install -y -qq --no-install-recommends {packages...}")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()?;
    if succeeds(shell, probe) {
        return Ok(());
    }
    bail!("`{}` still does not work with {list} installed", probe.join(" "))
}

fn succeeds(shell: &Shell, command: &[&str]) -> bool {
    let [program, arguments @ ..] = command else { return false };
    cmd!(shell, "{program} {arguments...}").quiet().ignore_stdout().ignore_stderr().run().is_ok()
}
