//! `mailkey check`: the module's answer, without its consequences.

use serde_json::json;

use crate::lab::{ALICE, Lab, PASSWORD, code};

#[test]
fn check_says_reason_and_advice_and_exits_with_3_when_it_is_refused() {
    let lab = Lab::with_alice();
    let (secret, codes) = lab.enrol();
    let app_password = lab.json(["app-password", "add", ALICE, "--name", "Phone", "--protocol", "imap"]);
    let app_password = app_password["password"].as_str().unwrap();
    let with = |second: &str| format!("{PASSWORD}{second}");
    let fresh = code(&secret, 1);
    for (service, presented, code, reason) in [
        ("imap", app_password.to_string(), 0, ""),
        ("mailkey-imap", app_password.to_string(), 0, ""),
        ("IMAP", app_password.to_string(), 0, ""),
        ("smtp", app_password.to_string(), 3, "protocol_not_allowed"),
        ("submission", app_password.to_string(), 3, "protocol_not_allowed"),
        ("webmail", app_password.to_string(), 3, "app_password_not_allowed_here"),
        ("panel", app_password.to_string(), 3, "app_password_not_allowed_here"),
        ("imap", with(""), 3, "app_password_required"),
        ("imap", with(&fresh), 3, "app_password_required"),
        ("webmail", with(""), 3, "code_required"),
        ("webmail", with("000000"), 3, "wrong_code"),
        ("webmail", with(&fresh), 0, ""),
        ("panel", with(&codes[0]), 0, ""),
        ("webmail", "wrong".into(), 3, "wrong_password"),
        ("webmail", format!("mks-{}", "0a".repeat(26)), 3, "session_unknown"),
        ("imap", String::new(), 3, "empty_credential"),
        ("imap", "x".repeat(3000), 3, "credential_too_long"),
    ] {
        let text = lab.run_with(["check", ALICE, "--service", service], &presented);
        assert_eq!(text.code, code, "{service}: {}{}", text.out, text.err);
        let answer = lab.run_with(["check", ALICE, "--service", service, "--json"], &presented).parsed();
        if code == 0 {
            assert!(text.out.starts_with("accepted: "), "{}", text.out);
            assert_eq!((&answer["reason"], &answer["advice"]), (&json!(null), &json!(null)));
        } else {
            let advice = answer["advice"].as_str().unwrap();
            assert!(text.out.starts_with(&format!("refused: {reason}\n  {advice}\n")), "{service}: {}", text.out);
            assert_eq!((&answer["accepted"], &answer["reason"]), (&json!(false), &json!(reason)));
        }
    }
}

#[test]
fn check_says_from_when_on_2fa_is_required_while_that_lies_ahead() {
    let lab = Lab::with_alice();
    let app_password = lab.json(["app-password", "add", ALICE, "--name", "Phone"]);
    let text = std::fs::read_to_string(lab.config()).unwrap();
    let require = |date: &str| std::fs::write(lab.config(), format!("require_2fa = {date}\n{text}")).unwrap();
    let check = |presented: &str| lab.run_with(["check", ALICE, "--service", "imap", "--json"], presented).parsed();
    assert_eq!(check(PASSWORD)["two_factor_required_from"], json!(null));
    require("2999-01-01");
    let later = check(PASSWORD);
    assert_eq!(
        (&later["accepted"], &later["two_factor_required_from"]),
        (&json!(true), &json!("2999-01-01T00:00:00Z"))
    );
    let said = lab.run_with(["check", ALICE, "--service", "webmail"], PASSWORD).done().out;
    assert!(said.contains("From 2999-01-01 00:00 on 2FA is required"), "{said}");
    assert_eq!(check(app_password["password"].as_str().unwrap())["two_factor_required_from"], json!(null));
    require("2020-01-01");
    let now = check(PASSWORD);
    assert_eq!((&now["reason"], &now["two_factor_required_from"]), (&json!("enrolment_required"), &json!(null)));
    assert_eq!(check(app_password["password"].as_str().unwrap())["accepted"], json!(true));
    require("\"2999-01-01\"");
    lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD)
        .failed(1, "require_2fa must be true, false, or the date");
}

#[test]
fn check_of_an_account_that_is_not_there_is_refused_as_the_module_would() {
    let lab = Lab::new();
    let refused = lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD);
    assert!(refused.code == 3 && refused.out.contains("unknown_account"), "{}", refused.out);
}

#[test]
fn check_leaves_no_trace_however_often_it_is_wrong() {
    let lab = Lab::with_alice();
    let before = lab.json(["log"]);
    for _ in 0..15 {
        assert_eq!(lab.run_with(["check", ALICE, "--service", "imap", "--from", "192.0.2.7"], "wrong").code, 3);
    }
    lab.run_with(["check", ALICE, "--service", "imap", "--from", "192.0.2.7"], PASSWORD).done();
    assert_eq!(lab.json(["log"]), before);
}

#[test]
fn a_webmail_host_makes_an_imap_login_the_webmails() {
    let lab = Lab::with_alice();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), text.replace("#webmail_hosts = []", "webmail_hosts = [\"192.0.2.7\"]")).unwrap();
    lab.enrol();
    let answer = |from: &str| {
        lab.run_with(["check", ALICE, "--service", "imap", "--from", from, "--json"], PASSWORD).parsed()["reason"]
            .clone()
    };
    assert_eq!(answer("192.0.2.7"), json!("code_required"));
    assert_eq!(answer("::ffff:192.0.2.7"), json!("code_required"));
    assert_eq!(answer("192.0.2.8"), json!("app_password_required"));
}
