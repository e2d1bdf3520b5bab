//! Every page, with what it may have to show: usual content, and nasty content.

use mailkey::account::{
    Account, AccountName, AccountUid, AppPassword, Authenticator, DEFAULT_NAME_SYMBOLS, LastUse, NameRules, Protocols,
    Sealed, TotpAlgorithm, TotpForm,
};
use mailkey::admin::explain::{Finding, FindingKind};
use mailkey::admin::{Event, NameFault};
use mailkey::auth::Reason;
use mailkey::credential::Secret;
use mailkey::credential::app_password::read_id;
use mailkey::credential::password::PasswordError;
use mailkey::record::CounterKind;
use mailkey::session::{Session, SessionDigest, SessionKind};
use mailkey::store::{Activity as Happened, ActivityEntry};
use maud::Markup;

use super::model::*;
use super::*;
use crate::assets::Assets;
use crate::config::{Brand, Security, Server, Servers};
use crate::locale::Locale;

/// 2026-11-22T13:05:07Z.
pub const NOW: i64 = 1_795_352_707;
const DAY: i64 = 86_400;

/// Names that people give, and that others would.
pub const NASTY: [&str; 4] = [
    "<script>alert(1)</script>",
    "ＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷ",
    "הטלפון של אבא (חדש)",
    "\" onfocus=\"alert(1)\" autofocus=\"",
];

/// What pages are drawn from.
pub struct Samples {
    pub brand: Brand,
    pub assets: Assets,
    pub name: AccountName,
    pub servers: Servers,
    base: &'static str,
    names: [&'static str; 4],
    long: bool,
}

/// A page, and the file that the gallery keeps it in.
pub struct Sample {
    pub file: &'static str,
    pub markup: Markup,
}

pub fn account_name(text: &str) -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(text.as_bytes(), &rules).unwrap()
}

/// A finding of a kind, as one that was seen some times.
pub fn finding(kind: FindingKind) -> Finding {
    Finding {
        since: Some(NOW - 3 * DAY),
        last: Some(NOW - 3600),
        count: 7,
        until: Some(NOW + 600),
        number: Some(5),
        ..Finding::new(kind)
    }
}

impl Samples {
    pub fn usual() -> Self {
        let server = |port, security| Some(Server { host: "mail.example.org".into(), port, security });
        let brand = Brand { support: Some("https://example.org/help".into()), ..Brand::default() };
        Self {
            assets: Assets::new(&brand),
            brand,
            name: account_name("alice@example.org"),
            servers: Servers {
                imap: server(993, Security::Tls),
                pop3: None,
                smtp: server(587, Security::Starttls),
                sieve: None,
            },
            base: "",
            names: ["My phone", "Thunderbird on my laptop", "Old iPhone", "K-9 Mail"],
            long: false,
        }
    }

    pub fn nasty() -> Self {
        let local = "a-name-as-long-as-the-rules-allow-it-to-be-on-this-mail-server-here";
        let host = "a-host-name-that-is-quite-long-and-has-many-labels.mail.department.example.org";
        let name = account_name(&format!("{local}@{host}"));
        let brand = Brand { product: Some("Mail & <Sons>".into()), ..Brand::default() };
        let usual = Self::usual();
        let servers = Servers {
            imap: Some(Server { host: host.into(), port: 65535, security: Security::Starttls }),
            ..usual.servers
        };
        Self { brand, name, servers, names: NASTY, long: true, ..usual }
    }

    /// The same where the panel lies below a path.
    pub fn below(self, base: &'static str) -> Self {
        Self { base, ..self }
    }

    fn frame<'a>(&'a self, locale: &'a Locale, path: &'a str, section: Option<Section>) -> Frame<'a> {
        Frame {
            locale,
            brand: &self.brand,
            assets: &self.assets,
            base: self.base,
            csrf: "0123456789abcdef",
            path,
            account: Some(&self.name),
            section,
            notice: None,
            must_enrol: None,
        }
    }

    fn row(&self, id: &str, name: usize, protocols: u8) -> AppPassword {
        AppPassword {
            id: read_id(id).unwrap(),
            name: self.names[name].into(),
            hash: String::new(),
            protocols: Protocols::from_bits(protocols),
            networks: Vec::new(),
            created_at: NOW - 40 * DAY,
            expires_at: None,
            revoked_at: None,
            last_use: None,
        }
    }

    fn rows(&self) -> Vec<AppPassword> {
        let used = |at, from: &str, protocol: &str| Some(LastUse { at, from: from.into(), protocol: protocol.into() });
        let networks = vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::7/128".parse().unwrap()];
        vec![
            AppPassword {
                revoked_at: Some(NOW - 3 * DAY),
                last_use: used(NOW - 4 * DAY, "2001:db8:1234:5678:9abc:def0:1234:5678", "imap"),
                ..self.row("0ldp", 2, 5)
            },
            AppPassword { expires_at: Some(NOW - 7 * DAY), ..self.row("xp1r", 3, 15) },
            AppPassword { last_use: used(NOW - 300, "192.0.2.7", "imap"), ..self.row("k7m2", 1, 5) },
            AppPassword {
                networks,
                expires_at: Some(NOW + 90 * DAY),
                last_use: used(NOW - 9 * DAY, "2001:db8:1234:5678:9abc:def0:1234:5678", "smtp"),
                ..self.row("9xqd", 0, 15)
            },
            AppPassword { created_at: NOW - 60, ..self.row("abcd", 3, 2) },
        ]
    }

    fn authenticator(&self, id: i64, name: usize, confirmed: bool) -> Authenticator {
        Authenticator {
            id,
            name: self.names[name].into(),
            sealed: Sealed { key: 1, bytes: Vec::new() },
            form: FORM,
            created_at: NOW - 100 * DAY,
            confirmed_at: confirmed.then_some(NOW - 100 * DAY),
            last_step: 0,
        }
    }

    fn account(&self, authenticators: Vec<Authenticator>) -> Account {
        Account {
            uid: AccountUid([1; 16]),
            name: self.name.clone(),
            enabled: true,
            version: 1,
            password: None,
            created_at: NOW - 400 * DAY,
            authenticators,
        }
    }

    /// Entries with every event and every reason.
    pub fn entries(&self) -> Vec<ActivityEntry> {
        let plain = Happened {
            mode: "client".into(),
            protocol: "imap".into(),
            address: "192.0.2.7".into(),
            ..Happened::default()
        };
        let accepted = |mode: &str, method: &str, credential: &str| Happened {
            event: "accepted".into(),
            mode: mode.into(),
            method: method.into(),
            credential: credential.into(),
            ..plain.clone()
        };
        let mut happened = vec![
            accepted("panel", "totp", ""),
            accepted("client", "app_password", "k7m2"),
            Happened { codes_left: Some(4), ..accepted("webmail", "recovery_code", "ab") },
            accepted("webmail", "password", ""),
            Happened { protocol: "sieve".into(), ..accepted("client", "session", "4k7m2x") },
            accepted("client", "password", ""),
            Happened { event: "invented_later".into(), ..plain.clone() },
            Happened { event: "refused".into(), reason: "invented_later".into(), ..plain.clone() },
        ];
        happened.extend(Event::ALL.map(|event| Happened {
            event: event.as_str().into(),
            mode: if event == Event::AccountCreated { "command" } else { "panel" }.into(),
            credential: if event.as_str().starts_with("app_password") { "9xqd" } else { "" }.into(),
            ..Happened::default()
        }));
        happened.extend(["panel", "webmail"].map(|mode| Happened {
            event: Happened::SESSION_CLOSED.into(),
            mode: mode.into(),
            ..Happened::default()
        }));
        happened.extend(Reason::ALL.map(|reason| Happened {
            event: "refused".into(),
            reason: reason.as_str().into(),
            method: if reason.as_str().contains("app_password") { "app_password" } else { "totp" }.into(),
            credential: if reason == Reason::AppPasswordRevoked { "0ldp" } else { "" }.into(),
            ..plain.clone()
        }));
        let entry = |(at, activity): (usize, Happened)| {
            let before = i64::try_from(at * at).unwrap() * 1700;
            ActivityEntry {
                account: self.name.clone(),
                activity,
                first_at: NOW - before - 9000,
                last_at: NOW - before,
                count: if at % 3 == 1 { 12 } else { 1 },
            }
        };
        happened.into_iter().enumerate().map(entry).collect()
    }

    /// One of each kind, the first ones as most people have them.
    fn findings(&self) -> Vec<Finding> {
        let from = |address: &str, kind| Finding {
            address: address.into(),
            protocol: "imap".into(),
            mode: "client".into(),
            ..finding(kind)
        };
        let mut all = vec![
            from("198.51.100.7", FindingKind::AccountPasswordUsed),
            Finding {
                credential: "0ldp".into(),
                name: Some(self.names[2].into()),
                count: 1,
                ..from("2001:db8:1234:5678:9abc:def0:1234:5678", FindingKind::RevokedAppPasswordUsed)
            },
            Finding { number: Some(1), last: None, ..Finding::new(FindingKind::FewRecoveryCodes) },
            Finding { credential: "zzzz".into(), ..from("192.0.2.7", FindingKind::ExpiredAppPasswordUsed) },
            Finding { number: Some(1), ..finding(FindingKind::Guesses) },
        ];
        let pauses = [CounterKind::Code, CounterKind::CodeHour, CounterKind::Password, CounterKind::Network];
        all.extend(pauses.map(|paused| Finding { paused: Some(paused), ..from("192.0.2.0/24", FindingKind::Paused) }));
        all.extend(FindingKind::ALL.map(|kind| from("192.0.2.7", kind)));
        all
    }

    /// Every page.
    #[allow(clippy::too_many_lines)] // a list
    pub fn pages(&self, locale: &Locale) -> Vec<Sample> {
        let (rows, entries) = (self.rows(), self.entries());
        let secret = Secret::copy(b"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
        let uri = Secret::from(format!(
            "otpauth://totp/Example:{}?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example",
            self.name
        ));
        let app_password = Secret::copy(b"k7m2-9xqd-0011-abcd-efgh");
        let codes = sample_codes();
        let two = self.account(vec![self.authenticator(1, 0, true), self.authenticator(2, 1, true)]);
        let (one, waiting) =
            (self.account(vec![self.authenticator(1, 0, true)]), self.account(vec![self.authenticator(1, 0, false)]));
        let (none, typed) = (self.account(Vec::new()), self.typed());
        let sessions = self.sessions();
        let lines = [self.line("4k7m2x", true), self.line("9b2c7d", false)];

        let home = || self.frame(locale, "/", Some(Section::Overview));
        let factor = || self.frame(locale, "/two-factor", Some(Section::TwoFactor));
        let apps = || self.frame(locale, "/app-passwords", Some(Section::AppPasswords));
        let change = || self.frame(locale, "/password", Some(Section::Password));
        let happened = || self.frame(locale, "/activity", Some(Section::Activity));
        let outside = || Frame { account: None, ..self.frame(locale, "/sign-in", None) };

        let findings = self.findings();
        let on = Overview {
            two_factor: true,
            authenticators: 2,
            codes_left: 8,
            app_passwords: &rows,
            findings: &[],
            last: &entries[..5],
            now: NOW,
        };
        let status = TwoFactor {
            account: &two,
            codes_left: 8,
            enrolment_held: false,
            label: "",
            invitation: false,
            problem: None,
            now: NOW,
        };
        let enrolment =
            Enrol { uri: &uri, secret: &secret, form: FORM, label: self.names[0], first: true, problem: None };
        let form = AppPasswordForm::default();
        let change_it = Password {
            name: &self.name,
            two_factor: true,
            digits: 6,
            keeps_password: true,
            min_length: 10,
            app_passwords: 3,
            revoke: false,
            problem: None,
        };
        let created = AppPasswordCreated {
            row: &rows[3],
            secret: &app_password,
            servers: &self.servers,
            user: self.name.as_str(),
            profile: true,
            now: NOW,
        };
        let mut pages = Vec::new();
        let mut add = |file: &'static str, markup: Markup| pages.push(Sample { file, markup });

        add("sign-in", sign_in(&outside(), &SignIn { name: "", code_field: false, problem: None }));
        add(
            "sign-in-signed-out",
            sign_in(
                &Frame { notice: Some(Notice::SignedOut), ..outside() },
                &SignIn { name: "", code_field: true, problem: None },
            ),
        );
        add(
            "sign-in-wrong",
            sign_in(&outside(), &SignIn { name: NASTY[3], code_field: true, problem: Some(Problem::SignIn) }),
        );
        add(
            "sign-in-ended",
            sign_in(&outside(), &SignIn { name: "", code_field: false, problem: Some(Problem::SessionEnded) }),
        );
        add("second-step", second_step(&outside(), &SecondStep { name: self.name.as_str(), digits: 6, problem: None }));
        add(
            "second-step-wrong",
            second_step(
                &outside(),
                &SecondStep { name: self.name.as_str(), digits: 8, problem: Some(Problem::WrongCode) },
            ),
        );
        add(
            "second-step-recovery",
            second_step(
                &outside(),
                &SecondStep { name: self.name.as_str(), digits: 6, problem: Some(Problem::WrongRecoveryCode) },
            ),
        );
        add("overview", overview(&home(), &on));
        add(
            "overview-few",
            overview(
                &Frame { notice: Some(Notice::TwoFactorOn), ..home() },
                &Overview { codes_left: 0, authenticators: 1, app_passwords: &[], last: &[], ..on },
            ),
        );
        add(
            "overview-off",
            overview(
                &Frame { must_enrol: Some(MustEnrol::From(NOW + 9 * DAY)), ..home() },
                &Overview { two_factor: false, ..on },
            ),
        );
        add("overview-attention", overview(&home(), &Overview { findings: &findings[..3], ..on }));
        add("two-factor", two_factor(&factor(), &status));
        add(
            "two-factor-one",
            two_factor(
                &factor(),
                &TwoFactor {
                    account: &one,
                    codes_left: 1,
                    problem: Some(BeginProblem::Name(NameFault::TooLong)),
                    label: self.names[1],
                    ..status
                },
            ),
        );
        add(
            "two-factor-off-now",
            two_factor(
                &Frame { must_enrol: Some(MustEnrol::Now), ..factor() },
                &TwoFactor { account: &none, ..status },
            ),
        );
        add(
            "two-factor-pending",
            two_factor(&factor(), &TwoFactor { account: &waiting, enrolment_held: true, ..status }),
        );
        add(
            "two-factor-pending-lost",
            two_factor(
                &factor(),
                &TwoFactor { account: &waiting, problem: Some(BeginProblem::Name(NameFault::Empty)), ..status },
            ),
        );
        add(
            "two-factor-invitation",
            two_factor(
                &Frame { must_enrol: Some(MustEnrol::Now), ..factor() },
                &TwoFactor { account: &none, invitation: true, ..status },
            ),
        );
        for (file, problem) in [
            ("two-factor-invitation-missing", Problem::InvitationMissing),
            ("two-factor-invitation-shape", Problem::InvitationShape),
            ("two-factor-invitation-wrong", Problem::InvitationWrong),
            ("two-factor-invitation-expired", Problem::InvitationExpired),
            ("two-factor-invitation-throttled", Problem::Throttled),
        ] {
            let problem = Some(BeginProblem::Invitation(problem));
            let page = TwoFactor { account: &none, invitation: true, label: self.names[0], problem, ..status };
            add(file, two_factor(&factor(), &page));
        }
        add("enrol", enrol(&factor(), &enrolment));
        add(
            "enrol-wrong",
            enrol(&factor(), &Enrol { first: false, problem: Some(Problem::CodeShape(6)), ..enrolment }),
        );
        add("recovery-codes", recovery_codes(&factor(), &RecoveryCodes { codes: &codes, first: true }));
        add("recovery-codes-again", recovery_codes(&factor(), &RecoveryCodes { codes: &codes, first: false }));
        add("two-factor-off", two_factor_off(&factor(), &TwoFactorOff { digits: 6, invitation: false, problem: None }));
        add(
            "two-factor-off-wrong",
            two_factor_off(
                &factor(),
                &TwoFactorOff { digits: 6, invitation: true, problem: Some(Problem::WrongPassword) },
            ),
        );
        add(
            "two-factor-off-code",
            two_factor_off(
                &factor(),
                &TwoFactorOff { digits: 6, invitation: false, problem: Some(Problem::RecoveryCodeUsed) },
            ),
        );
        add(
            "remove-authenticator",
            remove_authenticator(&factor(), &RemoveAuthenticator { authenticator: &two.authenticators[1] }),
        );
        add(
            "app-passwords",
            app_passwords(
                &Frame { notice: Some(Notice::AppPasswordRevoked), ..apps() },
                &AppPasswords { list: &rows, two_factor: true, now: NOW },
            ),
        );
        add("app-passwords-none", app_passwords(&apps(), &AppPasswords { list: &[], two_factor: false, now: NOW }));
        add("new-app-password", new_app_password(&apps(), &NewAppPassword { form: &form, problems: &[], now: NOW }));
        add(
            "new-app-password-wrong",
            new_app_password(&apps(), &NewAppPassword { form: &typed, problems: &self.problems(), now: NOW }),
        );
        add("app-password-created", app_password_created(&apps(), &created));
        add(
            "app-password-created-bare",
            app_password_created(
                &apps(),
                &AppPasswordCreated { row: &rows[4], profile: false, servers: &Servers::default(), ..created },
            ),
        );
        add("revoke", revoke_app_password(&apps(), &RevokeAppPassword::One(&rows[2])));
        add("revoke-all", revoke_app_password(&apps(), &RevokeAppPassword::All(3)));
        add("password", password(&change(), &change_it));
        add(
            "password-wrong",
            password(
                &change(),
                &Password {
                    revoke: true,
                    problem: Some(PasswordProblem::New(PasswordError::TooShort(10))),
                    ..change_it
                },
            ),
        );
        add("password-elsewhere", password(&change(), &Password { keeps_password: false, ..change_it }));
        add(
            "activity",
            activity(
                &happened(),
                &Activity {
                    entries: &entries,
                    app_passwords: &rows,
                    webmail: &sessions,
                    panel: &lines,
                    notices: true,
                    now: NOW,
                },
            ),
        );
        add(
            "activity-none",
            activity(
                &happened(),
                &Activity {
                    entries: &[],
                    app_passwords: &[],
                    webmail: &[],
                    panel: &lines[..1],
                    notices: false,
                    now: NOW,
                },
            ),
        );
        let at_notices = || Frame { path: "/notices", ..happened() };
        add("notices", notices(&at_notices(), &Notices { enabled: true, address: "", problem: None }));
        add(
            "notices-wrong",
            notices(
                &at_notices(),
                &Notices { enabled: false, address: NASTY[3], problem: Some(NoticeProblem::Address) },
            ),
        );
        add(
            "prove",
            prove(
                &Frame { path: "/prove", ..apps() },
                &Prove { two_factor: true, digits: 6, next: "/app-passwords/new", problem: None },
            ),
        );
        add(
            "prove-password",
            prove(
                &apps(),
                &Prove { two_factor: false, digits: 6, next: NASTY[0], problem: Some(Problem::WrongPassword) },
            ),
        );
        for (file, shown) in
            ["not-found", "form-expired", "secret-gone", "too-many-requests", "out-of-service", "internal"]
                .into_iter()
                .zip(Message::ALL)
        {
            add(file, message(&outside(), shown));
        }
        // What else may be said, on pages that are there already.
        if self.long {
            for number in 0..findings.len() {
                add(
                    "",
                    overview(&home(), &Overview { findings: &findings[number..], two_factor: number % 2 == 0, ..on }),
                );
            }
            for notice in Notice::ALL {
                add("", overview(&Frame { notice: Some(notice), ..home() }, &on));
            }
            for problem in Problem::ALL {
                add("", sign_in(&outside(), &SignIn { name: "", code_field: false, problem: Some(problem) }));
                add("", prove(&apps(), &Prove { two_factor: true, digits: 6, next: "/", problem: Some(problem) }));
                add(
                    "",
                    two_factor_off(&factor(), &TwoFactorOff { digits: 6, invitation: false, problem: Some(problem) }),
                );
                add("", password(&change(), &Password { problem: Some(PasswordProblem::Proof(problem)), ..change_it }));
            }
            for error in [
                PasswordError::TooShort(1),
                PasswordError::TooLong,
                PasswordError::Control,
                PasswordError::LooksLikeCredential,
                PasswordError::IsName,
                PasswordError::Unchanged,
            ] {
                add(
                    "",
                    password(
                        &change(),
                        &Password {
                            two_factor: false,
                            min_length: 1,
                            app_passwords: 1,
                            problem: Some(PasswordProblem::New(error)),
                            ..change_it
                        },
                    ),
                );
            }
            add("", password(&change(), &Password { problem: Some(PasswordProblem::Again), ..change_it }));
            let unprintable = [
                AppPasswordProblem::Name(NameFault::Unprintable),
                AppPasswordProblem::ExpiryPast,
                AppPasswordProblem::TooMany(50),
            ];
            add("", new_app_password(&apps(), &NewAppPassword { form: &form, problems: &unprintable, now: NOW }));
        }
        pages
    }

    /// The file of recovery codes.
    pub fn recovery_codes_text(&self, locale: &Locale) -> Secret {
        let codes = sample_codes();
        let frame = self.frame(locale, "/two-factor", Some(Section::TwoFactor));
        recovery_codes_text(&frame, &RecoveryCodes { codes: &codes, first: true })
    }

    fn typed(&self) -> AppPasswordForm {
        AppPasswordForm {
            name: self.names[0].into(),
            protocols: Protocols::from_bits(0),
            expires: Expires::Date,
            expires_on: "soon".into(),
            networks: "192.0.2.0/24, the office <b>".into(),
        }
    }

    fn problems(&self) -> [AppPasswordProblem; 4] {
        [
            AppPasswordProblem::Name(NameFault::TooLong),
            AppPasswordProblem::NoProtocol,
            AppPasswordProblem::NoDate,
            AppPasswordProblem::Network("the office <b>".into()),
        ]
    }

    fn sessions(&self) -> [Session; 2] {
        let session = |byte: u8, method: &str, from: &str| Session {
            digest: SessionDigest([byte; 32]),
            kind: SessionKind::Exchange,
            opening: None,
            method: method.into(),
            opened_at: NOW - 2 * DAY,
            opened_from: from.into(),
            last_use: LastUse { at: NOW - 7300, from: from.into(), protocol: "imap".into() },
            confirmed: true,
            ended: false,
        };
        [session(7, "totp", "192.0.2.7"), session(99, "recovery_code", "2001:db8:1234:5678:9abc:def0:1234:5678")]
    }

    fn line(&self, id: &str, this: bool) -> PanelSessionLine {
        PanelSessionLine {
            id: id.into(),
            this,
            agent: if this { "Firefox on Linux".into() } else { self.names[3].chars().filter(|_| self.long).collect() },
            method: "totp".into(),
            opened_at: NOW - 600,
            opened_from: "192.0.2.7".into(),
            used_at: NOW - 5,
            used_from: if this { "192.0.2.7" } else { "198.51.100.23" }.into(),
        }
    }
}

fn sample_codes() -> Vec<Secret> {
    (0..10).map(|at| Secret::from(format!("{at}b2c-de3f-gh{at}j"))).collect()
}

const FORM: TotpForm = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };
