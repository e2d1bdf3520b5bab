//! Session credentials: what a webmail presents after sign-in.
//!
//! `mks-` and 52 symbols that carry 256 random bits. `mkopen:` opens a session with one, `mkclose:` ends it. Only the
//! shapes are known so far: the store keeps no sessions yet, so each of them is refused.

use super::symbols;

const PREFIX: &[u8] = b"mks-";
const SYMBOLS: usize = 52;

/// Whether `presented` is a session credential or asks to open or close a session.
pub fn is_session(presented: &[u8]) -> bool {
    presented.starts_with(b"mkopen:")
        || presented.starts_with(b"mkclose:")
        || presented.strip_prefix(PREFIX).is_some_and(|rest| {
            rest.len() == SYMBOLS && rest.iter().all(|byte| symbols::canonical(*byte) == Some(*byte))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_alphabet_of_a_session_credential_are_enforced() {
        let good = format!("mks-{}", "0a".repeat(26));
        assert!(is_session(good.as_bytes()));
        assert!(!is_session(good.to_uppercase().as_bytes()));
        assert!(!is_session(&good.as_bytes()[1..]));
        assert!(!is_session(format!("{good}0").as_bytes()));
        assert!(!is_session(format!("mks-{}", "0u".repeat(26)).as_bytes()));
        assert!(is_session(b"mkopen:anything") && is_session(b"mkclose:anything"));
    }
}
