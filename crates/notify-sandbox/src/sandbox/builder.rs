//! The settings of a sandbox, and its start.

use std::convert::Infallible;
use std::fmt::{self, Debug, Formatter};
use std::io;
use std::net::{self, IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{DEFAULT_STEP, Sandbox, job_runner};
use crate::api::dispatch::Api;
use crate::app::{App, Settings};
use crate::callbacks::{CallbackRecord, CallbackSink, Callbacks};
use crate::control::{Access, Control, ControlApi};
use crate::http::log::{Log, RequestRecord};
use crate::http::server::{self, Shared};
#[cfg(feature = "tls")]
use crate::http::tls::Identity;
use crate::python::json;
use crate::service::Service;
use crate::time::Clock;
use crate::world::World;

/// The default of [`SandboxBuilder::read_timeout`].
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// How many slow requests are processed at once, beside all others.
const SLOW_REQUESTS: usize = 4;

/// The settings of a sandbox to be started.
#[must_use]
pub struct SandboxBuilder {
    service: Service,
    world: Option<World>,
    address: IpAddr,
    port: u16,
    clock: Clock,
    step: Duration,
    limited: bool,
    log: Log,
    read_timeout: Duration,
    callbacks: bool,
    callback_sink: Option<Arc<CallbackSink>>,
    document_url: Option<String>,
    #[cfg(feature = "tls")]
    tls: Option<Vec<String>>,
    #[cfg(feature = "state")]
    state: Option<std::path::PathBuf>,
}

impl Debug for SandboxBuilder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("service", &self.service)
            .field("world", &self.world)
            .field("address", &self.address)
            .field("port", &self.port)
            .field("clock", &self.clock)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            service: Service::default(),
            world: None,
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            clock: Clock::system(),
            step: DEFAULT_STEP,
            limited: true,
            log: Log::default(),
            read_timeout: READ_TIMEOUT,
            callbacks: true,
            callback_sink: None,
            document_url: None,
            #[cfg(feature = "tls")]
            tls: None,
            #[cfg(feature = "state")]
            state: None,
        }
    }
}

impl SandboxBuilder {
    /// Chooses the service. The default is GOV.UK Notify.
    pub fn service(mut self, service: Service) -> Self {
        self.service = service;
        self
    }

    /// Chooses the services to start with. The default is the [built-in world](World::built_in).
    pub fn world(mut self, world: World) -> Self {
        self.world = Some(world);
        self
    }

    /// Sets the address to listen on. The default is 127.0.0.1. Beyond loopback, anybody on the network can send; the
    /// control API then asks for a [token](Sandbox::control_token), which is new with each sandbox.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets the port to listen on. 0, the default, takes any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the clock. The default is the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets how long a message stays in each status. The default is [`DEFAULT_STEP`]. With zero, it reaches its final
    /// status as soon as it is sent.
    pub fn step(mut self, step: Duration) -> Self {
        self.step = step;
        self
    }

    /// Sets how long a client may take to send the head of a request, and how long it may pause in the body, in real
    /// time; after that, the sandbox ends the connection. The default is a minute, which is also how long a connection
    /// is kept for later requests.
    pub fn read_timeout(mut self, read_timeout: Duration) -> Self {
        self.read_timeout = read_timeout;
        self
    }

    /// Calls `sink` for each request, on the thread that answers it.
    pub fn on_request(mut self, sink: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        self.log = Log::to(sink);
        self
    }

    /// Turns off the rate limits and the daily limits, for benchmarks of a client.
    pub fn without_limits(mut self) -> Self {
        self.limited = false;
        self
    }

    /// Keeps everything that is sent, received and set in an SQLite file, and restores what the file holds. The file is
    /// created if it is missing. Whatever was answered is on the disk. The world comes from the file too; the sandbox
    /// does not start with a different one. The clock, faults and pending retries of callbacks are not kept.
    #[cfg(feature = "state")]
    pub fn state(mut self, file: impl Into<std::path::PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Posts no callbacks, even if the world names URLs for them.
    pub fn without_callbacks(mut self) -> Self {
        self.callbacks = false;
        self
    }

    /// Calls `sink` for each attempt to post a callback, on the thread that makes it.
    pub fn on_callback(mut self, sink: impl Fn(&CallbackRecord) + Send + Sync + 'static) -> Self {
        self.callback_sink = Some(Arc::new(sink));
        self
    }

    /// Sets what links to files begin with, such as `https://documents.service.gov.uk`. The default is the sandbox's
    /// own address. The sandbox serves the files at any host that leads to it.
    pub fn document_url(mut self, url: impl Into<String>) -> Self {
        self.document_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Speaks HTTPS, with a new certificate for these names besides `localhost`, `127.0.0.1` and `::1`. It is signed by
    /// an authority of its own, whose [certificate](Sandbox::ca_certificate) a client has to trust. The authority's key
    /// signs nothing else, and never reaches the disk.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tls = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Starts the sandbox. It accepts requests as soon as this returns.
    ///
    /// # Errors
    ///
    /// If the port is taken, the system has no thread left, or the state file cannot be used.
    pub fn start(self) -> io::Result<Sandbox> {
        let dialect = self.service.dialect();
        let settings = Settings {
            dialect,
            clock: self.clock,
            step: self.step,
            limited: self.limited,
            document_url: self.document_url,
            callbacks: Callbacks::new(dialect, self.callbacks, self.callback_sink),
        };
        let app = Arc::new(app(
            self.world,
            #[cfg(feature = "state")]
            self.state.as_deref(),
            settings,
        )?);
        // Before there is a runtime comes what can fail: a caller inside an async program may neither block on a second
        // runtime nor drop one.
        #[cfg(feature = "tls")]
        let identity = self.tls.as_deref().map(Identity::new).transpose()?;
        let listener = net::TcpListener::bind((self.address, self.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            // For slow requests, which need as deep a stack as all others.
            .max_blocking_threads(SLOW_REQUESTS)
            .thread_stack_size(json::STACK)
            .build()?;
        #[cfg(feature = "tls")]
        let scheme = if identity.is_some() { "https" } else { "http" };
        #[cfg(not(feature = "tls"))]
        let scheme = "http";
        let url = format!("{scheme}://{}", reachable(address));
        let control = Control::new(Arc::clone(&app));
        let api = Arc::new(Api::new(app, dialect));
        let access = Arc::new(Access::to(address.ip(), scheme == "https"));
        let shared = Arc::new(Shared {
            api: Arc::clone(&api),
            log: self.log,
            control_api: ControlApi::new(control.clone(), Arc::clone(&access), url.clone()),
            read_timeout: self.read_timeout,
            scheme,
            authority: address.to_string().into(),
            #[cfg(feature = "tls")]
            tls: identity.as_ref().map(|identity| identity.acceptor.clone()),
        });
        let (stop, stopped) = oneshot::channel();
        let thread =
            thread::Builder::new().name("notify-sandbox".to_owned()).stack_size(json::STACK).spawn(move || {
                runtime.block_on(async {
                    let listener = TcpListener::from_std(listener)?;
                    tokio::spawn(job_runner::work(api));
                    tokio::select! {
                        result = server::serve(listener, shared) => result.map(|never: Infallible| match never {}),
                        // Stopped or dropped: both end it.
                        _ = stopped => Ok(()),
                    }
                })
            })?;
        Ok(Sandbox {
            #[cfg(feature = "tls")]
            ca_certificate: identity.map(|identity| identity.authority),
            control,
            access,
            url,
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// Where this machine reaches a socket: one that is bound to every address is reached over loopback.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let loopback = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(loopback, bound.port())
}

/// The app behind the socket, restored from a state file if there is one.
#[cfg_attr(not(feature = "state"), expect(clippy::unnecessary_wraps, reason = "only a file can fail"))]
fn app(
    world: Option<World>,
    #[cfg(feature = "state")] state: Option<&std::path::Path>,
    settings: Settings,
) -> io::Result<App> {
    #[cfg(feature = "state")]
    if let Some(path) = state {
        return App::restored(path, world, settings).map_err(io::Error::other);
    }
    let world = world.unwrap_or_else(World::built_in);
    Ok(App::new(world, settings))
}
