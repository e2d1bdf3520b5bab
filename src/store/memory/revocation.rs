//! The queue of the revocation hook, of the store without a file.

use std::collections::BTreeMap;

use super::super::{Result, StoreError};
use crate::node::{FORGOTTEN, Node};
use crate::revocation::{LONGEST_PAUSE, Revocation};

/// Names in the order in which they were first queued.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) on: bool,
    /// What waits for the only node, or to be handed out to all of them.
    waiting: Vec<Revocation>,
    nodes: BTreeMap<String, Node>,
    /// What waits for one node each.
    handed_out: Vec<Revocation>,
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
        if self.on {
            queue(&mut self.waiting, new(None, name, 1, next_try));
        }
    }

    pub(super) fn list(&self, limit: u32) -> Vec<Revocation> {
        self.handed_out.iter().chain(&self.waiting).take(limit as usize).cloned().collect()
    }

    pub(super) fn take(&mut self, node: Option<&str>, now: i64, until: i64) -> Option<Revocation> {
        if let Some(node) = node {
            self.hand_out(node, now);
        }
        let due = |found: &&mut Revocation| {
            found.node.as_deref() == node && (found.next_try <= now || found.next_try > now + LONGEST_PAUSE)
        };
        let first = self.all_mut().filter(due).min_by_key(|found| found.next_try)?;
        first.next_try = until;
        Some(first.clone())
    }

    pub(super) fn end(&mut self, taken: &Revocation) -> bool {
        let count = |queue: &Self| queue.waiting.len() + queue.handed_out.len();
        let before = count(self);
        let other = |found: &Revocation| key(found) != key(taken);
        self.waiting.retain(other);
        self.handed_out.retain(other);
        count(self) < before
    }

    pub(super) fn put_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> bool {
        let Some(found) = self.all_mut().find(|found| key(found) == key(taken)) else { return false };
        found.tries += 1;
        found.error = Some(error.into());
        found.next_try = next_try;
        true
    }

    pub(super) fn see(&mut self, node: &Node) -> Result<()> {
        if let Some(before) = self.nodes.get(&node.name) {
            if !node.is_news_to(before) {
                return Ok(());
            }
            if node.is_a_rival_of(before) {
                return Err(StoreError::Exists);
            }
        }
        self.nodes.insert(node.name.clone(), node.clone());
        let gone = |known: &Node| known.seen_at < node.seen_at.saturating_sub(FORGOTTEN);
        let forgotten: Vec<String> =
            self.nodes.values().filter(|known| gone(known)).map(|known| known.name.clone()).collect();
        for name in forgotten {
            self.forget(&name);
        }
        Ok(())
    }

    pub(super) fn nodes(&self) -> Vec<Node> {
        self.nodes.values().cloned().collect()
    }

    pub(super) fn forget(&mut self, name: &str) -> bool {
        self.handed_out.retain(|found| found.node.as_deref() != Some(name));
        self.nodes.remove(name).is_some()
    }

    fn hand_out(&mut self, node: &str, now: i64) {
        if self.waiting.is_empty() {
            return;
        }
        let (machine, version) = Default::default();
        let this = Node { name: node.into(), machine, version, keys: Vec::new(), clock_off: None, seen_at: now };
        self.nodes.entry(node.into()).or_insert(this);
        for found in std::mem::take(&mut self.waiting) {
            for node in self.nodes.keys() {
                let next_try = i64::from(found.next_try == 1);
                queue(&mut self.handed_out, new(Some(node), &found.name, found.times, next_try));
            }
        }
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Revocation> {
        self.waiting.iter_mut().chain(&mut self.handed_out)
    }
}

/// What is known to whoever took it.
fn key(found: &Revocation) -> (Option<&str>, &str, i64) {
    (found.node.as_deref(), &found.name, found.times)
}

fn new(node: Option<&str>, name: &str, times: i64, next_try: i64) -> Revocation {
    Revocation { node: node.map(Into::into), name: name.into(), times, tries: 0, next_try, error: None }
}

fn queue(rows: &mut Vec<Revocation>, new: Revocation) {
    match rows.iter_mut().find(|found| (&found.node, &found.name) == (&new.node, &new.name)) {
        Some(found) => {
            found.times += new.times;
            // Behind those that were never taken.
            found.next_try = found.next_try.min(1);
        }
        None => rows.push(new),
    }
}
