//! How far long work is: on standard error, and only where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Time between two lines.
const PAUSE: Duration = Duration::from_millis(100);

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
        self.line(&format!("{}: {done} of {}", self.what, self.total));
    }

    /// The line over the one before; where standard error is closed there is nobody to tell.
    fn line(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "\r\x1b[K{text}");
        let _ = stderr.flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some() {
            self.line("");
        }
    }
}
