//! `mailkey app-password add --csv`: one for each line of a table.

use std::path::Path;

use mailkey::account::AccountName;
use mailkey::admin::AppPasswordRequest;
use serde_json::json;

use crate::bulk::{self, NewFile};
use crate::clock::{expiry, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::import::tables::Row;
use crate::output::Output;
use crate::progress::Progress;
use crate::site::Site;

use super::{network, network_names, protocol_names, protocols};

const COLUMNS: [&str; 5] = ["account", "name", "protocols", "networks", "expires"];

const HEADER: [&str; 4] = ["account", "name", "id", "password"];

/// Makes them, all or none.
pub fn add(site: &mut Site, output: &Output, table: &Path, out: Option<&Path>) -> Outcome {
    let now = now();
    let requests = bulk::read(table, &COLUMNS, 2, "no app password was made", |row| request(site, row, now))?;
    let mut file = out.map(NewFile::make).transpose()?;
    let mut progress = Progress::new("hashed", requests.len());
    let made = site.admin().add_app_passwords(&requests, now, &mut |done| progress.at(done))?;
    drop(progress);
    let names = requests.iter().map(|(name, _)| name);
    let rows = names.clone().zip(&made).map(|(name, (row, shown))| {
        [name.as_str(), &row.name, row.id.as_str(), shown.as_str().unwrap_or_default()].map(str::to_string)
    });
    if let Some(file) = &mut file {
        let mend = "the app passwords were made: revoke those that are not in it, and make them anew";
        file.write(HEADER, rows, mend)?;
        if output.is_json() {
            output.json(&serde_json::Value::Null)?;
        } else {
            let noun = if made.len() == 1 { "app password" } else { "app passwords" };
            output.line(format_args!(
                "wrote {} {noun} to {}: they are not shown again",
                made.len(),
                file.path.display()
            ))?;
        }
    } else if output.is_json() {
        output.json_array(names.zip(&made).map(|(name, (row, shown))| {
            json!({
                "account": name.as_str(),
                "id": row.id.as_str(),
                "password": shown.as_str(),
                "name": row.name,
                "protocols": protocol_names(row),
                "networks": network_names(row),
                "created_at": rfc3339(row.created_at),
                "expires_at": row.expires_at.and_then(rfc3339),
            })
        }))?;
    } else {
        bulk::print(output, HEADER, rows)?;
    }
    Ok(Exit::Done)
}

fn request(site: &mut Site, row: &Row, now: i64) -> Result<(AccountName, AppPasswordRequest), Failure> {
    let several = |column: &str| -> Vec<String> {
        let text = row.get(column).unwrap_or_default();
        let parts = text.split([' ', ',', ';']).filter(|part| !part.is_empty());
        parts.map(str::to_string).collect()
    };
    let name = site.name(row.get("account").unwrap_or_default())?;
    let request = AppPasswordRequest {
        name: row.get("name").unwrap_or_default().to_string(),
        protocols: protocols(&several("protocols"))?,
        networks: several("networks").iter().map(|text| network(text)).collect::<Result<_, _>>()?,
        expires_at: row.get("expires").map(|text| expiry(text, now)).transpose()?,
    };
    site.admin().check_app_password(&name, &request, now)?;
    Ok((name, request))
}
