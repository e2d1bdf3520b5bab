//! The module's arguments, as they stand in a PAM file.
//!
//! An unknown argument, a value that an argument does not know, an argument given twice, and one that means nothing
//! beside the others are errors: the login is refused.

use std::fmt;
use std::path::PathBuf;

use crate::account::Protocol;
use crate::auth::{Mode, PrimarySource};
use crate::config;

/// Which form of the name the stacked module gets as PAM_USER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackUser {
    /// The canonical name.
    Full,
    /// The part before the `@`.
    Local,
}

/// The arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `config=PATH`: the configuration file.
    pub config: PathBuf,
    /// `mode=webmail|client|panel`; none: by the service name.
    pub mode: Option<Mode>,
    /// `protocol=imap|pop3|smtp|sieve`; none: by the service name.
    pub protocol: Option<Protocol>,
    /// `primary=store|stack`, with `unknown_account=off|reject`.
    pub primary: PrimarySource,
    /// `finish`: this line comes after the stacked module. On an account line: PAM_USER becomes the canonical name again.
    pub finish: bool,
    /// `stack_user=full|local`.
    pub stack_user: StackUser,
    /// `debug`: one more line for each call, at LOG_DEBUG.
    pub debug: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            config: PathBuf::from(config::DEFAULT_PATH),
            mode: None,
            protocol: None,
            primary: PrimarySource::Store,
            finish: false,
            stack_user: StackUser::Full,
            debug: false,
        }
    }
}

/// Why an argument is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError(String);

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptionError {}

/// All arguments, for error texts.
const KNOWN: &str = "config=PATH, mode=webmail|client|panel, protocol=imap|pop3|smtp|sieve, primary=store|stack, finish, \
                     stack_user=full|local, unknown_account=off|reject, try_first_pass, use_first_pass, debug";

impl Options {
    /// Reads the arguments.
    pub fn read(arguments: &[Vec<u8>]) -> Result<Self, OptionError> {
        let mut options = Self::default();
        let mut reject_unknown = None;
        let mut stack_user = None;
        let mut stack = false;
        let mut seen: Vec<&str> = Vec::new();
        for argument in arguments {
            let argument = std::str::from_utf8(argument)
                .map_err(|_| OptionError(format!("an argument is not text: use {KNOWN}")))?;
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (argument, None),
            };
            if seen.contains(&name) {
                return Err(OptionError(format!("{name} is given twice: remove one")));
            }
            seen.push(name);
            match (name, value) {
                ("config", Some(path)) if path.starts_with('/') => options.config = PathBuf::from(path),
                ("mode", Some(mode)) => options.mode = Some(known(argument, Mode::parse(mode))?),
                ("protocol", Some(protocol)) => options.protocol = Some(known(argument, Protocol::parse(protocol))?),
                ("primary", Some("store")) => stack = false,
                ("primary", Some("stack")) => stack = true,
                ("stack_user", Some("full")) => stack_user = Some(StackUser::Full),
                ("stack_user", Some("local")) => stack_user = Some(StackUser::Local),
                ("unknown_account", Some("off")) => reject_unknown = Some(false),
                ("unknown_account", Some("reject")) => reject_unknown = Some(true),
                ("finish", None) => options.finish = true,
                ("debug", None) => options.debug = true,
                // pam_get_authtok(3) reads these two from the arguments itself.
                ("try_first_pass" | "use_first_pass", None) => {}
                _ => return Err(OptionError(format!("unknown argument {argument:?}: use {KNOWN}"))),
            }
        }
        for (name, given) in [
            ("finish", options.finish),
            ("stack_user", stack_user.is_some()),
            ("unknown_account", reject_unknown.is_some()),
        ] {
            if given && !stack {
                return Err(OptionError(format!(
                    "{name} means nothing without primary=stack: add that, or remove {name}"
                )));
            }
        }
        if stack {
            options.primary = PrimarySource::Stack { reject_unknown: reject_unknown.unwrap_or(false) };
        }
        options.stack_user = stack_user.unwrap_or(StackUser::Full);
        Ok(options)
    }

    /// The mode and the protocol of a service. `mailkey-imap` and `imap` are the same service.
    pub fn mode_and_protocol(&self, service: &str) -> (Mode, Option<Protocol>) {
        let service = service.strip_prefix("mailkey-").unwrap_or(service);
        let mode = self.mode.unwrap_or(match service {
            "webmail" => Mode::Webmail,
            "panel" => Mode::Panel,
            _ => Mode::Client,
        });
        (mode, self.protocol.or_else(|| Protocol::parse(service)))
    }
}

fn known<T>(argument: &str, value: Option<T>) -> Result<T, OptionError> {
    value.ok_or_else(|| OptionError(format!("unknown value in {argument:?}: use {KNOWN}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, OptionError> {
        Options::read(&line.split_whitespace().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn every_argument_changes_its_option_and_nothing_else() {
        let default = Options::default();
        assert_eq!(read("").unwrap(), default);
        assert_eq!(read("config=/x/y").unwrap(), Options { config: "/x/y".into(), ..default.clone() });
        for mode in [Mode::Webmail, Mode::Client, Mode::Panel] {
            let line = format!("mode={}", mode.as_str());
            assert_eq!(read(&line).unwrap(), Options { mode: Some(mode), ..default.clone() });
        }
        for protocol in Protocol::ALL {
            let line = format!("protocol={}", protocol.as_str());
            assert_eq!(read(&line).unwrap(), Options { protocol: Some(protocol), ..default.clone() });
        }
        assert_eq!(read("primary=store").unwrap(), default);
        let stack = Options { primary: PrimarySource::Stack { reject_unknown: false }, ..default.clone() };
        assert_eq!(read("primary=stack").unwrap(), stack);
        assert_eq!(read("primary=stack finish").unwrap(), Options { finish: true, ..stack.clone() });
        assert_eq!(read("primary=stack stack_user=full unknown_account=off").unwrap(), stack);
        let local = Options { stack_user: StackUser::Local, ..stack.clone() };
        assert_eq!(read("primary=stack stack_user=local").unwrap(), local);
        let reject = Options { primary: PrimarySource::Stack { reject_unknown: true }, ..stack };
        assert_eq!(read("unknown_account=reject primary=stack").unwrap(), reject);
        assert_eq!(read("try_first_pass").unwrap(), default);
        assert_eq!(read("use_first_pass").unwrap(), default);
        assert_eq!(read("debug").unwrap(), Options { debug: true, ..default });
    }

    #[test]
    fn what_is_not_known_is_refused_with_the_argument_named() {
        for line in [
            "conf=/x",
            "config=relative",
            "config",
            "mode=imap",
            "mode",
            "protocol=http",
            "primary=unix",
            "finish=yes primary=stack",
            "stack_user=short primary=stack",
            "unknown_account=on primary=stack",
            "debug=1",
            "nullok",
        ] {
            let error = read(line).unwrap_err().to_string();
            assert!(error.contains(line.split_whitespace().next().unwrap()), "{line}: {error}");
        }
        assert!(read("debug debug").unwrap_err().to_string().contains("twice"));
        assert!(Options::read(&[vec![0xff]]).is_err());
    }

    #[test]
    fn what_needs_a_stack_is_refused_without_one() {
        for line in ["finish", "stack_user=local", "unknown_account=reject", "primary=store finish"] {
            assert!(read(line).unwrap_err().to_string().contains("primary=stack"), "{line}");
        }
    }

    #[test]
    fn mode_and_protocol_come_from_the_service_unless_they_are_given() {
        let options = Options::default();
        for (service, mode, protocol) in [
            ("mailkey-imap", Mode::Client, Some(Protocol::Imap)),
            ("mailkey-pop3", Mode::Client, Some(Protocol::Pop3)),
            ("mailkey-smtp", Mode::Client, Some(Protocol::Smtp)),
            ("mailkey-submission", Mode::Client, Some(Protocol::Smtp)),
            ("mailkey-sieve", Mode::Client, Some(Protocol::Sieve)),
            ("mailkey-webmail", Mode::Webmail, None),
            ("mailkey-panel", Mode::Panel, None),
            ("imap", Mode::Client, Some(Protocol::Imap)),
            ("dovecot", Mode::Client, None),
        ] {
            assert_eq!(options.mode_and_protocol(service), (mode, protocol), "{service}");
        }
        let given = read("mode=webmail protocol=sieve").unwrap();
        assert_eq!(given.mode_and_protocol("mailkey-imap"), (Mode::Webmail, Some(Protocol::Sieve)));
    }
}
