//! The server of these tests, and databases on it.

#[path = "../../../../tests/support/postgres.rs"]
mod support;

use std::time::Duration;

use self::support::Server;
use super::super::{PostgresStore, Settings};
use crate::store::Place;

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
pub(in crate::store) fn database() -> Settings {
    made_from("template")
}

/// A database of its own, without tables.
pub(in crate::store) fn empty_database() -> Settings {
    made_from("template0")
}

fn made_from(template: &str) -> Settings {
    let server = server();
    settings(server, &server.create(template))
}

/// The place of a database, as a configuration names it.
pub(in crate::store) fn place(settings: &Settings) -> Place {
    let database = settings.shown.rsplit('/').next().unwrap();
    Place::Server { url: server().url(database), password_file: None }
}

/// Runs statements as somebody else, beside mailkey.
pub(in crate::store) fn statement(settings: &Settings, sql: &str) {
    let database = settings.shown.rsplit('/').next().unwrap();
    server().run(database, sql);
}

/// A store in it.
pub(in crate::store) fn store() -> PostgresStore {
    PostgresStore::connect(&database()).unwrap()
}
