//! `new`: a file with every field of a type, each with its prompt.
mod draft;
mod words;

use std::io::ErrorKind;
use std::path::Path;

use super::init::write;
use super::load::Book;
use super::speak::{print, shown};
use super::{Failure, Outcome, Ran};
use crate::base::{RelPath, slug};
use crate::handbook::Handbook;
use crate::model::Type;
use draft::Draft;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What it is: persona, journey, touchpoint, improvement, backlog, …
    #[arg(value_name = "TYPE")]
    kind: String,
    /// What it is called
    title: String,
}

/// What can be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Entity(Type),
    Backlog,
}

impl What {
    fn named(name: &str) -> Result<What, Failure> {
        let known: Vec<&str> = Type::ALL.iter().filter(|kind| kind.is_public()).map(|kind| kind.name()).chain(["backlog"]).collect();
        match Type::named(name) {
            Some(kind) => Ok(What::Entity(kind)),
            None if name == "backlog" => Ok(What::Backlog),
            None => Err(Failure::unknown("type", name, &known)),
        }
    }

    fn kind(self) -> Type {
        match self {
            What::Entity(kind) => kind,
            What::Backlog => Type::Improvement,
        }
    }
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let what = What::named(&args.kind)?;
    let title: String =
        args.title.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let id = slug(&title);
    if id.is_empty() {
        return Err(Failure::new("the title makes no file name").help("Give it a title with letters or digits."));
    }
    let book = Book::open(root)?;
    let handbook = book.link_all();
    let path = place(&handbook, what, &id)?;
    let text = Draft::new(&handbook, &title, &id).write(what);
    let file = book.disk.path(&path);
    write(&file, &text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(&path),
        _ => Failure::new(format!("{path} cannot be written: {error}")),
    })?;
    print(&format!("{}\n", shown(&file).display()))?;
    Ok(Outcome::Clean)
}

/// Where the file goes; refused where its id is taken.
fn place(handbook: &Handbook, what: What, id: &str) -> Result<RelPath, Failure> {
    let kind = what.kind();
    let below = match kind {
        Type::Organisation => "index.md".to_owned(),
        kind => format!("{}/{id}.md", kind.folder()),
    };
    let taken = match kind {
        Type::Organisation => handbook.organisation(),
        kind => handbook.find(kind, id).filter(|_| what != What::Backlog),
    };
    if let Some(other) = taken {
        return Err(exists(&handbook.node(other).document.source.path));
    }
    if id == "index" && kind != Type::Organisation {
        return Err(Failure::new("`index.md` is the introduction of its folder").help("Give it another title."));
    }
    handbook.settings.content.join(&below).map_err(|_| Failure::new("the title makes no file name"))
}

fn exists(path: &RelPath) -> Failure {
    Failure::new(format!("{path} is there already, and is not overwritten")).help("Give the new one another title, or edit that file.")
}
