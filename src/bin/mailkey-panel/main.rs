//! `mailkey-panel`: the self-service panel.

mod config;

fn main() {}
