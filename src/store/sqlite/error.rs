//! From SQLite's errors to [`StoreError`]: what is wrong with the file, and what to do about it.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE, SQLITE_IOERR_SHMSIZE};

use super::super::StoreError;

/// Why a piece of work on the database did not succeed, before the file is named.
#[derive(Debug)]
pub(super) enum Failure {
    /// An answer of the store: not found, exists, or a text that names the file already.
    Store(StoreError),
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// A stored value is none that mailkey writes: table and field.
    Value(&'static str),
}

/// What a piece of work on the database returns.
pub(super) type Outcome<T> = std::result::Result<T, Failure>;

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
    /// The error for the caller, about the database at `path`.
    pub(super) fn about(self, path: &Path) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Sqlite(error) => about_sqlite(&error, path),
            Self::Value(field) => unavailable(
                path,
                &format!("holds a value in {field} that mailkey did not write; restore the database from a backup"),
            ),
        }
    }

    /// Turns "this key is there already" into [`StoreError::Exists`].
    pub(super) fn or_exists(error: rusqlite::Error) -> Self {
        match error.sqlite_error().map(|error| error.extended_code) {
            Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY) => Self::Store(StoreError::Exists),
            _ => Self::Sqlite(error),
        }
    }
}

/// The text of every unavailability: the file, then what is wrong and what to do.
pub(super) fn unavailable(path: &Path, what: &str) -> StoreError {
    StoreError::Unavailable(format!("database {} {what}", path.display()))
}

/// Only SQLite's own words are passed on; they name tables and fields, never values.
fn about_sqlite(error: &rusqlite::Error, path: &Path) -> StoreError {
    let Some(failure) = error.sqlite_error() else {
        return unavailable(
            path,
            &format!("holds a value that mailkey did not write ({error}); restore the database from a backup"),
        );
    };
    let what = match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "is locked by another process for too long; end the process that holds it (fuser lists it), and look for a \
             stuck disk"
                .into()
        }
        ErrorCode::ReadOnly => {
            "cannot be written; make its file system writable, and check the owner and mode of the file, its -wal and \
             its -shm (0660)"
                .into()
        }
        ErrorCode::DiskFull => "cannot grow, the disk is full; free some space on its file system".into(),
        ErrorCode::SystemIoFailure if failure.extended_code == SQLITE_IOERR_SHMSIZE => {
            "cannot make its -shm file, the disk is full; free some space on its file system".into()
        }
        ErrorCode::DatabaseCorrupt => format!("is damaged ({error}); restore it from a backup"),
        ErrorCode::NotADatabase => "is no SQLite database; restore it from a backup".into(),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            "cannot be opened; check owner and mode of its directory (2770), of the file, and of its -wal and -shm \
             (0660), and whether the disk is full"
                .into()
        }
        ErrorCode::SystemIoFailure => {
            format!("cannot be read or written ({error}); check the disk and the kernel's log")
        }
        ErrorCode::OutOfMemory => "cannot be used, memory is short; raise the process's memory limit".into(),
        _ => format!("does not do what mailkey expects ({error}); run `mailkey init`, or restore it from a backup"),
    };
    unavailable(path, &what)
}
