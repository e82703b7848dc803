//! How pages look: words per language.
pub mod strings;

pub use strings::Strings;
