//! What is typed wrong: each error shows what was wrong and an example.

use crate::lab::{ALICE, Lab, PASSWORD};

#[test]
fn bad_arguments_are_refused_with_what_was_wrong_and_an_example() {
    let lab = Lab::with_alice();
    let add = |more: &[&'static str]| [&["app-password", "add", ALICE], more].concat();
    let long = "x".repeat(300);
    for (arguments, what, example) in [
        (vec!["user", "show", "al ice@example.org"], "contains a space", "alice@example.org"),
        (vec!["user", "show", "alice"], "no @domain", "alice@example.org"),
        (vec!["user", "show", ""], "the name is empty", "alice@example.org"),
        (vec!["user", "show", "аlice@example.org"], "outside ASCII", "alice@example.org"),
        (vec!["user", "show", "../x@example.org"], "\"../x@example.org\" is no account name", "alice@example.org"),
        (vec!["user", "show", &long], "more than 254 bytes", "alice@example.org"),
        (add(&["--name", "Phone", "--protocol", "http"]), "\"http\" is no protocol", "--protocol imap,smtp"),
        (add(&["--name", "Phone", "--protocol", ""]), "\"\" is no protocol", "--protocol imap,smtp"),
        (add(&["--name", "Phone", "--from", "192.0.2.0/33"]), "\"192.0.2.0/33\" is no address", "192.0.2.0/24"),
        (add(&["--name", "Phone", "--from", "example.org"]), "\"example.org\" is no address", "192.0.2.0/24"),
        (add(&["--name", "Phone", "--expires", "90m"]), "\"90m\" is no duration", "--expires 90d"),
        (add(&["--name", "Phone", "--expires", "2027-02-30"]), "\"2027-02-30\" is no duration", "2027-01-31"),
        (add(&["--name", "Phone", "--expires", "2020-01-31"]), "lies in the past", "--expires 90d"),
        (add(&["--name", "  "]), "the name is empty", "--name"),
        (add(&["--name", "a\nb"]), "cannot be shown", "--name"),
        (add(&[]), "--name <NAME>", "Usage:"),
        (vec!["app-password", "revoke", ALICE], "<ID>", "Usage:"),
        (vec!["app-password", "revoke", ALICE, "k7m2", "--all"], "cannot be used with", "Usage:"),
        (vec!["app-password", "revoke", ALICE, "k7m"], "\"k7m\" is no app password's id", "k7m2"),
        (vec!["app-password", "revoke", ALICE, "k7u2"], "\"k7u2\" is no app password's id", "k7m2"),
        (vec!["check", ALICE], "--service", "Usage:"),
        (vec!["check", ALICE, "--service", "http"], "\"http\" is no service", "--service imap"),
        (vec!["check", ALICE, "--service", "imap", "--from", "localhost"], "\"localhost\" is no address", "192.0.2.7"),
        (vec!["log", "--limit", "0"], "--limit", "--help"),
        (vec!["log", "--limit", "many"], "'many'", "--help"),
        (vec!["user", "lst"], "unrecognized subcommand 'lst'", "'list'"),
        (vec!["user", "add", "bob@example.org"], "no terminal", "--password-stdin"),
        (vec!["user", "passwd", ALICE], "no terminal", "--password-stdin"),
        (vec!["user", "add", "bob@example.org", "--password-stdin", "--no-password"], "cannot be used with", "Usage:"),
        (vec!["user", "remove", ALICE], "no terminal", "--yes"),
        (vec!["completions", "ksh"], "'ksh'", "bash"),
    ] {
        let failed = lab.run(&arguments).failed(2, what);
        assert!(failed.err.contains(example), "{arguments:?}: {}", failed.err);
    }
    assert_eq!(lab.json(["user", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(lab.json(["app-password", "list", ALICE]), serde_json::json!([]));
}

#[test]
fn bad_passwords_are_refused_with_the_rule_and_change_nothing() {
    let lab = Lab::new();
    let add = |password: &[u8]| lab.run_with(["user", "add", ALICE, "--password-stdin"], password);
    for (password, rule) in [
        (&b""[..], "at least 10 characters"),
        (b"\n", "at least 10 characters"),
        (b"short", "at least 10 characters"),
        (b"with\0nul and more", "control character"),
        (b"with\ttab and more", "control character"),
        (b"two lines of it\nand more", "more than one line"),
        (b"two line ends\n\n", "more than one line"),
        (b"alice@example.org", "the account's name"),
        (b"k7m2-9xqd-0011-abcd-efgh", "looks like an app password"),
        (b"long enough ab2c-de3f-gh4j", "looks like an app password or a recovery code"),
        (&[b'x'; 1025], "at most 1024 bytes"),
        (&[b'x'; 100_000], "longer than any password"),
    ] {
        add(password).failed(3, rule);
    }
    lab.run(["user", "show", ALICE]).failed(4, "there is no account");
    // Bytes that are no text are a password as any other.
    add(b"\xff\xfe raw bytes \xc3\r\n").done();
    let check = ["check", ALICE, "--service", "imap"];
    lab.run_with(check, b"\xff\xfe raw bytes \xc3").done();
    assert_eq!(lab.run_with(check, b"\xff\xfe raw bytes \xc3 ").code, 3);
}

#[test]
fn options_for_all_verbs_are_taken_before_and_after_the_verb() {
    let lab = Lab::with_alice();
    let config = lab.config();
    let config = config.to_str().unwrap();
    for arguments in [
        ["--config", config, "--json", "user", "show", ALICE],
        ["user", "--config", config, "show", "--json", ALICE],
        ["user", "show", ALICE, "--json", "--config", config],
    ] {
        let mut command = crate::lab::mailkey();
        command.args(arguments);
        assert_eq!(crate::lab::run(command, b"").done().parsed()["account"], ALICE);
    }
}

#[test]
fn no_verb_takes_a_secret_from_its_arguments() {
    let lab = Lab::with_alice();
    for arguments in [
        &["user", "add", "bob@example.org", PASSWORD][..],
        &["user", "add", "bob@example.org", "--password", PASSWORD],
        &["user", "passwd", ALICE, PASSWORD],
        &["totp", "confirm", ALICE, "123456"],
        &["check", ALICE, PASSWORD, "--service", "imap"],
    ] {
        assert_eq!(lab.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn names_follow_the_rules_of_the_configuration() {
    let lab = Lab::with_alice();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), text.replace("#default_domain = \"\"", "default_domain = \"example.org\"")).unwrap();
    assert_eq!(lab.json(["user", "show", "ALICE"])["account"], ALICE);
}
