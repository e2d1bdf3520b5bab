//! One sign-in each by a mail program, from any loopback address: is a credential accepted?

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpSocket, TcpStream};

use crate::world::world;

/// The webmail's own address.
pub const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Another machine.
pub const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Signs in at `port` (a name of packaging/demo/mailserver.py); the answer must be a yes or a no.
pub async fn accepted(port: &str, user: &str, credential: &str, from: Ipv4Addr) -> bool {
    let mut connection = Connection::open(world().port(port), from).await;
    let plain = BASE64.encode(format!("\0{user}\0{credential}").as_bytes());
    let (yes, no, answer) = match port {
        "imap" | "webmail" => {
            connection.line().await;
            connection.say(&format!("a AUTHENTICATE PLAIN {plain}")).await;
            ("a OK", "a NO [AUTHENTICATIONFAILED]", connection.until(&["a OK", "a NO", "a BAD"]).await)
        }
        "smtp" | "webmail-smtp" => {
            connection.line().await;
            connection.say("EHLO client.example.test").await;
            connection.until(&["250 "]).await;
            connection.say(&format!("AUTH PLAIN {plain}")).await;
            ("235", "535", connection.line().await)
        }
        "sieve" | "webmail-sieve" => {
            connection.until(&["OK"]).await;
            connection.say(&format!("AUTHENTICATE \"PLAIN\" \"{plain}\"")).await;
            ("OK", "NO", connection.until(&["OK", "NO", "BYE"]).await)
        }
        _ => panic!("no client for {port}"),
    };
    assert!(answer.starts_with(yes) || answer.starts_with(no), "{port}: {answer}");
    answer.starts_with(yes)
}

struct Connection(BufStream<TcpStream>);

impl Connection {
    async fn open(port: u16, from: Ipv4Addr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        Self(BufStream::new(socket.connect(SocketAddr::from((HERE, port))).await.unwrap()))
    }

    async fn say(&mut self, line: &str) {
        self.0.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let read = tokio::time::timeout(Duration::from_secs(30), self.0.read_line(&mut line)).await;
        assert!(read.unwrap().unwrap() > 0, "the server closed the connection");
        line
    }

    /// The first line that begins with one of these.
    async fn until(&mut self, beginnings: &[&str]) -> String {
        loop {
            let line = self.line().await;
            if beginnings.iter().any(|beginning| line.starts_with(beginning)) {
                return line;
            }
        }
    }
}
