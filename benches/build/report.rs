//! Tables of what was measured, in Markdown, to be copied into `benches/README.md`.
use std::time::Duration;

use crate::contest::Who;
use crate::measure::Sample;

/// What somebody did in all rounds of one size.
#[derive(Debug)]
pub struct Standing {
    pub who: Who,
    pub samples: Vec<Sample>,
    /// Of the floor: reading with rendering, and writing.
    pub parts: Vec<Vec<Duration>>,
    /// How many files it wrote, and how many bytes.
    pub output: (usize, u64),
    /// Why it was not measured any further.
    pub trouble: Option<String>,
}

impl Standing {
    pub fn new(who: Who) -> Standing {
        Standing { who, samples: Vec::new(), parts: Vec::new(), output: (0, 0), trouble: None }
    }

    /// The floor's own clock counts: loading what it is to write is no part of it.
    pub fn add_floor(&mut self, sample: Sample) {
        let parts: Vec<Duration> = sample.said.split(' ').filter_map(|nanos| nanos.parse().ok()).map(Duration::from_nanos).collect();
        self.samples.push(Sample { wall: parts.iter().sum(), ..sample });
        self.parts.push(parts);
    }

    /// Whoever wrote fewer pages than there are entities did not do the job, however fast.
    pub fn see_output(&mut self, output: (usize, u64), entities: usize) {
        self.output = output;
        if self.who != Who::Floor && self.trouble.is_none() && output.0 < entities {
            self.samples.clear();
            self.trouble = Some(format!("it wrote {} files for {entities} entities", output.0));
        }
    }

    fn walls(&self) -> Vec<f64> {
        sorted(self.samples.iter().map(|sample| sample.wall.as_secs_f64()))
    }

    fn wall(&self) -> Option<f64> {
        median(&self.walls())
    }

    fn cpu(&self) -> Option<f64> {
        median(&sorted(self.samples.iter().map(|sample| sample.cpu.as_secs_f64())))
    }

    fn peak(&self) -> Option<u64> {
        self.samples.iter().map(|sample| sample.peak).max()
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}

/// Prints the table of one size.
pub fn size(entities: usize, standings: &[Standing]) {
    let rounds = standings.iter().map(|standing| standing.samples.len()).max().unwrap_or(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\n### {entities} entities, {rounds} rounds, {cores} cores\n");
    println!("| | median s | min | max | × floor | × build | processor s | peak MB | files | MB written |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let of = |who| standings.iter().find(|standing: &&Standing| standing.who == who).and_then(Standing::wall);
    for standing in standings {
        println!("{}", row(standing, of(Who::Floor), of(Who::Build)));
    }
    println!();
    floor_parts(standings);
    goals(entities, standings);
}

fn row(standing: &Standing, floor: Option<f64>, build: Option<f64>) -> String {
    let name = standing.who.name();
    let walls = standing.walls();
    let (Some(wall), Some(low), Some(high)) = (standing.wall(), walls.first(), walls.last()) else {
        return format!("| {name} | not measured: {} ||||||||||", standing.trouble.as_deref().unwrap_or("no rounds"));
    };
    let times = |base: Option<f64>| base.map_or("–".into(), |base| format!("{:.2}", wall / base));
    let (cpu, peak) = (standing.cpu().unwrap_or_default(), standing.peak().unwrap_or_default() as f64 / 1e6);
    let (files, bytes) = standing.output;
    let (floors, builds) = (times(floor), times(build));
    format!(
        "| {name} | {wall:.3} | {low:.3} | {high:.3} | {floors} | {builds} | {cpu:.2} | {peak:.0} | {files} | {:.0} |",
        bytes as f64 / 1e6
    )
}

fn floor_parts(standings: &[Standing]) {
    let Some(floor) = standings.iter().find(|standing| standing.who == Who::Floor) else { return };
    let part = |at: usize| median(&sorted(floor.parts.iter().filter_map(|parts| parts.get(at)).map(Duration::as_secs_f64)));
    if let (Some(render), Some(write)) = (part(0), part(1)) {
        println!("The floor: {render:.3} s for reading and bare Markdown, {write:.3} s for writing.\n");
    }
    if floor.output.0 == 0 {
        println!("The floor wrote nothing, because there was no build to write again: it is too low.\n");
    }
}

/// Prints what the handbook's makers want, beside what is.
fn goals(entities: usize, standings: &[Standing]) {
    let find = |who| standings.iter().find(|standing| standing.who == who);
    let wall = |who| find(who).and_then(Standing::wall);
    let ratio = |a, b| Some(wall(a)? / wall(b)?);
    let peak = find(Who::Build).and_then(Standing::peak).map(|peak| peak as f64 / 1e6);
    println!("| goal | wanted | measured |\n|---|--:|--:|");
    goal("build ÷ floor", ratio(Who::Build, Who::Floor), Wanted::AtMost(2.0));
    goal("check ÷ build", ratio(Who::Check, Who::Build), Wanted::AtMost(0.5));
    if entities == 10_000 {
        goal("Hugo ÷ build", ratio(Who::Hugo, Who::Build), Wanted::AtLeast(10.0));
        goal("cobalt ÷ build", ratio(Who::Cobalt, Who::Build), Wanted::AtLeast(4.0));
        goal("build's peak memory, MB", peak, Wanted::AtMost(400.0));
    }
}

enum Wanted {
    AtMost(f64),
    AtLeast(f64),
}

fn goal(name: &str, measured: Option<f64>, wanted: Wanted) {
    let (words, met) = match wanted {
        Wanted::AtMost(limit) => (format!("at most {limit}"), measured.map(|measured| measured <= limit)),
        Wanted::AtLeast(limit) => (format!("at least {limit}"), measured.map(|measured| measured >= limit)),
    };
    let verdict = match (measured, met) {
        (Some(measured), Some(true)) => format!("{measured:.2}, met"),
        (Some(measured), _) => format!("{measured:.2}, **missed**"),
        (None, _) => "not measured".into(),
    };
    println!("| {name} | {words} | {verdict} |");
}

/// Prints how time and memory grow with the handbook.
pub fn growth(sizes: &[(usize, Vec<Standing>)]) {
    println!("\n### Growth\n\n| | entities | µs an entity | peak KB an entity |\n|---|--:|--:|--:|");
    for who in [Who::Floor, Who::Build, Who::Check, Who::Hugo, Who::Cobalt] {
        for (entities, standings) in sizes {
            let Some(standing) = standings.iter().find(|standing| standing.who == who) else { continue };
            let (Some(wall), Some(peak)) = (standing.wall(), standing.peak()) else { continue };
            let count = *entities as f64;
            println!("| {} | {entities} | {:.0} | {:.1} |", who.name(), wall * 1e6 / count, peak as f64 / 1e3 / count);
        }
    }
}
