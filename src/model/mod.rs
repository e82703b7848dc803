//! The content model: every type and every field, declared once.
//!
//! A field is one line in a `record!` in `types.rs`: its name, its Rust type and what it means. From that line come decoding and
//! its complaints, suggestions, JSON Schema, the file that `new` writes, the field reference, the export and the plain field
//! list on a page.
mod book;
mod decode;
mod kind;
mod node;
mod places;
mod record;
mod reference;
mod types;
mod value;

pub use book::{Book, BookLanguage, RuleSeverity};
pub use decode::{Decoder, Entries, FieldLink, PartDecl, RawLink, Written, misspelt};
pub use kind::{Field, Kind, Need, NumberKind, RecordKind};
pub use node::{Entry, Key, Node, Shape, Style};
pub use record::{Record, RecordExt, Reflect};
pub use reference::{Accepts, Part, PartKind, Ref, Type};
pub use types::*;
pub use value::*;
pub(crate) use value::{half_markdown, raw_html};
