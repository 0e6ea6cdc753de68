//! The host: the machine at the other end of the debug probe.

#[cfg_attr(target_arch = "wasm32", path = "host/javascript.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "host/semihosting.rs")]
mod channel;

use core::fmt;

use crate::Status;
use channel::Channel;

/// A host with a file to read, `input.txt` in its current folder, and a console to print to.
pub struct Host {
    channel: Channel,
}

impl Host {
    /// Connects to the host.
    pub fn connect() -> Self {
        Self { channel: Channel::open() }
    }

    /// Reads the next line of the file, without its line break. Returns `None` after the last one, or if the line is longer
    /// than the buffer or not UTF-8.
    pub fn read_line<'b>(&mut self, buffer: &'b mut [u8]) -> Option<&'b str> {
        let mut length = 0;
        loop {
            let byte = self.channel.read()?;
            if byte == b'\n' {
                return core::str::from_utf8(buffer.get(..length)?).ok();
            }
            *buffer.get_mut(length)? = byte;
            length += 1;
        }
    }

    /// Prints a line of plain bytes. `writeln!` would bring in the code for formatting.
    #[inline(never)]
    pub fn print_line(&mut self, text: &[u8]) {
        self.channel.write(text);
        self.channel.write(b"\n");
    }

    /// Ends the program.
    pub fn exit(self, status: Status) -> ! {
        self.channel.exit(status.code())
    }
}

impl fmt::Write for Host {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.channel.write(text.as_bytes());
        Ok(())
    }
}
