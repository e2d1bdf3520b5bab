//! From where a visitor comes.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::serve::Peer;

/// The visitor's address: the peer's, unless that is a trusted proxy, whose `X-Forwarded-For` is read from its end: the
/// last address there that is no trusted proxy's. None: behind the socket file of a web server that does not say.
pub fn address(peer: Peer, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let peer = match peer {
        Peer::Address(address) if !is_trusted(address) => return Some(address),
        Peer::Address(address) => Some(address),
        Peer::SocketFile => None,
    };
    let mut last = peer;
    // Bytes, not text: a visitor's own part may be anything, and must not hide what the proxy wrote behind it.
    let forwarded: Vec<&[u8]> = headers.get_all("x-forwarded-for").iter().map(|value| value.as_bytes()).collect();
    for word in forwarded.iter().rev().flat_map(|value| value.rsplit(|byte| *byte == b',')) {
        // What is behind something unreadable was written by whoever wrote that.
        let Some(address) = read(word) else { break };
        last = Some(address);
        if !is_trusted(address) {
            break;
        }
    }
    last
}

fn read(word: &[u8]) -> Option<IpAddr> {
    let address: IpAddr = std::str::from_utf8(word).ok()?.trim().parse().ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn from(peer: Peer, forwarded: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<IpNet> = vec!["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        address(peer, &headers, &trusted).map(|address| address.to_string())
    }

    fn peer(address: &str) -> Peer {
        Peer::Address(address.parse().unwrap())
    }

    #[test]
    fn a_visitor_that_is_no_proxy_cannot_say_where_it_is_from() {
        assert_eq!(from(peer("203.0.113.9"), &["198.51.100.1"]).as_deref(), Some("203.0.113.9"));
    }

    #[test]
    fn a_trusted_proxy_is_believed_up_to_the_first_address_that_is_not_trusted() {
        assert_eq!(from(peer("127.0.0.1"), &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(from(peer("127.0.0.1"), &["1.2.3.4, 198.51.100.1, 10.1.1.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(from(peer("127.0.0.1"), &["1.2.3.4", "198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(from(peer("127.0.0.1"), &["::ffff:198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(from(Peer::SocketFile, &["2001:db8::1"]).as_deref(), Some("2001:db8::1"));
    }

    #[test]
    fn no_bytes_of_a_visitor_hide_the_address_that_the_proxy_wrote_behind_them() {
        let trusted: Vec<IpNet> = vec!["127.0.0.1/32".parse().unwrap()];
        for peer in [peer("127.0.0.1"), Peer::SocketFile] {
            let value = HeaderValue::from_bytes(b"\xff\xe4, 198.51.100.1").unwrap();
            let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value)]);
            assert_eq!(address(peer, &headers, &trusted), Some("198.51.100.1".parse().unwrap()));
        }
    }

    #[test]
    fn what_cannot_be_read_counts_for_nothing_and_nothing_before_it() {
        assert_eq!(from(peer("127.0.0.1"), &["1.2.3.4, unknown"]).as_deref(), Some("127.0.0.1"));
        assert_eq!(from(peer("127.0.0.1"), &[]).as_deref(), Some("127.0.0.1"));
        assert_eq!(from(Peer::SocketFile, &["unknown"]), None);
    }
}
