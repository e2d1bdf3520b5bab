//! A PostgreSQL server for the tests of one process, in a directory of its own, on a unix socket alone. It ends, and its
//! directory goes, when the process ends, however it does.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::super::{PostgresStore, Settings};

/// Starts the server in the directory `$1` with the programs of `$2`, says so, and waits until nobody holds its standard
/// input any more.
const RUN: &str = r#"
set -e
as=""
if [ "$(id -u)" = 0 ]; then
    chown postgres "$1"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
cd "$1"
$as "$2/initdb" -D "$1/data" -U mailkey --auth=trust --no-sync --encoding=UTF8 --locale=C >"$1/log" 2>&1
$as "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c max_connections=200 \
    -c shared_buffers=32MB -c unix_socket_permissions=0777 >>"$1/log" 2>&1 &
server=$!
trap 'kill -QUIT $server; wait $server; cd /; rm -rf "$1"' EXIT
until $as "$2/pg_isready" -q -h "$1"; do sleep 0.05; done
echo ready
read -r _ || true
"#;

struct Server {
    directory: PathBuf,
    /// Held open until this process ends.
    _runs: std::process::Child,
}

/// The programs of the newest PostgreSQL that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL's server must be installed (postgresql)");
    let newest = versions.filter_map(|version| version.ok()?.file_name().to_str()?.parse::<u32>().ok()).max();
    PathBuf::from(format!("/usr/lib/postgresql/{}/bin", newest.expect("a version of PostgreSQL")))
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap().keep();
        let mut runs = Command::new("/bin/sh")
            .args(["-c", RUN, "sh"])
            .args([&directory, &programs()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(runs.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "{}", fs::read_to_string(directory.join("log")).unwrap_or_default());
        let server = Server { directory, _runs: runs };
        server.run("postgres", "CREATE DATABASE template");
        PostgresStore::create_or_migrate(&server.settings("template")).unwrap();
        server
    })
}

impl Server {
    fn settings(&self, database: &str) -> Settings {
        let url = format!("postgresql:///{database}?host={}&user=mailkey", self.directory.display());
        Settings::new(&url, None, Duration::from_secs(20)).unwrap()
    }

    fn run(&self, database: &str, sql: &str) {
        let done = Command::new(programs().join("psql"))
            .args(["-qX", "-U", "mailkey", "-h"])
            .arg(&self.directory)
            .args([database, "-v", "ON_ERROR_STOP=1", "-c", sql])
            .stdout(Stdio::null())
            .status();
        assert!(done.unwrap().success(), "{sql}");
    }
}

/// A database of its own, with tables that are empty.
pub(super) fn database() -> Settings {
    made_from("template")
}

/// A database of its own, without tables.
pub(super) fn empty_database() -> Settings {
    made_from("template0")
}

fn made_from(template: &str) -> Settings {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server().run("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
    server().settings(&name)
}

/// Runs statements as somebody else, beside mailkey.
pub(super) fn statement(settings: &Settings, sql: &str) {
    let database = settings.shown.rsplit('/').next().unwrap();
    server().run(database, sql);
}

/// A store in it.
pub(in crate::store) fn store() -> PostgresStore {
    PostgresStore::connect(&database()).unwrap()
}
