//! A PostgreSQL server for the tests of one process, in a directory of its own, on a unix socket alone. It ends, and its
//! directory goes, when the process ends, however it does.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Starts the server in the directory `$1` with the programs of `$2`, says so, and waits until nobody holds its standard
/// input any more. Its synchronous standby is never there; a database with `synchronous_commit` on would wait for it.
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
    -c synchronous_standby_names=nobody -c synchronous_commit=local \
    -c shared_buffers=32MB -c unix_socket_permissions=0777 >>"$1/log" 2>&1 &
server=$!
trap 'kill -QUIT $server; wait $server; cd /; rm -rf "$1"' EXIT
until $as "$2/pg_isready" -q -h "$1"; do sleep 0.05; done
echo ready
read -r _ || true
"#;

pub struct Server {
    directory: PathBuf,
    /// Held open until this process ends.
    _runs: Child,
}

/// The server of this process. `prepare` is run once, when it has started.
pub fn server(prepare: impl FnOnce(&Server)) -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = Server::start();
        prepare(&server);
        server
    })
}

impl Server {
    fn start() -> Self {
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
        Self { directory, _runs: runs }
    }

    /// The URL of a database on it.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql:///{database}?host={}&user=mailkey", self.directory.display())
    }

    /// Makes a database from another one, which nobody is connected to; returns its name.
    pub fn create(&self, template: &str) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.run("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        name
    }

    /// Runs statements, beside mailkey.
    pub fn run(&self, database: &str, sql: &str) {
        self.ask(database, sql);
    }

    /// Runs statements; what they found, as text.
    pub fn ask(&self, database: &str, sql: &str) -> String {
        let done = Command::new(programs().join("psql"))
            .args(["-qAtX", "-U", "mailkey", "-h"])
            .arg(&self.directory)
            .args([database, "-v", "ON_ERROR_STOP=1", "-c", sql])
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(done.status.success(), "{sql}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

/// The programs of the newest PostgreSQL that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL's server must be installed (postgresql)");
    let newest = versions.filter_map(|version| version.ok()?.file_name().to_str()?.parse::<u32>().ok()).max();
    PathBuf::from(format!("/usr/lib/postgresql/{}/bin", newest.expect("a version of PostgreSQL")))
}
