//! The types of entities, the parts they have, and references between them.
use std::marker::PhantomData;

use super::decode::Decoder;
use super::kind::Kind;
use super::node::Node;
use super::record::Reflect;
use super::value::FieldValue;
use crate::base::Span;

macro_rules! types {
    ($( $(#[$doc:meta])* $variant:ident = $name:literal, $folder:literal; )+) => {
        /// What an entity is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Type { $( $(#[$doc])* $variant, )+ }

        impl Type {
            /// Every type, in the order of the content model.
            pub const ALL: &'static [Type] = &[ $( Type::$variant, )+ ];

            /// The name as in `type:`.
            pub fn name(self) -> &'static str {
                match self { $( Type::$variant => $name, )+ }
            }

            /// Its folder under the content folder and in the site.
            pub fn folder(self) -> &'static str {
                match self { $( Type::$variant => $folder, )+ }
            }
        }
    };
}

types! {
    /// The handbook's home: one, in `content/index.md`.
    Organisation = "organisation", "";
    /// What choices are measured by.
    Principle = "principle", "principles";
    /// A target group.
    Segment = "segment", "segments";
    /// A fictive person who stands for a target group.
    Persona = "persona", "personas";
    /// What a customer goes through, step by step.
    Journey = "journey", "journeys";
    /// A checklist of phases and steps.
    Framework = "framework", "frameworks";
    /// A place where customer and organisation meet.
    Touchpoint = "touchpoint", "touchpoints";
    /// A way in which they meet.
    Channel = "channel", "channels";
    /// A part of the organisation.
    Department = "department", "departments";
    /// Research behind claims.
    Evidence = "evidence", "evidence";
    /// One mystery visit or call.
    Visit = "visit", "visits";
    /// A figure that is followed over time.
    Metric = "metric", "metrics";
    /// An item of the backlog.
    Improvement = "improvement", "improvements";
    /// The plan in phases.
    Roadmap = "roadmap", "roadmaps";
    /// Anything else: method, glossary, onboarding.
    Page = "page", "pages";
    /// The introduction of a folder: its `index.md`. No entity of its own to the outside.
    Section = "section", "";
}

impl Type {
    /// The type of that name, as an author may write it; `backlog` and sections are none.
    pub fn named(name: &str) -> Option<Type> {
        Type::ALL.iter().copied().find(|kind| kind.name() == name && *kind != Type::Section)
    }

    /// The type whose folder it is.
    pub fn of_folder(folder: &str) -> Option<Type> {
        Type::ALL.iter().copied().find(|kind| !folder.is_empty() && kind.folder() == folder)
    }

    /// Whether the outside may know it as an entity.
    pub fn is_public(self) -> bool {
        self != Type::Section
    }
}

/// The sorts of parts that can be referred to by `entity/part`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// A phase of a journey.
    Phase,
    /// A step of a journey.
    Step,
    /// A phase of a framework.
    FrameworkPhase,
    /// A step of a framework.
    FrameworkStep,
    /// A phase of a roadmap.
    RoadmapPhase,
    /// A core task of a persona.
    Task,
}

impl PartKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            PartKind::Phase | PartKind::FrameworkPhase | PartKind::RoadmapPhase => "phase",
            PartKind::Step | PartKind::FrameworkStep => "step",
            PartKind::Task => "core task",
        }
    }
}

/// What a reference may lead to.
#[derive(Debug)]
pub struct Accepts {
    /// In words, with article: `a persona`.
    pub what: &'static str,
    /// Entities of these types.
    pub types: &'static [Type],
    /// Parts of these sorts.
    pub parts: &'static [PartKind],
    /// A part may be named alone, without its entity, where that is unique.
    pub bare_parts: bool,
    /// Only parts of the entity that the reference stands in.
    pub own_parts: bool,
    /// A text that leads nowhere is just a text.
    pub soft: bool,
}

/// A declared set of targets.
pub trait Accept {
    /// The set.
    const ACCEPTS: Accepts;
}

macro_rules! accept {
    ($( $(#[$doc:meta])* $name:ident: $what:literal, [$($kind:ident),*], [$($part:ident),*] $(, $flag:ident)*; )+) => {
        /// Marker types for [`Ref`]: what a field refers to.
        pub mod to {
            $( $(#[$doc])* #[derive(Debug, Clone, Copy, Default)] pub struct $name; )+
        }
        $( impl Accept for to::$name {
            #[allow(clippy::needless_update)]
            const ACCEPTS: Accepts = Accepts {
                what: $what,
                types: &[$(Type::$kind),*],
                parts: &[$(PartKind::$part),*],
                $($flag: true,)*
                ..Accepts { what: "", types: &[], parts: &[], bare_parts: false, own_parts: false, soft: false }
            };
        } )+
    };
}

accept! {
    /// A principle.
    Principle: "a principle", [Principle], [];
    /// A segment.
    Segment: "a segment", [Segment], [];
    /// A persona.
    Persona: "a persona", [Persona], [];
    /// A journey.
    Journey: "a journey", [Journey], [];
    /// A journey, or a part of one.
    JourneyOrPart: "a journey or `journey/step`", [Journey], [Phase, Step];
    /// A framework.
    Framework: "a framework", [Framework], [];
    /// A step of a framework.
    FrameworkStep: "a framework's step", [], [FrameworkPhase, FrameworkStep], bare_parts;
    /// A core task of a persona.
    Task: "a persona's core task", [], [Task], bare_parts;
    /// A touchpoint.
    Touchpoint: "a touchpoint", [Touchpoint], [];
    /// A channel.
    Channel: "a channel", [Channel], [];
    /// A department.
    Department: "a department", [Department], [];
    /// Evidence.
    Evidence: "evidence", [Evidence], [];
    /// A metric.
    Metric: "a metric", [Metric], [];
    /// An improvement.
    Improvement: "an improvement", [Improvement], [];
    /// A phase of a roadmap.
    RoadmapPhase: "a roadmap's phase", [], [RoadmapPhase], bare_parts;
    /// What an improvement solves and a metric applies to.
    Place: "a journey, `journey/step` or touchpoint", [Journey, Touchpoint], [Phase, Step];
    /// A step of the same journey.
    OwnStep: "a step of this journey", [], [Step], bare_parts, own_parts;
    /// A department, or just a name.
    Owner: "a department", [Department], [], soft;
}

/// A reference: the number of a link of the document it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Ref<A> {
    /// Index into the document's links.
    pub link: u32,
    accepts: PhantomData<A>,
}

impl<A> Default for Ref<A> {
    fn default() -> Self {
        Ref { link: u32::MAX, accepts: PhantomData }
    }
}

impl<A: Accept + 'static> Ref<A> {
    /// Takes up a written reference.
    pub(super) fn written(text: &str, span: Span, cx: &mut Decoder<'_>) -> Ref<A> {
        Ref { link: cx.refer(text, span, &A::ACCEPTS), accepts: PhantomData }
    }
}

impl<A: Accept + Copy + 'static> FieldValue for Ref<A> {
    const KIND: Kind = if A::ACCEPTS.soft { Kind::Owner } else { Kind::Reference(&A::ACCEPTS) };

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let text = cx.plain(node, &Self::KIND)?;
        Some(Ref::written(text.trim(), node.inner_span(), cx))
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Ref(self.link)
    }
}

/// A part of an entity: a phase, a step, a task. Its number is its place in the entity's list of parts.
#[derive(Debug, Clone, Default)]
pub struct Part<T> {
    /// Index into the entity's parts.
    pub index: u32,
    /// The part itself.
    pub value: T,
}

impl<T> std::ops::Deref for Part<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
