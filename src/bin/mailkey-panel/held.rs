//! What is kept in memory for a few minutes, for one visitor each: secrets that are shown once, a sign-in whose code is
//! still missing, and what to tell on the next page.
//!
//! It is lost when the service ends; what was not seen by then must be made again. Everything wipes itself when it is
//! dropped, and it is dropped when it is too old whether or not somebody asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use mailkey::account::{AccountName, AppPasswordId, TotpForm};
use mailkey::credential::Secret;
use mailkey::invitation::InvitationDigest;
use mailkey::session::SessionDigest;

use crate::view::model::Notice;

/// For how long secrets are held.
const SECRETS: Duration = Duration::from_secs(15 * 60);
/// For how long a password waits for its code.
const SIGN_IN: Duration = Duration::from_secs(5 * 60);
/// For how long something waits to be told.
const NOTICE: Duration = Duration::from_secs(5 * 60);
/// Most visitors for whom something is held. More are not served, rather than that the memory fills.
const MOST: usize = 20_000;

/// A password that was right, and whose code is missing.
pub struct Waiting {
    /// Whose it is.
    pub account: AccountName,
    /// The password.
    pub password: Secret,
    /// Digits of the account's codes.
    pub digits: u8,
}

/// Something that is shown once.
#[derive(Clone)]
pub enum Shown {
    /// A set of recovery codes, and whether 2FA was turned on with them.
    RecoveryCodes {
        /// As they are shown.
        codes: Vec<Secret>,
        /// Else they take the place of an old set.
        first: bool,
    },
    /// A new app password.
    AppPassword {
        /// Which one.
        id: AppPasswordId,
        /// As it is shown.
        secret: Secret,
    },
}

/// An enrolment that this visitor began. One that somebody else began is not shown to him: whoever began it knows its
/// secret.
#[derive(Clone)]
pub struct Begun {
    /// [`mailkey::account::Authenticator::id`].
    pub authenticator: i64,
    /// The secret as people type it.
    pub secret: Secret,
    /// The `otpauth:` URI.
    pub uri: Secret,
    /// How codes are made.
    pub form: TotpForm,
    /// What its owner calls the authenticator.
    pub label: String,
    /// The invitation that it was begun with, where one was needed: it must still count when it is confirmed.
    pub invitation: Option<InvitationDigest>,
}

/// What is held, by what stands for the visitor's cookie.
#[derive(Default)]
pub struct Held {
    waiting: Shelf<Waiting>,
    shown: Shelf<Shown>,
    enrolments: Shelf<Begun>,
    notices: Shelf<Notice>,
}

impl Held {
    /// Keeps a password until its code comes. False: there are too many.
    pub fn wait(&self, visitor: SessionDigest, waiting: Waiting) -> bool {
        self.waiting.put(visitor, waiting, SIGN_IN)
    }

    /// What of a waiting sign-in is needed, if there is one.
    pub fn waiting<T>(&self, visitor: SessionDigest, read: impl FnOnce(&Waiting) -> T) -> Option<T> {
        self.waiting.read(visitor, read)
    }

    /// Forgets a waiting sign-in.
    pub fn stop_waiting(&self, visitor: SessionDigest) {
        self.waiting.take(visitor);
    }

    /// Holds something that is shown once. False: there are too many.
    pub fn show(&self, visitor: SessionDigest, shown: Shown) -> bool {
        self.shown.put(visitor, shown, SECRETS)
    }

    /// What is held to be shown, as a copy that wipes itself.
    pub fn shown(&self, visitor: SessionDigest) -> Option<Shown> {
        self.shown.read(visitor, Shown::clone)
    }

    /// Forgets it: it was seen.
    pub fn stop_showing(&self, visitor: SessionDigest) {
        self.shown.take(visitor);
    }

    /// Keeps an enrolment until its first code comes. False: there are too many.
    pub fn begin(&self, visitor: SessionDigest, begun: Begun) -> bool {
        self.enrolments.put(visitor, begun, SECRETS)
    }

    /// The enrolment that this visitor began, as a copy that wipes itself.
    pub fn begun(&self, visitor: SessionDigest) -> Option<Begun> {
        self.enrolments.read(visitor, Begun::clone)
    }

    /// Forgets it: it was confirmed, or given up.
    pub fn end(&self, visitor: SessionDigest) {
        self.enrolments.take(visitor);
    }

    /// Tells something on the next page.
    pub fn tell(&self, visitor: SessionDigest, notice: Notice) {
        // Where there are too many the change was made all the same.
        let _ = self.notices.put(visitor, notice, NOTICE);
    }

    /// What is to be told.
    pub fn told(&self, visitor: SessionDigest) -> Option<Notice> {
        self.notices.take(visitor)
    }

    /// The visitor's cookie was renewed.
    pub fn rename(&self, old: SessionDigest, new: SessionDigest) {
        self.shown.rename(old, new);
        self.enrolments.rename(old, new);
        self.notices.rename(old, new);
    }

    /// Drops everything of a visitor: he signed out.
    pub fn forget(&self, visitor: SessionDigest) {
        self.waiting.take(visitor);
        self.shown.take(visitor);
        self.enrolments.take(visitor);
        self.notices.take(visitor);
    }

    /// Drops what is too old.
    pub fn sweep(&self) {
        self.waiting.sweep();
        self.shown.sweep();
        self.enrolments.sweep();
        self.notices.sweep();
    }
}

/// Things of one kind, each until its time is over.
struct Shelf<T>(Mutex<HashMap<SessionDigest, (Instant, T)>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T> Shelf<T> {
    fn put(&self, visitor: SessionDigest, thing: T, keep: Duration) -> bool {
        let mut things = self.lock();
        if things.len() >= MOST && !things.contains_key(&visitor) {
            let now = Instant::now();
            things.retain(|_, (until, _)| *until > now);
            if things.len() >= MOST {
                return false;
            }
        }
        things.insert(visitor, (Instant::now() + keep, thing));
        true
    }

    fn read<R>(&self, visitor: SessionDigest, read: impl FnOnce(&T) -> R) -> Option<R> {
        let things = self.lock();
        things.get(&visitor).filter(|(until, _)| *until > Instant::now()).map(|(_, thing)| read(thing))
    }

    fn take(&self, visitor: SessionDigest) -> Option<T> {
        self.lock().remove(&visitor).filter(|(until, _)| *until > Instant::now()).map(|(_, thing)| thing)
    }

    fn rename(&self, old: SessionDigest, new: SessionDigest) {
        let mut things = self.lock();
        if let Some(thing) = things.remove(&old) {
            things.insert(new, thing);
        }
    }

    fn sweep(&self) {
        let now = Instant::now();
        self.lock().retain(|_, (until, _)| *until > now);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SessionDigest, (Instant, T)>> {
        // A panic elsewhere leaves the map whole: each change is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_old_is_gone_whether_or_not_somebody_asks() {
        let shelf = Shelf::default();
        let visitor = SessionDigest([1; 32]);
        assert!(shelf.put(visitor, 1, Duration::ZERO));
        assert_eq!(shelf.read(visitor, |thing| *thing), None);
        shelf.sweep();
        assert!(shelf.lock().is_empty());
        assert!(shelf.put(visitor, 2, Duration::ZERO));
        assert_eq!(shelf.take(visitor), None);
    }

    #[test]
    fn nothing_is_found_under_the_cookie_of_another_visitor() {
        let held = Held::default();
        let [mine, other] = [1, 2].map(|byte| SessionDigest([byte; 32]));
        assert!(held.show(mine, Shown::RecoveryCodes { codes: Vec::new(), first: true }));
        assert!(held.shown(other).is_none() && held.shown(mine).is_some());
        held.rename(mine, other);
        assert!(held.shown(mine).is_none() && held.shown(other).is_some());
        held.forget(other);
        assert!(held.shown(other).is_none());
    }

    #[test]
    fn a_full_shelf_takes_nothing_more_and_forgets_nothing() {
        let shelf = Shelf::default();
        let visitor = |number: usize| {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&number.to_le_bytes());
            SessionDigest(digest)
        };
        for number in 0..MOST {
            assert!(shelf.put(visitor(number), number, NOTICE));
        }
        assert!(!shelf.put(visitor(MOST), 0, NOTICE));
        assert_eq!(shelf.take(visitor(0)), Some(0));
        assert!(shelf.put(visitor(MOST), 0, NOTICE));
    }
}
