//! Stdout for data, stderr for people; colour only on a terminal and never under `NO_COLOR`; a reader who went away is no error.
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};

use super::Failure;

/// Writes data, escapes for colour taken out where nobody would see them.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let stdout = std::io::stdout();
    let choice = choice(&stdout);
    let mut out = AutoStream::new(stdout.lock(), choice);
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!("stdout cannot be written: {error}"))),
        _ => Ok(()),
    }
}

/// Speaks to people. Nobody is left to be told if that fails.
pub(super) fn tell(text: &str) {
    let stderr = std::io::stderr();
    let choice = choice(&stderr);
    let mut out = AutoStream::new(stderr.lock(), choice);
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A path as it is shortest from here.
pub(super) fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_path_buf()
}

/// Whether clap may colour its help and complaints.
pub(super) fn clap_colour() -> clap::ColorChoice {
    match choice(&std::io::stdout()) {
        ColorChoice::Never => clap::ColorChoice::Never,
        _ => clap::ColorChoice::Auto,
    }
}

fn choice(stream: &impl IsTerminal) -> ColorChoice {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let dumb = set("TERM").is_some_and(|term| term == "dumb");
    let colour = stream.is_terminal() && set("NO_COLOR").is_none() && !dumb;
    if colour { ColorChoice::Always } else { ColorChoice::Never }
}
