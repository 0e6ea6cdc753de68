//! Verifies for implementations in other languages: reads an API key, a moment and a token a line, with tabs between, and writes a line
//! each: `ok` and the moment for which the token was minted, or what is wrong with it.

use std::error::Error;
use std::io::{self, BufRead as _, BufWriter, Write as _};

use anyhow::{Context as _, Result};
use notify_jwt::{ApiKey, UntrustedToken, Verifier};

fn main() -> Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut fields = line.split('\t');
        let mut field = || fields.next().context("a line of fewer than three fields");
        let (key, moment, token) = (field()?, field()?.parse()?, field()?);
        let key = ApiKey::parse(key).context("the key of a line")?;
        match verify(&key, moment, token) {
            Ok(issued_at) => writeln!(output, "ok {issued_at}")?,
            Err(error) => writeln!(output, "{error}")?,
        }
    }
    output.flush()?;
    Ok(())
}

fn verify(key: &ApiKey, moment: u64, token: &str) -> Result<u64, Box<dyn Error>> {
    Ok(UntrustedToken::parse(token)?.verify(&Verifier::new(key), moment)?.issued_at())
}
