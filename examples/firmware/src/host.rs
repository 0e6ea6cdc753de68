//! The host: whoever holds the other end of the debug probe.

#[cfg_attr(target_arch = "wasm32", path = "host/javascript.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "host/semihosting.rs")]
mod channel;

use core::fmt;

use crate::Status;
use channel::Channel;

/// A host with a file to read, `input.txt` in its current folder, and a console to print on.
pub struct Host {
    channel: Channel,
}

impl Host {
    /// Connects to the host.
    pub fn connect() -> Self {
        Self { channel: Channel::open() }
    }

    /// Reads the next line of the file, without its end; `None` behind the last one, and when the line is longer than the
    /// room for it or not UTF-8.
    pub fn read_line<'r>(&mut self, room: &'r mut [u8]) -> Option<&'r str> {
        let mut length = 0;
        loop {
            let byte = self.channel.read()?;
            if byte == b'\n' {
                return core::str::from_utf8(room.get(..length)?).ok();
            }
            *room.get_mut(length)? = byte;
            length += 1;
        }
    }

    /// Prints a line: nothing but these bytes, where `writeln!` would bring in what formatting takes.
    #[inline(never)]
    pub fn print_line(&mut self, text: &[u8]) {
        self.channel.write(text);
        self.channel.write(b"\n");
    }

    /// Leaves, for good.
    pub fn leave(self, status: Status) -> ! {
        self.channel.exit(status.code())
    }
}

impl fmt::Write for Host {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.channel.write(text.as_bytes());
        Ok(())
    }
}
