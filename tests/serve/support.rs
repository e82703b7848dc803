//! A preview in a process of its own, and a client that can be as rude as the test wants.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use journeybook::base::Today;
use journeybook::handbook::Scope;
use journeybook::serve::{Noticing, Options, Server, Wanted};
use journeybook::tree::Disk;

pub use crate::folder::{TODAY, handbook, write};

/// Nothing takes so long; whatever does is stuck.
pub const STUCK: Duration = Duration::from_secs(60);

/// A running preview.
pub struct Preview {
    runs: Runs,
    pub port: u16,
    said: Arc<(Mutex<Vec<String>>, Condvar)>,
}

/// Where a preview runs.
enum Runs {
    /// In a process of its own.
    Apart(Child),
    /// In this one, until it is over.
    Here(Arc<AtomicBool>),
}

impl Preview {
    /// A preview of a folder.
    pub fn of(folder: &Path, args: &[&str]) -> Preview {
        let mut command = Command::new(env!("CARGO_BIN_EXE_journeybook"));
        command.args(["serve", "--port", "0", "--today", TODAY]).args(args).current_dir(folder);
        Preview::start(command)
    }

    pub fn start(mut command: Command) -> Preview {
        for name in ["SOURCE_DATE_EPOCH", "CLICOLOR_FORCE", "LANG", "LC_ALL"] {
            command.env_remove(name);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = child.stderr.take().expect("its stderr");
        let said: Arc<(Mutex<Vec<String>>, Condvar)> = Arc::default();
        let heard = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                heard.0.lock().unwrap().push(line);
                heard.1.notify_all();
            }
        });
        let mut preview = Preview { runs: Runs::Apart(child), port: 0, said };
        let line = preview.hears("Preview at http://");
        let address = line.split("://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        preview.port = address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        preview.hears("read in ");
        preview
    }

    /// A preview of a folder in this process, on days that the test decides on.
    pub fn on_days(folder: &Path, today: impl Fn() -> Today + Send + Sync + 'static) -> Preview {
        let options = Options {
            disk: Disk::new(folder).unwrap(),
            wanted: Wanted { scope: Scope::default(), today: Box::new(today), compare: None },
            host: None,
            noticing: Noticing::Polling,
        };
        let server = Server::open(([127, 0, 0, 1], 0).into()).unwrap();
        let (over, port) = (Arc::new(AtomicBool::new(false)), server.address().port());
        let ended = over.clone();
        std::thread::spawn(move || server.run(options, ended, Arc::new(|_| ())).unwrap());
        Preview { runs: Runs::Here(over), port, said: Arc::default() }
    }

    /// Waits for a line that holds a text.
    pub fn hears(&self, text: &str) -> String {
        self.hears_times(text, 1).pop().expect("one")
    }

    /// Waits for so many lines that hold a text; all of them so far.
    pub fn hears_times(&self, text: &str, times: usize) -> Vec<String> {
        let lines = self.said.0.lock().unwrap();
        let with = |lines: &[String]| lines.iter().filter(|line| line.contains(text)).cloned().collect::<Vec<_>>();
        let (lines, _) = self.said.1.wait_timeout_while(lines, STUCK, |lines| with(lines).len() < times).unwrap();
        let found = with(&lines);
        assert!(found.len() >= times, "never heard `{text}`, but:\n{}", lines.join("\n"));
        found
    }

    /// Everything that was said so far.
    pub fn said(&self) -> String {
        self.said.0.lock().unwrap().join("\n")
    }

    pub fn pid(&self) -> u32 {
        match &self.runs {
            Runs::Apart(child) => child.id(),
            Runs::Here(_) => std::process::id(),
        }
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.pid().to_string()]).status().unwrap().success());
    }

    /// Sends a signal, and waits for the end; the exit code.
    #[cfg(unix)]
    pub fn end(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        match &mut self.runs {
            Runs::Apart(child) => child.wait().unwrap().code(),
            Runs::Here(_) => None,
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(STUCK)).unwrap();
        stream.set_write_timeout(Some(STUCK)).unwrap();
        stream
    }

    /// Asks as a browser does.
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, "")
    }

    /// Asks with more headers, each line ended.
    pub fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}Connection: close\r\n\r\n", self.port).as_bytes())
    }

    /// Sends these bytes, and reads all that comes until the connection is closed: the first answer.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        Answer::first(&self.exchange(bytes)).0
    }

    /// Sends these bytes, and reads all that comes until the connection is closed.
    pub fn exchange(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // Who is refused in the middle of a long request may be told so before it has sent everything.
        let _ = stream.write_all(bytes);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        all
    }

    /// Asks until a page is as it should be.
    pub fn until(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < STUCK, "{path} never was as wanted, but {}:\n{}\n{}", answer.status, answer.text(), self.said());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Listens to the news.
    pub fn events(&self) -> Events {
        let mut stream = self.connect();
        write!(stream, "GET /__journeybook/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).unwrap();
        Events(BufReader::new(stream))
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        match &mut self.runs {
            Runs::Apart(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Runs::Here(over) => over.store(true, Ordering::SeqCst),
        }
    }
}

/// The stream of news.
pub struct Events(BufReader<TcpStream>);

impl Events {
    /// The next news.
    pub fn next(&mut self) -> serde_json::Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("news come") > 0, "the stream has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("news are JSON");
            }
        }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first answer in what was received, and what follows it.
    pub fn first(bytes: &[u8]) -> (Answer, &[u8]) {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let answer = Answer { status, head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0usize);
        let (body, rest) = bytes[end..].split_at(length.min(bytes.len() - end));
        (Answer { body: body.to_vec(), ..answer }, rest)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The bytes without what keeps the page fresh.
    pub fn plain(&self) -> Vec<u8> {
        let text = &self.body;
        let find = |what: &[u8], from: usize| text[from..].windows(what.len()).position(|part| part == what).map(|at| from + at);
        let Some(start) = find(b"<link rel=\"stylesheet\" href=\"/__journeybook/", 0) else { return text.clone() };
        let end = find(b"</script>", start).expect("the script ends") + b"</script>".len();
        [&text[..start], &text[end..]].concat()
    }
}

/// A page of that title and text.
pub fn page(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\n---\n\n{body}\n")
}

/// The start of a PNG of that size, and as many bytes more as wanted.
pub fn picture(width: u32, height: u32, more: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend((0..more).map(|at| (at % 251) as u8));
    bytes
}
