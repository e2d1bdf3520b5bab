//! The recipients database: which addresses exist, for mail servers, which may see nothing else.
//!
//! With virtual users, Dovecot's userdb and Postfix must know which addresses there are. The main database is not for
//! them: it holds the hashes, its readers need write access (WAL), and the group that may read it may read the key. So
//! there can be this second, small file (setting `recipients`), without a secret in it, which administration keeps in
//! step. No login touches it.
//!
//! # What readers may rely on
//!
//! The view `recipient`: one row for each account, in versions to come with more columns perhaps, never with fewer.
//!
//! | column | meaning |
//! |---|---|
//! | address | the account's name, lower-case ASCII; compared without regard to case |
//! | local_part | the part before the `@`; the whole of a bare name |
//! | domain | the part behind it; empty for a bare name |
//! | enabled | 0: nobody signs in (mail for it should be taken all the same); 1 |
//!
//! Looking up by address, or by domain, is quick however many there are. The table behind the view is nobody's concern.
//! The journal mode is DELETE: readers need no write access to the file or its directory. A command that was killed in
//! the middle of a change may leave a journal behind which readers may not roll back; they then report an error, and
//! the next change, or `mailkey init`, mends it. `application_id` is 0x6d6b7274 ("mkrt").
//!
//! # Who may write it
//!
//! Security: root alone, whatever group there is. Dovecot 2.3 opens it for writing, as root, and SQLite then plays back
//! any journal beside it: whoever can put one there can make root delete files. So a change that somebody else makes
//! (a member of the group mailkey) is not followed, and the error says so; `mailkey init`, run as root, makes up for it.
//!
//! # How it is kept in step
//!
//! After a change in the main store was committed, the write lock of this file is taken, **then** the account is read
//! from the main store, and that is put here. So of concurrent changes the last one to hold the lock writes the truth,
//! whatever the order of the commits before. [`Recipients::bring_into_step`] does the same for all accounts, a range of
//! names at a time, wherever something differs: that is what a failure left behind.
//!
//! Everything in the file can be made anew: whoever removes it and runs `mailkey init` loses nothing.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, Value};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::account::AccountName;
use crate::store::sqlite::jittered;
use crate::store::{Lookup, Recipient, Store, StoreError};

/// `PRAGMA application_id`: "mkrt".
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"mkrt");

/// `PRAGMA user_version`.
const VERSION: u32 = 1;

/// Enough for a batch of changes all over a large file. Negative: KiB.
const CACHE_KIB: i64 = -32 * 1024;

const SCHEMA: &str = include_str!("recipients/schema.sql");

/// Accounts compared while the lock is held once.
const BATCH: u32 = 20_000;

/// Why the recipients database is not in step, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientsError(String);

impl fmt::Display for RecipientsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RecipientsError {}

type Result<T> = std::result::Result<T, RecipientsError>;

/// What a piece of work on the file returns.
type Outcome<T> = std::result::Result<T, Failure>;

/// The recipients database, open for writing.
pub struct Recipients {
    connection: Connection,
    path: PathBuf,
}

impl Recipients {
    /// Opens the database at `path`, which `mailkey init` has made. `busy_timeout` is how long a reader or another
    /// command is waited for.
    pub fn open(path: &Path, busy_timeout: Duration) -> Result<Self> {
        let recipients = Self::connect(path, busy_timeout)?;
        let empty = is_empty(&recipients.connection).map_err(|failure| failure.about(path))?;
        if empty {
            return Err(unavailable(path, "is empty: run `mailkey init`"));
        }
        recipients.require_ours()?;
        Ok(recipients)
    }

    /// Opens the file at `path`, and makes its tables if it is empty; returns whether it was.
    pub fn create_or_open(path: &Path, busy_timeout: Duration) -> Result<(Self, bool)> {
        let mut recipients = Self::connect(path, busy_timeout)?;
        let empty = recipients.make_tables().map_err(|failure| failure.about(path))?;
        recipients.require_ours()?;
        Ok((recipients, empty))
    }

    /// Puts what the main store says of `name` now.
    pub fn follow(&mut self, name: &AccountName, store: &mut dyn Store) -> Result<()> {
        let follow = |db: &Transaction<'_>| {
            let enabled = store.load(&Lookup::account(name))?.account.map(|account| account.enabled);
            let select = "SELECT enabled FROM account WHERE address = ?1";
            let found: Option<bool> = db.query_row(select, [name.as_str()], |row| row.get(0)).optional()?;
            if found != enabled {
                put(db, name.as_str(), enabled)?;
            }
            Ok(())
        };
        self.change(follow)
    }

    /// Compares every account, and puts right what differs; returns how many did. Only where something differs is the
    /// lock taken: an account that changes meanwhile is followed by whoever changes it.
    pub fn bring_into_step(&mut self, store: &mut dyn Store) -> Result<usize> {
        let (mut after, mut differed) = (None, 0);
        loop {
            let looked = Difference::look(&self.connection, after.as_ref(), store);
            let looked = looked.map_err(|failure| failure.about(&self.path))?;
            let end = if looked.count() == 0 {
                looked.end
            } else {
                self.change(|db| {
                    let difference = Difference::look(db, after.as_ref(), store)?;
                    difference.mend(db)?;
                    differed += difference.count();
                    Ok(difference.end)
                })?
            };
            match end {
                End::Open => return Ok(differed),
                End::At(name) => after = Some(name),
            }
        }
    }

    /// How many accounts are not here as they are in the main store. Changes nothing.
    pub fn differences(&self, store: &mut dyn Store) -> Result<usize> {
        let (mut after, mut differed) = (None, 0);
        loop {
            let looked = Difference::look(&self.connection, after.as_ref(), store);
            let looked = looked.map_err(|failure| failure.about(&self.path))?;
            differed += looked.count();
            match looked.end {
                End::Open => return Ok(differed),
                End::At(name) => after = Some(name),
            }
        }
    }

    fn connect(path: &Path, busy_timeout: Duration) -> Result<Self> {
        let real = check_file(path)?;
        let open = || -> Outcome<Connection> {
            let flags =
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
            let mut connection = Connection::open_with_flags(&real, flags)?;
            // Patient with whoever makes many changes in a row.
            connection.busy_handler(Some(jittered(busy_timeout)))?;
            // A damaged or malicious file must not be able to make SQL run.
            for (setting, on) in [
                (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
                (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
                (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
                (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
                (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
            ] {
                connection.set_db_config(setting, on)?;
            }
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "cache_size", CACHE_KIB)?;
            if connection.is_readonly("main")? {
                return Err(Failure::ReadOnly);
            }
            Ok(connection)
        };
        let connection = open().map_err(|failure| failure.about(path))?;
        Ok(Self { connection, path: path.to_path_buf() })
    }

    fn make_tables(&mut self) -> Outcome<bool> {
        let db = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let empty = is_empty(&db)?;
        if empty {
            db.execute_batch(SCHEMA)?;
            db.pragma_update(None, "application_id", APPLICATION_ID)?;
            db.pragma_update(None, "user_version", VERSION)?;
        }
        db.commit()?;
        Ok(empty)
    }

    /// Refuses another program's file, and one of another version; and lets readers read it without writing.
    fn require_ours(&self) -> Result<()> {
        let pragma =
            |name| -> Outcome<u32> { Ok(self.connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?) };
        if pragma("application_id").map_err(|failure| failure.about(&self.path))? != APPLICATION_ID {
            return Err(unavailable(&self.path, "is another program's: name another file in the configuration"));
        }
        let version = pragma("user_version").map_err(|failure| failure.about(&self.path))?;
        if version != VERSION {
            return Err(unavailable(
                &self.path,
                &format!("is of version {version}, and this mailkey writes {VERSION}: {ANEW}"),
            ));
        }
        // Who opened it for writing may have turned it into WAL (Dovecot 2.4's default setting asks for that), where
        // readers need write access.
        let turn = || -> Outcome<String> {
            Ok(self.connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?)
        };
        match turn().map_err(|failure| failure.about(&self.path))?.as_str() {
            "delete" => Ok(()),
            mode => Err(unavailable(
                &self.path,
                &format!(
                    "has the journal mode {mode}, which a reader has set and holds: let readers open it read-only"
                ),
            )),
        }
    }

    /// Works with the write lock held from the beginning.
    fn change<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Result<T> {
        let connection = &mut self.connection;
        let change = || {
            let db = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&db)?;
            db.commit()?;
            Ok(done)
        };
        change().map_err(|failure: Failure| failure.about(&self.path))
    }
}

/// Whether there is nothing in the file yet, and it is nobody's.
fn is_empty(db: &Connection) -> Outcome<bool> {
    let things: u32 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: u32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    Ok((things, application) == (0, 0))
}

/// Where a range of names ends.
enum End {
    /// With this name.
    At(AccountName),
    /// It does not.
    Open,
}

impl ToSql for End {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::At(name) => name.as_str().into(),
            // To SQLite every blob comes after every text.
            Self::Open => ToSqlOutput::Owned(Value::Blob(Vec::new())),
        })
    }
}

/// What differs in a range of names.
struct Difference {
    end: End,
    /// Stands here, and there is no such account.
    stray: Vec<String>,
    /// Does not stand here as it is.
    wrong: Vec<Recipient>,
}

impl Difference {
    /// Of up to [`BATCH`] accounts after `after`.
    fn look(db: &Connection, after: Option<&AccountName>, store: &mut dyn Store) -> Outcome<Self> {
        let mut wrong = store.recipients(after, BATCH)?;
        let end = match wrong.last() {
            Some(last) if wrong.len() == BATCH as usize => End::At(last.name.clone()),
            _ => End::Open,
        };
        let mut select =
            db.prepare_cached("SELECT address, enabled FROM account WHERE address > ?1 AND address <= ?2")?;
        let rows = select
            .query_map(params![after.map_or("", AccountName::as_str), end], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut here: HashMap<String, bool> = rows.collect::<rusqlite::Result<_>>()?;
        wrong.retain(|recipient| here.remove(recipient.name.as_str()) != Some(recipient.enabled));
        Ok(Self { end, stray: here.into_keys().collect(), wrong })
    }

    fn count(&self) -> usize {
        self.stray.len() + self.wrong.len()
    }

    fn mend(&self, db: &Transaction<'_>) -> Outcome<()> {
        // First what is stray: it may be a name in other letters, which stands for the right one here.
        self.stray.iter().try_for_each(|address| put(db, address, None))?;
        self.wrong.iter().try_for_each(|recipient| put(db, recipient.name.as_str(), Some(recipient.enabled)))
    }
}

/// Puts an account's row, or takes it out.
fn put(db: &Transaction<'_>, address: &str, enabled: Option<bool>) -> Outcome<()> {
    // It may stand here in other letters, put by somebody else.
    db.prepare_cached("DELETE FROM account WHERE address = ?1")?.execute([address])?;
    if let Some(enabled) = enabled {
        let domain = address.split_once('@').map_or("", |(_, domain)| domain);
        db.prepare_cached("INSERT INTO account (address, domain, enabled) VALUES (?1, ?2, ?3)")?
            .execute(params![address, domain, enabled])?;
    }
    Ok(())
}

/// What ends every complaint about a file that is not as it should be.
const ANEW: &str = "remove it and run `mailkey init`, which makes it anew from the database";

/// Why a piece of work did not succeed.
enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
    ReadOnly,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    fn about(self, path: &Path) -> RecipientsError {
        let error = match self {
            Self::Sqlite(error) => error,
            Self::Store(error) => return RecipientsError(error.to_string()),
            Self::ReadOnly => return unavailable(path, NOT_WRITABLE),
        };
        let code = error.sqlite_error().map(|error| error.code);
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => unavailable(
                path,
                "is locked by another process for too long: end the process that holds it (fuser lists it)",
            ),
            Some(ErrorCode::DiskFull) => {
                unavailable(path, "cannot grow, the disk is full: free some space on its file system")
            }
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                unavailable(path, NOT_WRITABLE)
            }
            Some(ErrorCode::SystemIoFailure) => {
                unavailable(path, &format!("cannot be read or written ({error}): check the disk and the kernel's log"))
            }
            _ => unavailable(path, &format!("is damaged, or not mailkey's ({error}): {ANEW}")),
        }
    }
}

const NOT_WRITABLE: &str = "cannot be written, only root may (and the file system must not be read-only): run as \
                            root: `mailkey init`";

fn unavailable(path: &Path, what: &str) -> RecipientsError {
    RecipientsError(format!("the recipients database {} {what}", path.display()))
}

/// Looks at the file without opening it; returns its path without a link in its directories, which SQLite would refuse.
/// Whoever can write it, or its directory, decides who gets mail, and what a journal makes SQLite do.
fn check_file(path: &Path) -> Result<PathBuf> {
    let unreachable = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => unavailable(path, "is missing: run `mailkey init`, which makes it"),
        io::ErrorKind::PermissionDenied => unavailable(path, NOT_WRITABLE),
        _ => unavailable(path, &format!("cannot be reached: {error}")),
    };
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(unavailable(path, "has no file name: name the file in the configuration"));
    };
    let directory = directory.canonicalize().map_err(|error| unreachable(&error))?;
    let real = directory.join(name);
    let file = fs::symlink_metadata(&real).map_err(|error| unreachable(&error))?;
    if !file.is_file() {
        return Err(unavailable(path, "is no regular file: name the file itself in the configuration"));
    }
    let around = fs::metadata(&directory).map_err(|error| unreachable(&error))?;
    for (found, whose, place) in [(&file, "it", path), (&around, "its directory", directory.as_path())] {
        if found.mode() & 0o022 != 0 {
            return Err(unavailable(
                path,
                &format!("is no good, others than its owner may write {whose}: run `chmod go-w {}`", place.display()),
            ));
        }
        if found.uid() != 0 && found.uid() != crate::pam::effective_uid() {
            return Err(unavailable(
                path,
                &format!("is no good, {whose} belongs to user {}: run `chown root {}`", found.uid(), place.display()),
            ));
        }
    }
    for suffix in ["-journal", "-wal", "-shm"] {
        let mut beside = real.clone().into_os_string();
        beside.push(suffix);
        // Put there while others could write the directory.
        match fs::symlink_metadata(&beside) {
            Ok(found) if !found.is_file() || (found.uid() != 0 && found.uid() != crate::pam::effective_uid()) => {
                let beside = Path::new(&beside).display();
                return Err(unavailable(path, &format!("is no good, somebody else put {beside} there: remove that")));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unreachable(&error)),
            _ => {}
        }
    }
    Ok(real)
}

#[cfg(test)]
mod tests;
