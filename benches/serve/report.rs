//! A table of what was measured, in Markdown, to be copied into `benches/README.md`.
use std::time::Duration;

use journeybook::serve::LONE;

use crate::preview::Program;
use crate::saves::Series;

pub fn heading() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{cores} cores; a save's time holds the {} ms that journeybook waits for quiet.\n", LONE.as_millis());
    println!("| | entities | first page s | saves | median ms | above quiet | max | memory MB, after so many saves |");
    println!("|---|--:|--:|--:|--:|--:|--:|---|");
}

/// Prints a series as soon as there is one.
pub fn series(program: &Program, entities: usize, series: &Series) {
    let (median, longest) = (median(series), series.saves.iter().max().copied().unwrap_or_default());
    let above = match program {
        Program::Journeybook(_) => format!("{:.1}", millis(median.saturating_sub(LONE))),
        Program::Hugo(_) => String::new(),
    };
    println!(
        "| {} | {entities} | {:.2} | {} | {:.1} | {above} | {:.1} | {} |",
        program.name(),
        series.first_page.as_secs_f64(),
        series.saves.len(),
        millis(median),
        millis(longest),
        memory(series)
    );
}

/// How many times longer the peer takes.
pub fn compared(ours: Option<&Series>, peer: Option<&Series>) {
    if let Some((ours, peer)) = ours.zip(peer) {
        println!("| Hugo ÷ journeybook | | | | {:.0} | | | |", median(peer).as_secs_f64() / median(ours).as_secs_f64().max(1e-6));
    }
}

fn memory(series: &Series) -> String {
    let note = |(saves, bytes): &(usize, u64)| format!("{saves}: {}", bytes / 1_000_000);
    series.resident.iter().map(note).collect::<Vec<_>>().join(", ")
}

fn median(series: &Series) -> Duration {
    let mut saves = series.saves.clone();
    saves.sort();
    saves.get(saves.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
