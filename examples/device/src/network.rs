//! One connection at a time, on smoltcp.

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::socket::tcp::{Socket, State};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{IpAddress, IpCidr, Ipv4Address};

use crate::ethernet::Ethernet;
use crate::uptime;

/// This board's address on QEMU's network, and where that passes on what is not for it.
const ADDRESS: IpCidr = IpCidr::new(IpAddress::v4(10, 0, 2, 15), 24);
const GATEWAY: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);

/// How long a connection may take to be made, and an answer to arrive, in milliseconds. The service itself gives up after
/// 30 seconds.
const CONNECTING: u32 = 5_000;
const ANSWERING: u32 = 35_000;

/// What came of reading.
pub enum Read {
    /// So many bytes.
    Bytes(usize),
    /// The connection ended.
    Closed,
    /// Nothing came in time.
    TimedOut,
}

/// The network, and the one connection on it.
pub struct Network<'n> {
    interface: Interface,
    ethernet: Ethernet,
    sockets: SocketSet<'n>,
    handle: SocketHandle,
    port: u16,
    began: u32,
}

impl<'n> Network<'n> {
    /// The network of this board, with the socket that it is to use. The seed should differ from start to start.
    pub fn start(socket: Socket<'n>, mut sockets: SocketSet<'n>, seed: u16) -> Self {
        let mut ethernet = Ethernet::start();
        let mut config = Config::new(Ethernet::ADDRESS.into());
        config.random_seed = seed.into();
        let mut interface = Interface::new(config, &mut ethernet, now());
        interface.update_ip_addrs(|addresses| {
            // There is room for one.
            let _ = addresses.push(ADDRESS);
        });
        let _ = interface.routes_mut().add_default_ipv4_route(GATEWAY);
        let handle = sockets.add(socket);
        // Each connection has a port of its own, also after a reset.
        Self { interface, ethernet, sockets, handle, port: 49_152 + seed % 16_000, began: 0 }
    }

    fn poll(&mut self) {
        self.interface.poll(now(), &mut self.ethernet, &mut self.sockets);
    }

    fn socket(&mut self) -> &mut Socket<'n> {
        self.sockets.get_mut(self.handle)
    }

    fn is_over(&self, limit: u32) -> bool {
        uptime::milliseconds().wrapping_sub(self.began) > limit
    }

    /// Connects, and returns whether the connection stands.
    pub fn connect(&mut self, address: [u8; 4], port: u16) -> bool {
        self.close();
        self.began = uptime::milliseconds();
        self.port = self.port.wrapping_add(1).max(49_152);
        let (local, [a, b, c, d]) = (self.port, address);
        let socket = self.sockets.get_mut::<Socket<'_>>(self.handle);
        socket.set_timeout(Some(Duration::from_millis(ANSWERING.into())));
        let remote = (IpAddress::v4(a, b, c, d), port);
        if socket.connect(self.interface.context(), remote, local).is_err() {
            return false;
        }
        while !self.is_over(CONNECTING) {
            self.poll();
            match self.socket().state() {
                State::Established => return true,
                State::Closed => return false,
                _ => uptime::doze(),
            }
        }
        false
    }

    /// Sends all of this, and returns whether that worked.
    pub fn write(&mut self, bytes: &[u8]) -> bool {
        self.began = uptime::milliseconds();
        let mut rest = bytes;
        while !rest.is_empty() {
            let Ok(sent) = self.socket().send_slice(rest) else { return false };
            rest = rest.get(sent..).unwrap_or_default();
            self.poll();
            if self.is_over(ANSWERING) {
                return false;
            }
        }
        true
    }

    /// Reads what has arrived, or waits for it.
    pub fn read(&mut self, piece: &mut [u8]) -> Read {
        loop {
            self.poll();
            let socket = self.socket();
            if socket.can_recv() {
                return socket.recv_slice(piece).map_or(Read::Closed, Read::Bytes);
            }
            if !socket.may_recv() {
                return Read::Closed;
            }
            if self.is_over(ANSWERING) {
                return Read::TimedOut;
            }
            uptime::doze();
        }
    }

    /// Ends the connection.
    pub fn close(&mut self) {
        if self.socket().is_open() {
            self.socket().abort();
            self.poll();
        }
    }
}

fn now() -> Instant {
    Instant::from_millis(i64::from(uptime::milliseconds()))
}
