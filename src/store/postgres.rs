//! The PostgreSQL store: one database for several nodes, of which every login on every node sees every change at once.
//!
//! # What it promises
//!
//! The same as SQLite's ([`super::sqlite`]), by other means:
//!
//! - Logins open what is there and nothing else; the schema is made and changed by `mailkey init` alone
//!   ([`PostgresStore::create_or_migrate`]), in one transaction that no other node can be in.
//! - What reads sees one snapshot (REPEATABLE READ, READ ONLY). What writes is SERIALIZABLE: it behaves as if nobody else
//!   did anything meanwhile. Where that cannot be had, the server refuses, and the work is done again from its beginning,
//!   for as long as an operation may take. So of any number of simultaneous claims, on whichever nodes, one succeeds.
//! - Claims, durable charges and administrative changes are committed with `synchronous_commit` as the server has it: on,
//!   unless somebody has changed that. Last use, activity, rehashes and other charges are committed with it off: the server
//!   may forget the last of them when it crashes.
//!   With synchronous replication a yes is one that the standby has, too; the other writes wait for nobody.
//! - A connection that has gone is made again at the next transaction, once. One that goes during a transaction leaves
//!   open what became of it: that is unavailable, never a yes.
//!
//! A handle must not be used, and not be dropped either, by a process that was forked from the one that opened it.
//!
//! # Servers
//!
//! PostgreSQL 13 and later. The SQL keeps to what others that speak its protocol have, too; they ask for transactions to be
//! done again more often. A pooler in transaction mode is possible where it knows prepared statements: nothing is set for
//! longer than a transaction.

mod error;
mod migrate;
pub(super) mod replica;
mod session;
mod settings;
pub mod survey;
#[cfg(test)]
pub(super) mod tests;
mod value;

use std::time::{Duration, Instant};

use self::error::{about, unavailable};
use self::session::Session;
pub use self::settings::{Settings, SettingsError};
use super::sql::database::Database;
use super::sql::{Durability, Engine, Failure, Outcome, SqlStore, Standing, UNFINISHED, glance};
use super::{Loaded, Lookup, Note, Result};

/// A store in a PostgreSQL database.
pub type PostgresStore = SqlStore<Postgres>;

/// The schema of this version is the same for all engines.
pub use super::sqlite::{Prepared, SCHEMA_VERSION};

/// One connection to the database, at a time.
pub struct Postgres {
    settings: Settings,
    /// None until something is asked, and after it could not be made.
    session: Option<Session>,
}

impl PostgresStore {
    /// Connects to the existing database, of this schema or of a newer one that allows it; it creates and changes nothing.
    pub fn connect(settings: &Settings) -> Result<Self> {
        let mut store = Self::later(settings);
        store.engine.read(|_| Ok(()))?;
        Ok(store)
    }

    /// The same, connected when something is asked of it.
    pub fn later(settings: &Settings) -> Self {
        Self::on(Postgres { settings: settings.clone(), session: None })
    }

    /// Makes the tables in an empty database, or brings an older one to [`SCHEMA_VERSION`]; safe to repeat, also on several
    /// nodes at once.
    pub fn create_or_migrate(settings: &Settings) -> Result<Prepared> {
        let session = Session::open(settings)?;
        migrate::create_or_migrate(&session, settings).map_err(|failure| about(failure, settings))
    }

    /// The number of the schema that the database says it has; below zero in a copy that is not complete, none where there
    /// are no tables yet.
    #[cfg(feature = "admin")]
    pub(super) fn schema_at(settings: &Settings) -> Result<Option<i64>> {
        migrate::found_schema(&Session::open(settings)?).map_err(|failure| about(failure, settings))
    }
}

impl PostgresStore {
    /// What the server's clock says, in milliseconds since the Unix epoch.
    pub fn clock(&mut self) -> Result<i64> {
        let asked = self.engine.ask_first(|session, _| {
            let answer = session.run("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")?;
            migrate::first(&answer).and_then(|text| text.parse().ok()).ok_or(Failure::Value("clock_timestamp"))
        });
        asked.map(|(clock, _)| clock)
    }
}

impl Postgres {
    /// What a login reads, and how old that is.
    fn glance(&mut self, lookup: &Lookup<'_>) -> Result<glance::Glance> {
        let found = self.ask_first(|session, settings| {
            let found = glance::load(session, lookup)?;
            migrate::require_version(found.schema, found.oldest, settings)?;
            Ok(found)
        })?;
        Ok(found.0)
    }

    /// Does `work` in a transaction that `begin` begins; again from the beginning where the server asks for that.
    fn transact<T>(&mut self, begin: &str, mut work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T> {
        let until = Instant::now() + self.settings.timeout;
        let mut pause = Pause::new();
        let mut conflicts = 0;
        loop {
            let ((), session) = self.ask_first(|session, settings| session.begin(begin, settings))?;
            let done = work(session).and_then(|done| session.commit().map(|()| done));
            let failure = match done {
                Ok(done) => return Ok(done),
                Err(failure) => failure,
            };
            session.roll_back();
            // Somebody may have added the same key after we had looked whether it is there.
            let looked_too_early = failure.is_conflict() && conflicts == 0;
            conflicts += u32::from(failure.is_conflict());
            if !(failure.asks_for_another_try() || looked_too_early) {
                return Err(about(failure, &self.settings));
            }
            if Instant::now() >= until {
                return Err(unavailable(
                    &self.settings,
                    "is too busy: others changed the same again and again; look for what writes so much, and for a slow disk",
                ));
            }
            pause.make();
        }
    }

    /// Asks the first question of an operation; where the connection has gone since it was last used, on another one, which
    /// is returned for the next questions.
    fn ask_first<T>(&mut self, mut question: impl FnMut(&Session, &Settings) -> Outcome<T>) -> Result<(T, &Session)> {
        let mut session = match self.session.take().filter(|session| !session.is_given_up()) {
            Some(kept) => kept,
            None => Session::open(&self.settings)?,
        };
        let was_used = session.was_used();
        let answer = match question(&session, &self.settings) {
            Err(failure) if was_used && failure.is_disconnection() => {
                session = Session::open(&self.settings)?;
                question(&session, &self.settings)
            }
            answer => answer,
        };
        let session = self.session.insert(session);
        answer.map(|answer| (answer, &*session)).map_err(|failure| about(failure, &self.settings))
    }
}

impl Engine for Postgres {
    fn read<T>(&mut self, work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T> {
        self.transact("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)
    }

    fn write<T>(&mut self, durability: Durability, work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T> {
        self.transact(
            match durability {
                Durability::Full => "BEGIN ISOLATION LEVEL SERIALIZABLE",
                Durability::Normal => "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL synchronous_commit = off",
            },
            work,
        )
    }

    /// One question and one answer, and so no transaction: a statement sees one snapshot.
    fn load(&mut self, lookup: &Lookup<'_>) -> Result<Loaded> {
        Ok(self.glance(lookup)?.loaded)
    }

    fn is_due(&mut self, note: &Note<'_>) -> Result<bool> {
        self.ask_first(|session, _| glance::is_due(session, note)).map(|(due, _)| due)
    }

    fn expect_many(&mut self, _: bool) -> Result<()> {
        Ok(())
    }
}

/// Pauses between tries, longer and longer, each of another length: so that those who disturbed each other do not meet again.
struct Pause {
    longest: Duration,
    random: u64,
}

impl Pause {
    fn new() -> Self {
        use std::hash::{BuildHasher, Hasher, RandomState};
        Self { longest: Duration::from_millis(2), random: RandomState::new().build_hasher().finish() | 1 }
    }

    #[allow(clippy::disallowed_methods, reason = "the server asks for another try, and at once it would fail again")]
    fn make(&mut self) {
        // Marsaglia's xorshift.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let part = u32::try_from(self.random % 1000).unwrap_or_default();
        std::thread::sleep(self.longest * part / 1000);
        self.longest = (self.longest * 2).min(Duration::from_millis(100));
    }
}
