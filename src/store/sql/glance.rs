//! What a login reads, each time in one statement: for engines that are some way off, where each question costs a round trip.
//!
//! It finds what [`super::login::load`] finds with a lookup by key for each thing; the contract holds for both.

use super::super::rules::{counts_each_time, day_of};
use super::super::{Counters, Loaded, Lookup, Note, SessionFound, StoreError, ThrottleKeys, Used};
use super::database::{Database, Row, each, named_params, one};
use super::error::Outcome;
use super::session::{self, Owner};
use super::{decode, login, requirement};
use crate::record::CounterKind;
use crate::times::NOTE_INTERVAL;

/// The tables of one row say so (`LIMIT 1`): the server takes each for thousands, until it has looked, expects millions of rows
/// here, and compiles code for them at every login (its setting `jit`), which takes seconds.
///
/// One row for each authenticator of the account, at least one. In the order of what decodes them: the account from
/// column [`ACCOUNT`] on, and so on.
pub(in crate::store) const GLANCE: &str = "
    SELECT mailkey.schema, mailkey.oldest,
        a.id, a.uid, a.enabled, a.version, a.password, a.created_at, a.require_2fa, a.enrol_again,
        d.require_2fa,
        t.number, t.name, t.key, t.sealed, t.algorithm, t.digits, t.period, t.created_at, t.confirmed_at, t.last_step,
        p.id, p.name, p.hash, p.protocols, p.networks, p.created_at, p.expires_at, p.revoked_at, p.used_at, p.used_from,
        p.used_protocol,
        r.code, r.hash, r.used_at,
        s.digest, s.kind, s.opening, s.method, s.opened_at, s.opened_from, s.used_at, s.used_from, s.used_protocol,
        s.confirmed, s.ended, s.account, s.name,
        seen.digest,
        c1.failures, c1.since, c1.last_at, c1.blocked_until,
        c2.failures, c2.since, c2.last_at, c2.blocked_until,
        c3.failures, c3.since, c3.last_at, c3.blocked_until,
        c4.failures, c4.since, c4.last_at, c4.blocked_until,
        CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) - heartbeat.at
    FROM (SELECT schema, oldest FROM mailkey LIMIT 1) mailkey
        LEFT JOIN (SELECT at FROM heartbeat LIMIT 1) heartbeat ON true
        LEFT JOIN account a ON a.name = :name
        LEFT JOIN domain d ON d.name = :domain
        LEFT JOIN authenticator t ON t.account = a.id
        LEFT JOIN app_password p ON p.account = a.id AND p.id = :app_password
        LEFT JOIN recovery_code r ON r.account = a.id AND r.code = :recovery_code
        LEFT JOIN session s ON s.digest = :session
        LEFT JOIN session_seen seen ON seen.digest = :seen
        LEFT JOIN throttle c1 ON c1.kind = 1 AND c1.subject = :subject AND c1.network = :network
        LEFT JOIN throttle c2 ON c2.kind = 2 AND c2.subject = :subject AND c2.network = ''
        LEFT JOIN throttle c3 ON c3.kind = 3 AND c3.subject = :subject AND c3.network = :network
        LEFT JOIN throttle c4 ON c4.kind = 4 AND c4.subject = :nobody AND c4.network = :network AND :network <> ''
    ORDER BY t.number";

const ACCOUNT: usize = 2;
const DOMAIN: usize = 10;
const AUTHENTICATOR: usize = 11;
const APP_PASSWORD: usize = 21;
const RECOVERY_CODE: usize = 32;
const SESSION: usize = 35;
const SEEN: usize = 48;
const COUNTERS: usize = 49;
const BEHIND: usize = 65;

/// What was found, the schema and the oldest schema whose code may use the database, and the age of its heartbeat in seconds;
/// none where it does not say.
#[derive(Default)]
pub(in crate::store) struct Glance {
    pub(in crate::store) loaded: Loaded,
    pub(in crate::store) schema: Option<i64>,
    pub(in crate::store) oldest: Option<i64>,
    pub(in crate::store) behind: Option<i64>,
}

/// See [`super::super::Store::load`].
pub(in crate::store) fn load(db: &dyn Database, lookup: &Lookup<'_>) -> Outcome<Glance> {
    let mut glance = Glance::default();
    let key = |kind| lookup.throttle.map(|keys| ThrottleKeys::key(keys, kind));
    let (of_account, of_network) = (key(CounterKind::Code), key(CounterKind::Network));
    each(
        db,
        GLANCE,
        named_params! {
            ":name": lookup.name.as_str(),
            ":domain": lookup.name.domain(),
            ":app_password": lookup.app_password.as_ref().map(|id| id.as_str()),
            ":recovery_code": lookup.recovery_code.as_ref().map(|index| index.as_str()),
            ":session": lookup.session.map(|digest| digest.0),
            ":seen": lookup.session.map(session::seen),
            ":subject": of_account.map(|(subject, _)| subject),
            ":network": of_account.map(|(_, network)| network),
            ":nobody": of_network.map(|(subject, _)| subject),
        },
        |row| {
            if glance.schema.is_none() {
                read(row, lookup, &mut glance)?;
            }
            if let (Some(account), Some(_)) = (&mut glance.loaded.account, row.get::<Option<i64>>(AUTHENTICATOR)?) {
                account.authenticators.push(decode::authenticator(&row.from(AUTHENTICATOR))?);
            }
            Ok(())
        },
    )?;
    Ok(glance)
}

/// What is the same in every row.
fn read(row: &Row<'_>, lookup: &Lookup<'_>, glance: &mut Glance) -> Outcome<()> {
    (glance.schema, glance.oldest, glance.behind) = (row.get(0)?, row.get(1)?, row.get(BEHIND)?);
    let loaded = &mut glance.loaded;
    let mut owner = Owner::Name(lookup.name);
    if row.get::<Option<i64>>(ACCOUNT)?.is_some() {
        let (id, account, requirements) = login::account_of(&row.from(ACCOUNT), lookup.name)?;
        (loaded.account, loaded.requirements, owner) = (Some(account), requirements, Owner::Account(id));
    }
    loaded.requirements.domain = requirement::requirement(row.get(DOMAIN)?, "domain.require_2fa")?;
    if row.get::<Option<&str>>(APP_PASSWORD)?.is_some() {
        loaded.app_password = Some(decode::app_password(&row.from(APP_PASSWORD))?);
    }
    if row.get::<Option<&str>>(RECOVERY_CODE)?.is_some() {
        loaded.recovery_code = Some(decode::recovery_code(&row.from(RECOVERY_CODE))?);
    }
    if row.get::<Option<&[u8]>>(SESSION)?.is_some() {
        loaded.session = session::found(&row.from(SESSION), owner)?;
    } else if row.get::<Option<&[u8]>>(SEEN)?.is_some() {
        loaded.session = SessionFound::Gone;
    }
    let counter = |number: usize| {
        let row = row.from(COUNTERS + 4 * number);
        if row.get::<Option<i64>>(0)?.is_some() { decode::counter(&row) } else { Ok(Default::default()) }
    };
    loaded.counters =
        Counters { code: counter(0)?, code_hour: counter(1)?, password: counter(2)?, network: counter(3)? };
    Ok(())
}

/// What [`super::activity`] finds out about a note with a question for each thing.
const DUE: &str = "
    SELECT a.id, e.id, e.last_at,
        EXISTS (SELECT 1 FROM activity WHERE account = a.id),
        p.used_at IS NULL OR p.used_at <= :now - :interval OR p.used_at > :now OR p.used_from <> :address
            OR p.used_protocol <> :protocol,
        s.used_at <= :now - :interval OR s.used_at > :now OR s.used_from <> :address OR s.used_protocol <> :protocol,
        p.id, s.digest,
        EXISTS (SELECT 1 FROM throttle WHERE kind = 3 AND subject = :subject AND network = :network)
    FROM (SELECT schema, oldest FROM mailkey LIMIT 1) mailkey
        LEFT JOIN account a ON a.uid = :uid
        LEFT JOIN app_password p ON p.account = a.id AND p.id = :app_password
        LEFT JOIN session s ON s.digest = :session AND s.ended = 0
        LEFT JOIN LATERAL (
            SELECT id, last_at FROM activity
            WHERE account = a.id AND last_at >= :start AND last_at < :end
                AND event = :event AND reason = :reason AND method = :method AND mode = :mode
                AND protocol = :protocol AND address = :address AND credential = :credential
            ORDER BY last_at DESC LIMIT 1) e ON true";

/// Whether a note has anything to write.
pub(in crate::store) fn is_due(db: &dyn Database, note: &Note<'_>) -> Outcome<bool> {
    let day = day_of(note.now);
    let (app_password, session, interval) = match note.used {
        None => (None, None, 0),
        Some(Used::AppPassword(id)) => (Some(id), None, NOTE_INTERVAL),
        Some(Used::Session { digest, interval }) => (None, Some(digest.0), interval),
    };
    let forgiven = note.forgive.map(|keys| keys.key(CounterKind::Password));
    let activity = note.activity;
    let due = one(
        db,
        DUE,
        named_params! {
            ":now": note.now,
            ":interval": interval,
            ":address": activity.address,
            ":protocol": activity.protocol,
            ":subject": forgiven.map(|(subject, _)| subject),
            ":network": forgiven.map(|(_, network)| network),
            ":uid": note.account.map(|uid| uid.0),
            ":app_password": app_password.as_ref().map(|id| id.as_str()),
            ":session": session,
            ":start": day.start,
            ":end": day.end,
            ":event": activity.event,
            ":reason": activity.reason,
            ":method": activity.method,
            ":mode": activity.mode,
            ":credential": activity.credential,
        },
        |row| {
            let account: Option<i64> = row.get(0)?;
            if note.account.is_some() && account.is_none() {
                return Err(StoreError::NotFound.into());
            }
            let entry = match (account, row.get::<Option<i64>>(1)?) {
                (None, _) => false,
                (Some(_), _) if note.keep.entries == 0 => row.get(3)?,
                (Some(_), None) => true,
                (Some(_), Some(_)) => {
                    counts_each_time(activity) || row.get::<i64>(2)? <= note.now.saturating_sub(NOTE_INTERVAL)
                }
            };
            let used = (row.get::<Option<&str>>(6)?.is_some() && row.get(4)?)
                || (row.get::<Option<&[u8]>>(7)?.is_some() && row.get(5)?);
            Ok(entry || used || row.get(8)?)
        },
    )?;
    Ok(due.unwrap_or(false))
}
