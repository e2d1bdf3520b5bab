//! Databases on a PostgreSQL server that these tests start and end.

#[allow(clippy::expect_used)]
#[path = "../support/postgres.rs"]
mod support;

use support::Server;

fn server() -> &'static Server {
    support::server(|_| {})
}

/// A database of its own, without tables.
pub struct Database {
    pub name: String,
}

impl Database {
    pub fn new() -> Self {
        Self { name: server().create("template0") }
    }

    /// The URL for a user of the database.
    pub fn url(&self, user: &str) -> String {
        server().url(&self.name).replace("user=mailkey", &format!("user={user}"))
    }

    /// Runs statements as the superuser; what they found, as text.
    pub fn run(&self, sql: &str) -> String {
        server().ask(&self.name, sql)
    }
}
