//! `mailkey doctor`: whether the machine around mailkey is as it must be, and how to mend what is not.
//!
//! Each file looks at one part and returns [`Finding`]s; nothing here changes anything. What another program must be asked
//! (doveconf, postconf, timedatectl, systemctl) is asked for its configuration or state alone, and not waited for without
//! end.

mod dovecot;
mod instance;
mod machine;
mod module;
mod pam;
mod postfix;
mod programs;
mod prove;
mod queues;
#[cfg(feature = "postgres")]
mod server;

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::failure::{Exit, Outcome};
use crate::output::{Output, Style};
use pam::Services;

const AFTER_HELP: &str = "\
Looks at the configuration, the key and the database; at pam_mailkey.so; at every PAM service that Dovecot and Postfix name; \
at the traps around them (a cache that answers for us, a second passdb, saslauthd's options, addresses that clients may \
claim); at the revocations and notices that wait, and whether somebody works them off; at the clock and the panel. With a store on a \
server, at each server that store names, at how they follow each other, and at the other nodes: their clocks, keys and \
versions. Without --prove it changes nothing. Run it as root, which sees everything.

With --prove it signs in, through this machine's libpam, to each PAM service of mail apps that Dovecot and Postfix name, with an account that it makes (mailkeyproof…) and removes again: its own password must be refused, its app password accepted, another one refused. That stands in the log. Services in front of another PAM module cannot be proved.

Severities: ok; note, to know; warning, wrong but closed or not sure to be wrong; error, nobody or the wrong people get in.

EXIT CODES
  0  nothing is wrong (notes do not count)
  1  doctor itself does not work
  6  there are warnings
  7  there are errors

JSON OUTPUT
  {\"state\": \"ok\", \"warning\" or \"error\",
   \"findings\": [{\"part\", \"id\", \"severity\", \"what\", \"mend\"}]}
  id: a stable name; what and mend are English sentences and may change
  mend: null where nothing is to be done

EXAMPLES
  mailkey doctor
  mailkey doctor --quiet          for monitoring: prints what is wrong, and nothing if nothing is
  mailkey doctor --prove
  mailkey doctor --deep --part database
  mailkey doctor --json | jq -r '.findings[] | select(.severity == \"error\") | .id'";

/// Look for what is wrong with this server, and say how to mend it
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Doctor {
    /// Print only what is wrong.
    #[arg(long, short)]
    quiet: bool,
    /// Look at one part; may be repeated.
    #[arg(long, value_name = "PART")]
    part: Vec<Part>,
    /// Read the whole database, indexes too: minutes for a large one.
    #[arg(long)]
    deep: bool,
    /// Sign in with an account that is made for it, as root: does 2FA hold?
    #[arg(long)]
    prove: bool,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Configuration and key.
    Config,
    /// The database, and the list of recipients.
    Database,
    /// pam_mailkey.so.
    Module,
    /// Dovecot, and the PAM services that it names.
    Dovecot,
    /// Postfix and saslauthd, and the PAM services that they name.
    Postfix,
    /// What ends connections after a revocation.
    Hook,
    /// Notices by mail.
    Notices,
    /// The clock.
    Clock,
    /// The panel.
    Panel,
    /// The proof, which --prove asks for.
    #[value(skip)]
    Proof,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::Config,
        Self::Database,
        Self::Module,
        Self::Dovecot,
        Self::Postfix,
        Self::Hook,
        Self::Notices,
        Self::Clock,
        Self::Panel,
    ];

    /// The name in output.
    fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Database => "database",
            Self::Module => "module",
            Self::Dovecot => "dovecot",
            Self::Postfix => "postfix",
            Self::Hook => "hook",
            Self::Notices => "notices",
            Self::Clock => "clock",
            Self::Panel => "panel",
            Self::Proof => "proof",
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Ok,
    /// To know; nothing is wrong.
    Note,
    /// Wrong, and closed; or not sure to be wrong.
    Warning,
    /// Nobody gets in, or the wrong people do.
    Error,
}

impl Severity {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Ok => Style::Green,
            Self::Note => Style::Dim,
            Self::Warning => Style::Yellow,
            Self::Error => Style::Red,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    id: &'static str,
    severity: Severity,
    what: String,
    mend: Option<String>,
}

impl Finding {
    /// As it should be.
    fn ok(id: &'static str, what: impl Into<String>) -> Self {
        Self { id, severity: Severity::Ok, what: what.into(), mend: None }
    }

    /// To know.
    fn note(id: &'static str, what: impl Into<String>) -> Self {
        Self { id, severity: Severity::Note, what: what.into(), mend: None }
    }

    /// Wrong, and closed.
    fn warning(id: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { id, severity: Severity::Warning, what: what.into(), mend: Some(mend.into()) }
    }

    /// Wrong.
    fn error(id: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { id, severity: Severity::Error, what: what.into(), mend: Some(mend.into()) }
    }
}

impl Doctor {
    /// Looks, and says what was found.
    pub fn run(&self, config: &Path, output: &Output) -> Outcome {
        let site = instance::Seen::load(config);
        let services = Services::of_this_machine();
        let parts = Part::ALL.into_iter().filter(|part| self.part.is_empty() || self.part.contains(part));
        let mut found: Vec<(Part, Finding)> = Vec::new();
        for part in parts {
            let findings = match part {
                Part::Config => site.config_and_key(),
                Part::Database => site.database(self.deep),
                Part::Module => module::look(),
                Part::Dovecot => dovecot::look(&services, site.has_webmail_hosts()),
                Part::Postfix => postfix::look(&services, site.has_webmail_hosts()),
                Part::Hook => queues::hook(&site),
                Part::Notices => queues::notices(&site),
                Part::Clock => machine::clock(),
                Part::Panel => machine::panel(),
                Part::Proof => Vec::new(),
            };
            found.extend(findings.into_iter().map(|finding| (part, finding)));
        }
        if self.prove {
            found.extend(proof(config, &services).into_iter().map(|finding| (Part::Proof, finding)));
        }
        if !instance::is_root() {
            let finding = Finding::note("not_root", "this is not root: what only root may read was not looked at");
            found.push((Part::Config, finding));
        }
        let worst = found.iter().map(|(_, finding)| finding.severity).max().unwrap_or(Severity::Ok);
        if output.is_json() {
            output.json(&as_json(&found, worst))?;
        } else {
            self.show(&found, output)?;
        }
        Ok(match worst {
            Severity::Ok | Severity::Note => Exit::Done,
            Severity::Warning => Exit::Warnings,
            Severity::Error => Exit::Errors,
        })
    }

    fn show(&self, found: &[(Part, Finding)], output: &Output) -> std::io::Result<()> {
        for (part, finding) in found {
            if self.quiet && finding.severity < Severity::Warning {
                continue;
            }
            let severity = output.style(finding.severity.style(), format!("{:<7}", finding.severity.as_str()));
            output.line(format_args!("{severity}  {}: {}", part.as_str(), finding.what))?;
            if let Some(mend) = &finding.mend {
                output.line(format_args!("         {mend}"))?;
            }
        }
        Ok(())
    }
}

fn proof(config: &Path, services: &Services) -> Vec<Finding> {
    if !instance::is_root() {
        return vec![Finding::note("proof_not_root", "only root can prove anything: mail servers ask PAM as root")];
    }
    let mut names: BTreeSet<String> = postfix::all_services();
    if let Some(Ok(dovecot)) = dovecot::configuration() {
        names.extend(dovecot.all_services());
    }
    prove::prove(config, &names, services)
}

fn as_json(found: &[(Part, Finding)], worst: Severity) -> serde_json::Value {
    let findings: Vec<_> = found
        .iter()
        .map(|(part, finding)| {
            json!({
                "part": part.as_str(),
                "id": finding.id,
                "severity": finding.severity.as_str(),
                "what": finding.what,
                "mend": finding.mend,
            })
        })
        .collect();
    json!({"state": worst.max(Severity::Ok).as_str().replace("note", "ok"), "findings": findings})
}
