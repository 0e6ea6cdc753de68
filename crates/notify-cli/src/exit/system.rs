//! What to do about an error of the system, where a command has nothing better to say.

use std::io::{self, ErrorKind};

/// The remedy for a file or a folder that cannot be used.
pub(super) fn remedy(error: &anyhow::Error) -> Option<&'static str> {
    match error.chain().find_map(|cause| cause.downcast_ref::<io::Error>())?.kind() {
        ErrorKind::NotFound => Some("check the path; a relative one starts at the current folder"),
        ErrorKind::PermissionDenied => Some("give your user access to it, or choose another path"),
        ErrorKind::IsADirectory => Some("it is a folder: give the path of a file"),
        ErrorKind::NotADirectory => Some("a part of the path is a file: check the path"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    fn of(error: io::Error) -> Option<&'static str> {
        remedy(&Err::<(), _>(error).context("the file cannot be read").unwrap_err())
    }

    #[test]
    fn a_path_that_cannot_be_used_has_a_remedy_and_other_errors_have_none() {
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::PermissionDenied,
            ErrorKind::IsADirectory,
            ErrorKind::NotADirectory,
        ] {
            assert!(of(kind.into()).is_some(), "{kind}");
        }
        assert_eq!(of(ErrorKind::ConnectionReset.into()), None);
        assert_eq!(remedy(&anyhow::anyhow!("not found")), None);
    }
}
