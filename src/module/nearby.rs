//! What a replica near by decides of an attempt, where the site has one.

use super::Trouble;
use super::queue::Queue;
use super::worker::Desk;
use crate::auth::{Attempt, Prover, Verdict, by_reading};
use crate::store::{Loaded, ThrottleKeys};

/// A sign-in that a replica lets in.
pub(super) struct Nearby {
    pub loaded: Loaded,
    pub verdict: Verdict,
    /// How old what it knows may be, in seconds.
    pub behind: i64,
    /// Whether that is young enough while the store answers.
    pub fresh: bool,
}

/// What the replica lets in; none where it does not, or there is none, or it knows only what is too old. It is asked where
/// reading may be enough, and not where it did not answer a moment ago, unless it is the `last_resort`.
pub(super) fn decide(
    attempt: &Attempt,
    desk: &mut Desk<'_>,
    throttle: &ThrottleKeys,
    now: i64,
    last_resort: bool,
) -> Result<Option<Nearby>, Trouble> {
    let Some(replica) = desk.replica.as_deref_mut().filter(|replica| last_resort || !replica.is_gone()) else {
        return Ok(None);
    };
    if !attempt.may_open_by_reading() {
        return Ok(None);
    }
    let config = desk.config;
    let session = attempt.session(desk.keys, config.policy.webmail_session);
    // A replica that does not answer is none: the store is asked.
    let Ok(Some(copied)) = replica.load(&attempt.lookup(throttle, session)) else { return Ok(None) };
    let fresh = replica.is_fresh(copied.behind);
    if !fresh && !replica.counts_alone(copied.behind) {
        return Ok(None);
    }
    let mut memory = Queue::new(desk.arena, &config.database, config.concurrent_hashes);
    let mut prover = Prover { keys: desk.keys, memory: &mut memory, memo: desk.memo };
    let verdict = by_reading(attempt, &copied.loaded, &config.policy, &mut prover, now)?;
    Ok(verdict.map(|verdict| Nearby { loaded: copied.loaded, verdict, behind: copied.behind, fresh }))
}
