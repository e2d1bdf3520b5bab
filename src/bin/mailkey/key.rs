//! `mailkey key`: changing the key that secrets are encrypted and hashed with.

use std::fs::File;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Subcommand;
use mailkey::config;
use mailkey::credential::Keyring;
use mailkey::node::Node;
use mailkey::store::KeyCount;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure, Outcome, warn};
use crate::input;
use crate::node;
use crate::output::{Output, Style};
use crate::progress::Progress;
use crate::replace::Replacement;
use crate::site::Site;
use crate::table::{Cell, Table};

/// Time for logins that are under way with the former key file to load what they need.
const UNDER_WAY: Duration = Duration::from_secs(1);

const LIST_HELP: &str = "\
A key that nothing stands on any more can be removed. App passwords that were revoked and recovery codes that were used \
count, too, as long as they are remembered.

JSON OUTPUT
  {\"keys\": [{\"number\", \"current\", \"totp_secrets\", \"passwords\",
            \"app_passwords\", \"recovery_codes\"}],
   \"foreign_passwords\"}
  current: whether it is used for what is written
  foreign_passwords: as another program hashed them (mailkey import): they stand on no key

EXAMPLES
  mailkey key list";

const ROTATE_HELP: &str = "\
Adds a key to the key file, which is used for what is written from then on, and encrypts every TOTP secret with it. Logins \
go on. Passwords and app passwords follow at their next success, recovery codes when new ones are made; until then the old \
key is needed, and stays in the file. Nothing is forgiven: pauses after wrong guesses and sessions go on.

Keep a copy of the key file again, apart from the backups, and the former one as long as there are backups of its time.

If it was interrupted, --continue encrypts what is left with the key that is there.

Where several nodes share a store, every node must have the new key before the store is used with it. So --to writes the \
key file that is to come, and changes nothing; copy it to each node in the place of its key file; then --continue, on one of \
them. It is refused while a node lacks the key (mailkey node list shows which keys each has, a minute later).

JSON OUTPUT
  {\"number\", \"added\", \"totp_secrets\", \"file\"}
  number: the key that is used for what is written; with --to, that will be
  totp_secrets: how many were encrypted anew
  file: with --to, the key file that is to come; else null

EXAMPLES
  mailkey key rotate
  mailkey key rotate --to /etc/mailkey/key.next
  mailkey key rotate --continue";

const REMOVE_HELP: &str = "\
Takes a key out of the key file. It is refused while anything stands on it, and for the key that is used for what is \
written. Backups of its time cannot be restored without it: keep a copy as long as there are some.

With the key of the lowest number, pauses after wrong guesses end, and the webmail's sessions without our plugin \
(webmail_session = \"grace\").

JSON OUTPUT
  {\"number\", \"removed\": true}

EXAMPLES
  mailkey key remove 1
  mailkey key remove 1 --yes";

/// Change the key that secrets are encrypted and hashed with
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey key list\n  mailkey key rotate")]
pub enum Key {
    /// List the keys, and what stands on each
    #[command(after_help = LIST_HELP)]
    List,
    /// Add a key, and encrypt TOTP secrets with it
    #[command(after_help = ROTATE_HELP)]
    Rotate {
        /// Add none: go on with the newest.
        #[arg(long = "continue")]
        go_on: bool,
        /// Write the key file that is to come to this file, and change nothing.
        #[arg(long, value_name = "FILE", conflicts_with = "go_on")]
        to: Option<PathBuf>,
    },
    /// Remove a key that nothing stands on
    #[command(after_help = REMOVE_HELP)]
    Remove {
        /// Its number.
        number: u32,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

impl Key {
    /// Carries the verb out. `config` is where the configuration is.
    pub fn run(&self, site: &mut Site, config: &Path, output: &Output) -> Outcome {
        match self {
            Self::List => list(site, output),
            Self::Rotate { to: Some(to), .. } => prepare(site, output, to),
            Self::Rotate { go_on, to: None } => rotate(site, config, output, *go_on),
            Self::Remove { number, yes } => remove(site, output, *number, *yes),
        }
    }
}

fn list(site: &mut Site, output: &Output) -> Outcome {
    let mut found = site.admin().key_use()?;
    // Those that nothing stands on, too.
    for number in site.keys().numbers() {
        found.of(number);
    }
    let current = site.keys().current();
    if output.is_json() {
        let keys: Vec<Value> = found
            .keys
            .iter()
            .map(|(number, count)| {
                json!({
                    "number": number,
                    "current": *number == current,
                    "totp_secrets": count.totp_secrets,
                    "passwords": count.passwords,
                    "app_passwords": count.app_passwords,
                    "recovery_codes": count.recovery_codes,
                })
            })
            .collect();
        output.json(&json!({"keys": keys, "foreign_passwords": found.foreign_passwords}))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["KEY", "TOTP SECRETS", "PASSWORDS", "APP PASSWORDS", "RECOVERY CODES", "STATE"]);
    for (number, count) in &found.keys {
        let state = if *number == current {
            Cell::from("in use").styled(Style::Green)
        } else if count.total() == 0 {
            Cell::from("can be removed").styled(Style::Dim)
        } else {
            Cell::from("needed")
        };
        table.push([
            Cell::number(number),
            Cell::number(count.totp_secrets),
            Cell::number(count.passwords),
            Cell::number(count.app_passwords),
            Cell::number(count.recovery_codes),
            state,
        ]);
    }
    table.show(output)?;
    if found.foreign_passwords > 0 {
        output.line(format_args!("{} imported passwords stand on no key yet", found.foreign_passwords))?;
    }
    Ok(Exit::Done)
}

/// Writes the key file that is to come, for all nodes.
fn prepare(site: &mut Site, output: &Output, to: &Path) -> Outcome {
    let path = &site.config.key;
    let file = KeyFile::lock(path)?;
    let (text, number) = Keyring::with_another_key(&file.text).map_err(|error| unchanged(path, &error))?;
    let made = File::options().write(true).create_new(true).mode(0o600).open(to).and_then(|mut made| {
        made.write_all(text.as_bytes())?;
        made.sync_all()
    });
    made.map_err(|error| {
        let exit = if error.kind() == std::io::ErrorKind::AlreadyExists { Exit::Exists } else { Exit::Failed };
        Failure::new(exit, format_args!("{} was not written: {error}", to.display()))
    })?;
    if output.is_json() {
        output.json(&json!({"number": number, "added": false, "totp_secrets": 0, "file": to}))?;
        return Ok(Exit::Done);
    }
    output.line(format_args!("{} has key {number}, too, and nothing is changed yet", to.display()))?;
    output
        .line(format_args!("next: put it in the place of {} on every node, with its owner and mode", path.display()))?;
    output.line("then: mailkey key rotate --continue, on one of them")?;
    Ok(Exit::Done)
}

/// The nodes that share the store, this one aside. A file has none, also where it is a copy of a store that had some.
fn others(site: &mut Site) -> Result<Vec<Node>, Failure> {
    let Some(this) = node::name(&site.config)? else { return Ok(Vec::new()) };
    let mut nodes = site.store.nodes()?;
    nodes.retain(|node| node.name != this);
    Ok(nodes)
}

/// Refuses while other nodes would refuse every login, because they do not have the key.
fn require_on_every_node(site: &mut Site, go_on: bool) -> Result<(), Failure> {
    let mut others = others(site)?;
    let current = site.keys().current();
    if go_on {
        others.retain(|node| !node.keys.contains(&current));
    }
    if others.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = others.iter().map(|node| node.name.as_str()).collect();
    let (verb, names) = (if names.len() == 1 { "does" } else { "do" }, names.join(", "));
    if go_on {
        let what = format!("{names} {verb} not have key {current} yet, and would refuse every login");
        let next = format!(
            "copy {} there; a minute later mailkey node list shows it. For a node that is gone: mailkey node forget",
            site.config.key.display()
        );
        return Err(Failure::new(Exit::Refused, what).next(next));
    }
    let what =
        format!("other nodes share the store ({names}), and would refuse every login until they have the new key");
    Err(Failure::new(Exit::Refused, what).next(
        "`mailkey key rotate --to FILE` writes the key file that is to come: copy it to all of them, then `mailkey key \
         rotate --continue`",
    ))
}

fn rotate(site: &mut Site, config: &Path, output: &Output, go_on: bool) -> Outcome {
    let path = site.config.key.clone();
    require_on_every_node(site, go_on)?;
    if !go_on {
        let file = KeyFile::lock(&path)?;
        let (text, _) = Keyring::with_another_key(&file.text).map_err(|error| unchanged(&path, &error))?;
        file.replace(&text)?;
        // With the new key, and whatever else was changed since.
        *site = Site::open(config)?;
    }
    // Also when it goes on: who was interrupted may not have come so far.
    site.admin().remember_keys()?;
    if !go_on {
        #[allow(clippy::disallowed_methods, reason = "no login waits for this command")]
        std::thread::sleep(UNDER_WAY);
    }
    let current = site.keys().current();
    let old = site.admin().key_use()?.keys.into_iter().filter(|(number, _)| *number != current);
    let total: u64 = old.map(|(_, count)| count.totp_secrets).sum();
    let mut progress = Progress::new("encrypted", usize::try_from(total).unwrap_or(usize::MAX));
    let resealed = site.admin().reseal(&mut |done| progress.at(done))?;
    drop(progress);
    if let Some((name, why)) = resealed.failed.first() {
        let failure = Failure::new(
            Exit::Failed,
            format_args!(
                "key {current} is in use; encrypted with it: {}; not: {}, the first of {name}: {why}",
                count_of(resealed.done as u64, "TOTP secret"),
                resealed.failed.len()
            ),
        );
        return Err(failure.next("then `mailkey key rotate --continue`"));
    }
    if output.is_json() {
        output.json(&json!({"number": current, "added": !go_on, "totp_secrets": resealed.done, "file": null}))?;
        return Ok(Exit::Done);
    }
    output.line(format_args!(
        "key {current} is used for what is written; encrypted with it now: {}",
        count_of(resealed.done as u64, "TOTP secret")
    ))?;
    output.line("passwords and app passwords follow at their next success: `mailkey key list` shows what is left")?;
    if !go_on {
        output.line(format_args!("keep a new copy of {} apart from the backups of the database", path.display()))?;
    }
    Ok(Exit::Done)
}

fn remove(site: &mut Site, output: &Output, number: u32, yes: bool) -> Outcome {
    let path = site.config.key.clone();
    let keys = site.keys();
    if !keys.numbers().any(|found| found == number) {
        return Err(Failure::new(Exit::NotFound, format_args!("there is no key {number}")).next("mailkey key list"));
    }
    if keys.current() == number {
        let failure = Failure::new(Exit::Refused, format_args!("key {number} is used for what is written"));
        return Err(failure.next("`mailkey key rotate` puts another one in its place"));
    }
    require_unneeded(site, number)?;
    if !yes {
        if !input::is_terminal() {
            let failure = Failure::new(Exit::Usage, "there is no terminal to ask whether that is meant");
            return Err(failure.next(format_args!("for example: mailkey key remove {number} --yes")));
        }
        if !input::confirm(&format!("Remove key {number}? Backups of its time cannot be restored without it."))? {
            return Err(Failure::new(Exit::Refused, format_args!("key {number} was not removed")));
        }
    }
    let file = KeyFile::lock(&path)?;
    let gone = || Failure::new(Exit::Failed, format_args!("{} was changed meanwhile: try again", path.display()));
    let text = Keyring::without_key(&file.text, number).ok_or_else(gone)?;
    // Who was asked may have taken his time.
    require_unneeded(site, number)?;
    // The database first: with a key that it knows and the file has not, nobody signs in.
    site.admin().forget_key(number)?;
    file.replace(&text)?;
    if output.is_json() {
        output.json(&json!({"number": number, "removed": true}))?;
    } else {
        output.line(format_args!("removed key {number}"))?;
    }
    if !others(site)?.is_empty() {
        warn(format_args!(
            "copy {} to the other nodes now: until then they count wrong guesses apart, and know no webmail session in grace mode \
             from here",
            path.display()
        ));
    }
    Ok(Exit::Done)
}

/// Refuses while anything stands on a key.
fn require_unneeded(site: &mut Site, number: u32) -> Result<(), Failure> {
    let count = *site.admin().key_use()?.of(number);
    if count.total() > 0 {
        let KeyCount { totp_secrets, passwords, app_passwords, recovery_codes } = count;
        let failure = Failure::new(
            Exit::Refused,
            format_args!(
                "key {number} is needed by {}, {}, {} and {}",
                count_of(totp_secrets, "TOTP secret"),
                count_of(passwords, "password"),
                count_of(app_passwords, "app password"),
                count_of(recovery_codes, "recovery code")
            ),
        );
        return Err(failure.next(
            "`mailkey key rotate --continue` moves TOTP secrets; passwords move when they are next used, recovery codes \
             when new ones are made",
        ));
    }
    Ok(())
}

/// So many of something.
fn count_of(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The key file, while nobody else changes it.
struct KeyFile<'a> {
    path: &'a Path,
    text: Zeroizing<String>,
    /// Its lock (flock(2)) ends with it.
    _locked: File,
}

impl<'a> KeyFile<'a> {
    fn lock(path: &'a Path) -> Result<Self, Failure> {
        // That it is one, whole and nobody else's.
        config::load_key(path)?;
        let mut file = File::open(path).map_err(|error| unchanged(path, &error))?;
        file.lock().map_err(|error| unchanged(path, &error))?;
        let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
        let locked = file.metadata().map(identity).map_err(|error| unchanged(path, &error))?;
        let there = std::fs::metadata(path).map(identity).map_err(|error| unchanged(path, &error))?;
        if locked != there {
            return Err(unchanged(path, &"somebody else has just changed it: try again"));
        }
        let mut text = Zeroizing::new(String::with_capacity(64 * 1024));
        file.read_to_string(&mut text).map_err(|error| unchanged(path, &error))?;
        Ok(Self { path, text, _locked: file })
    }

    fn replace(&self, text: &str) -> Result<(), Failure> {
        let mut replacement = Replacement::of(self.path)?;
        replacement.writer().write_all(text.as_bytes()).map_err(|error| unchanged(self.path, &error))?;
        replacement.put_in_place()
    }
}

fn unchanged(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Failed, format_args!("the key file {} is as it was: {why}", path.display()))
}
