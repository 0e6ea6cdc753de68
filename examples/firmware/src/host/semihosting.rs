//! Arm's semihosting, which RISC-V adopted: the program stops at a breakpoint, and the debugger or the emulator does what the
//! registers say.

use core::arch::asm;
use core::ffi::CStr;

/// The operations that this program uses, with their numbers in Arm's specification.
#[derive(Clone, Copy)]
enum Operation {
    Open = 0x01,
    Write = 0x05,
    Read = 0x06,
    ExitExtended = 0x20,
}

const INPUT: &CStr = c"input.txt";
/// The file name of the console.
const CONSOLE: &CStr = c":tt";

/// The modes of `fopen`, as numbers.
const READ_BINARY: usize = 1;
const WRITE: usize = 4;

/// The reason why the program stops: it asked to.
const APPLICATION_EXIT: usize = 0x2_0026;

/// The handles of two files on the host.
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
        // Returns the number of bytes that were not read.
        let missing =
            semihosting_call(Operation::Read, &[self.input, (&raw mut byte).expose_provenance(), 1]);
        (missing == 0).then_some(byte)
    }

    pub(super) fn write(&mut self, text: &[u8]) {
        semihosting_call(Operation::Write, &[self.console, text.as_ptr().expose_provenance(), text.len()]);
    }

    pub(super) fn exit(self, code: usize) -> ! {
        loop {
            semihosting_call(Operation::ExitExtended, &[APPLICATION_EXIT, code]);
        }
    }
}

fn open(name: &CStr, mode: usize) -> usize {
    semihosting_call(Operation::Open, &[name.as_ptr().expose_provenance(), mode, name.count_bytes()])
}

/// Asks the host for an operation. The arguments are in memory.
fn semihosting_call(operation: Operation, arguments: &[usize]) -> usize {
    let mut register = operation as usize;
    // SAFETY: The host reads and writes memory that the callers own, and the first register, which is declared as `inout`.
    // `asm!` may touch any memory unless its options say otherwise.
    #[cfg(target_arch = "arm")]
    unsafe {
        asm!("bkpt #0xab", inout("r0") register, in("r1") arguments.as_ptr(), options(nostack));
    }
    // SAFETY: As above. Two instructions without effect around the breakpoint mark it as a semihosting call.
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
