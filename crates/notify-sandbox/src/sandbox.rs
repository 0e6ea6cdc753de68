//! A running sandbox, and how to start one.

mod job_runner;

use std::convert::Infallible;
use std::fmt::{self, Debug, Formatter};
use std::io;
use std::net::{self, IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::account::services::Services;
use crate::app::{App, Settings};
use crate::callbacks::{CallbackRecord, CallbackSink, Callbacks};
use crate::control::{Control, Door};
use crate::http::log::{Log, RequestRecord};
use crate::http::server::{self, Shared};
use crate::python::json;
use crate::state::State;
use crate::time::Clock;
use crate::world::World;

/// How long a message stays in each state on its way, unless [`Builder::step`] says otherwise.
pub const DEFAULT_STEP: Duration = Duration::from_millis(150);

/// A Notify service on a port of this machine, stopped when dropped.
///
/// It has a thread of its own, so it works in any test, with or without an async runtime.
///
/// ```
/// use notify_sandbox::{KeyType, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// println!("export NOTIFY_BASE_URL={}", sandbox.url());
/// println!("export NOTIFY_API_KEY={}", sandbox.api_key(KeyType::Test));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Sandbox {
    control: Control,
    control_token: Option<String>,
    url: String,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Starts a sandbox with the [built-in world](World::built_in) on a free port of the loopback address.
    ///
    /// # Errors
    ///
    /// If the system has no port or no thread left.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Starts a sandbox that is not quite like that.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base URL for clients, such as `http://127.0.0.1:34567`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What a caller of the control API must know, if the sandbox listens beyond this machine.
    pub fn control_token(&self) -> Option<&str> {
        self.control_token.as_deref()
    }

    /// Blocks until the sandbox stops, which it does only if its socket fails.
    ///
    /// # Errors
    ///
    /// What the socket reported.
    pub fn wait(mut self) -> io::Result<()> {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(io::Error::other("the thread of the sandbox has died")),
            None => Ok(()),
        }
    }
}

/// A sandbox is what keeps a service running; what can be done with it is [`Control`]'s.
impl Deref for Sandbox {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.control
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // If nobody listens any more, the thread has ended by itself.
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Debug for Sandbox {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}

/// How a sandbox is to be.
#[must_use]
pub struct Builder {
    world: Option<World>,
    address: IpAddr,
    port: u16,
    clock: Clock,
    step: Duration,
    limited: bool,
    log: Log,
    callbacks: bool,
    callback_sink: Option<Arc<CallbackSink>>,
    #[cfg(feature = "state")]
    state: Option<std::path::PathBuf>,
}

impl Debug for Builder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("world", &self.world)
            .field("address", &self.address)
            .field("port", &self.port)
            .field("clock", &self.clock)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            world: None,
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            clock: Clock::system(),
            step: DEFAULT_STEP,
            limited: true,
            log: Log::default(),
            callbacks: true,
            callback_sink: None,
            #[cfg(feature = "state")]
            state: None,
        }
    }
}

impl Builder {
    /// The services to start with, instead of the [built-in](World::built_in) one.
    pub fn world(mut self, world: World) -> Self {
        self.world = Some(world);
        self
    }

    /// The address to listen on, instead of 127.0.0.1. Beyond loopback, anybody on the network can send; the control
    /// API then asks for a [token](Sandbox::control_token), which is new with each sandbox.
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// The port to listen on; 0, as at the start, for any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The clock to live by, instead of the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How long a message stays in each state on its way, instead of [`DEFAULT_STEP`]. With no time at all it is there
    /// as soon as it is sent.
    pub fn step(mut self, step: Duration) -> Self {
        self.step = step;
        self
    }

    /// Who is told of each request, on the thread that answers it.
    pub fn on_request(mut self, sink: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        self.log = Log::to(sink);
        self
    }

    /// Leaves out the rate limits and the daily limits, to measure what is in front of them.
    pub fn without_limits(mut self) -> Self {
        self.limited = false;
        self
    }

    /// Keeps everything that is sent, received and set in a file, and takes up what is in it: an SQLite database, made
    /// if it is not there. What is answered is on the disk. The world comes from the file too; if another is given,
    /// the sandbox does not start. The clock, faults, and callbacks that are to be tried again are not kept.
    #[cfg(feature = "state")]
    pub fn state(mut self, file: impl Into<std::path::PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Posts no callbacks, whatever the world says.
    pub fn without_callbacks(mut self) -> Self {
        self.callbacks = false;
        self
    }

    /// Who is told of each attempt to post a callback, on the thread that makes it.
    pub fn on_callback(mut self, sink: impl Fn(&CallbackRecord) + Send + Sync + 'static) -> Self {
        self.callback_sink = Some(Arc::new(sink));
        self
    }

    /// Starts the sandbox; it answers as soon as this returns.
    ///
    /// # Errors
    ///
    /// If the port is taken, the system has no thread left, or the state file cannot be used.
    pub fn start(self) -> io::Result<Sandbox> {
        let settings = Settings {
            clock: self.clock,
            step: self.step,
            limited: self.limited,
            callbacks: Callbacks::new(self.callbacks, self.callback_sink),
        };
        let app = Arc::new(app(
            self.world,
            #[cfg(feature = "state")]
            self.state.as_deref(),
            settings,
        )?);
        // By hand, for whoever starts a sandbox inside an async program cannot block on another runtime there, nor drop
        // one, so that the port comes first, which may be taken.
        let listener = net::TcpListener::bind((self.address, self.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let url = format!("http://{address}");
        let control = Control::new(Arc::clone(&app));
        let control_token = (!address.ip().is_loopback()).then(|| Uuid::new_v4().simple().to_string());
        let shared = Arc::new(Shared {
            app: Arc::clone(&app),
            log: self.log,
            door: Door::new(control.clone(), control_token.clone(), url.clone()),
            authority: address.to_string().into(),
        });
        let (stop, stopped) = oneshot::channel();
        let thread =
            thread::Builder::new().name("notify-sandbox".to_owned()).stack_size(json::STACK).spawn(move || {
                runtime.block_on(async {
                    let listener = TcpListener::from_std(listener)?;
                    tokio::spawn(job_runner::work(app));
                    tokio::select! {
                        result = server::serve(listener, shared) => result.map(|never: Infallible| match never {}),
                        // Whether it was told to stop or forgotten: both end it.
                        _ = stopped => Ok(()),
                    }
                })
            })?;
        Ok(Sandbox { control, control_token, url, address, stop: Some(stop), thread: Some(thread) })
    }
}

/// What is behind the socket, with what a state file holds.
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
    let services = Services::new(world.unwrap_or_else(World::built_in), settings.clock.timestamp());
    Ok(App::new(services, State::default(), settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_starts_and_stops_inside_an_async_program() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async { drop(Sandbox::start().unwrap()) });
    }

    #[test]
    fn a_port_that_is_taken_is_an_error_inside_an_async_program_too() {
        let first = Sandbox::start().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let error = runtime.block_on(async { Sandbox::builder().port(first.port()).start().unwrap_err() });
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }
}
