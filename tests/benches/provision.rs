//! Accounts of the benchmark, made through the library.
//!
//! A group is `NAME:KIND:ACCOUNTS:EACH[:STEP]`. KIND: `app` (2FA on, EACH app passwords), `code` (2FA on), `password`
//! (2FA off), `one` (2FA on, EACH app passwords, of which only the last one is used), `session` (2FA on, EACH webmail
//! sessions, opened before). With a STEP the accounts are those
//! of a bulk load, `user0000000@…`, every STEPth of them; else they are new.

use std::path::Path;

use mailkey::account::{AccountName, AccountUid, AppPassword, DEFAULT_NAME_SYMBOLS, NameRules, Protocol, Protocols};
use mailkey::config::{self, Config};
use mailkey::credential::hash::{self, HeapMemory, Owner};
use mailkey::credential::{Keyring, Secret, app_password, random, session, totp};
use mailkey::session::SessionKind;
use mailkey::store::{
    Claim, Claimed, Holder, Lookup, NewAccount, NewAuthenticator, NewSession, OpenStore, StoreError, ThrottleKeys, open,
};

use super::credentials::{Credential, FORM, now};

const PASSWORD: &str = "correct horse battery staple";

pub fn run(config: &str, credentials: &str, groups: &[&str]) {
    let (config, _) = config::load(Path::new(config)).unwrap();
    let (keys, _) = config::load_key(&config.key).unwrap();
    let store = open(config.store.clone(), config.busy_timeout).unwrap();
    let mut maker = Maker { config, keys, store, memory: HeapMemory::default(), lines: String::new() };
    for group in groups {
        maker.group(group);
    }
    let before = std::fs::read_to_string(credentials).unwrap_or_default();
    std::fs::write(credentials, before + &maker.lines).unwrap();
}

struct Maker {
    config: Config,
    keys: Keyring,
    store: OpenStore,
    memory: HeapMemory,
    lines: String,
}

impl Maker {
    fn group(&mut self, text: &str) {
        let words: Vec<&str> = text.split(':').collect();
        let [group, kind, accounts, each] = words[..4] else { panic!("{text}") };
        let (accounts, each): (usize, usize) = (accounts.parse().unwrap(), each.parse().unwrap());
        let step: Option<usize> = words.get(4).map(|step| step.parse().unwrap());
        for number in 0..accounts {
            let name = match step {
                Some(step) => format!("user{:07}@example.org", number * step),
                None => format!("{group}-{number}@example.org"),
            };
            self.account(group, kind, &name, each, step.is_none());
        }
    }

    fn account(&mut self, group: &str, kind: &str, user: &str, each: usize, new: bool) {
        let rules = NameRules { default_domain: None, bare_names: true, symbols: DEFAULT_NAME_SYMBOLS.into() };
        let name = AccountName::parse(user.as_bytes(), &rules).unwrap();
        let uid = if new { self.add(&name) } else { self.find(&name) };
        match kind {
            "password" => self.lines += &Credential::line(group, user, PASSWORD, None),
            "code" => {
                let phone = self.enrol(uid);
                self.lines += &Credential::line(group, user, PASSWORD, Some(phone.as_bytes()));
            }
            "session" => {
                self.enrol(uid);
                for _ in 0..each {
                    let credential = self.open_session(&name);
                    self.lines += &Credential::line(group, user, &credential, None);
                }
            }
            "app" | "one" => {
                if new {
                    self.enrol(uid);
                }
                for number in 1..=each {
                    let shown = self.add_app_password(uid);
                    if kind == "app" || number == each {
                        self.lines += &Credential::line(group, user, &shown, None);
                    }
                }
            }
            _ => panic!("{kind}"),
        }
    }

    fn add(&mut self, name: &AccountName) -> AccountUid {
        let uid = AccountUid(random().unwrap());
        let (profile, secret) = (self.config.policy.password_profile, Secret::copy(PASSWORD.as_bytes()));
        let password = hash::create(&mut self.memory, &self.keys, profile, Owner::Password(uid), &secret).unwrap();
        self.store.add_account(&NewAccount { uid, name, password: Some(&password) }, now()).unwrap();
        uid
    }

    fn find(&mut self, name: &AccountName) -> AccountUid {
        self.store.load(&Lookup::account(name)).unwrap().account.expect("an account of the bulk load").uid
    }

    /// Turns 2FA on; no step is used up.
    fn enrol(&mut self, uid: AccountUid) -> Secret {
        let phone = totp::generate().unwrap();
        let sealed = totp::seal(&self.keys, uid, &phone).unwrap();
        let new = NewAuthenticator { name: "phone", sealed: &sealed, form: FORM };
        let id = self.store.begin_enrolment(uid, &new, now()).unwrap();
        self.store.confirm_enrolment(uid, id, 0, &[], now()).unwrap();
        phone
    }

    /// Opens a session, as a sign-in with a code does.
    fn open_session(&mut self, name: &AccountName) -> String {
        let credential = session_credential();
        let account = self.store.load(&Lookup::account(name)).unwrap().account.unwrap();
        let new = NewSession {
            digest: session::read(credential.as_bytes()).and_then(|read| read.digest()).unwrap(),
            kind: SessionKind::Exchange,
            opening: Some([0; 16]),
            method: "totp",
            from: "192.0.2.1",
            protocol: "",
            confirmed: true,
        };
        let throttle = ThrottleKeys { subject: [0; 16], network: String::new() };
        let holder = Holder::Account { uid: account.uid, version: account.version };
        let claim = Claim { holder, what: None, session: Some(&new), throttle: &throttle, now: now() };
        assert_eq!(self.store.claim(&claim).unwrap(), Claimed::Yes);
        credential
    }

    fn add_app_password(&mut self, uid: AccountUid) -> String {
        // An id has 20 bits: among a thousand, two are alike now and then.
        loop {
            if let Some(shown) = self.try_app_password(uid) {
                return shown;
            }
        }
    }

    fn try_app_password(&mut self, uid: AccountUid) -> Option<String> {
        let made = app_password::generate().unwrap();
        let profile = self.config.policy.app_password_profile;
        let owner = Owner::AppPassword(uid, made.id);
        let row = AppPassword {
            id: made.id,
            name: "phone".into(),
            hash: hash::create(&mut self.memory, &self.keys, profile, owner, &made.secret).unwrap(),
            protocols: Protocol::ALL.iter().copied().collect::<Protocols>(),
            networks: Vec::new(),
            created_at: now(),
            expires_at: None,
            revoked_at: None,
            last_use: None,
        };
        match self.store.add_app_password(uid, None, &row) {
            Ok(()) => Some(made.shown().as_str().unwrap().to_string()),
            Err(StoreError::Exists) => None,
            Err(error) => panic!("{error}"),
        }
    }
}

/// A session credential, as a webmail makes one.
pub fn session_credential() -> String {
    const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let symbol = |byte: u8| char::from(SYMBOLS[usize::from(byte & 31)]);
    format!("mks-{}", random::<52>().unwrap().map(symbol).iter().collect::<String>())
}
