//! The INSERT statements of an SQL dump.
//!
//! Only the statements about the tables that are wanted are parsed: a dump has many others, in the dialect of its server.

use std::collections::HashMap;

use sqlparser::ast::{Expr, ObjectName, SetExpr, Statement, TableObject, UnaryOperator, Value};
use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::Read;
use super::input::Input;
use super::tables::{Row, Tables};
use crate::failure::{Exit, Failure};

/// Reads the rows of the tables `wanted`, which no schema in front of the name hides.
pub fn read(input: &Input, wanted: &[&str], read: &mut Read) -> Result<Tables, Failure> {
    let text = input.text()?;
    let dialect = dialect_of(text);
    let tokens = Tokenizer::new(&*dialect, text).tokenize_with_location().map_err(|error| {
        let failure = Failure::new(
            Exit::Failed,
            format_args!("{}, line {}: this is no SQL that can be read here", input.name, error.location.line),
        );
        failure.next("mysqldump's files can be read, and those of `pg_dump --inserts`; or use CSV")
    })?;
    let mut columns_of: HashMap<String, Vec<String>> = HashMap::new();
    let mut tables = Tables::new();
    for statement in tokens.split(|token| token.token == Token::SemiColon) {
        let words: Vec<&TokenWithSpan> =
            statement.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).take(8).collect();
        let Some(first) = words.first() else { continue };
        let is = |at: usize, keyword| matches!(words.get(at).map(|token| &token.token), Some(Token::Word(word)) if word.keyword == keyword);
        let about = words
            .iter()
            .any(|token| matches!(&token.token, Token::Word(word) if wanted.contains(&word.value.as_str())));
        if !about {
            continue;
        }
        let line = first.span.start.line;
        if is(0, Keyword::COPY) {
            let failure =
                Failure::new(Exit::Failed, format_args!("{}, line {line}: COPY is not read here", input.name));
            return Err(failure.next("make the dump with `pg_dump --inserts`"));
        }
        if is(0, Keyword::CREATE) && is(1, Keyword::TABLE) {
            if let Some((table, columns)) = created(statement, &words, wanted) {
                columns_of.insert(table, columns);
            }
        } else if is(0, Keyword::INSERT) || is(0, Keyword::REPLACE) {
            match inserted(&*dialect, statement, input, wanted, &columns_of) {
                Ok(Some(table)) => tables.push(table),
                Ok(None) => {}
                Err(reason) => read.reject(input.source(line), "", reason),
            }
        }
    }
    Ok(tables)
}

/// Whose dump it is. It says so at its beginning; else backquotes are MySQL's alone.
fn dialect_of(text: &str) -> Box<dyn Dialect> {
    let mut head = text.lines().take(10);
    if head.any(|line| line.contains("PostgreSQL")) {
        return Box::new(PostgreSqlDialect {});
    }
    let mysql = text.lines().take(10).any(|line| line.contains("MySQL") || line.contains("MariaDB"));
    if mysql || text.contains('`') { Box::new(MySqlDialect {}) } else { Box::new(PostgreSqlDialect {}) }
}

/// The table that a CREATE TABLE makes, and its columns: the first word behind the bracket and behind each comma between
/// it and its end, where that is no keyword of an index or a constraint.
fn created(statement: &[TokenWithSpan], words: &[&TokenWithSpan], wanted: &[&str]) -> Option<(String, Vec<String>)> {
    // Its name is the last word in front of the bracket; words like it behind that are columns.
    let head = words.iter().map(|token| &token.token).take_while(|token| **token != Token::LParen);
    let name = head.filter_map(|token| if let Token::Word(word) = token { Some(&word.value) } else { None }).last()?;
    let table = wanted.contains(&name.as_str()).then(|| name.clone())?;
    let (mut depth, mut first, mut columns) = (0, false, Vec::new());
    for token in statement.iter().map(|token| &token.token) {
        match token {
            Token::Whitespace(_) => continue,
            Token::LParen => {
                depth += 1;
                first = depth == 1;
                continue;
            }
            Token::RParen => depth -= 1,
            Token::Comma if depth == 1 => {
                first = true;
                continue;
            }
            // A column may be called like a keyword only in quotes.
            Token::Word(word) if first && (word.quote_style.is_some() || !is_of_a_constraint(word.keyword)) => {
                columns.push(word.value.to_ascii_lowercase());
            }
            _ => {}
        }
        first = false;
    }
    Some((table, columns))
}

fn is_of_a_constraint(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::PRIMARY
            | Keyword::UNIQUE
            | Keyword::KEY
            | Keyword::INDEX
            | Keyword::CONSTRAINT
            | Keyword::FOREIGN
            | Keyword::CHECK
            | Keyword::FULLTEXT
            | Keyword::SPATIAL
    )
}

/// The rows of one INSERT; none where it is about another table.
fn inserted(
    dialect: &dyn Dialect,
    statement: &[TokenWithSpan],
    input: &Input,
    wanted: &[&str],
    columns_of: &HashMap<String, Vec<String>>,
) -> Result<Option<(String, Vec<Row>)>, String> {
    let parsed = Parser::new(dialect).with_tokens_with_locations(statement.to_vec()).parse_statement();
    // Not the error's own text, which may quote a hash.
    let Ok(Statement::Insert(insert)) = parsed else { return Err("this INSERT cannot be read here: use CSV".into()) };
    let TableObject::TableName(name) = &insert.table else { return Ok(None) };
    let Some(table) = last(name).filter(|table| wanted.contains(&table.as_str())) else { return Ok(None) };
    let columns: Vec<String> = if insert.columns.is_empty() {
        columns_of.get(&table).cloned().ok_or("neither this INSERT nor a CREATE TABLE before it names the columns")?
    } else {
        insert.columns.iter().filter_map(last).map(|column| column.to_ascii_lowercase()).collect()
    };
    let Some(SetExpr::Values(values)) = insert.source.as_deref().map(|query| &*query.body) else {
        return Err("this INSERT has no VALUES: use CSV".into());
    };
    let mut rows = Vec::with_capacity(values.rows.len());
    for row in &values.rows {
        let line = row.opening_token.0.span.start.line;
        if row.content.len() != columns.len() {
            return Err(format!("line {line}: there are {} values and {} columns", row.content.len(), columns.len()));
        }
        rows.push(Row::new(input.source(line), &columns, row.content.iter().map(text)));
    }
    Ok(Some((table, rows)))
}

fn last(name: &ObjectName) -> Option<String> {
    name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone())
}

/// A value as text; none for NULL and for what is computed.
fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Boolean(value) => Some(value.to_string()),
            Value::Number(number, _) => Some(number.clone()),
            other => other.clone().into_string(),
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => text(expr).map(|number| format!("-{number}")),
        // pg_dump writes some values with their type: 'x'::text.
        Expr::Cast { expr, .. } | Expr::Prefixed { value: expr, .. } => text(expr),
        _ => None,
    }
}
