//! What stands in for two pages of flash: a file of the host.

use notify_embedded::{RECORD_LEN, Record};

use crate::host::File;

/// How many records there is room for. One is never overwritten while it is the latest.
pub const SLOTS: usize = 2;

/// The two slots.
pub struct Flash(Option<File>);

impl Flash {
    /// The flash of this board.
    pub fn open() -> Self {
        Self(File::update(c"flash.bin"))
    }

    /// What is in the slots. On a real board, that is their memory itself.
    pub fn slots(&self) -> [Record; SLOTS] {
        let mut slots = [[0xff; RECORD_LEN]; SLOTS];
        for (number, slot) in slots.iter_mut().enumerate() {
            if let Some(file) = &self.0 {
                file.read_at(number * RECORD_LEN, slot);
            }
        }
        slots
    }

    /// Erases a slot, and writes a record to it.
    pub fn write(&self, slot: usize, record: &Record) {
        if let Some(file) = &self.0 {
            file.write_at(slot * RECORD_LEN, record);
        }
    }
}
