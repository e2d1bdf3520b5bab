//! Session credentials: what a webmail presents after sign-in.
//!
//! `mks-` and 52 symbols, which carry 256 random bits and more. The webmail makes one, and signs in once with
//! `mkopen:<session credential>:<code>:<password>`; afterwards the credential alone opens, until
//! `mkclose:<session credential>` ends the session. The code may be empty (2FA off), a TOTP code or a recovery code; the
//! password comes last and is taken as it is, colons included.

use sha2::{Digest, Sha256};

use super::recovery_code::{self, PresentedRecoveryCode};
use super::{Secret, symbols};
use crate::session::{SessionDigest, SessionId};

const PREFIX: &[u8] = b"mks-";
const OPEN: &[u8] = b"mkopen:";
const CLOSE: &[u8] = b"mkclose:";
const SYMBOLS: usize = 52;

/// What was presented instead of a password.
pub enum PresentedSession {
    /// A session credential.
    Use(SessionDigest),
    /// What opens a session.
    Open(Opening),
    /// What ends one.
    Close(SessionDigest),
    /// It begins like one of these and is none.
    Malformed,
}

impl PresentedSession {
    /// The session that is meant.
    pub fn digest(&self) -> Option<SessionDigest> {
        match self {
            Self::Use(digest) | Self::Close(digest) | Self::Open(Opening { session: digest, .. }) => Some(*digest),
            Self::Malformed => None,
        }
    }
}

/// What opens a session.
pub struct Opening {
    /// The credential that will hold it.
    pub session: SessionDigest,
    /// The second factor.
    pub code: PresentedCode,
    /// The primary password.
    pub password: Secret,
}

/// A second factor in a field of its own, as people type it there: spaces do not matter, and dashes may stand in a TOTP
/// code or be missing in a recovery code.
pub enum PresentedCode {
    /// Nothing was typed.
    None,
    /// Digits: a TOTP code, if there are as many as the account's codes have.
    Digits(Secret),
    /// A recovery code.
    Recovery(PresentedRecoveryCode),
    /// Neither.
    Other,
}

impl PresentedCode {
    /// What was guessed at, in two parts.
    pub(crate) fn guessed(&self) -> [&[u8]; 2] {
        match self {
            Self::Digits(code) => [code.as_bytes(), b""],
            Self::Recovery(code) => [code.index.as_str().as_bytes(), code.secret.as_bytes()],
            Self::None | Self::Other => [b"", b""],
        }
    }
}

/// Reads `presented` if it begins like a session credential, or like what opens or closes a session.
pub fn read(presented: &[u8]) -> Option<PresentedSession> {
    if let Some(rest) = presented.strip_prefix(OPEN) {
        return Some(read_opening(rest).map_or(PresentedSession::Malformed, PresentedSession::Open));
    }
    if let Some(rest) = presented.strip_prefix(CLOSE) {
        return Some(digest_of(rest).map_or(PresentedSession::Malformed, PresentedSession::Close));
    }
    // Without `mkopen:` a prefix of four letters is too little to keep somebody from having such a password.
    digest_of(presented).map(PresentedSession::Use)
}

fn read_opening(rest: &[u8]) -> Option<Opening> {
    let mut parts = rest.splitn(3, |byte| *byte == b':');
    let session = digest_of(parts.next()?)?;
    let code = read_code(parts.next()?);
    let password = Secret::copy(parts.next()?);
    Some(Opening { session, code, password })
}

/// Reads what stands in a code's own field.
pub(crate) fn read_code(field: &[u8]) -> PresentedCode {
    let mut typed = Vec::with_capacity(field.len());
    typed.extend(field.iter().filter(|byte| !matches!(byte, b' ' | b'-')));
    let typed = Secret::new(typed);
    let bytes = typed.as_bytes();
    if let Some(code) = recovery_code::read(bytes) {
        return PresentedCode::Recovery(code);
    }
    if !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        return PresentedCode::Digits(typed);
    }
    let nothing = field.iter().all(|byte| *byte == b' ');
    if nothing { PresentedCode::None } else { PresentedCode::Other }
}

/// The digest of a session credential; none for anything else. The credential is random and as long as the digest, so
/// that it needs no slow hash.
fn digest_of(credential: &[u8]) -> Option<SessionDigest> {
    let symbols = credential.strip_prefix(PREFIX)?;
    let shaped = symbols.len() == SYMBOLS && symbols.iter().all(|byte| symbols::canonical(*byte) == Some(*byte));
    shaped.then(|| SessionDigest(Sha256::digest(credential).into()))
}

impl SessionDigest {
    /// The public id of the session, which lists and logs show. It follows from the digest, so that a credential whose
    /// session is long gone has the same one.
    pub fn id(&self) -> SessionId {
        let mut id = [0; SessionId::SYMBOLS];
        for (symbol, byte) in id.iter_mut().zip(self.0) {
            *symbol = symbols::of(byte);
        }
        SessionId(id)
    }
}

/// Reads the id of a session.
pub fn read_id(text: &str) -> Option<SessionId> {
    symbols::read(text.as_bytes(), |_| false).map(|id| SessionId(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential() -> String {
        format!("mks-{}", "0a".repeat(26))
    }

    fn opening(text: &str) -> Opening {
        match read(text.as_bytes()) {
            Some(PresentedSession::Open(opening)) => opening,
            _ => panic!("{text}"),
        }
    }

    #[test]
    fn length_and_alphabet_of_a_session_credential_are_enforced() {
        let good = credential();
        assert!(matches!(read(good.as_bytes()), Some(PresentedSession::Use(_))));
        for bad in [
            good.to_uppercase(),
            good[1..].into(),
            format!("{good}0"),
            format!(" {good}"),
            format!("mks-{}", "0u".repeat(26)),
            format!("mks-{}", "0o".repeat(26)),
            format!("mks-{}", "0a".repeat(25)),
        ] {
            assert!(read(bad.as_bytes()).is_none(), "{bad}");
            for verb in ["mkopen", "mkclose"] {
                let text = format!("{verb}:{bad}::password");
                assert!(matches!(read(text.as_bytes()), Some(PresentedSession::Malformed)), "{text}");
            }
        }
    }

    #[test]
    fn an_opening_has_a_credential_a_code_and_the_password_as_it_is() {
        let good = credential();
        let plain = opening(&format!("mkopen:{good}:123456:pass:word: "));
        assert_eq!(plain.password.as_bytes(), b"pass:word: ");
        assert!(matches!(&plain.code, PresentedCode::Digits(code) if code.as_bytes() == b"123456"));
        assert!(read(good.as_bytes()).and_then(|alone| alone.digest()) == Some(plain.session));
        assert!(matches!(opening(&format!("mkopen:{good}::x")).code, PresentedCode::None));
        assert!(opening(&format!("mkopen:{good}::")).password.is_empty());
        for bad in [format!("mkopen:{good}"), format!("mkopen:{good}:123456"), "mkopen:".into(), "mkopen::::".into()] {
            assert!(matches!(read(bad.as_bytes()), Some(PresentedSession::Malformed)), "{bad}");
        }
    }

    #[test]
    fn a_code_may_be_typed_with_spaces_and_a_recovery_code_in_any_spelling() {
        let code = |typed: &str| opening(&format!("mkopen:{}:{typed}:x", credential())).code;
        for typed in [" 123 456 ", "123-456", "12-34 56"] {
            assert!(matches!(code(typed), PresentedCode::Digits(code) if code.as_bytes() == b"123456"), "{typed}");
        }
        assert!(matches!(code("  "), PresentedCode::None));
        for typed in ["ab2c-de3f-gh4j", "AB2CDE3FGH4J", "ab2c de3f gh4j", " ab2c-DE3F gh4j"] {
            assert!(matches!(code(typed), PresentedCode::Recovery(code) if code.index.as_str() == "ab"), "{typed}");
        }
        for typed in ["12345a", "ab2c-de3f", "-", "- -", "ab2c-de3f-gh4u", "ä"] {
            assert!(matches!(code(typed), PresentedCode::Other), "{typed}");
        }
    }

    #[test]
    fn what_ends_a_session_is_its_credential_and_nothing_more() {
        let good = credential();
        assert!(matches!(read(format!("mkclose:{good}").as_bytes()), Some(PresentedSession::Close(_))));
        assert!(matches!(read(format!("mkclose:{good}:").as_bytes()), Some(PresentedSession::Malformed)));
        assert!(read(b"mkopen").is_none() && read(b"mks-").is_none());
    }

    #[test]
    fn an_id_follows_from_the_credential_and_reads_back() {
        let digest = read(credential().as_bytes()).and_then(|session| session.digest()).unwrap();
        assert_eq!(read_id(digest.id().as_str()), Some(digest.id()));
        assert_eq!(read_id(&digest.id().as_str().to_uppercase()), Some(digest.id()));
        assert!(read_id("abc").is_none() && read_id("abcdeu").is_none());
    }
}
