//! How far long work is: on standard error, and only where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Time between two lines.
const PAUSE: Duration = Duration::from_millis(100);

/// Time after which work that does not say how far it is is long.
const LONG: Duration = Duration::from_secs(1);

/// Says what is being done as long as it is held, where that takes long; nothing says how far it is.
pub struct Busy {
    done: Option<mpsc::Sender<()>>,
    teller: Option<JoinHandle<()>>,
}

impl Busy {
    /// While this is done.
    pub fn new(what: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Self { done: None, teller: None };
        }
        let (done, end) = mpsc::channel();
        let teller = std::thread::spawn(move || {
            if end.recv_timeout(LONG) == Err(RecvTimeoutError::Timeout) {
                line(&format!("{what} …"));
                // It ends when the other end is dropped.
                let _ = end.recv();
                line("");
            }
        });
        Self { done: Some(done), teller: Some(teller) }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.done = None;
        if let Some(teller) = self.teller.take() {
            // It only writes a line.
            let _ = teller.join();
        }
    }
}

/// A line over the one before; where standard error is closed there is nobody to tell.
fn line(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "\r\x1b[K{text}");
    let _ = stderr.flush();
}

/// One piece of long work.
pub struct Progress {
    what: &'static str,
    total: usize,
    shown: Option<Instant>,
    terminal: bool,
}

impl Progress {
    /// Of `total` things; `what` is done with them.
    pub fn new(what: &'static str, total: usize) -> Self {
        Self { what, total, shown: None, terminal: io::stderr().is_terminal() }
    }

    /// So many are done.
    pub fn at(&mut self, done: usize) {
        if !self.terminal || self.shown.is_some_and(|shown| shown.elapsed() < PAUSE) {
            return;
        }
        self.shown = Some(Instant::now());
        line(&format!("{}: {done} of {}", self.what, self.total));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some() {
            line("");
        }
    }
}
