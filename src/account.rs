//! The account and what belongs to it: names, protocols, and the records that a store keeps.
//!
//! Everything here is plain data. Times are seconds since the Unix epoch (UTC).

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// Longest account name in bytes (RFC 5321 section 4.5.3.1.3 leaves 254 for an address).
pub const MAX_NAME: usize = 254;

/// How raw user names become account names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRules {
    /// Appended to a name without `@`.
    pub default_domain: Option<String>,
    /// Whether a name without `@` (and without a default domain) is a name of its own.
    pub bare_names: bool,
    /// Symbols allowed beside `a-z` and `0-9` in front of the `@`.
    pub symbols: String,
}

/// Symbols allowed in names unless configured otherwise.
pub const DEFAULT_NAME_SYMBOLS: &str = "._+-=";

/// Symbols that no configuration may allow: they are wildcards, separators or variables to the daemons around us.
pub const FORBIDDEN_NAME_SYMBOLS: &str = "*?/\\@%:\"";

/// Why a raw name is no account name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given.
    Empty,
    /// More than [`MAX_NAME`] bytes.
    TooLong,
    /// A byte outside the configured set; also every byte that is not ASCII.
    Symbol(u8),
    /// A leading `-` or `.`, an empty part, `..`, or a second `@`.
    Form,
    /// No `@domain`, where names have one.
    NoDomain,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty"),
            Self::TooLong => write!(f, "the name has more than {MAX_NAME} bytes"),
            Self::Symbol(b' ') => f.write_str("the name contains a space"),
            Self::Symbol(byte) if byte.is_ascii_graphic() => {
                write!(f, "the symbol '{}' is not allowed (see name_symbols in the configuration)", char::from(*byte))
            }
            Self::Symbol(_) => f.write_str("the name contains a control character or a letter outside ASCII"),
            Self::Form => f.write_str("the name is not of the form local@domain"),
            Self::NoDomain => {
                f.write_str("the name has no @domain (set default_domain or bare_names in the configuration)")
            }
        }
    }
}

/// A normalised login name: `local@domain`, or bare where the rules allow it. Always lower-case ASCII.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

impl AccountName {
    /// Normalises `raw`. Only ASCII letters are folded; a spelling that the rules do not know is an error and never
    /// another account.
    pub fn parse(raw: &[u8], rules: &NameRules) -> Result<Self, NameError> {
        if raw.is_empty() {
            return Err(NameError::Empty);
        }
        if raw.len() > MAX_NAME {
            return Err(NameError::TooLong);
        }
        let mut name = String::with_capacity(raw.len());
        let mut at = None;
        for &byte in raw {
            let byte = byte.to_ascii_lowercase();
            match byte {
                b'@' if at.is_some() => return Err(NameError::Form),
                b'@' => at = Some(name.len()),
                b'a'..=b'z' | b'0'..=b'9' => {}
                // A domain has letters, digits, dots and hyphens, whatever the rules say for the part before it.
                b'.' | b'-' if at.is_some() => {}
                _ if at.is_none() && byte.is_ascii_graphic() && rules.symbols.as_bytes().contains(&byte) => {}
                _ => return Err(NameError::Symbol(byte)),
            }
            name.push(char::from(byte));
        }
        let (local, domain) = match at {
            Some(at) => (&name[..at], Some(&name[at + 1..])),
            None => (&name[..], None),
        };
        let part_is_sound = |part: &str| {
            !part.is_empty() && !part.starts_with(['-', '.']) && !part.ends_with('.') && !part.contains("..")
        };
        if !part_is_sound(local) || !domain.is_none_or(part_is_sound) {
            return Err(NameError::Form);
        }
        if domain.is_none() {
            match &rules.default_domain {
                Some(domain) => {
                    name.push('@');
                    name.push_str(domain);
                    if name.len() > MAX_NAME {
                        return Err(NameError::TooLong);
                    }
                }
                None if rules.bare_names => {}
                None => return Err(NameError::NoDomain),
            }
        }
        Ok(Self(name))
    }

    /// Whether `text` is a name that some configuration allows. What was read from elsewhere is asked this before it goes
    /// to a program for which other symbols mean something.
    pub fn is_sound(text: &str) -> bool {
        let allowed = |symbol: &char| !FORBIDDEN_NAME_SYMBOLS.contains(*symbol);
        let symbols = (b'!'..=b'~').map(char::from).filter(allowed).collect();
        let widest = NameRules { default_domain: None, bare_names: true, symbols };
        Self::parse(text.as_bytes(), &widest).is_ok_and(|name| name.0 == text)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`; the whole of a bare name.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }

    /// The part behind the `@`; none of a bare name.
    pub fn domain(&self) -> Option<&str> {
        self.0.split_once('@').map(|(_, domain)| domain)
    }

    /// The same local part in another domain; of a bare name, the name there.
    pub fn in_domain(&self, domain: &DomainName) -> Result<Self, NameError> {
        let name = format!("{}@{domain}", self.local());
        if name.len() > MAX_NAME { Err(NameError::TooLong) } else { Ok(Self(name)) }
    }

    /// Whether no other name under the same rules has the same local part: the one with the default domain, or, without
    /// a default domain, the bare one.
    pub fn is_sole_local(&self, rules: &NameRules) -> bool {
        self.domain() == rules.default_domain.as_deref()
    }

    /// A name that a store had kept, which therefore was normalised when it was written.
    pub(crate) fn from_store(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A domain, as it stands behind the `@` of account names. Always lower-case ASCII.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// Normalises `raw`, by the rules that domains of account names have.
    pub fn parse(raw: &[u8]) -> Result<Self, NameError> {
        let rules = NameRules { default_domain: None, bare_names: false, symbols: String::new() };
        let sample = AccountName::parse(&[b"a@", raw].concat(), &rules)?;
        sample.domain().map(|domain| Self(domain.to_string())).ok_or(NameError::NoDomain)
    }

    /// The domain as text, without `@`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A domain that a store had kept, which therefore was normalised when it was written.
    pub(crate) fn from_store(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether somebody must have 2FA on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Everybody does as she likes.
    Never,
    /// From this time on.
    From(i64),
    /// They must.
    Now,
}

impl Requirement {
    /// The stored form: -1 never, 0 now, else from that time on.
    pub fn stored(self) -> i64 {
        match self {
            Self::Never => -1,
            Self::Now => 0,
            Self::From(time) => time.max(0),
        }
    }

    /// From the stored form; none for what is none.
    pub fn from_stored(stored: i64) -> Option<Self> {
        match stored {
            ..-1 => None,
            -1 => Some(Self::Never),
            0 => Some(Self::Now),
            time => Some(Self::From(time)),
        }
    }
}

/// What is set about requiring 2FA of one account. [`crate::auth::Policy::two_factor_at`] says what follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// For the account itself.
    pub account: Option<Requirement>,
    /// For its domain; also where the name has no record.
    pub domain: Option<Requirement>,
    /// Its 2FA was reset and is to be turned on again: until then it is required, whatever else is set.
    pub enrol_again: bool,
}

/// The random, immutable identity of an account. It is bound into every hash and every sealed secret, so that a name
/// created again inherits nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountUid(pub [u8; 16]);

/// What a mail app speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// IMAP (RFC 9051).
    Imap,
    /// POP3 (RFC 1939).
    Pop3,
    /// SMTP submission (RFC 6409), through Postfix or Dovecot.
    Smtp,
    /// ManageSieve (RFC 5804).
    Sieve,
}

impl Protocol {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Self; 4] = [Self::Imap, Self::Pop3, Self::Smtp, Self::Sieve];

    /// The name used in options, lists and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Smtp => "smtp",
            Self::Sieve => "sieve",
        }
    }

    /// Reads a protocol name; `submission` counts as smtp and `managesieve` as sieve.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "imap" => Self::Imap,
            "pop3" => Self::Pop3,
            "smtp" | "submission" => Self::Smtp,
            "sieve" | "managesieve" => Self::Sieve,
            _ => return None,
        })
    }

    fn bit(self) -> u8 {
        match self {
            Self::Imap => 1,
            Self::Pop3 => 2,
            Self::Smtp => 4,
            Self::Sieve => 8,
        }
    }
}

/// A set of protocols. Stored as a bit mask: imap 1, pop3 2, smtp 4, sieve 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocols(u8);

impl Protocols {
    /// Every protocol.
    pub const ALL: Self = Self(15);

    /// Whether `protocol` is in the set.
    pub fn contains(self, protocol: Protocol) -> bool {
        self.0 & protocol.bit() != 0
    }

    /// Whether the set has no member.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in the order of [`Protocol::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Protocol> {
        Protocol::ALL.into_iter().filter(move |protocol| self.contains(*protocol))
    }

    /// The stored form.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// From the stored form; bits without meaning are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl FromIterator<Protocol> for Protocols {
    fn from_iter<I: IntoIterator<Item = Protocol>>(protocols: I) -> Self {
        Self(protocols.into_iter().fold(0, |bits, protocol| bits | protocol.bit()))
    }
}

/// An account as the store keeps it.
#[derive(Clone)]
pub struct Account {
    /// Its identity.
    pub uid: AccountUid,
    /// Its normalised name.
    pub name: AccountName,
    /// False: nothing opens it.
    pub enabled: bool,
    /// Grows with every change that matters to a login; a claim names the version it was decided on.
    pub version: i64,
    /// PHC string of the primary password; none where another PAM module keeps it.
    pub password: Option<String>,
    /// When it was created.
    pub created_at: i64,
    /// TOTP authenticators, confirmed and pending, oldest first.
    pub authenticators: Vec<Authenticator>,
}

impl Account {
    /// Whether 2FA is on: at least one authenticator was confirmed.
    pub fn two_factor(&self) -> bool {
        self.confirmed().next().is_some()
    }

    /// The authenticators whose codes count.
    pub fn confirmed(&self) -> impl Iterator<Item = &Authenticator> {
        self.authenticators.iter().filter(|authenticator| authenticator.confirmed_at.is_some())
    }

    /// Digits of its codes: all its authenticators have the same, enrolment sees to it. Six while there is none.
    pub fn code_digits(&self) -> u8 {
        self.confirmed().next().map_or(6, |first| first.form.digits)
    }

    /// The enrolment that still waits for its first code.
    pub fn pending(&self) -> Option<&Authenticator> {
        self.authenticators.iter().find(|authenticator| authenticator.confirmed_at.is_none())
    }
}

/// One TOTP authenticator of an account.
#[derive(Clone)]
pub struct Authenticator {
    /// Its number within the account; never used again.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The sealed secret.
    pub sealed: Sealed,
    /// How codes are made.
    pub form: TotpForm,
    /// When it was created.
    pub created_at: i64,
    /// When its first code was shown to be right; none while pending.
    pub confirmed_at: Option<i64>,
    /// The last time step (RFC 6238 T) that was accepted; only later ones are.
    pub last_step: i64,
}

/// A secret encrypted with one of the numbered keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Number of the key in the key file.
    pub key: u32,
    /// 24 bytes of nonce, then the XChaCha20-Poly1305 ciphertext and tag.
    pub bytes: Vec<u8>,
}

/// Hash function of a TOTP authenticator (RFC 6238 section 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TotpAlgorithm {
    /// HMAC-SHA-1, what phone apps support.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl TotpAlgorithm {
    /// The name in provisioning URIs and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Reads the stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha512].into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

/// How an authenticator makes codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotpForm {
    /// Hash function.
    pub algorithm: TotpAlgorithm,
    /// Digits of a code: 6 or 8.
    pub digits: u8,
    /// Length of a time step in seconds.
    pub period: u32,
}

/// The public id of an app password: its first four symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppPasswordId(pub(crate) [u8; 4]);

impl AppPasswordId {
    /// The four symbols.
    pub fn as_str(&self) -> &str {
        // Only ASCII symbols are ever put in.
        std::str::from_utf8(&self.0).unwrap_or("????")
    }
}

impl fmt::Display for AppPasswordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An app password as the store keeps it.
#[derive(Clone)]
pub struct AppPassword {
    /// Public id, unique within the account.
    pub id: AppPasswordId,
    /// What its owner calls it.
    pub name: String,
    /// PHC string over the 16 secret symbols.
    pub hash: String,
    /// Where it may be used.
    pub protocols: Protocols,
    /// From where it may be used; empty: from everywhere.
    pub networks: Vec<IpNet>,
    /// When it was made.
    pub created_at: i64,
    /// From this time on it opens nothing.
    pub expires_at: Option<i64>,
    /// Set when it was revoked; the row is kept so that a device that still presents it can be named.
    pub revoked_at: Option<i64>,
    /// Its last use, to the minute.
    pub last_use: Option<LastUse>,
}

/// When, from where and how something was last used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// When.
    pub at: i64,
    /// The address; empty when the service gave none.
    pub from: String,
    /// The protocol's name.
    pub protocol: String,
}

/// The first two symbols of a recovery code, which find its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecoveryIndex(pub(crate) [u8; 2]);

impl RecoveryIndex {
    /// The two symbols.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

/// A recovery code as the store keeps it.
#[derive(Clone)]
pub struct RecoveryCode {
    /// Unique within the account's current set.
    pub index: RecoveryIndex,
    /// PHC string over the ten secret symbols.
    pub hash: String,
    /// When it was used; it opens nothing afterwards.
    pub used_at: Option<i64>,
}

/// A network as throttling counts it: an IPv4 address, or the /64 of an IPv6 address.
pub fn throttle_network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            format!("{}/64", std::net::Ipv6Addr::from(segments))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> NameRules {
        NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() }
    }

    #[test]
    fn names_are_folded_in_ascii_only() {
        let name = AccountName::parse(b"Alice.B+x@Example.ORG", &rules()).unwrap();
        assert_eq!(name.as_str(), "alice.b+x@example.org");
        assert_eq!(name.local(), "alice.b+x");
    }

    #[test]
    fn other_spellings_of_a_name_are_errors_and_never_another_account() {
        for raw in [
            &b"alice@example.org "[..],
            b" alice@example.org",
            b"alice@example.org\n",
            b"alice@example.org\0",
            "\u{430}lice@example.org".as_bytes(),
            "alice@ex\u{430}mple.org".as_bytes(),
            b"al*ce@example.org",
            b"alice@@example.org",
            b"alice@",
            b"@example.org",
            b"-alice@example.org",
            b"../x@example.org",
            b"..@example.org",
            b"alice@-example.org",
            b"alice@example.org.",
            b"\xff\xfe@example.org",
            b"",
        ] {
            assert!(AccountName::parse(raw, &rules()).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn a_bare_name_gets_the_default_domain_or_is_refused() {
        assert_eq!(AccountName::parse(b"alice", &rules()), Err(NameError::NoDomain));
        let with_domain = NameRules { default_domain: Some("example.org".into()), ..rules() };
        assert_eq!(AccountName::parse(b"Alice", &with_domain).unwrap().as_str(), "alice@example.org");
        let bare = NameRules { bare_names: true, ..rules() };
        assert_eq!(AccountName::parse(b"Alice", &bare).unwrap().as_str(), "alice");
    }

    #[test]
    fn a_sound_name_is_one_that_some_configuration_allows_as_it_is() {
        for sound in ["alice@example.org", "a-b", "kick", "o'hara&co@example.org", "[x]{y}|$z;`w`", "10"] {
            assert!(AccountName::is_sound(sound), "{sound}");
        }
        for not in
            ["*", "a?c@example.org", "*@example.org", "-f", "--", "a b", "a\nb", "Alice", "", "a@b@c", "..", "al\u{e9}"]
        {
            assert!(!AccountName::is_sound(not), "{not:?}");
        }
    }

    #[test]
    fn v4_mapped_addresses_are_counted_as_ipv4() {
        assert_eq!(throttle_network("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
        assert_eq!(throttle_network("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1:2::/64");
    }
}
