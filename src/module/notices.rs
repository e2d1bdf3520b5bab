//! What a login is worth a letter for. Whoever waits for an answer waits for no mail: a few rows are written, and those
//! only when somebody signs in from a network that was not seen today, uses a recovery code, or guesses.

use super::worker::Desk;
use crate::account::Account;
use crate::auth::{Attempt, Method, Mode};
use crate::notice::{NewNotice, NoticeKind, familiar_network};
use crate::store::StoreError;

/// Something that happened to an account that has a record.
pub(super) struct Notable<'a> {
    pub account: &'a Account,
    pub attempt: &'a Attempt,
    pub now: i64,
}

impl Notable<'_> {
    /// Somebody got in, by `method`; with the recovery codes that are left where one was used.
    pub(super) fn signed_in(&self, method: Method, codes_left: Option<u32>, desk: &mut Desk<'_>) {
        if method == Method::RecoveryCode {
            self.tell(NoticeKind::RecoveryCodeUsed, codes_left, desk);
        }
        // Mail apps come from wherever their owner is, with an app password that is theirs alone; and a webmail that goes
        // on with its session has been noticed when it signed in.
        let is_a_person = matches!(self.attempt.mode, Mode::Webmail | Mode::Panel) && method != Method::Session;
        let Some(network) = self.whence().filter(|_| is_a_person).map(familiar_network) else { return };
        if desk.config.notices.is_some() && desk.store.meet_network(self.account.uid, &network, self.now) == Ok(true) {
            self.tell(NoticeKind::NewNetwork, None, desk);
        }
    }

    /// Somebody tries codes.
    pub(super) fn guessed(&self, desk: &mut Desk<'_>) {
        self.tell(NoticeKind::CodeGuessing, None, desk);
    }

    /// The address that somebody sits at. Where a webmail does not pass it on, there is only its own.
    fn whence(&self) -> Option<std::net::IpAddr> {
        self.attempt.remote.filter(|remote| !self.attempt.webmail_host && !remote.is_loopback())
    }

    fn tell(&self, kind: NoticeKind, codes_left: Option<u32>, desk: &mut Desk<'_>) {
        let address = self.whence().map(|remote| remote.to_string()).unwrap_or_default();
        let mode = self.attempt.mode.as_str();
        let account = self.account.uid;
        queue(&NewNotice { account, kind, address: &address, mode, subject: "", codes_left, now: self.now }, desk);
    }
}

/// Queues a notice, where the site sends any. Best effort: a full disk locks nobody out.
pub(super) fn queue(new: &NewNotice<'_>, desk: &mut Desk<'_>) {
    if desk.config.notices.is_some() {
        let _: Result<bool, StoreError> = desk.store.queue_notice(new);
    }
}
