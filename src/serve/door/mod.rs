//! The door: every byte from the network comes in here. One thread waits for all connections at once and never for a single one;
//! answers are found by a few others.
//!
//! tiny_http 0.12 has open holes in how it accepts and reads requests (a `Content-Length` ends the process, a lack of file descriptors
//! ends the listening), so nothing from the network reaches it: it only writes the heads of answers.
mod connection;
mod head;
mod pool;
mod reply;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};

use connection::{Connection, Next};
pub use head::{After, LONGEST_HEAD, Method, Parsed, Refusal, Request, parse};
use pool::{Done, Job, Pool};
pub use reply::{Body, Reply};

use super::lock;

const LISTENER: Token = Token(0);
const BELL: Token = Token(1);
/// How often the clock is looked at, and whether somebody wants the end.
const TICK: Duration = Duration::from_millis(100);
/// Most connections at a time; fewer where the system allows us few open files.
const MOST_CONNECTIONS: usize = 256;

/// Whoever knows the answers.
pub trait Desk: Send + Sync + 'static {
    /// The answer to a request.
    fn answer(&self, request: &Request) -> Reply;
}

/// An open port.
pub struct Door {
    poll: Poll,
    listener: TcpListener,
    address: SocketAddr,
    connections: HashMap<Token, Connection>,
    next: usize,
    most: usize,
    /// Somebody waits outside whom there was no room for.
    crowded: bool,
    bell: Bell,
}

/// What a door is told from outside. Cheap to clone.
#[derive(Clone)]
pub struct Bell(Arc<Rung>);

struct Rung {
    waker: Waker,
    done: Mutex<Vec<Done>>,
    news: Mutex<News>,
    over: AtomicBool,
}

#[derive(Default)]
struct News {
    /// What a new stream is told first.
    latest: Option<Arc<[u8]>>,
    /// What all streams are still to be told.
    untold: Vec<Arc<[u8]>>,
}

impl Bell {
    /// Tells all streams the news, and later ones first of all.
    pub fn tell(&self, news: Arc<[u8]>) {
        let mut held = lock(&self.0.news);
        held.latest = Some(news.clone());
        held.untold.push(news);
        drop(held);
        self.ring();
    }

    /// Ends it all.
    pub fn end(&self) {
        self.0.over.store(true, Ordering::SeqCst);
        self.ring();
    }

    fn done(&self, done: Done) {
        lock(&self.0.done).push(done);
        self.ring();
    }

    fn ring(&self) {
        // It can only fail where the door is closed already.
        let _ = self.0.waker.wake();
    }
}

impl Door {
    /// Listens at an address.
    pub fn open(address: SocketAddr) -> io::Result<Door> {
        let poll = Poll::new()?;
        let mut listener = TcpListener::bind(address)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), BELL)?;
        let rung = Rung { waker, done: Mutex::default(), news: Mutex::default(), over: AtomicBool::new(false) };
        Ok(Door {
            address: listener.local_addr()?,
            poll,
            listener,
            connections: HashMap::new(),
            next: 2,
            most: most_connections(),
            crowded: false,
            bell: Bell(Arc::new(rung)),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What rings it.
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    /// Answers until it is over: when the bell says so, or `ended` is set.
    pub fn serve(mut self, desk: Arc<dyn Desk>, ended: &AtomicBool) -> io::Result<()> {
        let bell = self.bell.clone();
        let pool = Pool::start(&desk, move |done| bell.done(done))?;
        let mut events = Events::with_capacity(MOST_CONNECTIONS);
        while !ended.load(Ordering::SeqCst) && !self.bell.0.over.load(Ordering::SeqCst) {
            match self.poll.poll(&mut events, Some(TICK)) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
            let now = Instant::now();
            if events.is_empty() || self.crowded || events.iter().any(|event| event.token() == LISTENER) {
                self.accept(now);
            }
            for token in events.iter().map(mio::event::Event::token).filter(|token| token.0 > BELL.0) {
                self.go_on(token, &pool, now);
            }
            self.take_answers(&pool, now);
            self.take_news(&pool, now);
            self.look_at_the_clock(&pool, now);
        }
        Ok(())
    }

    fn accept(&mut self, now: Instant) {
        self.crowded = false;
        // A crowd at the door must not keep those inside from being answered.
        for _ in 0..MOST_CONNECTIONS {
            let full = self.connections.len() >= self.most;
            let leaver = self.least_missed().filter(|_| full);
            if full && leaver.is_none() {
                self.crowded = true;
                return;
            }
            match self.listener.accept() {
                Ok((stream, _)) => {
                    // Only for somebody who is there does another one have to go.
                    leaver.into_iter().for_each(|token| self.part(token));
                    self.let_in(stream, now);
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => return,
                    io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset => {}
                    // No file descriptor is left: somebody has to go, or it is tried again later.
                    _ if self.make_room() => {}
                    _ => {
                        self.crowded = true;
                        return;
                    }
                },
            }
        }
        self.crowded = true;
    }

    fn let_in(&mut self, mut stream: mio::net::TcpStream, now: Instant) {
        let token = Token(self.next);
        self.next += 1;
        let interest = Interest::READABLE | Interest::WRITABLE;
        if self.poll.registry().register(&mut stream, token, interest).is_ok() {
            // A slow answer is no reason to refuse it.
            let _ = stream.set_nodelay(true);
            self.connections.insert(token, Connection::new(stream, now));
        }
    }

    /// Sends the one away that is least missed; false where all are needed.
    fn make_room(&mut self) -> bool {
        let leaver = self.least_missed();
        leaver.into_iter().for_each(|token| self.part(token));
        leaver.is_some()
    }

    /// Who has to go first; none where all are needed. Those who only listen may hold half of the places: a tab that has to listen
    /// again misses nothing, and a page that is asked for comes first.
    fn least_missed(&self) -> Option<Token> {
        let too_many = self.connections.values().filter(|connection| connection.is_stream()).count() > self.most / 2;
        let candidates = self.connections.iter().filter(|(_, connection)| connection.is_stream() || !too_many);
        candidates.filter_map(|(token, connection)| Some((connection.rank()?, *token))).min().map(|(_, token)| token)
    }

    fn part(&mut self, token: Token) {
        if let Some(mut connection) = self.connections.remove(&token) {
            let _ = self.poll.registry().deregister(connection.stream());
        }
    }

    fn go_on(&mut self, token: Token, pool: &Pool, now: Instant) {
        let Some(connection) = self.connections.get_mut(&token) else { return };
        match connection.go_on(now) {
            Next::Wait => {}
            Next::Answer(request) => pool.give(Job::Answer(token, request)),
            Next::More(file, left) => pool.give(Job::Read(token, file, left)),
            Next::Gone => self.part(token),
        }
    }

    fn take_answers(&mut self, pool: &Pool, now: Instant) {
        let done = std::mem::take(&mut *lock(&self.bell.0.done));
        let latest = lock(&self.bell.0.news).latest.clone();
        for done in done {
            let token = done.token();
            // Whoever asked may have gone.
            let Some(connection) = self.connections.get_mut(&token) else { continue };
            match done {
                Done::Answer(_, reply) => {
                    connection.answer(reply, now);
                    latest.iter().for_each(|news| connection.tell(news));
                }
                Done::Read(_, file, left, bytes) => connection.more(bytes, file, left, now),
            }
            self.go_on(token, pool, now);
        }
    }

    fn take_news(&mut self, pool: &Pool, now: Instant) {
        let untold = std::mem::take(&mut lock(&self.bell.0.news).untold);
        for news in untold {
            self.tell_streams(&news, |_| true, pool, now);
        }
    }

    fn tell_streams(&mut self, news: &Arc<[u8]>, which: impl Fn(&Connection) -> bool, pool: &Pool, now: Instant) {
        let streams = self.connections.iter_mut().filter(|(_, connection)| connection.is_stream() && which(connection));
        let told: Vec<Token> = streams
            .map(|(token, connection)| {
                connection.tell(news);
                *token
            })
            .collect();
        told.into_iter().for_each(|token| self.go_on(token, pool, now));
    }

    fn look_at_the_clock(&mut self, pool: &Pool, now: Instant) {
        let late: Vec<Token> = self.connections.iter().filter(|(_, connection)| connection.is_late(now)).map(|(token, _)| *token).collect();
        late.into_iter().for_each(|token| self.part(token));
        let sign_of_life: Arc<[u8]> = Arc::from(&b":\n\n"[..]);
        self.tell_streams(&sign_of_life, |connection| connection.is_quiet(now), pool, now);
    }
}

/// Half of the files that the system allows: the other half is for reading the handbook.
fn most_connections() -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit / 2).unwrap_or(MOST_CONNECTIONS).clamp(8, MOST_CONNECTIONS)
}
