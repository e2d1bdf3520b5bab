//! Where a file really is that root was told to write, so that nobody else decides which one is written over.
//!
//! Security: whoever may write a directory on the way can plant a link in it, and so choose which file of root's is
//! replaced. Links and directories are taken from root and from whoever runs this, and from nobody else.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// The path without a link in it of the file at `path`, which need not exist; its directory must.
pub fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut real = PathBuf::from("/");
    let mut rest = steps(&std::path::absolute(path)?);
    let (mut links, mut named_link) = (0, false);
    while let Some(step) = rest.pop() {
        match Path::new(&step).components().next() {
            Some(Component::Normal(_)) => {}
            Some(Component::ParentDir) => {
                real.pop();
                continue;
            }
            Some(Component::RootDir) => {
                real = PathBuf::from("/");
                continue;
            }
            _ => continue,
        }
        let around = fs::metadata(&real)?;
        let next = real.join(&step);
        let found = match next.symlink_metadata() {
            Ok(found) => Some(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound && rest.is_empty() && !named_link => None,
            Err(error) => return Err(error),
        };
        let link = found.filter(Metadata::is_symlink);
        // In a directory like /tmp, with the sticky bit, nobody can exchange what is root's or ours; but plant a file.
        check_directory(&real, &around, link.is_none() && !rest.is_empty())?;
        match link {
            None => real = next,
            Some(link) => {
                links += 1;
                named_link |= rest.is_empty();
                if links > MAX_LINKS {
                    return Err(io::Error::other("there are too many links on the way"));
                }
                if !is_trusted(link.uid()) {
                    return Err(refused(&next, &format!("a link of user {}", link.uid())));
                }
                rest.extend(steps(&fs::read_link(&next)?));
            }
        }
    }
    Ok(real)
}

/// The steps of a path, the first one last.
fn steps(path: &Path) -> Vec<OsString> {
    path.components().rev().map(|component| component.as_os_str().to_os_string()).collect()
}

/// Whether nobody else decides what is found in a directory.
fn check_directory(path: &Path, found: &Metadata, passing: bool) -> io::Result<()> {
    if !is_trusted(found.uid()) {
        return Err(refused(path, &format!("a directory of user {}", found.uid())));
    }
    let sticky = found.mode() & 0o1000 != 0;
    // What the group root may write, root alone may. Whom a user has in his group is his own business.
    let others = if found.gid() == 0 || crate::pam::effective_uid() != 0 { 0o002 } else { 0o022 };
    if found.mode() & others != 0 && !(passing && sticky) {
        return Err(refused(path, "a directory that others may write"));
    }
    Ok(())
}

fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == crate::pam::effective_uid()
}

fn refused(path: &Path, what: &str) -> io::Error {
    io::Error::other(format!(
        "{} is {what}, who could choose which file is written over: name a file in a directory that only you may write, \
         such as /etc/postfix",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, lchown, symlink};

    use super::*;

    struct Lab(tempfile::TempDir);

    impl Lab {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().canonicalize().unwrap().join(name)
        }

        fn directory(&self, name: &str, mode: u32) {
            fs::create_dir(self.path(name)).unwrap();
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
        }

        #[track_caller]
        fn refused(&self, name: &str, why: &str) {
            let error = resolve(&self.path(name)).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("name a file in a directory"), "{error}");
        }
    }

    #[test]
    fn our_own_links_lead_where_they_point() {
        let lab = Lab::new();
        lab.directory("real", 0o755);
        symlink("real", lab.path("way")).unwrap();
        symlink("../real/./list", lab.path("real/link")).unwrap();
        // A link among the directories stands for it, also for a new file; one that leads nowhere is an error.
        assert_eq!(resolve(&lab.path("way/list")).unwrap(), lab.path("real/list"));
        assert_eq!(resolve(&lab.path("way/link")).unwrap_err().kind(), io::ErrorKind::NotFound);
        fs::write(lab.path("real/list"), "").unwrap();
        assert_eq!(resolve(&lab.path("way/link")).unwrap(), lab.path("real/list"));
        symlink(lab.path("way/link"), lab.path("absolute")).unwrap();
        assert_eq!(resolve(&lab.path("way/../absolute")).unwrap(), lab.path("real/list"));
        symlink("loop", lab.path("loop")).unwrap();
        assert!(resolve(&lab.path("loop")).unwrap_err().to_string().contains("too many links"));
        assert!(resolve(&lab.path("no/such")).is_err());
    }

    #[test]
    fn nothing_is_taken_from_a_directory_that_others_may_write() {
        let lab = Lab::new();
        lab.directory("safe", 0o755);
        for (name, mode) in [("open", 0o777), ("sticky", 0o1777)] {
            lab.directory(name, mode);
            symlink(lab.path("safe"), lab.path(name).join("way")).unwrap();
            symlink(lab.path("safe/list"), lab.path(name).join("link")).unwrap();
            fs::write(lab.path("safe/list"), "").unwrap();
            for planted in ["way/list", "link", "new"] {
                lab.refused(&format!("{name}/{planted}"), "a directory that others may write");
            }
            lab.directory(&format!("{name}/ours"), 0o755);
        }
        lab.refused("open/ours/list", "a directory that others may write");
        // Nobody else can exchange that one.
        assert_eq!(resolve(&lab.path("sticky/ours/list")).unwrap(), lab.path("sticky/ours/list"));
    }

    #[test]
    fn to_root_links_and_directories_of_others_are_nothing() {
        if crate::pam::effective_uid() != 0 {
            eprintln!("not root: nothing can be given to somebody else");
            return;
        }
        let lab = Lab::new();
        lab.directory("safe", 0o755);
        symlink(lab.path("safe/list"), lab.path("link")).unwrap();
        assert!(resolve(&lab.path("link")).is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
        lchown(lab.path("link"), Some(12_345), None).unwrap();
        lab.refused("link", "a link of user 12345");
        lab.directory("group", 0o775);
        assert!(resolve(&lab.path("group/list")).is_ok());
        lchown(lab.path("group"), None, Some(12_345)).unwrap();
        lab.refused("group/list", "a directory that others may write");
        lchown(lab.path("safe"), Some(12_345), None).unwrap();
        lab.refused("safe/list", "a directory of user 12345");
    }
}
