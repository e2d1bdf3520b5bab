//! From SQLite's errors to [`StoreError`]: what is wrong with the file, and what to do about it.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use super::super::StoreError;
use super::super::sql::Failure;

/// The error for the caller, about the database at `path`.
pub(super) fn about(failure: Failure, path: &Path) -> StoreError {
    match failure {
        Failure::Store(error) => error,
        Failure::Sqlite(error) => about_sqlite(&error, path),
        Failure::Value(field) => unavailable(
            path,
            &format!("holds a value in {field} that mailkey did not write; restore the database from a backup"),
        ),
        #[cfg(feature = "postgres")]
        Failure::Postgres(_) | Failure::TimedOut | Failure::Unconfirmed => {
            unavailable(path, "was taken for PostgreSQL's")
        }
        Failure::Column(column) => unavailable(
            path,
            &format!("holds a value in {column} that mailkey did not write; restore the database from a backup"),
        ),
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
