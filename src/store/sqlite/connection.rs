//! One connection: how it is set up, how it waits for others, and the only two kinds of transaction there are.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::super::sql::{Durability, Outcome};

/// Pages are read by key and dropped whenever another process has written, so a larger cache would hold memory for
/// nothing. Negative: KiB.
pub(super) const CACHE_KIB: i64 = -512;

/// For many changes in one transaction: what they touch stays in memory until the commit.
pub(super) const BULK_CACHE_KIB: i64 = -128 * 1024;

/// More than there are statements, so that each is compiled once per connection.
const STATEMENTS: usize = 80;

/// Opens the existing database at `path`, which has no symbolic link in it.
pub(super) fn open(path: &Path, busy_timeout: Duration) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_handler(Some(jittered(busy_timeout)))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    harden(&connection)?;
    // -wal and -shm stay when the last worker ends, so that a full disk cannot keep the next one from opening.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    set_cache(&connection, CACHE_KIB)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.query_row("PRAGMA mmap_size = 0", [], |_| Ok(()))?;
    set_durability(&connection, Durability::Normal)?;
    Ok(connection)
}

/// A busy handler that sleeps 0.25 to 0.75 ms at a time until `timeout` has passed. SQLite's own backs off to 100 ms,
/// which lets late comers starve; the jitter keeps a crowd from waking all at once.
pub(crate) fn jittered(timeout: Duration) -> impl FnMut(i32) -> bool + Send + 'static {
    let mut since = Instant::now();
    let mut random = RandomState::new().build_hasher().finish() | 1;
    move |calls| {
        if calls == 0 {
            since = Instant::now();
        }
        if since.elapsed() >= timeout {
            return false;
        }
        // Marsaglia's xorshift.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        pause(Duration::from_micros(250 + random % 501));
        true
    }
}

#[allow(clippy::disallowed_methods, reason = "the busy handler is one of the two places that may wait")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// Trusts the file no further than its tables.
pub(super) fn harden(connection: &Connection) -> Outcome<()> {
    for (setting, on) in [
        // A damaged or malicious file must not be able to make SQL run, nor may a slip of ours write to the schema.
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
        // A new value for a parameter must not make SQLite compile a kept statement again.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        connection.set_db_config(setting, on)?;
    }
    Ok(())
}

/// Pages that the connection keeps in memory, in KiB below zero.
pub(super) fn set_cache(connection: &Connection, kib: i64) -> Outcome<()> {
    connection.pragma_update(None, "cache_size", kib)?;
    Ok(())
}

/// Must be called outside a transaction; inside, SQLite ignores it.
pub(super) fn set_durability(connection: &Connection, durability: Durability) -> Outcome<()> {
    // Not a cached statement: this pragma takes effect when it is compiled.
    connection.execute_batch(match durability {
        Durability::Normal => "PRAGMA synchronous = NORMAL",
        Durability::Full => "PRAGMA synchronous = FULL",
    })?;
    Ok(())
}

/// A transaction; rolled back unless it was committed, also when a panic passes through.
pub(super) struct Transaction<'a> {
    connection: &'a Connection,
    ended: bool,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// One snapshot of everything that is read. Never to be written in: a deferred transaction that turns to writing
    /// fails when another process wrote meanwhile, whatever the busy timeout.
    Read,
    /// The write lock is taken before anything is read.
    Write,
}

impl<'a> Transaction<'a> {
    /// Begins.
    pub(super) fn begin(connection: &'a Connection, access: Access) -> Outcome<Self> {
        let begin = match access {
            Access::Read => "BEGIN DEFERRED",
            Access::Write => "BEGIN IMMEDIATE",
        };
        connection.prepare_cached(begin)?.execute([])?;
        Ok(Self { connection, ended: false })
    }

    /// Commits. On an error it is rolled back.
    pub(super) fn commit(mut self) -> Outcome<()> {
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // SQLite may have rolled back by itself. If this fails too, the next BEGIN says so.
        if !self.ended && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
