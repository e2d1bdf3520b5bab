//! The module's log: syslog, facility LOG_AUTHPRIV, through the crates `log` and `syslog`.
//!
//! The socket is opened at the first line and kept. When the daemon was restarted the kept socket is dead; then it is
//! opened anew, once for each line. Without a daemon, lines are dropped: a login never fails, waits long or writes
//! elsewhere because of the log.

use std::io::{ErrorKind, Write};
use std::os::unix::net::UnixDatagram;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use log::{Level, LevelFilter, Log, Metadata, Record};
use once_cell::sync::OnceCell;
use syslog::{Facility, LogFormat, Logger, LoggerBackend, Severity};

/// Where the local daemon listens (syslog(3)).
const SOCKET: &str = "/dev/log";

/// The longest that a line may wait for a syslog daemon that does not read.
const WRITE_TIMEOUT: Duration = Duration::from_millis(500);

/// Makes `log` write to syslog; from the second call on it does nothing.
pub(super) fn install() {
    static INSTALLED: OnceCell<()> = OnceCell::new();
    INSTALLED.get_or_init(|| {
        static SYSLOG: Syslog = Syslog { logger: Mutex::new(None) };
        if log::set_logger(&SYSLOG).is_ok() {
            log::set_max_level(LevelFilter::Debug);
        }
    });
}

struct Syslog {
    logger: Mutex<Option<Logger<LoggerBackend, Local>>>,
}

impl Log for Syslog {
    /// Our own lines alone. Security: what other crates say, the driver of PostgreSQL above all, holds what is stored.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let (krate, _) = metadata.target().split_once("::").unwrap_or((metadata.target(), ""));
        krate == env!("CARGO_CRATE_NAME")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let mut logger = self.logger.lock().unwrap_or_else(PoisonError::into_inner);
        let text = record.args().to_string();
        let Some(open) = logger.as_mut() else {
            *logger = connect();
            if let Some(open) = logger.as_mut() {
                let _ = send(open, record.level(), &text);
            }
            return;
        };
        match send(open, record.level(), &text) {
            // A daemon that does not read in time would not read a second copy either.
            Err(syslog::Error::Write(error)) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => {
                *logger = connect();
                if let Some(open) = logger.as_mut() {
                    let _ = send(open, record.level(), &text);
                }
            }
            Ok(()) => {}
        }
    }

    fn flush(&self) {}
}

/// Datagrams only, which every local daemon takes: connecting a stream may wait for ever.
fn connect() -> Option<Logger<LoggerBackend, Local>> {
    let socket = UnixDatagram::unbound().ok()?;
    socket.connect(SOCKET).ok()?;
    socket.set_write_timeout(Some(WRITE_TIMEOUT)).ok()?;
    Some(Logger::new(LoggerBackend::Unix(socket), Local))
}

fn send(logger: &mut Logger<LoggerBackend, Local>, level: Level, text: &str) -> Result<(), syslog::Error> {
    match level {
        Level::Error => logger.err(text),
        Level::Warn => logger.warning(text),
        Level::Info => logger.info(text),
        Level::Debug | Level::Trace => logger.debug(text),
    }
}

/// The form that syslog(3) writes to the local daemon: priority, local time, tag with the process id, text. (The
/// crate's own formatter keeps the process id of its making, and looks the time zone up in a way that costs more than
/// the login around it.)
#[derive(Clone)]
struct Local;

impl LogFormat<&str> for Local {
    fn format<W: Write>(&self, writer: &mut W, severity: Severity, message: &str) -> Result<(), syslog::Error> {
        let priority = Facility::LOG_AUTHPRIV as u8 | severity as u8;
        let (time, process) = (crate::pam::local_timestamp(), std::process::id());
        // One write_fmt is one datagram.
        write!(writer, "<{priority}>{time} pam_mailkey[{process}]: {message}").map_err(syslog::Error::Write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_lines_are_written() {
        let syslog = Syslog { logger: Mutex::new(None) };
        let is_written = |target| syslog.enabled(&Metadata::builder().target(target).level(Level::Error).build());
        assert!(is_written(module_path!()) && is_written("mailkey"));
        for target in ["tokio_postgres::query", "rustls::client", "mailkey_other", ""] {
            assert!(!is_written(target), "{target}");
        }
    }
}
