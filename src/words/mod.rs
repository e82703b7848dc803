//! Everything a reader sees that no author wrote, in English and Dutch; dates, numbers and sums as each language writes them.
mod lexicon;
pub mod strings;
mod told;

pub use lexicon::Lexicon;
pub use strings::Strings;
