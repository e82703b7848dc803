//! The command line: one file a command. Data goes to stdout, people are spoken to on stderr.
// The command line may touch the system: what `clippy.toml` bans elsewhere is at home here.
#![allow(clippy::disallowed_methods)]

mod build;
mod check;
mod compare;
mod completions;
mod diff;
mod explain;
mod export;
mod init;
mod load;
mod new;
mod report;
mod schema;
mod serve;
mod speak;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::base::nearest;
use speak::tell;

/// Handbooks of customer journeys: Markdown in, a checked and cross-linked site out.
#[derive(Debug, Parser)]
#[command(name = "journeybook", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    /// The folder with book.toml [default: this folder, or the nearest one above]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a new handbook that is ready to build
    Init(init::Args),
    /// Write a new file with every field of its type
    New(new::Args),
    /// Write the site
    Build(build::Args),
    /// Show the site in your browser as you write it
    Serve(serve::Args),
    /// Say everything that is wrong or not yet good, without writing
    Check(check::Args),
    /// Say what changed since an earlier revision, in words of the handbook
    Diff(diff::Args),
    /// Say why a rule exists, and how to mend or silence it
    Explain(explain::Args),
    /// Print the JSON Schema of the front matter
    Schema(schema::Args),
    /// Print the model: json, csv or mermaid
    Export(export::Args),
    /// Print a completion script for your shell
    Completions(completions::Args),
}

/// How a command ended that could run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done, and no error found.
    Clean,
    /// The content has errors, or with `--strict` warnings.
    Faulty,
}

/// Why a command could not run.
#[derive(Debug)]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// There is no such thing; the nearest one is named, or all of them where none is near.
    fn unknown(what: &str, written: &str, known: &[&str]) -> Failure {
        let failure = Failure::new(format!("there is no {what} `{written}`"));
        match nearest(written, known.iter().copied()) {
            Some(near) => failure.help(format!("Did you mean `{near}`?")),
            None if known.is_empty() => failure,
            None => failure.help(format!("There is: {}.", known.join(", "))),
        }
    }
}

type Ran = Result<Outcome, Failure>;

/// Runs the command with these arguments (the first is the program's name); the exit code is the contract's.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = Cli::command().color(speak::clap_colour());
    let parsed = command.try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // A reader who has gone away is no error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run(cli) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Faulty) => ExitCode::from(1),
        Err(failure) => {
            tell(&format!("error: {}\n", failure.message));
            if let Some(help) = &failure.help {
                tell(&format!("{help}\n"));
            }
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Ran {
    let root = cli.root.as_deref();
    match cli.command {
        Command::Init(args) => init::run(&args),
        Command::New(args) => new::run(root, &args),
        Command::Build(args) => build::run(root, &args),
        Command::Serve(args) => serve::run(root, &args),
        Command::Check(args) => check::run(root, &args),
        Command::Diff(args) => diff::run(root, &args),
        Command::Explain(args) => explain::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Export(args) => export::run(root, &args),
        Command::Completions(args) => completions::run(&args),
    }
}
