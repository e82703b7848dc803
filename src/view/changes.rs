//! What changed since an earlier revision, for who reviews it.
mod curves;
mod fields;
mod mark;

use serde::Serialize;

use curves::OverView;
use fields::{BacklogView, ProseView, ROWS, RowView};
pub use mark::ChangeMark;
pub(super) use mark::change_mark;

use super::{Cx, LinkView, Shell, pieces};
use crate::base::slug;
use crate::model::Type;
use crate::review::{Comparison, EntityChange, Fate, Finding, PartChange, Reviewer, Say, Tone};

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

/// Settings name audiences and what is only for authors: who may not see everything is not told of them.
fn tells_settings(cx: &Cx<'_>) -> bool {
    cx.handbook.scope.everyone || cx.handbook.settings.audiences.is_empty()
}

/// A finding of either side.
#[derive(Debug, Serialize)]
pub struct FindingView {
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

/// A copied file.
#[derive(Debug, Serialize)]
pub struct FileLine {
    /// What becomes of it.
    pub badge: Badge,
    /// Where it lies.
    pub path: String,
}

/// What is shown at most: of entities, and of lists.
const ENTITIES: usize = 400;
const LISTED: usize = 40;
/// So much is named where a few words are enough.
const NAMED: usize = 4;

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
        more: pieces::more(cx, entities.len(), ENTITIES),
        types: page.types(),
        owners: page.owners(),
        introduced: page.findings(&comparison.introduced),
        introduced_more: pieces::more(cx, comparison.introduced.len(), LISTED),
        cured: page.findings(&comparison.cured),
        cured_more: pieces::more(cx, comparison.cured.len(), LISTED),
        measures: effects.measures.iter().map(|measure| page.measure(measure)).collect(),
        ripples_title: if effects.pages.is_empty() { String::new() } else { page.say.count("ripples", effects.pages.len()) },
        ripples: effects.pages.iter().take(LISTED).map(|page| ripple(cx, page)).collect(),
        ripples_more: pieces::more(cx, effects.pages.len(), LISTED),
        reviewers: comparison.reviewers.iter().take(LISTED).map(|reviewer| page.reviewer(reviewer)).collect(),
        settings: if tells_settings(cx) { page.rows(&comparison.settings) } else { Vec::new() },
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
            more: pieces::more(self.cx, change.rows.len(), ROWS),
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

    fn findings(&self, findings: &[Finding]) -> Vec<FindingView> {
        let view = |finding: &Finding| FindingView {
            html: self.cx.words.told_html(&finding.message),
            place: format!("{}:{}", finding.file, finding.at.line),
        };
        findings.iter().take(LISTED).map(view).collect()
    }

    fn reviewer(&self, reviewer: &Reviewer) -> ReviewerView {
        let link = reviewer.department.map(|ix| self.cx.link(ix));
        ReviewerView {
            link: link.unwrap_or(LinkView { title: reviewer.name.clone(), url: String::new(), kind: "" }),
            why: self.say.reasons(reviewer).join("; "),
        }
    }
}
