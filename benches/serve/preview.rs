//! A preview in a process of its own, and who asks it for pages.
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::generate::Dialect;

/// Findings depend on the day, so all runs have the same.
const TODAY: &str = "2026-06-01";
/// Nothing takes so long.
const STUCK: Duration = Duration::from_secs(300);
/// How often somebody who is told nothing asks.
const ASKING: Duration = Duration::from_millis(5);

/// The program that is measured.
#[derive(Debug)]
pub enum Program {
    Journeybook(PathBuf),
    Hugo(PathBuf),
}

impl Program {
    pub fn name(&self) -> &'static str {
        match self {
            Program::Journeybook(_) => "journeybook serve",
            Program::Hugo(_) => "hugo server",
        }
    }

    pub fn dialect(&self) -> Dialect {
        match self {
            Program::Journeybook(_) => Dialect::Journeybook,
            Program::Hugo(_) => Dialect::Hugo,
        }
    }

    /// How it is started, and what it says when it can be asked.
    fn command(&self, folder: &Path, port: u16) -> (Command, &'static str) {
        let with = |program: &Path, args: &[&str]| {
            let mut command = Command::new(program);
            command.args(args).arg(port.to_string());
            command
        };
        match self {
            Program::Journeybook(program) => {
                let mut command = with(program, &["serve", "--today", TODAY, "--port"]);
                command.arg("--root").arg(folder).stderr(Stdio::piped()).stdout(Stdio::null());
                (command, "Preview at ")
            }
            Program::Hugo(program) => {
                let mut command = with(program, &["server", "--bind", "127.0.0.1", "--port"]);
                command.arg("--source").arg(folder).stdout(Stdio::piped()).stderr(Stdio::null());
                (command, "Web Server is available at ")
            }
        }
    }
}

/// A running preview.
pub struct Preview {
    child: Child,
    port: u16,
    news: Option<Receiver<()>>,
    /// From starting the process to the first page.
    pub first_page: Duration,
}

impl Preview {
    /// Starts one, and asks for its first page.
    pub fn start(program: &Program, folder: &Path) -> Outcome<Preview> {
        let port = free_port()?;
        let (mut command, ready) = program.command(folder, port);
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).spawn()?;
        let said: Option<Box<dyn Read + Send>> = match (child.stderr.take(), child.stdout.take()) {
            (Some(said), _) => Some(Box::new(said)),
            (_, said) => said.map(|said| Box::new(said) as Box<dyn Read + Send>),
        };
        let mut preview = Preview { child, port, news: None, first_page: Duration::ZERO };
        await_line(said, ready)?;
        preview.get("/index.html")?;
        preview.first_page = begun.elapsed();
        if matches!(program, Program::Journeybook(_)) {
            preview.news = Some(preview.listen()?);
        }
        Ok(preview)
    }

    /// What an address answers with.
    pub fn get(&self, path: &str) -> io::Result<String> {
        let mut stream = self.ask(path)?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all)?;
        Ok(String::from_utf8_lossy(&all).into_owned())
    }

    /// Waits until a page holds a text. Whoever is told of news asks then, as a tab does; others ask again and again.
    pub fn until(&self, path: &str, text: &str) -> Outcome {
        let begun = Instant::now();
        while begun.elapsed() < STUCK {
            match &self.news {
                Some(news) => news.recv_timeout(STUCK)?,
                None => std::thread::sleep(ASKING),
            }
            if self.get(path)?.contains(text) {
                return Ok(());
            }
        }
        Err(format!("{path} never showed what was saved").into())
    }

    /// How many bytes of memory it holds, where the system tells.
    pub fn resident(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }

    fn ask(&self, path: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(STUCK))?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port).as_bytes())?;
        Ok(stream)
    }

    fn listen(&self) -> io::Result<Receiver<()>> {
        let stream = self.ask("/__journeybook/events")?;
        stream.set_read_timeout(None)?;
        let (teller, news) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            for _ in lines.filter(|line| line.starts_with("data:")) {
                // Nobody hears it once the series is over.
                let _ = teller.send(());
            }
        });
        Ok(news)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> io::Result<u16> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr().map(|address| address.port())
}

/// Waits for the line that says it is ready; what comes after that is read and forgotten.
fn await_line(said: Option<Box<dyn Read + Send>>, ready: &'static str) -> Outcome {
    let (teller, told) = channel();
    let mut lines = BufReader::new(said.ok_or("it says nothing")?).lines().map_while(Result::ok);
    std::thread::spawn(move || {
        if lines.any(|line| line.contains(ready)) {
            let _ = teller.send(());
        }
        lines.for_each(drop);
    });
    told.recv_timeout(STUCK).map_err(|_| "it ended, or never was ready".into())
}
