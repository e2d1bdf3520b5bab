//! App passwords for a table of accounts.

use std::path::PathBuf;

use crate::lab::{ALICE, Lab, mode, set_mode};

const BOB: &str = "bob@example.org";

fn table(lab: &Lab, text: &str) -> PathBuf {
    let path = lab.path("table.csv");
    std::fs::write(&path, text).unwrap();
    set_mode(&path, 0o600);
    path
}

fn count(lab: &Lab, account: &str) -> usize {
    lab.json(["app-password", "list", account]).as_array().unwrap().len()
}

#[test]
fn one_is_made_for_each_line_and_shown_once() {
    let lab = Lab::with_alice();
    lab.add(BOB);
    let path = table(
        &lab,
        &format!(
            "account,name,protocols,networks,expires\n{ALICE},Phone,,,\n{BOB},\"Scanner, 2nd floor\",smtp,192.0.2.0/24 2001:db8::/32,90d\n\
             {ALICE},Tablet,imap smtp,,2099-01-31\n"
        ),
    );
    let run = lab.run(["app-password", "add", "--csv", path.to_str().unwrap()]).done();
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!((lines.len(), lines[0]), (4, "account,name,id,password"));
    assert!(lines[2].starts_with("bob@example.org,\"Scanner, 2nd floor\","), "{}", run.out);
    assert_eq!((count(&lab, ALICE), count(&lab, BOB)), (2, 1));
    let password = lines[1].rsplit(',').next().unwrap();
    assert_eq!(lab.run_with(["check", ALICE, "--service", "mailkey-imap"], password).code, 0);
    let tablet = lines[3].rsplit(',').next().unwrap();
    assert_eq!(lab.run_with(["check", ALICE, "--service", "mailkey-pop3"], tablet).code, 3);
    let bobs = lab.json(["app-password", "list", BOB]);
    assert_eq!(bobs[0]["networks"], serde_json::json!(["192.0.2.0/24", "2001:db8::/32"]));
    assert!(lab.run(["log", ALICE]).done().out.contains("app_password_created"));
    let more = lab.json(["app-password", "add", "--csv", path.to_str().unwrap()]);
    assert_eq!((more.as_array().unwrap().len(), &more[1]["account"]), (3, &BOB.into()));
}

#[test]
fn with_one_line_that_cannot_be_nothing_is_made_and_every_such_line_is_named() {
    let lab = Lab::with_alice();
    let path = table(
        &lab,
        &format!(
            "account,name,protocols,networks,expires\n{ALICE},Phone,,,\nnobody@example.org,Phone,,,\n{ALICE},,,,\n\
             {ALICE},x,ftp,,\n{ALICE},x,,300.1.1.1,\n{ALICE},x,,,yesterday\n{ALICE},x,,,2020-01-01\n"
        ),
    );
    let out = lab.path("out.csv");
    let run = lab.run(["app-password", "add", "--csv", path.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    for (line, reason) in [
        (3, "there is no account nobody@example.org"),
        (4, "the name is empty"),
        (5, "\"ftp\" is no protocol"),
        (6, "300.1.1.1"),
        (7, "\"yesterday\" is no duration or date"),
        (8, "the expiry lies in the past"),
    ] {
        let said = run.err.lines().any(|said| said.contains(&format!("line {line}:")) && said.contains(reason));
        assert!(said, "{line}: {reason} is not in:\n{}", run.err);
    }
    assert!(count(&lab, ALICE) == 0 && !out.exists());
}

#[test]
fn the_result_goes_to_a_new_file_of_its_owner_alone() {
    let lab = Lab::with_alice();
    let path = table(&lab, &format!("account,name\n{ALICE},Phone\n"));
    let out = lab.path("out.csv");
    let add = || lab.run(["app-password", "add", "--csv", path.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    let run = add().done();
    assert!(run.out.contains("wrote 1 app password to") && mode(&out) == 0o600);
    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(!run.out.contains(text.lines().nth(1).unwrap().rsplit(',').next().unwrap()));
    add().failed(5, "is there already");
    assert_eq!((count(&lab, ALICE), std::fs::read_to_string(&out).unwrap()), (1, text));
}

#[test]
fn a_table_without_the_columns_that_are_needed_is_refused() {
    let lab = Lab::with_alice();
    let add = |text: &str| lab.run(["app-password", "add", "--csv", table(&lab, text).to_str().unwrap()]);
    add(&format!("account\n{ALICE}\n")).failed(1, "the column \"name\" is missing");
    add(&format!("account,name,days\n{ALICE},x,1\n")).failed(1, "no column is called \"days\"");
    lab.run(["app-password", "add", ALICE]).failed(2, "--name");
    lab.run(["app-password", "add", ALICE, "--name", "x", "--csv", "y"]).failed(2, "cannot be used with");
}
