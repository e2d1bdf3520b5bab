//! What the servers of a store say of themselves, for whoever looks after them. No login asks any of this.

use std::time::{Duration, Instant};

use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::config::TargetSessionAttrs;

use super::super::StoreError;
use super::error::about;
use super::session::Session;
use super::settings::Settings;
use super::{Failure, Outcome};

/// One of the servers that a URL names.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Host and port, without user and database.
    pub host: String,
    /// What it says, or why it says nothing.
    pub facts: Result<Facts, String>,
}

/// What a server says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// How long a question and its answer take, at best.
    pub latency: Duration,
    /// `server_version_num`: 150018 is 15.18.
    pub version: u32,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// Whether nobody is in between: it is on this machine.
    pub local: bool,
    /// The schema of the database, and the oldest one whose code may use it; none where it has no tables of ours.
    pub schema: Option<(i64, i64)>,
    /// The role that we are there.
    pub role: String,
    /// Whether that may do everything.
    pub superuser: bool,
    /// Connections that it may have, without those that are kept for superusers.
    pub most_connections: i64,
    /// Connections that it has, of everybody.
    pub connections: i64,
    /// Those of our role.
    pub own_connections: i64,
    /// `synchronous_commit` as we get it.
    pub synchronous_commit: String,
    /// Whether a standby is waited for (`synchronous_standby_names`).
    pub synchronous_standbys: bool,
    /// `fsync`.
    pub fsync: bool,
    /// Whether it is a standby, and then how it follows.
    pub following: Option<Following>,
    /// The standbys that follow it.
    pub standbys: Vec<Standby>,
}

/// How a standby follows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Following {
    /// Whether it is connected to whom it follows.
    pub connected: bool,
    /// Milliseconds since what it shows was written; 0 where it has all that it received. None: it has nothing yet.
    pub behind: Option<i64>,
}

/// A standby, as its primary sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standby {
    /// `application_name`, or its address.
    pub name: String,
    /// `state`: streaming, catchup, …; none where our role may not see it, nor what follows.
    pub state: Option<String>,
    /// Whether commits wait for it.
    pub synchronous: bool,
    /// Bytes of the log that it has not replayed.
    pub bytes_behind: i64,
}

const FACTS: &str = "
    SELECT current_setting('server_version_num'),
        COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
        COALESCE(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true),
        current_user,
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
        CAST(current_setting('max_connections') AS BIGINT)
            - CAST(current_setting('superuser_reserved_connections') AS BIGINT),
        (SELECT COALESCE(sum(numbackends), 0) FROM pg_stat_database),
        (SELECT count(*) FROM pg_stat_activity WHERE usename = current_user),
        current_setting('synchronous_commit'),
        current_setting('synchronous_standby_names') <> '',
        current_setting('fsync'),
        pg_is_in_recovery(),
        to_regclass('mailkey') IS NOT NULL";

const FOLLOWING: &str = "
    SELECT EXISTS (SELECT 1 FROM pg_stat_wal_receiver),
        CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
             ELSE CAST(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 AS BIGINT) END";

const STANDBYS: &str = "
    SELECT COALESCE(NULLIF(application_name, ''), CAST(client_addr AS TEXT)), state,
        COALESCE(sync_state IN ('sync', 'quorum'), false),
        CAST(COALESCE(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0) AS BIGINT)
    FROM pg_stat_replication ORDER BY 1";

/// Asks each server of the URL by itself.
pub fn survey(settings: &Settings) -> Vec<Server> {
    let ask = |one: Settings| {
        let host = one.shown.trim_start_matches("postgresql://");
        let host = host.rsplit_once('/').map_or(host, |(host, _)| host).to_owned();
        let facts = Session::open(&one).and_then(|session| facts(&session).map_err(|failure| about(failure, &one)));
        Server { host, facts: facts.map_err(|error: StoreError| error.to_string()) }
    };
    settings.each_host().into_iter().map(|one| one.session_attrs(TargetSessionAttrs::Any)).map(ask).collect()
}

fn facts(session: &Session) -> Outcome<Facts> {
    let row = Answer::to(session, FACTS)?;
    let standby = row.flag(11)?;
    let schema = match row.flag(12)? {
        true => {
            let row = Answer::to(session, "SELECT schema, oldest FROM mailkey")?;
            Some((row.number(0)?, row.number(1)?))
        }
        false => None,
    };
    let following = match standby {
        true => {
            let row = Answer::to(session, FOLLOWING)?;
            Some(Following { connected: row.flag(0)?, behind: row.text(1).map(|_| row.number(1)).transpose()? })
        }
        false => None,
    };
    Ok(Facts {
        latency: latency(session)?,
        version: u32::try_from(row.number(0)?).unwrap_or_default(),
        encrypted: row.flag(1)?,
        local: row.flag(2)?,
        schema,
        role: row.text(3).unwrap_or_default().into(),
        superuser: row.flag(4)?,
        most_connections: row.number(5)?,
        connections: row.number(6)?,
        own_connections: row.number(7)?,
        synchronous_commit: row.text(8).unwrap_or_default().into(),
        synchronous_standbys: row.flag(9)?,
        fsync: row.text(10) == Some("on"),
        following,
        standbys: if standby { Vec::new() } else { standbys(session)? },
    })
}

fn standbys(session: &Session) -> Outcome<Vec<Standby>> {
    let standby = |row: Answer| {
        Ok(Standby {
            name: row.text(0).unwrap_or_default().into(),
            state: row.text(1).map(Into::into),
            synchronous: row.flag(2)?,
            bytes_behind: row.number(3)?,
        })
    };
    Answer::all(session, STANDBYS)?.into_iter().map(standby).collect()
}

/// The shortest of some rounds: what the network and the server take, without what else this machine does.
fn latency(session: &Session) -> Outcome<Duration> {
    let mut shortest = Duration::MAX;
    for _ in 0..5 {
        let since = Instant::now();
        session.run("SELECT 1")?;
        shortest = shortest.min(since.elapsed());
    }
    Ok(shortest)
}

/// A row of an answer, as text.
struct Answer(Vec<Option<String>>);

impl Answer {
    fn all(session: &Session, sql: &str) -> Outcome<Vec<Self>> {
        let rows = session.run(sql)?.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                Some(Self((0..row.len()).map(|column| row.get(column).map(Into::into)).collect()))
            }
            _ => None,
        });
        Ok(rows.collect())
    }

    fn to(session: &Session, sql: &str) -> Outcome<Self> {
        Self::all(session, sql)?.pop().ok_or(Failure::Value("what the server says of itself"))
    }

    fn text(&self, column: usize) -> Option<&str> {
        self.0.get(column)?.as_deref()
    }

    fn number(&self, column: usize) -> Outcome<i64> {
        self.text(column).and_then(|text| text.parse().ok()).ok_or(Failure::Value("what the server says of itself"))
    }

    fn flag(&self, column: usize) -> Outcome<bool> {
        match self.text(column) {
            Some("t") => Ok(true),
            Some("f") => Ok(false),
            _ => Err(Failure::Value("what the server says of itself")),
        }
    }
}
