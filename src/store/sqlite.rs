//! The SQLite store.

/// A store in one SQLite file.
pub struct SqliteStore {}
