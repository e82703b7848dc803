//! The preview: a handbook as it is on disk now, in the author's browser.
//!
//! One thread looks at the files and makes scenes of them; the door and its few helpers answer from the current one. A tab is told that
//! there is another scene, and asks for its own page with the version that it has: so it is given new bytes if they differ, and
//! otherwise not.
// The preview is one of the edges: what `clippy.toml` bans elsewhere is at home here.
#![allow(clippy::disallowed_methods)]

mod desk;
mod door;
mod engine;
mod guard;
mod guess;
mod kept;
mod page;
mod problems;
mod scene;
mod shown;
mod snapshot;
mod watch;

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rayon::prelude::*;

pub use door::{After, LONGEST_HEAD, Method, Parsed, Refusal, Request, parse};
pub use engine::{Compare, Wanted};
pub use scene::{Scene, Trouble};
pub use watch::{LONE, Noticing};

use crate::base::RelPath;
use crate::markup::encode_path;
use crate::tree::{Disk, GitFolder, Stamp};
use desk::Preview;
use door::{Bell, Door};
use engine::{Engine, Update};
use guard::Guard;
use guess::Guess;
use snapshot::Snapshot;
use watch::{Burst, Watch};

/// A file that was emptied is waited for so long, since editors empty files before they write them.
const WRITING: Duration = Duration::from_millis(500);

/// So long after a save was shown everything is looked at, if it is quiet until then; and so long where it is not.
const SOON: Duration = Duration::from_millis(400);
const AT_LAST: Duration = Duration::from_secs(5);

/// So long git may take to write the files of another branch.
const LONGEST_OF_GIT: Duration = Duration::from_secs(30);

/// What a preview is of, and for whom.
pub struct Options {
    /// The handbook's folder.
    pub disk: Disk,
    /// What is shown.
    pub wanted: Wanted,
    /// Another name that it answers to.
    pub host: Option<String>,
    /// How changes are noticed.
    pub noticing: Noticing,
}

/// What there is to say while a preview is open.
pub enum News<'n> {
    /// The handbook was read: the first scene, and how long that took.
    Begun(&'n Scene, Duration),
    /// Files changed: how many, how many open pages look different, how long it took, and the scenes after and before.
    Changed {
        /// The files that changed.
        files: usize,
        /// The pages that were open and look different now.
        pages: usize,
        /// From the last change that was waited for to the pages' new bytes.
        took: Duration,
        /// What is shown now.
        now: &'n Scene,
        /// What was shown before.
        before: &'n Scene,
    },
    /// Templates that were found to be broken when a page was asked for.
    Undrawable(&'n [Trouble]),
    /// Something to know.
    Note(&'n str),
}

/// Whoever is told the news.
pub type Say = Arc<dyn Fn(News<'_>) + Send + Sync>;

/// A preview whose port is open.
pub struct Server {
    door: Door,
}

impl Server {
    /// Opens a port.
    pub fn open(address: SocketAddr) -> io::Result<Server> {
        Door::open(address).map(|door| Server { door })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.door.address()
    }

    /// Shows a handbook until it is over; fails where its files can be followed no longer.
    pub fn run(self, options: Options, over: Arc<AtomicBool>, say: Say) -> io::Result<()> {
        let guard = Guard::new(self.door.address(), options.host.as_deref());
        let bell = self.door.bell();
        let begun = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let run = format!("{:x}-{:x}", std::process::id(), begun.as_nanos());
        let preview = Arc::new(Preview::new(guard, options.disk.clone(), bell.clone(), run, say.clone()));
        let (shown, ended) = (preview.clone(), over.clone());
        let closing = Closing(bell);
        let follower = move || {
            let _closing = closing;
            follow(options, &shown, &ended, &say);
        };
        let follower = std::thread::Builder::new().name("files".into()).spawn(follower)?;
        self.door.serve(preview, &over)?;
        // Whoever wants the end does not wait for what is being read.
        match over.load(Ordering::SeqCst) || follower.join().is_ok() {
            true => Ok(()),
            false => Err(io::Error::other("journeybook stumbled while it read the files; please report it")),
        }
    }
}

/// Closes the door when it goes, however that comes about: rather than showing what is no longer so.
struct Closing(Bell);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Follows the files until it is over.
fn follow(options: Options, preview: &Preview, over: &AtomicBool, say: &Say) {
    let begun = Instant::now();
    // Whoever starts a preview does not wait for git: a lock that is there already is one that was left.
    let left = GitFolder::around(options.disk.root()).and_then(|git| git.lock());
    let mut watch = Watch::start(options.disk.root(), options.noticing);
    let (engine, first) = Engine::start(options.disk, options.wanted);
    first.notes.iter().for_each(|note| say(News::Note(note)));
    say(News::Begun(&first.scene, begun.elapsed()));
    preview.show(first.scene.clone(), &[]);
    // What changed while the handbook was read for the first time nobody has told.
    watch.align(engine.folders(), true);
    let follower = Follower { current: first.scene, preview, say };
    let mut files = Files { engine, watch, git: Git { given_up: left }, follower, owed: None };
    let (mut burst, mut guess) = (Burst::default(), None);
    while !over.load(Ordering::SeqCst) {
        files.watch.complaint().iter().for_each(|note| say(News::Note(note)));
        if files.show_guessed(guess.take()) || files.look(&burst) {
            (burst, guess) = files.wait();
        }
    }
}

/// The files, and what is known of them.
struct Files<'f> {
    engine: Engine,
    watch: Watch,
    git: Git,
    follower: Follower<'f>,
    /// Since when not everything was looked at although something was shown.
    owed: Option<Instant>,
}

impl Files<'_> {
    /// Waits until something may have changed, and guesses meanwhile what comes of it.
    fn wait(&mut self) -> (Burst, Option<Guess>) {
        let Files { engine, watch, follower, owed, .. } = self;
        watch.wait(owed.map(|_| SOON), |burst| follower.guessed(engine, burst))
    }

    /// Shows what was guessed, if it has come so.
    fn show_guessed(&mut self, guess: Option<Guess>) -> bool {
        let started = Instant::now();
        let is_due = self.owed.is_some_and(|since| since.elapsed() > AT_LAST);
        let guess = guess.filter(|_| !is_due && !self.git.is_at_work(&self.engine));
        let Some(update) = guess.and_then(|guess| self.engine.take(guess)) else { return false };
        self.owed = self.owed.or(Some(started));
        self.follower.show(update, started);
        true
    }

    /// Looks at everything, and shows what is new; whether git let it be looked at.
    fn look(&mut self, burst: &Burst) -> bool {
        self.git.wait(&self.engine);
        let started = Instant::now();
        self.watch.align(self.engine.folders(), burst.unsettled);
        let index = self.engine.repository().and_then(GitFolder::index);
        let snapshot = settled(&self.engine, self.watch.noticing());
        // Git may have begun, and even ended, while the files were looked at.
        if self.git.is_at_work(&self.engine) || index != self.engine.repository().and_then(GitFolder::index) {
            return false;
        }
        self.owed = None;
        if let Some(update) = self.engine.look(snapshot, &burst.named) {
            self.follower.show(update, started);
            // `book.toml` may name other folders than before.
            self.owed = self.watch.align(self.engine.folders(), false).then_some(started);
        }
        true
    }
}

/// Git at work on the handbook's files: another branch is one update and not hundreds.
struct Git {
    /// A lock that was waited for in vain: one that is left from a crash must not hold up every save.
    given_up: Option<Stamp>,
}

impl Git {
    fn lock(&self, engine: &Engine) -> Option<Stamp> {
        engine.repository().and_then(GitFolder::lock)
    }

    fn is_at_work(&self, engine: &Engine) -> bool {
        self.lock(engine).is_some_and(|lock| self.given_up.is_none_or(|left| !left.is_same_file(&lock)))
    }

    fn wait(&mut self, engine: &Engine) {
        let begun = Instant::now();
        while self.is_at_work(engine) {
            std::thread::sleep(watch::QUIET / 4);
            if begun.elapsed() > LONGEST_OF_GIT {
                self.given_up = self.lock(engine);
            }
        }
    }
}

/// What lies on disk, once no file is about to be written. Where nobody tells of changes, two looks have to find the same.
fn settled(engine: &Engine, noticing: Noticing) -> Snapshot {
    let begun = Instant::now();
    let mut snapshot = engine.snapshot();
    let mut stable = noticing == Noticing::Told || engine.has_seen(&snapshot);
    while (!stable || engine.is_being_written(&snapshot)) && begun.elapsed() < WRITING {
        std::thread::sleep(watch::QUIET / 2);
        let next = engine.snapshot();
        stable = noticing == Noticing::Told || next == snapshot;
        snapshot = next;
    }
    snapshot
}

/// A lock whose holder panicked still holds whole values: they are exchanged, never half-written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Follower<'f> {
    current: Arc<Scene>,
    preview: &'f Preview,
    say: &'f Say,
}

impl Follower<'_> {
    /// What is shown if nothing more happens, and the open pages of it as far as there is time to draw them.
    fn guessed(&self, engine: &Engine, burst: &Burst) -> Option<Guess> {
        let guess = (!burst.unsettled).then(|| engine.guess(&burst.named)).flatten()?;
        let open = self.preview.open_at(guess.scene.number);
        open.par_iter().filter(|_| burst.is_young()).for_each(|(path, _)| drop(guess.scene.draw(path)));
        Some(guess)
    }

    fn show(&mut self, update: Update, started: Instant) {
        let files = copied(&update.scene, &update.files);
        let open = self.preview.open_at(update.scene.number);
        self.preview.show(update.scene.clone(), &files);
        let pages = self.preview.redraw(&update.scene, &open);
        let took = started.elapsed();
        update.notes.iter().for_each(|note| (self.say)(News::Note(note)));
        // Here, and not in a thread that answers, the scene before is taken apart, which takes a while.
        let before = std::mem::replace(&mut self.current, update.scene);
        (self.say)(News::Changed { files: update.files.len(), pages, took, now: &self.current, before: &before });
    }
}

/// Where changed files lie in the site that are copied as they are: pages that show them stay the same, byte for byte.
fn copied(scene: &Scene, files: &BTreeSet<RelPath>) -> Vec<String> {
    const MOST: usize = 50;
    let handbook = scene.site.handbook();
    let copied = handbook.files.iter().filter(|path| files.contains(*path));
    let address = |path: &RelPath| encode_path(path.below(&handbook.settings.content).unwrap_or(path.as_str()));
    copied.take(MOST).map(|path| format!("/{}", address(path))).collect()
}
