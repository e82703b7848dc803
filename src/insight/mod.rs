//! Numbers that follow from the handbook. Pure functions over it; how they are drawn is for others to know.
mod backlog;
mod coverage;
mod curve;
mod difference;
mod evidence;
mod freshness;
mod journey;
mod links;
mod touchpoint;

pub use backlog::{Totals, do_next, improvements_by_part, improvements_for, journeys_of, place, rice, totals};
pub use coverage::{Coverage, FrameworkCover, framework_cover};
pub use curve::{CurvePath, Extreme, bridged, extremes, height, path};
pub use difference::{Change, StepDifference, differences, longest_rise};
pub use evidence::{Backing, backing, claim_known, is_backed};
pub use freshness::{Freshness, freshness, latest_change, latest_revision, reviewed};
pub use journey::{
    Duty, Gap, JourneyInsight, LOW, Line, PEAK, StepInsight, WIDE_GAP, duties, feeling_of, highest_feeling, journey, lowest_feeling,
};
pub use links::{counterpart, counts, referring};
pub use touchpoint::{Conformance, Score, appearances, conformance, scores, visits};
