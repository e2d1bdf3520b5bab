//! Postfix: who answers for it whether somebody may send, and what it lets clients say about themselves; and saslauthd,
//! where that is who answers.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::dovecot;
use super::pam::Services;
use super::programs::{Answer, ask};

const SETTINGS: [&str; 9] = [
    "smtpd_sasl_auth_enable",
    "smtpd_sasl_type",
    "smtpd_sasl_path",
    "smtpd_sasl_service",
    "smtpd_tls_auth_only",
    "smtpd_tls_security_level",
    "smtpd_authorized_xclient_hosts",
    "queue_directory",
    "cyrus_sasl_config_path",
];

/// Where saslauthd's options are: Debian, and systems with RPM.
const SASLAUTHD: [&str; 2] = ["/etc/default", "/etc/sysconfig"];

/// What postconf says.
#[derive(Debug, Default)]
struct Postfix {
    main: BTreeMap<String, String>,
    /// Each listener that takes mail from clients: its name, its own settings, and whether it is in a chroot.
    listeners: Vec<Listener>,
}

#[derive(Debug)]
struct Listener {
    name: String,
    own: BTreeMap<String, String>,
    chroot: bool,
}

/// What is wrong with Postfix and saslauthd.
pub fn look(services: &Services, webmail_hosts: bool) -> Vec<Finding> {
    let main = match ask("postconf", &SETTINGS) {
        Answer::Missing => return vec![Finding::note("postfix_missing", "there is no Postfix here")],
        Answer::Failed(why) => return broken(&why),
        Answer::Hangs => return broken("postconf does not answer"),
        Answer::Said(text) => text,
    };
    let (Answer::Said(master), Answer::Said(own)) = (ask("postconf", &["-M"]), ask("postconf", &["-P"])) else {
        return broken("master.cf");
    };
    let postfix = Postfix::parse(&main, &master, &own);
    let mut findings = postfix.look(services, webmail_hosts, &mut asked_by_dovecot);
    if postfix.asks_saslauthd() {
        findings.extend(SASLAUTHD.iter().flat_map(|place| postfix.saslauthd(std::path::Path::new(place))));
    }
    if findings.is_empty() {
        let what = if postfix.signing_in().next().is_some() {
            "Postfix asks mailkey who may send"
        } else {
            "nobody signs in to Postfix"
        };
        return vec![Finding::ok("postfix", what)];
    }
    findings
}

/// Every PAM service that answers for Postfix; none where it cannot be asked.
pub fn all_services() -> BTreeSet<String> {
    let (Answer::Said(main), Answer::Said(master), Answer::Said(own)) =
        (ask("postconf", &SETTINGS), ask("postconf", &["-M"]), ask("postconf", &["-P"]))
    else {
        return BTreeSet::new();
    };
    let postfix = Postfix::parse(&main, &master, &own);
    postfix.signing_in().flat_map(|listener| postfix.services(listener, &mut asked_by_dovecot)).collect()
}

fn broken(why: &str) -> Vec<Finding> {
    vec![Finding::error(
        "postfix_configuration",
        format!("Postfix's configuration cannot be read: {why}"),
        "See what `postconf -n` and `postconf -M` say.",
    )]
}

/// The PAM services that Dovecot names when Postfix asks it with this service.
fn asked_by_dovecot(service: &str) -> Option<BTreeSet<String>> {
    Some(dovecot::configuration()?.ok()?.services_for(&[service.to_string()]))
}

impl Postfix {
    fn parse(main: &str, master: &str, own: &str) -> Self {
        let pair = |line: &str| {
            let (name, value) = line.split_once('=')?;
            Some((name.trim().to_string(), value.trim().to_string()))
        };
        let own: Vec<(String, String)> = own.lines().filter_map(pair).collect();
        let mut listeners = Vec::new();
        for line in master.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            // service type private unpriv chroot wakeup maxproc command
            let [name, kind, _, _, chroot, _, _, command, ..] = fields[..] else { continue };
            if command != "smtpd" {
                continue;
            }
            let prefix = format!("{name}/{kind}/");
            let settings =
                own.iter().filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_string(), value.clone())));
            listeners.push(Listener { name: name.to_string(), own: settings.collect(), chroot: chroot == "y" });
        }
        Self { main: main.lines().filter_map(pair).collect(), listeners }
    }

    fn get<'a>(&'a self, listener: &'a Listener, name: &str) -> &'a str {
        listener.own.get(name).or_else(|| self.main.get(name)).map_or("", String::as_str)
    }

    /// The listeners where people sign in.
    fn signing_in(&self) -> impl Iterator<Item = &Listener> {
        self.listeners.iter().filter(|listener| self.get(listener, "smtpd_sasl_auth_enable") == "yes")
    }

    /// The PAM services that answer for a listener.
    fn services(
        &self,
        listener: &Listener,
        asked_by_dovecot: &mut dyn FnMut(&str) -> Option<BTreeSet<String>>,
    ) -> BTreeSet<String> {
        let service = match self.get(listener, "smtpd_sasl_service") {
            "" => "smtp",
            given => given,
        };
        match self.get(listener, "smtpd_sasl_type") {
            "cyrus" => BTreeSet::from([service.to_string()]),
            _ => asked_by_dovecot(service).unwrap_or_default(),
        }
    }

    fn asks_saslauthd(&self) -> bool {
        self.signing_in().any(|listener| self.get(listener, "smtpd_sasl_type") == "cyrus")
    }

    fn look(
        &self,
        services: &Services,
        webmail_hosts: bool,
        asked_by_dovecot: &mut dyn FnMut(&str) -> Option<BTreeSet<String>>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut seen = BTreeSet::new();
        for listener in self.signing_in() {
            for name in self.services(listener, asked_by_dovecot) {
                if seen.insert(name.clone()) {
                    findings.extend(services.look_at(&name, "Postfix"));
                }
            }
            let forced = self.get(listener, "smtpd_tls_security_level") == "encrypt"
                || listener.own.get("smtpd_tls_wrappermode").is_some_and(|on| on == "yes");
            if self.get(listener, "smtpd_tls_auth_only") != "yes" && !forced {
                findings.push(Finding::warning(
                    "postfix_cleartext",
                    format!(
                        "Postfix takes passwords without TLS at its listener {}: whoever listens has them",
                        listener.name
                    ),
                    "postconf -e 'smtpd_tls_auth_only = yes'",
                ));
            }
        }
        let xclient: BTreeSet<&str> = self
            .listeners
            .iter()
            .map(|listener| self.get(listener, "smtpd_authorized_xclient_hosts"))
            .filter(|hosts| !hosts.is_empty())
            .collect();
        for hosts in xclient {
            let what = format!("clients in {hosts} may claim any address (smtpd_authorized_xclient_hosts)");
            findings.push(if webmail_hosts {
                Finding::warning(
                    "postfix_xclient",
                    format!("{what}, also one of webmail_hosts: a webmail's session opens from there"),
                    "Name only proxies that you run, or nobody: postconf -X smtpd_authorized_xclient_hosts",
                )
            } else {
                Finding::note(
                    "postfix_xclient_without_hosts",
                    format!("{what}: app passwords' networks and pauses go by that"),
                )
            });
        }
        findings
    }

    /// What is wrong with the options of saslauthd in a directory.
    fn saslauthd(&self, place: &std::path::Path) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Ok(entries) = std::fs::read_dir(place) else { return findings };
        let mut files: Vec<_> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                // Not what editors and package managers leave beside it.
                name.strip_prefix("saslauthd")
                    .is_some_and(|rest| rest.is_empty() || (rest.starts_with('-') && !rest.contains('.')))
            })
            .collect();
        files.sort();
        for file in files {
            match std::fs::read_to_string(&file) {
                Ok(text) => findings.extend(of_saslauthd(&text, &file.display().to_string())),
                Err(error) => {
                    findings.push(Finding::note("saslauthd_unreadable", format!("{}: {error}", file.display())))
                }
            }
            if let Ok(text) = std::fs::read_to_string(&file) {
                findings.extend(self.socket(&text, &file.display().to_string()));
            }
        }
        findings
    }

    /// Whether Postfix gets at saslauthd's socket from where it is.
    fn socket(&self, text: &str, file: &str) -> Option<Finding> {
        let queue = self.main.get("queue_directory").map_or("/var/spool/postfix", String::as_str);
        let options = saslauthd_options(text);
        let directory = options
            .iter()
            .position(|word| word == "-m")
            .and_then(|at| options.get(at + 1))
            .map_or("/var/run/saslauthd", String::as_str);
        let inside = directory.strip_prefix(queue).is_some_and(|rest| rest.starts_with('/'));
        let shut_in =
            self.signing_in().find(|listener| listener.chroot && self.get(listener, "smtpd_sasl_type") == "cyrus");
        shut_in.filter(|_| !inside).map(|listener| {
            Finding::error(
                "saslauthd_out_of_reach",
                format!("Postfix's listener {} is in a chroot ({queue}) and does not get at saslauthd's socket in {directory} ({file})", listener.name),
                format!("postconf -F {}/inet/chroot=n", listener.name),
            )
        })
    }
}

/// The value of a shell variable in such a file.
fn variable(text: &str, name: &str) -> Option<String> {
    let line = text.lines().rev().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='))?;
    Some(line.trim().trim_matches(['"', '\'']).to_string())
}

fn saslauthd_options(text: &str) -> Vec<String> {
    let options = variable(text, "OPTIONS").or_else(|| variable(text, "FLAGS")).unwrap_or_default();
    options.split_whitespace().map(str::to_string).collect()
}

fn of_saslauthd(text: &str, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let options = saslauthd_options(text);
    // Letters may stand together: -cr.
    let has = |letter: char| {
        options.iter().any(|word| {
            word.starts_with('-') && !word.starts_with("--") && word.contains(letter) && !word.starts_with("-m")
        })
    };
    let mechanism = variable(text, "MECHANISMS").or_else(|| variable(text, "MECH")).unwrap_or_default();
    if mechanism != "pam" {
        findings.push(Finding::error(
            "saslauthd_mechanism",
            format!("saslauthd asks {mechanism:?} and not PAM: mailkey is not asked"),
            format!("Set MECHANISMS=\"pam\" (MECH=pam) in {file}, then restart saslauthd."),
        ));
    }
    if has('c') {
        findings.push(Finding::error(
            "saslauthd_cache",
            format!("saslauthd remembers passwords for eight hours (-c in {file}): a revoked app password opens on"),
            format!("Take -c out of {file}, then restart saslauthd."),
        ));
    }
    if !has('r') {
        findings.push(Finding::error(
            "saslauthd_realm",
            format!("saslauthd cuts the domain off user names (no -r in {file}): nobody of a domain gets in"),
            format!("Add -r to the options in {file}, then restart saslauthd."),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "smtpd_sasl_auth_enable = no\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\nsmtpd_sasl_service = smtp\nsmtpd_tls_auth_only = yes\nsmtpd_tls_security_level = may\nsmtpd_authorized_xclient_hosts = \nqueue_directory = /var/spool/postfix\ncyrus_sasl_config_path = \n";
    const MASTER: &str = "smtp       inet  n       -       y       -       -       smtpd\nsubmission inet  n       -       y       -       -       smtpd\nsmtp       unix  -       -       y       -       -       smtp\n";
    const OWN: &str = "submission/inet/syslog_name = postfix/submission\nsubmission/inet/smtpd_tls_security_level = encrypt\nsubmission/inet/smtpd_sasl_auth_enable = yes\n";
    const DEFAULTS: &str = "# Settings\nSTART=yes\nMECHANISMS=\"pam\"\nOPTIONS=\"-r -m /var/run/saslauthd\"\n";

    fn ids(main: &str, own: &str, webmail_hosts: bool) -> Vec<&'static str> {
        let place = tempfile::tempdir().unwrap();
        for service in ["smtp", "webmail"] {
            let store = include_str!("../../../../packaging/pam.d/store");
            std::fs::write(place.path().join(format!("mailkey-{service}")), store).unwrap();
        }
        let postfix = Postfix::parse(main, MASTER, own);
        let mut dovecot = |service: &str| Some(BTreeSet::from([format!("mailkey-{service}")]));
        let found = postfix.look(&Services::at(place.path()), webmail_hosts, &mut dovecot);
        found.into_iter().map(|finding| finding.id).collect()
    }

    fn of_options(options: &str) -> Vec<&'static str> {
        let text = DEFAULTS.replace("-r -m /var/run/saslauthd", options);
        of_saslauthd(&text, "/etc/default/saslauthd").into_iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn of_the_guides_postfix_there_is_nothing_to_say() {
        assert_eq!(ids(MAIN, OWN, true), [""; 0]);
    }

    #[test]
    fn a_listener_with_a_service_of_its_own_is_looked_at() {
        assert_eq!(ids(MAIN, &format!("{OWN}submission/inet/smtpd_sasl_service = webmail\n"), true), [""; 0]);
        let missing = format!("{OWN}submission/inet/smtpd_sasl_service = other\n");
        assert_eq!(ids(MAIN, &missing, true), ["pam_service_missing"]);
    }

    #[test]
    fn through_saslauthd_the_service_is_what_postfix_says() {
        let cyrus = MAIN.replace("type = dovecot", "type = cyrus");
        assert_eq!(ids(&cyrus, OWN, true), ["pam_service_missing"], "smtp");
        assert_eq!(ids(&cyrus.replace("service = smtp", "service = mailkey-smtp"), OWN, true), [""; 0]);
    }

    #[test]
    fn who_may_say_what_his_address_is_is_found() {
        let xclient = MAIN.replace("xclient_hosts = ", "xclient_hosts = 10.77.0.0/24");
        assert_eq!(ids(&xclient, OWN, true), ["postfix_xclient"]);
        assert_eq!(ids(&xclient, OWN, false), ["postfix_xclient_without_hosts"]);
    }

    #[test]
    fn passwords_without_tls_are_found_where_people_sign_in() {
        let open = MAIN.replace("auth_only = yes", "auth_only = no");
        assert_eq!(ids(&open, OWN, true), [""; 0], "the listener wants TLS");
        assert_eq!(ids(&open, &OWN.replace("= encrypt", "= may"), true), ["postfix_cleartext"]);
    }

    #[test]
    fn saslauthds_cache_and_its_missing_realm_are_found_in_every_spelling() {
        assert_eq!(of_options("-r -m /var/run/saslauthd"), [""; 0]);
        assert_eq!(of_options("-c -r -m /var/run/saslauthd"), ["saslauthd_cache"]);
        assert_eq!(of_options("-cr"), ["saslauthd_cache"]);
        assert_eq!(of_options(" -m /var/run/saslauthd"), ["saslauthd_realm"]);
        assert_eq!(of_options("-c -m /var/run/saslauthd"), ["saslauthd_cache", "saslauthd_realm"]);
        let rpm = "SOCKETDIR=/run/saslauthd\nMECH=shadow\nFLAGS=-r\n";
        let found: Vec<_> =
            of_saslauthd(rpm, "/etc/sysconfig/saslauthd").into_iter().map(|finding| finding.id).collect();
        assert_eq!(found, ["saslauthd_mechanism"]);
    }

    #[test]
    fn a_socket_outside_of_postfixs_chroot_is_out_of_reach() {
        let of = |own: &str, chroot: &str, options: &str| {
            let main = MAIN.replace("type = dovecot", "type = cyrus");
            let master = MASTER.replace("n       -       y", &format!("n       -       {chroot}"));
            let text = DEFAULTS.replace("-r -m /var/run/saslauthd", options);
            Postfix::parse(&main, &master, own).socket(&text, "saslauthd").map(|finding| finding.id)
        };
        assert_eq!(of(OWN, "y", "-r -m /var/run/saslauthd"), Some("saslauthd_out_of_reach"));
        assert_eq!(of(OWN, "n", "-r -m /var/run/saslauthd"), None);
        assert_eq!(of(OWN, "y", "-r -m /var/spool/postfix/var/run/saslauthd"), None);
    }
}
