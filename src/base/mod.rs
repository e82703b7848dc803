//! What everything else stands on: source text and places in it, the one diagnostic type, rule names, ids, paths,
//! dates, durations and money. Nothing here knows what a journey is.
mod date;
mod diagnostic;
mod ident;
mod near;
mod path;
mod plain;
mod quantity;
mod rule;
mod signs;
mod source;

pub use date::{Date, Today};
pub use diagnostic::{Diagnostic, Label, Severity};
/// Maps and sets for names that the handbook's own authors chose.
pub use foldhash::{HashMap, HashSet};
pub use ident::{is_id, slug};
pub use near::{Names, nearest};
pub use path::{PathError, RelPath};
pub use plain::plain;
pub use quantity::{Duration, Money, Unit, fixed};
pub use rule::Rule;
pub use signs::{curly_quotes, is_curly, unseen};
pub use source::{Position, Source, Span};
