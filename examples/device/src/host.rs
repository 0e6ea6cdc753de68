//! The host: the machine at the other end of the debug probe, by semihosting.

use core::ffi::CStr;

use cortex_m_semihosting::syscall;

/// The modes of `fopen`, as numbers.
const READ_BINARY: usize = 1;
const UPDATE_BINARY: usize = 3;
const WRITE: usize = 4;
const CREATE_BINARY: usize = 7;

/// The operation that ends a program with a status, which the library does not name.
const EXIT_EXTENDED: usize = 0x20;
/// The reason why the program stops: it asked to.
const APPLICATION_EXIT: usize = 0x2_0026;

/// A file of the host, in QEMU's current folder.
pub struct File(usize);

impl File {
    fn open(name: &CStr, mode: usize) -> Option<Self> {
        // SAFETY: The host reads the name, which outlives the call.
        let handle = unsafe { syscall!(OPEN, name.as_ptr(), mode, name.count_bytes()) };
        (handle != usize::MAX).then_some(Self(handle))
    }

    /// A file to read.
    pub fn read_only(name: &CStr) -> Option<Self> {
        Self::open(name, READ_BINARY)
    }

    /// A file to read and write. It is made if it does not exist.
    pub fn update(name: &CStr) -> Option<Self> {
        Self::open(name, UPDATE_BINARY).or_else(|| Self::open(name, CREATE_BINARY))
    }

    /// Reads at this place, and returns how many bytes there were.
    pub fn read_at(&self, place: usize, bytes: &mut [u8]) -> usize {
        // SAFETY: The host writes into bytes that are ours alone, and no more of them than we say.
        let missing = unsafe {
            syscall!(SEEK, self.0, place);
            syscall!(READ, self.0, bytes.as_mut_ptr(), bytes.len())
        };
        bytes.len().saturating_sub(missing)
    }

    /// Writes at this place.
    pub fn write_at(&self, place: usize, bytes: &[u8]) {
        // SAFETY: The host reads bytes that outlive the call.
        unsafe {
            syscall!(SEEK, self.0, place);
            syscall!(WRITE, self.0, bytes.as_ptr(), bytes.len());
        }
    }
}

/// Prints words on a line.
pub fn print(line: &str) {
    print_line(&[line.as_bytes()]);
}

/// Prints a line of parts. `writeln!` would bring in the code for formatting.
pub fn print_line(parts: &[&[u8]]) {
    if let Some(console) = File::open(c":tt", WRITE) {
        for part in parts.iter().chain(&[&b"\n"[..]]) {
            // SAFETY: The host reads bytes that outlive the call.
            unsafe { syscall!(WRITE, console.0, part.as_ptr(), part.len()) };
        }
    }
}

/// A number as text.
pub struct Decimal([u8; 10]);

impl Decimal {
    /// The text of this number.
    pub fn of(number: u32) -> Self {
        let mut digits = [0; 10];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        Self(digits)
    }

    /// Its digits.
    pub fn digits(&self) -> &[u8] {
        let start = self.0.iter().position(|digit| *digit != 0).unwrap_or_default();
        self.0.get(start..).unwrap_or_default()
    }
}

/// Ends the program with this status.
pub fn exit(status: usize) -> ! {
    loop {
        // SAFETY: The host ends the program.
        unsafe { syscall(EXIT_EXTENDED, &[APPLICATION_EXIT, status]) };
    }
}
