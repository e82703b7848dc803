//! Measures journeybook against the floor and against its peers, in turns, on this machine. See `benches/README.md`.
mod args;
mod contest;
mod floor;
mod measure;
#[path = "../support/outcome.rs"]
mod outcome;
mod report;
mod sites;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use outcome::{Outcome, run_if};
use support::generate::{self, Plan};

fn main() -> ExitCode {
    let args = Args::parse();
    run_if(args.bench || args.command.is_some(), "build", || run(&args))
}

fn run(args: &Args) -> Outcome {
    match &args.command {
        Some(Command::Generate { entities, out, dialect, seed }) => sites::generate(&Plan::new(*entities, *seed), (*dialect).into(), out),
        Some(Command::Floor { content, site, out }) => floor::run(content, site.as_deref(), out),
        None => contest::run(&args.contest),
    }
}
