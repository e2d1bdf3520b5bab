//! Invitations to turn 2FA on: what keeps somebody who has only a stolen password from doing it in the owner's place.
//!
//! An administrator makes one for an account without 2FA and hands the code over in another way
//! ([`crate::credential::invitation`]). In the panel, 2FA is then turned on with it and not without it; whoever has the
//! command needs none. An account has at most one. Times are seconds since the Unix epoch (UTC).

use subtle::ConstantTimeEq;

/// What a store keeps of an invitation's code: it is presented in its place, and opens nothing by itself.
#[derive(Clone, Copy, Debug)]
pub struct InvitationDigest(pub [u8; 32]);

impl PartialEq for InvitationDigest {
    /// In constant time.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for InvitationDigest {}

/// An invitation as a store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What stands for its code.
    pub digest: InvitationDigest,
    /// When it was made.
    pub created_at: i64,
    /// From then on it counts no more.
    pub expires_at: i64,
}

impl Invitation {
    /// Whether it counts.
    pub fn is_open(&self, now: i64) -> bool {
        now < self.expires_at
    }
}

/// What the owner of an account without 2FA shows who turns it on, and whether she must show anything.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Whether an invitation is needed also where none was made (`enrolment = "invited"`).
    pub needed: bool,
    /// The invitation that she has shown.
    pub invitation: Option<InvitationDigest>,
}

/// Why an invitation does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationFault {
    /// One is needed and none was shown.
    Missing,
    /// What was typed has not the shape of one.
    Shape,
    /// It is not the account's: it is a wrong one, or was used, revoked or replaced.
    Wrong,
    /// It was the right one, and its time is over.
    Expired,
    /// There were too many wrong ones, or wrong codes; it was not looked at.
    Throttled,
}

impl Shown {
    /// Whether 2FA may be turned on where `made` is the account's invitation, if it has one. Who is invited must show
    /// that invitation, whether or not all must: whoever invited her meant it. What was shown must still be there.
    pub fn judge(&self, made: Option<&Invitation>, now: i64) -> Result<(), InvitationFault> {
        match (made, self.invitation) {
            (Some(made), Some(shown)) if made.digest == shown => {
                if made.is_open(now) {
                    Ok(())
                } else {
                    Err(InvitationFault::Expired)
                }
            }
            (_, Some(_)) => Err(InvitationFault::Wrong),
            (made, None) if self.needed || made.is_some_and(|made| made.is_open(now)) => Err(InvitationFault::Missing),
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Invitation = Invitation { digest: InvitationDigest([1; 32]), created_at: 0, expires_at: 100 };

    fn judge(needed: bool, shown: Option<u8>, made: Option<&Invitation>, now: i64) -> Result<(), InvitationFault> {
        Shown { needed, invitation: shown.map(|byte| InvitationDigest([byte; 32])) }.judge(made, now)
    }

    #[test]
    fn the_right_one_counts_until_it_expires() {
        for needed in [false, true] {
            assert_eq!(judge(needed, Some(1), Some(&MADE), 99), Ok(()));
            assert_eq!(judge(needed, Some(1), Some(&MADE), 100), Err(InvitationFault::Expired));
            assert_eq!(judge(needed, Some(2), Some(&MADE), 99), Err(InvitationFault::Wrong));
            // An expired one says so only to who has it.
            assert_eq!(judge(needed, Some(2), Some(&MADE), 100), Err(InvitationFault::Wrong));
            assert_eq!(judge(needed, Some(1), None, 99), Err(InvitationFault::Wrong));
        }
    }

    #[test]
    fn none_is_needed_where_enrolment_is_free_and_nobody_was_invited() {
        assert_eq!(judge(false, None, None, 0), Ok(()));
        assert_eq!(judge(false, None, Some(&MADE), 100), Ok(()));
        assert_eq!(judge(false, None, Some(&MADE), 99), Err(InvitationFault::Missing));
        assert_eq!(judge(true, None, None, 0), Err(InvitationFault::Missing));
        assert_eq!(judge(true, None, Some(&MADE), 100), Err(InvitationFault::Missing));
    }
}
