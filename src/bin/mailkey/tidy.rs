//! `mailkey tidy`: what has expired goes.

use std::io::{IsTerminal, Write, stderr};

use clap::Args;
use mailkey::store::Tidied;
use serde_json::json;

use crate::clock::now;
use crate::failure::{Exit, Outcome};
use crate::output::Output;
use crate::site::Site;

const AFTER_HELP: &str = "\
Removes activity entries older than activity_days in the configuration, webmail sessions that nobody has used for 45 \
days, panel sessions that have expired, invitations that expired 45 days ago, and counters of failures that count no more. Nothing that opens anything goes, and \
no app password: those that have expired are still named when a device presents them. Logins go on meanwhile. Run it once \
a day or never: without it the same goes little by little, with the logins of each account.

JSON OUTPUT
  {\"activity\", \"webmail_sessions\", \"panel_sessions\", \"invitations\",
   \"throttle\"}
  how many of each were removed

EXAMPLES
  mailkey tidy";

/// Remove what has expired
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Tidy {}

impl Tidy {
    /// Removes it.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let terminal = stderr().is_terminal();
        let mut shown = false;
        let mut progress = |removed: &Tidied| {
            // Standard error that is closed is nobody's loss.
            let _ = if terminal { write!(stderr(), "\rremoved {} rows", removed.total()) } else { Ok(()) };
            shown = terminal;
        };
        let removed = site.admin().tidy(now(), &mut progress);
        if shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
        let removed = removed?;
        if output.is_json() {
            output.json(&json!({
                "activity": removed.activity,
                "webmail_sessions": removed.webmail_sessions,
                "panel_sessions": removed.panel_sessions,
                "invitations": removed.invitations,
                "throttle": removed.throttle,
            }))?;
            return Ok(Exit::Done);
        }
        if removed.total() == 0 {
            output.line("nothing has expired")?;
            return Ok(Exit::Done);
        }
        output.line(format_args!(
            "removed: {} activity entries, {} webmail sessions, {} panel sessions, {} invitations, {} rows about failures",
            removed.activity, removed.webmail_sessions, removed.panel_sessions, removed.invitations, removed.throttle
        ))?;
        Ok(Exit::Done)
    }
}
