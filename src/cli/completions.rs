//! `completions`: a script that teaches a shell the command line.
use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::speak::print;
use super::{Cli, Outcome, Ran};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Ran {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "journeybook", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Clean)
}
