//! Slowing down guesses.
//!
//! ```text
//!            failure, fewer than `free`          failure number free + n
//!   ┌──────┐ ────────────────────────▶ counting ─────────────────────────▶ paused for pause · 2^(n-1), at most pause_max
//!   │ zero │ ◀──────────────────────────────────────────────────────────── right password and code; a day without failure
//!   └──────┘
//! ```
//!
//! Four counters (see [`CounterKind`]): wrong codes of an account from a network, wrong codes of an account within an
//! hour, wrong passwords of an account from a network, and accounts that a network failed to open within an hour. What
//! has the shape of an app password is never throttled: 80 random bits cannot be guessed.
//!
//! Pauses are written with the failure, and a claim is refused while a code counter is paused; so a code that was right
//! among many wrong ones sent at once is judged as if they had come one after the other.

use serde::Deserialize;

use crate::record::{Counter, CounterKind, Counters};
use crate::times::OUT_OF_ORDER;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// When guessing is slowed down; all times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Wrong codes of an account from one network before the first pause.
    pub code_failures: u32,
    /// The first pause after wrong codes; it doubles with each further one.
    pub code_pause: u32,
    /// The longest pause after wrong codes.
    pub code_pause_max: u32,
    /// Wrong codes of an account within an hour, from everywhere, before it takes none until the hour is over.
    pub codes_per_hour: u32,
    /// Wrong passwords of an account from one network before the first pause.
    pub password_failures: u32,
    /// The first pause after wrong passwords; it doubles with each further one.
    pub password_pause: u32,
    /// The longest pause after wrong passwords.
    pub password_pause_max: u32,
    /// Accounts that one network may fail to open with a password within an hour.
    pub accounts_per_network: u32,
    /// For how long a wrong credential is remembered, so that the same one again does not count.
    pub remember: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            code_failures: 5,
            code_pause: 30,
            code_pause_max: 3600,
            codes_per_hour: 20,
            password_failures: 10,
            password_pause: 2,
            password_pause_max: 900,
            accounts_per_network: 30,
            remember: 3600,
        }
    }
}

impl Rules {
    /// The next value of a counter after one more failure.
    pub fn after_failure(&self, kind: CounterKind, counter: Counter, now: i64) -> Counter {
        match kind {
            CounterKind::Code => {
                doubling(counter, now, self.code_failures, self.code_pause.into(), self.code_pause_max.into())
            }
            CounterKind::Password => doubling(
                counter,
                now,
                self.password_failures,
                self.password_pause.into(),
                self.password_pause_max.into(),
            ),
            CounterKind::CodeHour => within_an_hour(counter, now, self.codes_per_hour),
            CounterKind::Network => within_an_hour(counter, now, self.accounts_per_network),
        }
    }

    /// Whether a primary password is refused before it is looked at; `with_code`: the code counters count too.
    pub fn is_paused(&self, counters: &Counters, with_code: bool, now: i64) -> bool {
        let of_password = [counters.password, counters.network];
        let of_code = [counters.code, counters.code_hour];
        of_password.iter().chain(of_code.iter().filter(|_| with_code)).any(|counter| counter.refuses(now))
    }

    /// Whether one more wrong code, after what `counters` had counted before it, is no slip of the finger any more: it
    /// begins or prolongs a pause.
    pub fn are_guesses(&self, counters: &Counters, now: i64) -> bool {
        let after = |kind, counter| self.after_failure(kind, counter, now).refuses(now);
        after(CounterKind::Code, counters.code) || after(CounterKind::CodeHour, counters.code_hour)
    }
}

/// `free` failures cost nothing; each further one pauses twice as long as the one before.
fn doubling(counter: Counter, now: i64, free: u32, pause: i64, longest: i64) -> Counter {
    let stale = !(-OUT_OF_ORDER..DAY).contains(&now.saturating_sub(counter.last_at));
    let counter = if stale { Counter { since: now, ..Counter::default() } } else { counter };
    let failures = counter.failures.saturating_add(1);
    let blocked_until = match failures.checked_sub(free.max(1)) {
        None => counter.blocked_until,
        Some(further) => {
            let pause = pause.saturating_mul(1_i64.checked_shl(further.min(40)).unwrap_or(i64::MAX)).min(longest);
            now.saturating_add(pause).max(counter.blocked_until)
        }
    };
    Counter { failures, since: counter.since, last_at: now.max(counter.last_at), blocked_until }
}

/// `most` failures within an hour; then none until that hour is over.
fn within_an_hour(counter: Counter, now: i64, most: u32) -> Counter {
    let over = !(-OUT_OF_ORDER..HOUR).contains(&now.saturating_sub(counter.since));
    let counter = if over { Counter { since: now, ..Counter::default() } } else { counter };
    let failures = counter.failures.saturating_add(1);
    let blocked_until =
        if failures >= most.max(1) { counter.since.saturating_add(HOUR) } else { counter.blocked_until };
    Counter { failures, since: counter.since, last_at: now.max(counter.last_at), blocked_until }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn fail(kind: CounterKind, times: u32) -> Counter {
        (0..times).fold(Counter::default(), |counter, _| Rules::default().after_failure(kind, counter, NOW))
    }

    #[test]
    fn the_fifth_wrong_code_pauses_and_each_further_one_twice_as_long() {
        let pauses: Vec<i64> =
            (1..=13).map(|times| (fail(CounterKind::Code, times).blocked_until - NOW).max(0)).collect();
        assert_eq!(pauses, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }

    #[test]
    fn twenty_wrong_codes_in_an_hour_end_that_hour_and_not_the_next() {
        let rules = Rules::default();
        let counter = fail(CounterKind::CodeHour, 20);
        assert_eq!((fail(CounterKind::CodeHour, 19).blocked_until, counter.blocked_until), (0, NOW + HOUR));
        let later = rules.after_failure(CounterKind::CodeHour, counter, NOW + HOUR);
        assert_eq!((later.failures, later.blocked_until), (1, 0));
    }

    #[test]
    fn a_day_without_failure_starts_again() {
        let counter = fail(CounterKind::Code, 9);
        let later = Rules::default().after_failure(CounterKind::Code, counter, NOW + DAY);
        assert_eq!((later.failures, later.blocked_until), (1, 0));
    }

    #[test]
    fn code_counters_pause_only_attempts_that_carry_a_code() {
        let rules = Rules::default();
        let counters = Counters { code: fail(CounterKind::Code, 5), ..Counters::default() };
        assert!(rules.is_paused(&counters, true, NOW + 29));
        assert!(!rules.is_paused(&counters, true, NOW + 30));
        assert!(!rules.is_paused(&counters, false, NOW));
    }

    #[test]
    fn wrong_codes_are_guesses_from_the_first_pause_on() {
        let rules = Rules::default();
        let guesses = |code, code_hour| {
            let (code, code_hour) = (fail(CounterKind::Code, code), fail(CounterKind::CodeHour, code_hour));
            rules.are_guesses(&Counters { code, code_hour, ..Counters::default() }, NOW)
        };
        assert!(!guesses(0, 0) && !guesses(3, 3));
        assert!(guesses(4, 4) && guesses(9, 9));
        assert!(!guesses(0, 18) && guesses(0, 19), "from many networks");
        let yesterday = Counters { code: fail(CounterKind::Code, 9), ..Counters::default() };
        assert!(!rules.are_guesses(&yesterday, NOW + DAY));
    }

    #[test]
    fn failures_that_end_out_of_order_forgive_nothing() {
        let rules = Rules::default();
        for kind in [CounterKind::Code, CounterKind::Password, CounterKind::CodeHour, CounterKind::Network] {
            let counter = fail(kind, 40);
            let late = rules.after_failure(kind, counter, NOW - 10);
            assert_eq!((late.failures, late.last_at), (41, NOW), "{kind:?}");
            assert!(late.blocked_until >= counter.blocked_until && late.refuses(NOW - 10), "{kind:?}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_lock_out_for_longer_than_the_longest_pause() {
        let rules = Rules::default();
        let counters = Counters { password: fail(CounterKind::Password, 30), ..Counters::default() };
        assert!(rules.is_paused(&counters, false, NOW));
        assert!(!rules.is_paused(&counters, false, NOW - DAY));
    }
}
