//! Measures what a git history costs: `diff` with an older revision, and a build with the history and without. See `benches/README.md`.
#[path = "build/measure.rs"]
#[expect(dead_code, reason = "what a program said last is for the other bench")]
mod measure;
#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/mod.rs"]
#[expect(dead_code, reason = "the peers' handbooks are for the other bench")]
mod support;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Parser;
use measure::Sample;
use outcome::{Outcome, run_if};
use support::generate::{self, Dialect, File, Plan};

/// Measures what a git history costs.
#[derive(Debug, Parser)]
#[command(name = "diff")]
struct Args {
    /// How many entities the handbook has.
    #[arg(long, default_value_t = 10_000)]
    entities: usize,
    /// How many commits follow the one that made it.
    #[arg(long, default_value_t = 3_000)]
    commits: usize,
    /// How many commits back `diff` looks.
    #[arg(long, default_value_t = 50)]
    back: usize,
    /// How often each is run.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// What the handbook is made from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder to work in; emptied at the end.
    #[arg(long)]
    work: Option<PathBuf>,
    /// The journeybook program, if not the one that cargo has just built.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_journeybook"))]
    journeybook: PathBuf,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Findings depend on the day, so all runs have the same.
const TODAY: &str = "2026-06-01";
/// The most files that a commit changes.
const TOUCHED: usize = 5;

fn main() -> ExitCode {
    let args = Args::parse();
    run_if(args.bench, "diff", || run(&args))
}

fn run(args: &Args) -> Outcome {
    let work = args.work.clone().unwrap_or_else(std::env::temp_dir).join(format!("journeybook-diff-{}", std::process::id()));
    let result = contest(args, &work);
    fs::remove_dir_all(&work)?;
    result
}

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// What changed since an older revision.
    Diff,
    /// A cold build of the handbook in its repository.
    History,
    /// The same of the same files outside a repository.
    Bare,
}

const ALL: [(Who, &str); 3] = [(Who::Diff, "diff"), (Who::History, "build with its history"), (Who::Bare, "build without")];

fn contest(args: &Args, work: &Path) -> Outcome {
    let (book, bare) = (work.join("book"), work.join("bare"));
    make(args, &book)?;
    git(&["clone", "-q", "--depth", "1", &format!("file://{}", book.display()), &bare.display().to_string()], work)?;
    fs::remove_dir_all(bare.join(".git"))?;
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); ALL.len()];
    // The first round only brings the files into memory.
    for round in 0..=args.rounds {
        for (all, (who, _)) in samples.iter_mut().zip(ALL) {
            let folder = if who == Who::Bare { &bare } else { &book };
            let sample = measure::run(command(args, who, folder, &work.join(format!("site-{who:?}-{round}"))))?;
            all.extend((round > 0).then_some(sample));
        }
    }
    report(args, &samples);
    Ok(())
}

fn command(args: &Args, who: Who, folder: &Path, out: &Path) -> Command {
    let mut command = Command::new(&args.journeybook);
    command.current_dir(folder);
    match who {
        Who::Diff => command.args(["diff", &format!("HEAD~{}", args.back)]),
        Who::History | Who::Bare => command.args(["build", "--out"]).arg(out),
    };
    command.args(["--today", TODAY]);
    command
}

fn report(args: &Args, samples: &[Vec<Sample>]) {
    println!("| {} entities, {} commits | median s | min | max | processor s | peak MB |", args.entities, args.commits);
    println!("|---|--:|--:|--:|--:|--:|");
    let mut medians = Vec::new();
    for (all, (_, name)) in samples.iter().zip(ALL) {
        let sorted = |of: fn(&Sample) -> f64| {
            let mut all: Vec<f64> = all.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let (wall, cpu) = (sorted(|sample| sample.wall.as_secs_f64()), sorted(|sample| sample.cpu.as_secs_f64()));
        let peak = all.iter().map(|sample| sample.peak).max().unwrap_or_default() as f64 / 1e6;
        let (Some(min), Some(max)) = (wall.first(), wall.last()) else { continue };
        let (median, cpu) = (wall[wall.len() / 2], cpu[cpu.len() / 2]);
        println!("| {name} | {median:.2} | {min:.2} | {max:.2} | {cpu:.2} | {peak:.0} |");
        medians.push(median);
    }
    if let [_, with, without] = medians[..] {
        println!("\nThe history costs a build {:.2} s.", with - without);
    }
}

/// A repository with a handbook and its commits, and the files of the last one.
fn make(args: &Args, book: &Path) -> Outcome {
    fs::create_dir_all(book)?;
    git(&["init", "-q", "-b", "main"], book)?;
    let mut import = Command::new("git");
    let mut import = import.current_dir(book).args(["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    let stream = import.stdin.take().ok_or("git takes nothing in")?;
    write(args, &mut BufWriter::new(stream))?;
    if !import.wait()?.success() {
        return Err("git did not take the commits in".into());
    }
    git(&["reset", "-q", "--hard", "main"], book)
}

/// Writes the commits as `git fast-import` reads them.
fn write(args: &Args, out: &mut impl Write) -> io::Result<()> {
    let plan = Plan::new(args.entities, args.seed);
    let mut random = plan.fixed();
    let files = generate::files(&plan, Dialect::Journeybook).map(|file| File { path: format!("content/{}", file.path), ..file });
    let mut files: Vec<File> = files.collect();
    begin(out, 0)?;
    put(out, &File { path: "book.toml".into(), text: generate::BOOK.into() })?;
    files.iter().try_for_each(|file| put(out, file))?;
    for commit in 1..=args.commits {
        begin(out, commit)?;
        for _ in 0..random.between(1, TOUCHED) {
            let at = random.below(files.len());
            edit(&mut files[at], commit);
            put(out, &files[at])?;
        }
    }
    out.flush()
}

/// Eight commits a day.
fn begin(out: &mut impl Write, commit: usize) -> io::Result<()> {
    let (seconds, subject) = (1_700_000_000 + commit * 10_800, format!("Edit {commit}"));
    write!(out, "commit refs/heads/main\ncommitter Ann <ann@example.org> {seconds} +0000\ndata {}\n{subject}\n", subject.len())
}

fn put(out: &mut impl Write, file: &File) -> io::Result<()> {
    write!(out, "M 100644 inline {}\ndata {}\n{}\n", file.path, file.text.len(), file.text)
}

/// A change as people make them: a feeling where there is one, else a sentence; the summary of every third.
fn edit(file: &mut File, commit: usize) {
    let mut lines: Vec<String> = file.text.lines().map(str::to_owned).collect();
    let feeling = lines.iter().position(|line| line.trim_start().starts_with("emotion: "));
    let summary = lines.iter().position(|line| line.starts_with("summary: "));
    match (feeling, summary) {
        (Some(at), _) if commit.is_multiple_of(2) => {
            let indent: String = lines[at].chars().take_while(|c| *c == ' ').collect();
            lines[at] = format!("{indent}emotion: {}", commit % 3);
        }
        (_, Some(at)) if commit.is_multiple_of(3) => lines[at] = format!("summary: As it was seen in round {commit}"),
        _ => lines.extend([String::new(), format!("In round {commit} we looked at this again.")]),
    }
    file.text = lines.join("\n") + "\n";
}

fn git(arguments: &[&str], folder: &Path) -> Outcome {
    let status = Command::new("git").current_dir(folder).args(arguments).status()?;
    if status.success() { Ok(()) } else { Err(format!("git {arguments:?}: {status}").into()) }
}
