//! Values on their way to PostgreSQL and back.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::super::sql::database::{Columns, Kind, Value};

impl Value<'_> {
    /// The type as which a parameter is prepared; the server finds out the type of a NULL of no kind.
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Null(Kind::Unknown) => Type::UNKNOWN,
            Self::Integer(_) | Self::Null(Kind::Integer) => Type::INT8,
            Self::Text(_) | Self::Null(Kind::Text) => Type::TEXT,
            Self::Blob(_) | Self::Null(Kind::Blob) => Type::BYTEA,
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (*self, kind) {
            (Self::Null(_), _) => Ok(IsNull::Yes),
            (Self::Integer(value), &Type::INT8) => value.to_sql(kind, out),
            (Self::Integer(value), &Type::INT4) => i32::try_from(value)?.to_sql(kind, out),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR) => text.to_sql(kind, out),
            (Self::Blob(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            (_, kind) => Err(format!("a parameter of type {kind} is given something else").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value that was received.
struct Received<'a>(Value<'a>);

impl<'a> FromSql<'a> for Received<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *kind {
            Type::BOOL => Value::Integer(bool::from_sql(kind, raw)?.into()),
            Type::INT4 => Value::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Value::Integer(i64::from_sql(kind, raw)?),
            Type::BYTEA => Value::Blob(<&[u8]>::from_sql(kind, raw)?),
            _ => Value::Text(<&str>::from_sql(kind, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null(Kind::Unknown)))
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::BOOL | Type::INT4 | Type::INT8 | Type::BYTEA | Type::TEXT | Type::VARCHAR)
    }
}

impl Columns for tokio_postgres::Row {
    fn value(&self, column: usize) -> Option<Value<'_>> {
        self.try_get::<_, Received<'_>>(column).ok().map(|Received(value)| value)
    }

    fn name(&self, column: usize) -> &str {
        self.columns().get(column).map_or("", |column| column.name())
    }

    fn count(&self) -> usize {
        self.len()
    }
}
