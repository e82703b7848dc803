//! The `journeybook` command.
use std::process::ExitCode;

fn main() -> ExitCode {
    journeybook::cli::main(std::env::args_os())
}
