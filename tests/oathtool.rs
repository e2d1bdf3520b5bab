//! Codes of another implementation: oathtool (OATH Toolkit).

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on ends there

use std::process::Command;

use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::credential::totp::{self, Match};

#[test]
fn codes_made_by_oathtool_are_ours_for_every_hash_and_length() {
    for (algorithm, option) in
        [(TotpAlgorithm::Sha1, "sha1"), (TotpAlgorithm::Sha256, "sha256"), (TotpAlgorithm::Sha512, "sha512")]
    {
        for digits in [6, 8] {
            let form = TotpForm { algorithm, digits, period: 30 };
            for now in [59_i64, 1_111_111_111, 1_800_000_000] {
                let secret = totp::generate().unwrap();
                let base32 = totp::base32(&secret);
                let output = Command::new("oathtool")
                    .arg(format!("--totp={option}"))
                    .args([format!("--digits={digits}"), format!("--now=@{now}"), "--base32".into()])
                    .arg(base32.as_str().unwrap())
                    .output()
                    .expect("oathtool is needed (Debian package oathtool)");
                let code = mailkey::credential::Secret::copy(output.stdout.trim_ascii());
                assert!(output.status.success());
                let step = totp::step_at(form, now);
                assert_eq!(
                    totp::find_step(&secret, form, &code, now, 0, 0),
                    Match::Fresh(step),
                    "{option} {digits} {now}"
                );
            }
        }
    }
}
