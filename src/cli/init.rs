//! `init`: a new handbook that builds, with one of everything and the method explained.
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::speak::tell;
use super::{Failure, Outcome, Ran};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of the new handbook
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The language of the handbook
    #[arg(long, value_enum, default_value_t = Language::En)]
    language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// English
    En,
    /// Dutch
    Nl,
}

/// A file of a new handbook.
struct Template {
    /// Where it goes.
    path: &'static str,
    text: &'static str,
}

macro_rules! template {
    ($language:literal, $file:literal) => {
        template!($language, $file, $file)
    };
    ($language:literal, $file:literal, $path:literal) => {
        Template { path: $path, text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/init/", $language, "/", $file)) }
    };
}

const ENGLISH: &[Template] = &[
    template!("en", "book.toml"),
    template!("en", "content/channels/email.md"),
    template!("en", "content/channels/in-person.md"),
    template!("en", "content/channels/web.md"),
    template!("en", "content/departments/customer-service.md"),
    template!("en", "content/departments/marketing.md"),
    template!("en", "content/frameworks/active.md"),
    template!("en", "content/frameworks/engagement.md"),
    template!("en", "content/frameworks/functional.md"),
    template!("en", "content/frameworks/goal.md"),
    template!("en", "content/frameworks/target.md"),
    template!("en", "content/improvements/prices-on-the-site.md"),
    template!("en", "content/improvements/what-to-bring.md"),
    template!("en", "content/index.md"),
    template!("en", "content/journeys/first-visit.md"),
    template!("en", "content/pages/how-to.md"),
    template!("en", "content/personas/sam.md"),
    template!("en", "content/roadmaps/roadmap.md"),
    template!("en", "content/segments/new-customers.md"),
    template!("en", "content/touchpoints/confirmation.md"),
    template!("en", "content/touchpoints/counter.md"),
    template!("en", "content/touchpoints/website.md"),
    template!("en", "github.yml", ".github/workflows/handbook.yml"),
    template!("en", "gitignore", ".gitignore"),
    template!("en", "gitlab.yml", ".gitlab-ci.yml"),
];

const DUTCH: &[Template] = &[
    template!("nl", "book.toml"),
    template!("nl", "content/channels/e-mail.md"),
    template!("nl", "content/channels/persoonlijk.md"),
    template!("nl", "content/channels/web.md"),
    template!("nl", "content/departments/klantenservice.md"),
    template!("nl", "content/departments/marketing.md"),
    template!("nl", "content/frameworks/actief.md"),
    template!("nl", "content/frameworks/betrokkenheid.md"),
    template!("nl", "content/frameworks/doel.md"),
    template!("nl", "content/frameworks/functioneel.md"),
    template!("nl", "content/frameworks/target.md"),
    template!("nl", "content/improvements/prijzen-op-de-site.md"),
    template!("nl", "content/improvements/wat-meenemen.md"),
    template!("nl", "content/index.md"),
    template!("nl", "content/journeys/eerste-bezoek.md"),
    template!("nl", "content/pages/werkwijze.md"),
    template!("nl", "content/personas/sanne.md"),
    template!("nl", "content/roadmaps/routekaart.md"),
    template!("nl", "content/segments/nieuwe-klanten.md"),
    template!("nl", "content/touchpoints/balie.md"),
    template!("nl", "content/touchpoints/bevestiging.md"),
    template!("nl", "content/touchpoints/website.md"),
    template!("nl", "github.yml", ".github/workflows/handbook.yml"),
    template!("nl", "gitignore", ".gitignore"),
    template!("nl", "gitlab.yml", ".gitlab-ci.yml"),
];

pub(super) fn run(args: &Args) -> Ran {
    let templates = match args.language {
        Language::En => ENGLISH,
        Language::Nl => DUTCH,
    };
    refuse_to_overwrite(&args.folder, templates)?;
    for template in templates {
        let path = args.folder.join(template.path);
        write(&path, template.text).map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
    }
    let home = args.folder.strip_prefix(".").unwrap_or(&args.folder).join("content/index.md");
    tell(&format!("Wrote a new handbook of {} files. Look at {}, then run `{}`.\n", templates.len(), home.display(), next(&args.folder)));
    Ok(Outcome::Clean)
}

/// The command that shows the new handbook.
fn next(folder: &Path) -> String {
    let shown = folder.display().to_string();
    match shown.as_str() {
        "." => "journeybook serve --open".to_owned(),
        _ if shown.chars().all(|c| c.is_alphanumeric() || "._/-".contains(c)) && !shown.starts_with('-') => {
            format!("journeybook serve --open --root {shown}")
        }
        _ => format!("cd '{}' && journeybook serve --open", shown.replace('\'', "'\\''")),
    }
}

/// Nothing is written if any of the files is there already, or a file stands where a folder has to be.
fn refuse_to_overwrite(folder: &Path, templates: &[Template]) -> Result<(), Failure> {
    for template in templates {
        let path = folder.join(template.path);
        if path.symlink_metadata().is_ok() {
            return Err(Failure::new(format!("{} is there already, and is not overwritten", path.display()))
                .help("Name a new folder, or one that holds no handbook."));
        }
        let in_the_way =
            path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()).find(|above| above.exists() && !above.is_dir());
        if let Some(file) = in_the_way {
            return Err(Failure::new(format!("{} is no folder", file.display())).help("Name a folder for the new handbook."));
        }
    }
    Ok(())
}

/// Writes a new file, with the folders that it lies in.
pub(super) fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Somebody may have made the file since it was looked for.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;
    use crate::tree::{Disk, Tree};

    /// Each file under `themes/init` is in the table: a template that is not would never be written.
    #[test]
    fn no_template_is_forgotten() {
        for (language, templates) in [("en", ENGLISH), ("nl", DUTCH)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/init").join(language);
            let listing = Disk::new(&folder).unwrap().list(&RelPath::root());
            assert_eq!(listing.files.len(), templates.len(), "{language}");
        }
    }
}
