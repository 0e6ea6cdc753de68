//! The authorities that this machine trusts.

use crate::exit::CommandError;

/// The variable that names a file of certificates to trust.
const FILE: &str = "SSL_CERT_FILE";

/// The message for a file of certificates that is named but cannot be read.
pub(crate) fn unread() -> Option<String> {
    let error = std::fs::File::open(std::env::var_os(FILE)?).err()?;
    Some(format!("; it is set, but the file cannot be opened: {error}"))
}

/// Adds what to do if the failure is that there are no certificates. Its words tell, since its type belongs to the transport's
/// dependencies.
pub(crate) fn explained(failure: CommandError) -> CommandError {
    if !failure.says("No CA certificates") {
        return failure;
    }
    failure.help(format!(
        "install the certificates that systems trust, on Debian the package ca-certificates, or name a file of them in \
         {FILE}{}",
        unread().unwrap_or_default()
    ))
}
