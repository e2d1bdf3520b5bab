//! What people are told by mail: that something changed in their account, or that somebody tries to get in.
//!
//! Plain data. Whoever notices something queues it in the store ([`crate::store::Store::queue_notice`]); `mailkey notify`
//! composes and sends it later, so that no login waits for mail. Nothing in a notice is secret. Times are seconds since
//! the Unix epoch (UTC).

use std::net::IpAddr;

use crate::account::{AccountName, AccountUid};

/// What a notice is about. The list is closed: each has its texts in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoticeKind {
    /// An app password was made.
    AppPasswordCreated,
    /// A further authenticator was added while 2FA was on.
    AuthenticatorAdded,
    /// Somebody who knows the password tries codes.
    CodeGuessing,
    /// From a date on, which is near, the account must have 2FA on.
    EnrolmentDue,
    /// Somebody signed in to the webmail or the panel from a network that was not seen before.
    NewNetwork,
    /// Notices were turned off, or go to another address from now on.
    NoticesChanged,
    /// The primary password was changed.
    PasswordChanged,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// The recovery codes were replaced by new ones.
    RecoveryCodesReplaced,
    /// 2FA was turned off.
    TwoFactorOff,
    /// 2FA was turned on.
    TwoFactorOn,
}

impl NoticeKind {
    /// All of them, by name.
    pub const ALL: [Self; 11] = [
        Self::AppPasswordCreated,
        Self::AuthenticatorAdded,
        Self::CodeGuessing,
        Self::EnrolmentDue,
        Self::NewNetwork,
        Self::NoticesChanged,
        Self::PasswordChanged,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesReplaced,
        Self::TwoFactorOff,
        Self::TwoFactorOn,
    ];

    /// The stored name, which the texts are found by as well.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AppPasswordCreated => "app_password_created",
            Self::AuthenticatorAdded => "authenticator_added",
            Self::CodeGuessing => "code_guessing",
            Self::EnrolmentDue => "enrolment_due",
            Self::NewNetwork => "new_network",
            Self::NoticesChanged => "notices_changed",
            Self::PasswordChanged => "password_changed",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::RecoveryCodesReplaced => "recovery_codes_replaced",
            Self::TwoFactorOff => "two_factor_off",
            Self::TwoFactorOn => "two_factor_on",
        }
    }

    /// Reads a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// For how many seconds after one of this kind another one of the same account is not queued: somebody who guesses
    /// may not fill a mailbox.
    pub fn silence(self) -> i64 {
        match self {
            Self::CodeGuessing => 3_600,
            Self::NewNetwork => 600,
            // Two weeks before, and some days before.
            Self::EnrolmentDue => 10 * 86_400,
            _ => 0,
        }
    }
}

/// A notice to be queued.
#[derive(Clone, Copy, Debug)]
pub struct NewNotice<'a> {
    /// Whose account it is about.
    pub account: AccountUid,
    /// What it is about.
    pub kind: NoticeKind,
    /// From where that came; empty when no address is known.
    pub address: &'a str,
    /// Through which door: `command` (an administrator), `panel`, `webmail`, `client`; empty when it has none.
    pub mode: &'a str,
    /// What it is about in a word, as the account's owner calls it: the name of the app password or the authenticator, or
    /// for [`NoticeKind::EnrolmentDue`] the time in digits; empty when there is nothing to name.
    pub subject: &'a str,
    /// Recovery codes left.
    pub codes_left: Option<u32>,
    /// Now.
    pub now: i64,
}

/// A notice that waits to be sent, with everything that its letter needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: i64,
    /// The account's name.
    pub account: AccountName,
    /// What it is about.
    pub kind: NoticeKind,
    /// When it happened.
    pub at: i64,
    /// See [`NewNotice::address`].
    pub address: String,
    /// See [`NewNotice::mode`].
    pub mode: String,
    /// See [`NewNotice::subject`].
    pub subject: String,
    /// See [`NewNotice::codes_left`].
    pub codes_left: Option<u32>,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Why it was in vain the last time; empty where it was not tried.
    pub error: String,
    /// How its owner wants to be told.
    pub settings: NoticeSettings,
}

/// How somebody wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeSettings {
    /// Whether at all.
    pub enabled: bool,
    /// A second address beside the mailbox itself, outside of it.
    pub address: Option<String>,
    /// Tag of the language (BCP 47); none: the site's.
    pub language: Option<String>,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self { enabled: true, address: None, language: None }
    }
}

/// What became of a notice that was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled<'a> {
    /// It was handed to the mail system, or will never be: its owner wants none, it is too old.
    Done,
    /// Not this time; it may be tried again.
    Failed {
        /// When.
        next_try: i64,
        /// Why, in a line.
        error: &'a str,
    },
}

/// The network that a sign-in comes from, as people are known by it: the /24 of an IPv4 address, the /48 of an IPv6
/// address. Telephone companies and providers at home give another address of the same one every day.
pub fn familiar_network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[3..].fill(0);
            format!("{}/48", std::net::Ipv6Addr::from(segments))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_as_it_was_written() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(NoticeKind::parse("two_factor"), None);
    }

    #[test]
    fn neighbours_are_of_one_network() {
        let network = |text: &str| familiar_network(text.parse().unwrap());
        assert_eq!(network("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(network("::ffff:192.0.2.9"), "192.0.2.0/24");
        assert_eq!(network("2001:db8:1:2:3::4"), "2001:db8:1::/48");
        assert_eq!(network("2001:db8:1:ffff::1"), network("2001:db8:1::1"));
    }
}
