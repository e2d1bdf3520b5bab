//! What tells a replica's age: one row that the primary writes with its own clock.

use super::super::replica::Copied;
use super::super::sql::database::{all, change, named_params};
use super::super::{Lookup, Result};
use super::PostgresStore;

/// Written only where it is old, or of the future.
const BEAT: &str = "
    UPDATE heartbeat SET at = CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)
    WHERE ABS(CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) - at) >= :interval";

const BEHIND: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) - at FROM heartbeat";

impl PostgresStore {
    /// As [`super::super::Store::load`], with the age of the heartbeat; none where there is no heartbeat.
    pub(in crate::store) fn load_copy(&mut self, lookup: &Lookup<'_>) -> Result<Option<Copied>> {
        let found = self.engine.glance(lookup)?;
        Ok(found.behind.map(|behind| Copied { loaded: found.loaded, behind }))
    }

    /// The age of the heartbeat in seconds; none where there is none.
    pub(in crate::store) fn behind(&mut self) -> Result<Option<i64>> {
        let ages = super::Engine::read(&mut self.engine, |db| all(db, BEHIND, (), |row| row.get(0)))?;
        Ok(ages.first().copied())
    }

    /// Writes the heartbeat where it is `interval` seconds old. Of several who do so at once, one writes.
    pub(in crate::store) fn beat(&mut self, interval: i64) -> Result<()> {
        // A crash may forget it, and no login waits for a disk or a standby because of it.
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off";
        self.engine.transact(begin, |db| change(db, BEAT, named_params! { ":interval": interval }).map(drop))
    }
}
