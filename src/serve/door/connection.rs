//! One connection: what was read of it, what is to be written, and how long anybody waits for it.
use std::collections::VecDeque;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::net::TcpStream;

use super::head::{After, LONGEST_HEAD, Method, Parsed, Request, parse};
use super::reply::{Body, Reply};

/// A head has to be there by then, counted from its first byte.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// A connection on which nothing is said, or that takes nothing off, is closed after that.
const IDLE_TIME: Duration = Duration::from_secs(30);
/// How long a client may take to read the last answer before the connection goes away under it.
const PARTING_TIME: Duration = Duration::from_secs(2);
/// A quiet stream is sent a sign of life after that.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A stream that lags that many messages behind is cut; its client comes again.
const LONGEST_LAG: usize = 64;

/// A connection.
pub struct Connection {
    stream: TcpStream,
    phase: Phase,
    input: Vec<u8>,
    output: VecDeque<Arc<[u8]>>,
    /// How much of the first output was written.
    written: usize,
    rest: Option<(File, u64)>,
    method: Method,
    after: After,
    /// When the phase began, or last went on.
    since: Instant,
    /// What was thrown away while parting.
    discarded: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// For a request.
    Waiting,
    /// Somebody else finds the answer.
    Asked,
    /// An answer is written.
    Answering,
    /// Somebody else reads more of a file.
    Fetching,
    /// News are written as they come.
    Streaming,
    /// Everything is said; the client may not have read it yet.
    Parting,
}

/// What a connection needs to go on.
pub enum Next {
    /// That the client reads or writes.
    Wait,
    /// An answer.
    Answer(Box<Request>),
    /// More of a file.
    More(File, u64),
    /// Nothing: it is over.
    Gone,
}

enum Filled {
    Some,
    Later,
    Gone,
}

impl Connection {
    pub fn new(stream: TcpStream, now: Instant) -> Connection {
        Connection {
            stream,
            phase: Phase::Waiting,
            input: Vec::new(),
            output: VecDeque::new(),
            written: 0,
            rest: None,
            method: Method::Get,
            after: After::Keep,
            since: now,
            discarded: 0,
        }
    }

    pub fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Reads and writes as far as the client goes along.
    pub fn go_on(&mut self, now: Instant) -> Next {
        loop {
            match self.phase {
                Phase::Waiting => match parse(&self.input) {
                    Parsed::Whole(request, used) => return self.asked(request, used, now),
                    Parsed::Refused(refusal) => {
                        self.after = After::Close;
                        self.method = Method::Get;
                        self.answer(refusal.into(), now);
                    }
                    Parsed::Partial => match self.fill(now) {
                        Filled::Some => {}
                        Filled::Later => return Next::Wait,
                        Filled::Gone => return Next::Gone,
                    },
                },
                Phase::Asked | Phase::Fetching => return Next::Wait,
                Phase::Answering => match self.flush(now) {
                    Filled::Some => {
                        if let Some((file, left)) = self.rest.take() {
                            self.phase = Phase::Fetching;
                            return Next::More(file, left);
                        }
                        self.answered(now);
                    }
                    Filled::Later => return Next::Wait,
                    Filled::Gone => return Next::Gone,
                },
                Phase::Streaming => match (self.flush(now), self.discard()) {
                    (Filled::Gone, _) | (_, Filled::Gone) => return Next::Gone,
                    _ => return Next::Wait,
                },
                Phase::Parting => match self.discard() {
                    Filled::Gone => return Next::Gone,
                    _ => return Next::Wait,
                },
            }
        }
    }

    fn asked(&mut self, request: Box<Request>, used: usize, now: Instant) -> Next {
        self.input.drain(..used);
        (self.phase, self.method, self.after, self.since) = (Phase::Asked, request.method, request.after, now);
        Next::Answer(request)
    }

    /// Takes an answer to write.
    pub fn answer(&mut self, reply: Reply, now: Instant) {
        self.output.push_back(reply.head(self.after).into());
        self.since = now;
        self.phase = match reply.body {
            Body::Stream => Phase::Streaming,
            _ => Phase::Answering,
        };
        match reply.body {
            _ if !reply.has_body(self.method) => {}
            Body::Bytes(bytes) => self.output.push_back(bytes),
            Body::File(file, length) => self.rest = Some((file, length)).filter(|_| length > 0),
            Body::Stream => {}
        }
    }

    /// Takes more of a file to write; where there is no more, the promise of its length cannot be kept.
    pub fn more(&mut self, bytes: Vec<u8>, file: File, left: u64, now: Instant) {
        if bytes.is_empty() {
            self.after = After::Close;
        } else {
            self.output.push_back(bytes.into());
            self.rest = Some((file, left)).filter(|_| left > 0);
        }
        (self.phase, self.since) = (Phase::Answering, now);
    }

    /// Tells a stream the news.
    pub fn tell(&mut self, news: &Arc<[u8]>) {
        if self.is_stream() {
            self.output.push_back(news.clone());
        }
    }

    pub fn is_stream(&self) -> bool {
        self.phase == Phase::Streaming
    }

    /// Whether a stream has been told nothing for so long that it wants a sign of life.
    pub fn is_quiet(&self, now: Instant) -> bool {
        self.is_stream() && self.output.is_empty() && now.duration_since(self.since) > HEARTBEAT
    }

    /// Whether its time is up.
    pub fn is_late(&self, now: Instant) -> bool {
        let waited = now.duration_since(self.since);
        match self.phase {
            Phase::Waiting if self.input.is_empty() => waited > IDLE_TIME,
            Phase::Waiting => waited > HEAD_TIME,
            Phase::Asked | Phase::Fetching => false,
            Phase::Answering => waited > IDLE_TIME,
            Phase::Streaming => self.output.len() > LONGEST_LAG || (!self.output.is_empty() && waited > HEARTBEAT + IDLE_TIME),
            Phase::Parting => waited > PARTING_TIME,
        }
    }

    /// Who has to go first where there is no room for all; none for those that somebody is at work for.
    pub fn rank(&self) -> Option<(u8, Instant)> {
        let rank = match self.phase {
            Phase::Parting => 0,
            Phase::Waiting if self.input.is_empty() => 1,
            Phase::Waiting => 2,
            Phase::Answering => 3,
            Phase::Streaming => 4,
            Phase::Asked | Phase::Fetching => return None,
        };
        Some((rank, self.since))
    }

    fn answered(&mut self, now: Instant) {
        self.since = now;
        if self.after == After::Close {
            // A connection that is closed before the client has read everything takes the answer with it.
            let _ = self.stream.shutdown(Shutdown::Write);
            self.phase = Phase::Parting;
        } else {
            self.phase = Phase::Waiting;
        }
    }

    fn fill(&mut self, now: Instant) -> Filled {
        let mut buffer = [0; 4096];
        let room = LONGEST_HEAD.saturating_sub(self.input.len()).min(buffer.len());
        match read(&mut self.stream, &mut buffer[..room]) {
            Ok(0) => Filled::Gone,
            Ok(bytes) => {
                if self.input.is_empty() {
                    self.since = now;
                }
                self.input.extend_from_slice(&buffer[..bytes]);
                Filled::Some
            }
            Err(ErrorKind::WouldBlock) => Filled::Later,
            Err(_) => Filled::Gone,
        }
    }

    /// Writes what there is to write: all of it, or what the client takes now.
    fn flush(&mut self, now: Instant) -> Filled {
        while let Some(first) = self.output.front() {
            match self.stream.write(&first[self.written..]) {
                Ok(0) if self.written < first.len() => return Filled::Gone,
                Ok(bytes) => {
                    self.since = now;
                    self.written += bytes;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Filled::Later,
                Err(_) => return Filled::Gone,
            }
            if self.output.front().is_some_and(|first| self.written >= first.len()) {
                self.output.pop_front();
                self.written = 0;
            }
        }
        Filled::Some
    }

    /// Throws away what the client still sends.
    fn discard(&mut self) -> Filled {
        const MOST: usize = 1024 * 1024;
        let mut buffer = [0; 4096];
        loop {
            match read(&mut self.stream, &mut buffer) {
                Ok(0) => return Filled::Gone,
                Ok(bytes) => self.discarded += bytes,
                Err(ErrorKind::WouldBlock) => return Filled::Later,
                Err(_) => return Filled::Gone,
            }
            if self.discarded > MOST {
                return Filled::Gone;
            }
        }
    }
}

fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
    loop {
        match stream.read(buffer) {
            Ok(bytes) => return Ok(bytes),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.kind()),
        }
    }
}
