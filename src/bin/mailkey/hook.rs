//! `mailkey hook`: what ends connections after a revocation.
//!
//! Whoever revokes something has queued the account's name in the store. [`run_now`] (after a verb, for whoever the
//! configuration belongs to) and `mailkey hook run` (the service mailkey-hook) take the names one by one and run the hook
//! for each. What fails stays, and is tried again after a pause that grows.

mod program;
mod watch;

use std::path::Path;
use std::time::{Duration, Instant};

use clap::Subcommand;
use mailkey::account::AccountName;
use mailkey::config::RevocationHook;
use mailkey::revocation::{LEASE, Revocation, pause, wake, wake_file};
use mailkey::store::Place;
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome, warn};
use crate::node;
use crate::output::Output;
use crate::site::Site;
use crate::table::{Cell, Table};

/// Where Debian, Fedora and the others have it.
const DOVEADM: &str = "/usr/bin/doveadm";

/// doveadm's exit code where nobody was logged in (EX_NOHOST of sysexits.h, "not found" in doveadm's manual pages).
const NOBODY: i32 = 68;

/// For how long a verb goes on with what waits before it leaves the rest to the service.
const AT_ONCE: Duration = Duration::from_secs(10);

/// Most names that are listed.
const MOST_LISTED: u32 = 1000;

const AFTER_HELP: &str = "\
What is revoked opens nothing from that moment on, but a connection that is open stays open. The hook ends it: with \
revocation_hook = \"dovecot\" in the configuration, Dovecot forgets what it knows of the account and ends its connections.

EXAMPLES
  mailkey hook status
  mailkey hook run";

const RUN_HELP: &str = "\
Runs the hook for each account that waits and is due. The service mailkey-hook does this; so does each verb that revokes \
something, when it is run by root. Where several nodes share a store, each runs it for its own connections: what is \
revoked waits for every node. What fails is tried again, after half a minute at first and after a quarter of an hour \
at most. Only the owner of the configuration may run it.

It also sees what bites by itself: a date of mailkey require (or of require_2fa) that has come, and require_2fa or \
client_primary_password that were changed in the configuration. Accounts without 2FA that signed in with their own passwords \
in the last 30 days, and may not any more, are then queued.

JSON OUTPUT
  {\"done\": [ACCOUNT...], \"failed\": [{\"account\", \"error\"}],
   \"refused\": [{\"account\", \"error\"}]}
  refused: not tried again

EXAMPLES
  mailkey hook run";

const STATUS_HELP: &str = "\
JSON OUTPUT
  {\"hook\", \"problem\", \"waiting\": [{\"account\", \"node\", \"tries\", \"error\", \"next_try_at\"}]}
  hook: dovecot, the path of a program, or null
  problem: why the hook cannot be run, or null
  node: for which it waits; null for the only one, or where nobody has handed it out yet
  tries: how many have failed
  error: of the last try
  next_try_at: null for at once

EXAMPLES
  mailkey hook status
  mailkey hook status --json | jq -r '.waiting[].account'";

/// End connections after a revocation
#[derive(Subcommand)]
#[command(after_help = AFTER_HELP)]
pub enum Hook {
    /// Run the hook for the accounts that wait
    #[command(after_help = RUN_HELP)]
    Run {
        /// Say nothing where nothing was to be done.
        #[arg(long, short, conflicts_with = "json")]
        quiet: bool,
    },
    /// Show the hook, and which accounts wait for it
    #[command(after_help = STATUS_HELP)]
    Status,
}

impl Hook {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::Run { quiet } => run(site, output, *quiet),
            Self::Status => status(site, output),
        }
    }
}

/// What became of a name.
enum End {
    Done,
    Failed(String),
    Refused(String),
}

/// Why the hook has not done its work for a name.
enum Trouble {
    /// It may do it later.
    Later(String),
    /// It never will.
    Never(String),
}

fn run(site: &mut Site, output: &Output, quiet: bool) -> Outcome {
    let Some(hook) = site.config.revocation_hook.clone() else {
        return nothing_configured(output, quiet);
    };
    if !site.is_own() {
        let failure = Failure::new(Exit::Failed, "only the owner of the configuration may run the hook");
        return Err(failure.next("run this as root; the service mailkey-hook does it by itself"));
    }
    // What waits already waits for nothing else.
    let looked = watch::look(site);
    if let Err(error) = &looked {
        warn(format_args!("whether a date has come, or the configuration is stricter, was not seen: {error}"));
    }
    let (mut done, mut failed, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    let mut say = Ok(());
    work_through(site, &hook, None, |name, end| {
        let with_error = |error: &str| json!({"account": name, "error": error});
        match end {
            End::Done => {
                done.push(json!(name));
                if !output.is_json() && say.is_ok() {
                    say = output.line(format_args!("{name}: connections ended"));
                }
            }
            End::Failed(error) => {
                failed.push(with_error(error));
                warn(format_args!("{name}: {error}"));
            }
            End::Refused(error) => {
                refused.push(with_error(error));
                warn(format_args!("{name:?}: {error}"));
            }
        }
    })?;
    say?;
    if done.is_empty() && failed.is_empty() && refused.is_empty() && !quiet && !output.is_json() {
        output.line("no account waits, or none is due")?;
    }
    let exit = if failed.is_empty() && refused.is_empty() && looked.is_ok() { Exit::Done } else { Exit::Failed };
    if output.is_json() {
        output.json(&json!({"done": done, "failed": failed, "refused": refused}))?;
    }
    Ok(exit)
}

fn nothing_configured(output: &Output, quiet: bool) -> Outcome {
    if output.is_json() {
        output.json(&json!({"done": [], "failed": [], "refused": []}))?;
    } else if !quiet {
        output.line("no hook is configured (revocation_hook)")?;
    }
    Ok(Exit::Done)
}

/// After a verb: runs the hook for what that verb has queued, where it may. The change stands whatever happens here.
pub fn run_now(site: &mut Site) {
    let Some(hook) = site.config.revocation_hook.clone() else { return };
    if !site.store.has_queued_revocations() || !site.is_own() {
        return;
    }
    let until = Instant::now() + AT_ONCE;
    let worked = work_through(site, &hook, Some(until), |name, end| match end {
        End::Done => {}
        End::Failed(error) => warn(format_args!(
            "open connections of {name} may go on: {error}\n         the service mailkey-hook tries again; \
             `mailkey hook status` shows what waits"
        )),
        End::Refused(error) => warn(format_args!("open connections of {name:?} go on: {error}")),
    });
    if let Err(error) = worked {
        warn(format_args!("open connections may go on: {}", error.into_text()));
    }
}

/// Takes what is due, one name after the other, until nothing is or the time is up.
fn work_through(
    site: &mut Site,
    hook: &RevocationHook,
    until: Option<Instant>,
    mut ended: impl FnMut(&str, &End),
) -> Result<(), Failure> {
    let node = node::report(site)?;
    // Before the first look: what is queued after that look makes it anew. Where it cannot be removed, it is in vain that
    // the service is started again, and nothing else.
    let _ = std::fs::remove_file(wake_file(&site.config.database));
    while let Some(taken) = site.store.take_revocation(node.as_deref(), now(), now() + LEASE)? {
        let end = match carry_out(hook, &taken.name) {
            Ok(()) => End::Done,
            Err(Trouble::Later(error)) => End::Failed(error),
            Err(Trouble::Never(error)) => End::Refused(error),
        };
        // Queued again meanwhile, it stays, and is taken again.
        match &end {
            End::Done | End::Refused(_) => site.store.end_revocation(&taken)?,
            End::Failed(error) => {
                site.store.put_revocation_off(&taken, error, now() + pause(taken.tries.saturating_add(1)))?
            }
        };
        ended(&taken.name, &end);
        if until.is_some_and(|until| Instant::now() > until) {
            wake(&site.config.database);
            break;
        }
    }
    Ok(())
}

/// Runs the hook for one name. Security: the name comes from a database that more may write than may run programs as
/// root, so that it is checked again.
fn carry_out(hook: &RevocationHook, name: &str) -> Result<(), Trouble> {
    if !AccountName::is_sound(name) {
        return Err(Trouble::Never("that is no account name: the hook is not run for it".into()));
    }
    match hook {
        RevocationHook::Dovecot => dovecot(name),
        RevocationHook::Program(program) => match program::run(program, &["--", name], program::TIMEOUT) {
            Ok(ran) if ran.code == Some(0) => Ok(()),
            Ok(ran) => Err(Trouble::Later(format!("{} failed: {}", program.display(), ran.describe()))),
            Err(error) => Err(Trouble::Later(error)),
        },
    }
}

/// Lets Dovecot forget what it knows of an account, and end its connections.
fn dovecot(name: &str) -> Result<(), Trouble> {
    let doveadm =
        |arguments: &[&str]| program::run(Path::new(DOVEADM), arguments, program::TIMEOUT).map_err(Trouble::Later);
    let failed = |what: &str, ran: &program::Ran| Trouble::Later(format!("{what} failed: {}", ran.describe()));
    let flushed = doveadm(&["auth", "cache", "flush", "--", name])?;
    // Dovecot 2.3 says "Error: …" and ends with 0 where it reaches no auth process.
    if flushed.code != Some(0) || flushed.said.contains("Error: ") {
        return Err(failed("doveadm auth cache flush", &flushed));
    }
    if is_read_as_address(name) {
        let why = "doveadm would read this name as an address, and end the connections of everybody there";
        return Err(Trouble::Never(format!("the hook has not ended its connections: {why}")));
    }
    let kicked = doveadm(&["kick", "--", name])?;
    match kicked.code {
        Some(0 | NOBODY) => Ok(()),
        _ => Err(failed("doveadm kick", &kicked)),
    }
}

/// Whether doveadm could take a name for an IPv4 address, as inet_aton(3) does: 192.0.2.7, 127.1, 0x7f.1. A whole number
/// alone it takes for a name (seen with 2.3), and `:` and `/` stand in no name.
fn is_read_as_address(name: &str) -> bool {
    let is_number = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_digit())
            && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'x')
    };
    name.contains('.') && name.split('.').all(is_number)
}

/// Why a hook cannot be run, if it cannot.
pub fn problem(hook: &RevocationHook) -> Option<String> {
    let program = match hook {
        RevocationHook::Dovecot => Path::new(DOVEADM),
        RevocationHook::Program(program) => program,
    };
    program::check(program).err()
}

fn status(site: &mut Site, output: &Output) -> Outcome {
    let waiting = site.store.revocations(MOST_LISTED)?;
    let hook = site.config.revocation_hook.as_ref().map(|hook| match hook {
        RevocationHook::Dovecot => "dovecot".to_string(),
        RevocationHook::Program(program) => program.display().to_string(),
    });
    let problem = site.config.revocation_hook.as_ref().and_then(problem);
    if output.is_json() {
        let waiting: Vec<Value> = waiting.iter().map(as_json).collect();
        output.json(&json!({"hook": hook, "problem": problem, "waiting": waiting}))?;
        return Ok(Exit::Done);
    }
    match hook {
        Some(hook) => output.line(format_args!("hook: {hook}"))?,
        None => output.line("no hook is configured (revocation_hook): open connections stay open")?,
    }
    if let Some(problem) = problem {
        output.line(format_args!("wrong: {problem}"))?;
    }
    if waiting.is_empty() {
        output.line("no account waits")?;
        return Ok(Exit::Done);
    }
    let cells = |row: &Revocation| {
        [
            Cell::from(visible(&row.name)),
            Cell::number(row.tries),
            Cell::from(next_try(row).map_or("at once".into(), local)),
            Cell::from(row.error.as_deref().unwrap_or_default()),
        ]
    };
    if let Place::File(_) = site.config.store {
        let mut table = Table::new(["ACCOUNT", "FAILED", "NEXT TRY", "LAST ERROR"]);
        waiting.iter().for_each(|row| table.push(cells(row)));
        table.show(output)?;
    } else {
        let mut table = Table::new(["NODE", "ACCOUNT", "FAILED", "NEXT TRY", "LAST ERROR"]);
        for row in &waiting {
            let [account, failed, next_try, error] = cells(row);
            table.push([Cell::from(row.node.as_deref().unwrap_or("all")), account, failed, next_try, error]);
        }
        table.show(output)?;
    }
    Ok(Exit::Done)
}

/// A name as it may be shown: what is none of ours may hold anything.
fn visible(name: &str) -> String {
    if AccountName::is_sound(name) { name.into() } else { format!("{name:?}") }
}

fn next_try(row: &Revocation) -> Option<i64> {
    Some(row.next_try).filter(|at| *at > now())
}

fn as_json(row: &Revocation) -> Value {
    json!({
        "account": row.name,
        "node": row.node,
        "tries": row.tries,
        "error": row.error,
        "next_try_at": next_try(row).and_then(rfc3339),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_doveadm_reads_as_addresses_are_known() {
        for address in ["192.0.2.7", "127.1", "0x7f.1", "0177.0.0.1", "1.2.3", "0x7f.0xabc"] {
            assert!(is_read_as_address(address), "{address}");
        }
        for name in ["10", "alice", "alice.b", "127.0.0.1@example.org", "a.1", "1.a-b", "be.ef", "2130706433"] {
            assert!(!is_read_as_address(name), "{name}");
        }
    }
}
