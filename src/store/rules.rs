//! Rules that every store keeps, whatever it keeps them in.

use std::ops::Range;

use super::{Activity, Counter, CounterKind, Fault};
use crate::notice::NoticeKind;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Seconds during which a network that fails to open the same account again is counted once
/// ([`CounterKind::Network`]).
pub(super) const DISTINCT_WINDOW: i64 = 3_600;

/// Seconds after its last use that a session is kept, so that a webmail which still presents it is told apart from
/// somebody who guesses. Longer than any session lives.
pub(super) const SESSION_KEPT: i64 = 45 * DAY;

/// Sessions that are kept of an account; the oldest make room.
pub(super) const MAX_SESSIONS: usize = 100;

/// Panel sessions of an account; the one that was not used for the longest time makes room.
pub(super) const MAX_PANEL_SESSIONS: usize = 20;

/// Revoked app passwords that are kept of an account, so that a device which still presents one can be named.
pub(super) const MAX_REVOKED: usize = 50;

/// Throttle counters, remembered wrong credentials, and pairs of network and account that are kept, each.
pub(super) const MAX_THROTTLE_ROWS: u32 = 200_000;

/// Notices that one account is sent on one UTC day.
const MAX_NOTICES_A_DAY: u32 = 20;

/// Of these, how many may be there already for one of `kind` to be queued. What comes again and again while somebody tries to
/// get in leaves room for what he does once he is in.
pub(super) fn most_notices_before(kind: NoticeKind) -> u32 {
    if kind.silence() > 0 { MAX_NOTICES_A_DAY / 2 } else { MAX_NOTICES_A_DAY }
}

/// Seconds for which a notice that was sent is kept: it says that one like it needs no other.
pub(super) const NOTICE_KEPT: i64 = 45 * DAY;

/// Seconds for which an invitation is kept when its time is over: its owner is told so.
pub(super) const INVITATION_KEPT: i64 = 45 * DAY;

/// Networks that an account is known by; the one that was not seen for the longest time makes room.
pub(super) const MAX_KNOWN_NETWORKS: u32 = 50;

/// Seconds without a sign-in after which a network is new again.
pub(super) const NETWORK_FORGOTTEN: i64 = 180 * DAY;

/// When a counter may be forgotten: a day after its last failure, and not while it refuses attempts.
pub(super) fn counter_expiry(counter: &Counter) -> i64 {
    counter.last_at.saturating_add(DAY).max(counter.blocked_until)
}

/// The counters that a fault moves; [`CounterKind::Network`] only when the network had not tried this account within
/// [`DISTINCT_WINDOW`].
pub(super) fn moved_by(fault: Fault) -> &'static [CounterKind] {
    match fault {
        Fault::Code => &[CounterKind::Code, CounterKind::CodeHour],
        Fault::Password => &[CounterKind::Password, CounterKind::Network],
    }
}

/// Whether each time of an activity is counted by itself; else once in [`crate::times::NOTE_INTERVAL`]. Failures are, but for
/// those that nothing slows down: else anybody could keep the database writing.
pub(super) fn counts_each_time(activity: &Activity) -> bool {
    activity.event != "accepted" && !matches!(activity.method.as_str(), "app_password" | "session")
}

/// The UTC day of `time`.
pub(super) fn day_of(time: i64) -> Range<i64> {
    let start = time.div_euclid(DAY) * DAY;
    start..start + DAY
}
