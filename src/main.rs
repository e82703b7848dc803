//! The `journeybook` command.
use std::process::ExitCode;

/// A build makes and drops millions of small texts: with this allocator it takes a sixth less time than with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    journeybook::cli::main(std::env::args_os())
}
