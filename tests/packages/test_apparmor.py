"""The AppArmor rules, read by AppArmor's own parser together with Debian's profile of Dovecot's auth process. No kernel with
AppArmor is needed for that, and none is asked: what the rules admit is compared with what the module opens."""

import pathlib
import re
import shutil
import tempfile
import unittest

import packages
from machine import Machine

EXAMPLE = "/usr/share/doc/libpam-mailkey/examples/apparmor/usr.lib.dovecot.auth"
PROFILE = "usr.lib.dovecot.auth"

directory = None


def setUpModule():
    global directory
    directory = pathlib.Path(tempfile.mkdtemp(prefix="apparmor."))


def tearDownModule():
    shutil.rmtree(directory)


class AppArmor:
    suite = None

    def setUp(self):
        self.machine = self.enterContext(Machine(self.suite, directory))
        debs = packages.build()
        self.machine.install(debs["mailkey"], debs["libpam-mailkey"])
        # An extra profile: administrators who want it copy it, too.
        self.machine.run("cp", f"/usr/share/apparmor/extra-profiles/{PROFILE}", f"/etc/apparmor.d/{PROFILE}")

    def compile(self, *options):
        """The compiled profile, without looking for a kernel and without a cache."""
        return self.machine.run("apparmor_parser", "--skip-kernel-load", "--skip-cache", *options, f"/etc/apparmor.d/{PROFILE}")

    def test_debians_profile_takes_the_rules(self):
        before = self.compile("--debug").stdout
        self.machine.run("mkdir", "-p", "/etc/apparmor.d/local")
        self.machine.run("cp", EXAMPLE, f"/etc/apparmor.d/local/{PROFILE}")
        after = self.compile("--debug").stdout
        self.assertNotIn("/var/lib/mailkey/mailkey.db-wal", before)
        for name in ("/etc/mailkey/key", "/etc/mailkey/mailkey.toml", "/var/lib/mailkey/mailkey.db",
                     "/var/lib/mailkey/mailkey.db-wal", "/var/lib/mailkey/mailkey.db-shm"):
            self.assertIn(name, after)

    def test_a_mistake_in_the_rules_would_be_seen(self):
        self.machine.run("mkdir", "-p", "/etc/apparmor.d/local")
        self.machine.path(f"/etc/apparmor.d/local/{PROFILE}").write_text("/var/lib/mailkey/** rwq,\n")
        with self.assertRaises(AssertionError):
            self.compile()

    def test_the_rules_name_everything_that_the_module_opens_of_ours(self):
        self.machine.run("mailkey", "user", "add", "a@example.org", "--password-stdin", given="a password of her own\n")
        self.assertTrue(self.machine.login("imap", "a@example.org", "a password of her own"))
        rules = [line.split()[0] for line in self.machine.path(EXAMPLE).read_text().splitlines() if line.startswith("/")]
        admitted = re.compile("|".join(re.escape(rule).replace(r"\*", "[^/]*") for rule in rules))
        for name in ("/etc/mailkey", "/var/lib/mailkey"):
            for path in [self.machine.path(name), *self.machine.path(name).iterdir()]:
                seen = "/" + str(path.relative_to(self.machine.root)) + ("/" if path.is_dir() else "")
                self.assertRegex(seen, f"^(?:{admitted.pattern})$")


class Debian12(AppArmor, unittest.TestCase):
    suite = "bookworm"


class Debian13(AppArmor, unittest.TestCase):
    suite = "trixie"
