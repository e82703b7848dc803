//! Measures journeybook against the floor and against its peers, in turns, on this machine. See `benches/README.md`.
mod args;
mod contest;
mod floor;
mod measure;
mod report;
mod sites;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use support::generate::{self, Plan};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Outcome {
    match &args.command {
        Some(Command::Generate { entities, out, dialect, seed }) => sites::generate(&Plan::new(*entities, *seed), (*dialect).into(), out),
        Some(Command::Floor { content, site, out }) => floor::run(content, site.as_deref(), out),
        None if args.bench => contest::run(&args.contest),
        // `cargo test --all-targets` starts benches too, but not with `--bench`.
        None => {
            println!("Nothing is measured outside `cargo bench --bench build`.");
            Ok(())
        }
    }
}
