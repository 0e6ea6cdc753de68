//! A running sandbox, and how to start one.

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::net::{self, IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Clock;
use crate::inbox::ReceivedText;
use crate::log::{Log, RequestRecord};
use crate::server::{self, Shared};
use crate::service::Service;
use crate::status::Status;
use crate::world::{KeyType, World};

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
    app: Arc<App>,
    url: String,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

/// A key of a service in a sandbox.
#[derive(Clone)]
#[non_exhaustive]
pub struct Key {
    /// The name of the service.
    pub service: String,
    /// The label of the key.
    pub label: String,
    /// Its type.
    pub key_type: KeyType,
    whole: String,
}

impl Key {
    /// The key as a client is given it, secret included.
    pub fn whole(&self) -> &str {
        &self.whole
    }
}

/// Without the secret.
impl Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut key = f.debug_struct("Key");
        key.field("service", &self.service).field("label", &self.label).field("key_type", &self.key_type);
        key.finish_non_exhaustive()
    }
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

    /// The clock that everything in the sandbox follows.
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// A whole key of the first service, as a client is given it; the first of its type that is not revoked.
    ///
    /// # Panics
    ///
    /// If the world that the sandbox was given has no such key. The built-in world has one of each type.
    pub fn api_key(&self, key_type: KeyType) -> String {
        let service = self.app.services().next().expect("a world has at least one service");
        let key = service.keys.iter().find(|key| key.key_type == key_type && !key.is_revoked());
        key.expect("the first service has a key of this type").whole(service.id)
    }

    /// All keys of all services, in the order of the world, without those that are revoked.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.app.services().flat_map(|service| {
            service.keys.iter().filter(|key| !key.is_revoked()).map(|key| Key {
                service: service.name.clone(),
                label: key.label.clone(),
                key_type: key.key_type,
                whole: key.whole(service.id),
            })
        })
    }

    /// Sets the status of a message, as if the service had; from then on it no longer moves by itself. Says whether
    /// there is such a message.
    pub fn set_status(&self, message: &str, status: Status) -> bool {
        let now = self.app.clock.timestamp();
        let message = crate::id::parse(message)
            .and_then(|id| self.app.services().find_map(|service| service.mailbox.get(id, now)));
        message.inspect(|message| message.set_status(status, now)).is_some()
    }

    /// Has a text message arrive at the first service that has an inbound number, from a number such as
    /// `447700900111`. Gives its id, or nothing if no service has an inbound number.
    pub fn receive_text(&self, from: &str, content: &str) -> Option<String> {
        let with_number = |service: &&Arc<Service>| !service.inbound_numbers.is_empty();
        let service = self.app.services().find(with_number)?;
        let id = Uuid::new_v4();
        service.inbox.add(ReceivedText {
            id,
            created_at: self.app.clock.timestamp(),
            service_id: service.id,
            notify_number: service.inbound_numbers.first()?.clone(),
            user_number: from.to_owned(),
            content: content.to_owned(),
        });
        Some(id.to_string())
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
#[derive(Debug)]
#[must_use]
pub struct Builder {
    world: Option<World>,
    address: IpAddr,
    port: u16,
    clock: Clock,
    step: Duration,
    log: Log,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            world: None,
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            clock: Clock::system(),
            step: DEFAULT_STEP,
            log: Log::default(),
        }
    }
}

impl Builder {
    /// The services to start with, instead of the [built-in](World::built_in) one.
    pub fn world(mut self, world: World) -> Self {
        self.world = Some(world);
        self
    }

    /// The address to listen on, instead of 127.0.0.1. Beyond loopback, anybody on the network can use the sandbox.
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

    /// Starts the sandbox; it answers as soon as this returns.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the system has no thread left.
    pub fn start(self) -> io::Result<Sandbox> {
        let app = Arc::new(App::new(self.world.unwrap_or_else(World::built_in), self.clock, self.step));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        // By hand, for whoever starts a sandbox inside an async program cannot block on another runtime there.
        let listener = net::TcpListener::bind((self.address, self.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Shared { app: Arc::clone(&app), log: self.log, authority: address.to_string().into() };
        let (stop, stopped) = oneshot::channel();
        let thread =
            thread::Builder::new().name("notify-sandbox".to_owned()).stack_size(STACK).spawn(move || {
                runtime.block_on(async {
                    let serve = axum::serve(TcpListener::from_std(listener)?, server::router(shared));
                    tokio::select! {
                        result = serve => result,
                        // Whether it was told to stop or forgotten: both end it.
                        _ = stopped => Ok(()),
                    }
                })
            })?;
        Ok(Sandbox { app, url: format!("http://{address}"), address, stop: Some(stop), thread: Some(thread) })
    }
}

/// Room for bodies that nest as deep as we allow, in bytes.
const STACK: usize = 8 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_starts_and_stops_inside_an_async_program() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async { drop(Sandbox::start().unwrap()) });
    }
}
