//! The tables, and the statements that are the same for each of them.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::super::sql::database::{Kind, OwnedValue, ToValue, Value};

/// A row, in the order of [`Table::columns`].
pub(super) type StoredRow = Vec<OwnedValue>;

/// Rows that one statement writes: most of them by the largest, the last few by the others.
pub(super) const ROWS_AT_ONCE: [usize; 3] = [256, 16, 1];

/// Rows that one question returns.
pub(super) const PAGE: usize = 2048;

/// A table, and what is asked of it.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    /// So many of the first columns are the primary key.
    keys: usize,
    pub(super) count: String,
    pub(super) holds_any: String,
    /// Its first [`PAGE`] rows, by key.
    pub(super) first: String,
    /// The next ones after the key `?1`, ….
    pub(super) after: String,
    /// Writes as many rows as [`ROWS_AT_ONCE`] says, over those of the same key.
    pub(super) put: [String; ROWS_AT_ONCE.len()],
    /// Removes as many rows, by their keys.
    pub(super) remove: [String; ROWS_AT_ONCE.len()],
}

/// A field of a table.
pub(super) struct Column {
    pub(super) name: &'static str,
    kind: Kind,
    /// Whether it takes part in an index other than the primary key that lets in no value twice.
    unique: bool,
}

/// All tables, those that others refer to first. `compatibility`, and on a server `mailkey` and `heartbeat`, are the database's
/// own.
pub(super) static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    [
        ("domain", "name:t", "require_2fa:i"),
        (
            "account",
            "id:i",
            "uid:b! name:t! enabled:i version:i password:t authenticators_made:i created_at:i require_2fa:i enrol_again:i \
             notices:i notify_address:t language:t",
        ),
        (
            "authenticator",
            "account:i number:i",
            "name:t key:i sealed:b algorithm:t digits:i period:i created_at:i confirmed_at:i! last_step:i",
        ),
        ("invitation", "account:i", "digest:b created_at:i expires_at:i"),
        ("recovery_code", "account:i code:t", "hash:t used_at:i"),
        (
            "app_password",
            "account:i id:t",
            "name:t hash:t protocols:i networks:t created_at:i expires_at:i revoked_at:i used_at:i used_from:t \
             used_protocol:t",
        ),
        (
            "session",
            "digest:b",
            "kind:i account:i name:t opening:b method:t opened_at:i opened_from:t used_at:i used_from:t used_protocol:t \
             confirmed:i ended:i",
        ),
        ("session_seen", "digest:b", ""),
        (
            "panel_session",
            "digest:b",
            "account:i version:i method:t agent:t opened_at:i opened_from:t proved_at:i used_at:i used_from:t idle:i \
             absolute:i",
        ),
        (
            "notice",
            "id:i",
            "account:i kind:t at:i address:t mode:t subject:t codes_left:i tries:i next_try:i error:t settled_at:i",
        ),
        ("known_network", "account:i network:t", "last_at:i"),
        ("revocation", "id:i", "name:t! times:i tries:i next_try:i error:t"),
        ("node", "name:t", "machine:t version:t keys:t clock_off:i seen_at:i"),
        ("node_revocation", "node:t name:t", "queued:i times:i tries:i next_try:i error:t"),
        ("throttle", "kind:i subject:b network:t", "failures:i since:i last_at:i blocked_until:i expires_at:i"),
        ("seen_wrong", "digest:b", "expires_at:i"),
        ("tried", "network:t subject:b", "expires_at:i"),
        ("key_check", "number:i", "digest:b"),
        (
            "activity",
            "id:i",
            "account:i event:t reason:t method:t mode:t protocol:t address:t credential:t first_at:i last_at:i count:i \
             codes_left:i",
        ),
    ]
    .map(|(name, key, rest)| Table::new(name, key, rest))
    .into()
});

impl Column {
    /// `name:kind`, with `!` where it is [`Self::unique`].
    fn new(text: &'static str) -> Self {
        let (name, kind) = text.split_once(':').unwrap_or((text, ""));
        let kind_alone = kind.trim_end_matches('!');
        Self {
            name,
            kind: match kind_alone {
                "i" => Kind::Integer,
                "t" => Kind::Text,
                "b" => Kind::Blob,
                _ => Kind::Unknown,
            },
            unique: kind.len() > kind_alone.len(),
        }
    }
}

impl Table {
    fn new(name: &'static str, key: &'static str, rest: &'static str) -> Self {
        let columns: Vec<_> = key.split_whitespace().chain(rest.split_whitespace()).map(Column::new).collect();
        let keys = key.split_whitespace().count();
        let names = |columns: &[Column]| columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        let (all, key) = (names(&columns), names(&columns[..keys]));
        let set: Vec<_> = columns[keys..].iter().map(|column| format!("{0} = excluded.{0}", column.name)).collect();
        let conflict = if set.is_empty() { "NOTHING".into() } else { format!("UPDATE SET {}", set.join(", ")) };
        let put = ROWS_AT_ONCE.map(|rows| {
            let values: Vec<_> = (0..rows).map(|row| parameters(row * columns.len(), columns.len())).collect();
            format!("INSERT INTO {name} ({all}) VALUES {} ON CONFLICT ({key}) DO {conflict}", values.join(", "))
        });
        let remove = ROWS_AT_ONCE.map(|rows| {
            let is = |row: usize, at: usize| format!("{} = ?{}", columns[at].name, row * keys + at + 1);
            let row = |row| format!("({})", (0..keys).map(|at| is(row, at)).collect::<Vec<_>>().join(" AND "));
            format!("DELETE FROM {name} WHERE {}", (0..rows).map(row).collect::<Vec<_>>().join(" OR "))
        });
        Self {
            name,
            keys,
            count: format!("SELECT count(*) FROM {name}"),
            holds_any: format!("SELECT EXISTS (SELECT 1 FROM {name})"),
            first: format!("SELECT {all} FROM {name} ORDER BY {key} LIMIT {PAGE}"),
            after: format!(
                "SELECT {all} FROM {name} WHERE ({key}) > {} ORDER BY {key} LIMIT {PAGE}",
                parameters(0, keys)
            ),
            put,
            remove,
            columns,
        }
    }

    /// The values of a row, as parameters.
    pub(super) fn values<'a>(&'a self, row: &'a [OwnedValue]) -> impl Iterator<Item = Value<'a>> {
        row.iter().zip(&self.columns).map(|(value, column)| match value {
            OwnedValue::Null => Value::Null(column.kind),
            value => value.value(),
        })
    }

    /// The key of a row.
    pub(super) fn key<'a>(&self, row: &'a [OwnedValue]) -> &'a [OwnedValue] {
        &row[..self.keys]
    }

    /// Which of two rows comes first. Both engines order as this does: numbers by size, texts and bytes byte by byte.
    pub(super) fn order(&self, one: &[OwnedValue], other: &[OwnedValue]) -> Ordering {
        let differing = self.key(one).iter().zip(self.key(other)).map(|(one, other)| order(one, other));
        differing.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Whether something beside the key must not be there twice.
    pub(super) fn has_unique(&self) -> bool {
        self.columns.iter().any(|column| column.unique)
    }

    /// Whether two rows differ in that.
    pub(super) fn differs_in_unique(&self, one: &[OwnedValue], other: &[OwnedValue]) -> bool {
        let pairs = one.iter().zip(other).zip(&self.columns);
        pairs.into_iter().any(|((one, other), column)| column.unique && one != other)
    }
}

/// `(?3, ?4)`: two parameters, after two.
fn parameters(after: usize, many: usize) -> String {
    let numbers: Vec<_> = (1..=many).map(|number| format!("?{}", after + number)).collect();
    format!("({})", numbers.join(", "))
}

fn order(one: &OwnedValue, other: &OwnedValue) -> Ordering {
    match (one, other) {
        (OwnedValue::Integer(one), OwnedValue::Integer(other)) => one.cmp(other),
        (OwnedValue::Text(one), OwnedValue::Text(other)) => one.cmp(other),
        (OwnedValue::Blob(one), OwnedValue::Blob(other)) => one.cmp(other),
        // A column holds values of one kind, and a key no NULL.
        _ => Ordering::Equal,
    }
}
