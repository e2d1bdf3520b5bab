//! PAM services: what their files say, and whether a password could get past mailkey.
//!
//! The files are those of pam.conf(5): a line is a type, a control word or `[value=action …]`, a module and its arguments;
//! `@include FILE` (Debian) takes in all of another file, `include` and `substack` its lines of that type.

use std::path::{Path, PathBuf};

use super::Finding;

/// How deep includes go; libpam stops at 16.
const MOST_INCLUDES: usize = 16;

const MODULE: &str = "pam_mailkey.so";

/// The service files of a machine.
pub struct Services {
    /// Where they are; the first that has one counts.
    places: Vec<PathBuf>,
}

/// One line of a service's stack.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    kind: String,
    control: String,
    module: String,
    arguments: Vec<String>,
}

impl Line {
    fn is_ours(&self) -> bool {
        Path::new(&self.module).file_name().is_some_and(|name| name == MODULE)
    }

    fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|given| given == argument)
    }

    /// Whether a failure of the module can be passed over.
    fn may_fail(&self) -> bool {
        match self.control.as_str() {
            "required" | "requisite" => false,
            "sufficient" | "optional" => true,
            bracket => {
                let actions: Vec<&str> = bracket.trim_matches(['[', ']']).split_whitespace().collect();
                let of = |value: &str| {
                    let given = actions.iter().find_map(|action| action.strip_prefix(value)?.strip_prefix('='));
                    given.or_else(|| actions.iter().find_map(|action| action.strip_prefix("default=")))
                };
                // What is not named is ignored.
                !matches!(of("auth_err"), Some("die" | "bad"))
            }
        }
    }

    /// Whether the module's success ends the stack.
    fn suffices(&self) -> bool {
        self.control == "sufficient" || self.control.contains("success=done") || self.control.contains("success=end")
    }
}

impl Services {
    /// Where libpam looks on this machine.
    pub fn of_this_machine() -> Self {
        Self { places: ["/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d"].map(PathBuf::from).to_vec() }
    }

    /// For tests: files below one directory.
    #[cfg(test)]
    pub fn at(place: &Path) -> Self {
        Self { places: vec![place.to_path_buf()] }
    }

    /// Whether the service asks mailkey at all.
    pub fn asks_mailkey(&self, service: &str) -> bool {
        self.read(&service.to_ascii_lowercase()).is_ok_and(|lines| lines.iter().any(Line::is_ours))
    }

    /// What a service is for, as far as a proof goes; `config` is the configuration that the proof has.
    pub fn role(&self, service: &str, config: &Path) -> Role {
        let lines = self.read(&service.to_ascii_lowercase()).unwrap_or_default();
        let ours: Vec<&Line> = lines.iter().filter(|line| line.is_ours() && line.kind == "auth").collect();
        let values = |name: &str| {
            ours.iter()
                .flat_map(|line| &line.arguments)
                .filter_map(|given| given.strip_prefix(name)?.strip_prefix('=').map(str::to_string))
                .collect::<Vec<_>>()
        };
        let mode = values("mode");
        let by_name = matches!(service.to_ascii_lowercase().as_str(), "mailkey-webmail" | "mailkey-panel");
        if ours.is_empty() || (by_name && mode.is_empty()) || mode.iter().any(|mode| mode != "client") {
            Role::Other
        } else if values("primary").iter().any(|primary| primary == "stack") {
            Role::Stacked
        } else if values("config")
            .iter()
            .map(String::as_str)
            .chain([mailkey::config::DEFAULT_PATH])
            .next()
            .is_some_and(|given| Path::new(given) != config)
        {
            Role::OtherConfiguration
        } else {
            Role::MailApps
        }
    }

    /// What is wrong with a service that `who` names; nothing where all is well.
    pub fn look_at(&self, service: &str, who: &str) -> Vec<Finding> {
        // libpam does the same.
        let service = service.to_ascii_lowercase();
        let file = self.places[0].join(&service);
        let lines = match self.read(&service) {
            Ok(lines) => lines,
            Err(Unread::Missing) => return vec![self.missing(&service, who)],
            Err(Unread::Broken(why)) => {
                return vec![Finding::error(
                    "pam_service_unreadable",
                    format!("{}, which {who} names: {why}", file.display()),
                    "Restore it from /usr/share/doc/libpam-mailkey/examples/pam.d.",
                )];
            }
        };
        let auth: Vec<&Line> = lines.iter().filter(|line| line.kind == "auth").collect();
        let place = file.display().to_string();
        if !auth.iter().any(|line| line.is_ours()) {
            return vec![Finding::error(
                "pam_service_without_mailkey",
                format!("{place}, which {who} names, does not ask {MODULE}: passwords open without a second factor"),
                format!("Copy the example there: cp /usr/share/doc/libpam-mailkey/examples/pam.d/store {place}"),
            )];
        }
        let mut findings = of_auth(&auth, &place);
        if !lines.iter().any(|line| line.kind == "account" && line.is_ours()) {
            findings.push(Finding::error(
                "pam_account_line_missing",
                format!("{place} has no account line of {MODULE}: what another module accepted is not held back"),
                format!("Add to it: account required {MODULE}"),
            ));
        }
        findings
    }

    /// A service without a file: `other` decides.
    fn missing(&self, service: &str, who: &str) -> Finding {
        let denies = self.read("other").is_ok_and(|lines| {
            let mut auth = lines.iter().filter(|line| line.kind == "auth");
            auth.next().is_some_and(|line| line.module.ends_with("pam_deny.so") && !line.may_fail())
        });
        let then = if denies {
            "so that nobody gets in there (/etc/pam.d/other denies)"
        } else {
            "so that /etc/pam.d/other decides, which takes the password of a system user"
        };
        let mend = if service.starts_with("mailkey-") {
            format!(
                "cp /usr/share/doc/libpam-mailkey/examples/pam.d/store /etc/pam.d/{service} (or stack, in front of another module)"
            )
        } else {
            format!(
                "Let {who} name one of mailkey's services (for Postfix: smtpd_sasl_service = mailkey-smtp), or make the file."
            )
        };
        Finding::error(
            "pam_service_missing",
            format!("{who} names the PAM service {service}, which has no file, {then}"),
            mend,
        )
    }

    fn read(&self, service: &str) -> Result<Vec<Line>, Unread> {
        let mut lines = Vec::new();
        self.read_into(service, None, 0, &mut lines)?;
        Ok(lines)
    }

    /// Reads a file's lines, of one type only where one is named.
    fn read_into(&self, name: &str, only: Option<&str>, depth: usize, lines: &mut Vec<Line>) -> Result<(), Unread> {
        if depth > MOST_INCLUDES {
            return Err(Unread::Broken("it includes itself".into()));
        }
        let found = self.places.iter().map(|place| place.join(name)).find(|path| path.exists());
        let path = found.ok_or(if depth == 0 {
            Unread::Missing
        } else {
            Unread::Broken(format!("it includes {name}, which is missing"))
        })?;
        let text = std::fs::read_to_string(&path).map_err(|error| Unread::Broken(error.to_string()))?;
        for line in text.replace("\\\n", " ").lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if let Some(included) = line.strip_prefix("@include") {
                self.read_into(included.trim(), only, depth + 1, lines)?;
                continue;
            }
            let Some(line) = parse(line)? else { continue };
            if only.is_some_and(|only| only != line.kind) {
                continue;
            }
            match line.control.as_str() {
                "include" | "substack" => self.read_into(&line.module, Some(&line.kind), depth + 1, lines)?,
                _ => lines.push(line),
            }
        }
        Ok(())
    }
}

/// What a service is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Mail apps, with mailkey's own passwords.
    MailApps,
    /// Mail apps, in front of another module.
    Stacked,
    /// Mail apps, of another instance.
    OtherConfiguration,
    /// The webmail, the panel, or nothing of mailkey's.
    Other,
}

/// Why a file was not read.
enum Unread {
    Missing,
    Broken(String),
}

/// One line without its comment; none where it is empty.
fn parse(line: &str) -> Result<Option<Line>, Unread> {
    if line.is_empty() {
        return Ok(None);
    }
    let broken = || Unread::Broken(format!("this is no line of pam.conf(5): {line}"));
    let (kind, rest) = line.split_once(char::is_whitespace).ok_or_else(broken)?;
    let rest = rest.trim_start();
    let (control, rest) = if rest.starts_with('[') {
        let end = rest.find(']').ok_or_else(broken)? + 1;
        rest.split_at(end)
    } else {
        rest.split_once(char::is_whitespace).ok_or_else(broken)?
    };
    let mut words = rest.split_whitespace().map(str::to_string);
    let module = words.next().ok_or_else(broken)?;
    let kind = kind.trim_start_matches('-').to_ascii_lowercase();
    Ok(Some(Line { kind, control: control.to_ascii_lowercase(), module, arguments: words.collect() }))
}

/// What is wrong with the lines that decide about a password.
fn of_auth(auth: &[&Line], place: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(first) = auth.iter().position(|line| line.is_ours()) else { return findings };
    let stacked = auth.iter().any(|line| line.is_ours() && line.has("primary=stack"));
    let restore = format!(
        "Compare it with /usr/share/doc/libpam-mailkey/examples/pam.d/{}.",
        if stacked { "stack" } else { "store" }
    );
    if let Some(line) = auth[..first].iter().find(|line| line.suffices()) {
        findings.push(Finding::error(
            "pam_module_before",
            format!("in {place}, {} stands before {MODULE} and lets people in without it", line.module),
            format!("Take that line out. {restore}"),
        ));
    }
    for line in auth.iter().filter(|line| line.is_ours() && line.may_fail()) {
        findings.push(Finding::error(
            "pam_control",
            format!("in {place}, \"{} {MODULE}\" lets the next module overrule a refusal", line.control),
            format!("Write required instead, or the bracket of the example. {restore}"),
        ));
    }
    if !stacked {
        return findings;
    }
    if !auth[first].suffices() && !auth[first].may_fail() {
        findings.push(Finding::warning(
            "pam_first_line",
            format!("in {place}, after a right app password the other module is asked for it, too, and refuses"),
            restore.clone(),
        ));
    }
    match auth.iter().position(|line| line.is_ours() && line.has("finish")) {
        None => findings.push(Finding::error(
            "pam_finish_line_missing",
            format!("{place} has primary=stack and no finish line: no code is ever looked at"),
            format!("Add behind the other module: auth required {MODULE} primary=stack finish. {restore}"),
        )),
        Some(finish) => {
            let between = auth.get(first + 1..finish).unwrap_or_default();
            if let Some(line) = between.iter().find(|line| line.may_fail()) {
                findings.push(Finding::error(
                    "pam_middle_may_fail",
                    format!(
                        "in {place}, {} is {}: a wrong password of it may count as right",
                        line.module, line.control
                    ),
                    format!("Write requisite there. {restore}"),
                ));
            }
            if between.is_empty() {
                findings.push(Finding::error(
                    "pam_middle_missing",
                    format!("in {place} no module between our two lines checks the password"),
                    restore,
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = include_str!("../../../../packaging/pam.d/store");
    const STACK: &str = include_str!("../../../../packaging/pam.d/stack");

    fn ids(text: &str) -> Vec<&'static str> {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("mailkey-imap"), text).unwrap();
        std::fs::write(
            place.path().join("common-auth"),
            "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n",
        )
        .unwrap();
        Services::at(place.path()).look_at("mailkey-IMAP", "Dovecot").into_iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn of_the_shipped_files_there_is_nothing_to_say() {
        assert_eq!(ids(STORE), [""; 0]);
        assert_eq!(ids(STACK), [""; 0]);
        assert_eq!(ids(&STACK.replace("requisite", "required")), [""; 0]);
    }

    #[test]
    fn a_service_without_a_file_is_what_other_makes_of_it() {
        let place = tempfile::tempdir().unwrap();
        let services = Services::at(place.path());
        let [finding] = &services.look_at("mailkey-imap", "Dovecot")[..] else { panic!() };
        assert!(finding.id == "pam_service_missing" && finding.what.contains("a system user"), "{finding:?}");
        std::fs::write(place.path().join("other"), "auth required pam_deny.so\n").unwrap();
        let [finding] = &services.look_at("mailkey-imap", "Dovecot")[..] else { panic!() };
        assert!(finding.what.contains("nobody gets in"), "{finding:?}");
    }

    #[test]
    fn a_service_that_does_not_ask_mailkey_is_found_through_its_includes() {
        assert_eq!(ids("@include common-auth\naccount required pam_permit.so\n"), ["pam_service_without_mailkey"]);
        assert_eq!(ids("auth include common-auth\n"), ["pam_service_without_mailkey"]);
        assert_eq!(
            ids("# auth required pam_mailkey.so\nauth required pam_permit.so\n"),
            ["pam_service_without_mailkey"]
        );
    }

    #[test]
    fn sufficient_in_the_place_of_our_control_words_is_found_with_what_is_missing() {
        let text =
            "auth sufficient pam_mailkey.so primary=stack\nauth required pam_unix.so\naccount required pam_unix.so\n";
        assert_eq!(ids(text), ["pam_control", "pam_finish_line_missing", "pam_account_line_missing"]);
        assert_eq!(ids(&STORE.replacen("required", "optional", 1)), ["pam_control"]);
        assert_eq!(ids(&STORE.replacen("required ", "[success=done default=ignore] ", 1)), ["pam_control"]);
    }

    #[test]
    fn a_module_in_the_middle_that_may_fail_is_found_in_every_spelling() {
        for control in ["sufficient", "optional", "[success=ok default=ignore]", "[success=1 default=ignore]"] {
            assert_eq!(ids(&STACK.replace("requisite", control)), ["pam_middle_may_fail"], "{control}");
        }
        assert_eq!(ids(&STACK.replace("requisite", "[success=ok default=die]")), [""; 0]);
    }

    #[test]
    fn a_module_before_ours_that_suffices_is_found() {
        assert_eq!(ids(&format!("auth sufficient pam_unix.so\n{STORE}")), ["pam_module_before"]);
        assert_eq!(ids(&format!("auth required pam_env.so\n{STORE}")), [""; 0]);
    }

    #[test]
    fn a_missing_finish_line_and_a_missing_account_line_are_found() {
        let without = |what: &str| STACK.lines().filter(|line| !line.contains(what)).collect::<Vec<_>>().join("\n");
        assert_eq!(ids(&without(" finish")), ["pam_finish_line_missing"]);
        assert_eq!(
            ids(&without("account  required                                  pam_mailkey")),
            ["pam_account_line_missing"]
        );
        assert_eq!(ids(&without("pam_unix.so use")), ["pam_middle_missing"]);
    }

    #[test]
    fn a_file_that_is_none_is_said_to_be_broken() {
        assert_eq!(ids("auth required\n"), ["pam_service_unreadable"]);
        assert_eq!(ids("@include nothing\n"), ["pam_service_unreadable"]);
        assert_eq!(ids("@include mailkey-imap\n"), ["pam_service_unreadable"]);
    }

    #[test]
    fn only_services_of_mail_apps_with_our_own_passwords_can_be_proved() {
        let place = tempfile::tempdir().unwrap();
        let services = Services::at(place.path());
        let role = |service: &str, text: &str| {
            std::fs::write(place.path().join(service), text).unwrap();
            services.role(service, Path::new(mailkey::config::DEFAULT_PATH))
        };
        assert_eq!(role("mailkey-imap", STORE), Role::MailApps);
        assert_eq!(role("mailkey-imap", STACK), Role::Stacked);
        assert_eq!(role("mailkey-webmail", STORE), Role::Other);
        assert_eq!(role("webmail", "auth required pam_mailkey.so mode=webmail\n"), Role::Other);
        assert_eq!(role("mailkey-webmail", "auth required pam_mailkey.so mode=client\n"), Role::MailApps);
        assert_eq!(role("imap", "auth required pam_mailkey.so config=/etc/other.toml\n"), Role::OtherConfiguration);
        assert_eq!(role("imap", "auth required pam_permit.so\n"), Role::Other);
    }

    #[test]
    fn a_line_that_goes_on_in_the_next_is_one() {
        assert_eq!(
            ids("auth \\\n required \\\n pam_mailkey.so\naccount required /lib/security/pam_mailkey.so\n"),
            [""; 0]
        );
    }
}
