//! The page of what changed, and what the history shows on the others.
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::repository::{Repository, Run, TODAY, run};

fn build(repository: &Repository, arguments: &[&str]) -> Run {
    run(repository.top(), &[&["build", "--today", TODAY], arguments].concat(), &[])
}

fn page(repository: &Repository, path: &str) -> String {
    fs::read_to_string(repository.path("public").join(path)).unwrap()
}

/// A page comes, one goes, a journey changes in many ways.
fn changed() -> Repository {
    let repository = Repository::ferry();
    repository.write("content/personas/bob.md", "---\ntitle: Bob & Son\nevidence: [talks]\n---\n");
    repository.replace("content/journeys/trip.md", "personas: [anna]", "personas: [anna, bob]");
    repository.replace("content/journeys/trip.md", "emotion: -1\n", "emotion: 0.5\n");
    repository.replace("content/journeys/trip.md", "touchpoints: [bar]", "touchpoints: [website]");
    repository.replace(
        "content/journeys/trip.md",
        "      - id: cross\n",
        "      - id: board\n        title: Go on board\n        emotion: 0\n        lead: crew\n      - id: cross\n",
    );
    repository.replace("content/journeys/trip.md", "twenty minutes", "forty minutes");
    repository.remove("content/touchpoints/bar.md");
    repository
}

#[test]
fn the_page_is_there_only_when_comparing() {
    let repository = changed();
    assert_eq!(build(&repository, &[]).code, 0);
    assert!(!repository.path("public/changes.html").exists());
    assert!(!page(&repository, "journeys/trip.html").contains("changes.html"));
    let told = build(&repository, &["--compare", "main"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let changes = page(&repository, "changes.html");
    for text in ["Go on board", "−1 → +0.5", "The bar on board", "Bob &amp; Son", "<del>twenty</del> <ins>forty</ins>", "new step"] {
        assert!(changes.contains(text), "{text}");
    }
    assert!(!changes.contains("Bob & Son"), "texts are escaped");
    let mark = page(&repository, "journeys/trip.html");
    assert!(mark.contains("Changed since main") && mark.contains("../changes.html#_c-journey-trip"));
    assert!(page(&repository, "personas/bob.html").contains("New since main"));
    assert!(!page(&repository, "touchpoints/quay.html").contains("since main"));
    assert_eq!(build(&repository, &[]).code, 0);
    assert!(!repository.path("public/changes.html").exists());
}

#[test]
fn the_names_of_audiences_are_told_to_those_who_may_see_everything() {
    let repository = changed();
    repository.replace("book.toml", "staff = \"Everyone here\"", "staff = \"Everyone here\"\npartners = \"The rival line\"");
    for (audience, told) in [("staff", false), ("all", true)] {
        assert_eq!(build(&repository, &["--compare", "main", "--audience", audience]).code, 0);
        assert_eq!(page(&repository, "changes.html").contains("The rival line"), told, "{audience}");
    }
}

#[test]
fn a_comparison_that_cannot_be_opened_is_refused() {
    let repository = changed();
    for (base, said) in [("mian", "Did you mean `main`?"), ("main..side", "names two revisions"), ("--all", "there is no revision")] {
        let told = build(&repository, &[&format!("--compare={base}")]);
        assert!(told.code == 2 && told.err.contains(said), "{}", told.err);
        assert!(!repository.path("public").exists());
    }
    assert_eq!(build(&repository, &["--compare", "main..."]).code, 0);
}

/// Everything between `name="` and the next quote.
fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    html.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn its_links_lead_somewhere_in_both_languages() {
    for language in ["en", "nl"] {
        let repository = changed();
        repository.replace("book.toml", "currency", &format!("language = \"{language}\"\ncurrency"));
        assert_eq!(build(&repository, &["--compare", "before"]).code, 0);
        let html = page(&repository, "changes.html");
        assert!(!html.contains("ui.changes") && !html.contains(" style=") && !html.contains("<script>"), "{language}");
        let ids: BTreeSet<&str> = attributes(&html, "id").into_iter().collect();
        assert_eq!(ids.len(), attributes(&html, "id").len(), "ids are unique");
        for link in attributes(&html, "href").into_iter().filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let text = if path.is_empty() { html.clone() } else { fs::read_to_string(repository.path("public").join(path)).unwrap() };
            assert!(anchor.is_empty() || text.contains(&format!("id=\"{anchor}\"")), "{link}");
        }
        for label in attributes(&html, "aria-labelledby") {
            assert!(ids.contains(label), "{label}");
        }
    }
}

#[test]
fn the_same_bytes_wherever_it_lies() {
    let (one, two) = (changed(), changed());
    for repository in [&one, &two] {
        assert_eq!(build(repository, &["--compare", "main"]).code, 0);
    }
    assert_eq!(page(&one, "changes.html"), page(&two, "changes.html"));
}

#[test]
fn what_is_hidden_is_nowhere_in_a_compared_site() {
    let repository = Repository::ferry();
    repository.write("content/pages/plan.md", "---\ntitle: The secret plan\n---\nSell the boat.\n");
    repository.write("content/personas/carl.md", "---\ntitle: Secret Carl\nowner: Secret Service\n---\n");
    repository.replace("content/journeys/trip.md", "personas: [anna]", "personas: [anna, carl]");
    repository.commit("public");
    repository.replace("content/pages/plan.md", "title:", "audience: staff\ntitle:");
    repository.rename("content/pages/plan.md", "content/pages/plan-b.md");
    repository.replace("content/pages/plan-b.md", "title:", "was: plan\ntitle:");
    repository.replace("content/personas/carl.md", "title:", "draft: true\ntitle:");
    repository.replace("content/journeys/trip.md", "emotion: -1\n", "emotion: 0.5\n");
    repository.git(&["add", "-A"]);
    let without = |repository: &Repository| {
        let files = walkdir::WalkDir::new(repository.path("public")).sort_by_file_name().into_iter().map(Result::unwrap);
        let texts =
            files.filter(|entry| entry.file_type().is_file()).map(|entry| (entry.path().to_path_buf(), fs::read(entry.path()).unwrap()));
        let found = texts.filter(|(_, bytes)| {
            let text = String::from_utf8_lossy(bytes);
            text.contains("Secret") || text.contains("secret") || text.contains("Sell the boat") || text.contains("carl")
        });
        found.map(|(path, _)| path).collect::<Vec<_>>()
    };
    assert_eq!(build(&repository, &["--compare", "public"]).code, 0);
    assert!(page(&repository, "changes.html").contains("−1"));
    assert_eq!(without(&repository), [] as [&Path; 0]);
    assert_eq!(build(&repository, &["--compare", "public", "--audience", "all", "--drafts"]).code, 0);
    assert!(!without(&repository).is_empty());
}

#[test]
fn pages_tell_their_last_changes_and_name_nobody_unless_asked() {
    let repository = Repository::ferry();
    repository.replace("content/personas/anna.md", "Teacher", "Headmaster");
    repository.commit("Anna-is-promoted");
    assert_eq!(build(&repository, &[]).code, 0);
    let anna = page(&repository, "personas/anna.html");
    assert!(
        anna.contains("Last changes") && anna.contains("Anna-is-promoted") && anna.contains("1 January 2026") && anna.contains("before")
    );
    for path in ["personas/anna.html", "feed.xml", "index.html"] {
        assert!(!page(&repository, path).contains("Ann<"), "{path}");
    }
    assert!(page(&repository, "index.html").contains("Anna-is-promoted"));
    repository.replace("book.toml", "currency", "authors = true\ncurrency");
    assert_eq!(build(&repository, &[]).code, 0);
    assert!(page(&repository, "personas/anna.html").contains("<small>Ann</small>"));
    assert!(page(&repository, "feed.xml").contains("<author><name>Ann</name></author>"));
}
