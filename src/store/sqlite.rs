//! The SQLite store: one file, in WAL mode, opened by every worker and command for itself.
//!
//! # What it promises
//!
//! - Logins open what is there and nothing else: no file is created and no schema is changed but by `mailkey init`
//!   ([`SqliteStore::create_or_migrate`]). A file that is missing, empty, of another schema (but see below), somebody
//!   else's, or open to every user is [`StoreError::Unavailable`](super::StoreError::Unavailable).
//! - What is read for one login is one snapshot (a deferred transaction that never writes). What is written is one
//!   transaction that takes the write lock before it reads (`BEGIN IMMEDIATE`). There is no third kind.
//! - Claims, durable charges and administrative changes are committed with `synchronous=FULL`: they survive a power cut
//!   once the call has returned. Last use, activity, rehashes and other charges use `NORMAL`: they survive the end of
//!   the process, and a power cut may take the last of them.
//! - A stored value that mailkey would not have written is an error for whoever needs it, never a default.
//!
//! A handle must not be carried across a fork.
//!
//! # The file
//!
//! `mailkey.db` (or as configured), mode 0660, in a directory of mode 2770; beside it SQLite keeps `mailkey.db-wal`
//! (the latest changes; part of the database!) and `mailkey.db-shm` (locks, an index of the former). They stay when the
//! last process closes the file. `application_id` is 0x6d6b6579 ("mkey"), `user_version` the number of the schema.
//!
//! **A copy of `mailkey.db` alone is no backup**, and a restored `mailkey.db` beside an older -wal is damaged: back up
//! with `mailkey backup` (or SQLite's own `.backup` or `VACUUM INTO`) and put it back with `mailkey restore`, which moves -wal
//! and -shm away.
//!
//! # Databases of a newer version
//!
//! While a package is upgraded, `mailkey init` of the new version migrates the file, and workers of the old version go on
//! with it. A database of a newer schema may therefore say in a table `compatibility (oldest INTEGER NOT NULL)` of one
//! row which is the oldest schema whose code may still use it. Code that meets a `user_version` above its own looks
//! there, in every transaction: it goes on as with its own where `oldest` is not above its own schema; with no such
//! table, no row, or a larger number the store is unavailable. Code whose schema is the file's own never looks. Schema 3
//! is the first that has this table; what a migration must keep to, so that it may say so, stands at `MIGRATIONS`.
//!
//! Of a primary password that begins with `{`, which no PHC string does, code that knows no imports says that the
//! hash is damaged: to it such an account is unavailable, never open and never without a password.

pub mod backup;
mod connection;
mod error;
mod file;
mod migrate;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use self::connection::{Access, Transaction};
use self::error::{about, unavailable};
use self::file::DatabaseFile;
use super::Result;
use super::sql::database::{Bound, Columns, Database, EachRow, Kind, Row, Value};
use super::sql::{Durability, Engine, Failure, Outcome, SqlStore, Standing};

#[cfg(feature = "admin")]
pub(crate) use self::connection::jittered;
pub use self::file::identity_of;
pub use self::migrate::{Prepared, SCHEMA_VERSION};

/// A store in one SQLite file.
pub type SqliteStore = SqlStore<Sqlite>;

/// One connection to the file.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    identity: (u64, u64),
    durability: Durability,
    standing: Standing,
}

impl SqliteStore {
    /// Opens the existing database at `path`, of this schema or of a newer one that allows it; it creates and changes
    /// nothing. `busy_timeout` is how long an operation waits for other processes before it is unavailable.
    pub fn open(path: &Path, busy_timeout: Duration) -> Result<Self> {
        Self::open_as(Standing::Complete, path, busy_timeout)
    }

    /// Opens a database that is what `standing` says.
    pub(super) fn open_as(standing: Standing, path: &Path, busy_timeout: Duration) -> Result<Self> {
        let file = DatabaseFile::check(path)?;
        let connection = connect(&file, busy_timeout, standing).map_err(|failure| about(failure, &file.path))?;
        // What was looked at must be what was opened.
        if identity_of(&file.path)? != file.identity {
            return Err(unavailable(&file.path, "was replaced while it was being opened; try again"));
        }
        let (path, identity) = (file.path, file.identity);
        let mut store = Self::on(Sqlite { connection, path, identity, durability: Durability::Normal, standing });
        store.wake_beside = Some(store.engine.path.clone());
        Ok(store)
    }

    /// Creates the database at `path`, or brings an older one to [`SCHEMA_VERSION`]; safe to repeat. A new file gets
    /// mode 0660; its owner and group are the caller's, or its directory's (setgid), or those of an empty file that is
    /// there. It leaves -wal and -shm in place, with the same owner and mode.
    pub fn create_or_migrate(path: &Path) -> Result<Prepared> {
        migrate::create_or_migrate(path)
    }

    /// The number of the schema that the database at `path` says it has; below zero in a copy that is not complete, none
    /// where there is no database yet.
    #[cfg(feature = "admin")]
    pub(super) fn schema_at(path: &Path) -> Result<Option<i64>> {
        migrate::schema_at(path)
    }

    /// Device and inode of the file that is open. When [`identity_of`] its path differs, the file was replaced, and
    /// this handle must be dropped.
    pub fn identity(&self) -> (u64, u64) {
        self.engine.identity
    }

    /// What SQLite finds wrong with the file, at most ten faults; `deep` compares the indexes with their tables, too.
    /// Reads all of it.
    pub fn faults(&mut self, deep: bool) -> Result<Vec<String>> {
        let pragma = if deep { "PRAGMA integrity_check(10)" } else { "PRAGMA quick_check(10)" };
        let mut faults: Vec<String> = self.engine.transact(Access::Read, |db| {
            Ok(db.prepare(pragma)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        })?;
        faults.retain(|fault| fault != "ok");
        Ok(faults)
    }
}

fn connect(file: &DatabaseFile, busy_timeout: Duration, standing: Standing) -> Outcome<Connection> {
    let connection = connection::open(&file.path, busy_timeout)?;
    let transaction = Transaction::begin(&connection, Access::Read)?;
    migrate::require_current(&connection, &file.path, standing)?;
    // SQLite opens for reading what it cannot open for writing.
    if connection.is_readonly("main")? {
        return Err(unavailable(
            &file.path,
            "cannot be written; make its file system writable, and check owner and mode (0660)",
        )
        .into());
    }
    transaction.commit()?;
    Ok(connection)
}

impl Engine for Sqlite {
    fn read<T>(&mut self, mut work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T> {
        self.transact(Access::Read, |db| work(db))
    }

    fn write<T>(&mut self, durability: Durability, mut work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T> {
        if self.durability != durability {
            connection::set_durability(&self.connection, durability).map_err(|failure| about(failure, &self.path))?;
            self.durability = durability;
        }
        self.transact(Access::Write, |db| work(db))
    }

    fn expect_many(&mut self, many: bool) -> Result<()> {
        let kib = if many { connection::BULK_CACHE_KIB } else { connection::CACHE_KIB };
        connection::set_cache(&self.connection, kib).map_err(|failure| about(failure, &self.path))
    }
}

impl Sqlite {
    fn transact<T>(&mut self, access: Access, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T> {
        let db = &self.connection;
        let transact = || {
            let transaction = Transaction::begin(db, access)?;
            migrate::require_version(db, &self.path, self.standing)?;
            let done = work(db)?;
            transaction.commit()?;
            Ok(done)
        };
        transact().map_err(|failure: Failure| about(failure, &self.path))
    }
}

impl Database for Connection {
    fn query(&self, sql: &'static str, values: Bound<'_>, each: EachRow<'_>) -> Outcome<()> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if !each(&Row::new(row))? {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, sql: &'static str, values: Bound<'_>) -> Outcome<usize> {
        let mut statement = self.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()?)
    }
}

fn bind(statement: &mut Statement<'_>, values: Bound<'_>) -> Outcome<()> {
    match values {
        Bound::Numbered(values) => {
            for (number, value) in (1..).zip(values) {
                statement.raw_bind_parameter(number, value)?;
            }
        }
        Bound::Named(values) => {
            for (name, value) in values {
                statement.raw_bind_parameter(*name, value)?;
            }
        }
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null(_) => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Columns for rusqlite::Row<'_> {
    fn value(&self, column: usize) -> Option<Value<'_>> {
        Some(match self.get_ref(column).ok()? {
            ValueRef::Null => Value::Null(Kind::Unknown),
            ValueRef::Integer(value) => Value::Integer(value),
            ValueRef::Text(bytes) => Value::Text(str::from_utf8(bytes).ok()?),
            ValueRef::Blob(bytes) => Value::Blob(bytes),
            ValueRef::Real(_) => return None,
        })
    }

    fn name(&self, column: usize) -> &str {
        self.as_ref().column_name(column).unwrap_or("")
    }

    fn count(&self) -> usize {
        self.as_ref().column_count()
    }
}
