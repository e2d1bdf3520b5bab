//! A store on a server: each of its servers, how they follow each other, and the nodes that share it.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use mailkey::config::{self, Config};
use mailkey::node::Node;
use mailkey::store::postgres::survey::{Facts, Server, Standby};
use mailkey::store::{OpenStore, Place, Replica, StoreError, survey};

use super::Finding;
use super::programs::{Answer, ask};
use crate::node::{self, AWAY, seconds};

/// Milliseconds that clocks may differ: a code counts for half a minute, and one step before and after it.
const CLOCK: i64 = 5000;

/// The oldest PostgreSQL that is known to do all that the store asks of it (`server_version_num`).
const OLDEST: u32 = 130_000;

/// Bytes of the log by which a standby is behind that is not just a moment late.
const FAR_BEHIND: i64 = 64 << 20;

/// Milliseconds by which one may be behind.
const LATE: i64 = 30_000;

/// Milliseconds that a question may take: a login asks two or three.
const SLOW: u128 = 20;

/// What is wrong with the servers of the store. That none of them can be written is the database's own finding.
pub fn servers(config: &Config) -> Vec<Finding> {
    let Place::Server { password_file, .. } = &config.store else { return Vec::new() };
    let mut findings = Vec::new();
    findings.extend(password_file.as_deref().and_then(of_password_file));
    // A URL that is none, whoever opens the store says.
    let Ok(servers) = survey(&config.store, config.busy_timeout) else { return findings };
    servers.iter().for_each(|server| findings.extend(of_server(server)));
    findings.extend(of_all(&servers));
    findings.extend(servers.iter().filter_map(|server| server.facts.as_ref().ok()).find_map(of_workers));
    // The replica that logins read from is mostly one of them.
    if let Some(rules) = &config.store_read
        && let Ok(near_by) = survey(&rules.place, config.busy_timeout)
    {
        let others = near_by.iter().filter(|server| servers.iter().all(|known| known.host != server.host));
        others.for_each(|server| findings.extend(of_server(server)));
    }
    findings
}

/// What is wrong with the replica near by that logins read from (`store_read`), where there is one.
pub fn replica(config: &Config, store: &mut OpenStore) -> Vec<Finding> {
    let Some(rules) = &config.store_read else { return Vec::new() };
    let failed = |what: String| {
        Finding::warning(
            "replica_unusable",
            format!("the replica near by (store_read) does not answer, so that logins ask the store alone: {what}"),
            "Look at that server, or take store_read out.",
        )
    };
    let mut replica = match Replica::of(rules, config.busy_timeout) {
        Ok(replica) => replica,
        Err(error) => return vec![failed(error.to_string())],
    };
    // As a login does that finds it old. Where the store cannot be written, that is another finding.
    let _ = store.beat(replica.beat_interval());
    vec![match arrives(&mut replica) {
        Ok(Some(behind)) if replica.is_fresh(behind) => Finding::ok(
            "replica",
            format!("the replica near by (store_read) is {behind} s behind, {} are allowed", rules.lag),
        ),
        Ok(Some(behind)) => Finding::warning(
            "replica_late",
            format!(
                "the replica near by (store_read) is {behind} s behind and {} are allowed (store_read_lag), so that logins \
                 ask the store",
                rules.lag
            ),
            "Look whether it follows, and at the clocks of both servers.",
        ),
        Ok(None) => failed("it does not say how far behind it is".into()),
        Err(error) => failed(error.to_string()),
    }]
}

/// How far behind the replica is, once what was just written had time to arrive.
#[allow(clippy::disallowed_methods, reason = "no login waits for this command")]
fn arrives(replica: &mut Replica) -> Result<Option<i64>, StoreError> {
    let mut behind = replica.behind()?;
    for _ in 0..20 {
        if behind.is_none_or(|behind| behind.abs() < replica.beat_interval()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        behind = replica.behind()?;
    }
    Ok(behind)
}

/// What is wrong with the clock, and with the nodes, of a store that is open.
pub fn nodes(config: &Config, store: &mut OpenStore) -> Vec<Finding> {
    if !matches!(config.store, Place::Server { .. }) {
        return Vec::new();
    }
    let clock_off = match node::clock_off(store) {
        Ok(off) => off,
        Err(error) => {
            return vec![Finding::error("server_clock", error.to_string(), "See what is said of each server.")];
        }
    };
    let mut findings = Vec::new();
    findings.extend(clock_off.and_then(of_clock));
    match (store.nodes(), store.key_checks()) {
        (Ok(nodes), Ok(keys)) => {
            let keys = keys.into_iter().map(|key| key.number).collect();
            findings.extend(of_nodes(
                &nodes,
                node::name(config).ok().flatten().as_deref(),
                &keys,
                node::server_time(clock_off),
            ));
        }
        (Err(error), _) | (_, Err(error)) => {
            findings.push(Finding::error("nodes_unreadable", error.to_string(), "mailkey init"));
        }
    }
    findings
}

fn of_password_file(path: &Path) -> Option<Finding> {
    if let Err(error) = config::load_password(path) {
        return Some(Finding::error(
            "password_file",
            format!("the password of the store cannot be read: {error}"),
            format!("chown root:mailkey {0} && chmod 0640 {0}", path.display()),
        ));
    }
    let found = path.metadata().ok()?;
    // Where the panel is, it must read it, too; nobody else needs to.
    let group = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let ours = group.lines().find_map(|line| line.strip_prefix("mailkey:x:")?.split(':').next()?.parse::<u32>().ok());
    (found.mode() & 0o040 != 0 && ours.is_some_and(|ours| found.gid() != ours && found.gid() != 0)).then(|| {
        Finding::warning(
            "password_file_group",
            format!("{} may be read by a group that is not mailkey", path.display()),
            format!("chgrp mailkey {}", path.display()),
        )
    })
}

fn of_server(server: &Server) -> Vec<Finding> {
    let host = &server.host;
    let facts = match &server.facts {
        Ok(facts) => facts,
        Err(why) => {
            return vec![Finding::warning(
                "server_unreachable",
                format!("{host} does not serve: {why}"),
                "Logins go on where another server of the store serves. Look at that machine, and whether it is still to be \
                 one of them.",
            )];
        }
    };
    let version = format!("PostgreSQL {}.{}", facts.version / 10_000, facts.version % 10_000);
    let (role, encrypted) = (
        if facts.following.is_some() { "a standby" } else { "the primary" },
        match (facts.encrypted, facts.local) {
            (true, _) => "TLS",
            (false, true) => "on this machine",
            (false, false) => "no TLS",
        },
    );
    let mut findings = vec![Finding::ok(
        "server",
        format!(
            "{host} is {role}: {version}, {encrypted}, {:.2} ms, schema {}, {} of {} connections",
            facts.latency.as_secs_f64() * 1000.0,
            facts.schema.map_or("none".into(), |(schema, oldest)| format!("{schema} (for {oldest} and later)")),
            facts.connections,
            facts.most_connections,
        ),
    )];
    let mut warn = |id, what: String, mend: &str| findings.push(Finding::warning(id, format!("{host} {what}"), mend));
    if facts.version < OLDEST {
        warn(
            "server_old",
            format!("is {version}"),
            "mailkey needs PostgreSQL 13 or later, and its own makers' support: upgrade it.",
        );
    }
    if !facts.encrypted && !facts.local {
        warn(
            "server_plain",
            "is asked without TLS: whoever is in between sees hashes and changes answers".into(),
            "Take sslmode=disable out of store, unless that network is nobody else's (loopback, a tunnel).",
        );
    }
    if facts.superuser {
        warn(
            "server_superuser",
            format!("lets mailkey in as {}, who may do everything there", facts.role),
            "Give mailkey a role of its own that owns its database and nothing else: \
             CREATE ROLE mailkey LOGIN; ALTER DATABASE … OWNER TO mailkey;",
        );
    }
    if facts.latency.as_millis() >= SLOW {
        warn(
            "server_slow",
            format!("takes {} ms to answer, and a login asks two or three times", facts.latency.as_millis()),
            "Have a server near by; store_read lets app passwords and sessions be read from a replica on this node.",
        );
    }
    if facts.connections * 10 >= facts.most_connections * 8 {
        warn(
            "server_connections",
            format!(
                "has {} of {} connections, {} of them mailkey's",
                facts.connections, facts.most_connections, facts.own_connections
            ),
            "Raise max_connections there, or have fewer workers: each auth worker of Dovecot holds one.",
        );
    }
    if !facts.fsync {
        findings.push(Finding::error(
            "server_fsync",
            format!("{host} runs with fsync = off: after a power cut a code may open twice, or the database be gone"),
            "Set fsync = on there.",
        ));
    }
    findings.extend(of_replication(host, facts));
    findings
}

fn of_replication(host: &str, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warn = |id, what: String, mend: &str| findings.push(Finding::warning(id, format!("{host} {what}"), mend));
    if let Some(following) = &facts.following {
        if !following.connected {
            warn(
                "standby_alone",
                "is a standby that receives nothing: in its place as primary it would lack what was revoked since"
                    .into(),
                "Look at its log and at primary_conninfo.",
            );
        } else if following.behind.is_none_or(|behind| behind > LATE) {
            let behind = following.behind.map_or("far".into(), |behind| format!("{} s", behind / 1000));
            warn(
                "standby_late",
                format!("is {behind} behind its primary"),
                "Look what keeps it: its disk, the network, or long questions.",
            );
        }
        return findings;
    }
    if matches!(facts.synchronous_commit.as_str(), "off") {
        warn(
            "server_asynchronous",
            "commits asynchronously (synchronous_commit = off): after a crash, a code of the last moments may open again".into(),
            "Set synchronous_commit = on there, or for the role: ALTER ROLE mailkey SET synchronous_commit = on;",
        );
    }
    if facts.standbys.iter().any(|standby| standby.state.is_none()) {
        findings.push(Finding::note(
            "replication_hidden",
            format!(
                "{host} has {} that mailkey may not look at; to see how far behind they are: GRANT pg_read_all_stats TO {};",
                counted(facts.standbys.len(), "standby", "standbys"),
                facts.role
            ),
        ));
        return findings;
    }
    for standby in &facts.standbys {
        findings.push(of_standby(host, standby));
    }
    if !facts.standbys.is_empty() && !facts.synchronous_standbys {
        findings.push(Finding::note(
            "replication_asynchronous",
            format!(
                "{host} waits for no standby (synchronous_standby_names is empty): after a failover, a code of the last \
                 moments may open again, and what was revoked then too"
            ),
        ));
    }
    findings
}

fn of_standby(host: &str, standby: &Standby) -> Finding {
    let (name, state) = (&standby.name, standby.state.as_deref().unwrap_or_default());
    let kind = if standby.synchronous { "synchronous" } else { "asynchronous" };
    let what = format!("{name} follows {host}: {state}, {kind}, {} KiB behind", standby.bytes_behind >> 10);
    if state == "streaming" && standby.bytes_behind <= FAR_BEHIND {
        return Finding::ok("standby", what);
    }
    Finding::warning("standby_late", what, "Look what keeps it: its disk, the network, or that it was away.")
}

/// What only shows beside each other.
fn of_all(servers: &[Server]) -> Vec<Finding> {
    let primaries: Vec<&str> = servers
        .iter()
        .filter(|server| server.facts.as_ref().is_ok_and(|facts| facts.following.is_none()))
        .map(|server| server.host.as_str())
        .collect();
    match primaries.as_slice() {
        [_] => Vec::new(),
        [] => vec![Finding::error(
            "server_no_primary",
            "none of the store's servers is a primary that answers: codes do not open, and nothing can be changed",
            "Start the primary, or promote a standby (pg_ctl promote, or your cluster manager).",
        )],
        several => vec![Finding::error(
            "server_two_primaries",
            format!("{} are primaries all of them: nodes see different databases", several.join(" and ")),
            "Stop the one that was replaced, and make it a standby of the other (pg_rewind) before it serves again.",
        )],
    }
}

/// Whether the workers that Dovecot may start here find connections.
fn of_workers(facts: &Facts) -> Option<Finding> {
    if facts.following.is_some() {
        return None;
    }
    let settings = ["auth_worker_max_count", "service/auth-worker/process_limit"];
    let workers = settings.iter().find_map(|setting| match ask("doveconf", &["-h", setting]) {
        Answer::Said(text) => text.trim().parse::<i64>().ok().filter(|workers| *workers > 0),
        Answer::Failed(_) | Answer::Missing | Answer::Hangs => None,
    })?;
    (workers > facts.most_connections).then(|| {
        Finding::warning(
            "server_workers",
            format!(
                "Dovecot here may start {workers} auth workers, and the server takes {} connections of all nodes",
                facts.most_connections
            ),
            "Raise max_connections there, or lower auth_worker_max_count (2.4: process_limit of service auth-worker).",
        )
    })
}

fn of_clock(off: i64) -> Option<Finding> {
    (off.abs() >= CLOCK).then(|| {
        Finding::warning(
            "clock_server",
            format!("this node's clock is {} beside the server's: codes are made of the time", seconds(off)),
            "Install a time service on both: apt install systemd-timesyncd (or chrony)",
        )
    })
}

fn of_nodes(nodes: &[Node], this: Option<&str>, keys: &BTreeSet<u32>, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    for node in nodes {
        let (name, is_this) = (&node.name, this == Some(&node.name));
        if now - node.seen_at > AWAY {
            findings.push(Finding::warning(
                "node_away",
                format!(
                    "node {name} was last seen {} minutes ago: what is revoked ends no connection there",
                    (now - node.seen_at) / 60
                ),
                format!(
                    "systemctl status mailkey-hook.timer there; if it is gone for good: mailkey node forget {name}"
                ),
            ));
        }
        if let Some(off) = node.clock_off.filter(|off| off.abs() >= CLOCK && !is_this) {
            findings.push(Finding::warning(
                "clock_node",
                format!(
                    "the clock of node {name} is {} beside the server's: codes open on one node and not on the other",
                    seconds(off)
                ),
                "Install a time service there: apt install systemd-timesyncd (or chrony)",
            ));
        }
        let missing: Vec<String> = keys.iter().filter(|key| !node.keys.contains(key)).map(u32::to_string).collect();
        if !missing.is_empty() && !node.version.is_empty() {
            findings.push(Finding::error(
                "node_keys",
                format!(
                    "node {name} lacks key {}, which the store is used with: every login there is refused",
                    missing.join(", ")
                ),
                "Copy /etc/mailkey/key from a node that has it, with owner and mode.",
            ));
        }
    }
    let versions: BTreeSet<&str> =
        nodes.iter().map(|node| node.version.as_str()).filter(|text| !text.is_empty()).collect();
    if versions.len() > 1 {
        let versions: Vec<_> = versions.into_iter().collect();
        findings.push(Finding::note("node_versions", format!("the nodes are of versions {}", versions.join(" and "))));
    }
    if this.is_some_and(|this| nodes.iter().all(|node| node.name != this)) {
        findings.push(Finding::note(
            "node_unknown",
            "the store does not know this node yet: it does from the first time that its hook runs (mailkey hook run)",
        ));
    }
    findings
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use mailkey::store::postgres::survey::Following;

    use super::*;
    use crate::doctor::Severity;

    const NOW: i64 = 1_790_000_000;

    fn primary() -> Facts {
        Facts {
            latency: Duration::from_micros(300),
            version: 150_018,
            encrypted: true,
            local: false,
            schema: Some((8, 7)),
            role: "mailkey".into(),
            superuser: false,
            most_connections: 97,
            connections: 20,
            own_connections: 12,
            synchronous_commit: "on".into(),
            synchronous_standbys: false,
            fsync: true,
            following: None,
            standbys: Vec::new(),
        }
    }

    fn standby() -> Facts {
        Facts { following: Some(Following { connected: true, behind: Some(0) }), ..primary() }
    }

    fn server(host: &str, facts: Facts) -> Server {
        Server { host: host.into(), facts: Ok(facts) }
    }

    /// The ids of what is found of a server, its own line aside.
    fn ids(facts: Facts) -> Vec<&'static str> {
        let found = of_server(&server("db1:5432", facts));
        assert_eq!((found[0].id, found[0].severity), ("server", Severity::Ok));
        found[1..].iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn a_server_is_described_in_a_line() {
        let found = of_server(&server("db1:5432", primary()));
        assert_eq!(
            found[0].what,
            "db1:5432 is the primary: PostgreSQL 15.18, TLS, 0.30 ms, schema 8 (for 7 and later), 20 of 97 connections"
        );
        assert_eq!((ids(primary()), ids(standby())), (vec![], vec![]));
    }

    #[test]
    fn what_a_server_should_not_be_is_said() {
        assert_eq!(ids(Facts { version: 120_009, ..primary() }), ["server_old"]);
        assert_eq!(ids(Facts { encrypted: false, ..primary() }), ["server_plain"]);
        assert_eq!(ids(Facts { encrypted: false, local: true, ..primary() }), [""; 0]);
        assert_eq!(ids(Facts { superuser: true, ..primary() }), ["server_superuser"]);
        assert_eq!(ids(Facts { latency: Duration::from_millis(20), ..primary() }), ["server_slow"]);
        assert_eq!(ids(Facts { connections: 78, ..primary() }), ["server_connections"]);
        assert_eq!(ids(Facts { connections: 77, ..primary() }), [""; 0]);
        assert_eq!(ids(Facts { fsync: false, ..primary() }), ["server_fsync"]);
        assert_eq!(ids(Facts { synchronous_commit: "off".into(), ..primary() }), ["server_asynchronous"]);
        let away = Server { host: "db2:5432".into(), facts: Err("it is off".into()) };
        assert_eq!(of_server(&away)[0].id, "server_unreachable");
    }

    #[test]
    fn standbys_are_seen_from_both_sides() {
        let seen = |state: Option<&str>, bytes_behind| Standby {
            name: "db2".into(),
            state: state.map(Into::into),
            synchronous: true,
            bytes_behind,
        };
        let with = |standby, synchronous_standbys| Facts { standbys: vec![standby], synchronous_standbys, ..primary() };
        assert_eq!(ids(with(seen(Some("streaming"), 0), true)), ["standby"]);
        assert_eq!(ids(with(seen(Some("streaming"), 0), false)), ["standby", "replication_asynchronous"]);
        assert_eq!(ids(with(seen(Some("streaming"), FAR_BEHIND + 1), true)), ["standby_late"]);
        assert_eq!(ids(with(seen(Some("catchup"), 0), true)), ["standby_late"]);
        assert_eq!(ids(with(seen(None, 0), true)), ["replication_hidden"]);
        let following = |connected, behind| Facts { following: Some(Following { connected, behind }), ..primary() };
        assert_eq!(ids(following(false, Some(0))), ["standby_alone"]);
        assert_eq!(ids(following(true, Some(LATE + 1))), ["standby_late"]);
        assert_eq!(ids(following(true, None)), ["standby_late"]);
    }

    #[test]
    fn there_is_one_primary() {
        let of = |servers: &[Server]| of_all(servers).first().map(|finding| finding.id);
        let away = Server { host: "c".into(), facts: Err("it is off".into()) };
        assert_eq!(of(&[server("a", primary()), server("b", standby()), away.clone()]), None);
        assert_eq!(of(&[server("b", standby()), away]), Some("server_no_primary"));
        assert_eq!(of(&[server("a", primary()), server("b", primary())]), Some("server_two_primaries"));
    }

    #[test]
    fn nodes_that_are_away_go_wrong_or_lack_a_key_are_named() {
        let node = |name: &str| Node {
            name: name.into(),
            machine: String::new(),
            version: "1.0.0".into(),
            keys: vec![1, 2],
            clock_off: Some(100),
            seen_at: NOW - 30,
        };
        let keys = BTreeSet::from([1, 2]);
        let ids = |nodes: &[Node]| -> Vec<&str> {
            of_nodes(nodes, Some("a"), &keys, NOW).iter().map(|finding| finding.id).collect()
        };
        assert_eq!(ids(&[node("a"), node("b")]), [""; 0]);
        assert_eq!(ids(&[node("b")]), ["node_unknown"]);
        assert_eq!(ids(&[node("a"), Node { seen_at: NOW - AWAY - 1, ..node("b") }]), ["node_away"]);
        assert_eq!(ids(&[node("a"), Node { clock_off: Some(-CLOCK), ..node("b") }]), ["clock_node"]);
        assert_eq!(ids(&[Node { clock_off: Some(CLOCK), ..node("a") }]), [""; 0], "of this one the clock says so");
        assert_eq!(ids(&[node("a"), Node { keys: vec![1], ..node("b") }]), ["node_keys"]);
        let other = Node { version: "1.1.0".into(), ..node("b") };
        assert_eq!(ids(&[node("a"), other]), ["node_versions"]);
        assert!(of_clock(CLOCK - 1).is_none() && of_clock(-CLOCK).is_some_and(|found| found.what.contains("-5.0 s")));
    }
}
