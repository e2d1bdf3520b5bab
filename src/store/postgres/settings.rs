//! Where the database is, and how it is reached: the setting `store = "postgresql://…"`.
//!
//! The form of the URL is libpq's (`PostgreSQL documentation, 34.1.1.2 Connection URIs`): several hosts, each with its port,
//! and `target_session_attrs` among the parameters. What is different: a connection over the network is encrypted, and the
//! server's certificate and name are verified, unless `sslmode=disable` says that it is not to be; of `sslmode` only
//! `disable` and `verify-full` are known, because whatever lies between protects from nobody. `sslrootcert` names a file of
//! certificates that are trusted instead of the system's.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::Result;
use super::super::sql::Standing;
use super::error::unavailable;
use crate::credential::Secret;

/// How the database is reached.
#[derive(Clone)]
pub struct Settings {
    /// The URL without what is ours.
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// As it may be shown: hosts and database.
    pub(super) shown: String,
    /// For how long an operation is waited for before it is unavailable.
    pub(super) timeout: Duration,
    /// The URL does not say which kind of server is wanted.
    any_will_do: bool,
    /// For how long a connection is waited for.
    pub(super) connect: Duration,
    /// What the database must be.
    pub(super) standing: Standing,
}

/// For how long administration waits for one answer: it may change all accounts, or wait for somebody who does.
#[cfg(feature = "admin")]
const PATIENCE: Duration = Duration::from_secs(600);

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Why a URL is none that can be used, with what to do. It never holds a password.
#[derive(Debug, PartialEq, Eq)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SettingsError {}

/// Whether and how the connection is encrypted.
#[derive(PartialEq)]
enum Encryption {
    Off,
    Verified { roots: Option<PathBuf> },
}

impl Settings {
    /// Reads `url`; `password` is that of a file, in place of one in the URL.
    pub fn new(url: &str, password: Option<&Secret>, timeout: Duration) -> std::result::Result<Self, SettingsError> {
        let (url, encryption) = take_encryption(url)?;
        // The driver's words name what it does not understand, never a value.
        let mut config: Config =
            url.parse().map_err(|error: tokio_postgres::Error| SettingsError(format!("it cannot be read: {error}")))?;
        if config.get_hosts().is_empty() {
            return Err(SettingsError("it names no host: postgresql://user@host/database".into()));
        }
        if config.get_dbname().is_none() {
            return Err(SettingsError("it names no database: postgresql://user@host/database".into()));
        }
        if let Some(password) = password {
            config.password(password.as_bytes());
        }
        let everywhere_local = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        let tls = match encryption {
            Encryption::Off => None,
            Encryption::Verified { .. } if everywhere_local => None,
            Encryption::Verified { roots } => Some(connector(roots)?),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        let any_will_do = config.get_target_session_attrs() == TargetSessionAttrs::Any;
        if any_will_do && config.get_hosts().len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        config.application_name("mailkey");
        config.connect_timeout(timeout);
        config.tcp_user_timeout(timeout);
        config.keepalives_idle(Duration::from_secs(30));
        let standing = Standing::Complete;
        Ok(Self { shown: shown(&config), config, tls, timeout, any_will_do, connect: timeout, standing })
    }

    /// The same, for who only reads: of several servers the first that answers is taken, unless the URL says otherwise.
    pub(in crate::store) fn for_reading(mut self) -> Self {
        if self.any_will_do {
            self.config.target_session_attrs(TargetSessionAttrs::Any);
        }
        self
    }

    /// The same for administration, which waits for an answer as long as it takes, but for a connection no longer.
    #[cfg(feature = "admin")]
    pub(in crate::store) fn patient(self) -> Self {
        Self { timeout: PATIENCE.max(self.timeout), ..self }
    }

    /// The same, for a database that is what `standing` says.
    #[cfg(feature = "admin")]
    pub(in crate::store) fn standing(self, standing: Standing) -> Self {
        Self { standing, ..self }
    }

    /// The same, with another time limit.
    #[cfg(test)]
    pub(super) fn within(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// The same for each of its hosts alone, in their order.
    pub(super) fn each_host(&self) -> Vec<Self> {
        let all = &self.config;
        let ports = all.get_ports();
        let alone = |(at, host): (usize, &Host)| {
            let mut one = Config::new();
            match host {
                Host::Tcp(name) => one.host(name),
                Host::Unix(path) => one.host_path(path),
            };
            all.get_hostaddrs().get(at).map(|address| one.hostaddr(*address));
            ports.get(at).or(ports.first()).map(|port| one.port(*port));
            all.get_user().map(|user| one.user(user));
            all.get_password().map(|password| one.password(password));
            all.get_dbname().map(|name| one.dbname(name));
            all.get_options().map(|options| one.options(options));
            all.get_application_name().map(|name| one.application_name(name));
            all.get_connect_timeout().map(|timeout| one.connect_timeout(*timeout));
            all.get_tcp_user_timeout().map(|timeout| one.tcp_user_timeout(*timeout));
            all.get_keepalives_interval().map(|interval| one.keepalives_interval(interval));
            all.get_keepalives_retries().map(|retries| one.keepalives_retries(retries));
            one.keepalives(all.get_keepalives())
                .keepalives_idle(all.get_keepalives_idle())
                .ssl_mode(all.get_ssl_mode())
                .ssl_negotiation(all.get_ssl_negotiation())
                .channel_binding(all.get_channel_binding())
                .target_session_attrs(all.get_target_session_attrs());
            Self { shown: shown(&one), config: one, ..self.clone() }
        };
        all.get_hosts().iter().enumerate().map(alone).collect()
    }

    /// The same, for a server in that state.
    pub(super) fn session_attrs(mut self, wanted: TargetSessionAttrs) -> Self {
        self.config.target_session_attrs(wanted);
        self
    }

    /// What the driver connects with.
    pub(super) fn client(&self) -> Result<&Config> {
        if self.connect.is_zero() {
            return Err(unavailable(self, "is not waited for at all; raise busy_timeout"));
        }
        Ok(&self.config)
    }

    pub(super) fn tls(&self) -> Option<MakeRustlsConnect> {
        self.tls.clone()
    }
}

/// Takes `sslmode` and `sslrootcert` out of the URL: the driver knows neither `verify-full` nor the other.
fn take_encryption(url: &str) -> std::result::Result<(String, Encryption), SettingsError> {
    let (place, parameters) = url.split_once('?').unwrap_or((url, ""));
    let (mut off, mut roots, mut rest) = (false, None, Vec::new());
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("sslmode", "disable")) => off = true,
            Some(("sslmode", "verify-full")) => off = false,
            Some(("sslmode", _)) => {
                return Err(SettingsError("its sslmode must be verify-full (that is the default) or disable".into()));
            }
            Some(("sslrootcert", file)) => {
                let file = percent_encoding::percent_decode_str(file).decode_utf8();
                roots = Some(file.map_err(|_| SettingsError("its sslrootcert is no text".into()))?.into_owned().into());
            }
            _ => rest.push(parameter),
        }
    }
    let url = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
    Ok((url, if off { Encryption::Off } else { Encryption::Verified { roots } }))
}

fn connector(roots: Option<PathBuf>) -> std::result::Result<MakeRustlsConnect, SettingsError> {
    let mut trusted = RootCertStore::empty();
    match roots {
        Some(file) => {
            let shown = file.display().to_string();
            let wrong = |what: String| SettingsError(format!("its sslrootcert {shown} {what}"));
            let certificates =
                CertificateDer::pem_file_iter(&file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| wrong(format!("cannot be read: {error}")))?;
                trusted.add(certificate).map_err(|error| wrong(format!("holds no good certificate: {error}")))?;
            }
            if trusted.is_empty() {
                return Err(wrong("holds no certificate".into()));
            }
        }
        None => {
            let (added, _) = trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if added == 0 {
                return Err(SettingsError(
                    "this system trusts no certificates (package ca-certificates): name a file, ?sslrootcert=/path"
                        .into(),
                ));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| SettingsError(format!("TLS cannot be used: {error}")))?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Hosts and database, without user and password.
fn shown(config: &Config) -> String {
    let ports = config.get_ports();
    let host = |(at, host): (usize, &Host)| {
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            Host::Unix(path) => path.display().to_string(),
        }
    };
    let hosts: Vec<_> = config.get_hosts().iter().enumerate().map(host).collect();
    format!("postgresql://{}/{}", hosts.join(","), config.get_dbname().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> std::result::Result<Settings, SettingsError> {
        Settings::new(url, None, Duration::from_secs(5))
    }

    #[test]
    fn what_is_shown_holds_no_password_and_no_user() {
        let settings = settings("postgresql://mailkey:sesame@db1,db2:5433/mail?sslmode=disable").unwrap();
        assert_eq!(format!("{settings:?}"), "postgresql://db1:5432,db2:5433/mail");
    }

    #[test]
    fn of_several_hosts_one_that_can_be_written_is_taken() {
        let attributes = |url| settings(url).unwrap().config.get_target_session_attrs();
        assert_eq!(attributes("postgresql://a,b/m?sslmode=disable"), TargetSessionAttrs::ReadWrite);
        assert_eq!(attributes("postgresql://a/m?sslmode=disable"), TargetSessionAttrs::Any);
        let wanted = "postgresql://a,b/m?sslmode=disable&target_session_attrs=read-only";
        assert_eq!(attributes(wanted), TargetSessionAttrs::ReadOnly);
    }

    #[test]
    fn half_an_encryption_is_refused() {
        for mode in ["allow", "prefer", "require", "verify-ca", ""] {
            let refused = settings(&format!("postgresql://db/m?sslmode={mode}")).unwrap_err();
            assert!(refused.to_string().contains("verify-full"), "{mode}");
        }
    }

    #[test]
    fn what_is_missing_is_named_and_the_password_is_not() {
        for (url, missing) in [
            ("postgresql://u:sesame@/m", "no host"),
            ("postgresql://u:sesame@db?sslmode=disable", "no database"),
            ("postgresql://u:sesame@db/m?sslmode=disable&nonsense=1", "cannot be read"),
            ("postgresql://u:sesame@db/m?sslrootcert=/nowhere", "/nowhere"),
        ] {
            let refused = settings(url).unwrap_err().to_string();
            assert!(refused.contains(missing) && !refused.contains("sesame"), "{url}: {refused}");
        }
    }
}
