//! One store copied to another place, of whichever kind: from one machine to several, and back.
//!
//! Every row of every table is carried over as it is, and so are the numbers that were given out: in the copy everything
//! opens that opened before, and nothing else. Both stores are read side by side, by key, and where they differ the copy is
//! mended. So it does not matter where a copy was stopped, or what happened in the source meanwhile: to go on and to begin
//! are the same. A copy is complete when such a pass, over one snapshot of the source, has found nothing to mend.
//!
//! Until then it is marked as unfinished (see `mark`), and every login that is sent to it finds its store unavailable. Only
//! an empty database, or an unfinished copy of the same source, is copied to: nothing that anybody uses is written over.
//!
//! The source goes on serving, and is never written to.

mod mark;
mod pass;
mod tables;
#[cfg(test)]
#[cfg(feature = "postgres")]
mod tests;

use std::fmt;
use std::time::Duration;

use data_encoding::HEXLOWER;

use self::pass::{Pass, Target};
use super::sql::{Standing, admin};
use super::sqlite::SCHEMA_VERSION;
use super::{KeyCheck, OpenStore, Place, StoreError, place};
use crate::credential::{RandomError, random};

/// The schema of a store that can be copied.
const SCHEMA: i64 = SCHEMA_VERSION as i64;

/// For how long a connection, or another process at a file, is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// So often both stores are compared until they hold the same.
const MOST_PASSES: u32 = 5;

/// A pass that mends less is no reason for another one, where the copy is to be gone on with later.
const FEW: u64 = 1000;

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Only what would be done.
    DryRun,
    /// Most of it is there; it is completed another time.
    Ahead,
    /// Both hold the same, and logins may use the copy.
    Complete,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A pass begins, the first has the number 1; so many rows are to be read.
    Pass(u32, u64),
    /// One row more was read.
    Row,
}

/// What was found at the place of the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No database, or an empty one.
    Empty,
    /// An unfinished copy of the same store.
    Unfinished,
    /// A complete store that holds the same.
    Same,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// What was found before.
    pub found: Found,
    /// Whether both hold the same, row for row, and the copy may be used.
    pub complete: bool,
    /// How often both were compared.
    pub passes: u32,
    /// Every table.
    pub tables: Vec<TableCopied>,
}

/// What was done about one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableCopied {
    /// Its name.
    pub name: &'static str,
    /// Rows of the source, when it was last read.
    pub rows: u64,
    /// Rows that the copy did not have.
    pub added: u64,
    /// Rows that the copy had otherwise.
    pub changed: u64,
    /// Rows that the source did not have.
    pub removed: u64,
}

/// Why there is no complete copy. The source is as it was.
#[derive(Debug)]
pub enum CopyError {
    /// Both are one.
    OnePlace,
    /// What is at the place of the copy is in use, and holds something else.
    InUse {
        /// The place.
        to: Place,
    },
    /// At the place of the copy is an unfinished copy of another store.
    OfAnother {
        /// The place.
        to: Place,
        /// The other store.
        source: String,
    },
    /// What is at the place of the copy is empty, and was made with another key.
    OtherKey {
        /// The source.
        from: Place,
        /// The place.
        to: Place,
    },
    /// The source has another schema than this version.
    Schema {
        /// The source.
        from: Place,
        /// Its schema.
        schema: i64,
    },
    /// The source is in use: whenever it was compared with the copy, it had changed. The copy can be gone on with.
    Changing {
        /// The source.
        from: Place,
        /// How many rows differed at last.
        rows: u64,
    },
    /// One of the stores does not answer.
    Store(StoreError),
    /// The kernel gave no random bytes.
    Random(RandomError),
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnePlace => f.write_str("a store cannot be copied to where it is"),
            Self::InUse { to } => write!(
                f,
                "{to} is a store already, and holds something else: name an empty database; nothing was written"
            ),
            Self::OfAnother { to, source } => write!(
                f,
                "{to} is an unfinished copy of {source}: go on with that one, or empty it and begin again; nothing was \
                 written"
            ),
            Self::OtherKey { from, to } => write!(
                f,
                "{to} is empty, and was made with another key than {from}: put the key of {from} on every machine \
                 (`mailkey backup --key`), empty the database, and begin again"
            ),
            Self::Schema { from, schema } if *schema < 0 => {
                write!(f, "{from} is a copy that is not complete: copy from the store that it is a copy of")
            }
            Self::Schema { from, schema } => write!(
                f,
                "{from} has schema {schema}, and this mailkey has {SCHEMA_VERSION}: run `mailkey init` of the newest version \
                 first"
            ),
            Self::Changing { from, rows } => write!(
                f,
                "{from} is in use: {rows} rows changed while both were compared, so that the copy is not complete and no \
                 login may use it. What was copied stays"
            ),
            Self::Store(error) => error.fmt(f),
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CopyError {}

impl From<StoreError> for CopyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RandomError> for CopyError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

type Result<T> = std::result::Result<T, CopyError>;

impl Copied {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        rows(&self.tables)
    }

    /// With what one pass more has done.
    fn add(&mut self, tables: Vec<TableCopied>) {
        for (at, table) in tables.into_iter().enumerate() {
            match self.tables.get_mut(at) {
                None => self.tables.push(table),
                Some(before) => {
                    *before = TableCopied {
                        rows: table.rows,
                        added: before.added + table.added,
                        changed: before.changed + table.changed,
                        removed: before.removed + table.removed,
                        ..table
                    }
                }
            }
        }
    }
}

impl TableCopied {
    /// Rows that were written or removed.
    pub fn mended(&self) -> u64 {
        self.added + self.changed + self.removed
    }
}

/// Does the same with the engine of a store, whichever it is.
macro_rules! on {
    ($store:expr, $engine:ident => $work:expr) => {
        match $store {
            OpenStore::Sqlite(store) => {
                let $engine = &mut store.engine;
                $work
            }
            #[cfg(feature = "postgres")]
            OpenStore::Postgres(store) => {
                let $engine = &mut store.engine;
                $work
            }
        }
    };
}

/// Copies the store at `from` to `to`. Where `to` is a file, an empty one of the right owner and mode may be there already.
pub fn copy(from: &Place, to: &Place, until: Until, tell: &mut dyn FnMut(Told)) -> Result<Copied> {
    let (from, to) = (&in_full(from), &in_full(to));
    let source = place::name(from)?;
    if source == place::name(to)? {
        return Err(CopyError::OnePlace);
    }
    match place::schema_at(from, PATIENCE)? {
        // What opens it says what is wrong.
        None | Some(SCHEMA) => {}
        Some(schema) => return Err(CopyError::Schema { from: from.clone(), schema }),
    }
    let mut store = place::open_as(Standing::Complete, from, PATIENCE)?;
    on!(&mut store, engine => Job { from, source: &source, to, until, tell }.run(engine))
}

/// What is to be done.
struct Job<'a> {
    from: &'a Place,
    /// The source as it is named in an unfinished copy of it.
    source: &'a str,
    to: &'a Place,
    until: Until,
    tell: &'a mut dyn FnMut(Told),
}

impl Job<'_> {
    fn run<F: mark::Engine>(mut self, from: &mut F) -> Result<Copied> {
        let found = match place::schema_at(self.to, PATIENCE)? {
            None => Found::Empty,
            Some(..0) => self.look_at_copy()?,
            Some(_) => {
                let mut there = place::open_as(Standing::Complete, self.to, PATIENCE)?;
                match on!(&mut there, to => self.look_at_store(from, to))? {
                    Some(same) => {
                        return Ok(Copied { found: Found::Same, complete: true, passes: 1, tables: same.tables });
                    }
                    None => Found::Empty,
                }
            }
        };
        if self.until == Until::DryRun {
            return Ok(Copied { found, complete: false, passes: 0, tables: pass::count(from)? });
        }
        let token = HEXLOWER.encode(&random::<16>()?);
        if found == Found::Empty {
            super::create_or_migrate(self.to, PATIENCE)?;
            let mut made = place::open_as(Standing::Complete, self.to, PATIENCE)?;
            on!(&mut made, to => mark::mark(to, self.source, &token))?;
        }
        let mut copy = place::open_as(Standing::Unfinished, self.to, PATIENCE)?;
        on!(&mut copy, to => self.fill(from, to, found, &token))
    }

    /// An unfinished copy is gone on with where it is one of this store.
    fn look_at_copy(&self) -> Result<Found> {
        let mut copy = place::open_as(Standing::Unfinished, self.to, PATIENCE)?;
        match on!(&mut copy, to => mark::source_of(to))? {
            Some(source) if source == self.source => Ok(Found::Unfinished),
            source => Err(CopyError::OfAnother { to: self.to.clone(), source: source.unwrap_or_default() }),
        }
    }

    /// A complete store must be empty, or hold the same; then this is what was compared.
    fn look_at_store<F: mark::Engine, T: mark::Engine>(&mut self, from: &mut F, to: &mut T) -> Result<Option<Pass>> {
        if pass::is_in_use(to)? {
            (self.tell)(Told::Pass(1, rows(&pass::count(from)?)));
            let same = pass::compare(from, to, self.tell)?;
            return same.map(Some).ok_or_else(|| CopyError::InUse { to: self.to.clone() });
        }
        let (keys, theirs) = (to.read(admin::key_checks)?, from.read(admin::key_checks)?);
        let others =
            |key: &KeyCheck| theirs.iter().any(|their| their.number == key.number && their.digest != key.digest);
        if keys.iter().any(others) {
            return Err(CopyError::OtherKey { from: self.from.clone(), to: self.to.clone() });
        }
        Ok(None)
    }

    /// Passes, until one finds nothing to mend.
    fn fill<F: mark::Engine, T: mark::Engine>(
        self,
        from: &mut F,
        to: &mut T,
        found: Found,
        token: &str,
    ) -> Result<Copied> {
        mark::take(to, token)?;
        to.expect_many(true)?;
        let total = rows(&pass::count(from)?);
        let mut done = Copied { found, complete: false, passes: 0, tables: Vec::new() };
        loop {
            done.passes += 1;
            (self.tell)(Told::Pass(done.passes, total));
            let pass = pass::mend(from, &mut Target { engine: to, token }, self.tell)?;
            let mended = pass.tables.iter().map(TableCopied::mended).sum();
            done.add(pass.tables);
            match self.until {
                Until::Ahead if mended < FEW || done.passes == MOST_PASSES => return Ok(done),
                Until::Complete if pass.same => {
                    mark::complete(to, token)?;
                    return Ok(Copied { complete: true, ..done });
                }
                _ if done.passes == MOST_PASSES => {
                    return Err(CopyError::Changing { from: self.from.clone(), rows: mended });
                }
                _ => {}
            }
        }
    }
}

/// A file by its whole path, so that it is the same however it was named.
fn in_full(place: &Place) -> Place {
    match place {
        Place::File(path) => {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let directory = path.parent().and_then(|directory| directory.canonicalize().ok());
            Place::File(match (directory, path.file_name()) {
                (Some(directory), Some(name)) => directory.join(name),
                _ => path,
            })
        }
        server => server.clone(),
    }
}

fn rows(tables: &[TableCopied]) -> u64 {
    tables.iter().map(|table| table.rows).sum()
}
