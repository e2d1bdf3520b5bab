//! Dovecot's passwd-file: `user:password:uid:gid:gecos:home:shell:extra fields`.

use mailkey::admin::import::{Candidate, ImportPassword};
use mailkey::credential::foreign::Foreign;

use super::Read;
use super::input::Input;

/// Extra fields that limit what opens an account, and that mailkey does not know.
const LIMITS: [&str; 3] = ["allow_nets", "allow_real_nets", "nologin"];

/// Reads all entries. Empty lines and comments are passed over, as Dovecot does.
pub fn read(input: &Input, read: &mut Read) {
    for (source, line) in input.lines() {
        let Some(line) = line else {
            read.reject(source, "", "the line is not UTF-8");
            continue;
        };
        if line.is_empty() || line.starts_with(['#', ':']) {
            continue;
        }
        let mut fields = line.split(':');
        let name = fields.next().unwrap_or_default().to_string();
        let field = fields.next().unwrap_or_default();
        let password = match field {
            "" => Err("there is no password; with another module that keeps it, use the format csv".to_string()),
            locked if locked.starts_with(['*', '!']) || locked == "x" => {
                Err("the password is locked, or kept elsewhere".to_string())
            }
            hash => Foreign::read(hash).map_err(|error| error.to_string()),
        };
        let password = match password {
            Ok(hash) => ImportPassword::Hashed(hash),
            Err(reason) => {
                read.reject(source, name, reason);
                continue;
            }
        };
        // The extra fields are the ninth of passwd(5) here; an IPv6 network in them has colons of its own.
        let extra: Vec<&str> = fields.skip(5).flat_map(str::split_whitespace).collect();
        let named = |field: &&str| extra.iter().any(|extra| extra.split('=').next() == Some(*field));
        let limits: Vec<&str> = LIMITS.into_iter().filter(named).collect();
        read.candidates.push(Candidate {
            source,
            name,
            password,
            enabled: !limits.contains(&"nologin"),
            totp: None,
            left_out: limits.iter().filter(|limit| **limit != "nologin").map(|limit| (*limit).to_string()).collect(),
            is_account: true,
        });
    }
}
