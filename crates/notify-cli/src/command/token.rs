//! `notify token`

mod inspect;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::args::{Options, TokenArgs, TokenCommand};
use crate::exit::CommandError;
use crate::output::print;
use crate::setup::KeyText;

/// Prints a token, and nothing else; or looks at one.
pub(crate) fn run(args: TokenArgs, options: &Options) -> Result<(), CommandError> {
    match args.command {
        None => mint(&args, options),
        Some(TokenCommand::Inspect(args)) => inspect::run(args.at, None, options),
        Some(TokenCommand::Verify(args)) => {
            inspect::run(args.at, Some(&KeyText::find(options)?.parts()?), options)
        }
    }
}

fn mint(args: &TokenArgs, options: &Options) -> Result<(), CommandError> {
    let signer = KeyText::find(options)?.signer()?;
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let moment = args.at.unwrap_or_else(now);
    if args.header {
        print(b"Authorization: ")?;
        print(signer.bearer(moment).as_bytes())?;
    } else {
        print(signer.mint(moment).as_bytes())?;
    }
    print(b"\n")
}
