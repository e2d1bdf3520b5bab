//! Manual pages and completions, made from the definitions of the arguments.

use std::collections::BTreeSet;

use crate::lab::{Lab, mailkey, run};

/// All verbs, as `--help` lists them: `["user", "add"]`.
pub fn verbs() -> Vec<Vec<String>> {
    fn below(verb: &[String], found: &mut Vec<Vec<String>>) {
        let mut command = mailkey();
        command.args(verb).arg("--help");
        let help = run(command, b"").done().out;
        let listed = help.split("Commands:\n").nth(1).map(|rest| rest.split("\n\n").next().unwrap_or_default());
        let names = listed.unwrap_or_default().lines().filter_map(|line| line.split_whitespace().next());
        let names: Vec<&str> = names.filter(|name| *name != "help").collect();
        if names.is_empty() {
            found.push(verb.to_vec());
        }
        for name in names {
            below(&[verb, &[name.to_string()]].concat(), found);
        }
    }
    let mut found = Vec::new();
    below(&[], &mut found);
    found
}

#[test]
fn there_are_the_verbs_of_the_documentation_and_no_others() {
    let found: BTreeSet<String> = verbs().iter().map(|verb| verb.join(" ")).collect();
    let documented = [
        "init",
        "user add",
        "user passwd",
        "user list",
        "user show",
        "user export",
        "user notices",
        "user disable",
        "user enable",
        "user rename",
        "user invite",
        "user reset-2fa",
        "user remove",
        "domain rename",
        "totp enroll",
        "totp confirm",
        "totp disable",
        "totp list",
        "totp remove",
        "totp status",
        "recovery-codes new",
        "app-password add",
        "app-password list",
        "app-password revoke",
        "session list",
        "session revoke",
        "import",
        "hook run",
        "hook status",
        "node list",
        "node forget",
        "require list",
        "require set",
        "require clear",
        "check",
        "explain",
        "doctor",
        "log",
        "report",
        "tidy",
        "backup",
        "restore",
        "store copy",
        "key list",
        "key rotate",
        "key remove",
        "notify",
        "completions",
        "man",
    ];
    assert_eq!(found, documented.map(String::from).into());
}

#[test]
fn every_verb_has_an_example_and_its_json_in_the_help() {
    for verb in verbs() {
        let mut command = mailkey();
        command.args(&verb).arg("--help");
        let help = run(command, b"").done().out;
        let example = format!("  mailkey {}", verb.join(" "));
        let (_, below) = help.split_once("\nEXAMPLES\n").unwrap_or_else(|| panic!("{verb:?}: {help}"));
        assert!(below.contains(&example[2..]) || verb == ["init"], "{verb:?}: {help}");
        assert!(help.contains("\nJSON OUTPUT\n"), "{verb:?}: {help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 90, "{verb:?}: {line}");
        }
    }
}

#[test]
fn the_help_documents_the_exit_codes() {
    let mut command = mailkey();
    command.arg("--help");
    let help = run(command, b"").done().out;
    for code in 0..=7 {
        assert!(help.contains(&format!("\n  {code}  ")), "{help}");
    }
}

#[test]
fn there_is_a_manual_page_for_every_verb_and_it_is_the_same_every_time() {
    let lab = Lab::empty();
    let make = |name: &str| {
        let mut command = mailkey();
        command.arg("man").arg(lab.path(name));
        run(command, b"").done()
    };
    make("one/man8");
    make("two");
    make("two");
    for verb in verbs() {
        let page = format!("mailkey-{}.8", verb.join("-"));
        let text = std::fs::read_to_string(lab.path("one/man8").join(&page)).unwrap();
        assert_eq!(text, std::fs::read_to_string(lab.path("two").join(&page)).unwrap());
        assert!(text.contains(".SH \"JSON OUTPUT\"") && text.contains(".SH \"EXAMPLES\""), "{page}");
    }
    let whole = std::fs::read_to_string(lab.path("two/mailkey.8")).unwrap();
    assert!(whole.contains(".SH \"EXIT CODES\""), "{whole}");
}

#[test]
fn there_is_a_completion_script_for_every_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let mut command = mailkey();
        command.args(["completions", shell]);
        let script = run(command, b"").done().out;
        assert!(script.contains("app-password") && script.contains("recovery-codes"), "{shell}");
    }
}
