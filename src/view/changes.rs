//! What changed since an earlier revision, for who reviews it.
use serde::Serialize;

use super::{Cx, LinkView, Shell};
use crate::base::slug;
use crate::handbook::Ix;
use crate::insight;
use crate::markup::escape;
use crate::model::Type;
use crate::review::{
    BacklogChange, Comparison, CurveChange, CurveStep, EntityChange, Fate, Finding, Measure, PartChange, Piece, ProseChange, Reviewer, Row,
    Say, Tone, Value, What,
};

/// The page of what changed.
#[derive(Debug, Serialize)]
pub struct ChangesPage {
    /// The frame.
    pub shell: Shell,
    /// What the older side is called.
    pub base: String,
    /// Its day; empty where it has none.
    pub base_date: String,
    /// What the newer side is called.
    pub head: String,
    /// What is to be seen first, in a sentence.
    pub lede: String,
    /// A name for the two sides together, by which a browser keeps what was seen.
    pub key: String,
    /// How many came, changed and went.
    pub badges: Vec<Badge>,
    /// How many are the same, in words.
    pub same: String,
    /// Journeys with both curves over one another.
    pub curves: Vec<OverView>,
    /// What changed, by type.
    pub groups: Vec<GroupView>,
    /// How many more changes there are, in words.
    pub more: String,
    /// The types and the owners that the changes can be narrowed down to.
    pub types: Vec<Choice>,
    /// The owners.
    pub owners: Vec<Choice>,
    /// Findings that the change brings.
    pub introduced: Vec<FindingView>,
    /// How many more, in words.
    pub introduced_more: String,
    /// Findings that it cures.
    pub cured: Vec<FindingView>,
    /// How many more, in words.
    pub cured_more: String,
    /// Numbers of the whole handbook that changed.
    pub measures: Vec<RowView>,
    /// How many pages change though their file did not, in words; empty where none does.
    pub ripples_title: String,
    /// Those pages.
    pub ripples: Vec<RippleView>,
    /// How many more, in words.
    pub ripples_more: String,
    /// Who should look.
    pub reviewers: Vec<ReviewerView>,
    /// What changed in `book.toml`.
    pub settings: Vec<RowView>,
    /// What changed in backlogs' files besides their items.
    pub backlogs: Vec<BacklogView>,
    /// Copied files.
    pub files: Vec<FileLine>,
    /// Files that are only written otherwise, in words; empty where there are none.
    pub reformatted: String,
    /// Those files.
    pub reformatted_files: Vec<String>,
}

/// What became of something, as a mark with its word.
#[derive(Debug, Clone, Serialize)]
pub struct Badge {
    /// `add`, `chg` or `del`.
    pub kind: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// The word, or how many.
    pub text: String,
}

/// A value to narrow down to.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// What it is called.
    pub title: String,
    /// The value.
    pub value: String,
}

/// The changes of one type.
#[derive(Debug, Serialize)]
pub struct GroupView {
    /// The type.
    pub kind: &'static str,
    /// Its heading.
    pub title: String,
    /// The changes.
    pub items: Vec<EntView>,
}

/// An entity that changed.
#[derive(Debug, Serialize)]
pub struct EntView {
    /// Its anchor.
    pub id: String,
    /// What becomes of it.
    pub badge: Badge,
    /// Its page; without address where it is gone.
    pub link: LinkView,
    /// The type's name.
    pub kind: &'static str,
    /// The word for the type.
    pub kind_word: String,
    /// Who answers for it, as a value to narrow down to.
    pub owner: String,
    /// The file it stands in.
    pub path: String,
    /// A name that is another when the change is another.
    pub seen: String,
    /// Its id, type, place.
    pub notes: Vec<String>,
    /// Its fields.
    pub rows: Vec<RowView>,
    /// How many more, in words.
    pub more: String,
    /// Its phases, steps or tasks.
    pub parts: Vec<PartView>,
    /// Its text.
    pub prose: Vec<ProseView>,
}

/// A part that changed.
#[derive(Debug, Serialize)]
pub struct PartView {
    /// What becomes of it.
    pub badge: Badge,
    /// The part; without address where it is gone.
    pub link: LinkView,
    /// The word for its sort.
    pub kind_word: String,
    /// The phase it stands in.
    pub within: String,
    /// Its id and place.
    pub notes: Vec<String>,
    /// Its fields.
    pub rows: Vec<RowView>,
}

/// A field before and after.
#[derive(Debug, Serialize)]
pub struct RowView {
    /// What it is called.
    pub label: String,
    /// Before; empty where there was nothing.
    pub before_html: String,
    /// After; empty where there is nothing.
    pub after_html: String,
    /// `high`, `low` or empty.
    pub tone: &'static str,
    /// `better`, `worse` or nothing, in words.
    pub word: String,
}

/// A section of text that changed.
#[derive(Debug, Serialize)]
pub struct ProseView {
    /// What becomes of it.
    pub badge: Badge,
    /// Its heading.
    pub heading: String,
    /// What else there is to say of it.
    pub notes: Vec<String>,
    /// Its words, with those that came and went marked.
    pub html: String,
}

/// A finding of either side.
#[derive(Debug, Serialize)]
pub struct FindingView {
    /// `error`, `warning` or `advice`.
    pub severity: &'static str,
    /// The rule's name.
    pub rule: &'static str,
    /// What is said.
    pub html: String,
    /// Where: file and line.
    pub place: String,
}

/// A page that shows something else though its file is the same.
#[derive(Debug, Serialize)]
pub struct RippleView {
    /// The page.
    pub link: LinkView,
    /// What it shows otherwise.
    pub because: String,
}

/// Somebody who should look.
#[derive(Debug, Serialize)]
pub struct ReviewerView {
    /// Who.
    pub link: LinkView,
    /// Why, in words.
    pub why: String,
}

/// A backlog's file.
#[derive(Debug, Serialize)]
pub struct BacklogView {
    /// Where it lies.
    pub path: String,
    /// Its fields.
    pub rows: Vec<RowView>,
    /// Its text.
    pub prose: Vec<ProseView>,
}

/// A copied file.
#[derive(Debug, Serialize)]
pub struct FileLine {
    /// What becomes of it.
    pub badge: Badge,
    /// Where it lies.
    pub path: String,
}

/// A journey's curves before and after over one another.
#[derive(Debug, Serialize)]
pub struct OverView {
    /// The journey.
    pub link: LinkView,
    /// A number for its anchor.
    pub number: usize,
    /// What is to be seen, in a sentence.
    pub label: String,
    /// How many steps there are on either side.
    pub count: usize,
    /// Where a phase ends, in per cent.
    pub borders: Vec<String>,
    /// The curve before, as SVG path data.
    pub before: String,
    /// The curve after.
    pub after: String,
    /// The steps.
    pub steps: Vec<OverStep>,
}

/// A step of either side.
#[derive(Debug, Serialize)]
pub struct OverStep {
    /// Its number among these, from 1.
    pub number: usize,
    /// Its page and anchor; without address where it is gone.
    pub link: LinkView,
    /// `add`, `chg`, `del` or empty.
    pub fate: &'static str,
    /// The word for that.
    pub word: String,
    /// Where it stands, in per cent.
    pub x: String,
    /// How it felt, in per cent of the height; empty where it has no value.
    pub before: String,
    /// How it feels.
    pub after: String,
    /// What to write at a changed point.
    pub text: String,
    /// `high` or `low`: on which side that is written.
    pub side: &'static str,
}

/// A quiet mark on the page of what changed.
#[derive(Debug, Serialize)]
pub struct ChangeMark {
    /// What changed, in words.
    pub text: String,
    /// Where all of it is told.
    pub url: String,
}

/// What is shown at most: of curves, entities, rows of one, and lists.
const CURVES: usize = 12;
const ENTITIES: usize = 400;
const ROWS: usize = 60;
const LISTED: usize = 40;
/// Fields that the mark on a page names.
const NAMED: usize = 4;
/// The margin above and below a curve, in per cent.
const PAD: f64 = 14.0;

/// The page of what changed.
pub fn changes_page(cx: &Cx<'_>, comparison: &Comparison) -> ChangesPage {
    let title = cx.words.get("ui.changes.title");
    let page = Changes { cx, say: Say::new(cx.words, &cx.handbook.settings.currency), comparison };
    let (entities, effects) = (&comparison.entities, &comparison.effects);
    let shown = &entities[..entities.len().min(ENTITIES)];
    ChangesPage {
        shell: Shell::new(cx, &title, &page.lede(), "p-changes")
            .crumb(&title, String::new())
            .style(cx, "changes.css")
            .script(cx, "changes.js"),
        base: page.say.revision(&comparison.base),
        base_date: crate::base::Date::parse(&comparison.base.date).map(|date| cx.words.date(date)).unwrap_or_default(),
        head: page.say.revision(&comparison.head),
        lede: page.lede(),
        key: format!("{}..{}", comparison.base.commit, comparison.head.commit),
        badges: page.badges(),
        same: page.say.count("n_same", comparison.same),
        curves: page.curves(),
        groups: page.groups(shown),
        more: page.more(entities.len(), ENTITIES),
        types: page.types(),
        owners: page.owners(),
        introduced: page.findings(&comparison.introduced),
        introduced_more: page.more(comparison.introduced.len(), LISTED),
        cured: page.findings(&comparison.cured),
        cured_more: page.more(comparison.cured.len(), LISTED),
        measures: effects.measures.iter().map(|measure| page.measure(measure)).collect(),
        ripples_title: if effects.pages.is_empty() { String::new() } else { page.say.count("ripples", effects.pages.len()) },
        ripples: effects.pages.iter().take(LISTED).map(|page| ripple(cx, page)).collect(),
        ripples_more: page.more(effects.pages.len(), LISTED),
        reviewers: comparison.reviewers.iter().take(LISTED).map(|reviewer| page.reviewer(reviewer)).collect(),
        settings: page.rows(&comparison.settings),
        backlogs: comparison.backlogs.iter().map(|backlog| page.backlog(backlog)).collect(),
        files: comparison
            .files
            .iter()
            .take(LISTED)
            .map(|file| FileLine { badge: page.badge(file.fate), path: file.path.to_string() })
            .collect(),
        reformatted: page.reformatted(),
        reformatted_files: comparison.reformatted.iter().take(LISTED).map(ToString::to_string).collect(),
    }
}

/// The mark on the page of an entity that changed.
pub(super) fn change_mark(cx: &Cx<'_>, ix: Ix) -> Option<ChangeMark> {
    let comparison = cx.changes?;
    let change = comparison.of(ix)?;
    let say = Say::new(cx.words, &cx.handbook.settings.currency);
    let url = format!("{}#{}", cx.url_to("changes.html"), anchor(change));
    let base = say.revision(&comparison.base);
    if change.fate == Fate::Added {
        return Some(ChangeMark { text: say.with("new_since", "base", &base), url });
    }
    let mut what: Vec<String> = Vec::new();
    let fields = change.rows.iter().map(|row| say.label(row));
    let parts = change.parts.iter().filter_map(|part| part.after.as_ref().or(part.before.as_ref())).map(|part| part.title.clone());
    let prose = change.prose.iter().map(|prose| if prose.heading.is_empty() { say.word("text") } else { prose.heading.clone() });
    for name in say.notes(change).into_iter().chain(fields).chain(parts).chain(prose) {
        if !what.contains(&name) {
            what.push(name);
        }
    }
    let more = what.len().saturating_sub(NAMED);
    what.truncate(NAMED);
    what.extend((more > 0).then(|| say.count("more", more)));
    let text = cx.words.fmt("ui.changes.changed_since", &[("base", &base), ("what", &what.join(", "))]);
    Some(ChangeMark { text, url })
}

fn anchor(change: &EntityChange) -> String {
    change.thing().map(|thing| format!("_c-{}-{}", thing.kind.name(), thing.id)).unwrap_or_default()
}

fn ripple(cx: &Cx<'_>, ripple: &crate::review::Ripple) -> RippleView {
    let named = ripple.because.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    RippleView { link: cx.link(ripple.ix), because: if ripple.because.len() > NAMED { format!("{named}, …") } else { named } }
}

struct Changes<'c> {
    cx: &'c Cx<'c>,
    say: Say<'c>,
    comparison: &'c Comparison,
}

impl Changes<'_> {
    fn more(&self, all: usize, shown: usize) -> String {
        if all > shown { self.say.count("more", all - shown) } else { String::new() }
    }

    /// How much got better and how much worse.
    fn lede(&self) -> String {
        let comparison = self.comparison;
        if comparison.is_empty() {
            return self.say.word("none");
        }
        let fields =
            comparison.entities.iter().flat_map(|change| change.rows.iter().chain(change.parts.iter().flat_map(|part| &part.rows)));
        let tones: Vec<Tone> = fields.map(|row| row.tone).collect();
        let of = |tone: Tone| tones.iter().filter(|other| **other == tone).count();
        let told = [("n_worse", of(Tone::Worse)), ("n_better", of(Tone::Better)), ("n_found", comparison.introduced.len())];
        let told: Vec<String> = told.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| self.say.count(key, n)).collect();
        if told.is_empty() { format!("{}.", self.say.tally(comparison)) } else { format!("{}.", told.join("; ")) }
    }

    fn badge(&self, fate: Fate) -> Badge {
        let (kind, icon) = match fate {
            Fate::Added => ("add", "plus"),
            Fate::Same => ("chg", "tilde"),
            Fate::Removed => ("del", "minus"),
        };
        Badge { kind, icon, text: self.say.fate(fate) }
    }

    fn badges(&self) -> Vec<Badge> {
        let keys = ["n_added", "n_changed", "n_removed"];
        let told =
            self.comparison.counts().into_iter().zip([Fate::Added, Fate::Same, Fate::Removed]).zip(keys).filter(|((n, _), _)| *n > 0);
        told.map(|((n, fate), key)| Badge { text: self.say.count(key, n), ..self.badge(fate) }).collect()
    }

    fn reformatted(&self) -> String {
        let n = self.comparison.reformatted.len();
        if n == 0 { String::new() } else { self.say.count("reformatted", n) }
    }

    fn types(&self) -> Vec<Choice> {
        let mut kinds: Vec<Type> = self.comparison.entities.iter().filter_map(|change| Some(change.thing()?.kind)).collect();
        kinds.dedup();
        kinds.into_iter().map(|kind| Choice { title: self.say.heading(kind), value: kind.name().to_owned() }).collect()
    }

    fn owners(&self) -> Vec<Choice> {
        let owners =
            self.comparison.entities.iter().filter_map(EntityChange::thing).map(|thing| &thing.owner).filter(|owner| !owner.is_empty());
        let mut owners: Vec<Choice> = owners.map(|owner| Choice { title: owner.clone(), value: slug(owner) }).collect();
        owners.sort();
        owners.dedup();
        owners
    }

    fn groups(&self, changes: &[EntityChange]) -> Vec<GroupView> {
        let mut groups: Vec<GroupView> = Vec::new();
        for change in changes {
            let Some(thing) = change.thing() else { continue };
            let item = self.entity(change);
            match groups.last_mut().filter(|group| group.kind == thing.kind.name()) {
                Some(group) => group.items.push(item),
                None => groups.push(GroupView { kind: thing.kind.name(), title: self.say.heading(thing.kind), items: vec![item] }),
            }
        }
        groups
    }

    fn entity(&self, change: &EntityChange) -> EntView {
        let thing = change.thing();
        let kind = thing.map_or(Type::Page, |thing| thing.kind);
        let title = thing.map(|thing| thing.title.clone()).unwrap_or_default();
        let link = change.after.as_ref().map_or_else(|| LinkView { title, url: String::new(), kind: "" }, |after| self.cx.link(after.ix));
        let id = anchor(change);
        EntView {
            seen: format!("{id}@{}", change.print()),
            id,
            badge: self.badge(change.fate),
            link,
            kind: kind.name(),
            kind_word: self.say.kind(kind),
            owner: thing.map(|thing| slug(&thing.owner)).unwrap_or_default(),
            path: thing.map(|thing| thing.path.to_string()).unwrap_or_default(),
            notes: self.say.notes(change),
            rows: self.rows(&change.rows),
            more: self.more(change.rows.len(), ROWS),
            parts: change.parts.iter().map(|part| self.part(change, part)).collect(),
            prose: change.prose.iter().map(|prose| self.prose(prose)).collect(),
        }
    }

    fn part(&self, change: &EntityChange, part: &PartChange) -> PartView {
        let thing = part.after.as_ref().or(part.before.as_ref());
        let title = thing.map(|thing| thing.title.clone()).unwrap_or_default();
        let here = change.after.as_ref().zip(part.after.as_ref()).map(|(after, part)| self.cx.part_link(after.ix, part.part));
        PartView {
            badge: self.badge(part.fate),
            link: here.unwrap_or(LinkView { title, url: String::new(), kind: "" }),
            kind_word: thing.map(|thing| self.say.part_kind(thing.kind)).unwrap_or_default(),
            within: thing.map(|thing| thing.within.clone()).unwrap_or_default(),
            notes: self.say.part_notes(part),
            rows: self.rows(&part.rows),
        }
    }

    fn rows(&self, rows: &[Row]) -> Vec<RowView> {
        rows.iter().take(ROWS).map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &Row) -> RowView {
        let (before_html, after_html) = match &row.what {
            What::Value(before, after) => (self.marked("del", before.as_ref()), self.marked("ins", after.as_ref())),
            What::Set(removed, added, _) => (self.all("del", removed), self.all("ins", added)),
            What::Words(pieces) => (side(pieces, Fate::Removed), side(pieces, Fate::Added)),
        };
        RowView { label: self.say.label(row), before_html, after_html, tone: tone(row.tone), word: self.say.tone(row.tone) }
    }

    fn marked(&self, tag: &str, value: Option<&Value>) -> String {
        value.map(|value| format!("<{tag}>{}</{tag}>", self.value(value))).unwrap_or_default()
    }

    fn all(&self, tag: &str, values: &[Value]) -> String {
        values.iter().map(|value| self.marked(tag, Some(value))).collect::<Vec<_>>().join(", ")
    }

    /// A value as HTML; what is still there is a link.
    fn value(&self, value: &Value) -> String {
        match value {
            Value::End(end) => match end.head {
                Some((ix, part)) => {
                    let link = part.map_or_else(|| self.cx.link(ix), |part| self.cx.part_link(ix, part));
                    format!("<a href=\"{}\">{}</a>", escape(&link.url), escape(&end.title))
                }
                None => escape(&self.say.value(value)),
            },
            Value::List(items) => items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join(", "),
            value => escape(&self.say.value(value)),
        }
    }

    fn prose(&self, prose: &ProseChange) -> ProseView {
        let mut notes: Vec<String> = prose.was.iter().map(|was| self.say.with("heading_was", "was", was)).collect();
        notes.extend(prose.moved.then(|| self.say.word("section_moved")));
        let heading = if prose.heading.is_empty() { self.say.word("text") } else { prose.heading.clone() };
        ProseView { badge: self.badge(prose.fate), heading, notes, html: words(&prose.pieces) }
    }

    fn backlog(&self, backlog: &BacklogChange) -> BacklogView {
        let prose = backlog.prose.iter().map(|prose| self.prose(prose)).collect();
        BacklogView { path: backlog.path.to_string(), rows: self.rows(&backlog.rows), prose }
    }

    fn measure(&self, measure: &Measure) -> RowView {
        RowView {
            label: self.say.measure(measure.key),
            before_html: escape(&self.say.measured(measure.key, measure.before)),
            after_html: escape(&self.say.measured(measure.key, measure.after)),
            tone: tone(measure.tone),
            word: self.say.tone(measure.tone),
        }
    }

    fn findings(&self, findings: &[Finding]) -> Vec<FindingView> {
        let view = |finding: &Finding| FindingView {
            severity: finding.severity.name(),
            rule: finding.rule.name(),
            html: self.cx.words.told_html(&finding.message),
            place: format!("{}:{}", finding.file, finding.at.line),
        };
        findings.iter().take(LISTED).map(view).collect()
    }

    fn reviewer(&self, reviewer: &Reviewer) -> ReviewerView {
        let link = reviewer.department.map(|ix| self.cx.link(ix));
        let own = Some(reviewer.own.len()).filter(|n| *n > 0).map(|n| self.say.count("n_own", n));
        let refers = Some(reviewer.refers.len()).filter(|n| *n > 0).map(|n| self.say.count("n_refer", n));
        ReviewerView {
            link: link.unwrap_or(LinkView { title: reviewer.name.clone(), url: String::new(), kind: "" }),
            why: own.into_iter().chain(refers).collect::<Vec<_>>().join("; "),
        }
    }

    fn curves(&self) -> Vec<OverView> {
        let curves = self.comparison.entities.iter().filter_map(|change| Some((change.after.as_ref()?.ix, change.curve.as_ref()?)));
        curves.take(CURVES).enumerate().map(|(at, (ix, curve))| self.over(ix, curve, at + 1)).collect()
    }

    fn over(&self, ix: Ix, curve: &CurveChange, number: usize) -> OverView {
        let steps: Vec<OverStep> = curve.steps.iter().enumerate().map(|(at, step)| self.step(ix, step, at, curve.steps.len())).collect();
        let line = |pick: fn(&CurveStep) -> Option<f64>| insight::bridged(&curve.steps.iter().map(pick).collect::<Vec<_>>(), PAD);
        let borders = curve.steps.windows(2).enumerate().filter(|(_, pair)| pair[0].phase != pair[1].phase);
        let borders = borders.map(|(at, _)| format!("{:.2}", (at + 1) as f64 * 100.0 / curve.steps.len() as f64)).collect();
        let changed = steps.iter().filter(|step| !step.text.is_empty()).map(|step| format!("{}: {}", step.link.title, step.text));
        let link = self.cx.link(ix);
        let label = format!("{}. {}", self.say.with("curve_label", "title", &link.title), changed.collect::<Vec<_>>().join("; "));
        OverView {
            link,
            number,
            label,
            count: steps.len(),
            borders,
            before: line(|step| step.before),
            after: line(|step| step.after),
            steps,
        }
    }

    fn step(&self, ix: Ix, step: &CurveStep, at: usize, count: usize) -> OverStep {
        let place = |value: Option<f64>| value.map(|value| format!("{:.2}", insight::height(value, PAD))).unwrap_or_default();
        let badge = step.fate.map(|fate| self.badge(fate));
        let entity = &self.cx.node(ix).entity;
        let part = Some(&step.id).filter(|id| !id.is_empty()).and_then(|id| entity.part_named(id));
        let gone = || LinkView { title: step.title.clone(), url: String::new(), kind: "" };
        let signed = |value: f64| self.cx.words.signed(value);
        let text = match (step.before, step.after) {
            (Some(before), Some(after)) if before != after => format!("{} → {}", signed(before), signed(after)),
            (None, Some(_)) if step.fate == Some(Fate::Added) => self.say.word("new_step"),
            (Some(_), None) if step.fate == Some(Fate::Removed) => self.say.word("gone_step"),
            _ => String::new(),
        };
        let rises = match (step.before, step.after) {
            (Some(before), Some(after)) => after >= before,
            (one, other) => one.or(other).unwrap_or(0.0) >= 0.0,
        };
        OverStep {
            number: at + 1,
            link: part.map_or_else(gone, |part| self.cx.part_link(ix, part)),
            fate: badge.as_ref().map_or("", |badge| badge.kind),
            word: badge.map(|badge| badge.text).unwrap_or_default(),
            x: format!("{:.3}", (at as f64 + 0.5) * 100.0 / count as f64),
            before: place(step.before),
            after: place(step.after),
            text,
            side: if rises { "high" } else { "low" },
        }
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Better => "high",
        Tone::Worse => "low",
        Tone::Neutral => "",
    }
}

/// The words of one side, those that the other has not marked.
fn side(pieces: &[Piece], own: Fate) -> String {
    let shown: Vec<&Piece> = pieces.iter().filter(|piece| piece.fate == Fate::Same || piece.fate == own).collect();
    shown.into_iter().map(marked).collect::<Vec<_>>().join(" ")
}

fn words(pieces: &[Piece]) -> String {
    pieces.iter().map(marked).collect::<Vec<_>>().join(" ")
}

fn marked(piece: &Piece) -> String {
    let text = escape(&piece.text);
    match piece.fate {
        Fate::Same => text,
        Fate::Removed => format!("<del>{text}</del>"),
        Fate::Added => format!("<ins>{text}</ins>"),
    }
}
