"""A throwaway root for the RPM packages, in which dnf installs them for real.

There is no RPM distribution here: the root is a Debian tree (tests/containers/base.py), with an overlay over it. What Debian's
packages bring there, a stub package claims for rpm's eyes: the libraries with their real symbol versions, read from the
tree, the files that the spec names, if the tree has them, and a few names. So a library, a symbol version or a file that the
packages need and the tree does not have is an error, as on a real system.

    with Root(directory) as root:
        root.dnf("install", package, …)
        root.run("mailkey", "user", "list")

Only inside the private namespaces of packaging/demo/namespace.py: the mounts end with them.
"""

import functools
import itertools
import os
import pathlib
import subprocess
import unittest

import base  # of tests/containers

# What stands in the spec and is no file. pam, which Fedora, RHEL and openSUSE have under this name, is there under Debian's
# (libpam-modules); roundcubemail is not, and its plugin is only unpacked.
NAMES = ("pam", "pam(x86-64)", "pam(aarch-64)", "roundcubemail = 1.6.0", "rtld(GNU_HASH)")
# Files that the packages need. Claimed only where the tree has them.
FILES = ("/bin/sh", "/usr/sbin/groupadd", "/usr/sbin/useradd")
LIBRARIES = ("libc.so.6", "libm.so.6", "libgcc_s.so.1", "libpam.so.0", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1")

_numbers = itertools.count(1)


def run(*command, **options):
    """A command that must succeed; returns what it printed, both streams together."""
    command = [str(word) for word in command]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def release():
    """The Debian release of this machine: programs that are compiled here must run in the tree."""
    fields = dict(line.rstrip().split("=", 1) for line in open("/etc/os-release") if "=" in line)
    if "VERSION_CODENAME" not in fields or fields.get("ID") != "debian":
        raise unittest.SkipTest("this is no Debian system, so there is no Debian tree with the same libraries")
    return fields["VERSION_CODENAME"]


@functools.cache
def tree():
    """The path of the Debian tree. Skips the test where there can be none."""
    try:
        return base.tree(release(), ["libpam0g", "libpam-modules", "selinux-policy-default"])
    except base.CannotBuild as error:
        raise unittest.SkipTest(" ".join(str(error).split())) from None


@functools.cache
def libraries():
    """Where the directory of the tree's libraries is, as a path inside: /usr/lib/x86_64-linux-gnu."""
    return "/usr/lib/" + run("gcc", "-print-multiarch").strip()


@functools.cache
def stub(directory):
    """The stub package, made once for this run; returns its path."""
    directory = directory / "rpm-stub"
    directory.mkdir()
    found = [tree() / libraries().lstrip("/") / name for name in LIBRARIES]
    provided = run("/usr/lib/rpm/rpmdeps", "--provides", *(path.resolve() for path in found if path.exists()))
    files = [name for name in FILES if (tree() / name.lstrip("/")).exists()]
    spec = directory / "stub.spec"
    spec.write_text("\n".join([
        "Name: debian-stub", "Version: 1", "Release: 1", "Summary: What the Debian tree has", "License: MIT",
        *(f"Provides: {name}" for name in (*NAMES, *files, *provided.splitlines())),
        "%description", "See tests/packages/rpm_root.py.", "%files", ""]))
    run("rpmbuild", "-bb", "--define", f"_topdir {directory}", spec, env={**os.environ, "HOME": str(directory)})
    return next(directory.glob("RPMS/*/debian-stub-*.rpm"))


class Root:
    """One such root; `directory` is of this run. The stub is installed in it."""

    def __init__(self, directory):
        self.directory = directory
        self.home = directory / f"rpm-root-{next(_numbers)}"
        self.root = self.home / "root"
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.home)}

    def __enter__(self):
        lower = tree()
        self.home.mkdir()
        _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", self.home)
        for name in ("changes", "work", "root", "cache", "no-repositories"):
            (self.home / name).mkdir()
        layers = f"lowerdir={lower},upperdir={self.home / 'changes'},workdir={self.home / 'work'}"
        _mount("-t", "overlay", "-o", layers, "overlay", self.root)
        _mount("--rbind", "/dev", self.root / "dev")
        _mount("--bind", "/proc", self.root / "proc")
        # Where rpm keeps its database on Fedora and RHEL; Debian's rpm would take the caller's home.
        (self.home / ".rpmmacros").write_text("%_dbpath /usr/lib/sysimage/rpm\n")
        # Debian's libpam looks for modules in its own directory, RPM systems' in /usr/lib64/security.
        self.path(f"{libraries()}/security/pam_mailkey.so").symlink_to("/usr/lib64/security/pam_mailkey.so")
        self.dnf("install", stub(self.directory))
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--recursive", "--lazy", self.home], check=True)
        self.home.rmdir()

    def path(self, name):
        """A path of the root, as this process sees it."""
        return self.root / name.lstrip("/")

    def run(self, *command, given="", check=True):
        """Run a command in it; returns what it said, both streams together."""
        return self._run(["chroot", self.root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                          "HOME=/root", *command], given, check)

    def dnf(self, *arguments, check=True):
        """Let dnf do something, without any repository; returns what it said."""
        return self._run(
            ["dnf", "--assumeyes", "--noplugins", f"--installroot={self.root}", "--releasever=1", "--disablerepo=*",
             f"--setopt=reposdir={self.home / 'no-repositories'}", f"--setopt=cachedir={self.home / 'cache'}",
             f"--setopt=logdir={self.home}", "--setopt=clean_requirements_on_remove=False", *arguments], "", check)

    def rpm(self, *arguments, check=True):
        """Ask rpm about what is installed; returns what it said."""
        return self._run(["rpm", f"--root={self.root}", *arguments], "", check)

    def _run(self, command, given, check):
        command = [str(word) for word in command]
        done = subprocess.run(command, input=given, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout


def _mount(*arguments):
    run("mount", *arguments)
