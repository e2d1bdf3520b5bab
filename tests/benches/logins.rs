//! The processes of the benchmark (tests/bench): what is timed, and what stands around it.
//!
//! ```text
//! bench provision CONFIG CREDENTIALS GROUP…        accounts and their credentials
//! bench measure PAMDIR CREDENTIALS ROUNDS ARM…     one long-lived PAM application, arms in turn
//! bench imap PORT CREDENTIALS GROUP THREADS SECONDS  IMAP logins, as fast as they are answered
//! bench drain SOCKET                               a syslog daemon that reads and forgets
//! bench relay FROM TO MICROSECONDS                 connections that are passed on, each way so much later
//! ```
//!
//! bench.py calls them in private namespaces and makes ratios of what they print.

#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods)] // a benchmark has a clock

mod arm;
mod credentials;
mod imap;
mod pam;
mod provision;
mod raw;
mod relay;

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["provision", config, credentials, ref groups @ ..] => provision::run(config, credentials, groups),
        ["measure", directory, credentials, rounds, ref arms @ ..] => {
            arm::run(directory, credentials, rounds.parse().unwrap(), arms);
        }
        ["imap", port, credentials, group, threads, seconds] => {
            imap::run(port.parse().unwrap(), credentials, group, threads.parse().unwrap(), seconds.parse().unwrap());
        }
        ["drain", socket] => drain(socket),
        ["relay", from, to, delay] => relay::run(from, to, Duration::from_micros(delay.parse().unwrap())),
        _ => eprintln!("The benchmark is run by tests/bench."),
    }
}

/// Reads what is logged, as a syslog daemon does, and does nothing with it.
fn drain(path: &str) {
    let socket = UnixDatagram::bind(path).unwrap();
    println!("ready");
    let mut buffer = [0; 8192];
    while socket.recv(&mut buffer).is_ok() {}
}
