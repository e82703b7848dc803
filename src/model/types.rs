//! The vocabulary: one line a field. See `ARCHITECTURE.md`, "Adding a field".
use super::decode::{Decoder, Entries, PartDecl, RawLink};
use super::kind::{Kind, RecordKind};
use super::node::{Node, Shape};
use super::record::{Record, RecordExt, Reflect, record};
use super::reference::{Part, PartKind, Ref, Type, to};
use super::value::{
    Claim, Count, Either, Feeling, FieldValue, FilePath, Id, List, Map, Number, Percent, Plain, Rank, RuleName, Short, Size, Text, Web,
    WebOrFile, choice, declared,
};
use crate::base::{Date, Duration, Money, slug};

choice! {
    /// Where a page stands on its way.
    PageStatus { Draft = "draft", InReview = "in-review", Current = "current", Retired = "retired" }
    /// Whether something is backed or guessed.
    Known { Known = "known", Assumed = "assumed", Unknown = "unknown" }
    /// How much a persona stands for.
    Archetype { Primary = "primary", Secondary = "secondary", Extreme = "extreme" }
    /// Which version of the world a journey shows.
    State { AsIs = "as-is", ToBe = "to-be", Ideal = "ideal", DayInTheLife = "day-in-the-life" }
    /// Through whose eyes phases are cut.
    Lens { Functional = "functional", Target = "target", Engagement = "engagement", Active = "active", Goal = "goal" }
    /// When a phase lies, seen from the visit.
    Moment { Before = "before", During = "during", After = "after" }
    /// What a department does in a step that it does not lead.
    RolePart { Supports = "supports", Informed = "informed" }
    /// Whether a touchpoint exists.
    TouchpointStatus { Live = "live", Planned = "planned", Retired = "retired" }
    /// What a channel is made of.
    Medium { Digital = "digital", Physical = "physical", Phone = "phone", Paper = "paper", Person = "person", ThirdParty = "third-party" }
    /// How evidence was found.
    Method {
        Interview = "interview", FocusGroup = "focus-group", UsabilityTest = "usability-test", Survey = "survey", Poll = "poll", Desk = "desk",
        Analytics = "analytics", Frontline = "frontline", Complaints = "complaints", Observation = "observation", MysteryVisit = "mystery-visit"
    }
    /// How sure evidence is.
    Confidence { Low = "low", Medium = "medium", High = "high" }
    /// How a mystery guest came.
    VisitMethod { Visit = "visit", Call = "call", Chat = "chat", Online = "online" }
    /// What a mystery guest saw of a behaviour.
    Observed { Met = "met", NotMet = "not-met", NotSeen = "not-seen" }
    /// Which way is better.
    Direction { Up = "up", Down = "down" }
    /// How far away an improvement lies.
    Horizon { QuickWin = "quick-win", LongTerm = "long-term", Personalisation = "personalisation" }
    /// Where an improvement stands.
    ImprovementStatus {
        Idea = "idea", Proposed = "proposed", Committed = "committed", InProgress = "in-progress", Done = "done", Dropped = "dropped"
    }
}

record! {
    /// The fields of every type.
    Common = "every type" {
        /// What the page is called.
        title: Option<Text>, required;
        /// One line for cards, search results and link previews.
        summary: Option<Text>;
        /// Who answers for this page: a department's id, or a name.
        owner: Option<Owner>;
        /// Where the page stands: draft, in review, current or retired.
        status: Option<PageStatus>;
        /// When somebody last checked it against reality.
        reviewed: Option<Date>;
        /// After how long it has to be checked again.
        review_every: Option<Duration>;
        /// Words to find it by.
        tags: List<Plain>;
        /// Who may see it; nobody named means everyone.
        audience: List<Plain>;
        /// Left out of the site unless asked for.
        draft: Option<bool>;
        /// Former ids or addresses that keep working.
        was: List<Plain>;
        /// What backs this page.
        evidence: List<Ref<to::Evidence>>;
        /// Rules that are silenced here, why, and until when.
        allow: List<Box<Silence>>;
    }
}

record! {
    /// A rule that is silenced in one file.
    Silence = "allow" {
        /// The rule's name.
        rule: Option<RuleName>, required;
        /// Why it does not apply here.
        because: Option<Text>;
        /// Until when.
        until: Option<Date>;
    }
}

record! {
    /// The full form of a claim.
    FullClaim = "a claim" {
        /// The claim itself.
        text: Option<Text>, required;
        /// Whether it is known, assumed or unknown.
        known: Option<Known>;
        /// What backs it.
        evidence: List<Ref<to::Evidence>>;
    }
}

record! {
    /// The organisation whose customers the handbook is about.
    Organisation = "organisation" {
        /// Why the organisation does what it does.
        why: Option<Text>;
        /// What it wants to be.
        ambition: Option<Text>;
        /// What it is good at.
        strengths: List<Claim>;
        /// What makes it unlike others.
        distinctive: List<Claim>;
        /// The word for the customer: guest, patient, klant.
        customer_term: Option<Box<CustomerTerm>>;
    }
}

record! {
    /// The word for the customer.
    CustomerTerm = "customer_term" {
        /// For one.
        singular: Option<Plain>, required;
        /// For many.
        plural: Option<Plain>, required;
    }
}

record! {
    /// A guiding principle.
    Principle = "principle" {
        /// The principle in one sentence.
        statement: Option<Text>, required;
        /// Why it is one.
        rationale: Option<Text>;
        /// What follows from it in daily work.
        implies: List<Claim>;
    }
}

record! {
    /// A target group.
    Segment = "segment" {
        /// How many they are: a number, or a share with `%`.
        size: Option<Size>;
        /// What they get from the organisation.
        gets: List<Claim>;
        /// What they give in return.
        gives: List<Claim>;
    }
}

record! {
    /// A fictive person who stands for a target group.
    Persona = "persona" {
        /// The target group that this person stands for.
        segment: Option<Ref<to::Segment>>;
        /// Primary, secondary or extreme.
        archetype: Option<Archetype>;
        /// What this person is: job, place in the family.
        role: Option<Text>;
        /// One sentence in the person's own words.
        quote: Option<Text>;
        /// A picture beside the file.
        portrait: Option<FilePath>;
        /// Short facts: age, home town, anything.
        facts: Map<Plain, Text>;
        /// What this person wants to reach.
        goals: List<Claim>;
        /// What this person needs.
        needs: List<Claim>;
        /// What this person has to get done; steps refer to these.
        core_tasks: List<Part<CoreTask>>;
        /// What gets in the way.
        frustrations: List<Claim>;
        /// What this person takes for granted.
        expectations: List<Claim>;
        /// The channels this person uses, with how gladly and for what.
        channels: List<Either<PersonaChannel>>;
        /// Traits on a scale of 0 to 100.
        traits: Map<Plain, Percent>;
    }
}

record! {
    /// Something that a persona has to get done.
    CoreTask = "core task" {
        /// Its id; made from the title if not given.
        id: Option<Id>;
        /// The task in a few words.
        title: Option<Text>, required;
    }
}

record! {
    /// A channel that a persona uses.
    PersonaChannel = "persona's channel" {
        /// The channel.
        channel: Option<Ref<to::Channel>>, required;
        /// How gladly: 1 to 5.
        preference: Option<Rank>;
        /// What for.
        r#use: Option<Text>;
    }
}

record! {
    /// What a customer goes through.
    Journey = "journey" {
        /// Whose journey it is.
        personas: List<Ref<to::Persona>>, required;
        /// As it is, as it is to be, the ideal, or a day in the life.
        state: Option<State>;
        /// The journey that shows the other state of this one.
        counterpart: Option<Ref<to::Journey>>;
        /// Through whose eyes the phases are cut.
        lens: Option<Lens>;
        /// The checklist that this journey is held against.
        framework: Option<Ref<to::Framework>>;
        /// The journey, or the step of one, that this one details.
        parent: Option<Ref<to::JourneyOrPart>>;
        /// Why it was mapped.
        purpose: Option<Text>;
        /// What is done with the result.
        follow_up: Option<Text>;
        /// The situation it plays in.
        scenario: Option<Text>;
        /// What sets the customer off.
        trigger: Option<Text>;
        /// What the customer ends with.
        outcome: Option<Text>;
        /// Who stands behind it.
        sponsor: Option<Text>;
        /// Who from outside asks the awkward questions.
        challenger: Option<Text>;
        /// Who mapped it.
        participants: List<Box<Participant>>;
        /// What was asked and nobody has answered yet.
        open_questions: List<Claim>;
        /// The principles it follows.
        principles: List<Ref<to::Principle>>;
        /// The channels it runs through.
        channels: List<Ref<to::Channel>>;
        /// Its phases, with their steps.
        phases: List<Part<Phase>>, required;
    }
}

record! {
    /// Somebody who mapped a journey.
    Participant = "participant" {
        /// The name.
        name: Option<Text>, required;
        /// The department.
        department: Option<Ref<to::Department>>;
        /// Whether this person meets customers.
        customer_contact: Option<bool>;
    }
}

record! {
    /// A phase of a journey.
    Phase = "phase" {
        /// Its id; made from the title if not given.
        id: Option<Id>;
        /// What it is called.
        title: Option<Text>;
        /// Before, during or after the visit.
        moment: Option<Moment>;
        /// What the customer wants here.
        goal: Option<Text>;
        /// How much it matters to the customer, 0 to 100.
        relevance: Option<Percent>;
        /// How much we are there, 0 to 100.
        presence: Option<Percent>;
        /// How much we can do about it, 0 to 100.
        influence: Option<Percent>;
        /// Where the customer looks for help.
        sources: List<Claim>;
        /// Who else is on the shortlist.
        alternatives: List<Claim>;
        /// What holds the customer back.
        barriers: List<Claim>;
        /// The conclusion in one line.
        opportunity: Option<Text>;
        /// What we do, channel by channel.
        actions: Map<Ref<to::Channel>, Text>;
        /// What takes the customer to the next phase.
        next_when: Option<Text>;
        /// Its steps.
        steps: List<Part<Step>>;
    }
}

record! {
    /// A step of a journey.
    Step = "step" {
        /// Its id; made from the title if not given.
        id: Option<Id>;
        /// What it is called.
        title: Option<Text>;
        /// What the customer does.
        does: Option<Text>;
        /// What the customer thinks, in their words.
        thinks: Option<Text>;
        /// How the customer feels, in a few words.
        feels: Option<Text>;
        /// How it feels from -2 to 2; one number, or one for each persona.
        emotion: Option<Emotion>;
        /// What the customer expects.
        expects: Option<Text>;
        /// What the customer wants to know, and where it is answered.
        questions: List<Either<Question>>;
        /// What hurts.
        pains: List<Claim>;
        /// What pleases.
        gains: List<Claim>;
        /// Where we meet; an empty list says that the customer is alone.
        touchpoints: List<Ref<to::Touchpoint>>;
        /// The department that leads.
        lead: Option<Ref<to::Department>>;
        /// What other departments do here.
        roles: Map<Ref<to::Department>, Either<Role>>;
        /// The framework's steps that this one covers.
        covers: List<Ref<to::FrameworkStep>>;
        /// The persona's core tasks that it serves.
        core_tasks: List<Ref<to::Task>>;
        /// What the customer sees us do.
        frontstage: Option<Text>;
        /// What we do out of sight.
        backstage: Option<Text>;
        /// Systems and suppliers behind it.
        support: Option<Text>;
        /// How long it takes.
        duration: Option<Duration>;
        /// Whether it makes or breaks the journey.
        moment_of_truth: Option<bool>;
        /// Whether this step is known, assumed or unknown.
        known: Option<Known>;
        /// What backs it.
        evidence: List<Ref<to::Evidence>>;
        /// How it could be made personal.
        personalise: Option<Text>;
        /// Where it goes from here, if not simply on.
        next: List<Either<Next>>;
        /// A journey that details this step.
        journey: Option<Ref<to::Journey>>;
    }
}

record! {
    /// A question of the customer's.
    Question = "question" {
        /// The question.
        asks: Option<Text>, required;
        /// The touchpoint that answers it.
        answered_by: Option<Ref<to::Touchpoint>>;
    }
}

record! {
    /// What a department does in a step that it does not lead.
    Role = "role" {
        /// Whether it supports or is informed.
        part: Option<RolePart>;
        /// What it does.
        does: Option<Text>;
    }
}

record! {
    /// A way on from a step.
    Next = "next" {
        /// The step it leads to.
        to: Option<Ref<to::OwnStep>>, required;
        /// In which case.
        when: Option<Text>;
    }
}

record! {
    /// A place where customer and organisation meet.
    Touchpoint = "touchpoint" {
        /// The channel it belongs to.
        channel: Option<Ref<to::Channel>>, required;
        /// The department that runs it.
        department: Option<Ref<to::Department>>;
        /// Planned, live or retired.
        status: Option<TouchpointStatus>;
        /// Whether it is a distinctive strength: it should be a peak.
        star: Option<bool>;
        /// The service concept: what staff are expected to do here.
        behaviours: List<Box<Behaviour>>;
        /// The score that mystery visits should reach, 0 to 100.
        target: Option<Percent>;
        /// How often it is to be visited.
        visit_every: Option<Duration>;
        /// How much it matters, 1 to 5.
        importance: Option<Rank>;
        /// The principles it follows.
        principles: List<Ref<to::Principle>>;
        /// How it could be made personal.
        personalise: Option<Text>;
        /// Why it is done this way.
        rationale: Option<Text>;
    }
}

record! {
    /// A behaviour that is expected at a touchpoint.
    Behaviour = "behaviour" {
        /// Its id; visits refer to it.
        id: Option<Id>;
        /// Who is to show it.
        role: Option<Text>;
        /// What is expected.
        text: Option<Text>, required;
    }
}

record! {
    /// A way in which customer and organisation meet.
    Channel = "channel" {
        /// What it is made of.
        medium: Option<Medium>;
    }
}

record! {
    /// A part of the organisation.
    Department = "department" {
        /// Whether its people meet customers.
        customer_contact: Option<bool>;
        /// Who leads it.
        lead: Option<Text>;
        /// The roles in it.
        roles: List<Plain>;
    }
}

record! {
    /// A checklist of phases and steps.
    Framework = "framework" {
        /// The lens it belongs to.
        lens: Option<Lens>;
        /// Its phases, with their steps.
        phases: List<Part<FrameworkPhase>>;
    }
}

record! {
    /// A phase of a framework.
    FrameworkPhase = "framework's phase" {
        /// Its id; made from the title if not given.
        id: Option<Id>;
        /// What it is called.
        title: Option<Text>;
        /// Its steps.
        steps: List<Part<FrameworkStep>>;
    }
}

record! {
    /// A step of a framework.
    FrameworkStep = "framework's step" {
        /// Its id; made from the title if not given.
        id: Option<Id>;
        /// What it is called.
        title: Option<Text>;
        /// What to ask yourself here.
        prompt: Option<Text>;
    }
}

record! {
    /// Research behind claims.
    Evidence = "evidence" {
        /// How it was found.
        method: Option<Method>, required;
        /// When.
        date: Option<Date>, required;
        /// How many took part.
        sample: Option<Count>;
        /// How sure it is.
        confidence: Option<Confidence>;
        /// Where it is to be read: an address or a file.
        source: Option<WebOrFile>;
        /// How long it holds.
        valid_for: Option<Duration>;
        /// What people said.
        quotes: List<Claim>;
        /// What was found.
        findings: List<Claim>;
    }
}

record! {
    /// One mystery visit or call.
    Visit = "visit" {
        /// When.
        date: Option<Date>, required;
        /// Visit, call, chat or online.
        method: Option<VisitMethod>;
        /// Where.
        location: Option<Text>;
        /// The journey that was followed.
        journey: Option<Ref<to::Journey>>;
        /// Scores from 0 to 100, touchpoint by touchpoint.
        scores: Map<Ref<to::Touchpoint>, Percent>;
        /// Which behaviours were met, touchpoint by touchpoint.
        behaviours: Map<Ref<to::Touchpoint>, Map<Plain, Observed>>;
    }
}

record! {
    /// A figure that is followed over time.
    Metric = "metric" {
        /// What it is counted in.
        unit: Option<Text>, required;
        /// Which way is better.
        direction: Option<Direction>;
        /// What it should reach.
        target: Option<Number>;
        /// The journeys, phases, steps or touchpoints it speaks of.
        applies_to: List<Ref<to::Place>>;
        /// Its values over time.
        series: List<Box<Point>>;
        /// A CSV file with `date,value,n` instead.
        data: Option<FilePath>;
    }
}

record! {
    /// A value of a metric on one day.
    Point = "a value of a series" {
        /// When.
        date: Option<Date>, required;
        /// How much.
        value: Option<Number>, required;
        /// From how many answers.
        n: Option<Count>;
    }
}

record! {
    /// An item of the backlog.
    Improvement = "improvement" {
        /// The journeys, phases, steps or touchpoints it makes better.
        solves: List<Ref<to::Place>>, required;
        /// What is wrong today.
        problem: Option<Text>, required;
        /// As many ways to solve it as were thought of.
        solutions: List<Claim>;
        /// Quick win, long term or personalisation.
        horizon: Option<Horizon>;
        /// Where it stands.
        status: Option<ImprovementStatus>;
        /// What it does for customers, 1 to 5.
        impact: Option<Rank>;
        /// What it costs us, 1 to 5.
        effort: Option<Rank>;
        /// How many customers a year it reaches.
        reach: Option<Count>;
        /// How sure we are, 0 to 100 %.
        confidence: Option<Percent>;
        /// The roadmap's phase it belongs to.
        phase: Option<Ref<to::RoadmapPhase>>;
        /// The departments that take part.
        departments: List<Ref<to::Department>>;
        /// The channels it touches.
        channels: List<Ref<to::Channel>>;
        /// The principles it follows.
        principles: List<Ref<to::Principle>>;
        /// What it may cost.
        budget: Option<Money>;
        /// What it has cost.
        spent: Option<Money>;
        /// What it brings in a year.
        benefit: Option<Money>;
        /// When it began.
        started: Option<Date>;
        /// When it has to be done.
        due: Option<Date>;
        /// When it was done.
        finished: Option<Date>;
        /// What has to be done first.
        depends_on: List<Ref<to::Improvement>>;
        /// The figure it is to move.
        metric: Option<Ref<to::Metric>>;
        /// The figure before.
        baseline: Option<Text>;
        /// The figure it is to reach.
        goal: Option<Text>;
        /// What it did.
        result: Option<Text>;
        /// The ticket's address.
        tracker: Option<Web>;
    }
}

record! {
    /// The plan in phases.
    Roadmap = "roadmap" {
        /// Its phases.
        phases: List<Part<RoadmapPhase>>;
    }
}

record! {
    /// A phase of a roadmap.
    RoadmapPhase = "roadmap's phase" {
        /// Its id; made from the title if not given.
        id: Option<Id>;
        /// What it is called.
        title: Option<Text>;
        /// When it begins.
        from: Option<Date>;
        /// When it ends.
        to: Option<Date>;
        /// What it may cost.
        budget: Option<Money>;
        /// Who answers for it.
        owner: Option<Owner>;
        /// What it is to reach.
        goal: Option<Text>;
    }
}

record! {
    /// A page without fields of its own.
    Page = "page" {}
}

/// A department, or just a name.
#[derive(Debug, Clone, Default)]
pub struct Owner {
    /// As it is written.
    pub written: Box<str>,
    /// The department, if it is one.
    pub department: Ref<to::Owner>,
}

impl Owner {
    /// An owner that was read already, for one more entity.
    pub fn again(link: &RawLink, cx: &mut Decoder<'_>) -> Owner {
        let department = cx.within(link.relation, None, |cx| Ref::written(&link.written, link.span, cx));
        Owner { written: link.written.clone(), department }
    }
}

impl FieldValue for Owner {
    const KIND: Kind = Kind::Owner;

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let written = cx.plain(node, &Self::KIND)?.trim();
        Some(Owner { written: written.into(), department: Ref::written(written, node.inner_span(), cx) })
    }

    fn reflect(&self) -> Reflect<'_> {
        Reflect::Ref(self.department.link)
    }
}

/// How a step feels: for all personas alike, or for each.
#[derive(Debug, Clone)]
pub enum Emotion {
    /// One number for everybody.
    All(Feeling),
    /// One for each persona.
    Each(Map<Ref<to::Persona>, Feeling>),
}

impl Default for Emotion {
    fn default() -> Self {
        Emotion::Each(Map::default())
    }
}

impl FieldValue for Emotion {
    const KIND: Kind = Kind::Either(&Feeling::KIND, &Map::<Ref<to::Persona>, Feeling>::KIND);

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.shape {
            Shape::Map(_) => Map::decode(node, cx).map(Emotion::Each),
            Shape::List(_) => {
                cx.wrong_kind(node, &Self::KIND);
                None
            }
            _ => Feeling::decode(node, cx).map(Emotion::All),
        }
    }

    fn reflect(&self) -> Reflect<'_> {
        match self {
            Emotion::All(all) => all.reflect(),
            Emotion::Each(each) => each.reflect(),
        }
    }
}

macro_rules! short {
    ($( $record:ident: $field:ident as $kind:ty; )+) => { $(
        impl Short for $record {
            const SHORT: Kind = <$kind as FieldValue>::KIND;

            fn short(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
                let value = <$kind as FieldValue>::decode(node, cx)?;
                Some($record { at: node.inner_span(), $field: Some(value), ..$record::default() })
            }

            fn is_short(&self) -> Option<Reflect<'_>> {
                let only = (self as &dyn Record).present().count() <= 1;
                self.$field.as_ref().filter(|_| only).map(FieldValue::reflect)
            }
        }
    )+ };
}

short! {
    PersonaChannel: channel as Ref<to::Channel>;
    Question: asks as Text;
    Role: does as Text;
    Next: to as Ref<to::OwnStep>;
}

/// A record that is a part of an entity, with an id that others may refer to.
trait PartRecord: RecordExt {
    const PART: PartKind;
    fn id(&self) -> Option<&Id>;
    fn title(&self) -> Option<&Text>;
    /// The short form: a bare text, where that is allowed.
    fn from_text(node: &Node, cx: &mut Decoder<'_>) -> Option<Self>;
    const SHORT: Option<Kind>;
}

macro_rules! parts {
    ($( $record:ident: $kind:ident $($short:ident)?; )+) => { $(
        impl PartRecord for $record {
            const PART: PartKind = PartKind::$kind;
            const SHORT: Option<Kind> = parts!(@kind $($short)?);

            fn id(&self) -> Option<&Id> {
                self.id.as_ref()
            }

            fn title(&self) -> Option<&Text> {
                self.title.as_ref()
            }

            fn from_text(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
                let title = Text::decode(node, cx)?;
                Some($record { at: title.span, title: Some(title), ..$record::default() })
            }
        }

        impl FieldValue for Part<$record> {
            const KIND: Kind = parts!(@full $record $($short)?);

            fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
                decode_part(node, cx)
            }

            fn reflect(&self) -> Reflect<'_> {
                Reflect::Record(&self.value)
            }
        }
    )+ };
    (@kind text) => { Some(Kind::Text) };
    (@kind) => { None };
    (@full $record:ident text) => { Kind::Either(&Kind::Text, &Kind::Record(&$record::RECORD)) };
    (@full $record:ident) => { Kind::Record(&$record::RECORD) };
}

parts! {
    CoreTask: Task text;
    Phase: Phase;
    Step: Step;
    FrameworkPhase: FrameworkPhase;
    FrameworkStep: FrameworkStep;
    RoadmapPhase: RoadmapPhase;
}

/// Reads a part: it gets its number before its fields are read, so that references in it know where they stand.
fn decode_part<T: PartRecord>(node: &Node, cx: &mut Decoder<'_>) -> Option<Part<T>> {
    let index = cx.parts.len() as u32;
    let parent = cx.part;
    cx.parts.push(PartDecl {
        id: Box::default(),
        title: Box::default(),
        span: node.span,
        id_span: None,
        guessed: false,
        kind: T::PART,
        parent,
    });
    let field = cx.field();
    let value = cx.within(field, Some(index), |cx| match &node.shape {
        Shape::Scalar(..) if T::SHORT.is_some() => T::from_text(node, cx),
        Shape::Map(_) if T::SHORT.is_some() && cx.is_cut_by_colon(node, &T::RECORD) => None,
        _ => T::decode_record(node, cx),
    });
    cx.names_lost |= value.is_none();
    cx.items_lost |= value.is_none();
    let value = value.unwrap_or_default();
    name_part(&value, index, node, cx);
    Some(Part { index, value })
}

fn needs_title<T: PartRecord>() -> bool {
    T::RECORD.fields.iter().any(|field| field.name == "title" && field.need == super::Need::Required)
}

fn name_part<T: PartRecord>(value: &T, index: u32, node: &Node, cx: &mut Decoder<'_>) {
    let title = value.title().map(|title| title.plain().to_owned()).filter(|title| !title.is_empty());
    // What an id was to be that is none is clear enough for references to it.
    let is_free = |id: &String| !id.is_empty() && cx.parts.iter().all(|part| *part.id != **id);
    let meant = || node.get("id").and_then(Node::scalar).map(slug).filter(is_free);
    let meant = if value.id().is_none() { meant() } else { None };
    let guessed = meant.is_some();
    let id = value.id().map(|id| id.text.to_string()).or(meant).or_else(|| title.as_deref().map(slug)).unwrap_or_default();
    let span = value.title().map(|title| title.span).or(value.id().map(|id| id.span));
    if id.is_empty() && node.entries().is_some() {
        let name = T::PART.name();
        let (rule, span, message) = match value.title() {
            Some(title) if title.plain().is_empty() => (crate::base::Rule::MissingField, title.span, format!("this {name} has no `title`")),
            Some(title) => (crate::base::Rule::InvalidId, title.span, format!("this {name}'s title makes no id")),
            // Where a title has to be there, that it is not was told already.
            None if needs_title::<T>() => return,
            None if ["id", "title"].iter().all(|field| node.get(field).is_none_or(Node::is_null)) => {
                (crate::base::Rule::MissingField, value.at(), format!("this {name} has no `title`"))
            }
            None => return,
        };
        let key = cx.misspelt_title(index).filter(|_| rule == crate::base::Rule::MissingField);
        let found = cx.report(rule, span, message);
        found.labels.extend(key);
        found.help = Some("Give it a `title`, or an `id` of words of a–z and 0–9 joined by `-`.".into());
    }
    let part = &mut cx.parts[index as usize];
    part.id_span = value.id().map(|id| id.span);
    part.guessed = guessed;
    part.title = title.unwrap_or_else(|| id.clone()).into();
    part.id = id.into();
    part.span = span.unwrap_or_else(|| value.at());
}

/// The typed fields of an entity.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Data {
    Organisation(Box<Organisation>),
    Principle(Box<Principle>),
    Segment(Box<Segment>),
    Persona(Box<Persona>),
    Journey(Box<Journey>),
    Framework(Box<Framework>),
    Touchpoint(Box<Touchpoint>),
    Channel(Box<Channel>),
    Department(Box<Department>),
    Evidence(Box<Evidence>),
    Visit(Box<Visit>),
    Metric(Box<Metric>),
    Improvement(Box<Improvement>),
    Roadmap(Box<Roadmap>),
    Page(Page),
}

macro_rules! per_type {
    ($( $kind:ident ),+) => {
        /// The declaration of a type's own fields.
        pub fn record_of(kind: Type) -> &'static RecordKind {
            match kind {
                $( Type::$kind => declared::<$kind>(), )+
                Type::Page | Type::Section => declared::<Page>(),
            }
        }

        /// Takes a type's own fields out of a mapping.
        pub fn take_data(kind: Type, entries: &mut Entries<'_>, cx: &mut Decoder<'_>) -> Data {
            match kind {
                $( Type::$kind => Data::$kind(Box::new($kind::take(entries, cx))), )+
                Type::Page | Type::Section => Data::Page(Page::take(entries, cx)),
            }
        }

        impl Data {
            /// The data of an entity of which nothing could be read.
            pub fn empty(kind: Type) -> Data {
                match kind {
                    $( Type::$kind => Data::$kind(Box::default()), )+
                    Type::Page | Type::Section => Data::Page(Page::default()),
                }
            }

            /// The fields, for whatever treats all types alike.
            pub fn record(&self) -> &dyn Record {
                match self {
                    $( Data::$kind(data) => &**data, )+
                    Data::Page(data) => data,
                }
            }
        }
    };
}

per_type!(
    Organisation,
    Principle,
    Segment,
    Persona,
    Journey,
    Framework,
    Touchpoint,
    Channel,
    Department,
    Evidence,
    Visit,
    Metric,
    Improvement,
    Roadmap
);

impl Data {
    /// The journey, if it is one.
    pub fn journey(&self) -> Option<&Journey> {
        if let Data::Journey(data) = self { Some(data) } else { None }
    }

    /// The persona, if it is one.
    pub fn persona(&self) -> Option<&Persona> {
        if let Data::Persona(data) = self { Some(data) } else { None }
    }

    /// The touchpoint, if it is one.
    pub fn touchpoint(&self) -> Option<&Touchpoint> {
        if let Data::Touchpoint(data) = self { Some(data) } else { None }
    }

    /// The improvement, if it is one.
    pub fn improvement(&self) -> Option<&Improvement> {
        if let Data::Improvement(data) = self { Some(data) } else { None }
    }

    /// The roadmap, if it is one.
    pub fn roadmap(&self) -> Option<&Roadmap> {
        if let Data::Roadmap(data) = self { Some(data) } else { None }
    }

    /// The framework, if it is one.
    pub fn framework(&self) -> Option<&Framework> {
        if let Data::Framework(data) = self { Some(data) } else { None }
    }

    /// The department, if it is one.
    pub fn department(&self) -> Option<&Department> {
        if let Data::Department(data) = self { Some(data) } else { None }
    }

    /// The visit, if it is one.
    pub fn visit(&self) -> Option<&Visit> {
        if let Data::Visit(data) = self { Some(data) } else { None }
    }

    /// The evidence, if it is some.
    pub fn evidence(&self) -> Option<&Evidence> {
        if let Data::Evidence(data) = self { Some(data) } else { None }
    }

    /// The metric, if it is one.
    pub fn metric(&self) -> Option<&Metric> {
        if let Data::Metric(data) = self { Some(data) } else { None }
    }
}

/// Every declared mapping: the types, and what their fields hold.
pub fn all_records() -> impl Iterator<Item = &'static RecordKind> {
    let mut found: Vec<&'static RecordKind> = vec![declared::<Common>()];
    found.extend(Type::ALL.iter().filter(|kind| kind.is_public()).map(|kind| record_of(*kind)));
    let mut at = 0;
    while at < found.len() {
        for field in found[at].fields {
            if let Some(inner) = field.kind.record().filter(|inner| !found.iter().any(|known| known.name == inner.name)) {
                found.push(inner);
            }
        }
        at += 1;
    }
    found.into_iter()
}

/// The fields that every type has.
pub fn common_record() -> &'static RecordKind {
    declared::<Common>()
}

impl Journey {
    /// All steps in order, each with its phase.
    pub fn steps(&self) -> impl Iterator<Item = (&Part<Phase>, &Part<Step>)> {
        self.phases.iter().flat_map(|phase| phase.steps.iter().map(move |step| (phase, step)))
    }

    /// The state, as-is if not said.
    pub fn state(&self) -> State {
        self.state.unwrap_or(State::AsIs)
    }
}

impl Touchpoint {
    /// The status, live if not said.
    pub fn status(&self) -> TouchpointStatus {
        self.status.unwrap_or_default()
    }
}

impl Improvement {
    /// The status, an idea if not said.
    pub fn status(&self) -> ImprovementStatus {
        self.status.unwrap_or_default()
    }

    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        !matches!(self.status(), ImprovementStatus::Done | ImprovementStatus::Dropped)
    }
}

impl Behaviour {
    /// Its id: given, or made from its text.
    pub fn key(&self) -> String {
        match &self.id {
            Some(id) => id.text.to_string(),
            None => self.text.as_ref().map(|text| slug(text.plain())).unwrap_or_default(),
        }
    }
}
