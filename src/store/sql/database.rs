//! What the operations ask of an SQL engine: statements with values in, rows with values out.
//!
//! The SQL is what SQLite and PostgreSQL have in common: `ON CONFLICT`, `RETURNING`, integers of 64 bits, texts that are
//! compared byte by byte, truth values stored as 0 and 1. Parameters are `?1`, `?2`, … or `:name`; an engine that knows
//! only its own kind translates them once for each statement, which is why statements are `'static`.

use super::error::{Failure, Outcome};

/// A transaction under way.
pub(in crate::store) trait Database {
    /// Runs `sql`, and hands over each row that it returns until `each` has seen enough (`false`).
    fn query(&self, sql: &'static str, values: Bound<'_>, each: EachRow<'_>) -> Outcome<()>;

    /// Runs `sql`; returns how many rows it changed.
    fn execute(&self, sql: &'static str, values: Bound<'_>) -> Outcome<usize>;
}

/// What is done with a row; whether there may be another one.
pub(in crate::store) type EachRow<'a> = &'a mut dyn FnMut(&Row<'_>) -> Outcome<bool>;

/// A value, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::store) enum Value<'a> {
    /// In the place of a value of that kind.
    Null(Kind),
    Integer(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// What a value is, or would be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::store) enum Kind {
    Unknown,
    Integer,
    Text,
    Blob,
}

/// A value that outlives its row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) enum OwnedValue {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl<'a> FromValue<'a> for OwnedValue {
    fn from_value(value: Value<'a>) -> Option<Self> {
        Some(match value {
            Value::Null(_) => Self::Null,
            Value::Integer(value) => Self::Integer(value),
            Value::Text(text) => Self::Text(text.into()),
            Value::Blob(bytes) => Self::Blob(bytes.into()),
        })
    }
}

impl ToValue for OwnedValue {
    const KIND: Kind = Kind::Unknown;

    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null(Kind::Unknown),
            Self::Integer(value) => Value::Integer(*value),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

/// The values of a statement's parameters.
#[derive(Clone, Copy)]
pub(in crate::store) enum Bound<'a> {
    /// `?1`, `?2`, …
    Numbered(&'a [Value<'a>]),
    /// `:name`, with the colon.
    Named(&'a [(&'static str, Value<'a>)]),
}

/// One row of an answer, or its columns from some column on.
#[derive(Clone, Copy)]
pub(in crate::store) struct Row<'a> {
    columns: &'a dyn Columns,
    first: usize,
}

/// How an engine holds a row.
pub(in crate::store) trait Columns {
    /// The value in `column`, counted from 0; none where there is no such column, or nothing that mailkey stores.
    fn value(&self, column: usize) -> Option<Value<'_>>;
    /// How the answer calls that column.
    fn name(&self, column: usize) -> &str;
    fn count(&self) -> usize;
}

impl<'a> Row<'a> {
    pub(in crate::store) fn new(columns: &'a dyn Columns) -> Self {
        Self { columns, first: 0 }
    }

    /// The columns from `column` on, which is then column 0.
    pub(in crate::store) fn from(self, column: usize) -> Self {
        Self { first: self.first + column, ..self }
    }

    /// The value in `column`, counted from 0.
    pub(in crate::store) fn get<'r, T: FromValue<'r>>(&'r self, column: usize) -> Outcome<T> {
        let column = self.first + column;
        self.columns
            .value(column)
            .and_then(T::from_value)
            .ok_or_else(|| Failure::Column(self.columns.name(column).into()))
    }

    /// All values.
    pub(in crate::store) fn values(&self) -> Outcome<Vec<OwnedValue>> {
        (0..self.columns.count() - self.first).map(|column| self.get(column)).collect()
    }
}

/// What a stored value can be read as. A value of another kind, or out of range, is none.
pub(in crate::store) trait FromValue<'a>: Sized {
    fn from_value(value: Value<'a>) -> Option<Self>;
}

/// What can be stored.
pub(in crate::store) trait ToValue {
    /// What it is, also where there is none of it.
    const KIND: Kind;

    fn value(&self) -> Value<'_>;
}

macro_rules! integers {
    ($($kind:ty)*) => { $(
        impl<'a> FromValue<'a> for $kind {
            fn from_value(value: Value<'a>) -> Option<Self> {
                match value {
                    Value::Integer(value) => value.try_into().ok(),
                    _ => None,
                }
            }
        }

        impl ToValue for $kind {
    const KIND: Kind = Kind::Integer;

            fn value(&self) -> Value<'_> {
                Value::Integer(i64::from(*self))
            }
        }
    )* };
}

integers! { i64 i32 u32 u8 }

impl<'a> FromValue<'a> for bool {
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl ToValue for bool {
    const KIND: Kind = Kind::Integer;

    fn value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl<'a> FromValue<'a> for &'a str {
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for String {
    fn from_value(value: Value<'a>) -> Option<Self> {
        <&str>::from_value(value).map(Into::into)
    }
}

impl ToValue for str {
    const KIND: Kind = Kind::Text;

    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    const KIND: Kind = Kind::Text;

    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl<'a> FromValue<'a> for &'a [u8] {
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for Vec<u8> {
    fn from_value(value: Value<'a>) -> Option<Self> {
        <&[u8]>::from_value(value).map(Into::into)
    }
}

impl<'a, const N: usize> FromValue<'a> for [u8; N] {
    fn from_value(value: Value<'a>) -> Option<Self> {
        <&[u8]>::from_value(value)?.try_into().ok()
    }
}

impl ToValue for [u8] {
    const KIND: Kind = Kind::Blob;

    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl ToValue for Vec<u8> {
    const KIND: Kind = Kind::Blob;

    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<const N: usize> ToValue for [u8; N] {
    const KIND: Kind = Kind::Blob;

    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Option<T> {
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Null(_) => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: ToValue> ToValue for Option<T> {
    const KIND: Kind = T::KIND;

    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null(T::KIND), T::value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    const KIND: Kind = T::KIND;

    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

/// What the parameters of a statement can be given as: a tuple or an array for `?1`, `?2`, …, and
/// [`named_params`] for `:name`.
pub(in crate::store) trait Params {
    fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T;
}

impl Params for &[(&'static str, Value<'_>)] {
    fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T {
        work(Bound::Named(self))
    }
}

impl<const N: usize> Params for &[(&'static str, Value<'_>); N] {
    fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T {
        work(Bound::Named(self))
    }
}

impl Params for &[OwnedValue] {
    fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T {
        let values: Vec<_> = self.iter().map(OwnedValue::value).collect();
        work(Bound::Numbered(&values))
    }
}

impl<V: ToValue, const N: usize> Params for [V; N] {
    fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T {
        work(Bound::Numbered(&self.each_ref().map(V::value)))
    }
}

/// No parameters.
impl Params for () {
    fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T {
        work(Bound::Numbered(&[]))
    }
}

macro_rules! tuples {
    ($($($name:ident $field:tt)*;)*) => { $(
        impl<$($name: ToValue),*> Params for ($($name,)*) {
            fn bind<T>(self, work: impl FnOnce(Bound<'_>) -> T) -> T {
                work(Bound::Numbered(&[$(self.$field.value()),*]))
            }
        }
    )* };
}

tuples! {
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

/// Named parameters, each with its value: `named_params! { ":account": account }`.
macro_rules! named_params {
    ($($name:literal: $value:expr),* $(,)?) => {
        &[$(($name, $crate::store::sql::database::ToValue::value(&$value))),*]
    };
}
pub(in crate::store) use named_params;

/// The one row that `sql` finds, if any.
pub(in crate::store) fn one<T>(
    db: &dyn Database,
    sql: &'static str,
    params: impl Params,
    decode: impl FnOnce(&Row<'_>) -> Outcome<T>,
) -> Outcome<Option<T>> {
    let (mut decode, mut found) = (Some(decode), None);
    params.bind(|values| {
        db.query(sql, values, &mut |row| {
            found = decode.take().map(|decode| decode(row)).transpose()?;
            Ok(false)
        })
    })?;
    Ok(found)
}

/// Every row that `sql` finds.
pub(in crate::store) fn all<T>(
    db: &dyn Database,
    sql: &'static str,
    params: impl Params,
    mut decode: impl FnMut(&Row<'_>) -> Outcome<T>,
) -> Outcome<Vec<T>> {
    let mut found = Vec::new();
    each(db, sql, params, |row| {
        found.push(decode(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Does something with every row that `sql` finds: there may be millions.
pub(in crate::store) fn each(
    db: &dyn Database,
    sql: &'static str,
    params: impl Params,
    mut work: impl FnMut(&Row<'_>) -> Outcome<()>,
) -> Outcome<()> {
    params.bind(|values| db.query(sql, values, &mut |row| work(row).map(|()| true)))
}

/// Runs `sql`; returns how many rows it changed.
pub(in crate::store) fn change(db: &dyn Database, sql: &'static str, params: impl Params) -> Outcome<usize> {
    params.bind(|values| db.execute(sql, values))
}

/// Like [`change`]; a key that is there already is [`crate::store::StoreError::Exists`].
pub(in crate::store) fn add(db: &dyn Database, sql: &'static str, params: impl Params) -> Outcome<usize> {
    change(db, sql, params).map_err(Failure::or_exists)
}
