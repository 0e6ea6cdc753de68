//! Starts a sandbox on the port that was asked for, or on the usual one.

use std::io::{self, ErrorKind};

use notify_sandbox::{Sandbox, SandboxBuilder, StateError, World};

use super::{log, log_callback};
use crate::args::SandboxArgs;
use crate::exit::CommandError;

/// The port unless another is asked for: a line that was pasted before a restart stays right.
const USUAL_PORT: u16 = 6011;

/// How many ports after the usual one are tried before any other: a few sandboxes on one machine keep theirs too.
const FURTHER_PORTS: u16 = 20;

/// Starts a sandbox.
pub(super) fn start(
    args: &SandboxArgs,
    service: Option<notify_http::Service>,
) -> Result<Sandbox, CommandError> {
    let service = service.map(|service| service.name().parse()).transpose().map_err(CommandError::setup)?;
    let world = args.world.as_ref().map(World::load).transpose().map_err(CommandError::setup)?;
    let builder = || -> SandboxBuilder {
        let mut builder = Sandbox::builder().service(service.unwrap_or_default()).address(args.address);
        if let Some(world) = &world {
            builder = builder.world(world.clone());
        }
        if let Some(file) = &args.state {
            builder = builder.state(file);
        }
        if args.tls.is_some() {
            builder = builder.tls(&args.tls_name);
        }
        if let Some(host) = &args.document_host {
            builder = builder.document_url(format!("https://{host}"));
        }
        if args.no_limits {
            builder = builder.without_limits();
        }
        if args.no_callbacks {
            builder = builder.without_callbacks();
        }
        if !args.quiet {
            builder = builder.on_request(log).on_callback(log_callback);
        }
        builder
    };
    match args.port {
        Some(port) => builder().port(port).start().map_err(|error| not_started(error, port)),
        None => on_a_usual_port(builder),
    }
}

fn on_a_usual_port(builder: impl Fn() -> SandboxBuilder) -> Result<Sandbox, CommandError> {
    for port in (USUAL_PORT..=USUAL_PORT + FURTHER_PORTS).chain([0]) {
        match builder().port(port).start() {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            started => return started.map_err(|error| not_started(error, port)),
        }
    }
    Err(not_started(ErrorKind::AddrInUse.into(), USUAL_PORT))
}

fn not_started(error: io::Error, port: u16) -> CommandError {
    let kind = error.kind();
    let state = error.get_ref().and_then(|error| error.downcast_ref::<StateError>()).and_then(remedy);
    let context = match kind {
        ErrorKind::AddrInUse => format!("the sandbox cannot start: port {port} is in use"),
        ErrorKind::PermissionDenied => {
            format!("the sandbox cannot start: port {port} is not allowed to this user")
        }
        _ => "the sandbox cannot start".to_owned(),
    };
    let error = CommandError::local(anyhow::Error::new(error).context(context));
    match kind {
        ErrorKind::AddrInUse => error.help(
            "end what listens there, or choose another port; without --port the next free one is taken",
        ),
        ErrorKind::PermissionDenied => error.help("choose a port from 1024 on"),
        _ => match state {
            Some(remedy) => error.help(remedy),
            None => error,
        },
    }
}

/// What to do about a state file that cannot be used, unless the error itself says it.
fn remedy(error: &StateError) -> Option<&'static str> {
    match error {
        StateError::Failed(..) => {
            Some("check that the folder exists, that your user may write there, and that the disk has room")
        }
        StateError::InUse(_) => Some("end the other sandbox, or give this one a file of its own"),
        StateError::NotAPath(_) => Some("give the path of a file, such as ./sandbox.db"),
        _ => None,
    }
}
