//! What has expired goes.

use super::{Admin, Result};
use crate::store::{Stale, Tidied};

impl Admin<'_> {
    /// Removes what has expired, in many short transactions, so that no login waits; `progress` hears after each of
    /// them what was removed so far. Nothing that a login could need goes.
    pub fn tidy(&mut self, now: i64, progress: &mut dyn FnMut(&Tidied)) -> Result<Tidied> {
        let stale = Stale { now, activity_before: self.config.kept_activity(now).since };
        let mut removed = Tidied::default();
        loop {
            let more = self.store.tidy(&stale)?;
            if more.total() == 0 {
                return Ok(removed);
            }
            removed.activity += more.activity;
            removed.webmail_sessions += more.webmail_sessions;
            removed.panel_sessions += more.panel_sessions;
            removed.invitations += more.invitations;
            removed.throttle += more.throttle;
            progress(&removed);
        }
    }
}
