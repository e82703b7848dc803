//! The lanes of a map: for each, what stands in which cell. A lane in which nothing stands is left out.
use std::collections::BTreeMap;

use serde::Serialize;

use super::super::department::{does, duty_name};
use super::super::fields::{Val, claim_val};
use super::super::pieces::{Feel, feel};
use super::super::{Cx, LinkView};
use super::map::Col;
use crate::handbook::{Ix, Target};
use crate::insight::{self, Duty, Gap, JourneyInsight, WIDE_GAP};
use crate::model::{Claim, Data, ImprovementStatus, Known, Next, Ref, Step, Text};

/// A lane.
#[derive(Debug, Default, Serialize)]
pub struct Lane {
    /// Its name, for classes.
    pub key: &'static str,
    /// The group whose switch it hangs on.
    pub group: &'static str,
    /// Its label.
    pub label: String,
    /// A department's page, where the lane is one.
    pub link: Option<LinkView>,
    /// One cell for each phase, not for each step.
    pub by_phase: bool,
    /// The line of a service blueprint that runs above it: `interaction`, `visibility`, `internal`, or empty.
    pub line: &'static str,
    /// Its cells, from the left.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Default, Serialize)]
pub struct Cell {
    /// The first column that it spans.
    pub from: usize,
    /// How many columns it spans.
    pub span: usize,
    /// What stands in it.
    pub items: Vec<Item>,
}

/// Something in a cell.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Item {
    /// Text.
    Text {
        /// HTML.
        html: String,
    },
    /// What the customer wants here.
    Goal {
        /// HTML.
        html: String,
    },
    /// What the customer says to themselves.
    Says {
        /// HTML.
        html: String,
    },
    /// A feeling.
    Feel(Feel),
    /// A statement.
    Value {
        /// The statement.
        value: Val,
    },
    /// A question.
    Question {
        /// HTML.
        html: String,
        /// Where it is answered.
        answer: Option<LinkView>,
    },
    /// A link that stands out.
    Chip {
        /// The link.
        link: LinkView,
        /// The channel, the improvement's status, or nothing.
        tag: String,
        /// The channel's medium, where there is one.
        medium: &'static str,
        /// A star touchpoint.
        star: bool,
    },
    /// A link with a text.
    Labelled {
        /// The link.
        link: LinkView,
        /// HTML.
        html: String,
    },
    /// What a department does.
    Role {
        /// `leads`, `supports` or `informed`.
        duty: &'static str,
        /// The word for it.
        word: String,
        /// HTML.
        html: String,
    },
    /// Who leads; no link where nobody does.
    Lead {
        /// The department.
        link: Option<LinkView>,
        /// Another department led the step before: something is handed over.
        handed: bool,
    },
    /// How much a phase matters against how much we are there.
    Bars {
        /// 0–100 each, in words of the language.
        relevance: String,
        /// How much we are there.
        presence: String,
        /// How much we can do about it.
        influence: String,
        /// Relevance less presence, where that is 30 or more.
        gap: String,
        /// For the drawing: relevance.
        relevance_at: f64,
        /// For the drawing: presence.
        presence_at: f64,
    },
    /// A score of mystery visits.
    Score {
        /// The touchpoint.
        link: LinkView,
        /// The newest score.
        score: String,
        /// When.
        date: String,
        /// Under the target.
        below: bool,
        /// The target.
        target: String,
    },
    /// Where the behaviours that follow are expected.
    Place {
        /// The touchpoint.
        link: LinkView,
        /// What is expected there stands in an earlier step already.
        told: bool,
    },
    /// A behaviour that is expected.
    Behaviour {
        /// Who; empty where it is who it was in the one before.
        role: String,
        /// What.
        html: String,
    },
    /// A way on.
    Next {
        /// The step.
        link: LinkView,
        /// Its number.
        number: usize,
        /// In which case.
        html: String,
    },
    /// Known, assumed or unknown.
    Known {
        /// Which.
        known: &'static str,
        /// The word for it.
        word: String,
        /// What backs it.
        evidence: Vec<LinkView>,
    },
    /// The customer is alone.
    Alone,
}

/// What backs the statements of the lanes, each once, as it first comes up.
pub(super) fn evidence(lanes: &[Lane]) -> Vec<LinkView> {
    let mut out: Vec<LinkView> = Vec::new();
    for item in lanes.iter().flat_map(|lane| &lane.cells).flat_map(|cell| &cell.items) {
        let (Item::Known { evidence, .. } | Item::Value { value: Val::Claim { evidence, .. } }) = item else { continue };
        for link in evidence {
            if !out.iter().any(|known| known.url == link.url && known.title == link.title) {
                out.push(link.clone());
            }
        }
    }
    out
}

struct Builder<'a, 'h> {
    cx: &'a Cx<'h>,
    ix: Ix,
    cols: &'a [Col<'a>],
    insight: &'a JourneyInsight,
    /// For each column who does what.
    duties: Vec<Vec<(Ix, Duty)>>,
    /// For each part what is to make it better.
    improvements: BTreeMap<u32, Vec<Ix>>,
    lanes: Vec<Lane>,
}

/// All lanes in which something stands, in the order of the map.
pub(super) fn lanes(cx: &Cx<'_>, ix: Ix, cols: &[Col<'_>], insight: &JourneyInsight) -> Vec<Lane> {
    let duties = cols.iter().map(|col| col.step.map(|step| insight::duties(cx.handbook, ix, step)).unwrap_or_default()).collect();
    let improvements = insight::improvements_by_part(cx.handbook, ix);
    let mut builder = Builder { cx, ix, cols, insight, duties, improvements, lanes: Vec::new() };
    builder.customer();
    builder.meeting();
    builder.craft();
    builder.company();
    builder.knowledge();
    builder.lanes
}

impl Builder<'_, '_> {
    /// What the customer goes through.
    fn customer(&mut self) {
        self.phases("goal", "goal", |b, col| b.text(&col.phase.goal).map(|html| Item::Goal { html }).into_iter().collect());
        self.steps("feel", "feel", Builder::feelings);
        self.steps("feels", "feel", |b, col| b.texts(col.step.and_then(|step| step.feels.as_ref())));
        self.steps("does", "do", |b, col| b.texts(col.step.and_then(|step| step.does.as_ref())));
        self.steps("duration", "do", |b, col| {
            let duration = col.step.and_then(|step| step.duration);
            duration.map(|duration| Item::Text { html: crate::markup::escape(&b.cx.words.duration(duration)) }).into_iter().collect()
        });
        self.steps("core_tasks", "do", |b, col| b.links(col.step.map_or(&[], |step| &step.core_tasks)));
    }

    /// Where customer and company meet, and what is on the customer's mind.
    fn meeting(&mut self) {
        self.steps("touchpoints", "tp", Builder::touchpoints);
        self.steps("thinks", "think", |b, col| {
            b.text_of(col.step.and_then(|step| step.thinks.as_ref())).map(|html| Item::Says { html }).into_iter().collect()
        });
        self.steps("expects", "think", |b, col| b.texts(col.step.and_then(|step| step.expects.as_ref())));
        self.steps("questions", "think", Builder::questions);
        self.steps("pains", "pain", |b, col| b.claims(col.step.map_or(&[], |step| &step.pains)));
        self.steps("gains", "pain", |b, col| b.claims(col.step.map_or(&[], |step| &step.gains)));
        self.phases("barriers", "pain", |b, col| b.claims(&col.phase.barriers));
    }

    /// What could be better.
    fn craft(&mut self) {
        self.phases("opportunity", "opp", |b, col| b.texts(col.phase.opportunity.as_ref()));
        self.phases("phase_improvements", "opp", |b, col| b.improvements(col.phase.index));
        self.steps("improvements", "opp", |b, col| col.step.map(|step| b.improvements(step.index)).unwrap_or_default());
        self.steps("personalise", "opp", |b, col| b.texts(col.step.and_then(|step| step.personalise.as_ref())));
        self.phases("actions", "chan", Builder::actions);
        self.phases("sources", "chan", |b, col| b.claims(&col.phase.sources));
        self.phases("alternatives", "chan", |b, col| b.claims(&col.phase.alternatives));
        self.phases("relevance", "rel", Builder::bars);
        self.phases("next_when", "next", |b, col| b.texts(col.phase.next_when.as_ref()));
        self.steps("next", "next", Builder::nexts);
    }

    /// What the company does: in front of the customer, behind the scenes, and what both lean on.
    fn company(&mut self) {
        self.steps("behaviours", "beh", Builder::behaviours);
        self.steps("visits", "mv", Builder::scores);
        let first = self.lanes.len();
        let (front, behind): (Vec<Ix>, Vec<Ix>) = self.departments().into_iter().partition(|department| self.meets_customers(*department));
        self.steps("frontstage", "stage", |b, col| b.texts(col.step.and_then(|step| step.frontstage.as_ref())));
        self.department_lanes(&front);
        self.draw_line(first, "interaction");
        let second = self.lanes.len();
        self.steps("backstage", "stage", |b, col| b.texts(col.step.and_then(|step| step.backstage.as_ref())));
        self.department_lanes(&behind);
        self.draw_line(second, "visibility");
        let third = self.lanes.len();
        self.steps("support", "stage", |b, col| b.texts(col.step.and_then(|step| step.support.as_ref())));
        self.draw_line(third, "internal");
        let led =
            self.cols.iter().any(|col| col.step.is_some_and(|step| step.lead.and_then(|lead| self.cx.follow(self.ix, lead)).is_some()));
        if led || self.lanes.iter().any(|lane| lane.key == "department") {
            self.steps("lead", "dept", Builder::lead);
        }
    }

    /// Draws a line of the blueprint above the lane that stands here now, if there is one.
    fn draw_line(&mut self, at: usize, line: &'static str) {
        if let Some(lane) = self.lanes.get_mut(at) {
            lane.line = line;
        }
    }

    fn meets_customers(&self, department: Ix) -> bool {
        self.cx.node(department).entity.data.department().is_some_and(|department| department.customer_contact == Some(true))
    }

    /// What is known, and what of the checklist is covered.
    fn knowledge(&mut self) {
        self.steps("evidence", "ev", Builder::known);
        self.steps("covers", "ev", |b, col| b.links(col.step.map_or(&[], |step| &step.covers)));
    }

    /// A lane with a cell for each column.
    fn steps(&mut self, key: &'static str, group: &'static str, fill: impl Fn(&Self, &Col<'_>) -> Vec<Item>) {
        let cells = self.cols.iter().enumerate().map(|(from, col)| Cell { from, span: 1, items: fill(self, col) }).collect();
        self.push(Lane { key, group, cells, ..Lane::default() });
    }

    /// A lane with a cell for each phase.
    fn phases(&mut self, key: &'static str, group: &'static str, fill: impl Fn(&Self, &Col<'_>) -> Vec<Item>) {
        let firsts = self.cols.iter().enumerate().filter(|(_, col)| col.edge);
        let cells = firsts.map(|(from, col)| Cell { from, span: col.phase.steps.len().max(1), items: fill(self, col) }).collect();
        self.push(Lane { key, group, by_phase: true, cells, ..Lane::default() });
    }

    /// Keeps a lane in which something stands that says more than that nothing is there.
    fn push(&mut self, mut lane: Lane) {
        let says = |item: &Item| lane.key == "lead" || !matches!(item, Item::Alone | Item::Lead { link: None, .. });
        if lane.cells.iter().any(|cell| cell.items.iter().any(says)) {
            lane.label = lane.link.as_ref().map_or_else(|| self.cx.words.get(lane_words(lane.key)), |link| link.title.clone());
            self.lanes.push(lane);
        }
    }

    fn text(&self, text: &Option<Text>) -> Option<String> {
        self.text_of(text.as_ref())
    }

    fn text_of(&self, text: Option<&Text>) -> Option<String> {
        text.map(|text| self.cx.html(self.ix, text))
    }

    fn texts(&self, text: Option<&Text>) -> Vec<Item> {
        self.text_of(text).map(|html| Item::Text { html }).into_iter().collect()
    }

    fn claims(&self, claims: &[Claim]) -> Vec<Item> {
        claims.iter().map(|claim| Item::Value { value: claim_val(self.cx, self.ix, claim) }).collect()
    }

    fn links<A: Copy>(&self, references: &[Ref<A>]) -> Vec<Item> {
        let links = references.iter().filter_map(|reference| self.cx.follow(self.ix, *reference));
        links.map(|link| Item::Chip { link, tag: String::new(), medium: "", star: false }).collect()
    }

    fn feelings(&self, col: &Col<'_>) -> Vec<Item> {
        if col.step.is_none() {
            return Vec::new();
        }
        let felt = self.insight.lines.iter().filter_map(|line| line.values[col.at].map(|value| (line.persona, value)));
        let who = |persona: Option<Ix>| persona.map(|persona| self.cx.node(persona).entity.title.to_string()).unwrap_or_default();
        felt.map(|(persona, value)| Item::Feel(feel(self.cx, value, who(persona)))).collect()
    }

    fn touchpoints(&self, col: &Col<'_>) -> Vec<Item> {
        let Some(step) = col.step else { return Vec::new() };
        if self.insight.steps[col.at].alone {
            return vec![Item::Alone];
        }
        let reached = step.touchpoints.iter().filter_map(|to| self.cx.handbook.follow(self.ix, *to));
        reached
            .map(|to| {
                let touchpoint = self.cx.node(to).entity.data.touchpoint();
                let channel = touchpoint.and_then(|touchpoint| touchpoint.channel).and_then(|channel| self.cx.handbook.follow(to, channel));
                let tag = channel.map(|channel| self.cx.node(channel).entity.title.to_string()).unwrap_or_default();
                let medium = channel.map_or("", |channel| self.medium(channel));
                let star = touchpoint.is_some_and(|touchpoint| touchpoint.star == Some(true));
                Item::Chip { link: self.cx.link(to), tag, medium, star }
            })
            .collect()
    }

    fn medium(&self, channel: Ix) -> &'static str {
        match &self.cx.node(channel).entity.data {
            Data::Channel(channel) => channel.medium.map_or("", |medium| medium.word()),
            _ => "",
        }
    }

    fn questions(&self, col: &Col<'_>) -> Vec<Item> {
        let questions = col.step.map_or(&[][..], |step| &step.questions);
        let item = |question: &crate::model::Question| Item::Question {
            html: self.cx.html_or(self.ix, &question.asks),
            answer: question.answered_by.and_then(|by| self.cx.follow(self.ix, by)),
        };
        questions.iter().map(|question| item(question)).collect()
    }

    fn improvements(&self, part: u32) -> Vec<Item> {
        let here = self.improvements.get(&part).into_iter().flatten();
        here.map(|ix| {
            let status = self.cx.node(*ix).entity.data.improvement().map_or(ImprovementStatus::Idea, |item| item.status());
            let tag = self.cx.words.choice("improvement", "status", status.word());
            Item::Chip { link: self.cx.link(*ix), tag, medium: "", star: false }
        })
        .collect()
    }

    fn actions(&self, col: &Col<'_>) -> Vec<Item> {
        let actions = col.phase.actions.iter();
        actions
            .filter_map(|(channel, text)| {
                Some(Item::Labelled { link: self.cx.follow(self.ix, *channel)?, html: self.cx.html(self.ix, text) })
            })
            .collect()
    }

    fn bars(&self, col: &Col<'_>) -> Vec<Item> {
        let phase = col.phase;
        if phase.relevance.is_none() && phase.presence.is_none() && phase.influence.is_none() {
            return Vec::new();
        }
        let number = |value: Option<crate::model::Percent>| value.map(|value| self.cx.words.number(value.0)).unwrap_or_default();
        let gap = Gap::of(phase).map(|gap| gap.size()).filter(|gap| *gap >= WIDE_GAP);
        vec![Item::Bars {
            relevance: number(phase.relevance),
            presence: number(phase.presence),
            influence: number(phase.influence),
            gap: gap.map(|gap| self.cx.words.number(gap)).unwrap_or_default(),
            relevance_at: phase.relevance.map_or(0.0, |value| value.0),
            presence_at: phase.presence.map_or(0.0, |value| value.0),
        }]
    }

    fn nexts(&self, col: &Col<'_>) -> Vec<Item> {
        let nexts = col.step.map_or(&[][..], |step| &step.next);
        let item = |next: &Next| {
            let number = self.number_of(next)?;
            Some(Item::Next { link: self.cx.follow(self.ix, next.to?)?, number, html: self.cx.html_or(self.ix, &next.when) })
        };
        nexts.iter().filter_map(|next| item(next)).collect()
    }

    /// The number of the step that a way on leads to.
    fn number_of(&self, next: &Next) -> Option<usize> {
        let Target::Part(_, part) = self.cx.node(self.ix).of(next.to?) else { return None };
        self.cols.iter().find(|col| col.step.is_some_and(|step| step.index == *part)).map(|col| col.at + 1)
    }

    /// What is expected at each touchpoint, told where the customer meets it first; later it is only named.
    fn behaviours(&self, col: &Col<'_>) -> Vec<Item> {
        let reached = self.reached(col);
        let before: Vec<Ix> =
            self.cols.iter().take_while(|other| other.at < col.at || other.step.is_none()).flat_map(|other| self.reached(other)).collect();
        reached.into_iter().flat_map(|to| self.expected_at(to, before.contains(&to))).collect()
    }

    fn reached(&self, col: &Col<'_>) -> Vec<Ix> {
        let touchpoints = col.step.map_or(&[][..], |step| &step.touchpoints);
        touchpoints.iter().filter_map(|to| self.cx.handbook.follow(self.ix, *to)).collect()
    }

    fn expected_at(&self, to: Ix, told: bool) -> Vec<Item> {
        let behaviours = self.cx.node(to).entity.data.touchpoint().map_or(&[][..], |touchpoint| &touchpoint.behaviours);
        let mut items: Vec<Item> = Vec::new();
        items.extend((!behaviours.is_empty()).then(|| Item::Place { link: self.cx.link(to), told }));
        let mut before = "";
        for behaviour in behaviours.iter().filter(|_| !told) {
            let role = behaviour.role.as_ref().map_or("", |role| role.plain());
            let said = std::mem::replace(&mut before, role) == role;
            let role = if said { String::new() } else { role.to_owned() };
            items.push(Item::Behaviour { role, html: self.cx.html_or(to, &behaviour.text) });
        }
        items
    }

    fn scores(&self, col: &Col<'_>) -> Vec<Item> {
        let reached = self.reached(col).into_iter();
        reached
            .filter_map(|to| {
                let newest = *insight::scores(self.cx.handbook, to).last()?;
                let target = self.cx.node(to).entity.data.touchpoint().and_then(|touchpoint| touchpoint.target).map(|target| target.0);
                Some(Item::Score {
                    link: self.cx.link(to),
                    score: self.cx.words.number(newest.score),
                    date: self.cx.words.date_short(newest.date),
                    below: target.is_some_and(|target| newest.score < target),
                    target: target.map(|target| self.cx.words.number(target)).unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The departments that have something to do, in the order in which they come in.
    fn departments(&self) -> Vec<Ix> {
        let mut order: Vec<Ix> = Vec::new();
        for (department, _) in self.duties.iter().flatten() {
            if !order.contains(department) {
                order.push(*department);
            }
        }
        order
    }

    fn department_lanes(&mut self, departments: &[Ix]) {
        for &department in departments {
            let cells = (0..self.cols.len()).map(|from| Cell { from, span: 1, items: self.duty(from, department) }).collect();
            self.push(Lane { key: "department", group: "dept", link: Some(self.cx.link(department)), cells, ..Lane::default() });
        }
    }

    /// What a department does in the step of a column.
    fn duty(&self, column: usize, department: Ix) -> Vec<Item> {
        let duty = self.duties[column].iter().find(|(who, _)| *who == department);
        duty.map(|(_, duty)| self.role(&self.cols[column], department, *duty)).into_iter().collect()
    }

    fn role(&self, col: &Col<'_>, department: Ix, duty: Duty) -> Item {
        let html = col.step.map(|step| does(self.cx, department, self.ix, step)).unwrap_or_default();
        let key = duty_name(duty);
        Item::Role { duty: key, word: self.cx.words.get(&format!("ui.lane.{key}")), html }
    }

    fn lead(&self, col: &Col<'_>) -> Vec<Item> {
        let leads = |step: &Step| step.lead.and_then(|lead| self.cx.handbook.follow(self.ix, lead));
        let Some(step) = col.step else { return Vec::new() };
        let before = self.cols.iter().filter_map(|other| other.step.filter(|_| other.at < col.at)).next_back();
        let (now, then) = (leads(step), before.and_then(|before| leads(before)));
        let handed = now.is_some() && then.is_some() && now != then;
        vec![Item::Lead { link: now.map(|now| self.cx.link(now)), handed }]
    }

    fn known(&self, col: &Col<'_>) -> Vec<Item> {
        let Some(step) = col.step else { return Vec::new() };
        let known: Known = self.insight.steps[col.at].known;
        vec![Item::Known {
            known: known.word(),
            word: self.cx.words.choice("", "known", known.word()),
            evidence: self.cx.follow_all(self.ix, &step.evidence),
        }]
    }
}

/// The words of a lane.
fn lane_words(key: &str) -> &'static str {
    match key {
        "goal" => "ui.lane.goal",
        "feel" => "ui.lane.feelings",
        "feels" => "field.step.feels",
        "does" => "ui.lane.does",
        "duration" => "ui.lane.duration",
        "core_tasks" => "ui.lane.core_tasks",
        "touchpoints" => "ui.lane.touchpoints",
        "thinks" => "ui.lane.thinks",
        "expects" => "ui.lane.expects",
        "questions" => "ui.lane.questions",
        "pains" => "ui.lane.pains",
        "gains" => "ui.lane.gains",
        "barriers" => "ui.lane.barriers",
        "opportunity" => "ui.lane.opportunities",
        "phase_improvements" | "improvements" => "ui.lane.improvements",
        "personalise" => "ui.lane.personalise",
        "actions" => "ui.lane.actions",
        "sources" => "ui.lane.sources",
        "alternatives" => "ui.lane.alternatives",
        "relevance" => "ui.lane.relevance",
        "next_when" => "field.phase.next_when",
        "next" => "field.step.next",
        "behaviours" => "ui.lane.behaviour",
        "visits" => "ui.lane.visits",
        "lead" => "ui.lane.lead",
        "frontstage" => "ui.lane.frontstage",
        "backstage" => "ui.lane.backstage",
        "support" => "ui.lane.support",
        "covers" => "field.step.covers",
        _ => "ui.lane.evidence",
    }
}

/// The words of a group of lanes.
pub(super) fn group_words(group: &str) -> &'static str {
    match group {
        "goal" => "ui.lane.goal",
        "feel" => "ui.lane.feelings",
        "do" => "ui.lane.does",
        "tp" => "ui.lane.touchpoints",
        "think" => "ui.lane.thinks",
        "pain" => "ui.lane.pains",
        "opp" => "ui.lane.opportunities",
        "chan" => "ui.lane.actions",
        "rel" => "ui.lane.relevance",
        "next" => "field.step.next",
        "beh" => "ui.lane.behaviour",
        "mv" => "ui.lane.visits",
        "dept" => "ui.lane.roles",
        "stage" => "ui.lane.frontstage",
        _ => "ui.lane.evidence",
    }
}
