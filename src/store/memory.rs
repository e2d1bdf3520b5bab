//! A store without a file, for tests.

/// A store that lives as long as it is held.
#[derive(Default)]
pub struct MemoryStore {}
