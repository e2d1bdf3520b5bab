//! Codes of invitations: `K7M2-9XQD-0011-ABCD`, 16 symbols in four groups of four, 80 random bits.
//!
//! They are shown in capitals, and have another length than app passwords and recovery codes, so that people and
//! programs tell them apart. A value of 80 random bits cannot be found by trying, also by whoever has the store: it needs
//! no slow hash, and no key that would have to outlive it. Its digest is bound to the account's identity, so that a row
//! that is carried to another account invites nobody.

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::{RandomError, Secret, symbols};
use crate::account::AccountUid;
use crate::invitation::InvitationDigest;

const SYMBOLS: usize = 16;
const GROUP: usize = 4;

/// What is digested before the account and the symbols.
const LABEL: &[u8] = b"mailkey invitation\0";

/// The code of an invitation: its symbols in canonical form.
pub struct InvitationCode(Secret);

impl InvitationCode {
    /// Makes one.
    pub fn generate() -> Result<Self, RandomError> {
        let mut symbols = symbols::random::<SYMBOLS>()?;
        let made = Self(Secret::copy(&symbols));
        symbols.zeroize();
        Ok(made)
    }

    /// Reads what was typed, if it has the shape of one; case, spaces and dashes are ignored.
    pub fn read(typed: &[u8]) -> Option<Self> {
        let symbols = symbols::read::<SYMBOLS>(typed, |byte| matches!(byte, b' ' | b'-'))?;
        Some(Self(Secret::copy(&*symbols)))
    }

    /// The form in which it is shown, once.
    pub fn shown(&self) -> Secret {
        let mut text = Vec::with_capacity(SYMBOLS + SYMBOLS / GROUP - 1);
        for group in self.0.as_bytes().chunks(GROUP) {
            if !text.is_empty() {
                text.push(b'-');
            }
            text.extend(group.iter().map(u8::to_ascii_uppercase));
        }
        Secret::new(text)
    }

    /// What stands for it, as an invitation of this account.
    pub fn digest(&self, account: AccountUid) -> InvitationDigest {
        let digest = Sha256::new().chain_update(LABEL).chain_update(account.0).chain_update(self.0.as_bytes());
        InvitationDigest(digest.finalize().into())
    }

    /// Its symbols.
    #[cfg(feature = "admin")]
    pub(crate) fn symbols(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{app_password, recovery_code};

    const ACCOUNT: AccountUid = AccountUid([7; 16]);

    fn digest(typed: &str) -> Option<InvitationDigest> {
        InvitationCode::read(typed.as_bytes()).map(|code| code.digest(ACCOUNT))
    }

    #[test]
    fn what_is_shown_reads_back_as_itself_and_no_two_are_the_same() {
        let [one, other] = [(); 2].map(|()| InvitationCode::generate().unwrap());
        let shown = one.shown();
        let text = shown.as_str().unwrap();
        assert!(text.len() == 19 && text.split('-').all(|group| group.len() == 4), "{text}");
        assert_eq!(text, text.to_ascii_uppercase());
        assert!(digest(text) == Some(one.digest(ACCOUNT)) && digest(text) != Some(other.digest(ACCOUNT)));
    }

    #[test]
    fn case_spaces_dashes_and_look_alike_letters_do_not_matter() {
        let strict = digest("K7M2-9XQD-0011-ABCD");
        assert!(strict.is_some());
        for spelling in ["k7m29xqd0011abcd", " k7m2 9xqd OoiL abcd ", "k7m2--9xqd-ooLi-abcd-"] {
            assert!(digest(spelling) == strict, "{spelling}");
        }
        assert!(digest("K7M2-9XQD-0011-ABCE") != strict);
    }

    #[test]
    fn it_is_no_app_password_and_no_recovery_code_and_neither_of_them_is_one() {
        let shown = b"K7M2-9XQD-0011-ABCD";
        assert!(app_password::read(shown).is_none() && recovery_code::read(shown).is_none());
        for other in ["k7m2-9xqd-0011-abcd-efgh", "ab2c-de3f-gh4j", "", "K7M2-9XQD-0011-ABCU", "K7M2_9XQD_0011_ABCD"] {
            assert!(digest(other).is_none(), "{other}");
        }
    }

    #[test]
    fn it_stands_for_an_invitation_of_one_account() {
        let code = InvitationCode::generate().unwrap();
        assert!(code.digest(ACCOUNT) != code.digest(AccountUid([8; 16])));
    }
}
