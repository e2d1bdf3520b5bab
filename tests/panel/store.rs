//! The database, looked at from outside.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::world::world;

/// All rows of all tables.
#[derive(PartialEq, Eq)]
pub struct Dump(BTreeMap<String, Vec<String>>);

/// What a page that is looked at may change: when and from where a session was last used.
const BY_LOOKING: [(&str, &str); 2] = [("panel_session", "used_at"), ("panel_session", "used_from")];

fn open() -> Connection {
    // Read-write, because a reader of a WAL database writes its shared memory.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&world().database, flags).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    connection
}

/// What the rows of these accounts are now, and those that belong to nobody.
pub fn dump(addresses: &[&str]) -> Dump {
    let mut connection = open();
    let transaction = connection.transaction().unwrap();
    let names: Vec<String> = rows(&transaction, "SELECT name FROM sqlite_schema WHERE type = 'table'")
        .into_iter()
        .map(|mut row| match row.remove(0).1 {
            Value::Text(name) => name,
            other => panic!("{other:?}"),
        })
        .filter(|name| !name.starts_with("sqlite_"))
        .collect();
    let quoted: Vec<String> = addresses.iter().map(|address| format!("'{address}'")).collect();
    let ids = format!("SELECT id FROM account WHERE name IN ({})", quoted.join(", "));
    let mut tables = BTreeMap::new();
    for name in names {
        let columns: Vec<String> = rows(&transaction, &format!("SELECT name FROM pragma_table_info('{name}')"))
            .into_iter()
            .map(|row| format!("{:?}", row[0].1))
            .collect();
        // Other tests have accounts of their own, which they change meanwhile.
        let condition = if name == "account" {
            format!("WHERE id IN ({ids})")
        } else if columns.iter().any(|column| column == "Text(\"account\")") {
            format!("WHERE account IN ({ids})")
        } else if ["throttle", "seen_wrong", "tried", "session_seen"].contains(&name.as_str()) {
            // Keyed digests of what everybody presented.
            continue;
        } else {
            String::new()
        };
        let lines = rows(&transaction, &format!("SELECT * FROM {name} {condition}")).into_iter().map(|row| {
            let kept = row.iter().filter(|(column, _)| !BY_LOOKING.contains(&(&name, column)));
            kept.map(|(column, value)| format!("{column}={value:?}")).collect::<Vec<_>>().join(" ")
        });
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        tables.insert(name, lines);
    }
    Dump(tables)
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<(String, Value)>> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns: Vec<String> = statement.column_names().map(String::from).collect();
    let found = statement.query_map([], |row| {
        columns.iter().enumerate().map(|(at, name)| Ok((name.clone(), row.get::<_, Value>(at)?))).collect()
    });
    found.unwrap().collect::<Result<_, _>>().unwrap()
}

impl Dump {
    /// Fails if anything is not as it was.
    #[track_caller]
    pub fn assert_same(&self, later: &Self, what: &str) {
        for (table, before) in &self.0 {
            assert_eq!(&later.0[table], before, "{what} changed the table {table}");
        }
    }
}

/// One value of the row of an account, as text.
pub fn value(sql: &str, address: &str) -> String {
    let connection = open();
    let value: Value = connection.query_row(sql, [address], |row| row.get(0)).unwrap();
    match value {
        Value::Text(text) => text,
        Value::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

/// Panel sessions of an account.
pub fn panel_sessions(address: &str) -> usize {
    let sql = "SELECT count(*) FROM panel_session JOIN account ON account.id = panel_session.account WHERE name = ?";
    value(sql, address).parse().unwrap()
}

/// Lets the account's invitation have expired a moment ago.
pub fn expire_invitation(address: &str) {
    let sql = "UPDATE invitation SET expires_at = unixepoch() - 1
               WHERE account = (SELECT id FROM account WHERE name = ?)";
    assert_eq!(open().execute(sql, [address]).unwrap(), 1, "invitations of {address}");
}

/// Lets the last proof of the account's only panel session be so many seconds older.
pub fn age_proof(address: &str, seconds: i64) {
    age(address, &format!("proved_at = proved_at - {seconds}"));
}

/// Lets the last use of the account's only panel session be so many seconds older.
pub fn age_use(address: &str, seconds: i64) {
    age(address, &format!("used_at = used_at - {seconds}"));
}

/// Lets the account's only panel session be so many seconds older, though it was used just now.
pub fn age_session(address: &str, seconds: i64) {
    age(address, &format!("opened_at = opened_at - {seconds}"));
}

fn age(address: &str, change: &str) {
    let sql = format!("UPDATE panel_session SET {change} WHERE account = (SELECT id FROM account WHERE name = ?)");
    assert_eq!(open().execute(&sql, [address]).unwrap(), 1, "panel sessions of {address}");
}
