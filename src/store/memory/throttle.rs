//! Counters of failures, of the store without a file.

use std::collections::BTreeMap;

use super::super::rules::{DISTINCT_WINDOW, MAX_THROTTLE_ROWS, counter_expiry, moved_by};
use super::super::{Charge, Counter, CounterKind, Counters, ThrottleKeys};

type CounterKey = (CounterKind, [u8; 16], String);

#[derive(Default)]
pub(super) struct Throttle {
    counters: BTreeMap<CounterKey, Counter>,
    /// Digest → when it is forgotten.
    seen_wrong: BTreeMap<[u8; 16], i64>,
    /// Network and subject → when the pair was counted.
    tried: BTreeMap<(String, [u8; 16]), i64>,
}

impl Throttle {
    pub(super) fn counters(&self, keys: &ThrottleKeys) -> Counters {
        let mut counters = Counters {
            code: self.counter(keys, CounterKind::Code),
            code_hour: self.counter(keys, CounterKind::CodeHour),
            password: self.counter(keys, CounterKind::Password),
            network: Counter::default(),
        };
        if !keys.network.is_empty() {
            counters.network = self.counter(keys, CounterKind::Network);
        }
        counters
    }

    pub(super) fn counter(&self, keys: &ThrottleKeys, kind: CounterKind) -> Counter {
        self.counters.get(&counter_key(keys, kind)).copied().unwrap_or_default()
    }

    pub(super) fn charge(&mut self, charge: &Charge<'_>) -> bool {
        let until = charge.now.saturating_add(charge.remember);
        let seen = self.seen_wrong.insert(charge.digest, until);
        if seen.is_some_and(|expires_at| expires_at > charge.now) {
            return false;
        }
        for &kind in moved_by(charge.fault) {
            if kind == CounterKind::Network && !self.is_distinct(charge.throttle, charge.now) {
                continue;
            }
            let mut before = self.counter(charge.throttle, kind);
            if counter_expiry(&before) <= charge.now {
                before = Counter::default();
            }
            self.counters.insert(counter_key(charge.throttle, kind), (charge.next)(kind, before));
        }
        self.remove_expired(charge.now);
        true
    }

    /// From now on what was counted under `old` counts under `new`; where that has counters, the worse of both.
    pub(super) fn rename(&mut self, old: [u8; 16], new: [u8; 16]) {
        for ((kind, subject, network), counter) in std::mem::take(&mut self.counters) {
            let key = (kind, if subject == old { new } else { subject }, network);
            let other = self.counters.get(&key).copied();
            self.counters.insert(key, other.map_or(counter, |other| worse(&counter, &other)));
        }
        for ((network, subject), at) in std::mem::take(&mut self.tried) {
            let key = (network, if subject == old { new } else { subject });
            let other = self.tried.get(&key).copied();
            self.tried.insert(key, other.map_or(at, |other| other.max(at)));
        }
    }

    pub(super) fn forgive(&mut self, keys: &ThrottleKeys, kind: CounterKind) {
        self.counters.remove(&counter_key(keys, kind));
    }

    /// Whether this account was not tried from this network within the last hour; remembers that it was now.
    fn is_distinct(&mut self, keys: &ThrottleKeys, now: i64) -> bool {
        if keys.network.is_empty() {
            return false;
        }
        let pair = (keys.network.clone(), keys.subject);
        if self.tried.get(&pair).is_some_and(|at| (*at..*at + DISTINCT_WINDOW).contains(&now)) {
            return false;
        }
        self.tried.insert(pair, now);
        true
    }

    /// Forgets what has expired, and what is too much; returns how many rows those were.
    pub(super) fn remove_expired(&mut self, now: i64) -> usize {
        let before = self.rows();
        self.counters.retain(|_, counter| counter_expiry(counter) > now);
        self.seen_wrong.retain(|_, expires_at| *expires_at > now);
        self.tried.retain(|_, at| *at + DISTINCT_WINDOW > now);
        let max = MAX_THROTTLE_ROWS as usize;
        cut_back(&mut self.counters, max, |(kind, ..), counter| {
            (matches!(kind, CounterKind::Code | CounterKind::CodeHour), counter_expiry(counter))
        });
        cut_back(&mut self.seen_wrong, max, |_, expires_at| *expires_at);
        cut_back(&mut self.tried, max, |_, at| *at);
        before - self.rows()
    }

    fn rows(&self) -> usize {
        self.counters.len() + self.seen_wrong.len() + self.tried.len()
    }
}

fn worse(one: &Counter, other: &Counter) -> Counter {
    Counter {
        failures: one.failures.max(other.failures),
        since: one.since.min(other.since),
        last_at: one.last_at.max(other.last_at),
        blocked_until: one.blocked_until.max(other.blocked_until),
    }
}

fn counter_key(keys: &ThrottleKeys, kind: CounterKind) -> CounterKey {
    let (subject, network) = keys.key(kind);
    (kind, subject, network.to_owned())
}

/// Removes what comes first in `order` until `max` are left.
fn cut_back<K: Ord + Clone, V, O: Ord>(map: &mut BTreeMap<K, V>, max: usize, order: impl Fn(&K, &V) -> O) {
    while map.len() > max {
        let first = map.iter().min_by_key(|(key, value)| order(key, value)).map(|(key, _)| key.clone());
        first.map(|key| map.remove(&key));
    }
}
