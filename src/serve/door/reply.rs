//! Answers, and how they are written. tiny_http writes their heads.
use std::fs::File;
use std::io;
use std::sync::Arc;

use tiny_http::{HTTPVersion, Header, Response, StatusCode};

use super::head::{After, Method, Refusal};

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Its headers, besides those that every answer has.
    pub headers: Vec<(&'static str, String)>,
    /// What follows them.
    pub body: Body,
}

/// What follows the head of an answer.
#[derive(Debug)]
pub enum Body {
    /// Bytes in memory.
    Bytes(Arc<[u8]>),
    /// So many bytes of a file, from where it stands.
    File(File, u64),
    /// Nothing that ends: whatever is told to everybody from now on.
    Stream,
}

/// What every answer says: nobody may frame it, read it from elsewhere, or guess what it is.
const ALWAYS: [(&str, &str); 6] = [
    ("Cache-Control", "no-cache"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
];

impl Reply {
    /// An answer of these bytes.
    pub fn bytes(status: u16, kind: &str, bytes: impl Into<Arc<[u8]>>) -> Reply {
        Reply { status, headers: vec![("Content-Type", kind.to_owned())], body: Body::Bytes(bytes.into()) }
    }

    /// With one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// How many bytes follow the head; for a stream nobody knows.
    fn length(&self) -> Option<u64> {
        match &self.body {
            Body::Bytes(bytes) => Some(bytes.len() as u64),
            Body::File(_, length) => Some(*length),
            Body::Stream => None,
        }
    }

    /// The head as it goes over the wire.
    pub fn head(&self, after: After) -> Vec<u8> {
        let Some(length) = self.length() else { return stream_head() };
        let said = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let headers = ALWAYS.into_iter().chain(said).filter_map(|(name, value)| Header::from_bytes(name, value).ok()).collect();
        let length = usize::try_from(length).ok();
        let response = Response::new(StatusCode(self.status), headers, io::empty(), length, None).with_chunked_threshold(usize::MAX);
        let mut out = Vec::with_capacity(640);
        // Into memory nothing fails.
        let _ = response.raw_print(&mut out, HTTPVersion(1, 1), &[], true, None);
        if after == After::Close {
            // tiny_http keeps this header to itself.
            out.truncate(out.len().saturating_sub(2));
            out.extend_from_slice(b"Connection: close\r\n\r\n");
        }
        out
    }

    /// Whether a client that asked so is sent what follows the head.
    pub fn has_body(&self, method: Method) -> bool {
        method == Method::Get && self.status != 304
    }
}

/// The head of a stream: tiny_http would wait for its end.
fn stream_head() -> Vec<u8> {
    let mut out = String::from("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n");
    for (name, value) in ALWAYS {
        let value = if name == "Cache-Control" { "no-store" } else { value };
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("\r\n");
    out.into_bytes()
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Reply {
        let reply = Reply::bytes(refusal.status, "text/plain; charset=utf-8", format!("{}\n", refusal.why).into_bytes());
        if refusal.status == 405 { reply.with("Allow", "GET, HEAD") } else { reply }
    }
}
