//! An IMAP client that signs in and out again and again, in several threads.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use super::credentials;

/// Prints the number of logins and the seconds that they took.
pub fn run(port: u16, credentials: &str, group: &str, threads: usize, seconds: f64) {
    let credentials = credentials::read(credentials, group);
    let began = Instant::now();
    let end = began + Duration::from_secs_f64(seconds);
    let logins: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..threads)
            .map(|thread| {
                let mut credential = credentials[thread % credentials.len()].clone();
                scope.spawn(move || {
                    let mut logins = 0;
                    while Instant::now() < end {
                        let password = credential.present().expect("a credential that opens many times");
                        session(port, &credential.user, &password).expect("an IMAP login");
                        logins += 1;
                    }
                    logins
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    });
    println!("{logins} {}", began.elapsed().as_secs_f64());
}

fn session(port: u16, user: &str, password: &str) -> std::io::Result<()> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    let mut line = String::new();
    answers.read_line(&mut line)?;
    for (command, arguments) in [("a LOGIN", format!(" \"{user}\" \"{password}\"")), ("b LOGOUT", String::new())] {
        write!(stream, "{command}{arguments}\r\n")?;
        loop {
            line.clear();
            if answers.read_line(&mut line)? == 0 {
                return Err(std::io::Error::other("the server hung up"));
            }
            if line.starts_with(&command[..2]) {
                break;
            }
        }
        if !line[2..].starts_with("OK") {
            return Err(std::io::Error::other(line));
        }
    }
    Ok(())
}
