//! Creating a database and bringing an older one up to date; only `mailkey init` does either.

use std::cmp::Ordering;
use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::super::sql::{Durability, Outcome, Standing, UNFINISHED};
use super::super::{Result, StoreError};
use super::connection::{self, Access, Transaction};
use super::error::{about, unavailable};
use super::file::DatabaseFile;

/// The migrations, in order; the first makes schema 1 of an empty file. A released one is never changed.
///
/// At an upgrade, `mailkey init` migrates while workers of the former version go on for up to a thousand logins each,
/// and after a downgrade the former version meets the newer file. So a migration should leave a file that the former
/// code can go on with, and say so: update the one row of the table `compatibility` (which schema 3 made) to the oldest
/// schema whose code may use the result. What the row says counts for later migrations, too, so that each must look at it. Compatible is what only adds: tables, indexes,
/// and columns that may be NULL or have a default. It may not rename, remove or tighten anything, nor give a stored
/// value a new meaning, nor rest on something being written that the former code does not write. (The former code
/// removes an account by `DELETE FROM account`: a new table's rows of an account go by ON DELETE CASCADE.) A migration
/// that must do more sets `oldest` to its own number, and the former version's logins are then `unavailable` until its
/// workers have ended.
pub(super) const MIGRATIONS: [&str; 8] = [
    include_str!("../schema/0001_accounts.sql"),
    include_str!("../schema/0002_sessions.sql"),
    include_str!("../schema/0003_panel_sessions.sql"),
    include_str!("../schema/0004_revocations.sql"),
    include_str!("../schema/0005_requirements.sql"),
    include_str!("../schema/0006_notices.sql"),
    include_str!("../schema/0007_invitations.sql"),
    include_str!("../schema/0008_nodes.sql"),
];

/// The schema that this version of mailkey reads and writes; `PRAGMA user_version` of the file.
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// `PRAGMA application_id` of a mailkey database: "mkey".
pub(super) const APPLICATION_ID: u32 = u32::from_be_bytes(*b"mkey");

/// Time for workers to end what they are writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What [`super::SqliteStore::create_or_migrate`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// There was none; now there is.
    Created,
    /// It had this older schema, and has [`SCHEMA_VERSION`] now.
    MigratedFrom(u32),
    /// Nothing was to be done.
    UpToDate,
}

/// See [`super::SqliteStore::create_or_migrate`].
pub(super) fn create_or_migrate(path: &Path) -> Result<Prepared> {
    DatabaseFile::create(path)?;
    let file = DatabaseFile::check(path)?;
    let prepared = prepare(&file.path).map_err(|failure| about(failure, &file.path))?;
    file.align_companions()?;
    Ok(prepared)
}

fn prepare(path: &Path) -> Outcome<Prepared> {
    let connection = connection::open(path, BUSY_TIMEOUT)?;
    // A stranger's file is refused before anything is written to it.
    let found = found_version(&connection, path)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(unavailable(path, "cannot use a write-ahead log here; put it on a local file system").into());
    }
    connection::set_durability(&connection, Durability::Full)?;
    let mut first = None;
    for (version, migration) in (1..).zip(MIGRATIONS) {
        if found.is_some_and(|found| found >= version) {
            continue;
        }
        let transaction = Transaction::begin(&connection, Access::Write)?;
        // Another `mailkey init` may have done it while we waited for the lock.
        let before = found_version(&connection, path)?;
        if before.is_none_or(|before| before < version) {
            connection.execute_batch(migration)?;
            connection.pragma_update(None, "application_id", APPLICATION_ID)?;
            connection.pragma_update(None, "user_version", version)?;
            first.get_or_insert(before);
        }
        transaction.commit()?;
    }
    if first.is_some() {
        // The tables belong in the file itself. When a worker is in the way, a later one does it.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(match first {
        None => Prepared::UpToDate,
        Some(None) => Prepared::Created,
        Some(Some(version)) => Prepared::MigratedFrom(version),
    })
}

/// The schema version of a mailkey database that this program may use; none for an empty file.
fn found_version(connection: &Connection, path: &Path) -> Outcome<Option<u32>> {
    let application: u32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: i64 = version(connection)?;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version, tables) {
        (0, 0, 0) => Ok(None),
        (APPLICATION_ID, ..=-1, _) => Err(unavailable(path, UNFINISHED).into()),
        (APPLICATION_ID, 1.., _) => {
            let version = u32::try_from(version).map_err(|_| foreign(path))?;
            if version > SCHEMA_VERSION {
                require_version(connection, path, Standing::Complete)?;
            }
            Ok(Some(version))
        }
        _ => Err(foreign(path).into()),
    }
}

/// The schema of a copy that is not in use: this one, or an older one, which `mailkey init` brings up to date.
pub(super) fn schema_of_copy(connection: &Connection, path: &Path) -> Outcome<u32> {
    match found_version(connection, path)? {
        Some(version @ ..=SCHEMA_VERSION) => Ok(version),
        Some(version) => Err(newer(path, version).into()),
        None => Err(unavailable(path, "is empty; take another backup").into()),
    }
}

/// See [`super::SqliteStore::schema_at`].
#[cfg(feature = "admin")]
pub(super) fn schema_at(path: &Path) -> Result<Option<i64>> {
    if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Ok(None);
    }
    let file = DatabaseFile::check(path)?;
    let look = || {
        let connection = connection::open(&file.path, BUSY_TIMEOUT)?;
        match found_version(&connection, &file.path) {
            // It says which, and is no reason to refuse here.
            Err(_) if version(&connection).is_ok_and(|version| version < 0) => version(&connection).map(Some),
            found => Ok(found?.map(i64::from)),
        }
    };
    look().map_err(|failure| about(failure, &file.path))
}

/// Refuses every database but one of this schema, or of a newer one that this code may use, that is what `standing` says.
pub(super) fn require_current(connection: &Connection, path: &Path, standing: Standing) -> Outcome<()> {
    let application: u32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if (application, version(connection)?) == (0, 0) {
        return Err(unavailable(path, "is empty; run `mailkey init`").into());
    }
    if application != APPLICATION_ID {
        return Err(foreign(path).into());
    }
    require_version(connection, path, standing)?;
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(unavailable(path, "is not in WAL mode (a restored copy is not); run `mailkey init`").into());
    }
    Ok(())
}

/// `PRAGMA user_version`, cheap enough for every login.
fn version(connection: &Connection) -> Outcome<i64> {
    Ok(connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))?)
}

/// Refuses every schema but this one and those newer ones that allow it: after an upgrade, workers of the former version
/// may still be running. To be called in each transaction.
pub(super) fn require_version(connection: &Connection, path: &Path, standing: Standing) -> Outcome<()> {
    let version = version(connection)?;
    match version.cmp(&standing.schema()) {
        Ordering::Equal => Ok(()),
        _ if version < 0 => Err(unavailable(path, UNFINISHED).into()),
        _ if standing != Standing::Complete => Err(unavailable(path, "is no unfinished copy any more").into()),
        Ordering::Greater if oldest_compatible(connection)?.is_some_and(|oldest| oldest <= SCHEMA_VERSION) => Ok(()),
        Ordering::Greater => Err(newer(path, version).into()),
        Ordering::Less => Err(unavailable(
            path,
            &format!("has schema {version}, older than this mailkey's {SCHEMA_VERSION}; run `mailkey init`"),
        )
        .into()),
    }
}

/// The oldest schema whose code may use this newer database; none where it does not say.
fn oldest_compatible(connection: &Connection) -> Outcome<Option<u32>> {
    let says = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'compatibility')";
    if !connection.prepare_cached(says)?.query_row([], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    // There is one row. Of none this makes none, and of several the most cautious.
    let oldest = "SELECT max(oldest) FROM compatibility";
    Ok(connection.prepare_cached(oldest)?.query_row([], |row| row.get(0))?)
}

fn newer(path: &Path, version: impl Display) -> StoreError {
    unavailable(
        path,
        &format!(
            "has schema {version}, newer than this mailkey's {SCHEMA_VERSION}; install that newer version, and restart \
             the daemons that still run this one"
        ),
    )
}

fn foreign(path: &Path) -> StoreError {
    unavailable(path, "is no mailkey database; name the right file in the configuration, or restore it from a backup")
}
