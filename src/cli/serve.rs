//! `serve`: a preview that keeps up with the editor.
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};

use super::compare::Earlier;
use super::load::{Shown, find_disk, today, unreadable};
use super::report::Report;
use super::speak::tell;
use super::{Failure, Outcome, Ran};
use crate::base::{Diagnostic, RelPath, Rule, Severity, Source, Today, plain};
use crate::handbook::read_settings;
use crate::serve::{Compare, News, Noticing, Options, Scene, Server, Trouble, Wanted};
use crate::tree::Disk;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to listen at, or a name of this machine
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen at; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 4000)]
    port: u16,
    /// Open the preview in your browser
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    shown: Shown,
    /// Look at the files again and again, where the system does not tell of changes (network drives)
    #[arg(long)]
    poll: bool,
    /// Show a page of what changed since this revision, and marks on the pages that did
    #[arg(long, value_name = "BASE")]
    compare: Option<String>,
    /// The day that staleness is measured against
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
}

/// So many errors and warnings are told in full; of more the browser shows the rest.
const MOST_TOLD: usize = 10;

pub(super) fn run(root: Option<&Path>, args: &Args) -> Ran {
    let options = options(root, args)?;
    let server = open(args)?;
    let address = format!("http://{}/", shown_address(args, server.address()));
    let over = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Whoever asks twice does not want to wait.
        let wanted = signal_hook::flag::register_conditional_shutdown(signal, 130, over.clone())
            .and_then(|_| signal_hook::flag::register(signal, over.clone()));
        wanted.map_err(|error| Failure::new(format!("Ctrl-C cannot be listened for: {error}")))?;
    }
    tell(&format!("Preview at {address} (Ctrl-C ends it)\n"));
    if args.open {
        // A browser that is slow to start must not hold up the handbook.
        std::thread::spawn(move || open_browser(&address));
    }
    let done = server.run(options, over, Arc::new(|news| tell(&told(&news))));
    done.map_err(|error| Failure::new(format!("the preview cannot go on: {error}")))?;
    tell("\nThe preview has ended.\n");
    Ok(Outcome::Clean)
}

fn open_browser(address: &str) {
    if let Err(error) = open::that_detached(address) {
        tell(&format!("note: no browser could be opened ({error}); open {address} yourself.\n"));
    }
}

fn options(root: Option<&Path>, args: &Args) -> Result<Options, Failure> {
    let fixed = args.today.as_deref().map(|_| today(args.today.as_deref())).transpose()?;
    let first = today(None)?;
    let disk = find_disk(root)?;
    // A `book.toml` that cannot be read is shown in the browser; no name of an audience can be held against it.
    let scope = match read_settings(&disk) {
        Ok((settings, _)) => args.shown.scope(&settings)?,
        Err(_) => args.shown.as_given(),
    };
    let compare = args.compare.as_deref().map(|base| earlier(&disk, base)).transpose()?;
    let clock = move || -> Today { fixed.or_else(|| today(None).ok()).unwrap_or(first) };
    Ok(Options {
        disk,
        wanted: Wanted { scope, today: Box::new(clock), compare },
        host: args.host.parse::<IpAddr>().is_err().then(|| args.host.clone()),
        noticing: if args.poll { Noticing::Polling } else { Noticing::Told },
    })
}

/// Tells again and again what changed since a revision, which is read once.
fn earlier(disk: &Disk, base: &str) -> Result<Compare, Failure> {
    let (settings, _) = read_settings(disk).map_err(unreadable)?;
    let earlier = Earlier::open(disk, &settings, base, None)?;
    Ok(Box::new(move |corpus, disk, head, today| earlier.compare(corpus, disk, head, today)))
}

fn open(args: &Args) -> Result<Server, Failure> {
    let ip = address(&args.host)?;
    Server::open(SocketAddr::new(ip, args.port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            let failure = Failure::new(format!("port {} is taken", args.port));
            match free_port(ip, args.port) {
                Some(free) => failure.help(format!("Port {free} is free: `journeybook serve --port {free}`.")),
                None => failure.help("Name another one with `--port N`; `--port 0` takes any that is free."),
            }
        }
        std::io::ErrorKind::AddrNotAvailable => Failure::new(format!("`{}` is no address of this machine", args.host)),
        std::io::ErrorKind::PermissionDenied => {
            Failure::new(format!("port {} may not be used by you", args.port)).help("Ports from 1024 on may.")
        }
        _ => Failure::new(format!("port {} cannot be opened: {error}", args.port)),
    })
}

fn address(host: &str) -> Result<IpAddr, Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse() {
        return Ok(ip);
    }
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    let found = (host, 0).to_socket_addrs().ok().and_then(|mut found| found.next());
    found.map(|address| address.ip()).ok_or_else(|| {
        Failure::new(format!("there is no host `{host}`"))
            .help("Give an address or a name of this machine; 0.0.0.0 listens at all of them.")
    })
}

/// The next port that is free.
fn free_port(ip: IpAddr, taken: u16) -> Option<u16> {
    (taken.saturating_add(1)..=taken.saturating_add(100)).find(|port| TcpListener::bind((ip, *port)).is_ok())
}

/// What to type into a browser on this machine.
fn shown_address(args: &Args, listening: SocketAddr) -> String {
    let port = listening.port();
    match args.host.parse::<IpAddr>() {
        Ok(ip) if ip.is_unspecified() => format!("localhost:{port}"),
        Ok(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
        _ => format!("{}:{port}", args.host),
    }
}

/// The news in words.
fn told(news: &News<'_>) -> String {
    match news {
        News::Begun(scene, took) => {
            let summary = Report::new(&scene.told, &scene.sources, scene.files).summary();
            format!("{}{} {summary}", in_full(&scene.told.iter().collect::<Vec<_>>(), scene), mark(scene, *took))
        }
        News::Changed { files, pages, took, now, before } => {
            let (new, mended) = differences(&now.told, &before.told);
            let counts = format!("{}, {}, {} ms", counted(*files, "file"), counted(*pages, "page"), took.as_millis());
            let line = match errors(now) {
                0 => format!("✓ {counts}\n"),
                count => format!("✗ {} ({counts})\n", counted(count, "error")),
            };
            let line_of = |finding: &&Diagnostic| format!("  {}\n", plain(&format!("mended: {}: {}", finding.file, finding.message)));
            let mended: String = mended.iter().map(line_of).collect();
            format!("{line}{mended}{}", in_full(&new, now))
        }
        News::Undrawable(troubles) => troubles.iter().map(undrawable).collect(),
        News::Note(note) => format!("note: {note}\n"),
    }
}

fn mark(scene: &Scene, took: Duration) -> String {
    let sign = if errors(scene) == 0 { '✓' } else { '✗' };
    format!("{sign} read in {} ms;", took.as_millis())
}

fn errors(scene: &Scene) -> usize {
    scene.errors().len()
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// Findings with their source lines: the errors first, and as many as somebody reads.
fn in_full(findings: &[&Diagnostic], scene: &Scene) -> String {
    let mut shown: Vec<Diagnostic> = findings.iter().map(|finding| (*finding).clone()).collect();
    shown.sort_by_key(|finding| finding.severity);
    let more = shown.len().saturating_sub(MOST_TOLD);
    shown.truncate(MOST_TOLD);
    let text = Report::new(&shown, &scene.sources, scene.files).render_wrong();
    let more = if more > 0 { format!("… and {more} more: `journeybook check` says all.\n") } else { String::new() };
    text + &more
}

fn undrawable(trouble: &Trouble) -> String {
    let (findings, sources): (Vec<Diagnostic>, Vec<Source>) = (vec![trouble.finding.clone()], vec![trouble.source.clone()]);
    format!("✗ 1 error\n{}", Report::new(&findings, &sources, 1).render_wrong())
}

/// What makes a problem the same one as before, wherever it has moved to in its file.
type Key<'d> = (&'d RelPath, Rule, Severity, &'d str);

/// The problems that are new, and those that are gone.
fn differences<'d>(now: &'d [Diagnostic], before: &'d [Diagnostic]) -> (Vec<&'d Diagnostic>, Vec<&'d Diagnostic>) {
    (without(now, before), without(before, now))
}

fn without<'d>(these: &'d [Diagnostic], those: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let mut known: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for finding in those {
        *known.entry(key(finding)).or_default() += 1;
    }
    let mut out = Vec::new();
    for finding in these {
        match known.get_mut(&key(finding)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => out.push(finding),
        }
    }
    out
}

fn key(finding: &Diagnostic) -> Key<'_> {
    (&finding.file, finding.rule, finding.severity, &finding.message)
}
