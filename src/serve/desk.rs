//! The answers: from a request to the bytes of the current scene. No request names a file: addresses are looked up among the site's
//! routes, or not found.
use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use rayon::prelude::*;

use super::door::{Bell, Body, Desk, Refusal, Reply, Request};
use super::guard::Guard;
use super::page::{OWN, kind_of, with_script};
use super::problems::Problems;
use super::scene::{Drawing, Drawn, Found, Scene};
use super::{News, Say, lock};
use crate::base::RelPath;
use crate::markup::escape;
use crate::tree::Disk;

/// The first scene may take a while.
const PATIENCE: Duration = Duration::from_secs(120);
/// Most pages that are held to be open.
const MOST_OPEN: usize = 64;
/// A page that was not asked for in so many scenes is open no longer, or hidden.
const OPEN_FOR: u64 = 2;

/// What every thread can see: the current scene, and who may see it.
pub struct Preview {
    scene: Mutex<Option<Arc<Scene>>>,
    begun: Condvar,
    open: Mutex<BTreeMap<RelPath, Open>>,
    guard: Guard,
    disk: Disk,
    bell: Bell,
    say: Say,
    /// Another one at each start, so that tabs notice that it is not the same preview.
    run: String,
}

/// A page that a tab shows.
struct Open {
    /// The scene in which it was last asked for.
    asked: u64,
    /// Its last version that could be drawn.
    good: Arc<Drawn>,
}

impl Preview {
    /// A preview without anything to see yet.
    pub fn new(guard: Guard, disk: Disk, bell: Bell, run: String, say: Say) -> Preview {
        let (scene, begun, open) = Default::default();
        Preview { scene, begun, open, guard, disk, bell, run, say }
    }

    /// Shows another scene from now on, and tells the tabs. Gives back the one before.
    pub fn show(&self, scene: Arc<Scene>, files: &[String]) -> Option<Arc<Scene>> {
        let before = lock(&self.scene).replace(scene.clone());
        self.begun.notify_all();
        self.announce(&scene, files);
        before
    }

    /// The pages that are open when a scene is about to be shown: who asks for one of them then may have its new bytes at once.
    pub fn open_at(&self, number: u64) -> Vec<(RelPath, Arc<Drawn>)> {
        let mut open = lock(&self.open);
        open.retain(|_, page| page.asked + OPEN_FOR >= number);
        open.iter().map(|(path, page)| (path.clone(), page.good.clone())).collect()
    }

    /// Draws pages that were open, and counts those that are not what they were.
    pub fn redraw(&self, scene: &Scene, open: &[(RelPath, Arc<Drawn>)]) -> usize {
        let differs = |(path, before): &(RelPath, Arc<Drawn>)| match scene.site.find(path) {
            Some(_) => scene.draw(path).is_ok_and(|now| now.version != before.version),
            None => true,
        };
        let differing = open.par_iter().filter(|page| differs(page)).count();
        self.tell_undrawable(scene);
        differing
    }

    /// Says once what template could not be drawn.
    fn tell_undrawable(&self, scene: &Scene) {
        let troubles = scene.newly_undrawable();
        if !troubles.is_empty() {
            self.announce(scene, &[]);
            (self.say)(News::Undrawable(&troubles));
        }
    }

    fn announce(&self, scene: &Scene, files: &[String]) {
        let errors = scene.errors().len();
        let news = serde_json::json!({ "version": format!("{}-{}-{errors}", self.run, scene.number), "errors": errors, "files": files });
        self.bell.tell(format!("data: {news}\n\n").into_bytes().into());
    }

    /// The current scene; none, if there is still none after a long time.
    fn scene(&self) -> Option<Arc<Scene>> {
        let scene = lock(&self.scene);
        let (scene, _) = self.begun.wait_timeout_while(scene, PATIENCE, |scene| scene.is_none()).unwrap_or_else(PoisonError::into_inner);
        scene.clone()
    }

    fn own(&self, name: &str) -> Reply {
        let script = |text: &'static str| Reply::bytes(200, kind_of("js"), text.as_bytes());
        match name {
            "reload.js" => script(include_str!("client/reload.js")),
            "worker.js" => script(include_str!("client/worker.js")),
            "bar.css" => Reply::bytes(200, kind_of("css"), include_str!("client/bar.css").as_bytes()),
            "events" => Reply { status: 200, headers: Vec::new(), body: Body::Stream },
            "problems.json" => match self.scene() {
                Some(scene) => {
                    let text = serde_json::to_vec(&Problems::of(&scene, &self.disk)).unwrap_or_default();
                    Reply::bytes(200, kind_of("json"), text)
                }
                None => NOT_READY.into(),
            },
            _ => NOT_HERE.into(),
        }
    }

    fn page(&self, request: &Request) -> Reply {
        let Some(scene) = self.scene() else { return NOT_READY.into() };
        let Some(path) = decoded(&request.path) else { return self.missing(&scene, &RelPath::root()) };
        match scene.find(&path) {
            Some(Found::Made(drawing)) => self.made(&scene, request, &path, drawing),
            Some(Found::File(file, length, version)) => of_file(request, &path, file, length, version),
            Some(Found::Lost) => self.missing(&scene, &path),
            None => match folder_of(&scene, &path) {
                Some(address) => Reply::bytes(301, "text/plain", Vec::new()).with("Location", address),
                None => self.missing(&scene, &path),
            },
        }
    }

    fn made(&self, scene: &Scene, request: &Request, path: &RelPath, drawing: Drawing) -> Reply {
        let is_page = path.extension() == "html";
        match drawing {
            Ok(drawn) => {
                if is_page {
                    self.note_open(path, scene.number, &drawn);
                }
                let kind = kind_of(&path.extension());
                match scene.redirect(path) {
                    Some(to) => whole(302, kind, &drawn).with("Location", to),
                    None => versioned(request, kind, &drawn),
                }
            }
            Err(_) => {
                self.tell_undrawable(scene);
                match self.last_good(path, scene.number) {
                    Some(good) => versioned(request, kind_of(&path.extension()), &good),
                    None => undrawable(scene),
                }
            }
        }
    }

    fn missing(&self, scene: &Scene, at: &RelPath) -> Reply {
        scene.missing(at).map_or_else(|_| undrawable(scene), |drawn| whole(404, kind_of("html"), &drawn))
    }

    fn note_open(&self, path: &RelPath, asked: u64, drawn: &Arc<Drawn>) {
        let mut open = lock(&self.open);
        open.insert(path.clone(), Open { asked, good: drawn.clone() });
        if open.len() > MOST_OPEN {
            let oldest = open.iter().min_by_key(|(_, page)| page.asked).map(|(path, _)| path.clone());
            oldest.iter().for_each(|path| drop(open.remove(path)));
        }
    }

    fn last_good(&self, path: &RelPath, asked: u64) -> Option<Arc<Drawn>> {
        let mut open = lock(&self.open);
        let page = open.get_mut(path)?;
        page.asked = asked;
        Some(page.good.clone())
    }
}

const NOT_READY: Refusal = Refusal { status: 503, why: "The handbook is still being read." };
const NOT_HERE: Refusal = Refusal { status: 404, why: "There is nothing here." };

impl Desk for Preview {
    fn answer(&self, request: &Request) -> Reply {
        if let Err(refusal) = self.guard.check(request) {
            return refusal.into();
        }
        match request.path.strip_prefix(OWN) {
            Some(name) => self.own(name),
            None => self.page(request),
        }
    }
}

/// The address of the site that a path names; none where it can name none. What it says is decoded once, part by part, and means
/// nothing but itself.
fn decoded(path: &str) -> Option<RelPath> {
    let path = path.strip_prefix('/')?;
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let part = |part: &str| {
        let text = percent_decode_str(part).decode_utf8().ok()?;
        let plain = !matches!(&*text, "" | "." | "..") && !text.contains(['/', '\\', '\0']);
        plain.then(|| text.into_owned())
    };
    let parts: Option<Vec<String>> = path.split('/').map(part).collect();
    let joined = parts?.join("/");
    RelPath::new(&joined).ok().filter(|path| path.as_str() == joined)
}

/// Where a folder's own page lies, if a path names a folder without its slash; seen from the path.
fn folder_of(scene: &Scene, path: &RelPath) -> Option<String> {
    let index = path.join("index.html").ok()?;
    scene.site.find(&index).map(|_| format!("{}/", crate::markup::encode_path(path.name())))
}

/// All bytes with their version.
fn whole(status: u16, kind: &str, drawn: &Drawn) -> Reply {
    Reply::bytes(status, kind, drawn.bytes.clone()).with("ETag", drawn.version.clone())
}

/// Bytes with their version, or a part of them, unless the client has it. Only what is there has versions and parts: a redirect and a
/// page that says that there is none are whole.
fn versioned(request: &Request, kind: &str, drawn: &Drawn) -> Reply {
    let version = drawn.version.clone();
    if is_known(request, &version) {
        return Reply::bytes(304, kind, Vec::new()).with("ETag", version);
    }
    match wanted(request, drawn.bytes.len() as u64, &version) {
        Part::Whole => whole(200, kind, drawn).with("Accept-Ranges", "bytes"),
        Part::Bytes(start, end) => {
            let part = drawn.bytes.get(start as usize..=end as usize).unwrap_or_default();
            partial(Reply::bytes(206, kind, part), start, end, drawn.bytes.len() as u64, version)
        }
        Part::None => unsatisfiable(drawn.bytes.len() as u64),
    }
}

fn of_file(request: &Request, path: &RelPath, mut file: std::fs::File, length: u64, version: String) -> Reply {
    let kind = kind_of(&path.extension());
    if is_known(request, &version) {
        return Reply::bytes(304, kind, Vec::new()).with("ETag", version);
    }
    let of = |body: Body, status: u16| Reply { body, ..Reply::bytes(status, kind, Vec::new()) };
    match wanted(request, length, &version) {
        Part::Whole => of(Body::File(file, length), 200).with("Accept-Ranges", "bytes").with("ETag", version),
        Part::Bytes(start, end) => match file.seek(SeekFrom::Start(start)) {
            Ok(_) => partial(of(Body::File(file, end - start + 1), 206), start, end, length, version),
            Err(_) => Refusal { status: 500, why: "The file cannot be read." }.into(),
        },
        Part::None => unsatisfiable(length),
    }
}

fn partial(reply: Reply, start: u64, end: u64, length: u64, version: String) -> Reply {
    reply.with("Content-Range", format!("bytes {start}-{end}/{length}")).with("ETag", version)
}

fn unsatisfiable(length: u64) -> Reply {
    let refusal = Refusal { status: 416, why: "There are no such bytes." };
    Reply::from(refusal).with("Content-Range", format!("bytes */{length}"))
}

/// Whether the client has this version.
fn is_known(request: &Request, version: &str) -> bool {
    let known = request.if_none_match.as_deref().unwrap_or("");
    known.trim() == "*" || known.split(',').any(|one| one.trim().trim_start_matches("W/") == version)
}

/// The bytes that are wanted.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// From the first to the last, both included.
    Bytes(u64, u64),
    /// None of those that there are.
    None,
}

/// One range is answered; of several, or of an unknown kind, nothing is understood, and everything is sent.
fn wanted(request: &Request, length: u64, version: &str) -> Part {
    let Some(range) = request.range.as_deref().filter(|_| request.if_range.as_deref().is_none_or(|known| known == version)) else {
        return Part::Whole;
    };
    let Some((start, end)) = range.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else { return Part::Whole };
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (start, end) = match (number(start), number(end)) {
        (Some(start), Some(end)) if start <= end => (start, end.min(length.saturating_sub(1))),
        (Some(start), None) if end.is_empty() => (start, length.saturating_sub(1)),
        (None, Some(last)) if start.is_empty() && last > 0 => (length.saturating_sub(last), length.saturating_sub(1)),
        (None, Some(_)) if start.is_empty() => return Part::None,
        _ => return Part::Whole,
    };
    if start < length { Part::Bytes(start, end) } else { Part::None }
}

/// What stands where a page's template cannot be drawn and never could: the bar says why.
fn undrawable(scene: &Scene) -> Reply {
    let words = scene.site.words();
    let (title, text) = (escape(&words.get("ui.serve.undrawable")), escape(&words.get("ui.serve.undrawable_text")));
    let lang = scene.site.handbook().settings.language.code();
    let page = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><main id=\"_main\"><h1>{title}</h1><p>{text}</p></main></body></html>\n"
    );
    Reply::bytes(500, kind_of("html"), with_script(page.as_bytes(), "\"undrawable\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_mean_nothing_but_themselves() {
        let path = |written: &str| decoded(written).map(|path| path.to_string());
        assert_eq!(path("/"), Some("index.html".into()));
        assert_eq!(path("/journeys/"), Some("journeys/index.html".into()));
        assert_eq!(path("/a%20b/%C3%A9+c.html"), Some("a b/é+c.html".into()));
        assert_eq!(path("/a%2520b"), Some("a%20b".into()), "decoded once");
        for bad in [
            "",
            "x",
            "//",
            "/a//b",
            "/../etc/passwd",
            "/%2e%2e/etc/passwd",
            "/a/%2E/b",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/%00",
            "/%ff",
            "/..%2f..",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges() {
        let wanted = |range: &str| {
            let request = Request { range: Some(range.into()), ..Request::default() };
            super::wanted(&request, 10, "\"v\"")
        };
        assert_eq!(wanted("bytes=0-3"), Part::Bytes(0, 3));
        assert_eq!(wanted("bytes=7-"), Part::Bytes(7, 9));
        assert_eq!(wanted("bytes=-4"), Part::Bytes(6, 9));
        assert_eq!(wanted("bytes=-40"), Part::Bytes(0, 9));
        assert_eq!(wanted("bytes=5-99"), Part::Bytes(5, 9));
        for none in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(wanted(none), Part::None, "{none}");
        }
        for whole in ["bytes=3-1", "bytes=0-1,3-4", "lines=1-2", "bytes=", "bytes=a-b", "bytes=+1-2", "bytes=99999999999999999999-"] {
            assert_eq!(wanted(whole), Part::Whole, "{whole}");
        }
    }
}
