//! The module's file: what it exports, what it needs, how it is linked.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on ends there

use std::path::PathBuf;
use std::process::Command;

/// The module: the one that `MAILKEY_MODULE` names (tests/run names the one that is shipped), else the one that was
/// compiled with the tests.
fn module() -> PathBuf {
    let named = std::env::var_os("MAILKEY_MODULE").map(PathBuf::from);
    named.unwrap_or_else(|| std::env::current_exe().unwrap().with_file_name("libmailkey.so"))
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).arg(module()).output().expect("binutils are needed");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_six_entry_points_are_exported_and_nothing_else() {
    let symbols = run("nm", &["--dynamic", "--defined-only", "--format=posix"]);
    let mut names: Vec<&str> = symbols.lines().filter_map(|line| line.split_whitespace().next()).collect();
    names.sort_unstable();
    let expected = [
        "pam_sm_acct_mgmt",
        "pam_sm_authenticate",
        "pam_sm_chauthtok",
        "pam_sm_close_session",
        "pam_sm_open_session",
        "pam_sm_setcred",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_version_can_be_read_without_loading_the_module() {
    let text = String::from_utf8_lossy(&std::fs::read(module()).unwrap()).into_owned();
    let version = format!("{}{}\n", mailkey::MODULE_VERSION_MARK, env!("CARGO_PKG_VERSION"));
    assert_eq!(text.matches(&version).count(), 1);
    assert_eq!(text.matches(mailkey::MODULE_VERSION_MARK).count(), 1);
}

#[test]
fn only_libpam_libc_and_libgcc_are_needed_and_the_module_stays_loaded() {
    let dynamic = run("readelf", &["--dynamic", "--wide"]);
    for line in dynamic.lines().filter(|line| line.contains("(NEEDED)")) {
        // libm is a part of glibc, as libc is; SQLite uses it.
        let known = ["[libpam.so.0]", "[libc.so.6]", "[libm.so.6]", "[libgcc_s.so.1]", "[ld-linux"];
        assert!(known.iter().any(|library| line.contains(library)), "{line}");
    }
    assert!(dynamic.contains("NODELETE"), "{dynamic}");
    assert!(dynamic.contains("BIND_NOW") || dynamic.contains("NOW"), "{dynamic}");
}

#[test]
fn nothing_of_the_command_is_in_the_modules_dependencies() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--no-default-features",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--offline",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && tree.contains("argon2"), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["clap", "csv", "sqlparser", "serde_json", "qrcode", "image", "jiff", "rpassword"] {
        assert!(!tree.lines().any(|line| line.starts_with(&format!("{name} "))), "{name}");
    }
}

#[test]
fn unsafe_code_stands_in_src_pam_only() {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("src/pam") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let block =
                    ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"].iter().any(|word| text.contains(word));
                assert!(!block, "{}", path.display());
            }
        }
    }
}
