//! Dovecot: its passdbs, its cache, and what it lets clients say about themselves, in 2.3 and 2.4.

use std::collections::BTreeSet;

use super::Finding;
use super::pam::Services;
use super::programs::{Answer, ask};

/// What `doveconf -n` prints: settings, and blocks of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The words in front of the brace: `passdb pam`.
    title: Vec<String>,
    settings: Vec<(String, String)>,
    blocks: Vec<Block>,
}

impl Block {
    /// Reads it; an error says which line is none.
    fn parse(text: &str) -> Result<Self, String> {
        let mut open = vec![Self::default()];
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let broken = || format!("doveconf's line {} is not understood: {line}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line == "}" {
                let done = open.pop().ok_or_else(broken)?;
                open.last_mut().ok_or_else(broken)?.blocks.push(done);
            } else if let Some((name, value)) = line.split_once('=').filter(|(name, _)| !name.trim().contains(' ')) {
                let last = open.last_mut().ok_or_else(broken)?;
                last.settings.push((name.trim().to_string(), value.trim().trim_matches('"').to_string()));
            } else if let Some(title) = line.strip_suffix('{') {
                let title = title.split_whitespace().map(|word| word.trim_matches('"').to_string()).collect();
                open.push(Self { title, ..Self::default() });
            } else {
                return Err(broken());
            }
        }
        let whole = open.pop().unwrap_or_default();
        if open.is_empty() { Ok(whole) } else { Err("doveconf's last block is not closed".into()) }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.settings.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, kind: &str) -> bool {
        self.title.first().is_some_and(|word| word == kind)
    }

    fn named(&self, title: [&str; 2]) -> Option<&Block> {
        self.blocks.iter().find(|block| block.title == title)
    }
}

/// The version's first two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    V23,
    V24,
}

/// Dovecot's configuration.
pub struct Dovecot {
    version: Version,
    conf: Block,
}

/// Reads Dovecot's configuration; none where there is no Dovecot.
pub fn configuration() -> Option<Result<Dovecot, String>> {
    match ask("doveconf", &["-n"]) {
        Answer::Missing => None,
        Answer::Failed(why) => Some(Err(why)),
        Answer::Hangs => Some(Err("doveconf does not answer".into())),
        Answer::Said(text) => Some(Dovecot::parse(&text)),
    }
}

/// What is wrong with Dovecot.
pub fn look(services: &Services, webmail_hosts: bool) -> Vec<Finding> {
    match configuration() {
        None => vec![Finding::note("dovecot_missing", "there is no Dovecot here")],
        Some(Err(why)) => vec![Finding::error(
            "dovecot_configuration",
            format!("Dovecot's configuration cannot be read: {why}"),
            "See what `doveconf -n` says.",
        )],
        Some(Ok(dovecot)) => {
            let findings = dovecot.look(services, webmail_hosts);
            if findings.is_empty() {
                let names: Vec<String> = dovecot.all_services().into_iter().collect();
                return vec![Finding::ok("dovecot", format!("Dovecot asks mailkey, as {}", names.join(", ")))];
            }
            findings
        }
    }
}

impl Dovecot {
    fn parse(text: &str) -> Result<Self, String> {
        let version = match text.lines().find_map(|line| line.strip_prefix("# 2.")) {
            Some(rest) if rest.starts_with("3.") => Version::V23,
            Some(rest) if rest.starts_with("4.") => Version::V24,
            _ => return Err("this version of Dovecot is not known: there are 2.3 and 2.4".into()),
        };
        Ok(Self { version, conf: Block::parse(text)? })
    }

    /// The passdbs that are asked, in their order: those of one protocol come first.
    fn passdbs(&self) -> impl Iterator<Item = &Block> {
        let of_protocols = self.conf.blocks.iter().filter(|block| block.is("protocol")).flat_map(|block| &block.blocks);
        let counts = |block: &&Block| {
            let yes = |name| block.get(name) == Some("yes");
            block.is("passdb") && !yes("master") && !yes("deny") && self.driver(block) != "deny"
        };
        of_protocols.chain(&self.conf.blocks).filter(counts)
    }

    /// The driver of a passdb or userdb.
    fn driver<'a>(&self, block: &'a Block) -> &'a str {
        let name = block.title.get(1).map_or("", String::as_str);
        let given = ["driver", "passdb_driver", "userdb_driver"].into_iter().find_map(|setting| block.get(setting));
        given.unwrap_or(name)
    }

    /// The template that names the PAM service.
    fn template(&self, passdb: &Block) -> String {
        if self.version == Version::V24 {
            let given = passdb.get("service_name").or_else(|| passdb.get("passdb_pam_service_name"));
            return given.unwrap_or("dovecot").to_string();
        }
        let known = ["session=", "setcred=", "cache_key=", "max_requests=", "failure_show_msg="];
        let mut rest = passdb.get("args").unwrap_or_default().trim();
        while let Some(word) = rest
            .split_whitespace()
            .next()
            .filter(|word| known.iter().any(|option| word.starts_with(option) || *word == option.trim_end_matches('=')))
        {
            rest = rest[word.len()..].trim_start();
        }
        match rest {
            "" => "dovecot".into(),
            "*" => "%s".into(),
            template => template.into(),
        }
    }

    /// The protocols whose logins Dovecot asks PAM about; LMTP never does.
    fn protocols(&self) -> Vec<String> {
        let of_2_4 = self.conf.blocks.iter().find(|block| block.title == ["protocols"]).map(|block| {
            let on = block.settings.iter().filter(|(_, value)| value == "yes");
            on.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        });
        let listed = self.conf.get("protocols").map(|list| list.split_whitespace().map(str::to_string).collect());
        let all = of_2_4.or(listed).unwrap_or_else(|| ["imap", "pop3"].map(str::to_string).to_vec());
        all.into_iter().filter(|protocol| protocol != "lmtp").collect()
    }

    /// The PAM services that a passdb names for these protocols, or the template that is not understood.
    fn services(&self, passdb: &Block, protocols: &[String]) -> Result<BTreeSet<String>, String> {
        let template = self.template(passdb);
        protocols.iter().map(|protocol| expand(&template, protocol)).try_fold(BTreeSet::new(), |mut all, more| {
            all.extend(more.ok_or_else(|| template.clone())?);
            Ok(all)
        })
    }

    /// Every PAM service that Dovecot names for its own protocols.
    pub fn all_services(&self) -> BTreeSet<String> {
        self.services_for(&self.protocols())
    }

    /// Every PAM service that Dovecot names for these protocols.
    pub fn services_for(&self, protocols: &[String]) -> BTreeSet<String> {
        let pam = self.passdbs().filter(|passdb| self.driver(passdb) == "pam");
        pam.filter_map(|passdb| self.services(passdb, protocols).ok()).flatten().collect()
    }

    fn look(&self, services: &Services, webmail_hosts: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        let protocols = self.protocols();
        let passdbs: Vec<&Block> = self.passdbs().collect();
        let ours = passdbs.iter().position(|passdb| {
            let named = self.services(passdb, &protocols).unwrap_or_default();
            self.driver(passdb) == "pam"
                && (self.template(passdb).contains("mailkey") || named.iter().any(|name| services.asks_mailkey(name)))
        });
        let Some(ours) = ours else {
            return vec![Finding::error(
                "dovecot_without_mailkey",
                "no passdb of Dovecot asks mailkey: passwords open without a second factor",
                "Follow \"Dovecot\" in README.md, or leave this part out: mailkey doctor --part …",
            )];
        };
        match self.services(passdbs[ours], &protocols) {
            Ok(named) => findings.extend(named.iter().flat_map(|name| services.look_at(name, "Dovecot"))),
            Err(template) => findings.push(Finding::note(
                "dovecot_service_unknown",
                format!(
                    "which PAM services Dovecot names by {template:?} cannot be told: look at each of them yourself"
                ),
            )),
        }
        findings.extend(self.other_passdbs(&passdbs, ours));
        findings.extend(self.cache(passdbs[ours]));
        findings.extend(self.clients(webmail_hosts));
        findings.extend(self.penalty(webmail_hosts, passdbs[ours]));
        findings.extend(self.lmtp());
        findings
    }

    fn other_passdbs(&self, passdbs: &[&Block], ours: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        for passdb in &passdbs[..ours] {
            findings.push(Finding::error(
                "dovecot_passdb_before",
                format!(
                    "a passdb {} is asked before mailkey: what it accepts needs no second factor",
                    self.driver(passdb)
                ),
                "Take it out (in 10-auth.conf: comment out \"!include auth-….conf.ext\"), then restart Dovecot.",
            ));
        }
        let behind: Vec<&str> = passdbs[ours + 1..].iter().map(|passdb| self.driver(passdb)).collect();
        let ends = matches!(passdbs[ours].get("result_failure"), Some("return-fail" | "return"));
        if !behind.is_empty() && !ends {
            findings.push(Finding::error(
                "dovecot_passdb_behind",
                format!("when mailkey refuses, Dovecot asks its next passdb ({})", behind.join(", ")),
                "Take it out, or set result_failure = return-fail in mailkey's passdb block.",
            ));
        } else if !behind.is_empty() {
            findings.push(Finding::note(
                "dovecot_passdb_idle",
                format!("behind mailkey's passdb stands another ({}), which is never asked", behind.join(", ")),
            ));
        }
        findings
    }

    fn cache(&self, ours: &Block) -> Option<Finding> {
        let size = self.conf.get("auth_cache_size").unwrap_or("0");
        let on = size.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        let (keeps, mend) = match self.version {
            Version::V23 => {
                let args = ours.get("args").unwrap_or_default();
                (
                    args.split_whitespace().any(|word| word.starts_with("cache_key")),
                    "Take cache_key= out of the args of mailkey's passdb",
                )
            }
            Version::V24 => (ours.get("use_cache") != Some("no"), "Set use_cache = no in mailkey's passdb block"),
        };
        let mend = format!("{mend}, then restart Dovecot: no cache key is sound, because a code opens once.");
        match (on, keeps) {
            (true, true) => Some(Finding::error(
                "dovecot_auth_cache",
                format!(
                    "Dovecot remembers mailkey's answers (auth_cache_size = {size}): a revoked app password opens on"
                ),
                mend,
            )),
            // 2.4 would, unless told not to, and is not asked to yet.
            (false, true) if self.version == Version::V23 => {
                let what = "Dovecot would remember mailkey's answers as soon as auth_cache_size is set";
                Some(Finding::warning("dovecot_cache_key", what, mend))
            }
            _ => None,
        }
    }

    /// Whether arriving mail loses the domain of its address. Where all are users of the system that is as it should be: they
    /// have none.
    fn lmtp(&self) -> Option<Finding> {
        let is_system = |userdb: &&Block| self.driver(userdb) == "passwd";
        let userdbs: Vec<&Block> = self.conf.blocks.iter().filter(|block| block.is("userdb")).collect();
        if userdbs.is_empty() || userdbs.iter().all(is_system) {
            return None;
        }
        let lmtp = self.conf.blocks.iter().find(|block| block.title == ["protocol", "lmtp"])?;
        let format = lmtp.get("auth_username_format")?;
        let cuts = match self.version {
            Version::V23 => ["%n", "%Ln", "%{username}"].contains(&format),
            Version::V24 => format.contains("username"),
        };
        cuts.then(|| {
            Finding::warning(
                "dovecot_lmtp_domain",
                format!("arriving mail loses the domain of its address (protocol lmtp: auth_username_format = {format})"),
                "Set auth_username_format = %{user | lower} (2.3: %Lu) in protocol lmtp (Debian: 20-lmtp.conf), or take one \
                 of our examples for the userdb, which do; then restart Dovecot.",
            )
        })
    }

    /// What clients may say about themselves, and how they say their password.
    fn clients(&self, webmail_hosts: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        let trusted = self.conf.get("login_trusted_networks").unwrap_or_default();
        if !trusted.is_empty() && webmail_hosts {
            findings.push(Finding::error(
                "dovecot_trusted_networks",
                format!("clients in {trusted} may claim any address (login_trusted_networks), also one of webmail_hosts: password and code open the ordinary IMAP port there"),
                "Empty login_trusted_networks, or webmail_hosts (and give the webmail its own port, 10143).",
            ));
        } else if !trusted.is_empty() {
            findings.push(Finding::note(
                "dovecot_trusted_networks_without_hosts",
                format!("clients in {trusted} may claim any address (login_trusted_networks): app passwords' networks and pauses go by that"),
            ));
        }
        let cleartext = match self.version {
            Version::V23 => self.conf.get("disable_plaintext_auth") == Some("no"),
            Version::V24 => self.conf.get("auth_allow_cleartext") == Some("yes"),
        };
        if cleartext || self.conf.get("ssl") == Some("no") {
            let setting = match self.version {
                Version::V23 => "disable_plaintext_auth = yes",
                Version::V24 => "auth_allow_cleartext = no",
            };
            findings.push(Finding::warning(
                "dovecot_cleartext",
                "Dovecot takes passwords and codes without TLS: whoever listens has them",
                format!("Set {setting}, and ssl = required."),
            ));
        }
        let mechanisms = self.conf.get("auth_mechanisms").unwrap_or("plain");
        let others: Vec<&str> = mechanisms
            .split_whitespace()
            .filter(|name| !matches!(name.to_ascii_lowercase().as_str(), "plain" | "login"))
            .collect();
        if !others.is_empty() {
            findings.push(Finding::warning(
                "dovecot_mechanisms",
                format!(
                    "Dovecot offers {}, which mailkey can never answer: only PLAIN and LOGIN show the password",
                    others.join(", ")
                ),
                "Set auth_mechanisms = plain login.",
            ));
        }
        findings
    }

    /// A webmail's users share one address, and Dovecot's penalty goes by addresses.
    fn penalty(&self, webmail_hosts: bool, ours: &Block) -> Option<Finding> {
        let webmail = webmail_hosts || self.template(ours).contains("webmail");
        let listener = self
            .conf
            .named(["service", "anvil"])
            .and_then(|anvil| anvil.named(["unix_listener", "anvil-auth-penalty"]));
        let off = listener
            .and_then(|listener| listener.get("mode"))
            .is_some_and(|mode| mode.bytes().all(|byte| byte == b'0'));
        (webmail && !off).then(|| {
            Finding::warning(
                "dovecot_penalty",
                "after a wrong password Dovecot makes everybody behind the webmail's address wait, up to 17 seconds",
                "Switch it off, as in the example: service anvil { unix_listener anvil-auth-penalty { mode = 0 } }",
            )
        })
    }
}

/// The services that a template may name for a protocol: one, or one for each side of a condition. None: it has something
/// in it that is not known here.
fn expand(template: &str, protocol: &str) -> Option<Vec<String>> {
    let Some(start) = template.find('%') else { return Some(vec![template.to_string()]) };
    let (before, rest) = (&template[..start], &template[start + 1..]);
    let (values, after) = match rest.strip_prefix('{') {
        Some(inside) => {
            let end = inside.find('}')?;
            // %{if;…;%s} of 2.3 has a percent sign inside, and nested braces.
            let end = closing(inside).unwrap_or(end);
            (variable(&inside[..end], protocol)?, &inside[end + 1..])
        }
        None if rest.starts_with('s') => (vec![protocol.to_string()], &rest[1..]),
        None => return None,
    };
    let tails = expand(after, protocol)?;
    let mut all = Vec::new();
    for value in values {
        all.extend(tails.iter().map(|tail| format!("{before}{value}{tail}")));
    }
    Some(all)
}

/// Where the brace closes that is open at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.char_indices().find_map(|(at, symbol)| {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// What may stand in the place of a variable.
fn variable(inside: &str, protocol: &str) -> Option<Vec<String>> {
    let inside = inside.trim();
    if matches!(inside, "service" | "protocol") {
        return Some(vec![protocol.to_string()]);
    }
    // 2.3: %{if;value;operator;other;then;else}
    if let Some(condition) = inside.strip_prefix("if;") {
        let parts: Vec<&str> = condition.split(';').collect();
        let [.., then, otherwise] = parts[..] else { return None };
        return (parts.len() == 5).then(|| Some([expand(then, protocol)?, expand(otherwise, protocol)?].concat()))?;
    }
    // 2.4: %{variable | if("operator", value, then, else)}
    let (_, filter) = inside.split_once('|')?;
    let arguments = filter.trim().strip_prefix("if(")?.strip_suffix(')')?;
    let arguments: Vec<&str> = split_arguments(arguments);
    let [_, _, then, otherwise] = arguments[..] else { return None };
    let value = |argument: &str| match argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        // Inside the quotes nothing is expanded.
        Some(text) => Some(text.to_string()),
        None if matches!(argument, "service" | "protocol") => Some(protocol.to_string()),
        None => None,
    };
    Some(vec![value(then)?, value(otherwise)?])
}

/// Arguments between commas that stand outside of quotes.
fn split_arguments(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|symbol| {
        quoted ^= symbol == '"';
        symbol == ',' && !quoted
    })
    .map(str::trim)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const V23: &str = include_str!("samples/doveconf-2.3.txt");
    const V24: &str = include_str!("samples/doveconf-2.4.txt");

    /// The ids of what is found with the changes made, where every service of mailkey has its file.
    fn ids(sample: &str, changes: &[(&str, &str)], webmail_hosts: bool) -> Vec<&'static str> {
        let mut text = sample.to_string();
        for (from, to) in [&[("login_trusted_networks = 10.77.0.0/24\n", "")], changes].concat() {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        let place = tempfile::tempdir().unwrap();
        for service in ["imap", "pop3", "sieve", "webmail"] {
            let store = include_str!("../../../../packaging/pam.d/store");
            std::fs::write(place.path().join(format!("mailkey-{service}")), store).unwrap();
        }
        let found = Dovecot::parse(&text).unwrap().look(&Services::at(place.path()), webmail_hosts);
        found.into_iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn of_the_examples_there_is_nothing_to_say_also_with_the_cache_on() {
        for sample in [V23, V24] {
            assert!(sample.contains("auth_cache_size"));
            assert_eq!(ids(sample, &[], true), [""; 0]);
        }
    }

    #[test]
    fn the_services_of_both_examples_are_told_from_their_templates() {
        for sample in [V23, V24] {
            let dovecot = Dovecot::parse(sample).unwrap();
            let named: Vec<String> = dovecot.all_services().into_iter().collect();
            assert_eq!(named, ["mailkey-imap", "mailkey-pop3", "mailkey-sieve", "mailkey-webmail"]);
            let for_postfix: Vec<String> = dovecot.services_for(&["smtp".into()]).into_iter().collect();
            assert_eq!(for_postfix, ["mailkey-smtp", "mailkey-webmail"]);
        }
    }

    #[test]
    fn templates_are_expanded_or_said_to_be_unknown() {
        let of = |template: &str| expand(template, "imap").map(|names| names.join(" "));
        assert_eq!(of("dovecot").as_deref(), Some("dovecot"));
        assert_eq!(of("mailkey-%s").as_deref(), Some("mailkey-imap"));
        assert_eq!(of("mailkey-%{service}-x").as_deref(), Some("mailkey-imap-x"));
        assert_eq!(of("mailkey-%{protocol}").as_deref(), Some("mailkey-imap"));
        assert_eq!(
            of("%{if;%{real_lport};~;^(1|2)$;mailkey-webmail;mailkey-%s}").as_deref(),
            Some("mailkey-webmail mailkey-imap")
        );
        assert_eq!(
            of("m-%{real_local_port | if(\"~\", \"^(1,2)$\", \"webmail\", protocol)}").as_deref(),
            Some("m-webmail m-imap")
        );
        assert_eq!(of("mailkey-%{user}"), None);
        assert_eq!(of("%d"), None);
        assert_eq!(of("%{local_port | if(\"==\", 1, \"a\", user)}"), None);
    }

    #[test]
    fn a_cache_that_answers_for_us_is_found_in_both_versions() {
        assert_eq!(ids(V23, &[("args = max", "args = cache_key=%s%u max")], true), ["dovecot_auth_cache"]);
        assert_eq!(ids(V24, &[("use_cache = no", "use_cache = yes")], true), ["dovecot_auth_cache"]);
        assert_eq!(ids(V24, &[("  use_cache = no\n", "")], true), ["dovecot_auth_cache"]);
        let off = ("auth_cache_size = 10 M\n", "");
        assert_eq!(ids(V23, &[("args = max", "args = cache_key=%u max"), off], true), ["dovecot_cache_key"]);
        assert_eq!(ids(V24, &[("  use_cache = no\n", ""), ("auth_cache_size = 10M\n", "")], true), [""; 0]);
    }

    #[test]
    fn trusted_networks_are_wrong_beside_webmail_hosts_and_a_note_without() {
        let trusted = ("auth_mechanisms", "login_trusted_networks = 10.77.0.0/24\nauth_mechanisms");
        for sample in [V23, V24] {
            assert_eq!(ids(sample, &[trusted], true), ["dovecot_trusted_networks"]);
            assert_eq!(ids(sample, &[trusted], false), ["dovecot_trusted_networks_without_hosts"]);
        }
    }

    #[test]
    fn another_passdb_is_wrong_before_ours_and_behind_it_where_we_do_not_end_the_search() {
        let old = "passdb {\n  args = /etc/dovecot/old-users\n  driver = passwd-file\n}\n";
        let old24 = "passdb passwd-file {\n  passwd_file_path = /etc/dovecot/old-users\n}\n";
        let (before, before24) = (format!("{old}passdb {{"), format!("{old24}passdb pam {{"));
        assert_eq!(ids(V23, &[("passdb {", &before)], true), ["dovecot_passdb_before"]);
        assert_eq!(ids(V24, &[("passdb pam {", &before24)], true), ["dovecot_passdb_before"]);
        let behind = format!("{old}plugin {{");
        assert_eq!(ids(V23, &[("plugin {", &behind)], true), ["dovecot_passdb_idle"]);
        let goes_on = ("  result_failure = return-fail\n", "");
        assert_eq!(ids(V23, &[("plugin {", &behind), goes_on], true), ["dovecot_passdb_behind"]);
        let master = before.replace("driver", "master = yes\n  driver");
        assert_eq!(ids(V23, &[("passdb {", &master)], true), [""; 0]);
    }

    #[test]
    fn mail_that_loses_its_domain_is_found_except_where_all_are_users_of_the_system() {
        let cuts = ("auth_username_format = %{user | lower}", "auth_username_format = %{user | username | lower}");
        assert_eq!(ids(V24, &[cuts], true), ["dovecot_lmtp_domain"]);
        assert_eq!(ids(V24, &[cuts, ("userdb static {", "userdb passwd {")], true), [""; 0]);
        let lmtp = |format: &str| format!("protocol lmtp {{\n  auth_username_format = {format}\n}}\nplugin {{");
        assert_eq!(ids(V23, &[("plugin {", &lmtp("%Ln"))], true), ["dovecot_lmtp_domain"]);
        assert_eq!(ids(V23, &[("plugin {", &lmtp("%Lu"))], true), [""; 0]);
    }

    #[test]
    fn a_dovecot_without_mailkey_is_said_to_be() {
        let without = ("max_requests=1000 %{if;%{real_lport};==;10143;mailkey-webmail;mailkey-%s}", "dovecot");
        assert_eq!(ids(V23, &[without], true), ["dovecot_without_mailkey"]);
    }

    #[test]
    fn a_service_without_its_file_is_found() {
        let submission = ("sieve pop3\"", "sieve pop3 submission\"");
        assert_eq!(
            ids(V23, &[("imap lmtp sieve pop3", "imap lmtp sieve pop3 submission")], true),
            ["pam_service_missing"],
            "{submission:?}"
        );
    }

    #[test]
    fn cleartext_other_mechanisms_and_the_penalty_are_found() {
        assert_eq!(
            ids(
                V23,
                &[(
                    "auth_mechanisms = plain login",
                    "auth_mechanisms = plain login cram-md5\ndisable_plaintext_auth = no"
                )],
                true
            ),
            ["dovecot_cleartext", "dovecot_mechanisms"]
        );
        assert_eq!(
            ids(V24, &[("auth_mechanisms = plain login", "auth_allow_cleartext = yes")], true),
            ["dovecot_cleartext"]
        );
        assert_eq!(ids(V23, &[("    mode = 00\n", "")], true), ["dovecot_penalty"]);
        assert_eq!(ids(V24, &[("    mode = 0\n", "    mode = 0600\n")], false), ["dovecot_penalty"]);
    }

    #[test]
    fn what_is_no_output_of_doveconf_is_an_error() {
        for text in ["", "# 2.5.0: x\n", "# 2.3.1: x\npassdb {\n", "# 2.3.1: x\n}\n", "# 2.3.1: x\nwhat\n"] {
            assert!(Dovecot::parse(text).is_err(), "{text}");
        }
    }
}
