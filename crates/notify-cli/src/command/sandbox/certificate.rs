//! The file of the certificate that clients have to trust.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

/// What the file of one certificate begins with.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// Refuses a file that is something else, such as a key: it would be lost. The certificate of an earlier sandbox may go.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    if !path.is_file() {
        return Ok(());
    }
    let is_certificate = fs::read_to_string(path)
        .is_ok_and(|text| text.starts_with(BEGIN) && text.matches("-----BEGIN").count() == 1);
    if !is_certificate {
        bail!("{} exists, and is not a certificate: remove it, or give --tls another name", path.display());
    }
    Ok(())
}

pub(super) fn write(path: &Path, certificate: &str) -> anyhow::Result<()> {
    fs::write(path, certificate)
        .with_context(|| format!("cannot write the certificate to {}", path.display()))
}
