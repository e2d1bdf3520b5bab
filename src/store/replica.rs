//! A replica of the store near by: what logins only read is read there.
//!
//! It is another server that follows the store's own, a moment behind. How far behind is told by a heartbeat: a row that the
//! store's server writes with its clock, and that arrives at the replica with everything that was written before it. No
//! program has to run for that: a login that finds the heartbeat old asks the store instead, and has it written.
//!
//! Security: a replica only ever lets in, and only what needs nothing but reading ([`crate::auth::by_reading`]). Whatever it
//! does not let in is asked of the store. Its answer counts while it is at most [`ReplicaRules::lag`] seconds behind, and
//! where the store does not answer, at most [`ReplicaRules::outage`] seconds: for so long a revocation that has not arrived
//! may go unseen.

use std::time::{Duration, Instant};

use super::{KeyCheck, Loaded, Lookup, Place, Result};

/// For how long a server that did not answer is not asked again where another one can answer.
const LEFT_ALONE: Duration = Duration::from_secs(30);

/// Where the replica is, and what its answer is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaRules {
    /// A server.
    pub place: Place,
    /// Seconds that it may be behind.
    pub lag: i64,
    /// Seconds that it may be behind while the store does not answer.
    pub outage: i64,
}

/// A replica, and what one process knows of it and of the store that it follows.
pub struct Replica {
    #[cfg(feature = "postgres")]
    store: super::PostgresStore,
    rules: ReplicaRules,
    replica_alone: Option<Instant>,
    store_alone: Option<Instant>,
    needs_beat: bool,
}

/// What a replica knows.
pub struct Copied {
    /// As the store knew it a while ago.
    pub loaded: Loaded,
    /// How long ago at most, in seconds.
    pub behind: i64,
}

impl Replica {
    /// The replica of these rules. It is connected when something is asked of it.
    #[cfg(feature = "postgres")]
    pub fn of(rules: &ReplicaRules, timeout: Duration) -> Result<Self> {
        let store = super::place::replica(&rules.place, timeout)?;
        Ok(Self { store, rules: rules.clone(), replica_alone: None, store_alone: None, needs_beat: false })
    }

    /// As [`super::Store::load`]; none where it cannot say how far behind it is, which is as good as no answer.
    #[cfg(feature = "postgres")]
    pub fn load(&mut self, lookup: &Lookup<'_>) -> Result<Option<Copied>> {
        let answer = self.store.load_copy(lookup);
        self.replica_alone = answer.is_err().then(|| Instant::now() + LEFT_ALONE);
        if let Ok(Some(copied)) = &answer {
            self.needs_beat = copied.behind.abs() >= self.beat_interval();
        }
        answer
    }

    /// As [`super::Store::key_checks`].
    #[cfg(feature = "postgres")]
    pub fn key_checks(&mut self) -> Result<Vec<KeyCheck>> {
        super::Store::key_checks(&mut self.store)
    }

    /// How far behind it is, in seconds; none where it cannot say.
    #[cfg(feature = "postgres")]
    pub fn behind(&mut self) -> Result<Option<i64>> {
        self.store.behind()
    }

    #[cfg(not(feature = "postgres"))]
    #[allow(missing_docs)]
    pub fn of(_: &ReplicaRules, _: Duration) -> Result<Self> {
        Err(super::place::without_postgres())
    }

    #[cfg(not(feature = "postgres"))]
    #[allow(missing_docs)]
    pub fn load(&mut self, _: &Lookup<'_>) -> Result<Option<Copied>> {
        Err(super::place::without_postgres())
    }

    #[cfg(not(feature = "postgres"))]
    #[allow(missing_docs)]
    pub fn key_checks(&mut self) -> Result<Vec<KeyCheck>> {
        Err(super::place::without_postgres())
    }

    #[cfg(not(feature = "postgres"))]
    #[allow(missing_docs)]
    pub fn behind(&mut self) -> Result<Option<i64>> {
        Err(super::place::without_postgres())
    }

    /// Whether it did not answer a moment ago.
    pub fn is_gone(&self) -> bool {
        is_ahead(self.replica_alone)
    }

    /// Whether the store did not answer a moment ago.
    pub fn is_store_gone(&self) -> bool {
        is_ahead(self.store_alone)
    }

    /// Remembers whether the store has answered.
    pub fn remember(&mut self, store_answered: bool) {
        self.store_alone = (!store_answered).then(|| Instant::now() + LEFT_ALONE);
    }

    /// Whether what it knew so long ago counts while the store answers. A heartbeat of the future is one of another clock.
    pub fn is_fresh(&self, behind: i64) -> bool {
        (-self.rules.lag..=self.rules.lag).contains(&behind)
    }

    /// Whether what it knew so long ago counts while the store does not answer.
    pub fn counts_alone(&self, behind: i64) -> bool {
        behind <= self.rules.outage.max(self.rules.lag)
    }

    /// The age in seconds from which on a heartbeat is to be written again, where it was that old when it was last looked at
    /// and nobody was told yet.
    pub fn take_beat(&mut self) -> Option<i64> {
        std::mem::take(&mut self.needs_beat).then(|| self.beat_interval())
    }

    /// The age in seconds at which a heartbeat is old: early enough for the next one to come while this one still counts.
    pub fn beat_interval(&self) -> i64 {
        (self.rules.lag / 2).max(1)
    }
}

fn is_ahead(moment: Option<Instant>) -> bool {
    moment.is_some_and(|moment| moment > Instant::now())
}
