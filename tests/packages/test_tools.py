"""What Debian's own tools say about the packages: lintian, piuparts and autopkgtest."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import packages
from chroot import Machine, base

directory = None
debs = None


def setUpModule():
    global directory, debs
    directory = pathlib.Path(tempfile.mkdtemp(prefix="tools."))
    directory.chmod(0o755)
    debs = packages.build()


def tearDownModule():
    shutil.rmtree(directory)


class Lintian(unittest.TestCase):
    def test_it_has_nothing_to_say_not_even_at_the_level_of_hints(self):
        (changes,) = packages.DEBS.glob("*.changes")
        said = packages.run(["lintian", "--allow-root", "--display-info", "--tag-display-limit", "0", "--fail-on",
                             "error,warning,info,pedantic", changes])
        self.assertEqual(said, "")


class Piuparts:
    """Installs, removes and purges, and compares the machine with what it was."""

    suite = None

    def test_nothing_is_left_behind(self):
        # debconf's directory is apt's, which makes it at the first installation of anything.
        packages.run([
            "piuparts", "--ignore-regex", "/var/cache/debconf/tmp.ci/?", "--existing-chroot", base(self.suite),
            "--keep-sources-list", "--distribution", self.suite, "--tmpdir", directory, "--no-eatmydata", *debs.values()])


class Autopkgtest:
    """The tests that the source package has, on a machine with the packages installed."""

    suite = None

    def test_the_installed_packages_pass_their_own_tests(self):
        with Machine(self.suite, directory) as machine:
            # Without a network, so that Dovecot takes no port of this machine. autopkgtest ends with an error status when it
            # cannot update the lists of packages, which it need not: hence the tests' own words.
            done = subprocess.run(
                ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec autopkgtest "$@"', "autopkgtest",
                 "--no-built-binaries", *debs.values(), packages.CHECKOUT / "target/package/deb/mailkey", "--", "chroot",
                 machine.root],
                text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, 0, done.stdout)
        for test in ("login", "dovecot", "panel"):
            self.assertRegex(done.stdout, rf"(?m)^{test} +PASS$")


class PiupartsDebian12(Piuparts, unittest.TestCase):
    suite = "bookworm"


class PiupartsDebian13(Piuparts, unittest.TestCase):
    suite = "trixie"


class AutopkgtestDebian12(Autopkgtest, unittest.TestCase):
    suite = "bookworm"


class AutopkgtestDebian13(Autopkgtest, unittest.TestCase):
    suite = "trixie"
