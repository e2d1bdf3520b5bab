//! The border to C: libpam's entry points and handle, a sign-in as libpam's client (for panel and doctor), the memory for hashes,
//! crypt(3), and two calls of libc.
//!
//! All unsafe code of mailkey is in here. Contracts are those of pam(3) and the Linux-PAM Module Writers' Guide, and of
//! the man pages that the SAFETY comments name.

mod arena;
#[cfg(any(feature = "command", feature = "panel"))]
pub mod client;
mod crypt3;
mod entry;
mod handle;
mod panics;

pub(crate) use arena::Arena;
pub(crate) use crypt3::crypt;

/// The effective user id of this process.
pub(crate) fn effective_uid() -> u32 {
    // SAFETY: geteuid(2) takes nothing, touches no memory and always succeeds.
    unsafe { libc::geteuid() }
}

/// The local time in the form of syslog(3) and RFC 3164, `Nov 22 13:05:09`.
pub(crate) fn local_timestamp() -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // SAFETY: time(2) accepts a null pointer and then only returns the time.
    let now = unsafe { libc::time(std::ptr::null_mut()) };
    // SAFETY: `tm` is made of integers and one pointer, for all of which zero is a valid value.
    let mut local: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live, aligned variables of the right types; localtime_r(3) keeps neither.
    let filled = unsafe { libc::localtime_r(&now, &mut local) };
    let month = usize::try_from(local.tm_mon).ok().and_then(|month| MONTHS.get(month));
    match month {
        Some(month) if !filled.is_null() => {
            format!("{month} {:2} {:02}:{:02}:{:02}", local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec)
        }
        _ => "Jan  1 00:00:00".into(),
    }
}
