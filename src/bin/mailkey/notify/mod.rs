//! `mailkey notify`: sends the notices that wait in the store.

mod letter;
mod post;

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use clap::Args;
use mailkey::config::Notices;
use mailkey::locale::{Locales, Texts};
use mailkey::notice::{Notice, Settled};
use serde_json::json;

use crate::clock::now;
use crate::failure::{Exit, Failure, Outcome, warn};
use crate::output::Output;
use crate::site::Site;
use letter::Letter;
use post::{Post, Refusal, Unsent};

/// The letters' texts.
const TEXTS: Texts = mailkey::texts!("locales");

/// Seconds for which a notice that was taken is nobody else's: longer than the service mailkey-notify may run. Whoever dies
/// in between leaves it to others, who may then send it once more.
const LEASE: i64 = 15 * 60;

/// Letters that fail one after the other before the rest waits for the next run: the mail system is away.
const IN_VAIN: u32 = 3;

/// Seconds until a letter that failed is tried again, the first time; then twice as long each time.
const PAUSE: i64 = 60;

/// The longest of those pauses.
const LONGEST_PAUSE: i64 = 6 * 3600;

/// Tries after which a letter that is refused for now goes to whoever it can go to: a quarter of an hour.
const PATIENT_TRIES: u32 = 4;

/// Beside the database: who holds its lock sends, of those on this machine. Other nodes send at the same time, each other
/// letters.
const LOCK: &str = "notify.lock";

/// Seconds from one look at all accounts to the next.
const REMIND: i64 = 6 * 3600;

/// Seconds after which what happened is no news any more.
const TOO_OLD: i64 = 3 * 86_400;

const AFTER_HELP: &str = "\
People are told by mail when 2FA is turned on or off, an app password is made, a recovery code was used, somebody signs \
in from a new network, or guesses codes; and two weeks before 2FA is required of them, and once more. Whoever notices it (the PAM module, the panel, this command) queues it in the \
store; this verb sends what waits there. mailkey-notify.timer runs it every minute. [notices] in the configuration says \
who the sender is; without one nothing is queued.

What cannot be sent is tried again, after a minute first, for three days. mailkey user notices says who gets them. Where \
several nodes share a store, each may send: every letter is sent by one of them.

JSON OUTPUT
  {\"sent\", \"failed\", \"dropped\"}
  dropped: older than three days
  with --dry-run: an array of {\"to\", \"subject\", \"text\"}

EXAMPLES
  mailkey notify
  mailkey notify --dry-run";

/// Send the notices that wait
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Notify {
    /// Show the letters; send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Say nothing where nothing was to be sent.
    #[arg(long)]
    quiet: bool,
}

/// What a run did.
#[derive(Default)]
struct Tally {
    sent: u64,
    failed: u64,
    dropped: u64,
}

impl Notify {
    /// Sends what waits.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let Some(notices) = site.config.notices.clone() else { return self.say(&Tally::default(), true, output) };
        let issuer = site.config.issuer.clone();
        let writer = letter::Writer::new(&notices, &issuer)?;
        if self.dry_run {
            return show(site, &writer, output);
        }
        let Some(lock) = lock(&site.config.database)? else {
            return Err(Failure::new(Exit::Failed, "another mailkey notify is at work"));
        };
        remind(site, &lock)?;
        self.say(&send(site, &writer, &notices)?, false, output)
    }

    fn say(&self, tally: &Tally, off: bool, output: &Output) -> Outcome {
        let Tally { sent, failed, dropped } = tally;
        if output.is_json() {
            output.json(&json!({"sent": sent, "failed": failed, "dropped": dropped}))?;
        } else if off && !self.quiet {
            output.line("notices are off: they need a sender, from = \"…\" under [notices] in the configuration")?;
        } else if sent + failed + dropped > 0 || !self.quiet {
            output.line(format_args!("{sent} sent, {failed} failed, {dropped} dropped"))?;
        }
        Ok(if *failed > 0 { Exit::Failed } else { Exit::Done })
    }
}

/// Queues what nobody else notices: that a date is near. The file that is locked says when this was last done.
fn remind(site: &mut Site, mut lock: &File) -> Result<(), Failure> {
    let now = now();
    let mut text = String::new();
    let last: Option<i64> = lock.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
    if last.is_some_and(|last| (0..REMIND).contains(&now.saturating_sub(last))) {
        return Ok(());
    }
    site.admin().remind_of_enrolment(now)?;
    let noted = lock.rewind().and_then(|()| lock.set_len(0)).and_then(|()| write!(lock, "{now}"));
    noted.map_err(|error| Failure::new(Exit::Failed, format_args!("{} cannot be written: {error}", LOCK)))
}

fn send(site: &mut Site, writer: &letter::Writer, notices: &Notices) -> Result<Tally, Failure> {
    let post = Post::new(&notices.via)?;
    let mut tally = Tally::default();
    let mut in_vain = 0;
    loop {
        if in_vain == IN_VAIN {
            warn("the mail system takes nothing: the rest waits for the next run");
            return Ok(tally);
        }
        let now = now();
        let Some(notice) = site.admin().take_notice(now, now.saturating_add(LEASE))? else { return Ok(tally) };
        match deliver(&notice, writer, &post, now) {
            Ok(true) => {
                in_vain = 0;
                tally.sent += 1;
                site.admin().settle_notice(notice.id, Settled::Done, now)?;
            }
            Ok(false) => {
                tally.dropped += 1;
                site.admin().settle_notice(notice.id, Settled::Done, now)?;
            }
            Err(error) => {
                in_vain += u32::from(error.counts);
                tally.failed += 1;
                let error = error.why;
                warn(format_args!("a notice for {} was not sent: {error}", notice.account));
                let next_try = now.saturating_add(pause(notice.tries));
                site.admin().settle_notice(notice.id, Settled::Failed { next_try, error: &error }, now)?;
            }
        }
    }
}

/// Why a letter was not sent.
struct Undelivered {
    why: String,
    /// Whether that says something about the mail system, and not only about this letter.
    counts: bool,
}

/// Sends one letter; false: it is too late for it.
fn deliver(notice: &Notice, writer: &letter::Writer, post: &Post, now: i64) -> Result<bool, Undelivered> {
    if now.saturating_sub(notice.at) > TOO_OLD {
        return Ok(false);
    }
    let letter = writer.letter(notice).map_err(|why| Undelivered { why, counts: false })?;
    hand_over(notice, &letter, post).map_err(|unsent| Undelivered { why: unsent.why, counts: true })?;
    Ok(true)
}

/// Hands a letter over, to all at once. A mail server that refuses one of them takes it for none: then it goes to each alone.
/// Security: the address beside the mailbox may be gone, or somebody's who wants the mailbox to hear nothing.
fn hand_over(notice: &Notice, letter: &Letter, post: &Post) -> Result<(), Unsent> {
    let unsent = match post.send(letter, &letter.to) {
        Ok(()) => return Ok(()),
        Err(unsent) => unsent,
    };
    let give_up = match unsent.refusal {
        None => false,
        Some(Refusal::ForNow) => notice.tries >= PATIENT_TRIES,
        Some(Refusal::ForGood) => true,
    };
    if !give_up || letter.to.len() < 2 {
        return Err(unsent);
    }
    let mut taken = false;
    for one in &letter.to {
        match post.send(letter, std::slice::from_ref(one)) {
            Ok(()) => taken = true,
            Err(Unsent { why, .. }) => {
                warn(format_args!("a notice for {} was not sent to {one}: {why}", notice.account));
            }
        }
    }
    if taken { Ok(()) } else { Err(unsent) }
}

fn pause(tries: u32) -> i64 {
    PAUSE.saturating_mul(1_i64.checked_shl(tries.min(20)).unwrap_or(i64::MAX)).min(LONGEST_PAUSE)
}

fn show(site: &mut Site, writer: &letter::Writer, output: &Output) -> Outcome {
    let due = site.admin().notices_due(now(), u32::MAX)?;
    let mut letters = Vec::new();
    for notice in &due {
        letters.push(writer.letter(notice).map_err(|error| Failure::new(Exit::Failed, error))?);
    }
    if output.is_json() {
        output.json_array(letters.iter().map(|Letter { to, subject, text, .. }| {
            json!({"to": to.iter().map(ToString::to_string).collect::<Vec<_>>(), "subject": subject, "text": text})
        }))?;
        return Ok(Exit::Done);
    }
    if letters.is_empty() {
        output.line("no notice waits")?;
    }
    for Letter { to, subject, text, .. } in &letters {
        let to: Vec<_> = to.iter().map(ToString::to_string).collect();
        output.line(format_args!("To: {}\nSubject: {subject}\n\n{text}", to.join(", ")))?;
    }
    Ok(Exit::Done)
}

/// Holds the lock of those who send; none where somebody else does.
fn lock(database: &Path) -> Result<Option<File>, Failure> {
    let path = database.with_file_name(LOCK);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Failed, format_args!("{} cannot be locked: {error}", path.display()))
    };
    let nofollow = rustix::fs::OFlags::NOFOLLOW.bits() as i32;
    let mut options = std::fs::OpenOptions::new();
    let file =
        options.create(true).truncate(false).read(true).write(true).mode(0o660).custom_flags(nofollow).open(&path);
    let file = file.map_err(|error| failed(&error))?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// The texts in all languages, with dates of the system's time zone.
fn locales() -> Result<Locales, Failure> {
    Locales::new(&TEXTS, None).map_err(|error| Failure::new(Exit::Failed, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_six_hours() {
        assert_eq!([0, 1, 2, 8, 9, 60].map(pause), [60, 120, 240, 15_360, 21_600, 21_600]);
    }
}
