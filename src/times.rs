//! What everybody who compares times must know. Times are seconds since the Unix epoch (UTC).

/// Attempts count with the time at which they began, and end in any order: what lies this much ahead, in seconds, does
/// not mean that the clock was set back.
pub const OUT_OF_ORDER: i64 = 120;

/// Seconds that must pass before the same last use, or the same login, is written again.
pub const NOTE_INTERVAL: i64 = 60;
