//! The command line.
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::generate::Dialect;

/// Measures journeybook against the floor and against its peers.
#[derive(Debug, Parser)]
#[command(name = "build", subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub contest: Contest,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct Contest {
    /// How many entities the handbooks have.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    pub sizes: Vec<usize>,
    /// How often each is run; handbooks of more than 40,000 entities less often.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// The largest handbook that Hugo and cobalt are given.
    #[arg(long, default_value_t = 10_000)]
    pub peers_up_to: usize,
    /// What the handbooks are made from.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A folder to work in, on the disk to be measured; emptied at the end.
    #[arg(long)]
    pub work: Option<PathBuf>,
    /// The journeybook program, if not the one that cargo has just built.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_journeybook"))]
    pub journeybook: PathBuf,
    /// The Hugo program itself, not Python's wrapper around it.
    #[arg(long, default_value = "hugo")]
    pub hugo: PathBuf,
    /// The cobalt program.
    #[arg(long, default_value = "cobalt")]
    pub cobalt: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Writes a handbook and measures nothing.
    Generate {
        /// How many entities it has.
        entities: usize,
        /// The folder to write it to.
        out: PathBuf,
        /// The program it is for.
        #[arg(long = "for", value_enum, default_value = "journeybook")]
        dialect: Program,
        /// What it is made from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Reads, renders and writes without doing anything in between, and prints the two times in nanoseconds.
    Floor {
        /// The Markdown files.
        content: PathBuf,
        /// An empty folder to write to.
        out: PathBuf,
        /// The site whose files are written again.
        #[arg(long)]
        site: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Program {
    Journeybook,
    Hugo,
    Cobalt,
}

impl From<Program> for Dialect {
    fn from(program: Program) -> Dialect {
        match program {
            Program::Journeybook => Dialect::Journeybook,
            Program::Hugo => Dialect::Hugo,
            Program::Cobalt => Dialect::Cobalt,
        }
    }
}
