//! A copy of the database while it is in use, and a copy put in its place.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::super::sql::{Outcome, Standing, admin};
use super::super::{KeyCheck, Result, StoreError};
use super::connection::{self, Access, Transaction};
use super::error::{about, unavailable};
use super::{SqliteStore, migrate};

/// What [`examine`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Its schema.
    pub schema: u32,
    /// How many accounts are in it.
    pub accounts: u64,
    /// The keys that it was used with.
    pub key_checks: Vec<KeyCheck>,
}

impl SqliteStore {
    /// Writes a consistent copy into the empty file at `path`, as one snapshot; logins go on meanwhile. The copy is
    /// complete by itself, without -wal.
    pub fn copy_to(&mut self, path: &Path) -> Result<()> {
        let copy = || -> Outcome<()> {
            // Outside a transaction, which VACUUM does not take; it is one by itself.
            migrate::require_version(&self.engine.connection, &self.engine.path, Standing::Complete)?;
            let name = path.to_str().ok_or_else(|| unavailable(path, "cannot be written: its name is no text"))?;
            self.engine.connection.execute("VACUUM INTO ?1", [name])?;
            Ok(())
        };
        copy().map_err(|failure| about(failure, &self.engine.path))?;
        File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(|error| unavailable(path, &format!("cannot be written: {error}")))
    }
}

/// Looks at a copy that nobody uses, without writing to it or beside it: whether it is a mailkey database of this schema
/// or an older one, and whole.
pub fn examine(path: &Path) -> Result<Copy> {
    if companion(path, "-wal").metadata().is_ok_and(|wal| wal.len() > 0) {
        return Err(unavailable(
            path,
            "is in use, or was copied while it was: its -wal file belongs to it. Make a backup with `mailkey backup`, or \
             with `sqlite3 FILE '.backup COPY'`",
        ));
    }
    look_at(path).map_err(|failure| about(failure, path))
}

fn look_at(path: &Path) -> Outcome<Copy> {
    let path = fs::canonicalize(path).map_err(|error| unavailable(path, &format!("cannot be read: {error}")))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    // Immutable: a copy that says it has a write-ahead log needs none.
    let connection = Connection::open_with_flags(uri(&path)?, flags)?;
    connection::harden(&connection)?;
    let schema = migrate::schema_of_copy(&connection, &path)?;
    let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let dangling = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if sound != "ok" || dangling {
        return Err(unavailable(&path, "is damaged; take another backup").into());
    }
    let accounts: i64 = connection.query_row("SELECT count(*) FROM account", [], |row| row.get(0))?;
    Ok(Copy { schema, accounts: accounts.unsigned_abs(), key_checks: admin::key_checks(&connection)? })
}

/// Ends every session in a copy that nobody uses: one that was ended since the copy was made must not be alive again.
pub fn end_sessions(path: &Path) -> Result<()> {
    let end = || -> Outcome<()> {
        let path = fs::canonicalize(path).map_err(|error| unavailable(path, &format!("cannot be read: {error}")))?;
        let connection = Connection::open_with_flags(
            &path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW,
        )?;
        connection::harden(&connection)?;
        // Complete by itself, without -wal, until it is in place.
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        let has = |table| connection.table_exists(None, table);
        // The first schema has neither.
        if has("session")? {
            connection.execute("UPDATE session SET ended = 1 WHERE ended = 0", [])?;
        }
        if has("panel_session")? {
            connection.execute("DELETE FROM panel_session", [])?;
        }
        Ok(())
    };
    end().map_err(|failure| about(failure, path))
}

/// The path as SQLite reads it (RFC 3986), of a file that does not change.
fn uri(path: &Path) -> Result<String> {
    let name = path.to_str().ok_or_else(|| unavailable(path, "cannot be read: its name is no text"))?;
    let mut uri = String::from("file:");
    for byte in name.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(uri + "?immutable=1")
}

/// Puts the copy at `copy` in the place of the database at `database`, which is moved to `aside` with its -wal and -shm,
/// where it is there. Both must be on one file system. While it can be locked, nobody writes to the former one: whoever
/// is about to waits, and ends on the former. Who opens the place in between finds nothing there, for an instant.
pub fn put_in_place(copy: &Path, database: &Path, aside: &Path, patience: Duration) -> Result<()> {
    let former = database.symlink_metadata().is_ok();
    let connection = if former { settled(database, patience)? } else { None };
    let lock = match &connection {
        None => None,
        Some(connection) => {
            Some(Transaction::begin(connection, Access::Write).map_err(|failure| about(failure, database))?)
        }
    };
    let moved = move_all(copy, database, aside).map_err(|error| {
        unavailable(database, &format!("cannot be moved to {} and be replaced: {error}", aside.display()))
    });
    drop(lock);
    moved
}

/// The former database, with everything in its file and nothing in its -wal, where that is possible; none where it
/// cannot be opened: then it is just moved.
fn settled(database: &Path, patience: Duration) -> Result<Option<Connection>> {
    let path = fs::canonicalize(database).unwrap_or_else(|_| database.to_path_buf());
    let Ok(connection) = connection::open(&path, patience) else { return Ok(None) };
    let readable = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    match readable {
        Ok(1..) => {}
        Err(error) if is_busy(&error) => return Err(occupied(database)),
        // No database, or a damaged one.
        Ok(..=0) | Err(_) => return Ok(None),
    }
    // A reader in the way only means that the -wal goes along with what it has.
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(Some(connection))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

fn occupied(database: &Path) -> StoreError {
    unavailable(database, "is in use by somebody who does not let go of it; end that first (fuser lists it)")
}

fn move_all(copy: &Path, database: &Path, aside: &Path) -> io::Result<()> {
    // The file first: who comes now finds none, and makes no -wal beside what is about to be moved.
    let mut moved = Vec::new();
    let mut away = |suffix: &str| {
        let (from, to) = (companion(database, suffix), companion(aside, suffix));
        match fs::rename(&from, &to) {
            Ok(()) => {
                moved.push((from, to));
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    };
    let all = ["", "-wal", "-shm"].into_iter().try_for_each(&mut away).and_then(|()| fs::rename(copy, database));
    if let Err(error) = all {
        for (from, to) in moved.into_iter().rev() {
            // What cannot be moved back stays where the error says it is.
            let _ = fs::rename(to, from);
        }
        return Err(error);
    }
    File::open(database.parent().unwrap_or(Path::new("/")))?.sync_all()
}

fn companion(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}
