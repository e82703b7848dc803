//! When to look at the files. What the system tells of changes is taken for a knock on the door and no more: which files are other
//! ones is found out by looking.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::base::RelPath;
use crate::tree::Stamp;

/// So long it has to be quiet before the files are looked at: editors write in several steps.
pub(super) const QUIET: Duration = Duration::from_millis(40);
/// The same where a single file was written and closed: then the editor is done, as a rule. Public for whoever measures a save.
pub const LONE: Duration = Duration::from_millis(20);
/// So long it has to be quiet before it is worked ahead: a save is several events, one right after the other.
const MOMENT: Duration = Duration::from_millis(3);
/// Where it is never quiet, they are looked at nevertheless.
const LONGEST: Duration = Duration::from_secs(1);
/// How often files are looked at where nobody tells of changes.
const POLLING: Duration = Duration::from_millis(500);
/// How often the calendar is looked at.
const CALENDAR: Duration = Duration::from_secs(20);

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noticing {
    /// The system tells of them.
    Told,
    /// The files are looked at again and again.
    Polling,
}

/// Waits for changes.
pub struct Watch {
    told: Receiver<Told>,
    teller: Sender<Told>,
    watcher: Option<RecommendedWatcher>,
    watched: BTreeMap<PathBuf, (RecursiveMode, Option<Stamp>)>,
    /// What the folders are called by whoever asks: links in the path to them resolved.
    root: PathBuf,
    /// Why the system tells nothing any more, if nobody has heard it yet.
    complaint: Option<String>,
}

/// What the system tells, and when it did: it may not be heard at once.
type Told = (Instant, notify::Result<Event>);

/// What was told in one burst.
#[derive(Debug, Default)]
pub struct Burst {
    /// Files that somebody may have written.
    pub named: BTreeSet<RelPath>,
    /// Whether a folder was moved, or nobody knows what happened.
    pub unsettled: bool,
    last: Option<Instant>,
    /// Whether the last thing that was told is that a file was closed after writing.
    closed: bool,
}

impl Burst {
    /// Whether there is still time until it has been quiet for long enough.
    pub fn is_young(&self) -> bool {
        self.last.is_some_and(|last| last.elapsed() < self.quiet())
    }

    /// How long it has to be quiet.
    fn quiet(&self) -> Duration {
        if self.closed && self.named.len() == 1 && !self.unsettled { LONE } else { QUIET }
    }
}

impl Watch {
    /// Begins to listen.
    pub fn start(root: &Path, noticing: Noticing) -> Watch {
        let (teller, told) = channel();
        let mut watch = Watch { told, teller, watcher: None, watched: BTreeMap::new(), root: root.to_path_buf(), complaint: None };
        if noticing == Noticing::Told {
            let teller = watch.teller.clone();
            // Nobody hears it once the preview is over.
            match notify::recommended_watcher(move |event| drop(teller.send((Instant::now(), event)))) {
                Ok(watcher) => watch.watcher = Some(watcher),
                Err(error) => watch.give_up(&error),
            }
        }
        watch
    }

    /// Why files are polled although the system was asked to tell; said once.
    pub fn complaint(&mut self) -> Option<String> {
        self.complaint.take()
    }

    /// Whether the files have to be looked at again and again.
    pub fn noticing(&self) -> Noticing {
        if self.watcher.is_some() { Noticing::Told } else { Noticing::Polling }
    }

    /// Listens at these folders, and no longer at others: at the flat ones for what lies in them, at the deep ones for all below. Whether it
    /// listens at one that it did not listen at before: what happened there until now nobody has told.
    pub fn align(&mut self, (flat, deep): (BTreeSet<PathBuf>, BTreeSet<PathBuf>), unsettled: bool) -> bool {
        if self.watcher.is_none() {
            return false;
        }
        let modes = |folders: BTreeSet<PathBuf>, mode| folders.into_iter().map(move |folder| (folder, mode));
        let wanted: BTreeMap<PathBuf, RecursiveMode> =
            modes(flat, RecursiveMode::NonRecursive).chain(modes(deep, RecursiveMode::Recursive)).collect();
        let standing: Vec<PathBuf> = self.watched.keys().cloned().collect();
        for folder in standing {
            let stamp = Stamp::of(&folder);
            let same = self.watched.get(&folder).is_some_and(|(mode, before)| {
                wanted.get(&folder) == Some(mode) && before.zip(stamp).is_some_and(|(before, stamp)| before.is_same_file(&stamp))
            });
            if unsettled || !same {
                self.watched.remove(&folder);
                // Of a folder that is gone the system knows already.
                self.watcher.as_mut().map(|watcher| watcher.unwatch(&folder));
            }
        }
        let mut more = false;
        for (folder, mode) in wanted {
            if !self.watched.contains_key(&folder) {
                self.listen_at(folder, mode);
                more = true;
            }
        }
        more
    }

    fn listen_at(&mut self, folder: PathBuf, mode: RecursiveMode) {
        let stamp = Stamp::of(&folder);
        match self.watcher.as_mut().filter(|_| stamp.is_some()).map(|watcher| watcher.watch(&folder, mode)) {
            None => {}
            Some(Ok(())) => drop(self.watched.insert(folder, (mode, stamp))),
            // It was moved away just now: the folder that holds it will tell when it is back.
            Some(Err(_)) if Stamp::of(&folder).is_none() => {}
            Some(Err(error)) => self.give_up(&error),
        }
    }

    /// Where the system tells nothing, the files are looked at instead.
    fn give_up(&mut self, error: &notify::Error) {
        self.watcher = None;
        self.watched.clear();
        let why = match &error.kind {
            notify::ErrorKind::MaxFilesWatch => "this system watches no more folders (on Linux: fs.inotify.max_user_watches)".to_owned(),
            notify::ErrorKind::Io(error) => error.to_string().split(" (os error").next().unwrap_or("it failed").to_owned(),
            _ => error.to_string(),
        };
        self.complaint = Some(format!("Changes are not told by the system: {why}. The files are looked at twice a second instead."));
    }

    /// Waits until something may have changed and it is quiet again, or so long if it is given. Nothing is named where it is only time
    /// to look. What comes of working ahead during the quiet counts only if nothing was told after it was begun.
    pub fn wait<T>(&mut self, patience: Option<Duration>, ahead: impl FnMut(&Burst) -> Option<T>) -> (Burst, Option<T>) {
        let mut burst = Burst::default();
        let patience = patience.unwrap_or(if self.watcher.is_some() { CALENDAR } else { POLLING });
        let begun = Instant::now();
        while begun.elapsed() < patience {
            match self.told.recv_timeout(patience.saturating_sub(begun.elapsed())) {
                Ok(told) => {
                    if self.takes(told, &mut burst) {
                        let ahead = self.quieten(&mut burst, ahead);
                        return (burst, ahead);
                    }
                }
                Err(_) => break,
            }
        }
        (burst, None)
    }

    fn quieten<T>(&mut self, burst: &mut Burst, mut ahead: impl FnMut(&Burst) -> Option<T>) -> Option<T> {
        let begun = Instant::now();
        let mut done: Option<Option<T>> = None;
        while begun.elapsed() < LONGEST {
            let quiet = if done.is_some() { burst.quiet() } else { MOMENT };
            let waited = burst.last.map_or(quiet, |last| last.elapsed());
            match (self.told.recv_timeout(quiet.saturating_sub(waited)), &done) {
                (Ok(told), _) => {
                    if self.takes(told, burst) {
                        done = None;
                    }
                }
                (Err(_), None) => done = Some(ahead(burst)),
                (Err(_), Some(_)) => return done.flatten(),
            }
        }
        None
    }

    /// Takes what was told; whether it can matter.
    fn takes(&mut self, (at, told): Told, burst: &mut Burst) -> bool {
        let matters = match told {
            Ok(event) => self.takes_event(&event, burst),
            Err(error) => {
                self.give_up(&error);
                burst.unsettled = true;
                true
            }
        };
        if matters {
            burst.last = Some(at);
        }
        matters
    }

    fn takes_event(&mut self, event: &Event, burst: &mut Burst) -> bool {
        // Looking at files is told too: our own looking must not wake us.
        if matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write)) {
            return false;
        }
        if event.need_rescan() {
            burst.unsettled = true;
            return true;
        }
        let moved = matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        let paths: Vec<&PathBuf> = event.paths.iter().filter(|path| !self.is_ignored(path)).collect();
        if !paths.is_empty() {
            burst.closed = matches!(event.kind, EventKind::Access(_));
        }
        burst.unsettled |= moved && paths.iter().any(|path| self.watched.contains_key(*path));
        burst.named.extend(paths.iter().filter_map(|path| self.relative(path)));
        !paths.is_empty()
    }

    fn relative(&self, path: &Path) -> Option<RelPath> {
        RelPath::new(path.strip_prefix(&self.root).ok()?.to_str()?).ok()
    }

    /// Hidden files and editors' own are not part of the handbook; but git's tell of its history.
    fn is_ignored(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let in_git = path.components().any(|part| part.as_os_str() == ".git");
        let hidden = |name: &str| name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
        !in_git && path.starts_with(&self.root) && below.components().any(|part| hidden(&part.as_os_str().to_string_lossy()))
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, Flag};

    use super::*;

    fn told(event: Event) -> (bool, Burst) {
        let (mut watch, mut burst) = (Watch::start(Path::new("/book"), Noticing::Polling), Burst::default());
        (watch.takes((Instant::now(), Ok(event)), &mut burst), burst)
    }

    #[test]
    fn what_the_system_lost_count_of_may_be_anything() {
        let (matters, burst) = told(Event::new(EventKind::Other).set_flag(Flag::Rescan));
        assert!(matters && burst.unsettled && burst.named.is_empty());
    }

    #[test]
    fn a_single_file_that_was_closed_after_writing_needs_less_quiet() {
        let quiet = |events: &[(EventKind, &str)]| {
            let (mut watch, mut burst) = (Watch::start(Path::new("/book"), Noticing::Polling), Burst::default());
            for (kind, path) in events {
                watch.takes((Instant::now(), Ok(Event::new(*kind).add_path(path.into()))), &mut burst);
            }
            burst.quiet()
        };
        let written = EventKind::Modify(ModifyKind::Any);
        let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let (a, b) = ("/book/content/a.md", "/book/content/b.md");
        assert_eq!(quiet(&[(written, a), (closed, a)]), LONE);
        assert_eq!(quiet(&[(written, a), (closed, a), (closed, "/book/content/a.md~")]), LONE);
        for more in [&[(closed, a), (written, a)][..], &[(closed, a), (closed, b)], &[(EventKind::Create(CreateKind::File), a)]] {
            assert_eq!(quiet(more), QUIET, "{more:?}");
        }
    }

    #[test]
    fn only_what_may_be_of_the_handbook_matters() {
        let about = |kind: EventKind, path: &str| told(Event::new(kind).add_path(path.into()));
        let made = EventKind::Create(CreateKind::File);
        let (matters, burst) = about(made, "/book/content/a.md");
        assert!(matters && burst.named.iter().map(RelPath::as_str).eq(["content/a.md"]));
        for ignored in ["/book/content/.a.md.swp", "/book/content/a.md~", "/book/content/#a.md#"] {
            assert!(!about(made, ignored).0, "{ignored}");
        }
        assert!(about(made, "/book/.git/HEAD").0);
        assert!(!about(EventKind::Access(AccessKind::Open(AccessMode::Any)), "/book/content/a.md").0);
    }
}
