//! Numbers: integers of any size that Python converts, and floats.

use super::{Mistake, Reader};
use crate::python::json::{Integer, Value};

/// How many digits an integer may have: Python refuses to convert more.
const MAX_DIGITS: usize = 4300;

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Result<Value, Mistake> {
        let start = self.at;
        self.eat(b"-");
        if !self.eat(b"0") && self.digits() == 0 {
            return Err(Mistake::NotJson);
        }
        let mut float = false;
        let back = self.at;
        if self.eat(b".") {
            if self.digits() == 0 {
                self.at = back;
            } else {
                float = true;
            }
        }
        let back = self.at;
        if self.eat(b"e") || self.eat(b"E") {
            let _sign = self.eat(b"+") || self.eat(b"-");
            if self.digits() == 0 {
                self.at = back;
            } else {
                float = true;
            }
        }
        let text = str::from_utf8(&self.bytes[start..self.at]).map_err(|_| Mistake::NotJson)?;
        if float {
            return text.parse().map(Value::Float).map_err(|_| Mistake::NotJson);
        }
        if text.len() > MAX_DIGITS {
            return Err(Mistake::NotJson);
        }
        Ok(Value::Integer(text.parse().map_or_else(|_| Integer::Big(text.into()), Integer::Small)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }
}
