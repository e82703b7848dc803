//! What is answered, and to whom.
use std::net::TcpListener;
use std::process::Command;

use crate::support::{Answer, Preview, STUCK, handbook, page, picture, write};

const DESK: (&str, &str) =
    ("content/touchpoints/desk.md", "---\ntitle: The desk\nwas: [reception, help/old.html]\n---\n\n![Plan](plan.png)\n");

#[test]
fn pages_are_answered_with_their_version_and_kind() {
    let folder = handbook(&[DESK]);
    write(folder.path(), "content/touchpoints/plan.png", picture(30, 20, 1000));
    let preview = Preview::of(folder.path(), &[]);
    let desk = preview.get("/touchpoints/desk.html");
    assert_eq!((desk.status, desk.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(desk.has("The desk") && desk.has("/__journeybook/reload.js"));
    let version = desk.header("etag").unwrap().to_owned();
    let known = preview.get_with("/touchpoints/desk.html", &format!("If-None-Match: \"other\", W/{version}\r\n"));
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(&*version)));
    let head = preview.raw(format!("HEAD / HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", preview.port).as_bytes());
    let whole = preview.get("/");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, whole.header("content-length"), 0));
    assert_eq!(whole.header("content-length"), Some(&*whole.body.len().to_string()));
    for (path, kind) in [
        ("/handbook.json", "application/json"),
        ("/feed.xml", "application/xml"),
        ("/llms.txt", "text/plain; charset=utf-8"),
        ("/touchpoints/plan.png", "image/png"),
    ] {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        assert!(!answer.has("__journeybook"), "{path}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "same-origin"),
    ] {
        assert_eq!(desk.header(name), Some(value));
    }
    assert!(!desk.head.to_lowercase().contains("access-control"));
}

#[test]
fn parts_of_files_and_of_pages() {
    let folder = handbook(&[DESK]);
    let bytes = picture(30, 20, 600_000);
    write(folder.path(), "content/touchpoints/plan.png", &bytes);
    let preview = Preview::of(folder.path(), &[]);
    let path = "/touchpoints/plan.png";
    let whole = preview.get(path);
    assert_eq!((whole.header("accept-ranges"), &whole.body), (Some("bytes"), &bytes));
    let version = whole.header("etag").unwrap().to_owned();
    let part = preview.get_with(path, "Range: bytes=1000-300999\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &bytes[1000..301_000]));
    assert_eq!(part.header("content-range"), Some(&*format!("bytes 1000-300999/{}", bytes.len())));
    let end = preview.get_with(path, &format!("Range: bytes=-10\r\nIf-Range: {version}\r\n"));
    assert_eq!((end.status, &end.body[..]), (206, &bytes[bytes.len() - 10..]));
    assert_eq!(preview.get_with(path, "Range: bytes=-10\r\nIf-Range: \"old\"\r\n").status, 200);
    assert_eq!(preview.get_with(path, "Range: bytes=99999999-\r\n").status, 416);
    let page = preview.get("/");
    assert_eq!(preview.get_with("/", "Range: bytes=5-9\r\n").body, page.body[5..10]);
}

#[test]
fn what_is_not_there_and_what_moved() {
    let folder = handbook(&[DESK, ("content/pages/a b é.md", &page("Odd", "x"))]);
    write(folder.path(), "content/touchpoints/plan.png", picture(30, 20, 0));
    let preview = Preview::of(folder.path(), &[]);
    let missing = preview.get("/a/b/none.html");
    assert_eq!(missing.status, 404);
    assert!(missing.has("<main") && missing.has("../../assets/") && missing.has("reload.js"), "{}", missing.text());
    let moved = preview.get("/touchpoints/reception.html");
    assert_eq!((moved.status, moved.header("location")), (302, Some("desk.html")));
    for headers in ["Range: bytes=0-\r\n", "If-None-Match: *\r\n"] {
        let moved = preview.get_with("/touchpoints/reception.html", headers);
        assert_eq!((moved.status, moved.header("location")), (302, Some("desk.html")), "{headers}");
        let none = preview.get_with("/a/b/none.html", headers);
        assert_eq!((none.status, none.body.len()), (404, missing.body.len()), "{headers}");
    }
    let moved = preview.get("/help/old.html");
    assert_eq!((moved.status, moved.header("location")), (302, Some("../touchpoints/desk.html")));
    let folder_page = preview.get("/touchpoints");
    assert_eq!((folder_page.status, folder_page.header("location")), (301, Some("touchpoints/")));
    assert_eq!(preview.get("/touchpoints/").plain(), preview.get("/touchpoints/index.html").plain());
    assert_eq!(preview.get("/?q=1#x").status, 200);
    for (path, status) in [("/__journeybook/none", 404), ("/__journeybook/", 404), ("/__journeybook/problems.json", 200)] {
        assert_eq!(preview.get(path).status, status, "{path}");
    }
}

#[test]
fn no_request_names_a_file() {
    let folder = handbook(&[("content/pages/secret.md", "---\ntitle: S\naudience: [staff]\n---\n\nCONFIDENTIAL\n")]);
    write(folder.path(), "content/secret.png", picture(9, 9, 9));
    write(folder.path(), "outside.txt", "CONFIDENTIAL");
    let preview = Preview::of(folder.path(), &[]);
    for path in [
        "/book.toml",
        "/content/pages/secret.md",
        "/pages/secret.md",
        "/pages/secret.html",
        "/secret.png",
        "/outside.txt",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/..%5coutside.txt",
        "/..\\outside.txt",
        "/%2e%2e%2foutside.txt",
        "/%252e%252e%252foutside.txt",
        "/pages/..%2f..%2foutside.txt",
        "/./outside.txt",
        "//outside.txt",
        "/index.html/../outside.txt",
        "/index.html%00.txt",
        "/%c0%ae%c0%ae/outside.txt",
        "/etc/passwd",
        "//etc/passwd",
        "/__journeybook/../outside.txt",
        "/__journeybook/%2e%2e/outside.txt",
    ] {
        let answer = preview.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.has("CONFIDENTIAL") && !answer.has("root:"), "{path}");
    }
}

#[test]
fn only_who_is_here_is_answered() {
    let folder = handbook(&[]);
    let preview = Preview::of(folder.path(), &[]);
    let port = preview.port;
    let ask = |host: &str, more: &str, path: &str| {
        preview.raw(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n").as_bytes()).status
    };
    for host in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
        assert_eq!(ask(&format!("{host}:{port}"), "", "/"), 200, "{host}");
    }
    for host in ["localhost", "evil.example", "127.0.0.1.nip.io", "192.168.0.1"] {
        assert_eq!(ask(&format!("{host}:1"), "", "/"), 403, "{host}");
        assert_eq!(ask(&format!("x{host}:{port}"), "", "/"), 403, "{host}");
    }
    let own = format!("localhost:{port}");
    assert_eq!(ask(&own, "", &format!("http://evil.example:{port}/")), 403, "the line itself counts");
    assert_eq!(ask("evil.example", "", &format!("http://localhost:{port}/")), 200);
    for path in ["/", "/__journeybook/events", "/__journeybook/problems.json", "/handbook.json"] {
        for origin in ["http://evil.example", "null", "http://127.0.0.1:1", &format!("https://{own}")] {
            assert_eq!(ask(&own, &format!("Origin: {origin}\r\n"), path), 403, "{origin} {path}");
        }
        let part = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n";
        assert_eq!(ask(&own, part, path), 403, "{path}");
        let neighbour = "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n";
        assert_eq!(ask(&own, neighbour, path), 403, "{path}");
    }
    assert_eq!(ask(&own, &format!("Origin: http://{own}\r\n"), "/__journeybook/problems.json"), 200);
    let link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    assert_eq!(ask(&own, link, "/"), 200, "links lead here");
}

#[test]
fn it_starts_whatever_the_handbook_is_like() {
    let empty = tempfile::tempdir().unwrap();
    write(empty.path(), "book.toml", "");
    let preview = Preview::of(empty.path(), &[]);
    assert_eq!(preview.get("/").status, 200);
    let broken = handbook(&[
        ("content/journeys/a.md", "---\ntitle: [A\n---\n\nText that can be read.\n"),
        ("content/pages/b.md", "---\ntitle: B\n---\n\n\n[[none]]"),
    ]);
    write(broken.path(), "book.toml", "title = \"T\nlanguage = nl");
    let preview = Preview::of(broken.path(), &[]);
    assert!(preview.get("/journeys/a.html").has("Text that can be read."));
    let problems: serde_json::Value = serde_json::from_slice(&preview.get("/__journeybook/problems.json").body).unwrap();
    let rules: Vec<&str> = problems["problems"].as_array().unwrap().iter().map(|problem| problem["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["front-matter-syntax", "front-matter-syntax", "broken-reference"], "{problems}");
    assert!(preview.said().contains("book.toml:1"), "{}", preview.said());
    write(broken.path(), "book.toml", "title = \"Mended\"\n");
    preview.until("/", |answer| answer.has("Mended"));
}

#[test]
fn a_taken_port_is_said_with_a_free_one() {
    let folder = handbook(&[]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_journeybook"));
    let output = command.args(["serve", "--port", &port.to_string()]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("port {port} is taken")) && said.contains("is free: `journeybook serve --port "), "{said}");
}

#[test]
fn what_cannot_be_run_is_said() {
    let folder = handbook(&[]);
    let bare = tempfile::tempdir().unwrap();
    for (at, args, text) in [
        (folder.path(), &["--audience", "stuff"][..], "Did you mean `staff`?"),
        (folder.path(), &["--host", "203.0.113.77"][..], "no address of this machine"),
        (folder.path(), &["--today", "soon"][..], "no date"),
        (bare.path(), &[][..], "there is no book.toml"),
    ] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_journeybook")).args(["serve", "--port", "0"]).args(args).current_dir(at).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(text), "{said}");
    }
}

/// A preview that may find programs only in one folder.
#[cfg(target_os = "linux")]
fn opened(folder: &std::path::Path, programs: &std::path::Path) -> Preview {
    let mut command = Command::new(env!("CARGO_BIN_EXE_journeybook"));
    command.args(["serve", "--port", "0", "--open"]).current_dir(folder).env("PATH", programs);
    Preview::start(command)
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_at_the_address() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, programs) = (handbook(&[]), tempfile::tempdir().unwrap());
    let (opener, told) = (programs.path().join("xdg-open"), programs.path().join("told"));
    // Named into its place, so that it is never read half.
    let script = format!("#!/bin/sh\nprintf '%s' \"$1\" > '{0}.new'\n/bin/mv '{0}.new' '{0}'\n", told.display());
    write(programs.path(), "xdg-open", script);
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let preview = opened(folder.path(), programs.path());
    let begun = std::time::Instant::now();
    while !told.exists() && begun.elapsed() < STUCK {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(std::fs::read_to_string(told).unwrap(), format!("http://127.0.0.1:{}/", preview.port));
}

#[cfg(target_os = "linux")]
#[test]
fn where_no_browser_opens_the_address_is_told() {
    let (folder, programs) = (handbook(&[]), tempfile::tempdir().unwrap());
    let preview = opened(folder.path(), programs.path());
    let note = preview.hears("note: no browser could be opened");
    assert!(note.ends_with(&format!("open http://127.0.0.1:{}/ yourself.", preview.port)), "{note}");
    assert_eq!(preview.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let folder = handbook(&[]);
        let preview = Preview::of(folder.path(), &[]);
        let _open = preview.events();
        assert_eq!(preview.get("/").status, 200);
        assert_eq!(preview.end(signal), Some(0));
    }
}

#[test]
fn drafts_and_audiences_are_shown_to_whom_they_are_for() {
    let folder = handbook(&[
        ("content/pages/s.md", "---\ntitle: S\naudience: [staff]\n---\n"),
        ("content/pages/d.md", "---\ntitle: D\ndraft: true\n---\n"),
    ]);
    let status = |args: &[&str]| {
        let preview = Preview::of(folder.path(), args);
        (preview.get("/pages/s.html").status, preview.get("/pages/d.html").status)
    };
    assert_eq!(status(&[]), (404, 404));
    assert_eq!(status(&["--audience", "staff"]), (200, 404));
    assert_eq!(status(&["--audience", "all", "--drafts"]), (200, 200));
}

#[test]
fn at_all_addresses_any_number_is_answered_and_no_name() {
    let folder = handbook(&[]);
    let preview = Preview::of(folder.path(), &["--host", "0.0.0.0"]);
    let ask = |host: &str| preview.raw(format!("GET / HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n\r\n", preview.port).as_bytes());
    assert_eq!([ask("10.1.2.3").status, ask("localhost").status, ask("evil.example").status], [200, 200, 403]);
    let several = format!(
        "GET / HTTP/1.1\r\nHost: 10.1.2.3:{0}\r\n\r\nGET /none HTTP/1.1\r\nHost: 10.1.2.3:{0}\r\nConnection: close\r\n\r\n",
        preview.port
    );
    let all = preview.exchange(several.as_bytes());
    let (first, rest) = Answer::first(&all);
    assert_eq!((first.status, Answer::first(rest).0.status), (200, 404), "one connection serves several requests");
}
