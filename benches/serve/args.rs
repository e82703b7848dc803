//! The command line.
use std::path::PathBuf;

use clap::Parser;

/// Measures a preview.
#[derive(Debug, Parser)]
#[command(name = "serve")]
pub struct Args {
    /// How many entities the handbooks have.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000")]
    pub sizes: Vec<usize>,
    /// How often a file is saved.
    #[arg(long, default_value_t = 2_000)]
    pub saves: usize,
    /// Saving ends after so many minutes, however often it was done.
    #[arg(long, default_value_t = 10)]
    pub minutes: u64,
    /// The Hugo program itself, not Python's wrapper around it; without it Hugo is not measured.
    #[arg(long)]
    pub hugo: Option<PathBuf>,
    /// How often a file is saved for Hugo.
    #[arg(long, default_value_t = 3)]
    pub hugo_saves: usize,
    /// What the handbooks are made from.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A folder to work in; what is written there is removed at the end.
    #[arg(long)]
    pub work: Option<PathBuf>,
    /// The journeybook program, if not the one that cargo has just built.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_journeybook"))]
    pub journeybook: PathBuf,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    pub bench: bool,
}
