//! The machine: its clock, and the panel.

use std::path::Path;

use super::Finding;
use super::programs::{Answer, ask, hangs};

const PANEL_CONFIG: &str = "/etc/mailkey/panel.toml";

/// Whether the clock is right: codes are made of the time.
pub fn clock() -> Vec<Finding> {
    let said = match ask("timedatectl", &["show", "--property=NTPSynchronized", "--value"]) {
        Answer::Said(text) => text,
        Answer::Hangs => return vec![hangs("timedatectl")],
        Answer::Missing | Answer::Failed(_) => String::new(),
    };
    vec![match said.trim() {
        "yes" => Finding::ok("clock", "the clock is kept right"),
        "no" => Finding::warning(
            "clock_unsynchronised",
            "nothing keeps the clock right: codes are made of the time, and 90 seconds off are too many",
            "Install a time service: apt install systemd-timesyncd (or chrony)",
        ),
        _ => Finding::note("clock_unknown", "whether the clock is kept right cannot be told here"),
    }]
}

/// Whether the panel does what it is installed for.
pub fn panel() -> Vec<Finding> {
    let version = match ask("mailkey-panel", &["--version"]) {
        Answer::Missing if Path::new(PANEL_CONFIG).exists() => {
            return vec![Finding::note("panel_missing", format!("there is no panel here, but {PANEL_CONFIG}"))];
        }
        Answer::Missing => return vec![Finding::note("panel_missing", "there is no panel here")],
        Answer::Failed(why) => {
            return vec![Finding::error(
                "panel_broken",
                format!("mailkey-panel does not start: {why}"),
                "Install it anew.",
            )];
        }
        Answer::Hangs => return vec![hangs("mailkey-panel --version")],
        Answer::Said(version) => version.trim().trim_start_matches("mailkey-panel").trim().to_string(),
    };
    let mut findings = Vec::new();
    if version != env!("CARGO_PKG_VERSION") {
        findings.push(Finding::warning(
            "panel_version",
            format!("the panel is of version {version}, this command of {}", env!("CARGO_PKG_VERSION")),
            "Install all packages of one version.",
        ));
    }
    match ask("mailkey-panel", &["--check"]) {
        Answer::Failed(why) => findings.push(Finding::error(
            "panel_configuration",
            format!("the panel would not start: {why}"),
            "See what `mailkey-panel --check` says.",
        )),
        Answer::Hangs => findings.push(hangs("mailkey-panel --check")),
        Answer::Said(_) | Answer::Missing => {}
    }
    let unit = |question: &str| ask("systemctl", &[question, "mailkey-panel"]);
    let (enabled, active) = (unit("is-enabled"), unit("is-active"));
    if enabled == Answer::Hangs || active == Answer::Hangs {
        findings.push(hangs("systemctl"));
    } else if matches!((enabled, active), (Answer::Said(_), Answer::Failed(_))) {
        findings.push(Finding::error(
            "panel_stopped",
            "the panel is enabled and does not run",
            "systemctl start mailkey-panel; why it stopped says journalctl -u mailkey-panel",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("panel", "the panel is in order"));
    }
    findings
}
