//! What somebody has to look at again: by kind, and by who is to do it.
use std::collections::BTreeMap;

use serde::Serialize;

use super::entity::{Told, fresh_view};
use super::pieces;
use super::{Cx, LinkView, Shell};
use crate::base::{Diagnostic, HashMap, Rule, Severity, slug};
use crate::handbook::Ix;
use crate::insight::{self, Freshness};
use crate::model::{PartKind, Type};

/// The page of what has to be looked at.
#[derive(Debug, Serialize)]
pub struct ReviewPage {
    /// The frame.
    pub shell: Shell,
    /// How much there is, and for whom most of it, in words; empty where there is nothing.
    pub finding: String,
    /// By kind.
    pub sections: Vec<ReviewSection>,
    /// By who is to do it.
    pub owners: Vec<OwnerSection>,
}

/// Everything of one kind.
#[derive(Debug, Serialize)]
pub struct ReviewSection {
    /// Its anchor.
    pub anchor: String,
    /// Its heading.
    pub title: String,
    /// Why it is here.
    pub note: String,
    /// How many.
    pub n: usize,
    /// Those that are shown, page by page.
    pub pages: Vec<PageLines>,
    /// How many more, in words.
    pub more: String,
}

/// What has to be looked at on one page.
#[derive(Debug, Serialize)]
pub struct PageLines {
    /// The page.
    pub link: LinkView,
    /// Who is to do it.
    pub owner: Option<LinkView>,
    /// What, step by step.
    pub lines: Vec<Line>,
}

/// Everything that one has to look at.
#[derive(Debug, Serialize)]
pub struct OwnerSection {
    /// Its anchor.
    pub anchor: String,
    /// Who.
    pub owner: LinkView,
    /// How many.
    pub n: usize,
    /// The pages they are about.
    pub pages: Vec<OwnerPage>,
    /// How many more pages, in words.
    pub more: String,
}

/// A page that one has to look at.
#[derive(Debug, Serialize)]
pub struct OwnerPage {
    /// It.
    pub link: LinkView,
    /// What has to be looked at on it: the kinds, each once.
    pub kinds: Vec<String>,
    /// How many things.
    pub n: usize,
}

/// Something to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The page.
    pub link: LinkView,
    /// The step, if it is about one.
    pub part: Option<LinkView>,
    /// Its kind.
    pub kind: String,
    /// Why.
    pub why: String,
    /// Who is to do it.
    pub owner: Option<LinkView>,
}

/// Findings of one rule, for the home page.
#[derive(Debug, Serialize)]
pub struct Group {
    /// What they are.
    pub title: String,
    /// `error`, `warning` or `advice`.
    pub severity: &'static str,
    /// How many.
    pub n: usize,
    /// Where all of them are.
    pub url: String,
    /// The first of them.
    pub examples: Vec<Line>,
    /// How many more, in words.
    pub more: String,
}

/// What is shown of a kind, of an owner, and on the home page.
const OF_KIND: usize = 150;
const OF_OWNER: usize = 60;
const OWNERS: usize = 200;
const GROUPS: usize = 8;
const EXAMPLES: usize = 2;

/// A kind of thing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Pages that nobody answers for.
    Unowned,
    /// What a rule finds.
    Of(Rule),
}

/// The kinds that come first, in this order, with the key of their words; all other rules follow in their own order.
const FIRST: [(Sort, &str, &str); 9] = [
    (Sort::Of(Rule::Stale), "stale", "stale_note"),
    (Sort::Of(Rule::Suspect), "suspect", "suspect_note"),
    (Sort::Of(Rule::AllAssumed), "assumed", "assumed_note"),
    (Sort::Unowned, "unowned", "unowned_note"),
    (Sort::Of(Rule::UnownedStep), "unowned_steps", ""),
    (Sort::Of(Rule::EvidenceExpired), "expired", ""),
    (Sort::Of(Rule::VisitOverdue), "visit_overdue", ""),
    (Sort::Of(Rule::UnansweredQuestion), "questions", ""),
    (Sort::Of(Rule::Overdue), "overdue", ""),
];

/// Which rules are told of first on the home page, among those that are equally severe.
const WORST: [Rule; 12] = [
    Rule::UnownedStep,
    Rule::UnaddressedLow,
    Rule::BelowTarget,
    Rule::Overdue,
    Rule::UnseizedOpportunity,
    Rule::Suspect,
    Rule::Stale,
    Rule::AllAssumed,
    Rule::UnansweredQuestion,
    Rule::EvidenceExpired,
    Rule::VisitOverdue,
    Rule::NoServiceConcept,
];

/// The page of what has to be looked at.
pub fn review_page(cx: &Cx<'_>) -> ReviewPage {
    let title = cx.words.get("ui.review.title");
    let mut sections = Vec::new();
    let mut owners: BTreeMap<(bool, String), Filed> = BTreeMap::new();
    let mut total = 0;
    for (sort, lines) in everything(cx) {
        total += lines.len();
        for line in &lines {
            file_under_owner(cx, &mut owners, line);
        }
        sections.push(section(cx, sort, lines));
    }
    let mut owners: Vec<OwnerSection> = owners.into_values().map(|filed| filed.section).collect();
    let finding = finding(cx, total, &owners);
    for owner in &mut owners {
        owner.more = pieces::more(cx, owner.pages.len(), OF_OWNER);
        owner.pages.truncate(OF_OWNER);
    }
    owners.truncate(OWNERS);
    ReviewPage {
        shell: Shell::new(cx, &title, &cx.words.get("ui.review.lede"), "p-review").crumb(&title, String::new()),
        finding,
        sections,
        owners,
    }
}

fn finding(cx: &Cx<'_>, total: usize, owners: &[OwnerSection]) -> String {
    let all = cx.words.count("ui.count.review_items", total);
    let most = owners.iter().rev().max_by_key(|owner| owner.n);
    most.map(|most| {
        cx.words.fmt("ui.review.finding", &[("all", &all), ("owner", &most.owner.title), ("n", &cx.words.number(most.n as f64))])
    })
    .unwrap_or_default()
}

fn more(cx: &Cx<'_>, all: usize, shown: usize) -> String {
    if all > shown { cx.words.count("ui.review.more", all - shown) } else { String::new() }
}

/// What is gathered for an owner.
struct Filed {
    section: OwnerSection,
    /// The place of each page, by its address.
    at: HashMap<String, usize>,
}

fn file_under_owner(cx: &Cx<'_>, owners: &mut BTreeMap<(bool, String), Filed>, line: &Line) {
    let owner = line.owner.clone().unwrap_or_else(|| LinkView { title: cx.words.get("ui.review.no_owner"), url: String::new(), kind: "" });
    let key = (line.owner.is_none(), owner.title.to_lowercase());
    let anchor = if line.owner.is_some() { format!("_o-{}", slug(&owner.title)) } else { "_no-owner".to_owned() };
    let section = || OwnerSection { anchor, owner, n: 0, pages: Vec::new(), more: String::new() };
    let Filed { section, at } = owners.entry(key).or_insert_with(|| Filed { section: section(), at: HashMap::default() });
    section.n += 1;
    let at = *at.entry(line.link.url.clone()).or_insert_with(|| {
        section.pages.push(OwnerPage { link: line.link.clone(), kinds: Vec::new(), n: 0 });
        section.pages.len() - 1
    });
    let page = &mut section.pages[at];
    page.n += 1;
    if !page.kinds.contains(&line.kind) {
        page.kinds.push(line.kind.clone());
    }
}

fn section(cx: &Cx<'_>, sort: Sort, lines: Vec<Line>) -> ReviewSection {
    let (title, note) = words(cx, sort);
    let n = lines.len();
    let pages = by_page(lines.into_iter().take(OF_KIND));
    ReviewSection { anchor: anchor(sort), title, note, n, pages, more: more(cx, n, OF_KIND) }
}

/// Lines about one page, one after the other, go together.
fn by_page(lines: impl Iterator<Item = Line>) -> Vec<PageLines> {
    let mut pages: Vec<PageLines> = Vec::new();
    for line in lines {
        match pages.last_mut().filter(|page| page.link == line.link) {
            Some(page) => page.lines.push(line),
            None => pages.push(PageLines { link: line.link.clone(), owner: line.owner.clone(), lines: vec![line] }),
        }
    }
    pages
}

fn anchor(sort: Sort) -> String {
    match sort {
        Sort::Unowned => "_unowned".to_owned(),
        Sort::Of(rule) => format!("_{}", rule.name()),
    }
}

/// The heading and the note of a kind.
fn words(cx: &Cx<'_>, sort: Sort) -> (String, String) {
    let get = |key: &str| if key.is_empty() { String::new() } else { cx.words.get(&format!("ui.review.{key}")) };
    if let Some((_, title, note)) = FIRST.iter().find(|(first, ..)| *first == sort) {
        return (get(title), get(note));
    }
    let Sort::Of(rule) = sort else { return Default::default() };
    let key = format!("ui.rule.{}", rule.name());
    let title = cx.words.find(&key).map_or_else(|| rule.name().to_owned(), str::to_owned);
    (title, String::new())
}

/// Everything that has to be looked at, by kind; kinds of which there is nothing are left out.
fn everything(cx: &Cx<'_>) -> Vec<(Sort, Vec<Line>)> {
    let mut by: BTreeMap<Rule, Vec<(&Diagnostic, Ix)>> = BTreeMap::new();
    // What belongs to no page, such as a file that nothing uses, is for `check`.
    for (finding, of) in cx.findings.all.iter().zip(&cx.findings.of) {
        if let Some(ix) = of {
            by.entry(finding.rule).or_default().push((finding, *ix));
        }
    }
    // These two are looked up in the handbook itself.
    by.remove(&Rule::Stale);
    by.remove(&Rule::NoOwner);
    let mut out = Vec::new();
    for (sort, ..) in FIRST {
        let lines = match sort {
            Sort::Unowned => unowned(cx),
            Sort::Of(Rule::Stale) => stale(cx),
            Sort::Of(rule) => by.remove(&rule).unwrap_or_default().into_iter().map(|(finding, of)| line(cx, finding, of)).collect(),
        };
        out.push((sort, lines));
    }
    out.extend(
        by.into_iter().map(|(rule, found)| (Sort::Of(rule), found.into_iter().map(|(finding, of)| line(cx, finding, of)).collect())),
    );
    out.retain(|(_, lines)| !lines.is_empty());
    out
}

/// Whether a page says that a rule does not apply to it today, or the handbook that it applies nowhere.
fn is_silent(cx: &Cx<'_>, ix: Ix, rule: Rule) -> bool {
    let silences = cx.node(ix).entity.common.allow.iter();
    let mut here = silences.filter(|silence| silence.rule.as_ref().is_some_and(|name| name.rule == Some(rule)));
    cx.handbook.settings.severity(rule).is_none()
        || here.any(|silence| silence.because.is_some() && silence.until.is_none_or(|until| until >= cx.today))
}

fn plain_line(cx: &Cx<'_>, ix: Ix, sort: Sort, why: String) -> Line {
    Line { link: cx.link(ix), part: None, kind: words(cx, sort).0, why, owner: cx.owner(ix) }
}

fn stale(cx: &Cx<'_>) -> Vec<Line> {
    let is_stale =
        |ix: &Ix| matches!(insight::freshness(cx.handbook, *ix, cx.today), Freshness::Stale(..)) && !is_silent(cx, *ix, Rule::Stale);
    let why = |ix: Ix| match insight::freshness(cx.handbook, ix, cx.today) {
        Freshness::Stale(reviewed, until) => {
            let reviewed = cx.words.fmt("ui.review.reviewed", &[("date", &cx.words.date(reviewed))]);
            format!("{reviewed}, {}", cx.words.fmt("ui.review.stale_since", &[("date", &cx.words.date(until))]))
        }
        _ => fresh_view(cx, ix, Told::Whole).words,
    };
    cx.handbook.all().filter(is_stale).map(|ix| plain_line(cx, ix, Sort::Of(Rule::Stale), why(ix))).collect()
}

/// The types whose pages somebody has to answer for.
const OWNED: [Type; 9] = [
    Type::Principle,
    Type::Segment,
    Type::Persona,
    Type::Journey,
    Type::Touchpoint,
    Type::Evidence,
    Type::Metric,
    Type::Improvement,
    Type::Roadmap,
];

fn unowned(cx: &Cx<'_>) -> Vec<Line> {
    let all = OWNED.into_iter().flat_map(|kind| cx.handbook.of_type(kind));
    let found = all.filter(|ix| cx.owner(*ix).is_none() && matters(cx, *ix) && !is_silent(cx, *ix, Rule::NoOwner));
    found.map(|ix| plain_line(cx, ix, Sort::Unowned, cx.words.get(&format!("type.{}.one", cx.node(ix).entity.kind.name())))).collect()
}

/// A touchpoint that a department runs has its owner in that; what is done or dropped needs none.
fn matters(cx: &Cx<'_>, ix: Ix) -> bool {
    let data = &cx.node(ix).entity.data;
    data.touchpoint().and_then(|touchpoint| cx.handbook.follow(ix, touchpoint.department?)).is_none()
        && data.improvement().is_none_or(|item| item.is_open())
}

fn line(cx: &Cx<'_>, finding: &Diagnostic, ix: Ix) -> Line {
    let kind = words(cx, Sort::Of(finding.rule)).0;
    let part = part_of(cx, ix, finding);
    let owner = cx.owner(ix).or_else(|| {
        let touchpoint = cx.node(ix).entity.data.touchpoint()?;
        cx.follow(ix, touchpoint.department?)
    });
    Line { link: cx.link(ix), part: part.map(|part| cx.part_link(ix, part)), kind, why: why(cx, finding, ix), owner }
}

/// The step or phase that a finding stands in: the last one that begins before it, where the rule speaks of such.
fn part_of(cx: &Cx<'_>, ix: Ix, finding: &Diagnostic) -> Option<u32> {
    let of_parts = matches!(
        finding.rule,
        Rule::UnownedStep | Rule::UnaddressedLow | Rule::StarNotAPeak | Rule::UnseizedOpportunity | Rule::UnansweredQuestion
    );
    let parts = cx.node(ix).entity.parts.iter().enumerate().filter(|_| of_parts);
    let before = parts.filter(|(_, part)| matches!(part.kind, PartKind::Step | PartKind::Phase) && part.span.start <= finding.span.start);
    before.max_by_key(|(_, part)| part.span.start).map(|(at, _)| at as u32)
}

/// Why, in the handbook's own language where it can be told from the handbook itself.
fn why(cx: &Cx<'_>, finding: &Diagnostic, ix: Ix) -> String {
    let data = &cx.node(ix).entity.data;
    let told = match finding.rule {
        Rule::UnownedStep => Some(cx.words.get("ui.journey.nobody_leads")),
        Rule::AllAssumed => Some(cx.words.get("ui.known.nothing")),
        Rule::EvidenceExpired => data.evidence().and_then(|evidence| {
            let until = evidence.date?.plus(evidence.valid_for?);
            Some(cx.words.fmt("ui.evidence.expired", &[("date", &cx.words.date(until))]))
        }),
        Rule::Overdue => data.improvement().and_then(|item| item.due).map(|due| {
            let late = cx.words.count("ui.count.days_late", cx.today.days_since(due).max(0) as usize);
            format!("{}, {late}", cx.words.fmt("ui.review.stale_since", &[("date", &cx.words.date(due))]))
        }),
        Rule::UnansweredQuestion => question(cx, ix, finding),
        _ => None,
    };
    told.unwrap_or_else(|| cx.words.told(&finding.message))
}

/// The question that a finding stands at.
fn question(cx: &Cx<'_>, ix: Ix, finding: &Diagnostic) -> Option<String> {
    let journey = cx.node(ix).entity.data.journey()?;
    let questions = journey.steps().flat_map(|(_, step)| step.questions.iter()).filter_map(|question| question.asks.as_ref());
    let mut here = questions.filter(|asks| asks.span.range().contains(&(finding.span.start as usize)));
    here.next().map(|asks| asks.plain().to_owned())
}

/// What is most serious, rule by rule, for the home page.
pub fn worst(cx: &Cx<'_>) -> Vec<Group> {
    let severity: BTreeMap<Rule, Severity> = cx.findings.all.iter().map(|finding| (finding.rule, finding.severity)).collect();
    let rank = |rule: Rule| WORST.iter().position(|worst| *worst == rule).unwrap_or(WORST.len());
    let mut groups: Vec<(Severity, usize, Rule, Sort, Vec<Line>)> = everything(cx)
        .into_iter()
        .map(|(sort, lines)| {
            let rule = if let Sort::Of(rule) = sort { rule } else { Rule::NoOwner };
            (severity.get(&rule).copied().unwrap_or(Severity::Advice), rank(rule), rule, sort, lines)
        })
        .collect();
    groups.sort_by_key(|(severity, rank, rule, ..)| (*severity, *rank, *rule));
    groups.into_iter().take(GROUPS).map(|(severity, _, _, sort, lines)| group(cx, severity, sort, lines)).collect()
}

fn group(cx: &Cx<'_>, severity: Severity, sort: Sort, lines: Vec<Line>) -> Group {
    let n = lines.len();
    Group {
        title: words(cx, sort).0,
        severity: severity.name(),
        n,
        url: format!("{}#{}", cx.url_to("review.html"), anchor(sort)),
        examples: lines.into_iter().take(EXAMPLES).collect(),
        more: pieces::more(cx, n, EXAMPLES),
    }
}
