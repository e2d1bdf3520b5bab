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
    let forwarded: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for word in forwarded.iter().rev().flat_map(|value| value.rsplit(',')) {
        // What is behind something unreadable was written by whoever wrote that.
        let Ok(address) = word.trim().parse::<IpAddr>().map(|address| address.to_canonical()) else { break };
        last = Some(address);
        if !is_trusted(address) {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
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
    fn what_cannot_be_read_counts_for_nothing_and_nothing_before_it() {
        assert_eq!(from(peer("127.0.0.1"), &["1.2.3.4, unknown"]).as_deref(), Some("127.0.0.1"));
        assert_eq!(from(peer("127.0.0.1"), &[]).as_deref(), Some("127.0.0.1"));
        assert_eq!(from(Peer::SocketFile, &["unknown"]), None);
    }
}
