//! Measures a preview: how long a save takes to be seen, how soon there is a first page, and what memory it takes, with `hugo server`
//! beside it if wanted. See `benches/README.md`.
mod args;
#[path = "../support/outcome.rs"]
mod outcome;
mod preview;
mod report;
mod saves;
#[path = "../build/sites.rs"]
#[expect(dead_code, reason = "how much a build wrote is for the other bench")]
mod sites;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use args::Args;
use outcome::{Outcome, run_if};
use preview::{Preview, Program};
use saves::{Bounds, Series};
use support::generate::{self, Plan};

fn main() -> ExitCode {
    let args = Args::parse();
    run_if(args.bench, "serve", || run(&args))
}

fn run(args: &Args) -> Outcome {
    let work = tempfile::Builder::new().prefix("journeybook-bench-").tempdir_in(args.work.clone().unwrap_or_else(std::env::temp_dir))?;
    report::heading();
    for size in &args.sizes {
        let folder = work.path().join(size.to_string());
        let bounds = Bounds { saves: args.saves, minutes: args.minutes };
        let ours = measured(&Program::Journeybook(args.journeybook.clone()), *size, args.seed, &folder.join("ours"), bounds);
        let peer = args.hugo.as_ref().map(|hugo| {
            let bounds = Bounds { saves: args.hugo_saves, ..bounds };
            measured(&Program::Hugo(hugo.clone()), *size, args.seed, &folder.join("hugo"), bounds)
        });
        report::compared(ours.as_ref().ok(), peer.as_ref().and_then(|peer| peer.as_ref().ok()));
        ours?;
        peer.transpose()?;
    }
    Ok(())
}

/// Starts a preview of a handbook that is written for it, saves into it, and says what came of it.
fn measured(program: &Program, size: usize, seed: u64, folder: &Path, bounds: Bounds) -> Outcome<Series> {
    sites::generate(&Plan::new(size, seed), program.dialect(), folder)?;
    let mut preview = Preview::start(program, folder)?;
    let series = saves::run(&mut preview, folder, bounds);
    drop(preview);
    fs::remove_dir_all(folder)?;
    let series = series?;
    report::series(program, size, &series);
    Ok(series)
}
