//! Sign-ins by way of the mail server: where PAM lets only root check passwords, the panel asks IMAP, which runs its PAM
//! service as root. Name, password and code come together, since IMAP cannot ask twice.
//!
//! The port must be one whose PAM service is mailkey's, in the mode webmail or panel. That it is, the store shows: where
//! 2FA is on, a sign-in has used up a time step or a recovery code. A yes without that is none.
//!
//! No IMAP crate: of what those read, three commands of four need nothing but the status of an answer, and the one thing
//! that matters here, a response code of RFC 5530 that tells "wrong" from "broken", they drop. And none of them wipes
//! what it sends.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use mailkey::account::{Account, AccountName, AppPasswordId, NameRules};
use mailkey::credential::{Secret, app_password, session};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use super::places::{Limits, Places};
use super::{Accepted, Answer, Method, Refused, Trouble, join, read_code, tell};

/// For how long each step before the password may take.
const STEP: Duration = Duration::from_secs(10);
/// For how long a mail server may think about a password: Dovecot answers later after failures (17 s at the most).
const JUDGEMENT: Duration = Duration::from_secs(25);
/// For how long the end of a session is waited for.
const FAREWELL: Duration = Duration::from_secs(1);
/// Longest line, and most lines, that are read of one answer.
const LONGEST_LINE: u64 = 8 * 1024;
const MOST_LINES: usize = 100;

/// What the store knows of a name at one time, as far as a sign-in is judged by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Accounts must have 2FA on.
    must_enrol: bool,
    /// There is an app password with the id that was asked for.
    app_password: bool,
    account: Option<Claims>,
}

/// What of an account a sign-in may use up.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claims {
    two_factor: bool,
    version: i64,
    /// Authenticators, and the last time step that was used of each.
    steps: Vec<(i64, i64)>,
    recovery_codes: u32,
}

impl Known {
    /// That accounts must have 2FA on; the account with the recovery codes that it has left, where there is a record; and
    /// that it has an app password with the id that was asked for.
    pub fn new(must_enrol: bool, account: Option<(&Account, u32)>, app_password: bool) -> Self {
        let claims = |(account, recovery_codes): (&Account, u32)| Claims {
            two_factor: account.two_factor(),
            version: account.version,
            steps: account.confirmed().map(|authenticator| (authenticator.id, authenticator.last_step)).collect(),
            recovery_codes,
        };
        Self { must_enrol, app_password, account: account.map(claims) }
    }

    fn two_factor(&self) -> bool {
        self.account.as_ref().is_some_and(|claims| claims.two_factor)
    }

    fn version(&self) -> Option<i64> {
        self.account.as_ref().map(|claims| claims.version)
    }

    /// What was used up since `before`.
    fn used_since(&self, before: &Self) -> Option<Method> {
        let (now, before) = (self.account.as_ref()?, before.account.as_ref()?);
        let stepped = now.steps.iter().any(|now| before.steps.iter().any(|then| then.0 == now.0 && then.1 < now.1));
        if stepped {
            Some(Method::Totp)
        } else {
            (now.recovery_codes < before.recovery_codes).then_some(Method::RecoveryCode)
        }
    }
}

/// Whoever asks the mail server.
pub struct Authenticator {
    endpoint: Endpoint,
    tls: Option<TlsConnector>,
    names: NameRules,
    places: Places,
}

/// Why there can be none.
#[derive(Debug, PartialEq, Eq)]
pub struct SetupError(String);

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SetupError {}

impl Authenticator {
    /// For `imap://host[:port]` or `imaps://host[:port]`. Certificates are compared with those in the PEM file
    /// `authorities`, else with the system's. `names` are those of mailkey's configuration.
    pub fn new(url: &str, authorities: Option<&Path>, names: NameRules, limits: Limits) -> Result<Self, SetupError> {
        let endpoint = Endpoint::parse(url)?;
        let tls = if endpoint.is_surely_here() && authorities.is_none() { None } else { Some(connector(authorities)?) };
        Ok(Self { endpoint, tls, names, places: Places::new(limits) })
    }

    /// Asks about `name` with a password and, where 2FA is on, the code as it was typed. `load` reads what is
    /// known of the account at the time at which it is called, and whether it has the app password of that id.
    pub async fn authenticate<F, Loading>(
        &self,
        name: &str,
        password: &Secret,
        code: Option<&Secret>,
        load: F,
    ) -> Result<Answer, Trouble>
    where
        F: Fn(AccountName, Option<AppPasswordId>) -> Loading,
        Loading: Future<Output = Result<Known, Trouble>>,
    {
        let since = Instant::now();
        let code = match code.map(read_code) {
            Some(None) => return Ok(tell(Answer::Refused(Refused::WrongCredential), since).await),
            Some(code) => code,
            None => None,
        };
        let answer = match (join(password, code.as_ref()), AccountName::parse(name.as_bytes(), &self.names)) {
            (Some(credential), Ok(account)) => self.attempt(account, credential, code.is_some(), load).await?,
            _ => Answer::Refused(Refused::WrongCredential),
        };
        Ok(tell(answer, since).await)
    }

    async fn attempt<F, Loading>(
        &self,
        account: AccountName,
        credential: Secret,
        with_code: bool,
        load: F,
    ) -> Result<Answer, Trouble>
    where
        F: Fn(AccountName, Option<AppPasswordId>) -> Loading,
        Loading: Future<Output = Result<Known, Trouble>>,
    {
        if session::read(credential.as_bytes()).is_some() {
            return Ok(Answer::Refused(Refused::NotAllowedHere));
        }
        // Whether its end was typed into the code's field or not. Without the dashes of an app password it is one only
        // where the account has it: a password of 20 letters looks the same.
        let presented = app_password::read(credential.as_bytes());
        let (id, grouped) = (presented.as_ref().map(|app| app.id), presented.is_some_and(|app| app.grouped));
        if grouped {
            return Ok(Answer::Refused(Refused::NotAllowedHere));
        }
        let _place = self.places.enter().await?;
        let before = load(account.clone(), id).await?;
        if before.app_password {
            return Ok(Answer::Refused(Refused::NotAllowedHere));
        }
        match self.ask(&account, credential).await? {
            Word::Yes => {
                let after = load(account.clone(), id).await?;
                self.judge(account, &before, &after, with_code)
            }
            Word::No => Ok(Answer::Refused(Refused::WrongCredential)),
            Word::Expired => Ok(Answer::Refused(Refused::PasswordExpired)),
        }
    }

    /// What the mail server's yes is worth.
    fn judge(&self, account: AccountName, before: &Known, after: &Known, with_code: bool) -> Result<Answer, Trouble> {
        if before.version() != after.version() || before.two_factor() != after.two_factor() || after.app_password {
            return Ok(Answer::Refused(Refused::Changed));
        }
        let accepted = |method, enrolment_only| Answer::Accepted(Accepted { account, method, enrolment_only });
        if before.two_factor() {
            return match after.used_since(before) {
                Some(method) => Ok(accepted(method, false)),
                // A webmail session of the mode "grace", which takes the same code again.
                None if with_code => Ok(Answer::Refused(Refused::CodeUsed)),
                None => Err(Trouble::Unavailable(format!(
                    "{} accepted a password without the code that 2FA wants: auth must name a port whose PAM service is \
                     mailkey-webmail or mailkey-panel",
                    self.endpoint
                ))),
            };
        }
        // Without 2FA nobody has a code: what was typed was part of something else.
        let answer = if with_code {
            Answer::Refused(Refused::WrongCredential)
        } else {
            accepted(Method::Password, after.must_enrol)
        };
        Ok(answer)
    }

    async fn ask(&self, account: &AccountName, credential: Secret) -> Result<Word, Trouble> {
        let asked = async {
            let mut session = in_time(STEP, Session::open(&self.endpoint, self.tls.as_ref())).await?;
            let word = in_time(JUDGEMENT, session.authenticate(account, credential)).await?;
            // Nobody waits for more than its end; what was said is said.
            let _ = timeout(FAREWELL, session.leave()).await;
            Ok(word)
        };
        asked.await.map_err(|fault| match fault {
            Fault::TimedOut => Trouble::TimedOut,
            Fault::Broken(text) => Trouble::Unavailable(format!("{}: {text}", self.endpoint)),
        })
    }
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Endpoint {
    tls_at_once: bool,
    host: String,
    port: u16,
}

impl Endpoint {
    fn parse(url: &str) -> Result<Self, SetupError> {
        let wrong = |what: &str| {
            SetupError(format!(
                "auth = {url:?}: {what}; for example imap://127.0.0.1:10143 or imaps://mail.example.org"
            ))
        };
        let (tls_at_once, rest) = match (url.strip_prefix("imap://"), url.strip_prefix("imaps://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(wrong("it begins with imap:// or imaps://")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, port)) => (host, port),
            None => rest.split_at(rest.find(':').unwrap_or(rest.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().ok().filter(|port| *port != 0).ok_or_else(|| wrong("the port is no number"))?,
            None if port.is_empty() && tls_at_once => 993,
            None if port.is_empty() => 143,
            None => return Err(wrong("something stands behind the host")),
        };
        if ServerName::try_from(host).is_err() {
            return Err(wrong("the host is no name and no address"));
        }
        Ok(Self { tls_at_once, host: host.into(), port })
    }

    /// Whether no certificate will ever be needed: without TLS, on this machine.
    fn is_surely_here(&self) -> bool {
        let here = self.host == "localhost" || self.host.parse().is_ok_and(|at: std::net::IpAddr| at.is_loopback());
        here && !self.tls_at_once
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls_at_once { "imaps" } else { "imap" };
        if self.host.contains(':') {
            write!(f, "{scheme}://[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{scheme}://{}:{}", self.host, self.port)
        }
    }
}

fn connector(authorities: Option<&Path>) -> Result<TlsConnector, SetupError> {
    let mut roots = RootCertStore::empty();
    let from = match authorities {
        Some(path) => {
            let wrong = |error: &dyn fmt::Display| SetupError(format!("{}: {error}", path.display()));
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
                roots.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
            }
            path.display().to_string()
        }
        None => {
            // What cannot be read is told by there being none.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            "the system's store (package ca-certificates)".into()
        }
    };
    if roots.is_empty() {
        return Err(SetupError(format!("no certificates of authorities in {from}: TLS to the mail server needs them")));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| SetupError(format!("TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Why there is no word.
#[derive(Debug)]
enum Fault {
    TimedOut,
    Broken(String),
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

async fn in_time<T>(limit: Duration, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(limit, work).await.unwrap_or(Err(Fault::TimedOut))
}

/// What the mail server says to a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Yes,
    No,
    Expired,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection that nobody is signed in to yet (RFC 9051).
struct Session {
    stream: BufReader<Box<dyn Stream>>,
}

impl Session {
    /// Connects, and begins TLS where the way is not this machine's own.
    async fn open(endpoint: &Endpoint, tls: Option<&TlsConnector>) -> Result<Self, Fault> {
        let tcp = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).await?;
        tcp.set_nodelay(true)?;
        let here = tcp.peer_addr()?.ip().to_canonical().is_loopback();
        let plain: Box<dyn Stream> = Box::new(tcp);
        if endpoint.tls_at_once {
            let mut session = Self { stream: BufReader::new(secured(plain, endpoint, tls).await?) };
            session.greeting().await?;
            return Ok(session);
        }
        let mut session = Self { stream: BufReader::new(plain) };
        session.greeting().await?;
        if here {
            return Ok(session);
        }
        session.send(b"s STARTTLS\r\n").await?;
        let (status, text) = session.status("s").await?;
        if status != Status::Ok {
            return Err(Fault::Broken(format!("no TLS there ({text}): passwords go to this machine only without it")));
        }
        // What came before TLS and waits to be read after it may be anybody's.
        if !session.stream.buffer().is_empty() {
            return Err(Fault::Broken("something was said between STARTTLS and TLS".into()));
        }
        let stream = secured(session.stream.into_inner(), endpoint, tls).await?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// The server speaks first. Who is signed in already has proved nothing.
    async fn greeting(&mut self) -> Result<(), Fault> {
        let line = self.line().await?;
        let greets = line.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("* OK"));
        if greets {
            Ok(())
        } else {
            Err(Fault::Broken(format!("it does not greet like an IMAP server: {}", cut(&line))))
        }
    }

    /// AUTHENTICATE PLAIN (RFC 4616): it takes passwords of any bytes but NUL.
    async fn authenticate(&mut self, account: &AccountName, credential: Secret) -> Result<Word, Fault> {
        let name = account.as_str().as_bytes();
        let mut message = Zeroizing::new(Vec::with_capacity(name.len() + credential.as_bytes().len() + 2));
        for part in [&b"\0"[..], name, b"\0", credential.as_bytes()] {
            message.extend_from_slice(part);
        }
        drop(credential);
        let length = BASE64.encode_len(message.len());
        let mut encoded = Zeroizing::new(vec![0; length + 2]);
        BASE64.encode_mut(&message, &mut encoded[..length]);
        encoded[length..].copy_from_slice(b"\r\n");

        self.send(b"a AUTHENTICATE PLAIN\r\n").await?;
        for _ in 0..MOST_LINES {
            let line = self.line().await?;
            if line.starts_with('+') {
                self.send(&encoded).await?;
                let (status, text) = self.status("a").await?;
                return word(status, &text);
            }
            if let Some((_, text)) = status_of(&line, "a") {
                return Err(Fault::Broken(format!("it takes no passwords (AUTHENTICATE PLAIN): {text}")));
            }
        }
        Err(Fault::Broken("it says much and answers nothing".into()))
    }

    async fn leave(mut self) -> Result<(), Fault> {
        self.send(b"z LOGOUT\r\n").await?;
        self.status("z").await.map(drop)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.stream.write_all(bytes).await?;
        Ok(self.stream.flush().await?)
    }

    /// The status of the command `tag`, behind whatever else is said.
    async fn status(&mut self, tag: &str) -> Result<(Status, String), Fault> {
        for _ in 0..MOST_LINES {
            let line = self.line().await?;
            if let Some((status, text)) = status_of(&line, tag) {
                return Ok((status, cut(text).to_string()));
            }
        }
        Err(Fault::Broken("it says much and answers nothing".into()))
    }

    /// One line without its end.
    async fn line(&mut self) -> Result<String, Fault> {
        let mut line = Vec::new();
        (&mut self.stream).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
        match line.strip_suffix(b"\n") {
            Some(line) => Ok(String::from_utf8_lossy(line).trim_end().to_string()),
            None if line.is_empty() => Err(Fault::Broken("it closed the connection".into())),
            None => Err(Fault::Broken("a line of it has no end".into())),
        }
    }
}

async fn secured(
    stream: Box<dyn Stream>,
    endpoint: &Endpoint,
    tls: Option<&TlsConnector>,
) -> Result<Box<dyn Stream>, Fault> {
    let name = ServerName::try_from(endpoint.host.clone()).map_err(|error| Fault::Broken(error.to_string()))?;
    let tls = tls.ok_or_else(|| Fault::Broken("it is not on this machine, and no certificates were read".into()))?;
    Ok(Box::new(tls.connect(name, stream).await?))
}

/// The status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Ok,
    No,
    Bad,
}

/// What a line says about the command `tag`: its status and the text behind it.
fn status_of<'a>(line: &'a str, tag: &str) -> Option<(Status, &'a str)> {
    let rest = line.strip_prefix(tag)?.strip_prefix(' ')?;
    let (status, text) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = [("OK", Status::Ok), ("NO", Status::No), ("BAD", Status::Bad)]
        .into_iter()
        .find(|(name, _)| status.eq_ignore_ascii_case(name))?
        .1;
    Some((status, text))
}

/// What a status means, with the response code that stands before its text (RFC 5530).
fn word(status: Status, text: &str) -> Result<Word, Fault> {
    let code = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or("", |(code, _)| code);
    let code = code.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    match (status, code.as_str()) {
        (Status::Ok, _) => Ok(Word::Yes),
        (Status::No, "EXPIRED") => Ok(Word::Expired),
        (Status::No, "" | "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "ALERT") => Ok(Word::No),
        // UNAVAILABLE, PRIVACYREQUIRED, LIMIT, SERVERBUG and so on: nothing about the password.
        (Status::No | Status::Bad, _) => Err(Fault::Broken(format!("it did not judge the password: {}", cut(text)))),
    }
}

/// Enough of a foreign text for the log.
fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(120).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

#[cfg(test)]
#[path = "imap_tests.rs"]
mod tests;
