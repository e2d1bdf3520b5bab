//! One attempt to sign in: who, where, and what was presented.

use std::net::IpAddr;

use super::policy::WebmailSession;
use super::reason::Reason;
use crate::account::{AccountName, AppPassword, AppPasswordId, Protocol, RecoveryIndex, throttle_network};
use crate::credential::app_password::PresentedAppPassword;
use crate::credential::password::MAX_PRESENTED;
use crate::credential::recovery_code::PresentedRecoveryCode;
use crate::credential::session::{Opening, PresentedCode, PresentedSession};
use crate::credential::{Keyring, Secret, app_password, recovery_code, session};
use crate::record::{Lookup, ThrottleKeys};
use crate::session::SessionDigest;

/// What kind of program asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A webmail: password and code, or a session credential.
    Webmail,
    /// A mail app: an app password, or the primary password while 2FA is off.
    Client,
    /// The self-service panel.
    Panel,
}

impl Mode {
    /// The name used in options and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webmail => "webmail",
            Self::Client => "client",
            Self::Panel => "panel",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Webmail, Self::Client, Self::Panel].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// Who checks the primary password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrimarySource {
    /// mailkey, by the hash in its store.
    Store,
    /// Another PAM module, between two lines of ours.
    Stack {
        /// Whether a name without a record is refused; else it is an account without 2FA.
        reject_unknown: bool,
    },
}

/// One attempt.
pub struct Attempt {
    /// The normalised name.
    pub name: AccountName,
    /// What kind of program asks.
    pub mode: Mode,
    /// What the program speaks, where that is known.
    pub protocol: Option<Protocol>,
    /// From where, where that is known; an IPv4 address mapped to IPv6 is an IPv4 address here.
    pub remote: Option<IpAddr>,
    /// Whether that is one of the webmail's addresses (`webmail_hosts`).
    pub webmail_host: bool,
    /// Who checks the primary password.
    pub primary: PrimarySource,
    /// What was presented.
    pub presented: Presented,
}

impl Attempt {
    /// The counters that this attempt reads and moves. Behind a webmail many people share one address: there only the
    /// account's own count. So do the visitors of a panel that asks the mail server: the address is the panel's, and
    /// wrong passwords of one visitor must not pause everybody else.
    pub fn throttle_keys(&self, keys: &Keyring) -> ThrottleKeys {
        let is_own = |remote: &IpAddr| match self.mode {
            Mode::Webmail => false,
            Mode::Panel => !remote.is_loopback() && !self.webmail_host,
            Mode::Client => true,
        };
        throttle_keys(keys, &self.name, self.remote.filter(is_own))
    }

    /// What to read from the store; `session` is [`Self::session`]. App passwords and session credentials are not
    /// throttled: neither can be guessed.
    pub fn lookup<'a>(&'a self, throttle: &'a ThrottleKeys, session: Option<SessionDigest>) -> Lookup<'a> {
        let throttled = match &self.presented.session {
            Some(presented) => matches!(presented, PresentedSession::Open(_)),
            None => !self.presented.is_grouped_app_password(),
        };
        Lookup {
            name: &self.name,
            app_password: self.presented.app_password_id(),
            recovery_code: self.presented.recovery_index(),
            session,
            throttle: throttled.then_some(throttle),
        }
    }

    /// Whether it may be one that [`super::by_reading`] lets in.
    pub fn may_open_by_reading(&self) -> bool {
        match &self.presented.session {
            Some(presented) => matches!(presented, PresentedSession::Use(_)),
            None => self.mode == Mode::Client && self.presented.app_password.is_some(),
        }
    }

    /// The session that is presented, or would be opened.
    pub fn session(&self, keys: &Keyring, sessions: WebmailSession) -> Option<SessionDigest> {
        match &self.presented.session {
            Some(presented) => presented.digest(),
            None if sessions == WebmailSession::Grace && self.mode == Mode::Webmail => {
                let parts = [self.name.as_str().as_bytes(), self.presented.whole.as_bytes()];
                Some(SessionDigest(keys.digest("grace", &parts)))
            }
            None => None,
        }
    }

    /// Keyed digest of what opens a session, so that the same again is known.
    pub(crate) fn opening_digest(&self, keys: &Keyring) -> [u8; 16] {
        keys.digest("opening", &[self.name.as_str().as_bytes(), self.presented.whole.as_bytes()])
    }
}

/// What was presented, with the shapes that it has. Nothing is decided by trying: the shape alone decides.
pub struct Presented {
    whole: Secret,
    app_password: Option<PresentedAppPassword>,
    recovery_code: Option<(usize, PresentedRecoveryCode)>,
    session: Option<PresentedSession>,
    /// Nothing of it is a code.
    alone: bool,
}

impl Presented {
    /// Looks at the shape of `whole`. Nothing, and more than any credential has, is refused.
    pub fn read(whole: Secret) -> Result<Self, Reason> {
        let bytes = whole.as_bytes();
        if bytes.is_empty() {
            return Err(Reason::EmptyCredential);
        }
        if bytes.len() > MAX_PRESENTED {
            return Err(Reason::CredentialTooLong);
        }
        if let Some(session) = session::read(bytes) {
            if matches!(&session, PresentedSession::Open(opening) if opening.password.is_empty()) {
                return Err(Reason::EmptyCredential);
            }
            return Ok(Self { whole, app_password: None, recovery_code: None, session: Some(session), alone: false });
        }
        let app_password = app_password::read(bytes);
        let recovery_code = recovery_code::split(bytes).map(|(before, code)| (before.len(), code));
        Ok(Self { whole, app_password, recovery_code, session: None, alone: false })
    }

    /// Whoever presents it says that it comes without a code: what stands at its end belongs to the password.
    pub fn without_code(self) -> Self {
        Self { recovery_code: None, alone: true, ..self }
    }

    /// All of it.
    pub fn whole(&self) -> &Secret {
        &self.whole
    }

    /// The session credential that it is, or what opens or closes a session.
    pub fn session(&self) -> Option<&PresentedSession> {
        self.session.as_ref()
    }

    /// What opens a session, where it is that.
    pub(super) fn opening(&self) -> Option<&Opening> {
        match &self.session {
            Some(PresentedSession::Open(opening)) => Some(opening),
            _ => None,
        }
    }

    /// What was guessed at: the password and the code, without the session credential, which is another one each time.
    pub(crate) fn guessed(&self) -> [&[u8]; 3] {
        let Some(opening) = self.opening() else { return [self.whole.as_bytes(), b"", b""] };
        let [code, more] = opening.code.guessed();
        [opening.password.as_bytes(), code, more]
    }

    /// The id to look up, where it has the shape of an app password.
    pub fn app_password_id(&self) -> Option<AppPasswordId> {
        self.app_password.as_ref().map(|presented| presented.id)
    }

    /// The index to look up, where it ends in the shape of a recovery code, or has one in a field of its own.
    pub fn recovery_index(&self) -> Option<RecoveryIndex> {
        match self.opening() {
            Some(Opening { code: PresentedCode::Recovery(code), .. }) => Some(code.index),
            _ => self.recovery_code.as_ref().map(|(_, code)| code.index),
        }
    }

    /// The secret symbols, where it has the shape of an app password.
    pub(crate) fn app_password_secret(&self) -> Option<&Secret> {
        self.app_password.as_ref().map(|presented| &presented.secret)
    }

    /// The app password that it is taken for, `row` being the one that the account has by its id.
    ///
    /// Written in groups, it is one. Without the dashes, 20 letters and digits may as well be a password with a code
    /// behind it, or a password that another PAM module keeps: there it is one only if the account has that id. (A
    /// primary password of that shape is refused when it is set, so that in client mode with `primary=store` it is
    /// one, whether or not the id is there; but not where the password was `imported`, as another program hashed it.)
    pub(super) fn as_app_password(
        &self,
        mode: Mode,
        primary: PrimarySource,
        row: Option<&AppPassword>,
        imported: bool,
    ) -> Option<&PresentedAppPassword> {
        let presented = self.app_password.as_ref()?;
        let ours = mode == Mode::Client && primary == PrimarySource::Store && !imported;
        (presented.grouped || ours || row.is_some()).then_some(presented)
    }

    /// Whether it is taken for an app password, whatever the account has.
    fn is_grouped_app_password(&self) -> bool {
        self.app_password.as_ref().is_some_and(|presented| presented.grouped)
    }

    /// The primary password, where no second factor is expected.
    pub(super) fn undivided(&self) -> &Secret {
        self.opening().map_or(&self.whole, |opening| &opening.password)
    }

    /// The password and the second factor behind it, or in a field of its own, where the account's codes have `digits`
    /// digits.
    pub(super) fn split(&self, digits: u8) -> (Secret, Second<'_>) {
        if let Some(opening) = self.opening() {
            return (opening.password.clone(), Second::of(&opening.code, digits));
        }
        if self.alone {
            return (self.whole.clone(), Second::None);
        }
        let whole = self.whole.as_bytes();
        if let Some((before, code)) = &self.recovery_code {
            return (Secret::copy(&whole[..*before]), Second::Recovery(code));
        }
        let digits = usize::from(digits);
        match whole.len().checked_sub(digits) {
            Some(at) if whole[at..].iter().all(u8::is_ascii_digit) => {
                (Secret::copy(&whole[..at]), Second::Totp(Secret::copy(&whole[at..])))
            }
            _ => (self.whole.clone(), Second::None),
        }
    }
}

/// The counters of a name, and of an address that is one person's.
pub(crate) fn throttle_keys(keys: &Keyring, name: &AccountName, own_address: Option<IpAddr>) -> ThrottleKeys {
    ThrottleKeys {
        subject: keys.digest("subject", &[name.as_str().as_bytes()]),
        network: own_address.map(throttle_network).unwrap_or_default(),
    }
}

/// The second factor that was presented.
pub(super) enum Second<'a> {
    None,
    Totp(Secret),
    Recovery(&'a PresentedRecoveryCode),
    /// Something that no code looks like, in the code's own field.
    Unreadable,
}

impl<'a> Second<'a> {
    /// What stands in a field of its own.
    pub(super) fn of(code: &'a PresentedCode, digits: u8) -> Self {
        match code {
            PresentedCode::None => Self::None,
            PresentedCode::Digits(code) if code.as_bytes().len() == usize::from(digits) => Self::Totp(code.clone()),
            PresentedCode::Recovery(code) => Self::Recovery(code),
            PresentedCode::Digits(_) | PresentedCode::Other => Self::Unreadable,
        }
    }
}
