//! The module's clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since the Unix epoch; negative before it.
#[allow(clippy::disallowed_methods)] // the one place where the module reads the clock
pub(super) fn now() -> i64 {
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => -seconds(before.duration()),
    }
}
