//! What the module and the administration do in the same way: between the pure decision and the store.
//!
//! Here nothing knows libpam, and nothing what only the command or the panel needs.

pub(crate) mod claims;
pub(crate) mod passwords;
