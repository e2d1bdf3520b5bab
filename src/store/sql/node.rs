//! The nodes that share the store, and what waits for the hook of each.

use super::super::StoreError;
use super::database::{Database, Row, all, change, named_params, one};
use super::error::{Failure, Outcome};
use super::revocation::revocation;
use crate::node::{FORGOTTEN, Node};
use crate::revocation::{LONGEST_PAUSE, Revocation};

/// Names that one transaction hands out to all nodes: a few milliseconds.
const AT_ONCE: u32 = 500;

/// Whether [`see`] has something to write.
pub(super) fn is_news(db: &dyn Database, node: &Node) -> Outcome<bool> {
    Ok(find(db, &node.name)?.is_none_or(|before| node.is_news_to(&before)))
}

/// See [`super::super::Store::see_node`].
pub(super) fn see(db: &dyn Database, node: &Node) -> Outcome<()> {
    if find(db, &node.name)?.is_some_and(|before| node.is_a_rival_of(&before)) {
        return Err(StoreError::Exists.into());
    }
    change(
        db,
        "INSERT INTO node (name, machine, version, keys, clock_off, seen_at)
         VALUES (:name, :machine, :version, :keys, :clock_off, :seen_at)
         ON CONFLICT (name) DO UPDATE SET machine = excluded.machine, version = excluded.version,
             keys = excluded.keys, clock_off = excluded.clock_off, seen_at = excluded.seen_at",
        named_params! {
            ":name": node.name,
            ":machine": node.machine,
            ":version": node.version,
            ":keys": numbers(&node.keys),
            ":clock_off": node.clock_off,
            ":seen_at": node.seen_at,
        },
    )?;
    change(db, "DELETE FROM node WHERE seen_at < ?1", [node.seen_at.saturating_sub(FORGOTTEN)])?;
    Ok(())
}

/// See [`super::super::Store::nodes`].
pub(super) fn list(db: &dyn Database) -> Outcome<Vec<Node>> {
    all(db, "SELECT name, machine, version, keys, clock_off, seen_at FROM node ORDER BY name", (), node)
}

/// See [`super::super::Store::forget_node`].
pub(super) fn forget(db: &dyn Database, name: &str) -> Outcome<bool> {
    Ok(change(db, "DELETE FROM node WHERE name = ?1", [name])? == 1)
}

fn find(db: &dyn Database, name: &str) -> Outcome<Option<Node>> {
    one(db, "SELECT name, machine, version, keys, clock_off, seen_at FROM node WHERE name = ?1", [name], node)
}

fn node(row: &Row<'_>) -> Outcome<Node> {
    let keys: String = row.get(3)?;
    let numbers = keys.split(',').filter(|number| !number.is_empty()).map(str::parse);
    Ok(Node {
        name: row.get(0)?,
        machine: row.get(1)?,
        version: row.get(2)?,
        keys: numbers.collect::<Result<_, _>>().map_err(|_| Failure::Value("node.keys"))?,
        clock_off: row.get(4)?,
        seen_at: row.get(5)?,
    })
}

fn numbers(keys: &[u32]) -> String {
    keys.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// Whether [`hand_out`] or [`take`] has something to do.
pub(super) fn is_anything_for(db: &dyn Database, node: &str, now: i64) -> Outcome<bool> {
    let any = "SELECT EXISTS (SELECT 1 FROM revocation)
                   OR EXISTS (SELECT 1 FROM node_revocation
                              WHERE node = ?1 AND (next_try <= ?2 OR next_try > ?3))";
    let found = one(db, any, (node, now, now.saturating_add(LONGEST_PAUSE)), |row| row.get(0))?;
    Ok(found.unwrap_or_default())
}

/// Gives what was queued to every node that is known, and to this one; at most [`AT_ONCE`] names, those of whom something
/// was revoked before those who are many.
pub(super) fn hand_out(db: &dyn Database, node: &str, now: i64) -> Outcome<()> {
    if one(db, "SELECT 1 FROM revocation LIMIT 1", (), |_| Ok(()))?.is_none() {
        return Ok(());
    }
    change(
        db,
        "INSERT INTO node (name, machine, version, keys, seen_at) VALUES (?1, '', '', '', ?2) ON CONFLICT (name) DO NOTHING",
        (node, now),
    )?;
    change(
        db,
        "INSERT INTO node_revocation (node, name, queued, times, next_try)
         SELECT node.name, revocation.name, revocation.id, revocation.times,
             CASE WHEN revocation.next_try = 1 THEN 1 ELSE 0 END
         FROM revocation CROSS JOIN node
         WHERE revocation.id IN (SELECT id FROM revocation ORDER BY next_try, id LIMIT ?1)
         ON CONFLICT (node, name) DO UPDATE SET times = node_revocation.times + excluded.times,
             next_try = CASE WHEN node_revocation.next_try < 1 THEN node_revocation.next_try ELSE 1 END",
        [AT_ONCE],
    )?;
    change(
        db,
        "DELETE FROM revocation WHERE id IN (SELECT id FROM revocation ORDER BY next_try, id LIMIT ?1)",
        [AT_ONCE],
    )?;
    Ok(())
}

/// See [`super::super::Store::take_revocation`].
pub(super) fn take(db: &dyn Database, node: &str, now: i64, until: i64) -> Outcome<Option<Revocation>> {
    one(
        db,
        "UPDATE node_revocation SET next_try = :until WHERE node = :node AND name =
             (SELECT name FROM node_revocation
              WHERE node = :node AND (next_try <= :now OR next_try > :latest) ORDER BY next_try, queued LIMIT 1)
         RETURNING node, name, times, tries, next_try, error",
        // Further ahead than any pause: written before the clock was set back.
        named_params! {
            ":node": node,
            ":now": now,
            ":until": until,
            ":latest": now.saturating_add(LONGEST_PAUSE),
        },
        revocation,
    )
}

/// See [`super::super::Store::end_revocation`].
pub(super) fn end(db: &dyn Database, node: &str, taken: &Revocation) -> Outcome<bool> {
    let end = "DELETE FROM node_revocation WHERE node = ?1 AND name = ?2 AND times = ?3";
    Ok(change(db, end, (node, &taken.name, taken.times))? == 1)
}

/// See [`super::super::Store::put_revocation_off`].
pub(super) fn put_off(db: &dyn Database, node: &str, taken: &Revocation, error: &str, next_try: i64) -> Outcome<bool> {
    let put_off = change(
        db,
        "UPDATE node_revocation SET tries = tries + 1, error = :error, next_try = :next
         WHERE node = :node AND name = :name AND times = :times",
        named_params! {
            ":node": node,
            ":name": taken.name,
            ":times": taken.times,
            ":error": error,
            ":next": next_try,
        },
    )?;
    Ok(put_off == 1)
}
