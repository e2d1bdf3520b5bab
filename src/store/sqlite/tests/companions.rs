//! -wal and -shm, whoever creates them first: a worker (root, umask 077) or the panel's user.

use std::os::unix::fs::{MetadataExt, chown};

use super::*;

const PANEL: u32 = 12_345;

fn as_root(program: &Path, action: &str, path: &Path) -> String {
    in_child(program, &["sh", "-c", "umask 077; exec \"$@\"", "sh"], action, path)
}

fn as_panel(program: &Path, action: &str, path: &Path) -> String {
    let user = [format!("--reuid={PANEL}"), format!("--regid={PANEL}")];
    in_child(program, &["setpriv", &user[0], &user[1], "--clear-groups", "--"], action, path)
}

/// A database as `mailkey init` leaves it (root, group of the panel), without its companions; and this program where
/// everybody may run it.
fn set_up() -> (TempDir, PathBuf, PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    set_mode(outer.path(), 0o755);
    let program = outer.path().join("program");
    fs::copy(this_program(), &program).unwrap();
    set_mode(&program, 0o755);
    let directory = outer.path().join("mailkey");
    fs::create_dir(&directory).unwrap();
    chown(&directory, Some(0), Some(PANEL)).unwrap();
    set_mode(&directory, 0o2770);
    let path = directory.join("mailkey.db");
    populate(&path);
    let connection = Connection::open(&path).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(companion(&path, suffix));
    }
    (outer, path, program)
}

/// Owner of the -wal, after modes and groups were found right.
fn check_companions(path: &Path) -> u32 {
    for suffix in ["", "-wal", "-shm"] {
        let file = fs::metadata(companion(path, suffix)).unwrap();
        assert_eq!((file.mode() & 0o7777, file.gid()), (0o660, PANEL), "{suffix}");
    }
    fs::metadata(companion(path, "-wal")).unwrap().uid()
}

#[test]
fn when_root_creates_the_companions_the_panels_user_can_use_them() {
    if !is_root() {
        return;
    }
    let (_outer, path, program) = set_up();
    assert_eq!(as_root(&program, "set password", &path), "done");
    assert_eq!(check_companions(&path), 0);
    assert_eq!(as_panel(&program, "load", &path), "loaded");
    assert_eq!(as_panel(&program, "revoke", &path), "done");
    assert_eq!(as_root(&program, "set password", &path), "done");
    assert_eq!(check_companions(&path), 0);
}

#[test]
fn when_the_panels_user_creates_the_companions_root_can_use_them() {
    if !is_root() {
        return;
    }
    let (_outer, path, program) = set_up();
    assert_eq!(as_panel(&program, "set password", &path), "done");
    assert_eq!(check_companions(&path), PANEL);
    assert_eq!(as_root(&program, "load", &path), "loaded");
    assert_eq!(as_root(&program, "revoke", &path), "done");
    assert_eq!(as_panel(&program, "set password", &path), "done");
    // SQLite gives the -wal to the owner of the database when root opens it.
    assert_eq!(check_companions(&path), 0);
}

#[test]
fn init_under_umask_077_leaves_files_that_the_group_can_use() {
    if !is_root() {
        return;
    }
    let (_outer, path, program) = set_up();
    fs::remove_file(&path).unwrap();
    SqliteStore::create_or_migrate(&path).unwrap();
    assert_eq!(check_companions(&path), 0);
    assert_eq!(as_panel(&program, "load", &path), "not there");
}

#[test]
fn a_stranger_is_told_about_permissions() {
    if !is_root() {
        return;
    }
    let (_outer, path, program) = set_up();
    let refusal =
        in_child(&program, &["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--"], "load", &path);
    assert!(refusal.contains("permission denied"), "{refusal}");
}
