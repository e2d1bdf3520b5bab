//! What the contract does not say: a real server, which these tests start and end.

mod server;

pub(in crate::store) use server::store;
