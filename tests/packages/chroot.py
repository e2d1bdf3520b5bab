"""A throwaway Debian machine: an overlay over a tree of tests/containers/base.py, in which packages are installed for real.

    with Machine("bookworm", directory) as machine:
        machine.apt("install", "/debs/mailkey_0.1.0_amd64.deb")

Only inside the private namespaces of packaging/demo/namespace.py: the mounts end with them.
"""

import functools
import itertools
import subprocess
import unittest

import base as trees  # of tests/containers

SUITES = ("bookworm", "trixie")

# What the packages depend on, and what tests use in the machine. Everything is in the tree, so that no test needs a network
# and no package is downloaded twice.
CONTENT = (
    "adduser", "apparmor", "apt-utils", "apparmor-profiles", "curl", "dovecot-imapd", "oathtool", "pamtester", "roundcube-core",
    "roundcube-sqlite3",
)

_numbers = itertools.count(1)


@functools.cache
def base(suite):
    """The tree of this suite. Skips the test where there can be none."""
    try:
        return trees.tree(suite, CONTENT)
    except trees.CannotBuild as error:
        raise unittest.SkipTest(" ".join(str(error).split())) from None


class Machine:
    """A machine with Debian `suite`, in `directory`."""

    def __init__(self, suite, directory):
        self.suite = suite
        self.home = directory / f"machine-{next(_numbers)}"
        self.root = self.home / "root"

    def __enter__(self):
        tree = base(self.suite)
        self.home.mkdir()
        _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", self.home)
        for name in ("changes", "work", "root"):
            (self.home / name).mkdir()
        layers = f"lowerdir={tree},upperdir={self.home / 'changes'},workdir={self.home / 'work'}"
        _mount("-t", "overlay", "-o", layers, "overlay", self.root)
        _mount("--rbind", "/dev", self.root / "dev")
        _mount("--bind", "/proc", self.root / "proc")
        (self.root / "debs").mkdir()
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--recursive", "--lazy", self.home], check=True)
        self.home.rmdir()

    def path(self, name):
        """A path of the machine, as this process sees it."""
        return self.root / name.lstrip("/")

    def run(self, *command, given="", check=True):
        """Run a command in it; returns what it said, both streams together, with the exit status in `.returncode`."""
        done = subprocess.run(
            ["chroot", self.root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root",
             "DEBIAN_FRONTEND=noninteractive", *command],
            input=given, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
        return done

    def apt(self, *arguments, check=True):
        """apt-get, which nobody answers questions for."""
        return self.run("apt-get", "--yes", "--quiet", "-o", "APT::Sandbox::User=root", "-o",
                        "Dpkg::Options::=--force-confold", *arguments, check=check)

    def install(self, *packages, check=True):
        """apt-get install of package files: paths of this process."""
        for package in packages:
            self.path(f"/debs/{package.name}").write_bytes(package.read_bytes())
        return self.apt("install", "--allow-downgrades", "--reinstall", *(f"/debs/{package.name}" for package in packages),
                        check=check)

    def login(self, service, user, password):
        """Whether this password opens that service, through the machine's own libpam."""
        done = self.run("pamtester", f"mailkey-{service}", user, "authenticate", "acct_mgmt", given=f"{password}\n",
                        check=False)
        return done.returncode == 0

    def digest(self, name):
        """What is in a file or directory, as one value to compare."""
        return self.run("sh", "-c", 'find "$0" -type f -exec sha256sum {} + | sort', name).stdout


def _mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)
