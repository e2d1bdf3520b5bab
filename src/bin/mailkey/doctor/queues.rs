//! What waits in the store for somebody to do it: revocations for the hook, and notices for the mail system.

use std::path::Path;
use std::time::SystemTime;

use mailkey::config::{Config, MailVia};
use mailkey::notice::Notice;
use mailkey::revocation::{Revocation, wake_file};
use mailkey::store::{self, OpenStore};

use super::Finding;
use super::instance::Seen;
use super::programs::{Answer, ask, hangs};
use crate::clock::{local, now};

/// Rows that are looked at.
const MOST: u32 = 1000;

/// Seconds after which what is due should have been done: what works it off comes every minute.
const LATE: i64 = 10 * 60;

/// Characters of an error that are shown.
const LONGEST_ERROR: usize = 300;

/// There where systemd is at work (sd_booted(3)).
const BOOTED: &str = "/run/systemd/system";

const HOOK_UNITS: [&str; 2] = ["mailkey-hook.path", "mailkey-hook.timer"];

const NOTICE_UNITS: [&str; 1] = ["mailkey-notify.timer"];

/// What is wrong with the revocation hook.
pub fn hook(site: &Seen) -> Vec<Finding> {
    let Some((config, mut store)) = opened(site) else { return Vec::new() };
    let Some(hook) = &config.revocation_hook else {
        let what = "there is no revocation_hook: after a revocation, connections that are open stay open";
        return vec![Finding::note("hook_off", what)];
    };
    let mut findings = Vec::new();
    if let Some(problem) = crate::hook::problem(hook) {
        findings.push(Finding::warning(
            "hook_unusable",
            format!("the revocation hook cannot be run: {problem}"),
            "Mend that; `mailkey hook status` says when it is right.",
        ));
    }
    let waiting = match store.revocations(MOST) {
        Ok(waiting) => waiting,
        Err(error) => return vec![unreadable(&error)],
    };
    findings.extend(of_revocations(&waiting, since_when_nobody_looked(&config.database), now()));
    if site.is_the_machines() {
        findings.extend(inactive(&HOOK_UNITS, "what the panel revokes ends no connection"));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("hook", "connections are ended after a revocation"));
    }
    findings
}

/// What is wrong with notices.
pub fn notices(site: &Seen) -> Vec<Finding> {
    let Some((config, mut store)) = opened(site) else { return Vec::new() };
    let Some(notices) = &config.notices else {
        return vec![Finding::note("notices_off", "[notices] names no sender: nobody is told anything by mail")];
    };
    let mut findings = Vec::new();
    if let MailVia::Sendmail(program) = &notices.via
        && !program.is_file()
    {
        findings.push(Finding::warning(
            "notices_sendmail",
            format!("{} is missing: no notice can be sent", program.display()),
            "Install a mail server, or correct sendmail (or set smtp) under [notices].",
        ));
    }
    let waiting = match store.notices_due(i64::MAX, MOST) {
        Ok(waiting) => waiting,
        Err(error) => return vec![unreadable(&error)],
    };
    findings.extend(of_notices(&waiting, now()));
    if site.is_the_machines() {
        findings.extend(inactive(&NOTICE_UNITS, "nobody sends notices"));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("notices", "notices are sent"));
    }
    findings
}

/// Configuration and store; what is wrong with these is another part's.
fn opened(site: &Seen) -> Option<(&Config, OpenStore)> {
    let config = site.config()?;
    Some((config, store::open(config.store.clone(), config.busy_timeout).ok()?))
}

fn unreadable(error: &store::StoreError) -> Finding {
    Finding::error(
        "queue_unreadable",
        format!("what waits cannot be read: {error}"),
        "Look at the database first: mailkey doctor --part database",
    )
}

/// Since when whoever runs the hook has been called and has not come; none: nobody was called in vain.
fn since_when_nobody_looked(database: &Path) -> Option<i64> {
    let made = wake_file(database).symlink_metadata().ok()?.modified().ok()?;
    let since_epoch = made.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since_epoch.as_secs()).ok()
}

fn of_revocations(waiting: &[Revocation], called: Option<i64>, now: i64) -> Option<Finding> {
    let failing = waiting.iter().filter(|row| row.tries > 0);
    if let Some(worst) = failing.clone().max_by_key(|row| row.tries) {
        return Some(Finding::warning(
            "hook_fails",
            format!(
                "connections of {} that something was revoked of may go on: for {} the hook has failed {}{}: {}",
                counted(failing.count(), "account"),
                shown(&worst.name),
                worst.node.as_deref().map_or_else(String::new, |node| format!("on {} ", shown(node))),
                times(worst.tries),
                shown(worst.error.as_deref().unwrap_or("it said nothing")),
            ),
            "Mend what it says; it is tried again by itself. `mailkey hook status` shows all that waits.",
        ));
    }
    let due = waiting.iter().filter(|row| row.next_try <= now).count();
    let called = called.filter(|since| due > 0 && *since < now - LATE)?;
    Some(Finding::warning(
        "hook_idle",
        format!(
            "{} that something was revoked of {} for the hook since {}, and nobody runs it",
            counted(due, "account"),
            if due == 1 { "waits" } else { "wait" },
            local(called)
        ),
        "mailkey hook run; why the service does not come says journalctl -u mailkey-hook",
    ))
}

fn of_notices(waiting: &[Notice], now: i64) -> Option<Finding> {
    let failing = waiting.iter().filter(|notice| notice.tries > 0);
    if let Some(worst) = failing.clone().max_by_key(|notice| notice.tries) {
        return Some(Finding::warning(
            "notices_fail",
            format!(
                "{} could not be sent, one of them for {}, tried {}: {}",
                counted(failing.count(), "notice"),
                worst.account,
                times(worst.tries),
                shown(&worst.error),
            ),
            "Mend what it says; it is tried again by itself, for three days. `mailkey notify` tries what is due at once.",
        ));
    }
    let late = waiting.iter().filter(|notice| notice.at < now - LATE);
    let oldest = late.clone().map(|notice| notice.at).min()?;
    let number = late.count();
    Some(Finding::warning(
        "notices_idle",
        format!(
            "{} {} to be sent, the oldest since {}, and nobody does it",
            counted(number, "notice"),
            if number == 1 { "waits" } else { "wait" },
            local(oldest)
        ),
        "mailkey notify; why the service does not come says journalctl -u mailkey-notify",
    ))
}

/// The units that should be at work and are not.
fn inactive(units: &[&str], what_follows: &str) -> Option<Finding> {
    if !Path::new(BOOTED).is_dir() {
        return None;
    }
    let answers = units.iter().map(|unit| (*unit, ask("systemctl", &["is-active", unit])));
    of_units(answers, what_follows)
}

fn of_units<'a>(answers: impl Iterator<Item = (&'a str, Answer)>, what_follows: &str) -> Option<Finding> {
    let mut idle = Vec::new();
    for (unit, answer) in answers {
        match answer {
            Answer::Said(_) | Answer::Missing => {}
            Answer::Failed(_) => idle.push(unit),
            Answer::Hangs => return Some(hangs("systemctl")),
        }
    }
    (!idle.is_empty()).then(|| {
        let verb = if idle.len() == 1 { "is" } else { "are" };
        Finding::warning(
            "unit_inactive",
            format!("{} {verb} not active: {what_follows}", idle.join(" and ")),
            format!("systemctl enable --now {}", idle.join(" ")),
        )
    })
}

fn counted(number: usize, noun: &str) -> String {
    let more = if number >= MOST as usize { " or more" } else { "" };
    format!("{number}{more} {noun}{}", if number == 1 { "" } else { "s" })
}

fn times(tries: u32) -> String {
    if tries == 1 { "once".into() } else { format!("{tries} times") }
}

/// A text of the store as it may be shown: more may write there than may show something to root.
fn shown(text: &str) -> String {
    text.chars().map(|symbol| if symbol.is_control() { '?' } else { symbol }).take(LONGEST_ERROR).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailkey::account::{AccountName, NameRules};
    use mailkey::notice::{NoticeKind, NoticeSettings};

    const NOW: i64 = 1_790_000_000;

    fn revocation(tries: u32, next_try: i64) -> Revocation {
        let error = (tries > 0).then(|| "no\u{1b}[31m doveadm".to_string());
        Revocation { node: None, name: "alice@example.org".into(), times: 1, tries, next_try, error }
    }

    fn notice(tries: u32, at: i64) -> Notice {
        let rules = NameRules { default_domain: None, bare_names: true, symbols: String::new() };
        Notice {
            id: 1,
            account: AccountName::parse(b"alice", &rules).unwrap(),
            kind: NoticeKind::TwoFactorOn,
            at,
            address: String::new(),
            mode: String::new(),
            subject: String::new(),
            codes_left: None,
            tries,
            error: if tries > 0 { "the queue is closed".into() } else { String::new() },
            settings: NoticeSettings::default(),
        }
    }

    fn id(finding: Option<Finding>) -> Option<&'static str> {
        finding.map(|finding| finding.id)
    }

    #[test]
    fn a_hook_that_fails_is_named_with_its_last_error_and_nothing_of_it_steers_the_terminal() {
        let found = of_revocations(&[revocation(0, 0), revocation(3, NOW + 60)], None, NOW).unwrap();
        assert_eq!(found.id, "hook_fails");
        assert!(found.what.contains("of 1 account that") && found.what.contains("failed 3 times: no?[31m doveadm"));
    }

    #[test]
    fn revocations_that_wait_are_wrong_when_nobody_came_for_long() {
        let waiting = [revocation(0, 0), revocation(0, NOW - 5)];
        assert_eq!(id(of_revocations(&waiting, None, NOW)), None, "it was queued a moment ago");
        assert_eq!(id(of_revocations(&waiting, Some(NOW - 30), NOW)), None);
        assert_eq!(id(of_revocations(&waiting, Some(NOW - LATE - 1), NOW)), Some("hook_idle"));
        assert_eq!(id(of_revocations(&[], Some(NOW - LATE - 1), NOW)), None, "nothing waits");
        assert_eq!(id(of_revocations(&[revocation(0, NOW + 80)], Some(NOW - LATE - 1), NOW)), None, "at work");
    }

    #[test]
    fn notices_that_fail_or_wait_for_long_are_wrong() {
        assert_eq!(id(of_notices(&[], NOW)), None);
        assert_eq!(id(of_notices(&[notice(0, NOW - LATE)], NOW)), None);
        assert_eq!(id(of_notices(&[notice(0, NOW - LATE - 1)], NOW)), Some("notices_idle"));
        let found = of_notices(&[notice(1, NOW - 5), notice(0, NOW - 99 * LATE)], NOW).unwrap();
        assert_eq!(found.id, "notices_fail");
        assert!(found.what.starts_with("1 notice could") && found.what.ends_with("tried once: the queue is closed"));
    }

    #[test]
    fn units_that_are_not_active_are_named_with_what_starts_them() {
        let units = |first: Answer, second: Answer| {
            of_units([("mailkey-hook.path", first), ("mailkey-hook.timer", second)].into_iter(), "nothing happens")
        };
        let (said, failed) = (|| Answer::Said("active".into()), || Answer::Failed("it said nothing".into()));
        assert_eq!(units(said(), said()), None);
        assert_eq!(units(Answer::Missing, Answer::Missing), None);
        let one = units(said(), failed()).unwrap();
        assert_eq!(one.what, "mailkey-hook.timer is not active: nothing happens");
        assert_eq!(one.mend.as_deref(), Some("systemctl enable --now mailkey-hook.timer"));
        let both = units(failed(), failed()).unwrap();
        assert!(both.mend.unwrap().ends_with("mailkey-hook.path mailkey-hook.timer"));
        assert_eq!(id(units(said(), Answer::Hangs)), Some("program_hangs"));
    }
}
