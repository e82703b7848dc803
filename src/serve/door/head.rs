//! The head of a request. Everything that comes from the network comes through here, and nothing from it goes any further unread.
use httparse::{Status, parse_headers};

/// Longest head, in bytes.
pub const LONGEST_HEAD: usize = 16 * 1024;
/// Most headers.
const MOST_HEADERS: usize = 100;

/// What somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Whether only the head of the answer is wanted.
    pub method: Method,
    /// The path as it was written, from its first slash; what follows `?` is left out.
    pub path: String,
    /// The host and port that the client believes to speak to.
    pub host: String,
    /// What the client does with the connection afterwards.
    pub after: After,
    /// The page that asks, if a script or form does.
    pub origin: Option<String>,
    /// `Sec-Fetch-Site`: how that page is related to us.
    pub fetch_site: Option<String>,
    /// `Sec-Fetch-Mode`.
    pub fetch_mode: Option<String>,
    /// `Sec-Fetch-Dest`.
    pub fetch_dest: Option<String>,
    /// The versions that the client has.
    pub if_none_match: Option<String>,
    /// The bytes that it wants.
    pub range: Option<String>,
    /// The version that these bytes have to be of.
    pub if_range: Option<String>,
}

/// The methods that there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// Head and body.
    #[default]
    Get,
    /// The head alone.
    Head,
}

/// What happens to a connection after an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum After {
    /// It is kept for the next request.
    #[default]
    Keep,
    /// It is closed.
    Close,
}

/// Why a request is not answered: a status and one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// Why.
    pub why: &'static str,
}

/// What was found at the start of what a client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Parsed {
    /// The head has not ended yet.
    Partial,
    /// A request, and how many bytes it took.
    Whole(Box<Request>, usize),
    /// Something that is not answered, after which nothing more is read.
    Refused(Refusal),
}

/// Reads the head at the start of what a client sent.
pub fn parse(bytes: &[u8]) -> Parsed {
    match whole(&bytes[..bytes.len().min(LONGEST_HEAD)]) {
        Ok(Some((request, used))) => Parsed::Whole(Box::new(request), used),
        Ok(None) if bytes.len() >= LONGEST_HEAD => Parsed::Refused(TOO_LONG),
        Ok(None) => Parsed::Partial,
        Err(refusal) => Parsed::Refused(refusal),
    }
}

const TOO_LONG: Refusal = refusal(431, "The request's head is too long.");
const MALFORMED: Refusal = refusal(400, "This is no request.");
const NO_HOST: Refusal = refusal(400, "The request has to name one host.");
const BODY: Refusal = refusal(413, "Requests have no body here.");
const METHOD: Refusal = refusal(405, "Only GET and HEAD are answered.");
const VERSION: Refusal = refusal(505, "HTTP/1.1 is spoken here.");

const fn refusal(status: u16, why: &'static str) -> Refusal {
    Refusal { status, why }
}

type Headers<'h> = [httparse::Header<'h>];

fn whole(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refusal> {
    // Clients may send an empty line or two before a request.
    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let bytes = &bytes[blank..];
    let Some(end) = memchr::memchr(b'\n', bytes) else { return Ok(None) };
    let (method, target, after) = request_line(bytes[..end].strip_suffix(b"\r").ok_or(MALFORMED)?)?;
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    match parse_headers(&bytes[end + 1..], &mut headers) {
        Ok(Status::Partial) => Ok(None),
        Ok(Status::Complete((used, headers))) => {
            let used = end + 1 + used;
            only_whole_lines(&bytes[..used])?;
            request(method, target, after, headers).map(|request| Some((request, blank + used)))
        }
        Err(httparse::Error::TooManyHeaders) => Err(TOO_LONG),
        Err(_) => Err(MALFORMED),
    }
}

/// A line that ends in a bare line feed is read differently by different programs: so it is not read at all.
fn only_whole_lines(head: &[u8]) -> Result<(), Refusal> {
    let bare = memchr::memchr_iter(b'\n', head).any(|at| at == 0 || head[at - 1] != b'\r');
    if bare { Err(MALFORMED) } else { Ok(()) }
}

/// `GET /path HTTP/1.1`, with one space between.
fn request_line(line: &[u8]) -> Result<(Method, &str, After), Refusal> {
    let line = std::str::from_utf8(line).ok().filter(|line| !line.chars().any(char::is_control)).ok_or(MALFORMED)?;
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err(MALFORMED);
    };
    let after = match version {
        "HTTP/1.1" => After::Keep,
        "HTTP/1.0" => After::Close,
        other if other.starts_with("HTTP/") => return Err(VERSION),
        _ => return Err(MALFORMED),
    };
    match method {
        "GET" => Ok((Method::Get, target, after)),
        "HEAD" => Ok((Method::Head, target, after)),
        other if !other.is_empty() && other.bytes().all(|byte| byte.is_ascii_uppercase()) => Err(METHOD),
        _ => Err(MALFORMED),
    }
}

fn request(method: Method, target: &str, after: After, headers: &Headers<'_>) -> Result<Request, Refusal> {
    no_body(headers)?;
    let text = |name: &str| one(headers, name).ok().flatten().map(str::to_owned);
    let mut host = one(headers, "host").map_err(|_| NO_HOST)?.ok_or(NO_HOST)?;
    let mut path = target;
    if let Some(rest) = target.strip_prefix("http://") {
        // What stands in the line itself counts.
        let slash = rest.find(['/', '?']).unwrap_or(rest.len());
        (host, path) = rest.split_at(slash);
    } else if !target.starts_with('/') {
        return Err(MALFORMED);
    }
    let path = path.split(['?', '#']).next().unwrap_or("");
    Ok(Request {
        method,
        path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        host: host.to_ascii_lowercase(),
        after: if asks_to_close(headers) { After::Close } else { after },
        origin: text("origin"),
        fetch_site: text("sec-fetch-site"),
        fetch_mode: text("sec-fetch-mode"),
        fetch_dest: text("sec-fetch-dest"),
        if_none_match: text("if-none-match"),
        range: text("range"),
        if_range: text("if-range"),
    })
}

/// Nothing here takes a body; and where none is read, none can hide a second request.
fn no_body(headers: &Headers<'_>) -> Result<(), Refusal> {
    if named(headers, "transfer-encoding").next().is_some() {
        return Err(BODY);
    }
    let all_empty = named(headers, "content-length").all(|value| value == b"0");
    if all_empty { Ok(()) } else { Err(BODY) }
}

fn asks_to_close(headers: &Headers<'_>) -> bool {
    let words = |value: &[u8]| value.split(|byte| *byte == b',').any(|word| word.trim_ascii().eq_ignore_ascii_case(b"close"));
    named(headers, "connection").any(words)
}

fn named<'h>(headers: &'h Headers<'_>, name: &'h str) -> impl Iterator<Item = &'h [u8]> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

/// The value of a header that may be given once.
fn one<'h>(headers: &'h Headers<'_>, name: &'h str) -> Result<Option<&'h str>, Refusal> {
    let mut values = named(headers, name);
    match (values.next(), values.next()) {
        (Some(value), None) => std::str::from_utf8(value).map(|value| Some(value.trim())).map_err(|_| MALFORMED),
        (None, _) => Ok(None),
        _ => Err(MALFORMED),
    }
}
