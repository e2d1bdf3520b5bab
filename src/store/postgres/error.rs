//! From the server's errors to [`StoreError`]: what is wrong with the database, and what to do about it.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

use super::super::StoreError;
use super::super::sql::Failure;
use super::settings::Settings;

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl Failure {
    /// Whether the server wants the transaction to be made again: it could not be had beside those of others.
    pub(super) fn asks_for_another_try(&self) -> bool {
        let again = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
        self.state().is_some_and(|state| again.contains(state))
    }

    /// Whether a key was there already. Within a transaction that had looked before, another one may have added it.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Exists)) || self.state() == Some(&SqlState::UNIQUE_VIOLATION)
    }

    /// Whether there is no connection any more.
    pub(super) fn is_disconnection(&self) -> bool {
        let gone = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::IDLE_SESSION_TIMEOUT];
        match self {
            Self::Postgres(error) => {
                error.is_closed()
                    || error.source().is_some_and(|source| source.is::<std::io::Error>())
                    || error.code().is_some_and(|state| gone.contains(state))
            }
            _ => false,
        }
    }

    fn state(&self) -> Option<&SqlState> {
        match self {
            Self::Postgres(error) => error.code(),
            _ => None,
        }
    }
}

/// The error for the caller, about the database of `settings`.
pub(super) fn about(failure: Failure, settings: &Settings) -> StoreError {
    let unwritten = |what: &str| {
        unavailable(
            settings,
            &format!("holds a value in {what} that mailkey did not write; restore the database from a backup"),
        )
    };
    match failure {
        Failure::Store(error) => error,
        Failure::Value(field) => unwritten(field),
        Failure::Column(column) => unwritten(&column),
        Failure::TimedOut => unavailable(
            settings,
            "does not answer; look whether its server runs, whether the network to it works, and what it is busy with",
        ),
        Failure::Unconfirmed => unavailable(
            settings,
            "has written it, but its synchronous standby does not confirm that; look whether the standby runs and follows",
        ),
        Failure::Postgres(error) => unavailable(settings, &what_is_wrong(&error)),
        Failure::Sqlite(error) => unavailable(settings, &format!("was taken for SQLite's ({error})")),
    }
}

/// The text of every unavailability: the database, then what is wrong and what to do.
pub(super) fn unavailable(settings: &Settings, what: &str) -> StoreError {
    StoreError::Unavailable(format!("database {} {what}", settings.shown))
}

/// Only the server's first line is passed on; it names tables and fields. Its details would name values.
fn what_is_wrong(error: &tokio_postgres::Error) -> String {
    let Some(answer) = error.as_db_error() else {
        let mut said = error.to_string();
        if let Some(source) = error.source() {
            said = format!("{said}: {source}");
        }
        return format!("cannot be reached ({said}); look whether its server runs and the network to it works");
    };
    let message = answer.message();
    match *answer.code() {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            format!("lets us not in ({message}); check the user, the password file, and the server's pg_hba.conf")
        }
        SqlState::INVALID_CATALOG_NAME => format!("is not there ({message}); create it, and run `mailkey init`"),
        SqlState::UNDEFINED_TABLE => "has no tables of mailkey; run `mailkey init`".into(),
        SqlState::INSUFFICIENT_PRIVILEGE => {
            format!(
                "may not be used by this user ({message}); give the user of mailkey the tables, or let it own the database"
            )
        }
        SqlState::QUERY_CANCELED => "takes too long to answer; look what it is busy with, and for a slow disk".into(),
        SqlState::LOCK_NOT_AVAILABLE => "is locked by another session for too long; look at pg_stat_activity".into(),
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            "can only be read, it is a standby; name the primary, or all servers and target_session_attrs=read-write"
                .into()
        }
        SqlState::DISK_FULL => "cannot grow, the server's disk is full; free some space there".into(),
        SqlState::TOO_MANY_CONNECTIONS => {
            "takes no more connections; raise max_connections, put a pooler before it, or have fewer workers".into()
        }
        SqlState::CANNOT_CONNECT_NOW | SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => {
            format!("is starting or stopping ({message}); wait until its server is ready")
        }
        ref code => format!("does not do what mailkey expects ({message}, {}); run `mailkey doctor`", code.code()),
    }
}
