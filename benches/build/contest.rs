//! Who is measured, and in which order.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Contest;
use crate::generate::{Dialect, Plan};
use crate::measure;
use crate::report::{self, Standing};
use crate::{Outcome, sites};

/// Findings depend on the day, so all runs have the same.
const TODAY: &str = "2026-06-01";

/// Runs the whole contest and prints what came of it.
pub fn run(contest: &Contest) -> Outcome {
    let work = contest.work.clone().unwrap_or_else(std::env::temp_dir).join(format!("journeybook-bench-{}", std::process::id()));
    fs::create_dir_all(&work)?;
    let result = contest.sizes.iter().try_fold(Vec::new(), |mut sizes, size| {
        let standings = Round::prepare(contest, *size, &work)?.run();
        report::size(*size, &standings);
        sizes.push((*size, standings));
        Ok::<_, Box<dyn std::error::Error>>(sizes)
    });
    // Not earlier: file systems are slow for a while after many files were removed, and that would count as somebody's time.
    fs::remove_dir_all(&work)?;
    report::growth(&result?);
    Ok(())
}

/// Somebody who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Floor,
    Build,
    Check,
    Hugo,
    Cobalt,
}

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Who::Floor => "floor",
            Who::Build => "journeybook build",
            Who::Check => "journeybook check",
            Who::Hugo => "Hugo",
            Who::Cobalt => "cobalt",
        }
    }

    fn dialect(self) -> Dialect {
        match self {
            Who::Floor | Who::Build | Who::Check => Dialect::Journeybook,
            Who::Hugo => Dialect::Hugo,
            Who::Cobalt => Dialect::Cobalt,
        }
    }
}

/// A handbook of one size, written for all who take part.
struct Round<'c> {
    contest: &'c Contest,
    size: usize,
    folder: PathBuf,
    rounds: usize,
    standings: Vec<Standing>,
}

impl<'c> Round<'c> {
    fn prepare(contest: &'c Contest, size: usize, work: &Path) -> Outcome<Round<'c>> {
        let peers = size <= contest.peers_up_to;
        let takes_part = |who: &Who| peers || who.dialect() == Dialect::Journeybook;
        let who: Vec<Who> = [Who::Build, Who::Floor, Who::Check, Who::Hugo, Who::Cobalt].into_iter().filter(takes_part).collect();
        let folder = work.join(size.to_string());
        for who in who.iter().filter(|who| !matches!(who, Who::Floor | Who::Check)) {
            sites::generate(&Plan::new(size, contest.seed), who.dialect(), &folder.join(source(*who)))?;
        }
        let rounds = contest.rounds.min((200_000 / size.max(1)).max(1));
        fs::create_dir_all(folder.join("out"))?;
        Ok(Round { contest, size, folder, rounds, standings: who.into_iter().map(Standing::new).collect() })
    }

    /// In turns, so that whatever else the machine does meets everybody.
    fn run(mut self) -> Vec<Standing> {
        for round in 0..self.rounds {
            for at in 0..self.standings.len() {
                if self.standings[at].trouble.is_none() {
                    self.turn(round, at);
                }
            }
        }
        self.standings
    }

    fn turn(&mut self, round: usize, at: usize) {
        let who = self.standings[at].who;
        let out = self.out(who, round);
        eprintln!("{}, round {} of {}", who.name(), round + 1, self.rounds);
        let sample = self.command(who, &out).map_err(|error| error.to_string()).and_then(measure::run);
        let standing = &mut self.standings[at];
        match sample {
            Ok(sample) if who == Who::Floor => standing.add_floor(sample),
            Ok(sample) => standing.samples.push(sample),
            Err(trouble) => standing.trouble = Some(trouble),
        }
        if round == 0 && who != Who::Check {
            standing.see_output(sites::size(&out), self.size);
        }
    }

    fn out(&self, who: Who, round: usize) -> PathBuf {
        self.folder.join("out").join(format!("{who:?}-{round}").to_lowercase())
    }

    fn command(&self, who: Who, out: &Path) -> Outcome<Command> {
        let root = self.folder.join(source(who));
        match who {
            Who::Floor => self.floor(&root, out),
            Who::Build => Ok(journeybook(self.contest, "build", &root).arg("--out").arg(out).taken()),
            Who::Check => Ok(journeybook(self.contest, "check", &root).taken()),
            Who::Hugo => Ok(Command::new(&self.contest.hugo).args(["--quiet", "--source"]).arg(root).arg("--destination").arg(out).taken()),
            Who::Cobalt => {
                Ok(Command::new(&self.contest.cobalt).args(["build", "--quiet", "--destination"]).arg(out).current_dir(root).taken())
            }
        }
    }

    /// The floor writes what journeybook wrote in its first round.
    fn floor(&self, root: &Path, out: &Path) -> Outcome<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("floor").arg(root.join("content")).arg(out);
        let site = self.out(Who::Build, 0);
        if site.is_dir() {
            command.arg("--site").arg(site);
        }
        Ok(command)
    }
}

fn source(who: Who) -> &'static str {
    match who.dialect() {
        Dialect::Journeybook => "journeybook",
        Dialect::Hugo => "hugo",
        Dialect::Cobalt => "cobalt",
    }
}

fn journeybook(contest: &Contest, command: &str, root: &Path) -> Command {
    let mut journeybook = Command::new(&contest.journeybook);
    journeybook.args([command, "--today", TODAY, "--root"]).arg(root);
    journeybook
}

/// Ends a chain of arguments with the command itself.
trait Taken {
    fn taken(&mut self) -> Command;
}

impl Taken for Command {
    fn taken(&mut self) -> Command {
        std::mem::replace(self, Command::new(""))
    }
}
