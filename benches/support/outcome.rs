//! How a bench begins and ends.
use std::process::ExitCode;

pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Runs a bench where that is wanted: `cargo test --all-targets` starts benches too, but not with `--bench`.
pub fn run_if(wanted: bool, name: &str, run: impl FnOnce() -> Outcome) -> ExitCode {
    if !wanted {
        println!("Nothing is measured outside `cargo bench --bench {name}`.");
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
