//! What only a store in a file can get wrong: the file itself, other processes, a full disk, damage.

mod companions;
mod damage;
mod full_disk;
mod measure;
mod opening;
mod sharing;
mod throttling;
mod upgrading;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use tempfile::TempDir;

use super::super::contract::*;
use super::super::*;
use super::*;

/// A store in a directory of its own, with Alice, who has 2FA (authenticator 1, last step 100) and an app password.
struct Fixture {
    directory: TempDir,
    path: PathBuf,
}

impl Fixture {
    fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    fn within(directory: TempDir) -> Self {
        let path = directory.path().join("mailkey.db");
        populate(&path);
        Self { directory, path }
    }

    fn open(&self) -> SqliteStore {
        open(&self.path)
    }

    /// What opening fails with.
    fn refusal(&self) -> String {
        refusal(&self.path)
    }

    /// A connection without any of our settings, as another tool has it.
    fn raw(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }

    fn companion(&self, suffix: &str) -> PathBuf {
        companion(&self.path, suffix)
    }
}

/// Makes the store that [`Fixture`] describes.
fn populate(path: &Path) {
    assert_eq!(SqliteStore::create_or_migrate(path).unwrap(), Prepared::Created);
    let mut store = open(path);
    assert_eq!(add_alice_with_two_factor(&mut store), 1);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, Duration::from_secs(10)).unwrap()
}

fn companion(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn unavailability<T>(result: Result<T>) -> String {
    match result {
        Err(StoreError::Unavailable(what)) => what,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was available"),
    }
}

/// What opening `path` fails with.
fn refusal(path: &Path) -> String {
    unavailability(SqliteStore::open(path, Duration::from_millis(50)))
}

fn totp_step(step: i64) -> Claimable {
    Claimable::TotpStep { authenticator: 1, step }
}

/// Whether this runs as root; says that the test is skipped otherwise.
fn is_root() -> bool {
    let root = fs::read_to_string("/proc/self/status").unwrap().contains("\nUid:\t0\t0\t");
    if !root {
        println!("skipped: it needs root to become other users or to mount a file system");
    }
    root
}

const CHILD_ACTION: &str = "MAILKEY_TEST_CHILD";
const CHILD_PATH: &str = "MAILKEY_TEST_PATH";

/// This test program, to run `action` of [`child`] on the database at `path` in a process of its own. `wrap` goes in
/// front of it (as another user, in another namespace).
fn in_child(program: &Path, wrap: &[&str], action: &str, path: &Path) -> String {
    let this_module = module_path!().split_once("::").unwrap().1;
    let mut line: Vec<_> = wrap.iter().map(|word| word.to_string()).collect();
    line.push(program.to_str().unwrap().into());
    line.extend(["--exact", &format!("{this_module}::child"), "--ignored", "--nocapture"].map(String::from));
    let output = Command::new(&line[0])
        .args(&line[1..])
        .env(CHILD_ACTION, action)
        .env(CHILD_PATH, path)
        .current_dir("/")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = said.lines().find_map(|line| line.split_once("result: "));
    match result {
        Some((_, result)) => result.to_owned(),
        None => panic!("{line:?}: {said}{}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

#[test]
#[ignore = "not a test: the other tests run it in processes of their own"]
fn child() {
    let (Ok(action), Some(path)) = (std::env::var(CHILD_ACTION), std::env::var_os(CHILD_PATH)) else { return };
    let path = PathBuf::from(path);
    let result = match action.as_str() {
        "load" => load_alice(&path),
        "set password" => act(&path, |store| store.set_password(ALICE, "from the other process", None).map(drop)),
        "revoke" => act(&path, |store| store.revoke_app_passwords(ALICE, None, NOON).map(drop)),
        "full disk" => full_disk::on_a_full_disk(&path),
        "without companions" => full_disk::without_companions(&path),
        "read-only" => full_disk::read_only(&path),
        other => panic!("{other}"),
    };
    println!("result: {result}");
}

fn act(path: &Path, action: impl FnOnce(&mut SqliteStore) -> Result<()>) -> String {
    let done = SqliteStore::open(path, Duration::from_secs(5)).and_then(|mut store| action(&mut store));
    done.map_or_else(|error| error.to_string(), |()| "done".into())
}

/// Opens `path` and loads Alice with her app password, as a login does.
fn load_alice(path: &Path) -> String {
    let name = alice();
    let lookup = Lookup {
        name: &name,
        app_password: Some(AppPasswordId(*b"k7m2")),
        recovery_code: None,
        session: None,
        throttle: Some(&keys(1, "192.0.2.1")),
    };
    let loaded = SqliteStore::open(path, Duration::from_millis(500)).and_then(|mut store| store.load(&lookup));
    match loaded {
        Ok(loaded) if loaded.account.is_some() && loaded.app_password.is_some() => "loaded".into(),
        Ok(_) => "not there".into(),
        Err(error) => error.to_string(),
    }
}
