//! The output folder is at all times one whole site, and nothing that journeybook did not make is touched. Real folders, real
//! processes, real signals.
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use journeybook::base::RelPath;
use journeybook::output::{Content, Failure, MARKER, PublishError, Refusal, Report, Target, publish};
use tempfile::TempDir;

type Site = BTreeMap<String, String>;

/// A room with a handbook in it, and a place for its site.
struct Room {
    folder: TempDir,
}

impl Room {
    fn new() -> Room {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("book/content/journeys")).unwrap();
        fs::create_dir_all(folder.path().join("home/me")).unwrap();
        Room { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn out(&self) -> PathBuf {
        self.path("book/public")
    }

    fn target(&self) -> Target {
        self.target_at(&self.out())
    }

    fn target_at(&self, out: &Path) -> Target {
        let home = Some(self.path("home/me"));
        let patience = Duration::from_secs(60);
        Target { out: out.to_path_buf(), root: self.path("book"), content: self.path("book/content"), home, patience }
    }

    fn build(&self, site: &Site) -> Report {
        build(&self.target(), site).unwrap()
    }

    fn refusal(&self, out: &Path) -> Refusal {
        refusal(build(&self.target_at(out), &pages(&[("index.html", "home")])))
    }

    /// What lies beside the site, which a build has no business to leave there.
    fn beside(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.path("book")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn pages(pages: &[(&str, &str)]) -> Site {
    pages.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn build(target: &Target, site: &Site) -> Result<Report, PublishError<Infallible>> {
    let paths: Vec<RelPath> = site.keys().map(|path| RelPath::new(path).unwrap()).collect();
    publish(target, &paths, &|at| Ok(Content::Bytes(site[paths[at].as_str()].clone().into_bytes())))
}

fn refusal<T: std::fmt::Debug>(result: Result<T, PublishError<Infallible>>) -> Refusal {
    match result {
        Err(PublishError::Output(Failure::Refused(_, why))) => why,
        other => panic!("not refused: {other:?}"),
    }
}

/// Everything in a folder but the list.
fn read(folder: &Path) -> Site {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| !entry.file_type().is_dir());
    let named = files.map(|entry| {
        let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        (path, fs::read_to_string(entry.path()).unwrap())
    });
    named.filter(|(path, _)| path != MARKER).collect()
}

fn identity(path: &Path) -> (u64, i64, i64) {
    let meta = fs::metadata(path).unwrap();
    (meta.ino(), meta.mtime(), meta.mtime_nsec())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[test]
fn a_site_is_written_and_nothing_else_stays() {
    let room = Room::new();
    let site = pages(&[("index.html", "home"), ("journeys/a.html", "a"), ("journeys/deep/er/b.html", "b")]);
    let report = room.build(&site);
    assert_eq!(report, Report { written: 3, ..Report::default() });
    assert_eq!(read(&room.out()), site);
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn folders_that_lead_to_the_site_are_made() {
    let room = Room::new();
    let out = room.path("some/where/else");
    build(&room.target_at(&out), &pages(&[("index.html", "home")])).unwrap();
    assert_eq!(read(&out), pages(&[("index.html", "home")]));
}

#[test]
fn an_unchanged_file_is_the_same_file() {
    let room = Room::new();
    room.build(&pages(&[("index.html", "home"), ("a.html", "one"), ("gone.html", "x")]));
    let names = ["index.html", "a.html", MARKER];
    let before = names.map(|name| identity(&room.out().join(name)));
    let site = pages(&[("index.html", "home"), ("a.html", "two")]);
    let report = room.build(&site);
    let after = names.map(|name| identity(&room.out().join(name)));
    assert_eq!(report, Report { written: 1, kept: 1, removed: 1, ..Report::default() });
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1].0, after[1].0);
    assert_ne!(before[2].0, after[2].0, "the list has one line less");
    assert_eq!(read(&room.out()), site);
    let folder = identity(&room.out());
    assert_eq!(room.build(&site).kept, 2);
    assert_eq!(identity(&room.out()), folder, "where nothing changes, the folder itself stays");
    room.build(&pages(&[("index.html", "new home"), ("a.html", "two")]));
    assert_eq!(identity(&room.out().join(MARKER)), after[2], "the list did not change");
}

#[test]
fn copies_are_compared_too() {
    let room = Room::new();
    let photo = room.path("book/content/photo.jpg");
    fs::write(&photo, vec![7; 300_000]).unwrap();
    fs::set_permissions(&photo, fs::Permissions::from_mode(0o600)).unwrap();
    let copy = || {
        let paths = [RelPath::new("photo.jpg").unwrap()];
        publish::<Infallible>(&room.target(), &paths, &|_| Ok(Content::CopyOf(photo.clone()))).unwrap()
    };
    assert_eq!(copy().written, 1);
    assert_eq!(copy().kept, 1);
    let mut bytes = vec![7; 300_000];
    bytes[299_999] = 8;
    fs::write(&photo, &bytes).unwrap();
    assert_eq!(copy().written, 1);
    assert_eq!(fs::read(room.out().join("photo.jpg")).unwrap(), bytes);
    let rights = fs::metadata(room.out().join("photo.jpg")).unwrap().mode();
    assert_eq!(rights & 0o600, 0o600);
    assert_eq!(rights & 0o133, 0, "never more than 0644");
}

#[test]
fn what_is_poured_is_compared_piece_by_piece() {
    let room = Room::new();
    let paths = [RelPath::new("data.json").unwrap()];
    let pour = |pieces: Vec<Vec<u8>>| {
        let write = move |out: &mut dyn io::Write| pieces.iter().try_for_each(|piece| out.write_all(piece));
        let content = std::sync::Mutex::new(Some(Content::Poured(Box::new(write))));
        publish::<Infallible>(&room.target(), &paths, &|_| Ok(content.lock().unwrap().take().unwrap())).unwrap()
    };
    let there = || fs::read(room.out().join("data.json")).unwrap();
    assert_eq!(pour(vec![vec![1; 100_000], vec![2; 5]]).written, 1);
    assert_eq!(pour(vec![vec![1; 1], vec![1; 99_999], vec![], vec![2; 5]]).kept, 1, "the same bytes in other pieces");
    for other in [vec![vec![1; 100_000]], vec![vec![1; 100_000], vec![2; 6]], vec![vec![1; 100_000], vec![2, 2, 3, 2, 2]], vec![]] {
        let bytes = other.concat();
        assert_eq!(pour(other).written, 1);
        assert_eq!(there(), bytes);
    }
    assert_eq!(pour(vec![]).kept, 1);
}

#[test]
fn a_site_stays_where_pouring_fails() {
    let room = Room::new();
    let site = pages(&[("data.json", "old"), ("index.html", "home")]);
    room.build(&site);
    let paths = ["data.json", "index.html"].map(|path| RelPath::new(path).unwrap());
    let fail = |out: &mut dyn io::Write| out.write_all(b"half").and(Err(io::Error::other("no more")));
    let error = publish::<Infallible>(&room.target(), &paths, &|_| Ok(Content::Poured(Box::new(fail)))).unwrap_err();
    assert!(error.to_string().contains("no more"), "{error}");
    assert_eq!(read(&room.out()), site);
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn a_file_to_copy_that_is_none_is_named() {
    let room = Room::new();
    let paths = [RelPath::new("x.pdf").unwrap()];
    let pipe = room.path("book/content/pipe");
    assert!(run("mkfifo", &[pipe.to_str().unwrap()]));
    for missing in [room.path("book/content/x.pdf"), room.path("book/content"), pipe] {
        let error = publish::<Infallible>(&room.target(), &paths, &|_| Ok(Content::CopyOf(missing.clone()))).unwrap_err();
        assert!(error.to_string().contains(missing.to_str().unwrap()), "{error}");
    }
    assert_eq!(room.beside(), ["content"]);
}

#[test]
fn a_page_that_fails_leaves_the_last_site() {
    let room = Room::new();
    let site = pages(&[("index.html", "home")]);
    room.build(&site);
    let paths: Vec<RelPath> = (0..50).map(|number| RelPath::new(&format!("{number}.html")).unwrap()).collect();
    let make = |at: usize| if at % 10 == 7 { Err(format!("no {at}")) } else { Ok(Content::Bytes(vec![])) };
    let error = publish(&room.target(), &paths, &make).unwrap_err();
    assert_eq!(error.to_string(), "7.html: no 7", "the first of them, on any number of threads");
    assert_eq!(read(&room.out()), site);
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn files_become_folders_and_folders_files() {
    let room = Room::new();
    let one = pages(&[("a", "file"), ("b/index.html", "in a folder"), ("b/c/d", "deep")]);
    let two = pages(&[("a/index.html", "in a folder"), ("b", "file")]);
    for site in [&one, &two, &one] {
        room.build(site);
        assert_eq!(&read(&room.out()), site);
    }
    assert!(!room.out().join("a/index.html").exists());
}

#[test]
fn any_name_that_a_path_can_have() {
    let room = Room::new();
    let odd = "tags/a b%20#?&'\"<é>e\u{301}🧳\n* [x].html";
    let long = format!("tags/{}.html", "x".repeat(250));
    let site = pages(&[(odd, "odd"), (&long, "long"), ("Case.html", "C"), ("-rf.html", "dash"), (".hidden", "dot")]);
    room.build(&site);
    assert_eq!(room.build(&site).kept, 5);
    assert_eq!(read(&room.out()), site);
}

#[test]
fn a_name_may_change_its_case_alone() {
    let room = Room::new();
    room.build(&pages(&[("Anna.html", "anna"), ("Tags/x.html", "x")]));
    let site = pages(&[("anna.html", "anna"), ("tags/x.html", "x")]);
    room.build(&site);
    assert_eq!(read(&room.out()), site);
}

#[test]
fn two_files_of_one_address_are_refused() {
    let room = Room::new();
    for twins in [["a.html", "a.html"], ["a", "a/b.html"], [MARKER, "a"], ["", "a"]] {
        let paths = twins.map(|path| RelPath::new(path).unwrap());
        let why = refusal(publish::<Infallible>(&room.target(), &paths, &|_| Ok(Content::Bytes(vec![]))));
        assert_eq!(why, Refusal::Collision(twins[0].into()));
    }
    assert_eq!(room.beside(), ["content"]);
}

#[test]
fn folders_that_are_not_for_sites() {
    let room = Room::new();
    let book = room.path("book");
    assert_eq!(room.refusal(Path::new("/")), Refusal::TopOfDisk);
    assert_eq!(room.refusal(&room.path("home/me")), Refusal::Home);
    assert_eq!(room.refusal(&room.path("home")), Refusal::Home);
    assert_eq!(room.refusal(&book), Refusal::Root);
    assert_eq!(room.refusal(&book.join("content/../")), Refusal::Root);
    assert_eq!(room.refusal(room.folder.path()), Refusal::Home);
    assert_eq!(room.refusal(&book.join("content")), Refusal::Content);
    assert_eq!(room.refusal(&book.join("content/journeys")), Refusal::InContent);
    assert_eq!(room.refusal(&book.join("content/not/there")), Refusal::InContent);
    symlink(book.join("content"), room.path("alias")).unwrap();
    assert_eq!(room.refusal(&room.path("alias/site")), Refusal::InContent);
}

#[test]
fn a_link_and_a_file_are_no_folders() {
    let room = Room::new();
    fs::create_dir(room.path("elsewhere")).unwrap();
    symlink(room.path("elsewhere"), room.out()).unwrap();
    assert_eq!(room.refusal(&room.out()), Refusal::Link);
    fs::write(room.path("book/site"), "mine").unwrap();
    assert_eq!(room.refusal(&room.path("book/site")), Refusal::NotAFolder);
    assert_eq!(fs::read_to_string(room.path("book/site")).unwrap(), "mine");
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_an_empty_one_taken() {
    let room = Room::new();
    fs::create_dir(room.out()).unwrap();
    fs::write(room.out().join("thesis.txt"), "mine").unwrap();
    let before = identity(&room.out().join("thesis.txt"));
    assert_eq!(room.refusal(&room.out()), Refusal::Foreign("thesis.txt".into()));
    assert_eq!(identity(&room.out().join("thesis.txt")), before);
    fs::remove_file(room.out().join("thesis.txt")).unwrap();
    room.build(&pages(&[("index.html", "home")]));
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn a_list_that_cannot_be_trusted_is_a_reason_to_stop() {
    let room = Room::new();
    room.build(&pages(&[("index.html", "home")]));
    for list in ["", "{", r#"{"journeybook": 99, "about": "", "files": []}"#] {
        fs::write(room.out().join(MARKER), list).unwrap();
        assert!(matches!(room.refusal(&room.out()), Refusal::Marker(_)), "{list}");
    }
}

#[test]
fn what_others_put_there_stays() {
    let room = Room::new();
    room.build(&pages(&[("index.html", "home"), ("journeys/a.html", "a")]));
    let out = room.out();
    fs::write(out.join("CNAME"), "handbook.example.org").unwrap();
    fs::create_dir_all(out.join("mine/empty")).unwrap();
    fs::write(out.join("journeys/notes.txt"), "notes").unwrap();
    symlink("/nowhere", out.join("mine/link")).unwrap();
    let before = ["CNAME", "journeys/notes.txt"].map(|name| identity(&out.join(name)));
    let report = room.build(&pages(&[("index.html", "new home")]));
    assert_eq!(report, Report { written: 1, removed: 1, foreign: 5, ..Report::default() });
    assert_eq!(["CNAME", "journeys/notes.txt"].map(|name| identity(&out.join(name))), before);
    assert!(out.join("mine/empty").is_dir());
    assert_eq!(fs::read_link(out.join("mine/link")).unwrap(), Path::new("/nowhere"));
    assert!(!out.join("journeys/a.html").exists());
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn what_others_put_in_a_pages_way_is_named() {
    let room = Room::new();
    let first = pages(&[("index.html", "home")]);
    room.build(&first);
    let out = room.out();
    for (mine, wanted) in [("a.html", "a.html"), ("tags", "tags/x.html"), ("b.html/mine.txt", "b.html")] {
        let path = out.join(mine);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let why = refusal(build(&room.target(), &pages(&[("index.html", "changed"), (wanted, "page")])));
        assert!(matches!(&why, Refusal::InTheWay(path) if Path::new(mine).starts_with(path)), "{why:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "home");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_link_in_the_place_of_a_page_is_not_followed() {
    let room = Room::new();
    let site = pages(&[("journeys/a.html", "a"), ("index.html", "home")]);
    room.build(&site);
    let elsewhere = room.path("elsewhere");
    fs::rename(room.out().join("journeys"), &elsewhere).unwrap();
    symlink(&elsewhere, room.out().join("journeys")).unwrap();
    assert_eq!(refusal(build(&room.target(), &site)), Refusal::InTheWay("journeys".into()));
    room.build(&pages(&[("index.html", "home")]));
    assert_eq!(fs::read_to_string(elsewhere.join("a.html")).unwrap(), "a");
    assert!(room.out().join("journeys").is_symlink());
}

#[test]
fn a_folder_with_the_name_of_the_work_folder_is_left_alone() {
    let room = Room::new();
    let mine = room.path("book/.journeybook-public/thesis.txt");
    fs::create_dir(mine.parent().unwrap()).unwrap();
    fs::write(&mine, "mine").unwrap();
    assert!(matches!(room.refusal(&room.out()), Refusal::WorkFolder(path) if path.ends_with("thesis.txt")));
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
}

#[test]
fn every_message_says_what_to_do() {
    let room = Room::new();
    let error = build(&room.target_at(&room.path("book/content")), &Site::new()).unwrap_err().to_string();
    assert!(error.contains("content") && error.contains("--out"), "{error}");
}

#[test]
fn a_build_that_waits_too_long_says_so() {
    let room = Room::new();
    let (begun, wait_begun) = mpsc::channel();
    let (go_on, wait_go_on) = mpsc::channel::<()>();
    let first = pages(&[("index.html", "first")]);
    std::thread::scope(|scope| {
        let (target, held) = (room.target(), std::sync::Mutex::new(wait_go_on));
        let paths = [RelPath::new("index.html").unwrap()];
        let slow = scope.spawn(move || {
            publish::<Infallible>(&target, &paths, &|_| {
                begun.send(()).unwrap();
                held.lock().unwrap().recv().unwrap();
                Ok(Content::Bytes(b"first".to_vec()))
            })
        });
        wait_begun.recv().unwrap();
        let hasty = Target { patience: Duration::ZERO, ..room.target() };
        let error = build(&hasty, &pages(&[("index.html", "second")])).unwrap_err();
        assert!(matches!(error, PublishError::Output(Failure::Busy(_))), "{error}");
        assert!(!room.out().exists());
        go_on.send(()).unwrap();
        slow.join().unwrap().unwrap();
    });
    assert_eq!(read(&room.out()), first);
    assert_eq!(room.beside(), ["content", "public"]);
}

const CHILD: &str = "JOURNEYBOOK_TEST_CHILD";

/// The two sites that children of this test write in turn: some pages differ, some do not, some come and go.
fn version(letter: &str) -> Site {
    let mut site = Site::new();
    for number in 0..60 {
        site.insert(format!("same/{number}.html"), "the same".repeat(number));
        site.insert(format!("both/{number}.html"), format!("{letter} {number}"));
        site.insert(format!("only-{letter}/{number}/x.html"), letter.to_owned());
    }
    site
}

/// Not a test: what a child process of the tests below does. It dies at the page of that number, or not at all.
#[test]
fn child() {
    let Ok(order) = env::var(CHILD) else { return };
    let [out, letter, dies_at] = order.split('|').collect::<Vec<_>>()[..] else { panic!("{order}") };
    let site = version(letter);
    let paths: Vec<RelPath> = site.keys().map(|path| RelPath::new(path).unwrap()).collect();
    let book = Path::new(out).parent().unwrap();
    let patience = Duration::from_secs(60);
    let target = Target { out: out.into(), root: book.into(), content: book.join("content"), home: None, patience };
    let dies_at: Option<usize> = dies_at.parse().ok();
    publish::<Infallible>(&target, &paths, &|at| {
        if dies_at == Some(at) {
            Command::new("kill").args(["-9", &std::process::id().to_string()]).status().unwrap();
        }
        Ok(Content::Bytes(site[paths[at].as_str()].clone().into_bytes()))
    })
    .unwrap();
}

fn start(out: &Path, letter: &str, dies_at: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, format!("{}|{letter}|{dies_at}", out.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The site in a folder without what others put there. Panics unless it is the one or the other, as a whole.
fn whole(out: &Path) -> &'static str {
    let mut site = read(out);
    assert_eq!(site.remove("only-a/mine.txt").as_deref(), Some("mine"));
    ["a", "b"].into_iter().find(|letter| site == version(letter)).expect("one whole site")
}

fn room_with_site_a() -> Room {
    let room = Room::new();
    room.build(&version("a"));
    fs::write(room.out().join("only-a/mine.txt"), "mine").unwrap();
    room
}

#[test]
fn a_build_killed_at_any_page_leaves_the_old_site() {
    let room = room_with_site_a();
    for page in [0, 1, 17, 90, 150, 178, 179] {
        let status = start(&room.out(), "b", &page.to_string()).wait().unwrap();
        assert!(!status.success());
        assert_eq!(whole(&room.out()), "a", "killed at {page}");
    }
    // One may also be killed while it writes the list of the new site.
    fs::write(room.path("book/.journeybook-public/list.json"), "{\"made").unwrap();
    assert_eq!(room.beside(), [".journeybook-public", "content", "public"]);
    room.build(&version("b"));
    assert_eq!(whole(&room.out()), "b");
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn a_build_killed_at_any_time_leaves_one_whole_site() {
    let room = room_with_site_a();
    let started = std::time::Instant::now();
    assert!(start(&room.out(), "b", "").wait().unwrap().success());
    let takes = started.elapsed();
    let mut seen = Vec::new();
    for step in 0..48 {
        let next = if whole(&room.out()) == "a" { "b" } else { "a" };
        let mut child = start(&room.out(), next, "");
        std::thread::sleep(takes * step / 40);
        let _ = child.kill();
        child.wait().unwrap();
        seen.push(whole(&room.out()));
    }
    println!("{}", seen.concat());
    for letter in ["a", "b"] {
        room.build(&version(letter));
        assert_eq!(whole(&room.out()), letter);
        assert_eq!(room.beside(), ["content", "public"]);
    }
}

/// Each step of a build is a call to the system, and strace kills at the one that is asked for: once in a build that finds
/// nothing left, and once more in the one that finds what that left.
#[test]
fn a_build_killed_at_any_step_leaves_one_whole_site() {
    if !Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success()) {
        return println!("skipped: there is no strace");
    }
    let making = [("mkdir", 40), ("linkat", 60), ("chmod", 1), ("renameat2", 1)];
    let removing = [("rename", 1), ("rename", 2), ("unlink", 1), ("unlink", 182), ("unlink", 183), ("rmdir", 1), ("rmdir", 64)];
    let room = room_with_site_a();
    for (call, number) in making.into_iter().chain(removing) {
        room.build(&version(whole(&room.out())));
        assert_eq!(room.beside(), ["content", "public"]);
        for _ in 0..2 {
            let next = if whole(&room.out()) == "a" { "b" } else { "a" };
            let killed = killed_at(&room.out(), next, call, number);
            println!("{call} {number}: wanted {next}, {} stands", whole(&room.out()));
            assert!(killed, "{call} {number} is no step of a build");
        }
    }
}

fn killed_at(out: &Path, letter: &str, call: &str, number: usize) -> bool {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-E", "RAYON_NUM_THREADS=1"]);
    strace.args(["-e", &format!("inject={call}:signal=KILL:when={number}")]);
    strace.arg(env::current_exe().unwrap()).args(["--exact", "child", "--test-threads=1"]);
    let output = strace.env(CHILD, format!("{}|{letter}|", out.display())).output().unwrap();
    !output.status.success()
}

#[test]
fn a_first_build_killed_leaves_nothing_or_a_whole_site() {
    for page in ["0", "100", "179"] {
        let room = Room::new();
        start(&room.out(), "a", page).wait().unwrap();
        assert!(!room.out().exists());
        room.build(&version("a"));
        assert_eq!(room.beside(), ["content", "public"]);
    }
}

#[test]
fn a_site_that_was_moved_away_when_the_build_was_killed_is_put_back() {
    let room = room_with_site_a();
    let work = room.path("book/.journeybook-public");
    fs::create_dir(&work).unwrap();
    fs::rename(room.out(), work.join("old")).unwrap();
    let paths = [RelPath::new("x.html").unwrap()];
    publish(&room.target(), &paths, &|_| Err("this one fails")).unwrap_err();
    assert_eq!(whole(&room.out()), "a");
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn what_was_saved_into_a_site_while_it_was_replaced_is_kept() {
    let room = room_with_site_a();
    let out = room.out();
    let paths = [RelPath::new("index.html").unwrap()];
    publish::<Infallible>(&room.target(), &paths, &|_| {
        fs::write(out.join("only-a/late.txt"), "late").unwrap();
        fs::write(out.join("only-a/new.txt"), "edited").unwrap();
        fs::rename(out.join("only-a/new.txt"), out.join("only-a/mine.txt")).unwrap();
        Ok(Content::Bytes(b"home".to_vec()))
    })
    .unwrap();
    assert_eq!(read(&out), pages(&[("index.html", "home"), ("only-a/late.txt", "late"), ("only-a/mine.txt", "edited")]));
    assert_eq!(room.beside(), ["content", "public"]);
}

#[test]
fn two_builds_at_once_leave_one_whole_site() {
    let room = room_with_site_a();
    let mut children: Vec<Child> = ["a", "b", "a", "b", "b", "a"].map(|letter| start(&room.out(), letter, "")).into();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    whole(&room.out());
    assert_eq!(room.beside(), ["content", "public"]);
}

/// A small disk of its own, which only root can have.
struct Disk(TempDir);

impl Disk {
    fn of(size: &str) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = is_root() && run("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "none", folder.path().to_str()?]);
        if !mounted {
            println!("skipped: only root may mount a disk of its own");
        }
        mounted.then_some(Disk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &[self.path().to_str().unwrap()]);
    }
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn io_kind<T: std::fmt::Debug>(result: Result<T, PublishError<Infallible>>) -> io::ErrorKind {
    match result {
        Err(PublishError::Output(Failure::Io { source, .. })) => source.kind(),
        other => panic!("no error of the system: {other:?}"),
    }
}

#[test]
fn a_full_disk_leaves_the_old_site() {
    let Some(disk) = Disk::of("1m") else { return };
    let room = Room::new();
    let target = room.target_at(&disk.path().join("public"));
    let small = pages(&[("index.html", "home")]);
    build(&target, &small).unwrap();
    let large: Site = (0..100).map(|number| (format!("{number}.html"), "x".repeat(20_000))).collect();
    assert_eq!(io_kind(build(&target, &large)), io::ErrorKind::StorageFull);
    assert_eq!(read(&target.out), small);
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 1);
    build(&target, &small).unwrap();
}

#[test]
fn a_disk_that_can_only_be_read_leaves_the_old_site() {
    let Some(disk) = Disk::of("1m") else { return };
    let room = Room::new();
    let target = room.target_at(&disk.path().join("public"));
    let site = pages(&[("index.html", "home")]);
    build(&target, &site).unwrap();
    assert!(run("mount", &["-o", "remount,ro", disk.path().to_str().unwrap()]));
    assert_eq!(io_kind(build(&target, &pages(&[("index.html", "new")]))), io::ErrorKind::ReadOnlyFilesystem);
    assert_eq!(read(&target.out), site);
}

#[test]
fn the_root_of_a_disk_cannot_change_places() {
    let Some(disk) = Disk::of("1m") else { return };
    assert_eq!(Room::new().refusal(disk.path()), Refusal::MountPoint);
}

#[test]
fn a_folder_that_is_mounted_twice_cannot_change_places() {
    let room = Room::new();
    room.build(&version("a"));
    let out = room.out().to_str().unwrap().to_owned();
    if !is_root() || !run("mount", &["--bind", &out, &out]) {
        return println!("skipped: only root may mount");
    }
    let result = build(&room.target(), &version("b"));
    assert!(run("umount", &[&out]));
    assert_eq!(refusal(result), Refusal::MountPoint);
    assert_eq!(read(&room.out()), version("a"));
    assert_eq!(room.beside(), ["content", "public"]);
}

/// Root may write anywhere, so its children become nobody.
#[test]
fn a_folder_that_can_only_be_read_keeps_its_site() {
    use std::os::unix::process::CommandExt;
    let room = Room::new();
    room.build(&version("a"));
    let exe = room.path("test");
    fs::copy(env::current_exe().unwrap(), &exe).unwrap();
    fs::set_permissions(room.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for folder in [room.path("book"), room.out()] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        let mut command = Command::new(&exe);
        command.args(["--exact", "child", "--nocapture"]).env(CHILD, format!("{}|b|", room.out().display()));
        if is_root() {
            command.uid(65534).gid(65534);
        }
        let output = command.output().unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("PermissionDenied"), "{output:?}");
        assert_eq!(read(&room.out()), version("a"));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    }
    assert_eq!(room.beside(), ["content", "public"]);
}

/// Children, because the umask belongs to the process.
#[test]
fn the_umask_changes_rights_and_no_bytes() {
    let rooms = ["000", "077"].map(|umask| {
        let room = Room::new();
        let exe = env::current_exe().unwrap();
        let script = format!("umask {umask}; exec \"$0\" --exact child");
        let order = format!("{}|a|", room.out().display());
        assert!(Command::new("sh").args(["-c", &script]).arg(&exe).env(CHILD, order).output().unwrap().status.success());
        room
    });
    let rights = |room: &Room, path: &str| fs::metadata(room.out().join(path)).unwrap().mode() & 0o777;
    assert_eq!((rights(&rooms[0], "same/1.html"), rights(&rooms[0], "same")), (0o644, 0o755));
    assert_eq!((rights(&rooms[1], "same/1.html"), rights(&rooms[1], "same")), (0o600, 0o700));
    let lists = rooms.each_ref().map(|room| fs::read(room.out().join(MARKER)).unwrap());
    assert_eq!(lists[0], lists[1]);
    assert_eq!(read(&rooms[0].out()), read(&rooms[1].out()));
}
