//! Where a store is, and the store that is opened there.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(feature = "admin")]
use super::sql::Standing;
use super::sqlite::{Prepared, identity_of};
use super::{Result, SqliteStore, Store, StoreError};

/// Where a store is: the setting `database` or `store` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// One SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, which several nodes share.
    Server {
        /// `postgresql://…` without a password ([`super::postgres::Settings`]).
        url: String,
        /// The file that holds the password and nothing else, where there is one.
        password_file: Option<PathBuf>,
    },
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::File(path.to_path_buf())
    }
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        path.as_path().into()
    }
}

impl Place {
    /// Whether the URL of a server holds a password, which then everybody could read who can read the URL.
    pub fn holds_password(url: &str) -> bool {
        let (_, rest) = url.split_once("://").unwrap_or(("", url));
        let who = rest.split(['/', '?']).next().and_then(|place| place.rsplit_once('@'));
        who.is_some_and(|(user, _)| user.contains(':')) || rest.contains("password=")
    }
}

impl fmt::Display for Place {
    /// As it may be shown: without the user's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server { url, .. } => {
                let (place, _) = url.split_once('?').unwrap_or((url, ""));
                match place.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
                    Some((scheme, place)) => write!(f, "{scheme}://{place}"),
                    None => f.write_str(place),
                }
            }
        }
    }
}

/// A store that is open, of whichever kind.
pub enum OpenStore {
    /// In a file.
    Sqlite(SqliteStore),
    /// On a server.
    #[cfg(feature = "postgres")]
    Postgres(Box<super::PostgresStore>),
}

/// Opens the store at `place` for logins and administration. Nothing is created or migrated. `timeout` is how long an
/// operation is waited for before it is unavailable.
pub fn open(place: impl Into<Place>, timeout: Duration) -> Result<OpenStore> {
    match place.into() {
        Place::File(path) => SqliteStore::open(&path, timeout).map(OpenStore::Sqlite),
        #[cfg(feature = "postgres")]
        Place::Server { url, password_file } => {
            let settings = settings(&url, password_file.as_deref(), timeout)?;
            super::PostgresStore::connect(&settings).map(|store| OpenStore::Postgres(Box::new(store)))
        }
        #[cfg(not(feature = "postgres"))]
        Place::Server { .. } => Err(without_postgres()),
    }
}

/// The same, where there is a server, connected when something is asked of it.
pub fn open_later(place: impl Into<Place>, timeout: Duration) -> Result<OpenStore> {
    match place.into() {
        #[cfg(feature = "postgres")]
        Place::Server { url, password_file } => {
            let settings = settings(&url, password_file.as_deref(), timeout)?;
            Ok(OpenStore::Postgres(Box::new(super::PostgresStore::later(&settings))))
        }
        place => open(place, timeout),
    }
}

/// The replica at `place`, connected when something is asked of it.
#[cfg(feature = "postgres")]
pub(super) fn replica(place: &Place, timeout: Duration) -> Result<super::PostgresStore> {
    let Place::Server { url, password_file } = place else {
        return Err(StoreError::Unavailable("store_read in the configuration is no server".into()));
    };
    settings(url, password_file.as_deref(), timeout)
        .map(|settings| super::PostgresStore::later(&settings.for_reading()))
}

/// Makes the tables at `place`, or brings an older schema up to date; safe to repeat.
pub fn create_or_migrate(place: &Place, timeout: Duration) -> Result<Prepared> {
    match place {
        Place::File(path) => SqliteStore::create_or_migrate(path),
        #[cfg(feature = "postgres")]
        Place::Server { url, password_file } => {
            super::PostgresStore::create_or_migrate(&settings(url, password_file.as_deref(), timeout)?)
        }
        #[cfg(not(feature = "postgres"))]
        Place::Server { .. } => Err(without_postgres()),
    }
}

/// Asks each server of a store what it says of itself; a file has none.
#[cfg(feature = "postgres")]
pub fn survey(place: &Place, timeout: Duration) -> Result<Vec<super::postgres::survey::Server>> {
    match place {
        Place::File(_) => Ok(Vec::new()),
        Place::Server { url, password_file } => {
            Ok(super::postgres::survey::survey(&settings(url, password_file.as_deref(), timeout)?))
        }
    }
}

/// Opens the store at `place` for administration: like [`open`], but on a server an operation may take ten minutes, and
/// `timeout` is how long a connection is waited for. In a file it is how long others are waited for, as in a login: what is
/// done there itself has no limit.
#[cfg(feature = "admin")]
pub fn open_patiently(place: impl Into<Place>, timeout: Duration) -> Result<OpenStore> {
    open_as(Standing::Complete, &place.into(), timeout)
}

/// A place by what tells it apart from others: the path, or hosts and database.
#[cfg(feature = "admin")]
pub(super) fn name(place: &Place) -> Result<String> {
    match place {
        Place::File(path) => Ok(path.display().to_string()),
        #[cfg(feature = "postgres")]
        Place::Server { url, .. } => Ok(format!("{:?}", settings(url, None, Duration::from_secs(1))?)),
        #[cfg(not(feature = "postgres"))]
        Place::Server { .. } => Err(without_postgres()),
    }
}

/// The same, where the database is what `standing` says.
#[cfg(feature = "admin")]
pub(super) fn open_as(standing: Standing, place: &Place, timeout: Duration) -> Result<OpenStore> {
    match place {
        Place::File(path) => SqliteStore::open_as(standing, path, timeout).map(OpenStore::Sqlite),
        #[cfg(feature = "postgres")]
        Place::Server { url, password_file } => {
            let settings = settings(url, password_file.as_deref(), timeout)?.patient().standing(standing);
            super::PostgresStore::connect(&settings).map(|store| OpenStore::Postgres(Box::new(store)))
        }
        #[cfg(not(feature = "postgres"))]
        Place::Server { .. } => Err(without_postgres()),
    }
}

/// The number of the schema that the database at `place` says it has: below zero in a copy that is not complete, none where
/// there is no database yet.
#[cfg(feature = "admin")]
pub(super) fn schema_at(place: &Place, timeout: Duration) -> Result<Option<i64>> {
    match place {
        Place::File(path) => SqliteStore::schema_at(path),
        #[cfg(feature = "postgres")]
        Place::Server { url, password_file } => {
            super::PostgresStore::schema_at(&settings(url, password_file.as_deref(), timeout)?)
        }
        #[cfg(not(feature = "postgres"))]
        Place::Server { .. } => Err(without_postgres()),
    }
}

#[cfg(feature = "postgres")]
fn settings(url: &str, password_file: Option<&Path>, timeout: Duration) -> Result<super::postgres::Settings> {
    let password = password_file
        .map(crate::config::load_password)
        .transpose()
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    super::postgres::Settings::new(url, password.as_ref(), timeout)
        .map_err(|error| StoreError::Unavailable(format!("the store's postgresql:// is not usable: {error}")))
}

#[cfg(not(feature = "postgres"))]
pub(super) fn without_postgres() -> StoreError {
    StoreError::Unavailable("this mailkey was built without PostgreSQL (cargo feature postgres)".into())
}

impl OpenStore {
    /// Whether what is at `place` now is still what was opened.
    pub fn is_at(&self, place: &Place) -> Result<bool> {
        match (self, place) {
            (Self::Sqlite(store), Place::File(path)) => Ok(identity_of(path)? == store.identity()),
            #[cfg(feature = "postgres")]
            (Self::Postgres(_), Place::Server { .. }) => Ok(true),
            _ => Ok(false),
        }
    }

    /// What the server's clock says, in milliseconds since the Unix epoch; none where the store is a file.
    pub fn server_clock(&mut self) -> Result<Option<i64>> {
        match self {
            Self::Sqlite(_) => Ok(None),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.clock().map(Some),
        }
    }

    /// Lets a replica of it know that it is written to, where the last time was `interval` seconds ago.
    pub fn beat(&mut self, interval: i64) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.beat(interval),
        }
    }

    /// Whether a change made with this handle has queued a name for the hook.
    pub fn has_queued_revocations(&self) -> bool {
        match self {
            Self::Sqlite(store) => store.has_queued_revocations(),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.has_queued_revocations(),
        }
    }
}

impl Deref for OpenStore {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Sqlite(store) => store,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => &**store,
        }
    }
}

impl DerefMut for OpenStore {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Sqlite(store) => store,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => &mut **store,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_without_user_and_parameters() {
        let server = |url: &str| Place::Server { url: url.into(), password_file: None };
        assert_eq!(
            server("postgresql://mailkey@db1,db2:5433/mail?sslmode=disable").to_string(),
            "postgresql://db1,db2:5433/mail"
        );
        assert_eq!(server("postgresql://db/mail").to_string(), "postgresql://db/mail");
        assert_eq!(Place::from(Path::new("/var/lib/mailkey/mailkey.db")).to_string(), "/var/lib/mailkey/mailkey.db");
    }
}
