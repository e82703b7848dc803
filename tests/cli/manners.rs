//! How the command behaves towards terminals, pipes and shells.
use std::process::Stdio;

use journeybook::base::Rule;

use crate::support::{TODAY, command, finished, handbook, run, sample};

/// A pipe that nobody reads any more.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    Stdio::from(writer)
}

#[test]
fn a_closed_pipe_is_no_error() {
    let (broken, whole) = (sample("broken"), sample("de-linde"));
    let quiet = |folder: &std::path::Path, args: &[&str]| {
        let done = finished(command(folder, args).stdout(closed()).output().unwrap());
        assert!(!done.err.contains("panicked") && !done.err.contains("error:"), "{args:?}: {}", done.err);
        done.code
    };
    assert_eq!(quiet(broken.path(), &["check", "--today", TODAY]), 1);
    for args in [&["export", "json"][..], &["schema"], &["explain"], &["explain", "stale"], &["completions", "bash"], &["--help"]] {
        assert_eq!(quiet(whole.path(), args), 0, "{args:?}");
    }
    let done = command(broken.path(), &["check"]).stderr(closed()).stdout(Stdio::null()).status().unwrap();
    assert_eq!(done.code(), Some(1), "nobody to speak to is no error either");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_one() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let folder = handbook(&[]);
    let done = finished(command(folder.path(), &["export", "json"]).stdout(full).output().unwrap());
    assert_eq!(done.code, 2);
    assert!(done.err.contains("stdout cannot be written"), "{}", done.err);
}

#[test]
fn no_colour_outside_a_terminal() {
    let folder = sample("broken");
    for args in [&["check"][..], &["--help"], &["chekc"], &["build"]] {
        let mut command = command(folder.path(), args);
        let done = finished(command.env("CLICOLOR_FORCE", "1").env("TERM", "xterm-256color").output().unwrap());
        assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'), "{args:?}");
    }
}

#[test]
fn no_author_commands_the_terminal() {
    let evil = "---\ntitle: \"a\\e[31mb\\u009bc\\a\"\nwrong\u{7}: 1\nlens: \"\\e]0;x\\a\"\n---\n";
    let folder = handbook(&[("content/personas/evil.md", evil)]);
    for format in ["human", "short"] {
        let done = run(folder.path(), &["check", "--format", format]);
        let bad = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
        assert!(!bad(&done.out) && !bad(&done.err), "{format}: {:?}", done.out);
        assert!(!done.out.is_empty());
    }
}

#[test]
fn each_rule_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    for rule in Rule::ALL {
        let done = run(folder.path(), &["explain", rule.name()]);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{}", rule.name());
        assert!(done.out.starts_with(&format!("`{}`", rule.name())) && done.out.len() > 200, "{}", done.out);
    }
    let list = run(folder.path(), &["explain"]);
    assert_eq!(list.out.lines().count(), Rule::ALL.len());
    assert!(list.out.contains("no-before") && list.out.contains("advice"));
    let done = run(folder.path(), &["explain", "no-befor"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("Did you mean `no-before`?"), "{}", done.err);
}

#[test]
fn shells_are_taught() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = run(folder.path(), &["completions", shell]);
        assert_eq!(done.code, 0);
        assert!(done.out.contains("journeybook") && done.out.contains("mermaid"), "{shell}");
    }
    assert_eq!(run(folder.path(), &["completions", "tcl"]).code, 2);
}

#[test]
fn help_names_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"]);
    insta::assert_snapshot!(help.out);
    assert_eq!(run(folder.path(), &[]).code, 2);
    assert_eq!(run(folder.path(), &["--version"]).out, format!("journeybook {}\n", env!("CARGO_PKG_VERSION")));
}
