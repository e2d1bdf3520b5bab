//! How many sign-ins run at once, and how many wait: a password's hash is slow on purpose, and the pages of those who
//! are signed in must not wait for it.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::Trouble;

/// The limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many sign-ins run at once.
    pub at_once: usize,
    /// How many more wait.
    pub waiting: usize,
    /// How long one waits.
    pub patience: Duration,
    /// How long one runs.
    pub run: Duration,
}

impl Default for Limits {
    /// As many at once as there are processors, 64 waiting for 20 s, and 30 s for each.
    fn default() -> Self {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Self { at_once, waiting: 64, patience: Duration::from_secs(20), run: Duration::from_secs(30) }
    }
}

/// The places.
pub struct Places {
    inside: Semaphore,
    running: Semaphore,
    limits: Limits,
}

/// A place, until it is dropped.
pub struct Place<'a> {
    _inside: SemaphorePermit<'a>,
    _running: SemaphorePermit<'a>,
}

impl Places {
    /// Places within `limits`.
    pub fn new(limits: Limits) -> Self {
        let inside = Semaphore::new(limits.at_once.saturating_add(limits.waiting));
        Self { inside, running: Semaphore::new(limits.at_once), limits }
    }

    /// How long a sign-in may run.
    pub fn run(&self) -> Duration {
        self.limits.run
    }

    /// Waits for a place; busy where too many wait already, or for too long.
    pub async fn enter(&self) -> Result<Place<'_>, Trouble> {
        let inside = self.inside.try_acquire().map_err(|_| Trouble::Busy)?;
        match timeout(self.limits.patience, self.running.acquire()).await {
            Ok(Ok(running)) => Ok(Place { _inside: inside, _running: running }),
            Ok(Err(_)) | Err(_) => Err(Trouble::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { at_once: 2, waiting: 1, patience: Duration::from_millis(20), run: Duration::from_secs(1) }
    }

    #[tokio::test]
    async fn so_many_run_so_many_wait_and_the_next_is_told_at_once() {
        let places = Places::new(Limits { patience: Duration::from_secs(60), ..limits() });
        let first = places.enter().await;
        let second = places.enter().await;
        assert!(first.is_ok() && second.is_ok());
        let third = async {
            let place = places.enter().await;
            assert!(place.is_ok());
        };
        let fourth = async {
            assert_eq!(places.enter().await.err(), Some(Trouble::Busy));
            drop(first);
        };
        tokio::join!(third, fourth);
        drop(second);
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let places = Places::new(limits());
        let held = (places.enter().await, places.enter().await);
        assert_eq!(places.enter().await.err(), Some(Trouble::Busy));
        drop(held);
        assert!(places.enter().await.is_ok());
    }
}
