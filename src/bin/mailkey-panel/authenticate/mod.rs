//! Who is it? The panel asks libpam or the mail server, and never judges a password by itself.

pub mod wire;
pub mod worker;
