//! One connection: how it is made, and what is asked of it.
//!
//! The protocol is spoken by tokio-postgres on a runtime of this connection alone, in the calling thread: there is no other
//! thread, and nothing goes on between two calls.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::{self, Runtime};
use tokio_postgres::error::Severity;
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, SimpleQueryMessage, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::sql::database::{Bound, Database, EachRow, Kind, Row, Value};
use super::super::{Result, StoreError};
use super::error::{about, unavailable};
use super::settings::Settings;
use super::{Failure, Outcome, migrate};

pub(super) struct Session {
    runtime: Runtime,
    client: Client,
    tls: Option<MakeRustlsConnect>,
    /// Whether the server has warned of something.
    warned: Arc<AtomicBool>,
    statements: RefCell<HashMap<&'static str, Prepared>>,
    /// For how long one answer is waited for.
    patience: Duration,
    used: Cell<bool>,
    given_up: Cell<bool>,
}

/// A statement that the server knows, and the names of its parameters in the server's order; none where they are numbered.
struct Prepared {
    statement: Statement,
    names: Vec<&'static str>,
}

/// Longer than the server's own limits, so that it is the server who says what took so long.
const GRACE: Duration = Duration::from_secs(1);

impl Session {
    /// Of several hosts the first that serves; each of them has its share of the time, so that one that takes a connection
    /// and says nothing does not keep the others from being asked.
    pub(super) fn open(settings: &Settings) -> Result<Self> {
        let hosts = settings.each_host();
        let share = (settings.connect + GRACE) / u32::try_from(hosts.len()).unwrap_or(u32::MAX);
        let mut failures = Vec::new();
        for host in &hosts {
            match Self::open_at(host, share) {
                Ok(session) => return Ok(session),
                Err(StoreError::Unavailable(what)) => failures.push(what),
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unavailable(failures.join("; ")))
    }

    fn open_at(settings: &Settings, share: Duration) -> Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| unavailable(settings, &format!("cannot be asked: {error}")))?;
        let config = settings.client()?;
        let warned = Arc::new(AtomicBool::new(false));
        let client = runtime.block_on(async {
            // The driver's own limit is for the connection alone, not for what is said then.
            let connected = tokio::time::timeout(share, async {
                Ok::<_, tokio_postgres::Error>(match settings.tls() {
                    None => {
                        let (client, connection) = config.connect(NoTls).await?;
                        runtime.spawn(attend(connection, warned.clone()));
                        client
                    }
                    Some(tls) => {
                        let (client, connection) = config.connect(tls).await?;
                        runtime.spawn(attend(connection, warned.clone()));
                        client
                    }
                })
            });
            match connected.await {
                Ok(Ok(client)) => Ok(client),
                Ok(Err(error)) => Err(about(error.into(), settings)),
                Err(_) => Err(about(Failure::TimedOut, settings)),
            }
        })?;
        let patience = settings.timeout + GRACE;
        Ok(Self {
            runtime,
            client,
            tls: settings.tls(),
            warned,
            statements: RefCell::default(),
            patience,
            used: Cell::default(),
            given_up: Cell::default(),
        })
    }

    /// Whether it was asked something before.
    pub(super) fn was_used(&self) -> bool {
        self.used.get()
    }

    /// Whether an answer was given up: what comes next may be that answer, so nothing is to be asked any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up.get()
    }

    /// Begins a transaction with the limits of `settings`, in a database that this code may use: one question and one answer.
    pub(super) fn begin(&self, begin: &str, settings: &Settings) -> Outcome<()> {
        let limit = settings.timeout.as_millis();
        let sql = format!("{begin}; SET LOCAL statement_timeout = {limit}; {}", migrate::WHICH_SCHEMA);
        let answer = self.ask(self.client.simple_query(&sql));
        let row = answer?.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let number = |column| row.as_ref().and_then(|row| row.get(column)).and_then(|text| text.parse().ok());
        migrate::require_version(number(0), number(1), settings)
    }

    /// With synchronous replication a commit waits for the standby, and no time limit of the server's ends that. What is given
    /// up is cancelled, or its connection would stay for as long as the standby is away. Where somebody else cancels it, the
    /// server says yes, and warns that the standby may not have it: what would be gone with this server is no yes.
    pub(super) fn commit(&self) -> Outcome<()> {
        self.warned.store(false, Ordering::Relaxed);
        let done = self.ask(self.client.batch_execute("COMMIT"));
        if matches!(done, Err(Failure::TimedOut)) {
            self.cancel();
        }
        done?;
        if self.warned.load(Ordering::Relaxed) { Err(Failure::Unconfirmed) } else { Ok(()) }
    }

    /// Best effort, and not for long: asks the server to end what this connection waits for.
    fn cancel(&self) {
        let token = self.client.cancel_token();
        let asked = async {
            match &self.tls {
                None => token.cancel_query(NoTls).await,
                Some(tls) => token.cancel_query(tls.clone()).await,
            }
        };
        let _ = self.runtime.block_on(async { tokio::time::timeout(GRACE, asked).await });
    }

    /// Best effort: where it fails, the server rolls back when the connection ends.
    pub(super) fn roll_back(&self) {
        if !self.is_given_up() {
            let _: Outcome<()> = self.ask(self.client.batch_execute("ROLLBACK"));
        }
    }

    /// Runs statements that are no operation: those of a migration.
    pub(super) fn run(&self, sql: &str) -> Outcome<Vec<SimpleQueryMessage>> {
        self.ask(self.client.simple_query(sql))
    }

    /// Waits for an answer, but not for ever.
    fn ask<T>(&self, answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>) -> Outcome<T> {
        self.wait(async { Ok(answer.await?) })
    }

    fn wait<T>(&self, answer: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        self.used.set(true);
        self.runtime.block_on(async {
            tokio::time::timeout(self.patience, answer).await.unwrap_or_else(|_| {
                self.given_up.set(true);
                Err(Failure::TimedOut)
            })
        })
    }

    /// Does something with the prepared statement for `sql` and its values in the server's order.
    fn with<T>(
        &self,
        sql: &'static str,
        values: Bound<'_>,
        work: impl FnOnce(&Statement, Vec<Value<'_>>) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut statements = self.statements.borrow_mut();
        let prepared = match statements.get(sql) {
            Some(prepared) => prepared,
            None => {
                let prepared = self.prepare(sql, values)?;
                statements.entry(sql).or_insert(prepared)
            }
        };
        let values = match values {
            Bound::Numbered(values) => values.to_vec(),
            Bound::Named(values) => in_order(&prepared.names, values),
        };
        work(&prepared.statement, values)
    }

    fn prepare(&self, sql: &'static str, values: Bound<'_>) -> Outcome<Prepared> {
        let (text, names) = translate(sql);
        let in_order = match values {
            Bound::Numbered(values) => values.to_vec(),
            Bound::Named(values) => in_order(&names, values),
        };
        let kinds: Vec<_> = in_order.iter().map(Value::kind).collect();
        Ok(Prepared { statement: self.ask(self.client.prepare_typed(&text, &kinds))?, names })
    }
}

/// Does what a connection has to do until it ends, and notes in `warned` that the server warns of something.
async fn attend<T>(mut connection: Connection<Socket, T>, warned: Arc<AtomicBool>)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notice(notice) = message
            && notice.parsed_severity() == Some(Severity::Warning)
        {
            warned.store(true, Ordering::Relaxed);
        }
    }
}

fn in_order<'a>(names: &[&str], values: &[(&'static str, Value<'a>)]) -> Vec<Value<'a>> {
    let value = |wanted: &&str| {
        values.iter().find(|(name, _)| name == wanted).map_or(Value::Null(Kind::Unknown), |(_, value)| *value)
    };
    names.iter().map(value).collect()
}

/// `sql` with the parameters as PostgreSQL writes them, and the names of those that had any.
fn translate(sql: &'static str) -> (String, Vec<&'static str>) {
    let (mut text, mut names) = (String::with_capacity(sql.len()), Vec::new());
    let mut rest = sql;
    let mut quoted = false;
    while let Some(symbol) = rest.chars().next() {
        let after = &rest[symbol.len_utf8()..];
        quoted ^= symbol == '\'';
        let length = after.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        match symbol {
            '?' if !quoted => text.push('$'),
            ':' if !quoted && length > 0 => {
                let name = &rest[..=length];
                let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                });
                text.push_str(&format!("${}", at + 1));
                rest = &after[length..];
                continue;
            }
            symbol => text.push(symbol),
        }
        rest = after;
    }
    (text, names)
}

impl Database for Session {
    /// `each` must ask nothing of the database.
    fn query(&self, sql: &'static str, values: Bound<'_>, each: EachRow<'_>) -> Outcome<()> {
        self.with(sql, values, |statement, values| {
            self.wait(async {
                let mut rows = std::pin::pin!(self.client.query_raw(statement, values).await?);
                while let Some(row) = rows.try_next().await? {
                    if !each(&Row::new(&row))? {
                        break;
                    }
                }
                Ok(())
            })
        })
    }

    fn execute(&self, sql: &'static str, values: Bound<'_>) -> Outcome<usize> {
        self.with(sql, values, |statement, values| {
            let changed = self.ask(self.client.execute_raw(statement, values))?;
            Ok(usize::try_from(changed).unwrap_or(usize::MAX))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sql::glance;
    use super::super::tests::server;
    use super::*;

    #[test]
    fn parameters_are_numbered_in_the_order_of_their_first_use_and_quoted_text_stays() {
        assert_eq!(translate("SELECT ?1, ?12"), ("SELECT $1, $12".into(), vec![]));
        assert_eq!(
            translate("SELECT :b, :a_1, ':no ?1', :b WHERE x = 'it''s :c'"),
            ("SELECT $1, $2, ':no ?1', $1 WHERE x = 'it''s :c'".into(), vec![":b", ":a_1"])
        );
    }

    /// From a cost of 100,000 on, the server compiles a statement before it runs it (`jit_above_cost`).
    #[test]
    fn what_a_login_asks_looks_like_little_work_to_a_server_that_knows_nothing_of_the_tables_yet() {
        let session = Session::open(&server::database()).unwrap();
        let (text, names) = translate(glance::GLANCE);
        let values = vec!["NULL"; names.len()].join(", ");
        session.run(&format!("PREPARE login AS {text}")).unwrap();
        session.run("SET plan_cache_mode = force_generic_plan").unwrap();
        let plan = migrate::first(&session.run(&format!("EXPLAIN EXECUTE login ({values})")).unwrap()).unwrap();
        let cost: f64 = plan.split_once("..").unwrap().1.split_once(' ').unwrap().0.parse().unwrap();
        assert!(cost < 1000.0, "{plan}");
    }
}
