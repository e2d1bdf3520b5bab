//! The queue of the revocation hook, of the store without a file.

use crate::revocation::{LONGEST_PAUSE, Revocation};

/// Names in the order in which they were first queued.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) on: bool,
    waiting: Vec<Revocation>,
}

impl Queue {
    /// Queues a name, to be tried at once; nothing while the queue is off.
    pub(super) fn push(&mut self, name: &str) {
        self.push_at(name, 0);
    }

    /// The same, behind those of whom something is revoked.
    pub(super) fn push_behind(&mut self, name: &str) {
        self.push_at(name, 1);
    }

    fn push_at(&mut self, name: &str, next_try: i64) {
        if !self.on {
            return;
        }
        match self.waiting.iter_mut().find(|found| found.name == name) {
            Some(found) => {
                found.times += 1;
                // Behind those that were never taken.
                found.next_try = found.next_try.min(1);
            }
            None => self.waiting.push(Revocation { name: name.into(), times: 1, tries: 0, next_try, error: None }),
        }
    }

    pub(super) fn list(&self, limit: u32) -> Vec<Revocation> {
        self.waiting.iter().take(limit as usize).cloned().collect()
    }

    pub(super) fn take(&mut self, now: i64, until: i64) -> Option<Revocation> {
        let due = |found: &&mut Revocation| found.next_try <= now || found.next_try > now + LONGEST_PAUSE;
        let first = self.waiting.iter_mut().filter(due).min_by_key(|found| found.next_try)?;
        first.next_try = until;
        Some(first.clone())
    }

    pub(super) fn end(&mut self, taken: &Revocation) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|found| (&found.name, found.times) != (&taken.name, taken.times));
        self.waiting.len() < before
    }

    pub(super) fn put_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> bool {
        let same = |found: &&mut Revocation| (&found.name, found.times) == (&taken.name, taken.times);
        let Some(found) = self.waiting.iter_mut().find(same) else { return false };
        found.tries += 1;
        found.error = Some(error.into());
        found.next_try = next_try;
        true
    }
}
