//! JavaScript as the host: `run.mjs` is the other half.

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// The next byte of the file, or a negative number after its end.
    safe fn read() -> i32;
    /// Prints bytes; the pointer is an offset into the module's memory.
    safe fn write(text: *const u8, length: usize);
    /// Ends the program. On the host's side this throws an exception.
    safe fn exit(code: usize) -> !;
}

pub(super) struct Channel(());

impl Channel {
    pub(super) fn open() -> Self {
        Self(())
    }

    pub(super) fn read(&mut self) -> Option<u8> {
        u8::try_from(read()).ok()
    }

    pub(super) fn write(&mut self, text: &[u8]) {
        write(text.as_ptr(), text.len());
    }

    pub(super) fn exit(self, code: usize) -> ! {
        exit(code)
    }
}
