//! One pass over all tables: both stores are read side by side, by key, and where they differ the copy is mended.
//!
//! What is read of the source is one snapshot, however long it takes. The copy is nobody else's, and is written in
//! transactions of some thousand rows. What is held in memory is a page of each.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::super::Result;
use super::super::sql::database::{Bound, Database, OwnedValue, Value, one};
use super::super::sql::{self, Durability, Outcome};
use super::mark::{self, Engine};
use super::tables::{PAGE, ROWS_AT_ONCE, StoredRow, TABLES, Table};
use super::{TableCopied, Told};

/// Rows that are written in one transaction.
const TOGETHER: usize = 4 * PAGE;

/// The copy, for as long as nobody else begins to copy.
pub(super) struct Target<'a, T> {
    pub(super) engine: &'a mut T,
    pub(super) token: &'a str,
}

/// Where the stores differ.
enum Difference {
    /// The copy has no such row.
    Missing(StoredRow),
    /// Another one of the same key.
    Changed { theirs: StoredRow, ours: StoredRow },
    /// The source has no such row.
    Extra(StoredRow),
}

/// What is to be written.
#[derive(Default)]
struct Changes {
    put: Vec<StoredRow>,
    /// By key.
    remove: Vec<StoredRow>,
}

/// What a pass found.
pub(super) struct Pass {
    pub(super) tables: Vec<TableCopied>,
    /// Whether it had nothing to mend.
    pub(super) same: bool,
}

/// Mends what differs in the copy.
pub(super) fn mend<F: Engine, T: Engine>(
    from: &mut F,
    target: &mut Target<'_, T>,
    tell: &mut dyn FnMut(Told),
) -> Result<Pass> {
    from.read(|source| {
        let tables: Vec<_> =
            TABLES.iter().map(|table| mend_table(source, target, table, tell)).collect::<Outcome<_>>()?;
        let given = mark::highest::<F>(source)?;
        let raised = target.write(|db| mark::raise::<T>(db, &given))?;
        let same = !raised && tables.iter().all(|table| table.added + table.changed + table.removed == 0);
        Ok(Pass { tables, same })
    })
}

/// Compares a store that is in use with another one; ends where they differ.
pub(super) fn compare<F: Engine, T: Engine>(
    from: &mut F,
    to: &mut T,
    tell: &mut dyn FnMut(Told),
) -> Result<Option<Pass>> {
    from.read(|source| {
        let mut tables = Vec::new();
        for table in TABLES.iter() {
            let mut same = true;
            let rows = walk(source, to, table, tell, &mut |_, _| {
                same = false;
                Ok(false)
            })?;
            if !same {
                return Ok(None);
            }
            tables.push(TableCopied { name: table.name, rows, ..TableCopied::default() });
        }
        Ok(Some(Pass { tables, same: true }))
    })
}

/// Counts the rows of each table.
pub(super) fn count(from: &mut impl sql::Engine) -> Result<Vec<TableCopied>> {
    from.read(|db| {
        let count = |table: &'static Table| {
            let rows: i64 = one(db, &table.count, (), |row| row.get(0))?.unwrap_or_default();
            Ok(TableCopied { name: table.name, rows: rows.unsigned_abs(), ..TableCopied::default() })
        };
        TABLES.iter().map(count).collect()
    })
}

/// Tables in which `mailkey init` leaves something on every machine that is to share a store.
const OF_INIT: [&str; 2] = ["key_check", "node"];

/// Whether there is anything in a store but what `mailkey init` leaves.
pub(super) fn is_in_use(engine: &mut impl sql::Engine) -> Result<bool> {
    engine.read(|db| {
        for table in TABLES.iter().filter(|table| !OF_INIT.contains(&table.name)) {
            if holds_any(db, table)? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn holds_any(db: &dyn Database, table: &'static Table) -> Outcome<bool> {
    one(db, &table.holds_any, (), |row| row.get(0)).map(Option::unwrap_or_default)
}

fn mend_table<T: Engine>(
    source: &dyn Database,
    target: &mut Target<'_, T>,
    table: &'static Table,
    tell: &mut dyn FnMut(Told),
) -> Outcome<TableCopied> {
    let mut done = TableCopied { name: table.name, ..TableCopied::default() };
    if table.has_unique() && target.engine.read(|db| holds_any(db, table))? {
        done.removed = clear(source, target, table)?;
    }
    let mut changes = Changes::default();
    let token = target.token;
    done.rows = walk(source, target.engine, table, tell, &mut |engine, difference| {
        match difference {
            Difference::Missing(row) => {
                done.added += 1;
                changes.put.push(row);
            }
            Difference::Changed { theirs, .. } => {
                done.changed += 1;
                changes.put.push(theirs);
            }
            Difference::Extra(row) => {
                done.removed += 1;
                changes.remove.push(row);
            }
        }
        if changes.are_many() {
            Target { engine, token }.make(table, &mut changes)?;
        }
        Ok(true)
    })?;
    target.make(table, &mut changes)?;
    Ok(done)
}

/// Removes what stands in the way of what comes: rows of the copy with a value that may be there once, and that another row
/// may have now. Of an account, what belongs to it goes too, and is copied again with its table.
fn clear<T: Engine>(source: &dyn Database, target: &mut Target<'_, T>, table: &'static Table) -> Outcome<u64> {
    let (mut changes, mut removed) = (Changes::default(), 0);
    let token = target.token;
    walk(source, target.engine, table, &mut |_| (), &mut |engine, difference| {
        let goes = match difference {
            Difference::Extra(row) => Some(row),
            Difference::Changed { theirs, ours } if table.differs_in_unique(&theirs, &ours) => Some(ours),
            _ => None,
        };
        removed += u64::from(goes.is_some());
        changes.remove.extend(goes);
        if changes.are_many() {
            Target { engine, token }.make(table, &mut changes)?;
        }
        Ok(true)
    })?;
    target.make(table, &mut changes)?;
    Ok(removed)
}

impl Changes {
    fn are_many(&self) -> bool {
        self.put.len() + self.remove.len() >= TOGETHER
    }
}

impl<T: Engine> Target<'_, T> {
    fn write<R>(&mut self, mut work: impl FnMut(&dyn Database) -> Outcome<R>) -> Outcome<R> {
        let token = self.token;
        let done = self.engine.write(Durability::Normal, |db| {
            mark::hold(db, token)?;
            work(db)
        });
        Ok(done?)
    }

    /// Writes what is to be written; then there is nothing more.
    fn make(&mut self, table: &'static Table, changes: &mut Changes) -> Outcome<()> {
        if changes.put.is_empty() && changes.remove.is_empty() {
            return Ok(());
        }
        self.write(|db| {
            let keys: Vec<_> = changes.remove.iter().map(|row| table.key(row)).collect();
            each_group(&keys, &table.remove, |sql, keys| {
                let values: Vec<_> = keys.iter().flat_map(|key| table.values(key)).collect();
                db.execute(sql, Bound::Numbered(&values)).map(|_| ())
            })?;
            each_group(&changes.put, &table.put, |sql, rows| {
                let values: Vec<_> = rows.iter().flat_map(|row| table.values(row)).collect();
                db.execute(sql, Bound::Numbered(&values)).map(|_| ())
            })
        })?;
        *changes = Changes::default();
        Ok(())
    }
}

/// Runs for each group of rows the statement of `statements` that takes so many.
fn each_group<R>(
    mut rows: &[R],
    statements: &'static [String; ROWS_AT_ONCE.len()],
    mut run: impl FnMut(&'static str, &[R]) -> Outcome<()>,
) -> Outcome<()> {
    for (size, sql) in ROWS_AT_ONCE.into_iter().zip(statements) {
        let groups = rows.chunks_exact(size);
        rows = groups.remainder();
        groups.into_iter().try_for_each(|group| run(sql, group))?;
    }
    Ok(())
}

/// Reads a table of both stores side by side; `act` hears where they differ, until it has seen enough (`false`). Returns
/// how many rows of the source it read.
fn walk<T: sql::Engine>(
    source: &dyn Database,
    to: &mut T,
    table: &'static Table,
    tell: &mut dyn FnMut(Told),
    act: &mut dyn FnMut(&mut T, Difference) -> Outcome<bool>,
) -> Outcome<u64> {
    let (mut theirs, mut ours) = (Pages::of(table), Pages::of(table));
    let mut read = 0;
    loop {
        theirs.fill(|sql, key| rows(source, sql, key))?;
        ours.fill(|sql, key| Ok(to.read(|db| rows(db, sql, key))?))?;
        let (first, second) = (theirs.rows.front(), ours.rows.front());
        let order = match (first, second) {
            (None, None) => return Ok(read),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(first), Some(second)) => table.order(first, second),
        };
        let same = order.is_eq() && first == second;
        let first = if order.is_le() { theirs.rows.pop_front() } else { None };
        let second = if order.is_ge() { ours.rows.pop_front() } else { None };
        if first.is_some() {
            read += 1;
            tell(Told::Row);
        }
        let difference = match (first, second) {
            _ if same => continue,
            (Some(row), None) => Difference::Missing(row),
            (None, Some(row)) => Difference::Extra(row),
            (Some(theirs), Some(ours)) => Difference::Changed { theirs, ours },
            (None, None) => continue,
        };
        if !act(to, difference)? {
            return Ok(read);
        }
    }
}

/// The rows of a table, page by page.
struct Pages {
    table: &'static Table,
    rows: VecDeque<StoredRow>,
    /// The key of the last row of the page.
    last: Option<Vec<OwnedValue>>,
    ended: bool,
}

impl Pages {
    fn of(table: &'static Table) -> Self {
        Self { table, rows: VecDeque::new(), last: None, ended: false }
    }

    /// There is a row, unless there are no more.
    fn fill(
        &mut self,
        mut read: impl FnMut(&'static str, &[Value<'_>]) -> Outcome<VecDeque<StoredRow>>,
    ) -> Outcome<()> {
        if !self.rows.is_empty() || self.ended {
            return Ok(());
        }
        self.rows = match &self.last {
            None => read(&self.table.first, &[])?,
            Some(key) => read(&self.table.after, &self.table.values(key).collect::<Vec<_>>())?,
        };
        self.ended = self.rows.len() < PAGE;
        self.last = self.rows.back().map(|row| self.table.key(row).to_vec());
        Ok(())
    }
}

fn rows(db: &dyn Database, sql: &'static str, values: &[Value<'_>]) -> Outcome<VecDeque<StoredRow>> {
    let mut found = VecDeque::new();
    db.query(sql, Bound::Numbered(values), &mut |row| {
        found.push_back(row.values()?);
        Ok(true)
    })?;
    Ok(found)
}
