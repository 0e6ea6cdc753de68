//! `notify callbacks`

mod forward;
mod proof;
mod receiver;
mod server;

use std::io::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::args::{CallbacksCommand, ListenArgs, Options};
use crate::exit::CommandError;
use crate::interrupt::Interrupt;
use crate::output::style::{FAINT, STRONG};
use forward::Forward;
use proof::Proof;
use receiver::Receiver;

/// Runs one of the commands.
pub(crate) async fn run(command: CallbacksCommand, options: &Options) -> Result<(), CommandError> {
    match command {
        CallbacksCommand::Listen(args) => listen(args, options).await,
    }
}

/// Prints callbacks until it is interrupted, or nobody reads them any more.
async fn listen(args: ListenArgs, options: &Options) -> Result<(), CommandError> {
    let proof = Proof::find(args.token_file.as_deref(), options)?;
    let forward = args.forward_to.as_deref().map(Forward::to).transpose()?;
    // Listen first, so that anyone who reads the output can already interrupt.
    let interrupt = Interrupt::listen().map_err(CommandError::local)?;
    let address = SocketAddr::new(args.address, args.port);
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}")).map_err(
            |error| CommandError::local(error).help("choose another port with --port; 0 is a free one"),
        )?;
    let address = listener.local_addr().map_err(CommandError::local)?;
    let receiver = Rc::new(Receiver::begin(proof, forward, options.format())?);
    let _ = writeln!(
        anstream::stderr().lock(),
        "{STRONG}Listening on http://{address}{STRONG:#}, until Ctrl-C. {FAINT}The service needs an https URL that leads \
         here: see `notify callbacks listen --help`.{FAINT:#}"
    );
    tokio::select! {
        ended = server::serve(listener, &receiver) => ended,
        () = interrupt.wait() => Ok(()),
    }
}
