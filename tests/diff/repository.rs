//! A repository with the ferry's handbook, and the command run in it.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The day that all tests are run on.
pub const TODAY: &str = "2026-11-25";

/// What a process did.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A repository; the handbook lies in a folder of it.
pub struct Repository {
    folder: TempDir,
    book: PathBuf,
}

impl Repository {
    /// The ferry's handbook at the top of a repository, committed and tagged `before`.
    pub fn ferry() -> Repository {
        let repository = Repository::empty("");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/handbook"), &repository.book);
        repository.commit("before");
        repository
    }

    /// A repository without a commit, its handbook to lie in a folder.
    pub fn empty(book: &str) -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join(book);
        fs::create_dir_all(&book).unwrap();
        let repository = Repository { folder, book };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    pub fn top(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the handbook.
    pub fn path(&self, path: &str) -> PathBuf {
        self.book.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces a text that has to be there.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not hold {from}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
    }

    /// Commits everything, and gives it a tag.
    pub fn commit(&self, tag: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", tag]);
        self.git(&["tag", "-f", tag]);
    }

    pub fn git(&self, arguments: &[&str]) {
        git(self.top(), arguments);
    }

    /// `journeybook diff` in the handbook's folder.
    pub fn diff(&self, arguments: &[&str]) -> Run {
        run(&self.book, &[&["diff", "--today", TODAY], arguments].concat(), &[])
    }

    /// What it says without what names the sides; nothing is wrong with the content.
    pub fn told(&self, arguments: &[&str]) -> String {
        let run = self.diff(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        let (first, rest) = run.out.split_once('\n').unwrap();
        format!("{}\n{rest}", first.rsplit_once(": ").map_or(first, |(_, tally)| tally))
    }

    /// The same as data.
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let run = self.diff(&[&["--format", "json"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        serde_json::from_str(&run.out).unwrap()
    }
}

pub fn git(folder: &Path, arguments: &[&str]) {
    let identity =
        ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always"];
    let mut git = Command::new("git");
    git.current_dir(folder).args(identity).args(arguments);
    git.env("GIT_COMMITTER_DATE", "2026-01-01T12:00:00Z").env("GIT_AUTHOR_DATE", "2026-01-01T12:00:00Z");
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = git.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

pub fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_journeybook"));
    command.current_dir(folder).args(arguments).envs(environment.iter().copied());
    for name in ["SOURCE_DATE_EPOCH", "NO_COLOR", "CLICOLOR_FORCE", "TZ", "LANG", "LC_ALL"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    Run {
        code: output.status.code().expect("the command ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file()) {
        let path = to.join(entry.path().strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(entry.path(), path).unwrap();
    }
}
