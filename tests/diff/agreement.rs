//! However two revisions are come by, what is said of them is the same: from git, from the files as they are, from two folders.
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::repository::{Repository, TODAY, run};

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

const NAMES: [&str; 8] = ["a\nb.md", "q\"uote.md", ":(glob)x.md", "-dash.md", "e\u{301}.md", "back\\slash.md", ".hidden.md", "sp ace.md"];
const SETTINGS: [&str; 4] = ["language = \"nl\"\n", "allow_html = true\n", "content = \"content/pages\"\n", "title = [\n"];

/// The pages of the handbook, sorted.
fn pages(repository: &Repository) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(repository.path("content")).sort_by_file_name().into_iter().map(Result::unwrap);
    all.filter(|entry| entry.file_type().is_file() && entry.path().extension().is_some_and(|end| end == "md"))
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// Does something to the handbook that somebody may do to it. What it was.
fn edit(repository: &Repository, dice: &mut Dice) -> String {
    let pages = pages(repository);
    let (page, other) = (dice.one(&pages).clone(), dice.one(&pages).clone());
    let bytes = fs::read(&page).unwrap();
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (one, two) = (dice.below(lines.len()), dice.below(lines.len()));
    let what = dice.below(14);
    match what {
        0..3 => lines.swap(one, two),
        3 => drop(lines.remove(one)),
        4 => lines.insert(one, lines[two].clone()),
        5 => return fs::remove_file(&page).map(|()| format!("{} gone", page.display())).unwrap(),
        6 => lines.iter_mut().for_each(|line| line.push(b'\r')),
        7 => lines.push(b"\n## More\n\nSee [[anna]] and [[nowhere]].\n".to_vec()),
        8 => lines = vec![vec![0, 159, 146, 150]],
        9 => lines.insert(0, b"---\ntitle: [x".to_vec()),
        10 => {
            fs::write(&page, fs::read(&other).unwrap()).unwrap();
            fs::write(&other, &bytes).unwrap();
            return format!("{} and {} exchanged", page.display(), other.display());
        }
        11 => {
            let name = dice.one(&NAMES);
            fs::write(page.with_file_name(name), format!("---\ntitle: Odd {one}\n---\n")).unwrap();
            return format!("{name:?} new");
        }
        12 => {
            let book = repository.read("book.toml");
            repository.write("book.toml", &format!("{}{book}", dice.one(&SETTINGS)));
            return "book.toml".to_owned();
        }
        _ => {
            let name = format!("content/pages/new-{one}.md");
            repository.write(&name, &format!("---\ntitle: New {two}\ntags: [x]\n---\nWords {one} and {two}.\n"));
            return name;
        }
    }
    fs::write(&page, lines.join(&b'\n')).unwrap();
    format!("{} by {what}", page.display())
}

/// What is told, but for what the sides are called and how a former name was found.
fn told(repository: &Repository, arguments: &[&str]) -> Value {
    let run = run(repository.top(), &[&["diff", "--today", TODAY, "--format", "json"], arguments].concat(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut told: Value = serde_json::from_str(&run.out).unwrap();
    told["base"] = Value::Null;
    told["head"] = Value::Null;
    for entity in told["entities"].as_array_mut().unwrap() {
        if ["file", "likeness"].contains(&entity["found_by"].as_str().unwrap_or_default()) {
            entity["found_by"] = json!("looks");
        }
    }
    told
}

fn tally(told: &Value, names: [&str; 3]) -> Value {
    let summary = &told["summary"];
    let findings = |which: &str| told["findings"][which].as_array().unwrap().len();
    json!([names.map(|name| &summary[name]), summary["same"], findings(if names[0] == "added" { "introduced" } else { "cured" })])
}

#[test]
fn the_same_is_said_however_the_sides_are_come_by() {
    let mut compared = 0;
    for seed in 0..14 {
        let mut dice = Dice(seed);
        let repository = Repository::ferry();
        let mut edits: Vec<String> = (0..dice.below(6)).map(|_| edit(&repository, &mut dice)).collect();
        repository.write("book.toml", "title = \"The ferry\"\n[rules]\nno-customer-contact = \"off\"\n[audiences]\nstaff = \"Everyone\"\n");
        repository.commit("a");
        edits.push("then".to_owned());
        edits.extend((0..=dice.below(6)).map(|_| edit(&repository, &mut dice)));
        if fs::read_to_string(repository.path("book.toml")).unwrap().starts_with("title = [") {
            continue;
        }
        let as_they_are = told(&repository, &["a"]);
        repository.commit("b");
        let between = told(&repository, &["a..b"]);
        let why = |what: &str| format!("{what}, seed {seed}: {edits:#?}");
        assert_eq!(between, told(&repository, &["a"]), "{}", why("a against the files"));
        let back = told(&repository, &["b..a"]);
        assert_eq!(tally(&between, ["added", "changed", "removed"]), tally(&back, ["removed", "changed", "added"]), "{}", why("back"));
        let none = told(&repository, &["b"]);
        assert!(none["entities"] == json!([]) && none["findings"] == json!({"introduced": [], "cured": []}), "{}: {none:#}", why("none"));
        // Git may know a former name that nothing else knows.
        if between["entities"].as_array().unwrap().iter().any(|entity| entity["found_by"] == "git") {
            continue;
        }
        compared += 1;
        assert_eq!(between, as_they_are, "{}", why("before it was committed"));
        let folders = tempfile::tempdir().unwrap();
        let folder = |name: &str| folders.path().join(name).display().to_string();
        ["a", "b"].iter().for_each(|tag| repository.git(&["worktree", "add", "-q", "--detach", &folder(tag), tag]));
        assert_eq!(between, told(&repository, &["--from", &folder("a"), "--to", &folder("b")]), "{}", why("two folders"));
    }
    assert!(compared > 6, "{compared}");
}
