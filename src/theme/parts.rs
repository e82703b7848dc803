//! The pieces of a page that come in hundreds, drawn without a template: fields, back-references, the cells of a map. A theme that
//! wants them otherwise walks through the same data in its template.
mod map;
mod values;

use minijinja::{Environment, Error, ErrorKind, Value};

use crate::markup::escape_into;
use crate::view::{Advice, BackGroup, BackItem, FieldView, Lazy, LinkView, MapView, NavItem, TocItem, Val};
use crate::words::Lexicon;

/// Makes the parts known to templates: `page.fields|fieldlist`, `page.backlinks|backs`, `shell.toc|toc`, `map|maptable`.
pub(super) fn register(environment: &mut Environment<'static>, words: &Lexicon) {
    environment.add_filter("val", |value: &Value| drawn(Lazy::<Val>::read(value, one_val), "a field's value"));
    values::register(environment, words);
    environment.add_filter("fieldlist", |value: &Value| drawn(Lazy::<Vec<FieldView>>::read(value, |fields| fieldlist(fields)), "fields"));
    environment
        .add_filter("backlist", |value: &Value| drawn(Lazy::<Vec<BackGroup>>::read(value, |groups| backlist(groups)), "back-references"));
    let heading = words.get("ui.frame.backlinks");
    environment.add_filter("backs", move |value: &Value| {
        drawn(Lazy::<Vec<BackGroup>>::read(value, |groups| backs(groups, &heading)), "back-references")
    });
    let heading = words.get("ui.frame.on_this_page");
    environment.add_filter("toc", move |value: &Value| {
        drawn(Lazy::<Vec<TocItem>>::read(value, |items| toc(items, &heading)), "a page's headings")
    });
    let heading = words.get("ui.finding.title");
    environment.add_filter("advice", move |value: &Value| {
        drawn(Lazy::<Vec<Advice>>::read(value, |list| advice(list, &heading)), "what could be better about a page")
    });
    environment
        .add_filter("navlist", |value: &Value| drawn(Lazy::<Vec<NavItem>>::read(value, |items| navlist(items)), "the header's links"));
    let words = map::MapWords::new(words);
    environment.add_filter("maptable", move |value: &Value| drawn(Lazy::<MapView>::read(value, |map| map::tables(map, &words)), "a map"));
}

fn drawn(html: Option<String>, what: &str) -> Result<Value, Error> {
    html.map(Value::from_safe_string)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("this filter draws {what} as the page holds them")))
}

fn fieldlist(fields: &[FieldView]) -> String {
    let mut out = String::with_capacity(fields.len() * 200);
    for field in fields {
        out.push_str("<div class=\"fieldlist__f\"><h2>");
        escape_into(&mut out, &field.label);
        out.push_str("</h2><div>");
        val(&mut out, &field.value);
        out.push_str("</div></div>\n");
    }
    out
}

fn one_val(value: &Val) -> String {
    let mut out = String::new();
    val(&mut out, value);
    out
}

fn push(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

pub(super) fn val(out: &mut String, value: &Val) {
    match value {
        Val::Text { html } => out.push_str(html),
        Val::Claim { html, known, word, evidence } => {
            mark(out, known, word);
            out.push_str(html);
            if !evidence.is_empty() {
                out.push_str(" <span class=\"refs\">(");
                links(out, evidence);
                out.push_str(")</span>");
            }
        }
        Val::Link { link: to } => link(out, to),
        Val::List { items } => match items.as_slice() {
            [one] if !matches!(one, Val::Record { .. }) => val(out, one),
            items if is_table(items) => table(out, items),
            items => {
                out.push_str("<ul class=\"vals\">");
                for item in items {
                    out.push_str("<li>");
                    val(out, item);
                    out.push_str("</li>");
                }
                out.push_str("</ul>");
            }
        },
        Val::Map { entries } => {
            out.push_str("<dl class=\"pairs\">");
            for entry in entries {
                pair(out, |out| val(out, &entry.key), &entry.value);
            }
            out.push_str("</dl>");
        }
        Val::Record { title, fields } => record(out, title, fields),
    }
}

/// Whether a list of records is better read as a table: several, untitled, each of a few fields that hold no lists of their own.
fn is_table(items: &[Val]) -> bool {
    let is_plain = |field: &FieldView| matches!(field.value, Val::Text { .. } | Val::Link { .. } | Val::Claim { .. });
    let is_row = |item: &Val| matches!(item, Val::Record { title, fields } if title.is_empty() && fields.iter().all(is_plain));
    items.len() > 1 && items.iter().all(is_row) && labels(items).len() < 5
}

/// The labels of the fields of all records, as they first come up.
fn labels(items: &[Val]) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for field in items.iter().flat_map(row) {
        if !out.contains(&&*field.label) {
            out.push(&field.label);
        }
    }
    out
}

fn row(item: &Val) -> &[FieldView] {
    if let Val::Record { fields, .. } = item { fields } else { &[] }
}

fn table(out: &mut String, items: &[Val]) {
    let labels = labels(items);
    out.push_str("<table class=\"plain\"><thead><tr>");
    for label in &labels {
        out.push_str("<th scope=\"col\">");
        escape_into(out, label);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for item in items {
        out.push_str("<tr>");
        for label in &labels {
            out.push_str("<td>");
            match row(item).iter().find(|field| field.label == *label) {
                Some(field) => val(out, &field.value),
                None => out.push('–'),
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn record(out: &mut String, title: &str, fields: &[FieldView]) {
    if !title.is_empty() {
        out.push_str("<b>");
        escape_into(out, title);
        out.push_str("</b>");
    }
    if fields.is_empty() {
        return;
    }
    out.push_str("<dl class=\"pairs\">");
    for field in fields {
        pair(out, |out| escape_into(out, &field.label), &field.value);
    }
    out.push_str("</dl>");
}

/// A name and a value, as a row of a description list.
pub(super) fn pair(out: &mut String, name: impl FnOnce(&mut String), value: &Val) {
    out.push_str("<div><dt>");
    name(out);
    out.push_str("</dt><dd>");
    val(out, value);
    out.push_str("</dd></div>");
}

/// The mark of a known or assumed statement, with its word for those who cannot see it.
fn mark(out: &mut String, known: &str, word: &str) {
    if known.is_empty() {
        return;
    }
    let icon = if known == "known" { "known" } else { "assumed" };
    push(out, &["<svg class=\"i ka ka--", &known[..1], "\" aria-hidden=\"true\"><use href=\"#i-", icon, "\"/></svg><span class=\"vh\">"]);
    escape_into(out, word);
    out.push_str(": </span>");
}

pub(super) fn link(out: &mut String, link: &LinkView) {
    if link.url.is_empty() {
        return escape_into(out, &link.title);
    }
    out.push_str("<a href=\"");
    escape_into(out, &link.url);
    out.push_str(if link.kind == "outside" { "\" rel=\"noopener noreferrer\">" } else { "\">" });
    escape_into(out, &link.title);
    out.push_str("</a>");
}

fn links(out: &mut String, list: &[LinkView]) {
    for (at, to) in list.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        link(out, to);
    }
}

/// The opening of a section, and the heading that names it.
fn section(out: &mut String, class: &str, anchor: &str, heading: &str) {
    push(out, &["<section class=\"", class, "\" aria-labelledby=\"", anchor, "\"><h2 id=\"", anchor, "\">"]);
    escape_into(out, heading);
    out.push_str("</h2>");
}

/// The page's own headings, where there are more than two.
fn toc(items: &[TocItem], heading: &str) -> String {
    let mut out = String::new();
    if items.len() <= 2 {
        return out;
    }
    out.push_str("<nav class=\"onpage\" aria-labelledby=\"_toc\"><h2 id=\"_toc\">");
    escape_into(&mut out, heading);
    out.push_str("</h2><ol class=\"toc\">\n");
    for item in items {
        push(&mut out, &["<li class=\"toc--", &item.level.to_string(), "\"><a href=\"#"]);
        escape_into(&mut out, &item.id);
        out.push_str("\">");
        escape_into(&mut out, &item.title);
        out.push_str("</a></li>\n");
    }
    out.push_str("</ol></nav>\n");
    out
}

fn advice(list: &[Advice], heading: &str) -> String {
    let mut out = String::new();
    if list.is_empty() {
        return out;
    }
    section(&mut out, "advice noprint", "_advice", heading);
    out.push_str("<ul class=\"attn\">\n");
    for advice in list {
        out.push_str("<li>");
        icon(&mut out, "warn");
        push(&mut out, &["<div>", &advice.message_html]);
        if !advice.help_html.is_empty() {
            push(&mut out, &["<p>", &advice.help_html, "</p>"]);
        }
        out.push_str("</div></li>\n");
    }
    out.push_str("</ul></section>\n");
    out
}

fn backs(groups: &[BackGroup], heading: &str) -> String {
    if groups.is_empty() {
        return String::new();
    }
    let mut out = String::with_capacity(groups.len() * 600);
    section(&mut out, "backs", "_backs", heading);
    push(&mut out, &["\n<div class=\"backs__g\">\n", &backlist(groups), "</div></section>\n"]);
    out
}

fn backlist(groups: &[BackGroup]) -> String {
    let mut out = String::with_capacity(groups.len() * 600);
    for group in groups {
        push(&mut out, &["<section><h3 id=\"_back-", &group.relation, "\">"]);
        escape_into(&mut out, &group.heading);
        out.push_str("</h3><ul class=\"backlist\">\n");
        for item in &group.items {
            back_item(&mut out, item);
        }
        out.push_str("</ul></section>\n");
    }
    out
}

fn back_item(out: &mut String, item: &BackItem) {
    out.push_str("<li>");
    link(out, &item.link);
    for (sign, part) in [("›", &item.part), ("→", &item.to)] {
        if let Some(part) = part {
            push(out, &[" <span class=\"backlist__p\">", sign, " "]);
            link(out, part);
            out.push_str("</span>");
        }
    }
    if !item.context.is_empty() {
        out.push_str("<span class=\"backlist__c\">");
        escape_into(out, &item.context);
        out.push_str("</span>");
    }
    out.push_str("</li>\n");
}

fn navlist(items: &[NavItem]) -> String {
    let mut out = String::with_capacity(items.len() * 80);
    for item in items {
        out.push_str("<li><a href=\"");
        escape_into(&mut out, &item.url);
        out.push_str(match (item.here, item.current) {
            (true, _) => "\" aria-current=\"page\">",
            (_, true) => "\" aria-current=\"true\">",
            _ => "\">",
        });
        escape_into(&mut out, &item.title);
        out.push_str("</a></li>\n");
    }
    out
}

/// An icon of the sprite.
fn icon(out: &mut String, name: &str) {
    push(out, &["<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-", name, "\"/></svg>"]);
}
