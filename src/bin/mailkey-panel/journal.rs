//! What the service says: one line an event on the standard error stream, which systemd's journal keeps, with the
//! priority in front as sd-daemon(3) has it (not at a terminal). What people do is said as `key=value`.
//!
//! Never a secret. What is presented at a sign-in has a line of its own, which the PAM module writes to syslog.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::net::IpAddr;

use mailkey::account::AccountName;

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

/// What the owner of an account has done, `event=… user=… rhost=… id=…`. The names are those of the activity list;
/// `id` is that of an app password or session, or `-`.
pub fn event(event: &str, user: &AccountName, remote: Option<IpAddr>, id: &str) {
    let remote = remote.map_or_else(|| "-".to_string(), |remote| remote.to_string());
    write(6, format_args!("event={event} user={user} rhost={remote} id={id}"));
}

/// Takes what libraries and [`crate::authenticate`] log, from warnings on.
pub fn listen() {
    struct Listener;
    impl log::Log for Listener {
        fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
            metadata.level() <= log::Level::Warn
        }
        fn log(&self, record: &log::Record<'_>) {
            match record.level() {
                log::Level::Error => error(*record.args()),
                log::Level::Warn => warning(*record.args()),
                log::Level::Info | log::Level::Debug | log::Level::Trace => {}
            }
        }
        fn flush(&self) {}
    }
    // It is the first and only one.
    if log::set_logger(&Listener).is_ok() {
        log::set_max_level(log::LevelFilter::Warn);
    }
}

fn write(priority: u8, what: fmt::Arguments<'_>) {
    // One line, whatever is in it.
    let line: String = what.to_string().chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).collect();
    let mut errors = std::io::stderr().lock();
    // Without a standard error stream there is nobody to tell.
    let _ = if errors.is_terminal() { writeln!(errors, "{line}") } else { writeln!(errors, "<{priority}>{line}") };
}
