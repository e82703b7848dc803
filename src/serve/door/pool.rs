//! The few threads that find answers, so that the door never waits for a page or a disk.
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mio::Token;

use super::super::lock;
use super::Desk;
use super::head::{Refusal, Request};
use super::reply::Reply;

/// How many.
const THREADS: usize = 4;
/// How much of a file is read at a time.
const PIECE: u64 = 256 * 1024;

/// Something to do for a connection.
pub enum Job {
    /// Find the answer.
    Answer(Token, Box<Request>),
    /// Read more of a file of which so much is left.
    Read(Token, File, u64),
}

/// What was done.
pub enum Done {
    /// The answer.
    Answer(Token, Reply),
    /// More of a file, and how much is left after it.
    Read(Token, File, u64, Vec<u8>),
}

impl Done {
    pub fn token(&self) -> Token {
        match self {
            Done::Answer(token, _) | Done::Read(token, ..) => *token,
        }
    }
}

/// Threads at work. They end when it is dropped.
pub struct Pool {
    jobs: Sender<Job>,
}

impl Pool {
    pub fn start(desk: &Arc<dyn Desk>, done: impl Fn(Done) + Clone + Send + 'static) -> io::Result<Pool> {
        let (jobs, todo) = channel();
        let todo = Arc::new(Mutex::new(todo));
        for _ in 0..THREADS {
            let (desk, todo, done) = (desk.clone(), todo.clone(), done.clone());
            std::thread::Builder::new().name("answers".into()).spawn(move || work(&*desk, &todo, done))?;
        }
        Ok(Pool { jobs })
    }

    pub fn give(&self, job: Job) {
        // The threads outlive the pool.
        let _ = self.jobs.send(job);
    }
}

fn work(desk: &dyn Desk, todo: &Mutex<Receiver<Job>>, done: impl Fn(Done)) {
    loop {
        let job = lock(todo).recv();
        match job {
            Ok(Job::Answer(token, request)) => done(Done::Answer(token, answer(desk, &request))),
            Ok(Job::Read(token, file, left)) => {
                let bytes = piece(&file, left);
                done(Done::Read(token, file, left.saturating_sub(bytes.len() as u64), bytes));
            }
            Err(_) => return,
        }
    }
}

/// A page that panics must not take the preview with it.
fn answer(desk: &dyn Desk, request: &Request) -> Reply {
    let found = catch_unwind(AssertUnwindSafe(|| desk.answer(request)));
    found.unwrap_or_else(|_| Refusal { status: 500, why: "This page made journeybook stumble; please report it." }.into())
}

/// The next piece of a file; nothing where it cannot be read any further.
fn piece(file: &File, left: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    match file.take(left.min(PIECE)).read_to_end(&mut bytes) {
        Ok(_) => bytes,
        Err(_) => Vec::new(),
    }
}
