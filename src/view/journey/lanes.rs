//! The lanes of a map: for each, what stands in which cell. A lane in which nothing stands is left out.
use serde::Serialize;

use super::super::fields::{Val, claim_val};
use super::super::pieces::{feeling_key, tone};
use super::super::{Cx, LinkView};
use super::map::Col;
use crate::handbook::Ix;
use crate::insight::{self, Duty, Gap, JourneyInsight, WIDE_GAP};
use crate::model::{Claim, ImprovementStatus, Known, Ref, Text};

/// A lane.
#[derive(Debug, Serialize)]
pub struct Lane {
    /// Its name, for classes.
    pub key: &'static str,
    /// The group whose switch it hangs on.
    pub group: &'static str,
    /// Its label.
    pub label: String,
    /// A department's page, where the lane is one.
    pub link: Option<LinkView>,
    /// Its cells, from the left.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Default, Serialize)]
pub struct Cell {
    /// How many columns it spans.
    pub span: usize,
    /// First of its phase.
    pub edge: bool,
    /// The customer is alone in this step.
    pub alone: bool,
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
    Feel {
        /// The face: `m2` to `p2`.
        face: &'static str,
        /// The value.
        value: String,
        /// The word for it.
        word: String,
        /// Whose, where feelings are told apart.
        who: String,
        /// `high`, `low` or empty.
        tone: &'static str,
    },
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
        /// The channel's medium, the improvement's status, or nothing.
        tag: String,
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
        /// `leads`, `supports`, `informed` or `none`.
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
    /// A behaviour that is expected.
    Behaviour {
        /// Who.
        role: String,
        /// What.
        html: String,
        /// Where.
        link: LinkView,
    },
    /// A way on.
    Next {
        /// The step.
        link: LinkView,
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

struct Builder<'a, 'h> {
    cx: &'a Cx<'h>,
    ix: Ix,
    cols: &'a [Col<'a>],
    insight: &'a JourneyInsight,
    lanes: Vec<Lane>,
}

/// All lanes in which something stands, in the order of the map.
pub(super) fn lanes(cx: &Cx<'_>, ix: Ix, cols: &[Col<'_>], insight: &JourneyInsight) -> Vec<Lane> {
    let mut builder = Builder { cx, ix, cols, insight, lanes: Vec::new() };
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

    /// What the company does.
    fn company(&mut self) {
        self.steps("behaviours", "beh", Builder::behaviours);
        self.steps("visits", "mv", Builder::scores);
        self.departments();
        if self.lanes.iter().any(|lane| lane.key == "department")
            || self.cols.iter().any(|col| col.step.is_some_and(|step| step.lead.and_then(|lead| self.cx.follow(self.ix, lead)).is_some()))
        {
            self.steps("lead", "dept", Builder::lead);
        }
        self.steps("frontstage", "stage", |b, col| b.texts(col.step.and_then(|step| step.frontstage.as_ref())));
        self.steps("backstage", "stage", |b, col| b.texts(col.step.and_then(|step| step.backstage.as_ref())));
        self.steps("support", "stage", |b, col| b.texts(col.step.and_then(|step| step.support.as_ref())));
    }

    /// What is known, and what of the checklist is covered.
    fn knowledge(&mut self) {
        self.steps("evidence", "ev", Builder::known);
        self.steps("covers", "ev", |b, col| b.links(col.step.map_or(&[], |step| &step.covers)));
    }

    /// A lane with a cell for each column.
    fn steps(&mut self, key: &'static str, group: &'static str, fill: impl Fn(&Self, &Col<'_>) -> Vec<Item>) {
        let alone = |col: &Col<'_>| col.step.is_some() && self.insight.steps[col.at].alone;
        let cells: Vec<Cell> =
            self.cols.iter().map(|col| Cell { span: 1, edge: col.edge, alone: alone(col), items: fill(self, col) }).collect();
        self.push(key, group, None, cells);
    }

    /// A lane with a cell for each phase.
    fn phases(&mut self, key: &'static str, group: &'static str, fill: impl Fn(&Self, &Col<'_>) -> Vec<Item>) {
        let firsts = self.cols.iter().filter(|col| col.edge);
        let cells: Vec<Cell> =
            firsts.map(|col| Cell { span: col.phase.steps.len().max(1), edge: true, alone: false, items: fill(self, col) }).collect();
        self.push(key, group, None, cells);
    }

    fn push(&mut self, key: &'static str, group: &'static str, link: Option<LinkView>, cells: Vec<Cell>) {
        if cells.iter().any(|cell| cell.items.iter().any(|item| !matches!(item, Item::Alone | Item::Lead { link: None })))
            || (key == "lead" && !cells.is_empty())
        {
            let label = match &link {
                Some(link) => link.title.clone(),
                None => self.cx.words.get(lane_words(key)),
            };
            self.lanes.push(Lane { key, group, label, link, cells });
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
        links.map(|link| Item::Chip { link, tag: String::new(), star: false }).collect()
    }

    fn feelings(&self, col: &Col<'_>) -> Vec<Item> {
        if col.step.is_none() {
            return Vec::new();
        }
        let felt = self.insight.lines.iter().filter_map(|line| line.values[col.at].map(|value| (line.persona, value)));
        felt.map(|(persona, value)| Item::Feel {
            face: feeling_key(value),
            value: self.cx.words.signed(value),
            word: self.cx.words.feeling(value),
            who: persona.map(|persona| self.cx.node(persona).entity.title.to_string()).unwrap_or_default(),
            tone: tone(value),
        })
        .collect()
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
                Item::Chip { link: self.cx.link(to), tag, star: touchpoint.is_some_and(|touchpoint| touchpoint.star == Some(true)) }
            })
            .collect()
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
        let found = insight::improvements_for(self.cx.handbook, self.ix);
        let here = found.into_iter().filter(|(solved, _)| *solved == Some(part));
        here.map(|(_, ix)| {
            let status = self.cx.node(ix).entity.data.improvement().map_or(ImprovementStatus::Idea, |item| item.status());
            Item::Chip { link: self.cx.link(ix), tag: self.cx.words.choice("improvement", "status", status.word()), star: false }
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
        nexts
            .iter()
            .filter_map(|next| Some(Item::Next { link: self.cx.follow(self.ix, next.to?)?, html: self.cx.html_or(self.ix, &next.when) }))
            .collect()
    }

    fn behaviours(&self, col: &Col<'_>) -> Vec<Item> {
        let reached = col.step.map_or(&[][..], |step| &step.touchpoints).iter().filter_map(|to| self.cx.handbook.follow(self.ix, *to));
        let of = |to: Ix| {
            let behaviours = self.cx.node(to).entity.data.touchpoint().map_or(&[][..], |touchpoint| &touchpoint.behaviours);
            behaviours.iter().map(move |behaviour| Item::Behaviour {
                role: behaviour.role.as_ref().map(|role| role.plain().to_owned()).unwrap_or_default(),
                html: self.cx.html_or(to, &behaviour.text),
                link: self.cx.link(to),
            })
        };
        reached.flat_map(of).collect()
    }

    fn scores(&self, col: &Col<'_>) -> Vec<Item> {
        let reached = col.step.map_or(&[][..], |step| &step.touchpoints).iter().filter_map(|to| self.cx.handbook.follow(self.ix, *to));
        reached
            .filter_map(|to| {
                let newest = *insight::scores(self.cx.handbook, to).last()?;
                let target = self.cx.node(to).entity.data.touchpoint().and_then(|touchpoint| touchpoint.target).map(|target| target.0);
                Some(Item::Score {
                    link: self.cx.link(to),
                    score: self.cx.words.number(newest.score),
                    date: self.cx.words.date(newest.date),
                    below: target.is_some_and(|target| newest.score < target),
                    target: target.map(|target| self.cx.words.number(target)).unwrap_or_default(),
                })
            })
            .collect()
    }

    /// One lane for each department that has something to do, in the order in which they come in.
    fn departments(&mut self) {
        let mut order: Vec<Ix> = Vec::new();
        let duties: Vec<Vec<(Ix, Duty)>> =
            self.cols.iter().map(|col| col.step.map(|step| insight::duties(self.cx.handbook, self.ix, step)).unwrap_or_default()).collect();
        for (department, _) in duties.iter().flatten() {
            if !order.contains(department) {
                order.push(*department);
            }
        }
        for department in order {
            let cells = self.cols.iter().zip(&duties).map(|(col, duties)| {
                let duty = duties.iter().find(|(who, _)| *who == department).map(|(_, duty)| *duty);
                let alone = col.step.is_some() && self.insight.steps[col.at].alone;
                Cell { span: 1, edge: col.edge, alone, items: duty.map(|duty| self.role(col, department, duty)).into_iter().collect() }
            });
            let cells = cells.collect();
            self.push("department", "dept", Some(self.cx.link(department)), cells);
        }
    }

    fn role(&self, col: &Col<'_>, department: Ix, duty: Duty) -> Item {
        let role = col.step.and_then(|step| step.roles.iter().find(|(who, _)| self.cx.handbook.follow(self.ix, *who) == Some(department)));
        let html = role.map(|(_, role)| self.cx.html_or(self.ix, &role.does)).unwrap_or_default();
        let key = match duty {
            Duty::Leads => "leads",
            Duty::Supports => "supports",
            Duty::Informed => "informed",
        };
        Item::Role { duty: key, word: self.cx.words.get(&format!("ui.lane.{key}")), html }
    }

    fn lead(&self, col: &Col<'_>) -> Vec<Item> {
        col.step.map(|step| Item::Lead { link: step.lead.and_then(|lead| self.cx.follow(self.ix, lead)) }).into_iter().collect()
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
