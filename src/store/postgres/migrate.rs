//! The schema: made, brought up to date, and looked at in every transaction.

use tokio_postgres::SimpleQueryMessage;

use super::super::StoreError;
use super::super::sqlite::{Prepared, SCHEMA_VERSION};
use super::error::unavailable;
use super::session::Session;
use super::settings::Settings;
use super::{Failure, Outcome, Standing, UNFINISHED};

/// The first schema that there is for PostgreSQL, and those after it, each from the one before.
const MIGRATIONS: [(i64, &str); 2] =
    [(7, include_str!("../schema/postgres/0007_all.sql")), (8, include_str!("../schema/postgres/0008_nodes.sql"))];

/// Schema and oldest schema whose code may use it, in this order.
pub(super) const WHICH_SCHEMA: &str = "SELECT schema, oldest FROM mailkey";

/// Whoever makes or changes the schema waits for whoever does: "mkey".
const LOCK: &str = "SELECT pg_advisory_xact_lock(1835754873)";

/// See [`super::PostgresStore::create_or_migrate`].
pub(super) fn create_or_migrate(session: &Session, settings: &Settings) -> Outcome<Prepared> {
    session.run("BEGIN")?;
    session.run(LOCK)?;
    let found = found_schema(session)?;
    if found.is_some_and(|found| found < 0) {
        return Err(unavailable(settings, UNFINISHED).into());
    }
    for (schema, migration) in MIGRATIONS {
        if found.is_none_or(|found| found < schema) {
            session.run(migration)?;
        }
    }
    session.run("COMMIT")?;
    Ok(match found {
        None => Prepared::Created,
        Some(found) if found < SCHEMA_VERSION.into() => {
            Prepared::MigratedFrom(u32::try_from(found).map_err(|_| Failure::Value("mailkey.schema"))?)
        }
        Some(_) => Prepared::UpToDate,
    })
}

/// The schema of the database, below zero in a copy that is not complete; none where there is nothing of ours.
pub(super) fn found_schema(session: &Session) -> Outcome<Option<i64>> {
    let there = first(&session.run("SELECT to_regclass('mailkey') IS NOT NULL")?) == Some("t".into());
    if !there {
        return Ok(None);
    }
    let schema = first(&session.run(WHICH_SCHEMA)?).and_then(|schema| schema.parse().ok());
    schema.map(Some).ok_or(Failure::Value("mailkey.schema"))
}

/// The first value of an answer.
pub(super) fn first(answer: &[SimpleQueryMessage]) -> Option<String> {
    answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(Into::into),
        _ => None,
    })
}

/// Refuses every schema but this one and those newer ones that allow it: while nodes are upgraded one by one, those of the
/// former version go on.
pub(super) fn require_version(schema: Option<i64>, oldest: Option<i64>, settings: &Settings) -> Outcome<()> {
    let ours = i64::from(SCHEMA_VERSION);
    let refused: StoreError = match (schema, oldest) {
        (Some(schema), _) if schema == settings.standing.schema() => return Ok(()),
        (Some(..0), _) => unavailable(settings, UNFINISHED),
        _ if settings.standing != Standing::Complete => unavailable(settings, "is no unfinished copy any more"),
        (Some(schema), Some(oldest)) if schema > ours && oldest <= ours => return Ok(()),
        (Some(schema), _) if schema > ours => unavailable(
            settings,
            &format!(
                "has schema {schema}, newer than this mailkey's {SCHEMA_VERSION}; install that newer version on this node, \
                 and restart the daemons that still run this one"
            ),
        ),
        (Some(schema), _) => unavailable(
            settings,
            &format!("has schema {schema}, older than this mailkey's {SCHEMA_VERSION}; run `mailkey init`"),
        ),
        (None, _) => unavailable(settings, "does not say which schema it has; restore it from a backup"),
    };
    Err(refused.into())
}
