//! Small pieces that templates use by the dozen, as filters (`row.link|link`, `"warn"|icon`): an icon, a link, a statement, the facts at the head of a page. They read template
//! values, whatever made them.
use minijinja::{Environment, Value};

use super::{escape_into, icon, pair, push};
use crate::view::{FieldView, HistoryLine, Lazy};
use crate::words::Lexicon;

/// Facts that stand at the foot of a page, not at its head.
const AT_FOOT: [&str; 3] = ["was", "allow", "review_every"];

/// What stands where there is nothing.
const NIL: &str = "<span class=\"nil\" aria-hidden=\"true\">–</span>";

/// The words that the head and foot of a page need.
#[derive(Clone)]
struct HeadWords {
    owner: String,
    reviewed: String,
    details: String,
    id: String,
    source: String,
    history: String,
}

/// Makes the pieces known to templates.
pub(super) fn register(environment: &mut Environment<'static>, words: &Lexicon) {
    let nil = Value::from_safe_string(NIL.to_owned());
    environment.add_function("nil", move || nil.clone());
    environment.add_filter("bar", |width: &str, low: bool| drawn(|out| bar(out, width, low)));
    environment.add_filter("feels", |list: &Value| drawn(|out| feels(out, list)));
    environment.add_filter("icon", |name: &str| drawn(|out| icon(out, name)));
    environment.add_filter("link", |to: &Value| drawn(|out| link(out, to)));
    environment.add_filter("links", |list: &Value| drawn(|out| links(out, list)));
    environment.add_filter("fresh", |fresh: &Value| drawn(|out| self::fresh(out, fresh)));
    let head = HeadWords {
        owner: words.get("field.owner"),
        reviewed: words.get("field.reviewed"),
        details: words.get("ui.frame.details"),
        id: words.get("ui.frame.id"),
        source: words.get("ui.frame.source"),
        history: words.get("ui.changes.history"),
    };
    let foot = head.clone();
    environment.add_filter("headfacts", move |page: &Value| drawn(|out| facts(out, page, &head)));
    environment.add_filter("aboutpage", move |page: &Value| drawn(|out| about(out, page, &foot)));
}

fn drawn(draw: impl FnOnce(&mut String)) -> Value {
    let mut out = String::with_capacity(256);
    draw(&mut out);
    Value::from_safe_string(out)
}

/// Reads the text of an attribute; nothing where there is none.
fn read<R>(value: &Value, name: &str, read: impl FnOnce(&str) -> R) -> R {
    let attribute = value.get_attr(name).ok();
    read(attribute.as_ref().and_then(Value::as_str).unwrap_or(""))
}

fn is_set(value: &Value, name: &str) -> bool {
    value.get_attr(name).is_ok_and(|attribute| attribute.is_true())
}

fn each(value: &Value, mut draw: impl FnMut(usize, &Value)) {
    for (at, item) in value.try_iter().into_iter().flatten().enumerate() {
        draw(at, &item);
    }
}

fn attribute(value: &Value, name: &str) -> Value {
    value.get_attr(name).unwrap_or_default()
}

fn link(out: &mut String, to: &Value) {
    let linked = read(to, "url", |url| {
        if url.is_empty() {
            return false;
        }
        out.push_str("<a href=\"");
        escape_into(out, url);
        true
    });
    if linked {
        out.push_str(read(to, "kind", |kind| if kind == "outside" { "\" rel=\"noopener noreferrer\">" } else { "\">" }));
    }
    read(to, "title", |title| escape_into(out, title));
    out.push_str(if linked { "</a>" } else { "" });
}

fn links(out: &mut String, list: &Value) {
    each(list, |at, to| {
        out.push_str(if at > 0 { ", " } else { "" });
        link(out, to);
    });
}

/// A bar of a width in per cent.
fn bar(out: &mut String, width: &str, low: bool) {
    let class = if low { "meter meter--low" } else { "meter" };
    push(
        out,
        &[
            "<svg class=\"",
            class,
            "\" width=\"100%\" aria-hidden=\"true\"><rect class=\"meter__bg\" width=\"100%\" height=\"6\" rx=\"1\"/>",
        ],
    );
    push(out, &["<rect class=\"meter__v\" width=\"", width, "%\" height=\"6\" rx=\"1\"/></svg>"]);
}

/// Feelings, each with its face; a dash where there is none.
fn feels(out: &mut String, list: &Value) {
    let before = out.len();
    each(list, |at, feel| {
        out.push_str(if at > 0 { " <span class=\"feeling" } else { "<span class=\"feeling" });
        read(feel, "tone", |tone| {
            if !tone.is_empty() {
                push(out, &[" feel--", tone])
            }
        });
        out.push_str("\">");
        read(feel, "face", |face| icon(out, &["face-", face].concat()));
        read(feel, "who", |who| {
            escape_into(out, who);
            out.push_str(if who.is_empty() { "" } else { ": " });
        });
        read(feel, "word", |word| escape_into(out, word));
        out.push(' ');
        read(feel, "value", |value| escape_into(out, value));
        out.push_str("</span>");
    });
    if out.len() == before {
        out.push_str(NIL);
    }
}

fn fresh(out: &mut String, fresh: &Value) {
    read(fresh, "state", |state| {
        let name = match state {
            "ok" => "ok",
            "draft" => "draft",
            "stale" => "warn",
            _ => "clock",
        };
        push(out, &["<span class=\"fresh fresh--", state, "\">"]);
        icon(out, name);
    });
    read(fresh, "words", |words| escape_into(out, words));
    out.push_str("</span>");
}

/// Who answers for a page, how fresh it is, and its short facts.
fn facts(out: &mut String, page: &Value, words: &HeadWords) {
    out.push_str("<dl class=\"facts\">\n");
    if is_set(page, "owner") {
        push(out, &["<div><dt>", &words.owner, "</dt><dd>"]);
        link(out, &attribute(page, "owner"));
        out.push_str("</dd></div>\n");
    }
    let fresh = attribute(page, "fresh");
    let never = read(page, "kind", |kind| kind == "visit") && read(&fresh, "state", |state| state == "never");
    if !never {
        push(out, &["<div><dt>", &words.reviewed, "</dt><dd>"]);
        self::fresh(out, &fresh);
        out.push_str("</dd></div>\n");
    }
    fact_rows(out, page, |fact| fact.name != "reviewed" && !AT_FOOT.contains(&fact.name));
    out.push_str("</dl>\n");
}

/// The page's id, its file, and what only its authors ask for.
fn about(out: &mut String, page: &Value, words: &HeadWords) {
    push(out, &["<details class=\"more about\"><summary>", &words.details, "</summary>\n<dl class=\"pairs\"><div><dt>"]);
    push(out, &[&words.id, "</dt><dd><code>"]);
    read(page, "id", |id| escape_into(out, id));
    out.push_str("</code></dd></div></dl><p>");
    read(page, "source", |source| escape_into(out, &words.source.replace("{path}", source)));
    out.push_str("</p><dl class=\"pairs\">\n");
    fact_rows(out, page, |fact| AT_FOOT.contains(&fact.name));
    out.push_str("</dl>");
    Lazy::<Vec<HistoryLine>>::read(&attribute(page, "history"), |lines| history(out, lines, &words.history));
    out.push_str("</details>\n");
}

/// The last changes of a page's file.
fn history(out: &mut String, lines: &[HistoryLine], heading: &str) {
    if lines.is_empty() {
        return;
    }
    push(out, &["<h2>", heading, "</h2><ul class=\"recent\">"]);
    for line in lines {
        push(out, &["<li><time datetime=\"", &line.iso, "\">", &line.date, "</time><span>"]);
        escape_into(out, &line.subject);
        if !line.author.is_empty() {
            out.push_str(" <small>");
            escape_into(out, &line.author);
            out.push_str("</small>");
        }
        out.push_str("</span></li>");
    }
    out.push_str("</ul>");
}

fn fact_rows(out: &mut String, page: &Value, wanted: impl Fn(&FieldView) -> bool) {
    let facts = attribute(page, "facts");
    Lazy::<Vec<FieldView>>::read(&facts, |facts| {
        for fact in facts.iter().filter(|fact| wanted(fact)) {
            pair(out, |out| escape_into(out, &fact.label), &fact.value);
            out.push('\n');
        }
    });
}
