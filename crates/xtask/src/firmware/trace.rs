//! What a program did, instruction by instruction, from QEMU's log.

use std::io::{BufRead, Split};

use anyhow::{Context as _, Result, ensure};

/// The function to look at.
pub(crate) struct Function {
    /// Where it starts.
    pub(crate) start: u32,
    /// Where it returns to: it is called from a single place. A log with registers shows which.
    pub(crate) back: Option<u32>,
}

/// One call of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) instructions: u64,
    /// Bytes of stack, including its callees'; zero if the log has no registers.
    pub(crate) stack: u32,
}

impl Function {
    /// All calls of the function in the log of a program that ran one instruction at a time, on Arm or RISC-V.
    pub(crate) fn calls(&mut self, log: impl BufRead) -> Result<Vec<Call>> {
        let mut calls = Vec::new();
        let mut inside: Option<(u32, Call)> = None;
        for step in (Steps { lines: log.split(b'\n'), next: None }) {
            let Step { at, stack_pointer, link } = step?;
            match &mut inside {
                None if at == self.start => {
                    if link.is_some() {
                        // On Arm the last bit is not part of the address.
                        self.back = link.map(|link| link & !1);
                    }
                    let call = Call { instructions: 1, stack: 0 };
                    inside = Some((stack_pointer.unwrap_or_default(), call));
                }
                Some((_, call)) if Some(at) == self.back => {
                    calls.push(*call);
                    inside = None;
                }
                None => {}
                Some((top, call)) => {
                    call.instructions += 1;
                    if let Some(stack_pointer) = stack_pointer {
                        call.stack = call.stack.max(top.saturating_sub(stack_pointer));
                    }
                }
            }
        }
        ensure!(inside.is_none(), "the program ended within the function");
        Ok(calls)
    }
}

/// The processor before an instruction.
struct Step {
    /// The instruction's address.
    at: u32,
    stack_pointer: Option<u32>,
    /// The return address of a function, if the instruction is its first.
    link: Option<u32>,
}

/// The steps in a log.
struct Steps<R: BufRead> {
    lines: Split<R>,
    /// A step whose address has been read, but perhaps not its registers yet.
    next: Option<Step>,
}

impl<R: BufRead> Iterator for Steps<R> {
    type Item = Result<Step>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

impl<R: BufRead> Steps<R> {
    fn step(&mut self) -> Result<Option<Step>> {
        for line in self.lines.by_ref() {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            if let Some(rest) = line.strip_prefix("Trace ") {
                // Trace 0: 0x7f… [00000000/000004c2/00000110/ff000000]
                let at = rest.split_once('[').and_then(|(_, rest)| rest.split('/').nth(1));
                let at = at.and_then(|at| u32::from_str_radix(at, 16).ok());
                let at = at.context("a step without an address")?;
                if let Some(step) = self.next.replace(Step { at, stack_pointer: None, link: None }) {
                    return Ok(Some(step));
                }
            } else if let Some(step) = &mut self.next {
                // R12=00000000 R13=20003ff8 R14=000004b1 …, and x0/zero  00000000 x1/ra    80000044 x2/sp    80043ff0 …
                let register = |arm, riscv| register(&line, arm).or_else(|| register(&line, riscv));
                step.stack_pointer = step.stack_pointer.or_else(|| register("R13=", "x2/sp "));
                step.link = step.link.or_else(|| register("R14=", "x1/ra "));
            }
        }
        Ok(self.next.take())
    }
}

/// The value after the name of a register in a line.
fn register(line: &str, name: &str) -> Option<u32> {
    let (_, value) = line.split_once(name)?;
    u32::from_str_radix(value.split_whitespace().next()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{Call, Function};

    fn function() -> Function {
        Function { start: 0x100, back: None }
    }

    /// A log of steps on Arm: the address, the stack pointer and the link register of each.
    fn arm(steps: &[(u32, u32, u32)]) -> String {
        let mut log = "Timer with period zero, disabling\n".to_owned();
        for (at, stack_pointer, link) in steps {
            writeln!(log, "Trace 0: 0x7f00 [00400000/{at:08x}/00000110/ff000000] somewhere").unwrap();
            writeln!(log, "R00=00000001 R01=00000002 R02=00000003 R03=00000004").unwrap();
            writeln!(log, "R12=00000000 R13={stack_pointer:08x} R14={link:08x} R15={at:08x}").unwrap();
            writeln!(log, "XPSR=41000000 -Z-- T priv-thread").unwrap();
        }
        log
    }

    const STEPS: [(u32, u32, u32); 8] = [
        (0x10, 0x900, 0),
        (0x100, 0x900, 0x13),
        (0x102, 0x8f0, 0x13),
        // A callee, which returns into the function.
        (0x200, 0x8f0, 0x105),
        (0x202, 0x880, 0x105),
        (0x104, 0x8f0, 0x105),
        (0x12, 0x900, 0x105),
        (0x14, 0x700, 0x105),
    ];

    #[test]
    fn a_call_lasts_from_the_first_instruction_to_the_one_returned_to() {
        let call = Call { instructions: 5, stack: 0x80 };
        assert_eq!(function().calls(arm(&STEPS).as_bytes()).unwrap(), [call]);
    }

    #[test]
    fn a_log_without_registers_counts_as_well_once_it_is_known_where_the_function_returns_to() {
        let log: String = arm(&STEPS)
            .lines()
            .filter(|line| line.starts_with("Trace"))
            .fold(String::new(), |log, line| log + line + "\n");
        let mut function = function();
        function.calls(log.as_bytes()).unwrap_err();
        function.calls(arm(&STEPS).as_bytes()).unwrap();
        assert_eq!(function.calls(log.as_bytes()).unwrap(), [Call { instructions: 5, stack: 0 }]);
    }

    #[test]
    fn risc_v_has_other_names_for_its_registers() {
        let log = "Trace 0: 0x7f00 [00000000/00000100/00109003/ff000201] \n pc       00000100\n \
                   x0/zero  00000000 x1/ra    00000012 x2/sp    00000900 x3/gp    00000000\n\
                   Trace 0: 0x7f00 [00000000/00000102/00109003/ff000201] \n \
                   x0/zero  00000000 x1/ra    00000104 x2/sp    000008c0 x3/gp    00000000\n\
                   Trace 0: 0x7f00 [00000000/00000012/00109003/ff000201] \n";
        assert_eq!(function().calls(log.as_bytes()).unwrap(), [Call { instructions: 2, stack: 0x40 }]);
    }

    #[test]
    fn a_call_that_does_not_end_is_not_counted() {
        function().calls(arm(&STEPS[..4]).as_bytes()).unwrap_err();
    }
}
