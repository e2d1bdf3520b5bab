//! A PostgreSQL server for the tests of this process, in a directory of its own, on a unix socket alone. It ends, and its
//! directory goes, when the process ends, however it does.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

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
$as "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c max_connections=100 \
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
    let missing = "PostgreSQL's server must be installed (package postgresql)";
    let versions = fs::read_dir("/usr/lib/postgresql").unwrap_or_else(|error| panic!("{missing}: {error}"));
    let newest = versions.filter_map(|version| version.ok()?.file_name().to_str()?.parse::<u32>().ok()).max();
    PathBuf::from(format!("/usr/lib/postgresql/{}/bin", newest.unwrap_or_else(|| panic!("{missing}"))))
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
        Server { directory, _runs: runs }
    })
}

/// A database of its own, without tables.
pub struct Database {
    name: String,
}

impl Database {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        psql("postgres", &format!("CREATE DATABASE {name}"));
        Self { name }
    }

    /// The URL for a user of the database.
    pub fn url(&self, user: &str) -> String {
        format!("postgresql:///{}?host={}&user={user}", self.name, server().directory.display())
    }

    /// Runs statements as the superuser; returns what they answer, one row a line.
    pub fn run(&self, sql: &str) -> String {
        psql(&self.name, sql)
    }
}

fn psql(database: &str, sql: &str) -> String {
    let run = Command::new(programs().join("psql"))
        .args(["-qXAt", "-U", "mailkey", "-h"])
        .arg(&server().directory)
        .args([database, "-v", "ON_ERROR_STOP=1", "-c", sql])
        .output()
        .unwrap();
    assert!(run.status.success(), "{sql}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap().trim_end().into()
}
