//! The panel's configuration: `/etc/mailkey/panel.toml`. What accounts may do stands in mailkey's own, which `mailkey`
//! here names.
//!
//! Read once, at the start. An unknown setting, or a value that is none, is refused with the setting named.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use mailkey::account::Protocol;
use mailkey::config::parse_network;
use mailkey::session::SessionLimits;
use serde::Deserialize;

/// Where the configuration is unless `--config` says otherwise.
pub const DEFAULT_PATH: &str = "/etc/mailkey/panel.toml";

/// The file that the packages install: every setting with its default.
#[cfg(test)]
pub const TEMPLATE: &str = include_str!("panel.toml");

/// Largest logo, in bytes.
const MAX_LOGO: u64 = 512 * 1024;

/// The panel's configuration, checked.
#[derive(Debug, PartialEq)]
pub struct Config {
    /// mailkey's configuration.
    pub mailkey: PathBuf,
    /// Where it listens.
    pub listen: Listen,
    /// Certificate chain and private key (PEM), where it speaks TLS itself.
    pub tls: Option<Tls>,
    /// How visitors reach it.
    pub url: Url,
    /// Proxies whose word about the visitor's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Who checks passwords.
    pub auth: Auth,
    /// Certificate authorities (PEM) for the mail server that checks them; none: the system's.
    pub auth_ca: Option<PathBuf>,
    /// How long a session lives.
    pub session: SessionLimits,
    /// For how many seconds after password or code were shown sensitive changes ask for nothing again.
    pub proof_age: i64,
    /// Requests a minute from one address (IPv6: from one /64).
    pub requests_per_minute: u32,
    /// IANA time zone of dates without JavaScript; none: the system's.
    pub time_zone: Option<String>,
    /// What it looks like.
    pub brand: Brand,
    /// The mail servers shown beside a new app password.
    pub servers: Servers,
}

/// Where it listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address and port.
    Tcp(SocketAddr),
    /// A socket file, made with mode 0660.
    Unix(PathBuf),
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Files for TLS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

/// How visitors reach the panel: `https://host[:port][/path]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Whether cookies are for TLS alone. Only a loopback address may do without.
    pub secure: bool,
    /// Scheme, host and port, as browsers write it in `Origin`.
    pub origin: String,
    /// Host without port.
    pub host: String,
    /// What stands before every path: empty, or `/panel`.
    pub base: String,
}

/// Who checks passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// libpam, with this service.
    Pam(String),
    /// An IMAP server whose passwords mailkey checks; see `auth` in the configuration file.
    Imap(String),
}

/// What it looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// Name of the product in titles; none: in each language its own ("Mail sign-in").
    pub product: Option<String>,
    /// A logo in place of ours.
    pub logo: Option<Logo>,
    /// Colour of buttons and links on light ground.
    pub accent: Option<Colour>,
    /// The same on dark ground.
    pub accent_dark: Option<Colour>,
    /// Where people find help: an `https:` or `mailto:` URL.
    pub support: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type: SVG, PNG, JPEG or WebP.
    pub media_type: &'static str,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

/// Mail servers, as mail apps need them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// Reading mail by IMAP.
    pub imap: Option<Server>,
    /// Fetching mail by POP3.
    pub pop3: Option<Server>,
    /// Sending mail (submission).
    pub smtp: Option<Server>,
    /// Filters (ManageSieve).
    pub sieve: Option<Server>,
}

impl Servers {
    /// The server of a protocol.
    pub fn of(&self, protocol: Protocol) -> Option<&Server> {
        match protocol {
            Protocol::Imap => self.imap.as_ref(),
            Protocol::Pop3 => self.pop3.as_ref(),
            Protocol::Smtp => self.smtp.as_ref(),
            Protocol::Sieve => self.sieve.as_ref(),
        }
    }
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Host name.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How TLS begins.
    pub security: Security,
}

/// How TLS begins. A connection without it is not offered: the app password would be sent in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// At once (RFC 8314).
    Tls,
    /// After STARTTLS.
    Starttls,
}

/// What is wrong with the configuration, in a sentence that names the setting.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads a configuration file, and the files that it names.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let within = |what: &dyn fmt::Display| ConfigError(format!("{}: {what}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| within(&error))?;
        Self::parse(&text).map_err(|error| within(&error))
    }

    fn parse(text: &str) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            ConfigError(format!("line {line}: {}", error.message()))
        })?;
        file.check().map_err(ConfigError)
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    mailkey: PathBuf,
    listen: String,
    tls: Option<Tls>,
    url: String,
    trusted_proxies: Vec<String>,
    auth: String,
    auth_ca: PathBuf,
    session_idle: i64,
    session_absolute: i64,
    proof_age: i64,
    requests_per_minute: u32,
    time_zone: String,
    brand: BrandFile,
    servers: Servers,
}

impl Default for File {
    fn default() -> Self {
        Self {
            mailkey: "/etc/mailkey/mailkey.toml".into(),
            listen: "127.0.0.1:8110".into(),
            tls: None,
            url: "http://localhost:8110/".into(),
            trusted_proxies: vec!["127.0.0.1".into(), "::1".into()],
            auth: "pam:mailkey-panel".into(),
            auth_ca: PathBuf::new(),
            session_idle: 15 * 60,
            session_absolute: 12 * 3600,
            proof_age: 5 * 60,
            requests_per_minute: 300,
            time_zone: String::new(),
            brand: BrandFile::default(),
            servers: Servers::default(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BrandFile {
    product: String,
    logo: String,
    accent: String,
    accent_dark: String,
    support: String,
}

impl File {
    fn check(self) -> Result<Config, String> {
        let range = |name, value: i64, from, to| {
            if (from..=to).contains(&value) { Ok(()) } else { Err(format!("{name} = {value}: use {from} to {to}")) }
        };
        range("session_idle", self.session_idle, 60, SessionLimits::MAX_IDLE)?;
        range("session_absolute", self.session_absolute, self.session_idle, SessionLimits::MAX_ABSOLUTE)?;
        range("proof_age", self.proof_age, 30, 3600)?;
        range("requests_per_minute", self.requests_per_minute.into(), 10, 100_000)?;
        let listen = read_listen(&self.listen)?;
        let url = Url::parse(&self.url)?;
        if self.tls.is_some() && !url.secure {
            return Err("url begins with http://, and tls is set: write https://".into());
        }
        if !self.time_zone.is_empty() {
            jiff::tz::TimeZone::get(&self.time_zone).map_err(|_| {
                format!("time_zone = {:?} is no time zone: write for example \"Europe/Berlin\"", self.time_zone)
            })?;
        }
        for (name, server) in [
            ("imap", &self.servers.imap),
            ("pop3", &self.servers.pop3),
            ("smtp", &self.servers.smtp),
            ("sieve", &self.servers.sieve),
        ] {
            if server.as_ref().is_some_and(|server| !is_host(&server.host)) {
                return Err(format!("servers.{name}: host must be a host name such as \"mail.example.org\""));
            }
        }
        Ok(Config {
            mailkey: self.mailkey,
            listen,
            tls: self.tls,
            url,
            trusted_proxies: self.trusted_proxies.iter().map(|text| parse_network(text)).collect::<Result<_, _>>()?,
            auth: read_auth(&self.auth)?,
            auth_ca: Some(self.auth_ca).filter(|path| !path.as_os_str().is_empty()),
            session: SessionLimits { idle: self.session_idle, absolute: self.session_absolute },
            proof_age: self.proof_age,
            requests_per_minute: self.requests_per_minute,
            time_zone: Some(self.time_zone).filter(|zone| !zone.is_empty()),
            brand: self.brand.check()?,
            servers: self.servers,
        })
    }
}

impl BrandFile {
    fn check(self) -> Result<Brand, String> {
        let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        let support = some(self.support);
        if support.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("mailto:")) {
            return Err("brand.support must begin with https:// or mailto:".into());
        }
        let colour = |name, text: String| some(text).map(|text| Colour::parse(name, &text)).transpose();
        let (accent, accent_dark) = (colour("accent", self.accent)?, colour("accent_dark", self.accent_dark)?);
        for (name, colour, ground) in
            [("accent", accent, Colour::LIGHT_GROUND), ("accent_dark", accent_dark, Colour::DARK_GROUND)]
        {
            if colour.is_some_and(|colour| colour.contrast(ground) < Colour::READABLE) {
                return Err(format!(
                    "brand.{name} is too close to the colour of the page to be read (WCAG 2 wants a contrast of 4.5): \
                     choose a {} one",
                    if name == "accent" { "darker" } else { "lighter" }
                ));
            }
        }
        let logo = some(self.logo).map(|path| read_logo(Path::new(&path))).transpose()?;
        Ok(Brand { product: some(self.product), logo, accent, accent_dark, support })
    }
}

impl Colour {
    /// Ground of the page and its cards, light.
    pub const LIGHT_GROUND: Self = Self([0xf6, 0xf7, 0xf9]);
    /// Ground of the page and its cards, dark.
    pub const DARK_GROUND: Self = Self([0x1c, 0x20, 0x27]);
    /// Least contrast of text (WCAG 2.2, 1.4.3).
    pub const READABLE: f64 = 4.5;

    fn parse(name: &str, text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
        let bytes = digits.and_then(|digits| data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok());
        match bytes.as_deref() {
            Some(&[red, green, blue]) => Ok(Self([red, green, blue])),
            _ => Err(format!("brand.{name} = {text:?} is no colour: write \"#0b57d0\"")),
        }
    }

    /// Contrast ratio of WCAG 2.2, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}

impl fmt::Display for Colour {
    /// As CSS writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("url = {text:?} is none: write \"https://mail.example.org/\", as visitors type it");
        let (secure, rest) = match text.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err(wrong()),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = authority.to_ascii_lowercase();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority.as_str(), None),
        };
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_address = literal.unwrap_or(host).parse::<IpAddr>().ok();
        if !(is_host(host) || is_address.is_some()) || port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return Err(wrong());
        }
        let loopback = host == "localhost" || is_address.is_some_and(|address| address.is_loopback());
        if !secure && !loopback {
            return Err(format!("url = {text:?}: without TLS only localhost is allowed: write https://"));
        }
        let path = path.trim_end_matches('/');
        let plain = |symbol: char| symbol.is_ascii_alphanumeric() || "-_./~".contains(symbol);
        if !path.chars().all(plain) || path.split('/').any(|part| part == "." || part == "..") || path.contains("//") {
            return Err(wrong());
        }
        let scheme = if secure { "https" } else { "http" };
        let default_port = if secure { "443" } else { "80" };
        let port = port.filter(|port| *port != default_port).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self {
            secure,
            origin: format!("{scheme}://{host}{port}"),
            host: host.to_string(),
            base: if path.is_empty() { String::new() } else { format!("/{path}") },
        })
    }
}

fn read_listen(text: &str) -> Result<Listen, String> {
    if let Some(path) = text.strip_prefix("unix:").filter(|path| path.starts_with('/')) {
        return Ok(Listen::Unix(path.into()));
    }
    text.parse().map(Listen::Tcp).map_err(|_| {
        format!("listen = {text:?} is no address: write \"127.0.0.1:8110\" or \"unix:/run/mailkey-panel/panel.sock\"")
    })
}

fn read_auth(text: &str) -> Result<Auth, String> {
    if let Some(service) = text.strip_prefix("pam:") {
        let named = |symbol: char| symbol.is_ascii_lowercase() || symbol.is_ascii_digit() || "-_".contains(symbol);
        if !service.is_empty() && service.chars().all(named) {
            return Ok(Auth::Pam(service.to_string()));
        }
    }
    if text.starts_with("imap://") || text.starts_with("imaps://") {
        return Ok(Auth::Imap(text.to_string()));
    }
    Err(format!(
        "auth = {text:?}: write \"pam:mailkey-panel\", \"imap://127.0.0.1:10143\" or \"imaps://mail.example.org:993\""
    ))
}

fn read_logo(path: &Path) -> Result<Logo, String> {
    let within = |what: &dyn fmt::Display| format!("brand.logo: {}: {what}", path.display());
    let media_type = match path.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => return Err(within(&"use a file that ends in .svg, .png, .jpg or .webp")),
    };
    let size = std::fs::metadata(path).map_err(|error| within(&error))?.len();
    if size > MAX_LOGO {
        return Err(within(&format_args!("has {size} bytes: use one of at most {MAX_LOGO}")));
    }
    let bytes = std::fs::read(path).map_err(|error| within(&error))?;
    Ok(Logo { bytes, media_type })
}

/// Whether it can be a host name (RFC 1123).
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_exactly_the_defaults() {
        assert_eq!(Config::parse(TEMPLATE), Config::parse(""));
        // Every setting that is shown commented out is its default.
        let shown: String = TEMPLATE
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .filter(|line| !line.ends_with("# example"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(Config::parse(&shown).unwrap(), Config::parse("").unwrap());
    }

    #[test]
    fn a_url_gives_origin_and_path() {
        let url = Url::parse("https://Mail.Example.org:443/2fa/").unwrap();
        assert_eq!(
            (url.origin.as_str(), url.base.as_str(), url.host.as_str()),
            ("https://mail.example.org", "/2fa", "mail.example.org")
        );
        assert_eq!(Url::parse("http://localhost:8110").unwrap().origin, "http://localhost:8110");
        assert_eq!(Url::parse("http://[::1]:8110/").unwrap().origin, "http://[::1]:8110");
        for wrong in [
            "http://mail.example.org/",
            "mail.example.org",
            "https://",
            "https://a b/",
            "https://x/<",
            "https://x/../y",
        ] {
            assert!(Url::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            ("lissten = \"\"", "lissten"),
            ("listen = \"8110\"", "listen"),
            ("auth = \"ldap://x\"", "auth"),
            ("session_idle = 1", "session_idle"),
            ("time_zone = \"Mars/Base\"", "time_zone"),
            ("trusted_proxies = [\"proxy\"]", "proxy"),
            ("[brand]\naccent = \"red\"", "brand.accent"),
            ("[brand]\naccent = \"#ffff00\"", "darker"),
            ("[brand]\naccent_dark = \"#000080\"", "lighter"),
            ("[brand]\nsupport = \"javascript:alert(1)\"", "brand.support"),
            ("[brand]\nlogo = \"/nowhere/logo.svg\"", "brand.logo"),
            ("[servers.imap]\nhost = \"a b\"\nport = 993\nsecurity = \"tls\"", "servers.imap"),
            ("[servers.imap]\nhost = \"a\"\nport = 143\nsecurity = \"none\"", "none"),
        ] {
            let error = Config::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains('\n'), "{text}: {error}");
        }
    }
}
