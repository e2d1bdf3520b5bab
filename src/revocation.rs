//! Revocations that wait for the hook.
//!
//! What was revoked opens nothing from that moment on; a connection that is open already knows nothing of it. So every
//! change that takes something away queues the account's name, in the same transaction, and a program (the hook, see
//! [`crate::config::RevocationHook`]) then ends the account's connections. The queue has one row for each name, however
//! often it is queued. Nothing is queued where no hook is configured.
//!
//! Where several nodes share a store, each has connections of its own: whoever comes first gives every node that is known
//! a row of its own, and each node takes its own rows alone.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Seconds for which a row that was taken is nobody else's: longer than the hook may run.
pub const LEASE: i64 = 90;

/// Longest pause between two tries, in seconds.
pub const LONGEST_PAUSE: i64 = 15 * 60;

/// Seconds until the next try, after `tries` failures: half a minute, doubling.
pub fn pause(tries: u32) -> i64 {
    30_i64.checked_shl(tries.saturating_sub(1).min(16)).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
}

/// A name that waits for the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The node ([`crate::node`]) for which it waits; none: it is not known yet which there are, or there is only one.
    pub node: Option<String>,
    /// The account's name when it was queued: it may have been removed or renamed since. As the store has it; whoever
    /// passes it on checks it first.
    pub name: String,
    /// How often it was queued: more often than when it was taken means that there is something to do again.
    pub times: i64,
    /// Tries that failed.
    pub tries: u32,
    /// When it is tried (again), in seconds since the Unix epoch; 0: at once; 1: at once, after those that were never taken.
    pub next_try: i64,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// The file whose appearance starts whoever runs the hook: `wake`, beside the database.
pub fn wake_file(database: &Path) -> PathBuf {
    database.with_file_name("wake")
}

/// Makes the wake file, which is empty. Best effort: what is queued is found by the next regular look, too.
pub fn wake(database: &Path) {
    // Never through a link, and never into a file that is there: one that is there has not been seen yet.
    let _: io::Result<_> = OpenOptions::new().write(true).create_new(true).mode(0o660).open(wake_file(database));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_quarter_of_an_hour() {
        let pauses: Vec<i64> = [1, 2, 3, 5, 6, 7, 100, u32::MAX].map(pause).into();
        assert_eq!(pauses, [30, 60, 120, 480, 900, 900, 900, 900]);
    }

    #[test]
    fn the_wake_file_is_made_once_and_follows_no_link() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("mailkey.db");
        wake(&database);
        wake(&database);
        let made = std::fs::metadata(wake_file(&database)).unwrap();
        assert!(made.is_file() && made.len() == 0);
        std::fs::remove_file(wake_file(&database)).unwrap();
        std::os::unix::fs::symlink(directory.path().join("elsewhere"), wake_file(&database)).unwrap();
        wake(&database);
        assert!(!directory.path().join("elsewhere").exists());
    }
}
