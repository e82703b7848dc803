//! One run of one program: how long, how much processor time, how much memory.
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What a run took.
#[derive(Debug, Clone)]
pub struct Sample {
    pub wall: Duration,
    pub cpu: Duration,
    /// Most bytes of memory at any time, as the system counted them for the process.
    pub peak: u64,
    /// The last line it said.
    pub said: String,
}

/// Runs a program to its end. An error is what it said last, if it did not end well.
pub fn run(mut command: Command) -> Result<Sample, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| missing(&command, &error))?;
    let stderr = child.stderr.take();
    let errors = std::thread::spawn(move || last_line(stderr));
    let said = last_line(child.stdout.take());
    let done = child.wait4().map_err(|error| error.to_string())?;
    let wall = start.elapsed();
    let complaint = errors.join().unwrap_or_default();
    if !done.status.success() {
        return Err(format!("{}: {}", done.status, [&complaint, &said].into_iter().find(|text| !text.is_empty()).map_or("", |text| text)));
    }
    Ok(Sample { wall, cpu: done.rusage.utime + done.rusage.stime, peak: done.rusage.maxrss, said })
}

fn missing(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` cannot be started ({error}); `benches/README.md` says how to get it", command.get_program().display())
}

/// Nothing else is kept: what this process holds in memory counts for the programs that it starts.
fn last_line(stream: Option<impl Read>) -> String {
    let Some(stream) = stream else { return String::new() };
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let (mut line, mut last) = (Vec::new(), Vec::new());
    while stream.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        if !line.trim_ascii().is_empty() {
            std::mem::swap(&mut line, &mut last);
        }
        line.clear();
    }
    String::from_utf8_lossy(&last).trim().to_owned()
}
