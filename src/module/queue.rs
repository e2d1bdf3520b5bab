//! The queue for slow hashes.
//!
//! Dovecot hashes in up to 30 worker processes. Each slow hash takes a processor and 19 MiB for some milliseconds, so a
//! crowd of guesses could take the machine. A slow hash therefore first takes one of a bounded number of slots: a lock
//! (flock(2)) on one of the files `slot-N.lock` beside the database. A lock ends with its process. Cheap hashes (app
//! passwords) never wait.
//!
//! The bound protects the machine, not an account: where no lock file can be opened, hashing goes on without it.

use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use argon2::Block;

use crate::credential::{HashError, Memory};

/// Hashes that take more memory than this (8 MiB) are slow.
const SLOW_BLOCKS: usize = 8192;
/// For how long a slot is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pause between two looks at the slots.
const PAUSE: Duration = Duration::from_millis(2);

/// Lends the memory below it, and for slow hashes only with a slot.
pub(super) struct Queue<'a> {
    memory: &'a mut dyn Memory,
    directory: PathBuf,
    slots: u32,
}

impl<'a> Queue<'a> {
    /// A queue of `slots` slots beside the file `database`.
    pub(super) fn new(memory: &'a mut dyn Memory, database: &Path, slots: u32) -> Self {
        Self { memory, directory: database.parent().unwrap_or(Path::new("/")).to_path_buf(), slots }
    }

    /// Waits for a slot. None: there are no slots here.
    fn take(&self) -> Result<Option<File>, HashError> {
        let began = Instant::now();
        // Processes start at different slots, so that they seldom look at one that is taken.
        let first = std::process::id() % self.slots.max(1);
        loop {
            for offset in 0..self.slots {
                let path = self.directory.join(format!("slot-{}.lock", (first + offset) % self.slots));
                let Ok(file) = open(&path) else { return Ok(None) };
                match file.try_lock() {
                    Ok(()) => return Ok(Some(file)),
                    Err(std::fs::TryLockError::WouldBlock) => {}
                    Err(std::fs::TryLockError::Error(_)) => return Ok(None),
                }
            }
            if self.slots == 0 || began.elapsed() >= PATIENCE {
                return Err(HashError::Busy);
            }
            #[allow(clippy::disallowed_methods)] // waiting is what a queue is for; it is bounded above
            std::thread::sleep(PAUSE);
        }
    }
}

impl Memory for Queue<'_> {
    fn lend(&mut self, count: usize, work: &mut dyn FnMut(&mut [Block])) -> Result<(), HashError> {
        let _slot = if count > SLOW_BLOCKS { self.take()? } else { None };
        self.memory.lend(count, work)
    }

    fn queue(&mut self, work: &mut dyn FnMut()) -> Result<(), HashError> {
        let _slot = self.take()?;
        self.memory.queue(work)
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let flags = libc::O_NOFOLLOW | libc::O_CLOEXEC;
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(flags);
    match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let file = options.create(true).open(path)?;
            // A worker's umask (077) would keep the panel out; the group comes from the setgid directory.
            let _ = file.set_permissions(Permissions::from_mode(0o660));
            Ok(file)
        }
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::hash::HeapMemory;

    #[test]
    fn a_slow_hash_waits_until_a_slot_is_free_and_a_cheap_one_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("mailkey.db");
        let taken = open(&directory.path().join("slot-0.lock")).unwrap();
        taken.try_lock().unwrap();
        let mut memory = HeapMemory::default();
        let mut queue = Queue::new(&mut memory, &database, 1);
        let mut ran = false;
        queue.lend(64, &mut |_| ran = true).unwrap();
        assert!(ran);
        let release = std::thread::spawn(move || {
            #[allow(clippy::disallowed_methods)] // a test may wait
            std::thread::sleep(Duration::from_millis(50));
            drop(taken);
        });
        let began = Instant::now();
        queue.lend(SLOW_BLOCKS + 1, &mut |_| ()).unwrap();
        assert!(began.elapsed() >= Duration::from_millis(45));
        release.join().unwrap();
    }

    #[test]
    fn slow_work_with_memory_of_its_own_waits_too() {
        let directory = tempfile::tempdir().unwrap();
        let taken = open(&directory.path().join("slot-0.lock")).unwrap();
        taken.try_lock().unwrap();
        let mut memory = HeapMemory::default();
        let mut queue = Queue::new(&mut memory, &directory.path().join("mailkey.db"), 1);
        let release = std::thread::spawn(move || {
            #[allow(clippy::disallowed_methods)] // a test may wait
            std::thread::sleep(Duration::from_millis(50));
            drop(taken);
        });
        let (began, mut ran) = (Instant::now(), false);
        queue.queue(&mut || ran = true).unwrap();
        assert!(ran && began.elapsed() >= Duration::from_millis(45));
        release.join().unwrap();
    }

    #[test]
    fn without_a_directory_there_is_no_bound() {
        let mut memory = HeapMemory::default();
        let mut queue = Queue::new(&mut memory, Path::new("/nonexistent/mailkey.db"), 1);
        assert_eq!(queue.lend(SLOW_BLOCKS + 1, &mut |_| ()), Ok(()));
    }
}
