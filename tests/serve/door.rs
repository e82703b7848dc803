//! What the preview withstands. After each attack a normal page is answered, and a save is shown.
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::time::Duration;

use crate::support::{Answer, Preview, handbook, page, write};

struct Besieged {
    folder: tempfile::TempDir,
    preview: Preview,
    saves: usize,
}

impl Besieged {
    fn new() -> Besieged {
        let folder = handbook(&[("content/pages/a.md", &page("A", "Save 0."))]);
        let preview = Preview::of(folder.path(), &[]);
        Besieged { folder, preview, saves: 0 }
    }

    /// Everything goes on as if nothing had been.
    fn holds(&mut self) {
        assert_eq!(self.preview.get("/").status, 200);
        self.saves += 1;
        let text = format!("Save {}.", self.saves);
        write(self.folder.path(), "content/pages/a.md", page("A", &text));
        self.preview.until("/pages/a.html", |answer| answer.has(&text));
    }

    fn ask(&self, request: &str) -> Answer {
        self.preview.raw(request.replace("HOST", &format!("Host: localhost:{}", self.preview.port)).as_bytes())
    }

    #[cfg(target_os = "linux")]
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.preview.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

#[test]
fn five_hundred_who_say_nothing() {
    let mut besieged = Besieged::new();
    let idle: Vec<TcpStream> = (0..500).map(|_| besieged.preview.connect()).collect();
    besieged.holds();
    drop(idle);
    besieged.holds();
}

#[test]
fn five_hundred_who_never_come_to_the_end() {
    let mut besieged = Besieged::new();
    let mut slow: Vec<TcpStream> = (0..500).map(|_| besieged.preview.connect()).collect();
    for piece in ["GET / HT", "TP/1.1\r\nHo", "st: localhost\r\nX-", "More: and"] {
        for stream in &mut slow {
            // Who had to make room for others is told nothing.
            let _ = stream.write_all(piece.as_bytes());
        }
        besieged.holds();
    }
}

#[test]
fn five_hundred_who_never_read() {
    let mut besieged = Besieged::new();
    let request = format!("GET /handbook.json HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", besieged.preview.port).repeat(50);
    let _deaf: Vec<TcpStream> = (0..500)
        .map(|_| {
            let mut stream = besieged.preview.connect();
            stream.set_nonblocking(true).unwrap();
            let _ = stream.write(request.as_bytes());
            stream
        })
        .collect();
    besieged.holds();
}

#[test]
fn five_hundred_who_listen() {
    let mut besieged = Besieged::new();
    let mut listening: Vec<_> = (0..500).map(|_| besieged.preview.connect()).collect();
    for stream in &mut listening {
        let _ = write!(stream, "GET /__journeybook/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", besieged.preview.port);
    }
    besieged.holds();
    besieged.holds();
}

#[test]
fn heads_that_are_too_long() {
    let mut besieged = Besieged::new();
    let long = "x".repeat(20_000);
    assert_eq!(besieged.ask(&format!("GET / HTTP/1.1\r\nHOST\r\nX-Long: {long}\r\n\r\n")).status, 431);
    assert_eq!(besieged.ask(&format!("GET /{long} HTTP/1.1\r\nHOST\r\n\r\n")).status, 431);
    assert_eq!(besieged.ask(&long).status, 431);
    let many: String = (0..150).map(|at| format!("X-{at}: y\r\n")).collect();
    assert_eq!(besieged.ask(&format!("GET / HTTP/1.1\r\nHOST\r\n{many}\r\n")).status, 431);
    let endless = format!("GET / HTTP/1.1\r\n{}", "X: y\r\n".repeat(300_000));
    assert_eq!(besieged.ask(&endless).status, 431);
    besieged.holds();
}

#[test]
fn bodies_and_what_hides_in_them() {
    let mut besieged = Besieged::new();
    let hidden = "GET /pages/a.html HTTP/1.1\r\nHOST\r\n\r\n";
    for headers in [
        "Content-Length: 99999999999999\r\n",
        "Content-Length: 18446744073709551616\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 40\r\nContent-Length: 0\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
    ] {
        let request = format!("GET / HTTP/1.1\r\nHOST\r\n{headers}\r\n{hidden}")
            .replace("HOST", &format!("Host: localhost:{}", besieged.preview.port));
        let all = besieged.preview.exchange(request.as_bytes());
        let (answer, rest) = Answer::first(&all);
        assert_eq!((answer.status, rest.len()), (413, 0), "{headers}");
    }
    for odd in
        ["Transfer-Encoding : chunked\r\n", " Transfer-Encoding: chunked\r\n", "X: y\r\n Content-Length: 40\r\n", "Content\0Length: 4\r\n"]
    {
        let answer = besieged.ask(&format!("GET / HTTP/1.1\r\nHOST\r\n{odd}\r\n{hidden}"));
        assert_eq!(answer.status, 400, "{odd:?}");
    }
    assert_eq!(besieged.ask("GET / HTTP/1.1\r\nHOST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").status, 200);
    besieged.holds();
}

#[test]
fn what_is_no_request() {
    let mut besieged = Besieged::new();
    for (request, status) in [
        ("POST / HTTP/1.1\r\nHOST\r\n\r\n", 405),
        ("CONNECT localhost:1 HTTP/1.1\r\nHOST\r\n\r\n", 405),
        ("OPTIONS * HTTP/1.1\r\nHOST\r\n\r\n", 405),
        ("get / HTTP/1.1\r\nHOST\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHOST\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("GET / HTTP/1.1\nHOST\n\n", 400),
        ("GET / HTTP/1.1\r\nHOST\n\r\n", 400),
        ("GET  / HTTP/1.1\r\nHOST\r\n\r\n", 400),
        ("GET / HTTP/1.1 \r\nHOST\r\n\r\n", 400),
        ("GET /\r\nHOST\r\n\r\n", 400),
        ("GET x HTTP/1.1\r\nHOST\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHOST\r\nHOST\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", 400),
    ] {
        assert_eq!(besieged.ask(request).status, status, "{request:?}");
    }
    for seed in 0..200u32 {
        let noise: Vec<u8> = (0..300u32).map(|at| (seed.wrapping_mul(2_654_435_761).wrapping_add(at * at * 40_503) >> 11) as u8).collect();
        let mut stream = besieged.preview.connect();
        let _ = stream.write_all(&noise);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    besieged.holds();
}

#[test]
fn several_requests_at_once_are_answered_in_turn() {
    let mut besieged = Besieged::new();
    let host = format!("Host: localhost:{}\r\n", besieged.preview.port);
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\n{host}\r\n");
    let paths = ["/pages/a.html", "/none", "/", "/llms.txt"];
    let mut all: String = paths.iter().cycle().take(80).map(|path| one(path)).collect();
    all.push_str(&format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n"));
    let received = besieged.preview.exchange(all.as_bytes());
    let (mut rest, mut statuses) = (&received[..], Vec::new());
    while !rest.is_empty() {
        let (answer, more) = Answer::first(rest);
        statuses.push(answer.status);
        rest = more;
    }
    let wanted: Vec<u16> = [200, 404, 200, 200].into_iter().cycle().take(80).chain([200]).collect();
    assert_eq!(statuses, wanted);
    besieged.holds();
}

#[test]
fn a_request_byte_by_byte() {
    let besieged = Besieged::new();
    let mut stream = besieged.preview.connect();
    stream.set_nodelay(true).unwrap();
    let request = format!("\r\nGET /pages/a.html HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", besieged.preview.port);
    for byte in request.as_bytes() {
        stream.write_all(&[*byte]).unwrap();
    }
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    assert!(Answer::first(&all).0.has("Save 0."));
}

#[test]
fn who_goes_away_in_the_middle() {
    let mut besieged = Besieged::new();
    let host = format!("Host: localhost:{}\r\n\r\n", besieged.preview.port);
    for round in 0..400 {
        let mut stream = besieged.preview.connect();
        let request = format!("GET {} HTTP/1.1\r\n{host}", ["/", "/handbook.json", "/__journeybook/events", "/none"][round % 4]);
        let sent = if round % 3 == 0 { request.len() / 2 } else { request.len() };
        let _ = stream.write_all(&request.as_bytes()[..sent]);
        // Bytes that were not read make the end an abrupt one.
        drop(stream);
    }
    besieged.holds();
}

#[cfg(unix)]
#[test]
fn no_file_descriptors_left() {
    let folder = handbook(&[("content/pages/a.md", &page("A", "Save 0."))]);
    let mut command = Command::new("sh");
    let script = format!("ulimit -n 40; exec \"$0\" serve --port 0 --today {}", crate::support::TODAY);
    command.args(["-c", &script, env!("CARGO_BIN_EXE_journeybook")]).current_dir(folder.path());
    let preview = Preview::start(command);
    let mut besieged = Besieged { folder, preview, saves: 0 };
    let held: Vec<TcpStream> = (0..200).map(|_| besieged.preview.connect()).collect();
    besieged.holds();
    assert_eq!(besieged.preview.get("/pages/a.html").status, 200, "nothing is missing for want of descriptors");
    drop(held);
    besieged.holds();
    assert!(!besieged.preview.said().contains('✗'), "{}", besieged.preview.said());
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat() {
    let mut besieged = Besieged::new();
    let wave = |besieged: &Besieged| {
        for round in 0..40 {
            let streams: Vec<TcpStream> = (0..50)
                .map(|_| {
                    let mut stream = besieged.preview.connect();
                    let _ = write!(
                        stream,
                        "GET /none/{round} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n{}",
                        besieged.preview.port,
                        "y".repeat(8000)
                    );
                    stream
                })
                .collect();
            drop(streams);
        }
    };
    wave(&besieged);
    besieged.holds();
    let before = besieged.memory();
    (0..4).for_each(|_| wave(&besieged));
    besieged.holds();
    let after = besieged.memory();
    assert!(after < before + 24 * 1024, "{before} kB, then {after} kB");
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let besieged = Besieged::new();
    let mut stream = besieged.preview.connect();
    for path in ["/", "/pages/a.html", "/none"] {
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", besieged.preview.port).unwrap();
        let mut all = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let bytes = stream.read(&mut piece).unwrap();
            assert!(bytes > 0, "it was closed");
            all.extend_from_slice(&piece[..bytes]);
            let (answer, _) = Answer::first(&all);
            let length: usize = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(usize::MAX);
            if answer.body.len() == length {
                break;
            }
        }
    }
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(stream.read(&mut [0]).is_err(), "nothing more comes, and it is not closed");
}
