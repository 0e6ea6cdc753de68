//! Arm's semihosting, which RISC-V took over: the processor stops at a breakpoint of its own, and the debugger, or the
//! emulator, does what the registers ask for.

use core::arch::asm;
use core::ffi::CStr;

/// The operations that are used here, by their numbers in Arm's specification.
#[derive(Clone, Copy)]
enum Operation {
    Open = 0x01,
    Write = 0x05,
    Read = 0x06,
    ExitExtended = 0x20,
}

const INPUT: &CStr = c"input.txt";
/// The name that stands for the console.
const CONSOLE: &CStr = c":tt";

/// The modes of `fopen`, by their numbers.
const READ_BINARY: usize = 1;
const WRITE: usize = 4;

/// Why the program stops: by its own wish.
const APPLICATION_EXIT: usize = 0x2_0026;

/// Two files of the host.
pub(super) struct Channel {
    input: usize,
    console: usize,
}

impl Channel {
    pub(super) fn open() -> Self {
        Self { input: open(INPUT, READ_BINARY), console: open(CONSOLE, WRITE) }
    }

    /// The next byte, if there is one.
    pub(super) fn read(&mut self) -> Option<u8> {
        let mut byte = 0;
        // The answer is the number of bytes that were not read.
        let missing = call(Operation::Read, &[self.input, (&raw mut byte).expose_provenance(), 1]);
        (missing == 0).then_some(byte)
    }

    pub(super) fn write(&mut self, text: &[u8]) {
        call(Operation::Write, &[self.console, text.as_ptr().expose_provenance(), text.len()]);
    }

    pub(super) fn exit(self, code: usize) -> ! {
        loop {
            call(Operation::ExitExtended, &[APPLICATION_EXIT, code]);
        }
    }
}

fn open(name: &CStr, mode: usize) -> usize {
    call(Operation::Open, &[name.as_ptr().expose_provenance(), mode, name.count_bytes()])
}

/// Asks the host for an operation; its arguments lie in memory.
fn call(operation: Operation, arguments: &[usize]) -> usize {
    let mut register = operation as usize;
    // SAFETY: The host reads and writes what the arguments point to, which their callers own, and the first register, which
    // is declared; `asm!` is taken to touch all of memory unless it says otherwise.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("bkpt #0xab", inout("r0") register, in("r1") arguments.as_ptr(), options(nostack));
    }
    // SAFETY: As above. The breakpoint is told from others by the two instructions around it, which do nothing.
    #[cfg(target_arch = "riscv32")]
    unsafe {
        asm!(
            ".option push",
            ".option norvc",
            ".balign 16",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") register,
            in("a1") arguments.as_ptr(),
            options(nostack),
        );
    }
    register
}
