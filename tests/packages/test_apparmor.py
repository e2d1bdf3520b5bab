"""The AppArmor rules, read by AppArmor's own parser together with Debian's profile of Dovecot's auth process. No kernel with
AppArmor is needed for that, and none is asked: what the rules admit is compared with what the module opens."""

import pathlib
import re
import shutil
import tempfile
import unittest

import packages
from chroot import Machine

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

    def test_the_rules_admit_all_that_the_module_opens(self):
        self.machine.run("mailkey", "user", "add", "a@example.org", "--password-stdin", given="a password of her own\n")
        trace = directory / "trace"
        packages.run(["strace", "-f", "-e", "trace=openat", "-o", trace, "chroot", self.machine.root, "pamtester",
                      "mailkey-imap", "a@example.org", "authenticate", "acct_mgmt"], input="a password of her own\n")
        opened = set(re.findall(r'"([^"]+)", [^)]*\) = \d', trace.read_text().split("pam_mailkey.so", 1)[1]))
        # What libpam and other modules open is the profile's own affair.
        ours = {path for path in opened if path.startswith(("/etc/mailkey", "/var/lib/mailkey", "/proc/self/", "/sys/"))}
        for path in ("/etc/mailkey/key", "/var/lib/mailkey/mailkey.db-shm", "/var/lib/mailkey/slot-0.lock"):
            self.assertIn(path, {re.sub(r"slot-\d+", "slot-0", name) for name in ours})
        rules = [line.split()[0] for line in self.machine.path(EXAMPLE).read_text().splitlines() if re.match("[/@]", line)]
        admitted = "|".join(
            re.escape(rule).replace(r"@\{PROC\}", "/proc").replace(r"@\{pid\}", "self").replace(r"\*\*", ".*")
            .replace(r"\*", "[^/]*") for rule in rules)
        for path in sorted(ours):
            self.assertRegex(path, f"^(?:{admitted})$")


class Debian12(AppArmor, unittest.TestCase):
    suite = "bookworm"


class Debian13(AppArmor, unittest.TestCase):
    suite = "trixie"
