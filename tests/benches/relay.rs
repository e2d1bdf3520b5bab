//! A network that is some way off: connections that are passed on, each piece so much later.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// A piece, and when it is to arrive.
type Piece = (Instant, Vec<u8>);

/// Passes on what is said at `from` to `to`, and the answers back, each `delay` later.
pub fn run(from: &str, to: &str, delay: Duration) {
    let listener = TcpListener::bind(from).unwrap();
    println!("ready");
    for client in listener.incoming() {
        let client = client.unwrap();
        let server = TcpStream::connect(to).unwrap();
        for (source, target) in [(&client, &server), (&server, &client)] {
            let (source, target) = (source.try_clone().unwrap(), target.try_clone().unwrap());
            target.set_nodelay(true).unwrap();
            let (sender, receiver) = mpsc::channel();
            thread::spawn(move || read(source, &sender, delay));
            thread::spawn(move || write(target, &receiver));
        }
    }
}

fn read(mut source: TcpStream, line: &Sender<Piece>, delay: Duration) {
    let mut buffer = [0; 65536];
    while let Ok(length @ 1..) = source.read(&mut buffer) {
        if line.send((Instant::now() + delay, buffer[..length].to_vec())).is_err() {
            return;
        }
    }
}

fn write(mut target: TcpStream, line: &Receiver<Piece>) {
    while let Ok((arrives, piece)) = line.recv() {
        thread::sleep(arrives.saturating_duration_since(Instant::now()));
        if target.write_all(&piece).is_err() {
            return;
        }
    }
    // The other end has closed: so does this one.
    let _ = target.shutdown(std::net::Shutdown::Write);
}
