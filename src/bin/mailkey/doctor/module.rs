//! pam_mailkey.so: whether it is where libpam looks for it, once, and of this version.
//!
//! Its version is read out of the file; it is not loaded, because whatever lies there would then run as root.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mailkey::MODULE_VERSION_MARK;

use super::Finding;

const NAME: &str = "pam_mailkey.so";

/// Longest version that is read behind the mark.
const LONGEST_VERSION: usize = 64;

/// What is wrong with the module.
pub fn look() -> Vec<Finding> {
    look_at(&places(Path::new("/")))
}

/// Every directory in which some libpam looks: /lib/TRIPLET/security (Debian), /lib64/security (RPM), and those below
/// /usr; each once, however many links lead there.
fn places(root: &Path) -> BTreeSet<PathBuf> {
    let mut places = BTreeSet::new();
    for base in ["lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib"] {
        let base = root.join(base);
        let below = std::fs::read_dir(&base).into_iter().flatten().flatten().map(|entry| entry.path());
        let found = below.chain([base.clone()]).map(|place| place.join("security"));
        places.extend(found.filter_map(|place| place.canonicalize().ok()).filter(|place| place.is_dir()));
    }
    places
}

fn look_at(places: &BTreeSet<PathBuf>) -> Vec<Finding> {
    let copies: Vec<PathBuf> = places.iter().map(|place| place.join(NAME)).filter(|path| path.exists()).collect();
    let Some(first) = copies.first() else {
        return vec![Finding::error(
            "module_missing",
            format!(
                "{NAME} is in none of the directories where libpam looks: every service that names it refuses everybody"
            ),
            "Install the package libpam-mailkey.",
        )];
    };
    let mut findings = Vec::new();
    if copies.len() > 1 {
        let list: Vec<String> = copies.iter().map(|copy| copy.display().to_string()).collect();
        findings.push(Finding::warning(
            "module_twice",
            format!("there are several copies of the module: {}", list.join(", ")),
            "Remove those that no package brought.",
        ));
    }
    for copy in &copies {
        findings.extend(of_copy(copy));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("module", format!("{} is of this version", first.display())));
    }
    findings
}

fn of_copy(copy: &Path) -> Vec<Finding> {
    use std::os::unix::fs::MetadataExt;
    let path = copy.display();
    let read = std::fs::read(copy).and_then(|bytes| Ok((bytes, copy.metadata()?)));
    let (bytes, metadata) = match read {
        Ok(read) => read,
        Err(error) => {
            return vec![Finding::error(
                "module_unreadable",
                format!("{path}: {error}"),
                "Install the package libpam-mailkey anew.",
            )];
        }
    };
    let mut findings = Vec::new();
    if metadata.mode() & 0o022 != 0 || metadata.uid() != 0 {
        findings.push(Finding::error(
            "module_writable",
            format!("{path} may be written by others than root, who runs it"),
            format!("chown root {path}; chmod 0644 {path}"),
        ));
    }
    match version(&bytes) {
        Some(version) if version == env!("CARGO_PKG_VERSION") => {}
        found => findings.push(Finding::warning(
            "module_version",
            format!(
                "{path} is {}, this command of {}",
                found.map_or("of no known version".into(), |version| format!("of version {version}")),
                env!("CARGO_PKG_VERSION")
            ),
            "Install all packages of one version.",
        )),
    }
    findings
}

/// What stands behind the mark in the module's file.
fn version(bytes: &[u8]) -> Option<String> {
    let mark = MODULE_VERSION_MARK.as_bytes();
    let at = bytes.windows(mark.len()).position(|window| window == mark)? + mark.len();
    let rest = &bytes[at..bytes.len().min(at + LONGEST_VERSION)];
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    String::from_utf8(rest[..end].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(root: &Path) -> Vec<&'static str> {
        look_at(&places(root)).into_iter().map(|finding| finding.id).collect()
    }

    fn put(root: &Path, place: &str, version: &str) {
        let place = root.join(place);
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join(NAME), format!("\x7fELF…{MODULE_VERSION_MARK}{version}\n…")).unwrap();
    }

    #[test]
    fn a_module_that_is_nowhere_is_missing_and_one_of_this_version_is_in_order() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(ids(root.path()), ["module_missing"]);
        put(root.path(), "usr/lib/x86_64-linux-gnu/security", env!("CARGO_PKG_VERSION"));
        // On a merged /usr the same directory has two names.
        std::os::unix::fs::symlink("usr/lib", root.path().join("lib")).unwrap();
        let owned_by_root =
            std::fs::metadata(root.path()).map(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0).unwrap();
        assert_eq!(ids(root.path()), [if owned_by_root { "module" } else { "module_writable" }]);
    }

    #[test]
    fn another_version_and_another_copy_are_found() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "lib64/security", "0.0.9");
        assert!(ids(root.path()).contains(&"module_version"));
        put(root.path(), "lib/x86_64-linux-gnu/security", env!("CARGO_PKG_VERSION"));
        assert!(ids(root.path()).contains(&"module_twice"));
    }

    #[test]
    fn a_file_without_the_mark_has_no_version() {
        assert_eq!(version(b"something else"), None);
        assert_eq!(version(MODULE_VERSION_MARK.as_bytes()), None);
        assert_eq!(version(format!("{MODULE_VERSION_MARK}1.2.3\n").as_bytes()).as_deref(), Some("1.2.3"));
    }
}
