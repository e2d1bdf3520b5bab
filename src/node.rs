//! Nodes: the mail servers that share one store.
//!
//! Each has connections of its own, so that what is revoked on one is to be carried out on all of them. A node is known
//! from the first time that its hook runs (`mailkey hook run`), and says with every run that it is there, which version
//! and which keys it has, and how far its clock is off. Where the store is a file there is one node, and none is written
//! down.

/// Seconds after which a node that has nothing new to say says again that it is there.
pub const SEEN_AGAIN: i64 = 60;

/// Seconds after which a node that was not seen is forgotten, and what waits for it: its connections are long gone.
pub const FORGOTTEN: i64 = 7 * 86_400;

/// Seconds for which a name is that of the machine that was last seen with it.
pub const NAME_KEPT: i64 = 5 * 60;

/// Longest name, in bytes.
pub const LONGEST_NAME: usize = 64;

/// A node, as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The host's name, or the setting `node`.
    pub name: String,
    /// What tells machines with the same name apart; empty where nothing does.
    pub machine: String,
    /// The version of mailkey there.
    pub version: String,
    /// The numbers of the keys that it has.
    pub keys: Vec<u32>,
    /// Milliseconds by which its clock is ahead of the server's; none: not measured.
    pub clock_off: Option<i64>,
    /// When it was last seen, in seconds since the Unix epoch; by the server's clock where that was asked.
    pub seen_at: i64,
}

impl Node {
    /// Whether there is something to write, beside `before`, which the store has. A clock is read anew each time: a few
    /// tenths of a second more or less are nothing new.
    pub fn is_news_to(&self, before: &Self) -> bool {
        let said = |node: &Self| (node.machine.clone(), node.version.clone(), node.keys.clone());
        let seconds = |node: &Self| node.clock_off.map(|off| (off + off.signum() * 500) / 1000);
        said(self) != said(before)
            || seconds(self) != seconds(before)
            || !(0..SEEN_AGAIN).contains(&self.seen_at.saturating_sub(before.seen_at))
    }

    /// Whether the name of `before` is another machine's, which is there.
    pub fn is_a_rival_of(&self, before: &Self) -> bool {
        let known = !self.machine.is_empty() && !before.machine.is_empty();
        known && self.machine != before.machine && self.seen_at.saturating_sub(before.seen_at) < NAME_KEPT
    }
}

/// Whether a text can be the name of a node: letters, digits, `.`, `-` and `_`, at most [`LONGEST_NAME`] of them.
pub fn is_name(text: &str) -> bool {
    let fits = |symbol: u8| symbol.is_ascii_alphanumeric() || b".-_".contains(&symbol);
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(machine: &str, clock_off: Option<i64>, seen_at: i64) -> Node {
        let (name, version) = ("mx1".into(), "1.0.0".into());
        Node { name, machine: machine.into(), version, keys: vec![1], clock_off, seen_at }
    }

    #[test]
    fn a_node_says_something_new_once_a_minute_or_when_it_has_changed() {
        let before = node("m", Some(120), 1000);
        assert!(!node("m", Some(-130), 1059).is_news_to(&before));
        assert!(node("m", Some(120), 1060).is_news_to(&before));
        assert!(node("m", Some(120), 999).is_news_to(&before), "its clock was set back");
        assert!(node("m", Some(2000), 1001).is_news_to(&before));
        assert!(node("m", None, 1001).is_news_to(&before));
        assert!(Node { keys: vec![1, 2], ..node("m", Some(120), 1001) }.is_news_to(&before));
    }

    #[test]
    fn a_name_is_its_machines_until_that_was_not_seen_for_five_minutes() {
        let before = node("m", None, 1000);
        assert!(node("n", None, 1299).is_a_rival_of(&before));
        assert!(!node("n", None, 1300).is_a_rival_of(&before));
        assert!(!node("m", None, 1001).is_a_rival_of(&before));
        assert!(
            !node("", None, 1001).is_a_rival_of(&before) && !node("n", None, 1001).is_a_rival_of(&node("", None, 1000))
        );
    }

    #[test]
    fn names_of_nodes_are_names_of_hosts() {
        assert!(["mx1", "mx1.example.org", "MX_2-a"].iter().all(|name| is_name(name)));
        let long = "a".repeat(65);
        assert!(["", "mx 1", "mx1\n", "mäx", long.as_str()].iter().all(|name| !is_name(name)));
    }
}
