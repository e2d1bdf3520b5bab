//! Panics: never printed, always logged, never passed on to C.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::Once;

use crate::module;

/// The standard panic hook writes to stderr, which belongs to the host program. This copy of the standard library is the
/// module's own, so that the hook of a host written in Rust is not touched.
pub(super) fn silence() {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(|| set_hook(Box::new(|_| {})));
}

/// Logs that a panic was stopped; whatever happens in doing so is stopped too.
pub(super) fn report(entry: &str) {
    let _ = catch_unwind(AssertUnwindSafe(|| module::panicked(entry)));
}
