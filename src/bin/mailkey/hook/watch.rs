//! What bites by itself, so that no verb queues anything: dates from which on 2FA is required, and the configuration.
//!
//! A file beside the database says when that was last looked at, and what was set. The first look queues nothing. Of
//! several nodes each looks by itself: what they all see is queued by each, and connections that are open again by then are
//! ended once more.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use mailkey::account::Requirement;
use mailkey::admin::AdminError;
use mailkey::config::Config;

use crate::clock::now;
use crate::site::Site;

/// Beside the database.
const FILE: &str = "enforced";

/// Longest content of that file that is read.
const LONGEST: u64 = 100;

/// What was set at a time, as far as it says whose own passwords open mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    at: i64,
    require_2fa: Requirement,
    client_primary_password: bool,
}

impl Look {
    fn of(config: &Config, at: i64) -> Self {
        let policy = &config.policy;
        Self { at, require_2fa: policy.require_2fa, client_primary_password: policy.client_primary_password }
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [at, require_2fa, client_primary_password] = words[..] else { return None };
        Some(Self {
            at: at.parse().ok()?,
            require_2fa: Requirement::from_stored(require_2fa.parse().ok()?)?,
            client_primary_password: client_primary_password.parse().ok()?,
        })
    }

    fn write(self, file: &mut File) -> io::Result<()> {
        file.rewind()?;
        file.set_len(0)?;
        writeln!(file, "{} {} {}", self.at, self.require_2fa.stored(), self.client_primary_password)
    }

    /// Whether the configuration lets fewer passwords open mail than it did in `before`.
    fn is_stricter_than(self, before: Self) -> bool {
        let requires = match self.require_2fa {
            Requirement::Now => true,
            Requirement::From(time) => time <= self.at,
            Requirement::Never => false,
        };
        let closed = before.client_primary_password && !self.client_primary_password;
        closed || (requires && self.require_2fa != before.require_2fa)
    }
}

/// Queues for the hook whose own passwords have become useless since the last look.
/// The error says what, and what to do.
pub fn look(site: &mut Site) -> Result<(), String> {
    let database = site.config.database.clone();
    let failed = |error: io::Error| {
        let path = database.with_file_name(FILE);
        format!("{} cannot be used ({error}): remove it", path.display())
    };
    let told = |error: AdminError| error.to_string();
    let mut file = open(&database).map_err(failed)?;
    let mut text = String::new();
    // What cannot be read is looked at for the first time.
    let read = (&file).take(LONGEST).read_to_string(&mut text);
    let this = Look::of(&site.config, now());
    if let Some(before) = read.ok().and_then(|_| Look::parse(&text)).filter(|before| before.at <= this.at) {
        if this.is_stricter_than(before) {
            site.admin().queue_shut_out(this.at).map_err(told)?;
        } else if before.at < this.at {
            site.admin().queue_shut_out_since(before.at, this.at).map_err(told)?;
        }
    }
    // Afterwards: what was not queued is looked at again.
    this.write(&mut file).map_err(failed)
}

/// Never through a link: more than root may write beside the database.
fn open(database: &Path) -> io::Result<File> {
    let nofollow = rustix::fs::OFlags::NOFOLLOW.bits() as i32;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true).mode(0o660).custom_flags(nofollow);
    options.open(database.with_file_name(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_790_000_000;

    fn at(at: i64, require_2fa: Requirement, client_primary_password: bool) -> Look {
        Look { at, require_2fa, client_primary_password }
    }

    #[test]
    fn a_look_is_read_as_it_was_written_and_nothing_else_is_one() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("mailkey.db");
        for look in [at(NOON, Requirement::Never, true), at(0, Requirement::From(NOON), false)] {
            let mut file = open(&database).unwrap();
            look.write(&mut file).unwrap();
            let text = std::fs::read_to_string(database.with_file_name(FILE)).unwrap();
            assert_eq!(Look::parse(&text), Some(look));
        }
        for text in ["", "1", "1 0", "1 0 yes", "x 0 true", "1 -2 true", "1 0 true more"] {
            assert_eq!(Look::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_file_is_not_written_through_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("mailkey.db");
        std::os::unix::fs::symlink(directory.path().join("elsewhere"), database.with_file_name(FILE)).unwrap();
        assert!(open(&database).is_err());
        assert!(!directory.path().join("elsewhere").exists());
    }

    #[test]
    fn only_what_lets_fewer_passwords_in_is_stricter() {
        let (never, required) = (Requirement::Never, Requirement::Now);
        let before = at(NOON - 60, never, true);
        assert!(at(NOON, required, true).is_stricter_than(before));
        assert!(at(NOON, never, false).is_stricter_than(before));
        assert!(at(NOON, Requirement::From(NOON), true).is_stricter_than(before));
        assert!(!at(NOON, Requirement::From(NOON + 1), true).is_stricter_than(before), "it is announced");
        assert!(!at(NOON, never, true).is_stricter_than(before));
        assert!(!at(NOON, required, true).is_stricter_than(at(NOON - 60, required, true)));
        assert!(!at(NOON, never, true).is_stricter_than(at(NOON - 60, required, false)));
    }
}
