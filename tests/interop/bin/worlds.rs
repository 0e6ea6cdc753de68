//! Reads worlds as JSON, one a line, and prints for each what is wrong with it as JSON: null, or an error.

use std::io::{self, BufRead as _, Write as _};

use anyhow::Result;
use notify_sandbox::World;

fn main() -> Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let problem = World::from_json(&line?).err().map(|error| error.to_string());
        serde_json::to_writer(&mut out, &problem)?;
        writeln!(out)?;
    }
    Ok(())
}
