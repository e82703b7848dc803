//! `review`: says in the files that somebody checked these pages today, and changes no other byte of them.
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::export::find;
use super::load::{Book, today};
use super::speak::tell;
use super::{Failure, Outcome, Ran};
use crate::base::{Date, RelPath, Rule, Source};
use crate::document::{Document, FieldPlace, Role, field_place};
use crate::handbook::{Handbook, Ix, Settings};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What was reviewed: ids, or type:id
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// The day to write [default: today]
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
}

const FIELD: &str = "reviewed";

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let today = today(args.today.as_deref())?;
    let book = Book::open(root)?;
    let handbook = book.link_all();
    let mut texts: BTreeMap<RelPath, Source> = BTreeMap::new();
    // Everything is worked out before anything is written.
    for id in &args.ids {
        let ix = find(&handbook, id)?;
        let path = handbook.node(ix).document.source.path.clone();
        let source = texts.get(&path).unwrap_or(&handbook.node(ix).document.source);
        let text = reviewed(&handbook, ix, source, today)?;
        texts.insert(path.clone(), Source::new(path, text));
    }
    for (path, source) in texts {
        let before = handbook.documents.iter().find(|document| document.source.path == path).map(|document| &document.source.text);
        if before == Some(&source.text) {
            tell(&format!("{path}: was reviewed on {today} already\n"));
            continue;
        }
        replace(&book.disk.path(&path), before.map_or("", |text| text), &source.text)
            .map_err(|error| Failure::new(format!("{path} cannot be written: {error}")))?;
        tell(&format!("{path}: reviewed on {today}\n"));
    }
    Ok(Outcome::Clean)
}

/// The text of an entity's file with the day of its review in it.
fn reviewed(handbook: &Handbook, ix: Ix, source: &Source, today: Date) -> Result<Arc<str>, Failure> {
    let node = handbook.node(ix);
    let by_hand = |why: &str| Failure::new(format!("{}: {why}", source.path)).help(format!("Set `{FIELD}: {today}` there by hand."));
    if source.path.extension() != "md" {
        return Err(Failure::new(format!("`{}` comes from the table {}, which has no `{FIELD}`", node.entity.id, source.path)));
    }
    if node.document.diagnostics.iter().any(|finding| finding.rule == Rule::NotUtf8) {
        return Err(by_hand("it is not UTF-8"));
    }
    let many = node.document.role == Role::Backlog;
    let own = many.then(|| field_place(source, FIELD, Some(node.item as usize))).flatten();
    let place = own.or_else(|| field_place(source, FIELD, None)).ok_or_else(|| by_hand("there is no front matter that can be read"))?;
    let text = set(&source.text, place, today);
    let is_set = |document: &Document| {
        let own = document.entities.get(node.item as usize).and_then(|entity| entity.common.reviewed);
        own.or(document.common.reviewed) == Some(today)
    };
    let (old, new) = (parse(source, source.text.clone(), &handbook.settings), parse(source, text.clone(), &handbook.settings));
    match is_set(&new) && new.diagnostics.len() <= old.diagnostics.len() && new.entities.len() == old.entities.len() {
        true => Ok(text),
        false => Err(by_hand("the front matter is written in a way that no line can be set in")),
    }
}

fn parse(source: &Source, text: Arc<str>, settings: &Settings) -> Document {
    Document::parse(Source::new(source.path.clone(), text), &settings.content, settings.markup)
}

fn set(text: &str, place: FieldPlace, today: Date) -> Arc<str> {
    match place {
        FieldPlace::Value(span) => format!("{}{today}{}", &text[..span.range().start], &text[span.range().end..]),
        FieldPlace::Empty(at) => format!("{} {today}{}", &text[..at], &text[at..]),
        FieldPlace::Absent(at, indent, between) => {
            let end = if text[..at].ends_with("\r\n") { "\r\n" } else { "\n" };
            format!("{}{:indent$}{FIELD}{between}{today}{end}{}", &text[..at], "", &text[at..])
        }
    }
    .into()
}

/// Writes beside the file, with its permissions, and puts that in its place: nobody ever reads half of it. What somebody saved since it
/// was read stays.
fn replace(path: &Path, before: &str, text: &str) -> std::io::Result<()> {
    // A link stays one.
    let path = fs::canonicalize(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = path.with_file_name(format!(".{name}.{}~", std::process::id()));
    let written = (|| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.set_permissions(fs::metadata(&path)?.permissions())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if fs::read(&path)? != before.as_bytes() {
            return Err(std::io::Error::other("it was saved in the meantime; run this again"));
        }
        fs::rename(&beside, &path)
    })();
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_in_the_meantime_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "saved").unwrap();
        assert!(replace(&path, "read", "reviewed").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "saved");
        replace(&path, "saved", "reviewed").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "reviewed");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}
