//! Invitations to turn 2FA on.

use serde_json::json;

use crate::lab::{ALICE, Lab, mode, set_mode};

const BOB: &str = "bob@example.org";

/// Its groups, where it is one.
fn is_invitation(text: &str) -> bool {
    let is_group = |group: &str| {
        group.len() == 4 && group.bytes().all(|symbol| symbol.is_ascii_digit() || symbol.is_ascii_uppercase())
    };
    text.split('-').count() == 4 && text.split('-').all(is_group)
}

fn set(lab: &Lab, line: &str) {
    let text = std::fs::read_to_string(lab.config()).unwrap();
    std::fs::write(lab.config(), format!("{line}\n{text}")).unwrap();
}

#[test]
fn somebody_is_invited_and_lists_say_until_when() {
    let lab = Lab::with_alice();
    let invited = lab.json(["user", "invite", ALICE, "--expires", "2099-01-31"]);
    assert!(is_invitation(invited["invitation"].as_str().unwrap()), "{invited}");
    assert_eq!((&invited["account"], &invited["expires_at"]), (&json!(ALICE), &json!("2099-01-31T00:00:00Z")));
    assert_eq!(lab.json(["user", "show", ALICE])["invited_until"], "2099-01-31T00:00:00Z");
    assert!(lab.run(["user", "show", ALICE]).done().out.contains("\n  invitation      counts until 2099-01-3"));
    let report = lab.json(["report"]);
    assert_eq!(report["totals"]["invited"], 1);
    assert_eq!(report["without_two_factor"][0]["invited_until"], "2099-01-31T00:00:00Z");
    assert!(lab.run(["report"]).done().out.contains(", invited until 2099-01-3"));
    assert!(lab.run(["report", "--csv"]).done().out.contains(",2099-01-31T00:00:00Z\n"));
    // What is shown is shown once: a new one is another one.
    let again = lab.run(["user", "invite", ALICE]).done().out;
    assert!(again.starts_with(&format!("invitation of {ALICE}:  ")), "{again}");
    assert!(!again.contains(invited["invitation"].as_str().unwrap()), "{again}");
    assert!(again.contains("not by mail") && again.contains("2FA on in the panel, once"), "{again}");
    assert_ne!(lab.json(["user", "show", ALICE])["invited_until"], "2099-01-31T00:00:00Z");
    let revoked = lab.json(["user", "invite", ALICE, "--revoke"]);
    assert_eq!(revoked, json!({"account": ALICE, "revoked": true}));
    assert!(lab.json(["user", "show", ALICE])["invited_until"].is_null());
    lab.run(["user", "invite", ALICE, "--revoke"]).failed(4, "has no invitation");
    let log = lab.run(["log", ALICE]).done().out;
    assert!(log.contains("invitation_created") && log.contains("invitation_revoked"), "{log}");
}

#[test]
fn the_address_of_the_panel_is_named_where_it_is_known() {
    let lab = Lab::with_alice();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    let notices = "[notices]\nfrom = \"mail@example.org\"\npanel = \"https://panel.example.org/\"\n";
    std::fs::write(lab.config(), format!("{text}\n{notices}")).unwrap();
    assert!(lab.run(["user", "invite", ALICE]).done().out.contains("the panel, https://panel.example.org/"));
}

#[test]
fn who_cannot_be_invited_is_not_and_is_told_why() {
    let lab = Lab::with_alice();
    lab.run(["user", "invite", BOB]).failed(4, "there is no account");
    lab.run(["user", "invite", ALICE, "--expires", "soon"]).failed(2, "is no duration or date");
    lab.run(["user", "invite", ALICE, "--expires", "2020-01-01"]).failed(2, "lies in the past");
    lab.run(["user", "invite"]).failed(2, "required");
    lab.run(["user", "invite", ALICE, "--csv", "x"]).failed(2, "cannot be used with");
    lab.json(["user", "invite", ALICE]);
    lab.enrol();
    // The administrator needs none, and it has gone with that.
    assert!(lab.json(["user", "show", ALICE])["invited_until"].is_null());
    lab.run(["user", "invite", ALICE]).failed(3, "reset-2fa");
    lab.run(["user", "invite", ALICE, "--revoke"]).failed(4, "has no invitation");
}

#[test]
fn a_reset_invites_or_says_how() {
    let lab = Lab::with_alice();
    lab.enrol();
    let plain = lab.run(["user", "reset-2fa", ALICE]).done().out;
    assert!(plain.contains(&format!("next: mailkey user invite {ALICE}, or whoever knows")), "{plain}");
    lab.enrol();
    let reset = lab.json(["user", "reset-2fa", ALICE, "--invite"]);
    assert!(is_invitation(reset["invitation"].as_str().unwrap()), "{reset}");
    assert_eq!(reset["invitation_expires_at"], lab.json(["user", "show", ALICE])["invited_until"]);
    let again = lab.run(["user", "reset-2fa", ALICE]).done().out;
    assert!(again.contains("it was invited before"), "{again}");
    lab.run(["user", "invite", ALICE, "--revoke"]).done();
    set(&lab, "enrolment = \"invited\"");
    assert!(lab.run(["user", "reset-2fa", ALICE]).done().out.contains("with an invitation only"));
    assert!(lab.run(["user", "reset-2fa", ALICE, "--invite"]).done().out.contains("invitation of"));
    lab.run(["user", "reset-2fa", ALICE, "--invite", "--turn-off"]).failed(2, "cannot be used with");
}

#[test]
fn who_requires_2fa_where_it_takes_an_invitation_is_told_to_invite() {
    let lab = Lab::with_alice();
    let set_now = |what| lab.run(["require", "set", what, "now"]).done().out;
    assert!(!set_now(ALICE).contains("invite"));
    set(&lab, "enrolment = \"invited\"");
    assert!(set_now(ALICE).contains(&format!("next: mailkey user invite {ALICE}")));
    assert!(set_now("@example.org").contains("invite --csv"));
    lab.json(["user", "invite", ALICE]);
    assert!(!set_now(ALICE).contains("next:"));
    assert!(!lab.run(["require", "set", ALICE, "never"]).done().out.contains("next:"));
}

#[test]
fn many_are_invited_together_or_nobody() {
    let lab = Lab::with_alice();
    lab.add(BOB);
    let path = lab.path("people.csv");
    let people = path.to_str().unwrap();
    let write = |text: &str| {
        std::fs::write(&path, text).unwrap();
        set_mode(&path, 0o600);
    };
    write(&format!("account,expires\n{ALICE},\n{BOB},2099-01-31\n"));
    let run = lab.run(["user", "invite", "--csv", people, "--expires", "2098-01-31"]).done();
    let lines: Vec<Vec<&str>> = run.out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], ["account", "invitation", "expires_at"]);
    assert_eq!((lines[1][0], lines[1][2]), (ALICE, "2098-01-31T00:00:00Z"));
    assert_eq!((lines[2][0], lines[2][2]), (BOB, "2099-01-31T00:00:00Z"));
    assert!(is_invitation(lines[1][1]) && is_invitation(lines[2][1]) && lines[1][1] != lines[2][1], "{lines:?}");
    assert_eq!(lab.json(["user", "show", BOB])["invited_until"], "2099-01-31T00:00:00Z");
    let array = lab.json(["user", "invite", "--csv", people]);
    assert_eq!((array.as_array().unwrap().len(), &array[1]["account"]), (2, &json!(BOB)));

    let out = lab.path("invitations.csv");
    let wrote = lab.run(["user", "invite", "--csv", people, "--out", out.to_str().unwrap()]).done().out;
    assert!(wrote.contains("wrote 2 invitations to"), "{wrote}");
    assert_eq!((mode(&out), std::fs::read_to_string(&out).unwrap().lines().count()), (0o600, 3));
    lab.run(["user", "invite", "--csv", people, "--out", out.to_str().unwrap()]).failed(5, "is there already");

    lab.enrol();
    let before = lab.json(["user", "show", BOB]);
    write(&format!("account,expires\n{BOB},\n{ALICE},\nnobody@example.org,\n{BOB},\n{BOB},2020-01-01\n"));
    let run = lab.run(["user", "invite", "--csv", people]);
    for (line, reason) in
        [(3, "2FA of"), (4, "there is no account"), (5, "stands in a line above"), (6, "lies in the past")]
    {
        let named = run.err.lines().find(|said| said.contains(&format!("line {line}:")));
        assert!(named.is_some_and(|said| said.contains(reason)), "{line}: {}", run.err);
    }
    run.failed(3, "nobody was invited");
    assert_eq!(lab.json(["user", "show", BOB]), before);
    write("name\nAlice\n");
    lab.run(["user", "invite", "--csv", people]).failed(1, "no column is called");
}
