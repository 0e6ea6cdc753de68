//! Mints for implementations in other languages: reads an API key and a moment a line, with a tab between, and writes a token a
//! line.

use std::io::{self, BufRead as _, BufWriter, Write as _};

use anyhow::{Context as _, Result};
use notify_jwt::{ApiKey, Signer};

fn main() -> Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (key, moment) = line.rsplit_once('\t').context("a line without a tab")?;
        let key = ApiKey::parse(key).context("the key of a line")?;
        writeln!(output, "{}", Signer::new(&key).mint(moment.parse()?).as_str())?;
    }
    output.flush()?;
    Ok(())
}
