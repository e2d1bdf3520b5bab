//! The server of these tests, and databases on it.

#[path = "../../../../tests/support/postgres.rs"]
mod support;

use std::time::Duration;

use self::support::Server;
use super::super::{PostgresStore, Settings};

fn server() -> &'static Server {
    support::server(|server| {
        server.run("postgres", "CREATE DATABASE template");
        PostgresStore::create_or_migrate(&settings(server, "template")).unwrap();
    })
}

fn settings(server: &Server, database: &str) -> Settings {
    Settings::new(&server.url(database), None, Duration::from_secs(20)).unwrap()
}

/// A database of its own, with tables that are empty.
pub(super) fn database() -> Settings {
    made_from("template")
}

/// A database of its own, without tables.
pub(super) fn empty_database() -> Settings {
    made_from("template0")
}

fn made_from(template: &str) -> Settings {
    let server = server();
    settings(server, &server.create(template))
}

/// Runs statements as somebody else, beside mailkey.
pub(super) fn statement(settings: &Settings, sql: &str) {
    let database = settings.shown.rsplit('/').next().unwrap();
    server().run(database, sql);
}

/// A store in it.
pub(in crate::store) fn store() -> PostgresStore {
    PostgresStore::connect(&database()).unwrap()
}
