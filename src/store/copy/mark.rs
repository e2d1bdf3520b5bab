//! What each engine says in its own words: that a database is an unfinished copy, and which numbers were given out.
//!
//! A copy that is not complete has the number of its schema below zero. No code takes that for a schema, this one or an
//! earlier one: to every login it is unavailable, at no cost. Whose copy it is stands in a table `copy_under_way`, which is
//! there as long; what it holds:
//!
//! | field | meaning |
//! |---|---|
//! | source | the store that is copied, as it is shown |
//! | token | of whoever copies: the last who began; each transaction of another one ends |
//! | oldest | on a server: what the database said before about whose code may use it; in a file that stays where it is |

use std::sync::LazyLock;

use super::super::sql::database::{Bound, Database, Value, all, change, one};
use super::super::sql::{self, Durability, Outcome};
use super::super::sqlite::{SCHEMA_VERSION, Sqlite};
use super::super::{Result, StoreError};

/// The table, with types that both engines know.
const TABLE: &str = "CREATE TABLE copy_under_way (source TEXT NOT NULL, token TEXT NOT NULL, oldest BIGINT NOT NULL)";

/// An engine that can be copied to and from.
pub(in crate::store) trait Engine: sql::Engine {
    /// What marks a complete database as an unfinished copy, after the table was made and has its row.
    fn marks() -> &'static [String];
    /// What makes it a complete one.
    fn completes() -> &'static [String];
    /// What is done for those who use it first.
    fn settles() -> &'static [String];
    /// How the numbers of the rows of [`NUMBERED`] are asked for and raised.
    fn numbers() -> &'static [Numbers; NUMBERED.len()];
}

/// Tables whose rows are numbered by the database.
pub(super) const NUMBERED: [&str; 4] = ["account", "notice", "activity", "revocation"];

/// The numbers of one of them.
pub(in crate::store) struct Numbers {
    /// The highest number that was given to a row.
    highest: String,
    /// Makes it `?1`, where the database remembers it beside the rows.
    raise: Vec<String>,
}

impl Engine for Sqlite {
    fn marks() -> &'static [String] {
        static MARKS: LazyLock<[String; 1]> =
            LazyLock::new(|| [format!("PRAGMA user_version = {}", -i64::from(SCHEMA_VERSION))]);
        &*MARKS
    }

    fn completes() -> &'static [String] {
        static COMPLETES: LazyLock<[String; 2]> = LazyLock::new(|| {
            [format!("PRAGMA user_version = {SCHEMA_VERSION}"), "DROP TABLE copy_under_way".to_owned()]
        });
        &*COMPLETES
    }

    fn settles() -> &'static [String] {
        &[]
    }

    fn numbers() -> &'static [Numbers; NUMBERED.len()] {
        static NUMBERS: LazyLock<[Numbers; NUMBERED.len()]> = LazyLock::new(|| {
            NUMBERED.map(|table| {
                let of_rows = format!("coalesce((SELECT max(id) FROM {table}), 0)");
                // The others are not AUTOINCREMENT: where the last row went, its number may come again.
                if !matches!(table, "account" | "notice") {
                    return Numbers { highest: format!("SELECT {of_rows}"), raise: vec![] };
                }
                let given = format!("SELECT seq FROM sqlite_sequence WHERE name = '{table}'");
                Numbers {
                    highest: format!("SELECT max({of_rows}, coalesce(({given}), 0))"),
                    raise: vec![
                        format!("DELETE FROM sqlite_sequence WHERE name = '{table}'"),
                        format!("INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', ?1)"),
                    ],
                }
            })
        });
        &NUMBERS
    }
}

#[cfg(feature = "postgres")]
impl Engine for super::super::postgres::Postgres {
    fn marks() -> &'static [String] {
        static MARKS: LazyLock<[String; 2]> = LazyLock::new(|| {
            [
                "UPDATE copy_under_way SET oldest = (SELECT oldest FROM mailkey)".to_owned(),
                "UPDATE mailkey SET schema = -schema, oldest = -schema".to_owned(),
            ]
        });
        &*MARKS
    }

    fn completes() -> &'static [String] {
        static COMPLETES: LazyLock<[String; 2]> = LazyLock::new(|| {
            [
                "UPDATE mailkey SET schema = -schema, oldest = (SELECT oldest FROM copy_under_way)".to_owned(),
                "DROP TABLE copy_under_way".to_owned(),
            ]
        });
        &*COMPLETES
    }

    /// Without this the server takes the tables for as empty as they were.
    fn settles() -> &'static [String] {
        static SETTLES: LazyLock<Vec<String>> =
            LazyLock::new(|| super::tables::TABLES.iter().map(|table| format!("ANALYZE {}", table.name)).collect());
        &SETTLES
    }

    fn numbers() -> &'static [Numbers; NUMBERED.len()] {
        static NUMBERS: LazyLock<[Numbers; NUMBERED.len()]> = LazyLock::new(|| {
            NUMBERED.map(|table| Numbers {
                highest: format!(
                    "SELECT greatest((SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {table}_id_seq),
                         coalesce((SELECT max(id) FROM {table}), 0))"
                ),
                raise: vec![format!("SELECT setval('{table}_id_seq', ?1)")],
            })
        });
        &NUMBERS
    }
}

/// What an unfinished copy is a copy of.
pub(super) fn source_of(engine: &mut impl sql::Engine) -> Result<Option<String>> {
    engine.read(|db| one(db, "SELECT source FROM copy_under_way", (), |row| row.get(0)))
}

/// Makes the complete and empty database an unfinished copy of `source`.
pub(super) fn mark<E: Engine>(engine: &mut E, source: &str, token: &str) -> Result<()> {
    engine.write(Durability::Full, |db| {
        change(db, TABLE, ())?;
        change(db, "INSERT INTO copy_under_way (source, token, oldest) VALUES (?1, ?2, 0)", (source, token))?;
        run(db, E::marks())
    })
}

/// From now on whoever has `token` copies, and nobody else.
pub(super) fn take(engine: &mut impl sql::Engine, token: &str) -> Result<()> {
    engine.write(Durability::Full, |db| change(db, "UPDATE copy_under_way SET token = ?1", [token]).map(|_| ()))
}

/// Whether it is still whoever has `token` who copies; nobody else can begin before the transaction ends.
pub(super) fn hold(db: &dyn Database, token: &str) -> Outcome<()> {
    match change(db, "UPDATE copy_under_way SET token = token WHERE token = ?1", [token])? {
        1 => Ok(()),
        _ => {
            Err(StoreError::Unavailable("another `mailkey store copy` goes on with this copy: leave it to that".into())
                .into())
        }
    }
}

/// The copy is complete: logins may use it.
pub(super) fn complete<E: Engine>(engine: &mut E, token: &str) -> Result<()> {
    engine.write(Durability::Full, |db| {
        hold(db, token)?;
        run(db, E::settles())?;
        run(db, E::completes())
    })
}

/// The highest numbers that were given out in each table of [`NUMBERED`].
pub(super) fn highest<E: Engine>(db: &dyn Database) -> Outcome<Vec<i64>> {
    let highest = |numbers: &'static Numbers| all(db, &numbers.highest, (), |row| row.get(0));
    E::numbers().iter().map(highest).collect::<Outcome<Vec<Vec<_>>>>().map(|found| found.concat())
}

/// Raises the numbers to `wanted` where they are lower, so that none that was given out is given again; returns whether
/// any was.
pub(super) fn raise<E: Engine>(db: &dyn Database, wanted: &[i64]) -> Outcome<bool> {
    let mut raised = false;
    for ((numbers, found), wanted) in E::numbers().iter().zip(highest::<E>(db)?).zip(wanted) {
        if found < *wanted && !numbers.raise.is_empty() {
            numbers.raise.iter().try_for_each(|sql| {
                let values: &[i64] = if sql.contains("?1") { &[*wanted] } else { &[] };
                bind(db, sql, values)
            })?;
            raised = true;
        }
    }
    Ok(raised)
}

fn run(db: &dyn Database, statements: &'static [String]) -> Outcome<()> {
    statements.iter().try_for_each(|sql| bind(db, sql, &[]))
}

fn bind(db: &dyn Database, sql: &'static str, values: &[i64]) -> Outcome<()> {
    let values: Vec<_> = values.iter().map(|value| Value::Integer(*value)).collect();
    db.execute(sql, Bound::Numbered(&values)).map(|_| ())
}
