//! Who is answered. The preview may show confidential pages, and any web page that the author has open can send requests to it.
use std::net::{IpAddr, SocketAddr};

use super::door::{Refusal, Request};

/// The hosts that a preview answers for.
#[derive(Debug, Clone)]
pub struct Guard {
    port: u16,
    hosts: Vec<String>,
    numbers: Numbers,
}

/// Whether any address of this machine will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Own,
    Any,
}

const WRONG_HOST: Refusal = Refusal { status: 403, why: "This preview answers for localhost only; `--host` adds another name." };
const ELSEWHERE: Refusal = Refusal { status: 403, why: "Pages of other sites are not answered." };

impl Guard {
    /// Answers for what it listens at, for this machine's own names, and for the name that was given.
    pub fn new(listening: SocketAddr, given: Option<&str>) -> Guard {
        let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let address = match listening.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let given = given.map(|name| name.to_ascii_lowercase());
        let numbers = if listening.ip().is_unspecified() { Numbers::Any } else { Numbers::Own };
        Guard { port: listening.port(), hosts: own.into_iter().chain([address]).chain(given).collect(), numbers }
    }

    /// Refuses who does not come from here.
    pub fn check(&self, request: &Request) -> Result<(), Refusal> {
        if !self.answers_for(&request.host) {
            return Err(WRONG_HOST);
        }
        let own_origin = format!("http://{}", request.host);
        let foreign = request.origin.as_ref().is_some_and(|origin| *origin != own_origin);
        if foreign || is_elsewhere(request) { Err(ELSEWHERE) } else { Ok(()) }
    }

    fn answers_for(&self, host: &str) -> bool {
        let name = match host.strip_suffix(&format!(":{}", self.port)) {
            Some(name) => name,
            None if self.port == 80 => host,
            None => return false,
        };
        self.hosts.iter().any(|known| known == name) || (self.numbers == Numbers::Any && is_number(name))
    }
}

fn is_number(name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.map_or_else(|| name.parse::<std::net::Ipv4Addr>().is_ok(), |bare| bare.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Whether a page of another site wants to have this as a part of itself. Following a link to here is no such thing.
fn is_elsewhere(request: &Request) -> bool {
    let is = |header: &Option<String>, value: &str| header.as_deref() == Some(value);
    let from_here = request.fetch_site.is_none() || is(&request.fetch_site, "same-origin") || is(&request.fetch_site, "none");
    let by_link = is(&request.fetch_mode, "navigate") && is(&request.fetch_dest, "document");
    !(from_here || by_link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(host: &str) -> Request {
        Request { host: host.into(), ..Request::default() }
    }

    fn guard(address: &str, given: Option<&str>) -> Guard {
        Guard::new(address.parse().unwrap(), given)
    }

    #[test]
    fn only_own_names_with_the_port() {
        let guard = guard("127.0.0.1:4000", None);
        for good in ["localhost:4000", "127.0.0.1:4000", "[::1]:4000"] {
            assert_eq!(guard.check(&request(good)), Ok(()), "{good}");
        }
        for bad in ["", "localhost", "localhost:4001", "localhost.:4000", "evil.example:4000", "192.168.1.5:4000", "127.0.0.1.nip.io:4000"]
        {
            assert_eq!(guard.check(&request(bad)), Err(WRONG_HOST), "{bad}");
        }
    }

    #[test]
    fn given_names_and_any_number_at_all_addresses() {
        let named = guard("192.168.1.5:80", Some("Handbook.Local"));
        assert!(named.check(&request("handbook.local")).is_ok() && named.check(&request("192.168.1.5:80")).is_ok());
        let all = guard("0.0.0.0:4000", None);
        assert!(all.check(&request("10.1.2.3:4000")).is_ok() && all.check(&request("[fe80::1]:4000")).is_ok());
        assert_eq!(all.check(&request("evil.example:4000")), Err(WRONG_HOST));
    }

    #[test]
    fn no_part_of_another_page() {
        let guard = guard("127.0.0.1:4000", None);
        let from = |site: &str, mode: &str, dest: &str| {
            let some = |text: &str| Some(text.to_owned());
            guard.check(&Request { fetch_site: some(site), fetch_mode: some(mode), fetch_dest: some(dest), ..request("localhost:4000") })
        };
        assert_eq!(from("none", "navigate", "document"), Ok(()));
        assert_eq!(from("same-origin", "no-cors", "image"), Ok(()));
        assert_eq!(from("cross-site", "navigate", "document"), Ok(()));
        for bad in [("cross-site", "no-cors", "image"), ("same-site", "cors", "empty"), ("cross-site", "navigate", "iframe")] {
            assert_eq!(from(bad.0, bad.1, bad.2), Err(ELSEWHERE), "{bad:?}");
        }
        let origin = |origin: &str| guard.check(&Request { origin: Some(origin.into()), ..request("localhost:4000") });
        assert_eq!(origin("http://localhost:4000"), Ok(()));
        for bad in ["null", "http://localhost:4001", "https://localhost:4000", "http://127.0.0.1:4000"] {
            assert_eq!(origin(bad), Err(ELSEWHERE), "{bad}");
        }
    }
}
