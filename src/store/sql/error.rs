//! Why a piece of work on a database did not succeed, before the database is named.

use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};

use super::super::StoreError;

/// What went wrong.
#[derive(Debug)]
pub(in crate::store) enum Failure {
    /// An answer of the store: not found, exists, or a text that names the database already.
    Store(StoreError),
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// PostgreSQL said no.
    #[cfg(feature = "postgres")]
    Postgres(tokio_postgres::Error),
    /// There was no answer for too long.
    #[cfg(feature = "postgres")]
    TimedOut,
    /// It is written, but a standby that was to have it, too, may not.
    #[cfg(feature = "postgres")]
    Unconfirmed,
    /// A stored value is none that mailkey writes: table and field.
    Value(&'static str),
    /// A stored value is of a kind that mailkey does not write: the column, as the answer calls it.
    Column(String),
}

/// What a piece of work on the database returns.
pub(in crate::store) type Outcome<T> = std::result::Result<T, Failure>;

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
    /// Turns "this key is there already" into [`StoreError::Exists`].
    pub(super) fn or_exists(self) -> Self {
        let exists = match &self {
            Self::Sqlite(error) => error.sqlite_error().is_some_and(|error| {
                matches!(error.extended_code, SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY)
            }),
            #[cfg(feature = "postgres")]
            Self::Postgres(error) => error.code() == Some(&tokio_postgres::error::SqlState::UNIQUE_VIOLATION),
            _ => false,
        };
        if exists { Self::Store(StoreError::Exists) } else { self }
    }
}
