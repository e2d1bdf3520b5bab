//! What the service says: one line an event on the standard error stream, which systemd's journal keeps, with the
//! priority in front as sd-daemon(3) has it. What people do is said as `key=value`.
//!
//! Never a secret. What is presented at a sign-in has a line of its own, which the PAM module writes to syslog.

use std::fmt;
use std::io::Write;
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

fn write(priority: u8, what: fmt::Arguments<'_>) {
    // One line, whatever is in it.
    let line: String = what.to_string().chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).collect();
    // Without a standard error stream there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "<{priority}>{line}");
}
