//! Embeds hostfit.wasm: `hostfit-embed hostfit.wasm DOCUMENT FACTS` prints the verdict, or the core's error, as JSON.
//! Exit status: 0 an answer, 1 the core refused something, 2 anything else.

mod core;

use crate::core::{Core, Error};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, document, facts] = arguments.as_slice() else {
        eprintln!("usage: hostfit-embed hostfit.wasm DOCUMENT FACTS");
        return ExitCode::from(2);
    };
    match run(wasm, document, facts) {
        Ok(verdict) => {
            println!("{verdict}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            let refused = matches!(error.downcast_ref(), Some(Error::Refused(_)));
            ExitCode::from(if refused { 1 } else { 2 })
        }
    }
}

fn run(wasm: &str, document: &str, facts: &str) -> Result<String, Box<dyn std::error::Error>> {
    let read = |path: &str| std::fs::read(path).map_err(|error| format!("{path}: {error}"));
    // The standard library's own source of random bits.
    let seed = RandomState::new().build_hasher().finish();
    let mut core = Core::new(&read(wasm)?, seed, 64 << 20, 1_000_000_000)?;
    let requirements = core.compile(document, &read(document)?)?;
    let host = core.facts(&read(facts)?)?;
    let verdict = core.evaluate(requirements, host)?;
    core.free(requirements)?;
    core.free(host)?;
    Ok(verdict)
}
