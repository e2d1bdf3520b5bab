//! What the service says about itself: one line an event on the standard error stream, which systemd's journal keeps,
//! with the priority in front as sd-daemon(3) has it.
//!
//! Never a secret. Each sign-in has its own line, which the PAM module writes to syslog.

use std::fmt;
use std::io::Write;

/// An error: something does not work, and somebody must mend it.
pub fn error(what: fmt::Arguments<'_>) {
    write(3, what);
}

/// A warning.
pub fn warning(what: fmt::Arguments<'_>) {
    write(4, what);
}

/// News.
pub fn info(what: fmt::Arguments<'_>) {
    write(6, what);
}

fn write(priority: u8, what: fmt::Arguments<'_>) {
    // One line, whatever is in it.
    let line: String = what.to_string().chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).collect();
    // Without a standard error stream there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "<{priority}>{line}");
}
