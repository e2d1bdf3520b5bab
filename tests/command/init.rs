//! `mailkey init`.

use std::fs;

use crate::lab::{ALICE, Lab, mode, run, set_mode};

#[test]
fn init_makes_a_complete_instance_with_the_right_modes() {
    let lab = Lab::empty();
    let made = lab.init().done();
    for (name, expected) in
        [("etc/mailkey.toml", 0o644), ("etc/key", 0o640), ("data", 0o2770), ("data/mailkey.db", 0o660)]
    {
        let path = lab.path(name);
        assert_eq!(mode(&path), expected, "{name}");
        assert!(made.out.contains(path.to_str().unwrap()), "{name}: {}", made.out);
    }
    lab.run(["user", "list"]).done();
}

#[test]
fn a_narrow_umask_changes_no_mode() {
    let lab = Lab::empty();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "umask 077; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_mailkey"), "--config"]);
    command.arg(lab.config()).args(["init", "--data-dir"]).arg(lab.path("data"));
    run(command, b"").done();
    assert_eq!(
        ["etc", "etc/mailkey.toml", "etc/key", "data", "data/mailkey.db"].map(|name| mode(&lab.path(name))),
        [0o755, 0o644, 0o640, 0o2770, 0o660]
    );
}

#[test]
fn init_again_changes_nothing() {
    let lab = Lab::with_alice();
    let state = || {
        ["etc/mailkey.toml", "etc/key"].map(|name| {
            let path = lab.path(name);
            (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap())
        })
    };
    let before = state();
    for again in [lab.init(), lab.run(["init"])] {
        let out = again.done().out;
        assert_eq!(out.matches("kept").count(), 4, "{out}");
        assert!(!out.contains("wrong:"), "{out}");
    }
    assert!(before == state());
    lab.run(["user", "show", ALICE]).done();
}

#[test]
fn quiet_says_only_what_is_wrong_and_says_it_on_standard_error() {
    let lab = Lab::empty();
    let data = lab.path("data");
    let init = || lab.run(["init", "--quiet", "--data-dir", data.to_str().unwrap()]);
    assert_eq!(init().done().out, "");
    assert_eq!(init().done().out, "");
    set_mode(&data, 0o700);
    let run = init();
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    let expected = format!("mailkey: {}: its mode is 0700 and should be 2770: run `chmod 2770 {0}`\n", data.display());
    assert_eq!(run.err, expected);
    fs::write(lab.path("etc/key"), "no key\n").unwrap();
    init().failed(1, "line 1 is not a key");
    lab.run(["init", "--quiet", "--json"]).failed(2, "--json");
}

#[test]
fn a_second_instance_stands_beside_the_first() {
    let (first, second) = (Lab::with_alice(), Lab::new());
    second.run(["user", "show", ALICE]).failed(4, "there is no account alice@example.org");
    second.run(["user", "add", ALICE, "--no-password"]).done();
    second.run(["user", "remove", ALICE, "--yes"]).done();
    first.run(["user", "show", ALICE]).done();
    // In one directory too, each with its own configuration and database; the key is shared.
    let third = first.path("etc/third.toml");
    let mut command = crate::lab::mailkey();
    command.arg("--config").arg(&third).args(["init", "--data-dir"]).arg(first.path("third"));
    assert!(run(command, b"").done().out.contains("kept      key"));
    let mut command = crate::lab::mailkey();
    command.arg("--config").arg(&third).args(["user", "show", ALICE]);
    run(command, b"").failed(4, "there is no account");
}

#[test]
fn a_second_instance_must_say_where_its_database_goes() {
    let lab = Lab::empty();
    lab.run(["init"]).failed(2, "--data-dir");
    assert!(!lab.config().exists());
}

#[test]
fn another_data_dir_than_the_configuration_names_is_refused() {
    let lab = Lab::new();
    let other = lab.path("other");
    lab.run(["init", "--data-dir", other.to_str().unwrap()]).failed(2, "names the database");
    assert!(!other.exists());
    // Another spelling of the same directory is not another one.
    let spelled = format!("{}/data/../data/", lab.directory.path().display());
    lab.run(["init", "--data-dir", &spelled]).done();
}

#[test]
fn a_key_that_is_lost_is_not_made_anew() {
    let lab = Lab::with_alice();
    fs::rename(lab.path("etc/key"), lab.path("backup")).unwrap();
    lab.init().failed(1, "restore the key from its backup");
    assert!(!lab.path("etc/key").exists());
    fs::rename(lab.path("backup"), lab.path("etc/key")).unwrap();
    lab.init().done();
}

#[test]
fn a_wrong_mode_is_reported_with_the_command_that_mends_it_and_stays() {
    let lab = Lab::new();
    let data = lab.path("data");
    set_mode(&data, 0o700);
    set_mode(&lab.path("etc/key"), 0o600);
    let out = lab.init().done().out;
    assert!(out.contains(&format!("chmod 2770 {}", data.display())), "{out}");
    assert!(out.contains(&format!("chmod 0640 {}", lab.path("etc/key").display())), "{out}");
    assert_eq!((mode(&data), mode(&lab.path("etc/key"))), (0o700, 0o600));
    let problems =
        lab.json(["init"])["steps"].as_array().unwrap().iter().filter(|step| !step["problem"].is_null()).count();
    assert_eq!(problems, 2);
}

#[test]
fn a_key_or_configuration_open_to_others_is_refused_by_every_verb() {
    let lab = Lab::new();
    for (name, mend) in [("etc/key", "chmod 0640"), ("etc/mailkey.toml", "chmod go-w")] {
        let path = lab.path(name);
        let right = mode(&path);
        set_mode(&path, 0o666);
        lab.run(["user", "list"]).failed(1, mend);
        lab.init().failed(1, mend);
        set_mode(&path, right);
    }
}

#[test]
fn what_is_no_database_is_left_alone() {
    let lab = Lab::new();
    let database = lab.path("data/mailkey.db");
    for file in ["data/mailkey.db-wal", "data/mailkey.db-shm"] {
        let _ = fs::remove_file(lab.path(file));
    }
    fs::write(&database, "these are somebody's notes\n".repeat(100)).unwrap();
    let run = lab.init();
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    assert!(fs::read(&database).unwrap().starts_with(b"these are somebody's notes"));
}

#[test]
fn a_directory_that_may_not_be_made_says_so() {
    let mut command = crate::lab::mailkey();
    command.args(["--config", "/proc/mailkey/mailkey.toml", "init", "--data-dir", "/proc/mailkey/data"]);
    run(command, b"").failed(1, "/proc/mailkey");
}

#[test]
fn with_a_group_mailkey_its_members_get_what_init_makes_and_are_told_apart_from_others() {
    let lab = Lab::empty();
    let groups = lab.path("group");
    fs::write(&groups, "root:x:0:\nmailkey:x:4242:\n").unwrap();
    set_mode(lab.directory.path(), 0o755);
    let copy = lab.path("mailkey");
    fs::copy(env!("CARGO_BIN_EXE_mailkey"), &copy).unwrap();
    // A mount namespace in which this machine has such a group.
    let inside = |script: &str| {
        let mut command = std::process::Command::new("unshare");
        let script = format!("mount --bind '{}' /etc/group && {script}", groups.display());
        command.args(["--mount", "sh", "-c", &script, "sh"]).arg(&copy).arg(lab.config()).arg(lab.path("data"));
        run(command, b"")
    };
    if inside("true").code != 0 {
        eprintln!("not root, or no namespaces: nothing can be mounted");
        return;
    }
    let made = inside("\"$1\" --config \"$2\" init --data-dir \"$3\"").done();
    assert!(made.out.contains("root and the members of the group mailkey can use it"), "{}", made.out);
    let group = |name: &str| std::os::unix::fs::MetadataExt::gid(&fs::metadata(lab.path(name)).unwrap());
    for name in ["etc/mailkey.toml", "etc/key", "data", "data/mailkey.db", "data/mailkey.db-wal", "data/mailkey.db-shm"]
    {
        assert_eq!(group(name), 4242, "{name}");
    }
    let member = "setpriv --reuid=65534 --regid=65534 --groups=4242 \"$1\" --config \"$2\"";
    inside(&format!("{member} user add alice@example.org --no-password")).done();
    inside(&format!("{member} user list && \"$1\" --config \"$2\" user disable alice@example.org")).done();
    // The recipients database is root's alone: a member could make Dovecot's root play back a journal of his own.
    crate::recipients::configure(&lab);
    inside("\"$1\" --config \"$2\" init").done();
    let recipients = ["recipients", "recipients/recipients.db"];
    assert_eq!(recipients.map(|name| (group(name), mode(&lab.path(name)))), [(0, 0o755), (0, 0o644)]);
    let behind = inside(&format!("umask 077; {member} user add bob@example.org --no-password"))
        .failed(1, "bob@example.org was created, but Dovecot and Postfix do not see that yet");
    assert!(behind.err.contains("run as root: `mailkey init`"), "{}", behind.err);
    let journal = lab.path("recipients/recipients.db-journal");
    let planted = inside(&format!("setpriv --reuid=65534 --regid=65534 --groups=4242 touch '{}'", journal.display()));
    assert!(planted.code != 0 && planted.err.contains("Permission denied"), "{}", planted.err);
    assert_eq!(crate::recipients::rows(&lab), [("alice@example.org".into(), false)]);
    let vain = inside(&format!("{member} init --quiet"));
    assert!(vain.code == 0 && vain.err.contains("run as root: `mailkey init`"), "{} {}", vain.code, vain.err);
    assert!(inside("\"$1\" --config \"$2\" init").done().out.contains("updated   recipients"));
    inside("\"$1\" --config \"$2\" user remove alice@example.org --yes").done();
    assert_eq!(crate::recipients::rows(&lab), [("bob@example.org".into(), true)]);
    // What root alone had made before the group was there is reported.
    std::os::unix::fs::chown(lab.path("data/mailkey.db"), None, Some(0)).unwrap();
    let again = inside("\"$1\" --config \"$2\" init").done();
    let mend = format!("chgrp mailkey {}*", lab.path("data/mailkey.db").display());
    assert!(again.out.contains(&mend), "{}", again.out);
    assert_eq!(group("data/mailkey.db"), 0);
}
