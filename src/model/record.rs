//! The one declaration of a field, and reading a mapping by it.
use super::decode::{Decoder, Entries};
use super::kind::{Field, RecordKind};
use super::node::Node;
use super::value::Text;
use crate::base::{Date, Duration, Money, Span};

/// A value as everything that treats all fields alike sees it: export, field lists, comparison.
#[derive(Debug)]
pub enum Reflect<'a> {
    /// Not written.
    Absent,
    /// Text with inline Markdown.
    Text(&'a Text),
    /// Text as it is.
    Plain(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A number with a `%`.
    Percent(f64),
    /// A day.
    Date(Date),
    /// A span of time.
    Duration(Duration),
    /// A sum.
    Money(Money),
    /// One of a few words.
    Choice(&'static str),
    /// A reference: index into the document's links.
    Ref(u32),
    /// Many.
    List(Vec<Reflect<'a>>),
    /// Keys and values.
    Map(Vec<(Reflect<'a>, Reflect<'a>)>),
    /// A mapping with declared fields.
    Record(&'a dyn Record),
    /// A text that is marked as known or assumed.
    Claim(&'a super::Claim),
}

/// A mapping with declared fields.
pub trait Record: std::fmt::Debug + Sync {
    /// The declaration.
    fn kind(&self) -> &'static RecordKind;
    /// The value of the field at that index of the declaration.
    fn value(&self, index: usize) -> Reflect<'_>;
    /// Where it stands: its first key.
    fn at(&self) -> Span;
}

/// What needs the record's own type.
pub trait RecordExt: Record + Default {
    /// The declaration.
    const RECORD: RecordKind;
    /// Takes the declared fields out of a mapping.
    fn take(entries: &mut Entries<'_>, cx: &mut Decoder<'_>) -> Self;

    /// Reads a mapping: takes its fields and complains of what is left.
    fn decode_record(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let mut entries = cx.entries(node, &Self::RECORD)?;
        let record = Self::take(&mut entries, cx);
        cx.leftovers(&entries, &[&Self::RECORD]);
        Some(record)
    }
}

impl dyn Record + '_ {
    /// The declared fields with their values, absent ones left out.
    pub fn present(&self) -> impl Iterator<Item = (&'static Field, Reflect<'_>)> {
        self.kind()
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| (field, self.value(at)))
            .filter(|(_, value)| !matches!(value, Reflect::Absent))
    }
}

/// A field's key: the Rust name without the mark of a raw identifier.
pub(super) const fn key(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Declares a mapping: `/// meaning` and `name: Type` or `name: Type, required` for each field.
macro_rules! record {
    ($(#[doc = $doc:literal])+ $record:ident = $name:literal { $( $(#[doc = $help:literal])+ $field:ident: $kind:ty $(, $need:ident)?; )* }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Default)]
        pub struct $record {
            /// Where it stands: its first key.
            pub at: $crate::base::Span,
            $( $(#[doc = $help])+ pub $field: $kind, )*
        }

        impl $crate::model::record::RecordExt for $record {
            const RECORD: $crate::model::RecordKind = $crate::model::RecordKind {
                name: $name,
                fields: &[ $( $crate::model::Field {
                    name: $crate::model::record::key(stringify!($field)),
                    kind: <$kind as $crate::model::FieldValue>::KIND,
                    need: record!(@need $($need)?),
                    help: concat!($($help),+),
                }, )* ],
            };

            fn take(entries: &mut $crate::model::decode::Entries<'_>, cx: &mut $crate::model::Decoder<'_>) -> Self {
                let _ = &cx;
                #[allow(unused_mut, unused_variables)]
                let mut fields = Self::RECORD.fields.iter();
                $record {
                    at: entries.at(),
                    $( $field: fields.next().map(|field| entries.take(field, cx)).unwrap_or_default(), )*
                }
            }
        }

        impl $crate::model::Record for $record {
            fn kind(&self) -> &'static $crate::model::RecordKind {
                &<$record as $crate::model::record::RecordExt>::RECORD
            }

            fn value(&self, index: usize) -> $crate::model::Reflect<'_> {
                let reads: &[fn(&$record) -> $crate::model::Reflect<'_>] =
                    &[ $( |record| $crate::model::FieldValue::reflect(&record.$field), )* ];
                reads.get(index).map_or($crate::model::Reflect::Absent, |read| read(self))
            }

            fn at(&self) -> $crate::base::Span {
                self.at
            }
        }
    };
    (@need required) => { $crate::model::Need::Required };
    (@need) => { $crate::model::Need::Optional };
}
pub(super) use record;
