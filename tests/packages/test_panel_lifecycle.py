"""What apt-get and dpkg do to a machine with the panel: install, upgrade, remove, purge. (What its service does under systemd
is in tests/containers/test_panel.py.)"""

import pathlib
import shutil
import tempfile
import unittest

import packages
from chroot import Machine

SETTINGS = "/etc/mailkey/panel.toml"
ENABLED = "/etc/systemd/system/multi-user.target.wants/mailkey-panel.service"
ALL = ("mailkey", "libpam-mailkey", "mailkey-panel")
LATER = "# Of the later version.\n"

directory = None
debs = None
later = None


def setUpModule():
    global directory, debs, later
    directory = pathlib.Path(tempfile.mkdtemp(prefix="panel."))
    debs = packages.build()
    version = f"{packages.field(debs['mailkey-panel'], 'Version')}.1"
    later = packages.next_version({name: debs[name] for name in ALL}, directory / "later", version, change_conffile)


def tearDownModule():
    shutil.rmtree(directory)


def change_conffile(name, tree):
    """The later version's configuration has one more comment."""
    if name == "mailkey-panel":
        file = tree / SETTINGS.lstrip("/")
        file.write_text(LATER + file.read_text())


class Lifecycle:
    suite = None

    def setUp(self):
        self.machine = self.enterContext(Machine(self.suite, directory))

    def install(self, which, check=True):
        return self.machine.install(*(which[name] for name in ALL), check=check)

    def check(self):
        """What the panel says about configuration, key and database, as the user that its unit names."""
        return self.machine.run("setpriv", "--reuid=mailkey-panel", "--regid=mailkey-panel", "--groups=mailkey",
                                "mailkey-panel", "--check", check=False)

    def assert_well(self):
        checked = self.check()
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def version(self, name="mailkey-panel"):
        return self.machine.run("dpkg-query", "-W", "-f", "${Version}", name).stdout

    def mentions(self):
        """Every path with the panel's name."""
        return self.machine.run("find", "/etc", "/usr", "/var/lib", "/lib", "/run", "-xdev", "-path", "*mailkey*panel*",
                                "-not", "-path", "/etc/pam.d/*").stdout.split()

    # --- Install

    def test_the_panel_finds_all_that_it_needs_as_a_user_of_its_own(self):
        self.install(debs)
        self.assert_well()
        home, shell = self.machine.run("getent", "passwd", "mailkey-panel").stdout.strip().split(":")[5:]
        self.assertEqual((home, shell), ("/nonexistent", "/usr/sbin/nologin"))
        self.assertEqual(self.machine.run("id", "-Gn", "mailkey-panel").stdout.strip(), "mailkey-panel",
                         "the database is open to the service, not to the user")
        found = self.machine.path(SETTINGS).stat()
        self.assertEqual((found.st_mode & 0o7777, found.st_uid, found.st_gid), (0o644, 0, 0))
        self.assertTrue(self.machine.path(ENABLED).is_symlink())

    def test_without_its_group_the_panel_does_not_get_at_the_key(self):
        self.install(debs)
        checked = self.machine.run("setpriv", "--reuid=mailkey-panel", "--regid=mailkey-panel", "--clear-groups",
                                   "mailkey-panel", "--check", check=False)
        self.assertNotEqual(checked.returncode, 0)
        self.assertIn("/etc/mailkey/key", checked.stdout)

    def test_without_the_command_and_the_module_apt_does_not_install_it(self):
        said = self.machine.install(debs["mailkey-panel"], check=False)
        self.assertNotEqual(said.returncode, 0, "alone it is not installed")
        for name in ("mailkey", "libpam-mailkey"):
            self.assertRegex(said.stdout, rf"Depends: {name} \(>= ")

    # --- Upgrade

    def test_an_upgrade_replaces_the_configuration_that_nobody_has_changed(self):
        self.install(debs)
        self.install(later)
        self.assertEqual(self.version(), packages.field(later["mailkey-panel"], "Version"))
        self.assertTrue(self.machine.path(SETTINGS).read_text().startswith(LATER))
        self.assert_well()

    def test_an_upgrade_keeps_what_the_administrator_changed(self):
        self.install(debs)
        file = self.machine.path(SETTINGS)
        file.write_text(file.read_text().replace("#session_idle = 900", "session_idle = 600"))
        changed = file.read_text()
        self.assertIn("\nsession_idle = 600\n", changed)
        self.install(later)
        self.assertEqual(file.read_text(), changed)
        self.assertTrue(file.with_name("panel.toml.dpkg-dist").read_text().startswith(LATER))
        self.assert_well()

    def test_who_disables_the_service_is_heard(self):
        self.install(debs)
        self.machine.path(ENABLED).unlink()
        self.install(later)
        self.assertFalse(self.machine.path(ENABLED).is_symlink())

    def test_an_upgrade_without_the_key_leaves_the_panel_where_it_was(self):
        self.install(debs)
        key = self.machine.path("/etc/mailkey/key")
        away = self.machine.path("/srv/key")
        key.rename(away)
        self.assertNotEqual(self.install(later, check=False).returncode, 0)
        away.rename(key)
        self.machine.run("dpkg", "--configure", "-a")
        self.install(later)
        self.assertEqual(self.version(), packages.field(later["mailkey-panel"], "Version"))
        self.assert_well()

    # --- Remove and purge

    def test_removal_keeps_the_configuration_and_logins_go_on(self):
        self.install(debs)
        file = self.machine.path(SETTINGS)
        file.write_text(file.read_text() + "# Mine.\n")
        self.machine.run("mailkey", "user", "add", "alice@example.org", "--password-stdin", given="her own password\n")
        self.machine.apt("remove", "mailkey-panel")
        self.assertFalse(self.machine.path("/usr/sbin/mailkey-panel").exists())
        self.assertTrue(file.read_text().endswith("# Mine.\n"))
        self.assertTrue(self.machine.login("imap", "alice@example.org", "her own password"))
        self.install(debs)
        self.assertTrue(file.read_text().endswith("# Mine.\n"))
        self.assert_well()

    def test_a_purge_of_the_panel_leaves_nothing_of_it_and_all_of_the_rest(self):
        before = self.mentions()
        self.install(debs)
        self.assertTrue(self.mentions())
        self.machine.apt("purge", "mailkey-panel")
        self.assertEqual(self.mentions(), before)
        self.assertTrue(self.machine.path("/etc/mailkey/key").exists())

    def test_a_purge_of_everything_leaves_nothing(self):
        self.install(debs)
        self.machine.apt("purge", *ALL)
        self.assertEqual(self.mentions(), [])
        self.assertFalse(self.machine.path("/etc/mailkey").exists())

    def test_the_configuration_of_a_removed_panel_outlives_a_purge_of_the_rest_and_no_longer(self):
        self.install(debs)
        self.machine.apt("remove", "mailkey-panel")
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.assertEqual([file.name for file in self.machine.path("/etc/mailkey").iterdir()], ["panel.toml"])
        self.install(debs)
        self.assert_well()
        self.machine.apt("remove", "mailkey-panel")
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.machine.apt("purge", "mailkey-panel")
        self.assertFalse(self.machine.path("/etc/mailkey").exists())


class Debian12(Lifecycle, unittest.TestCase):
    suite = "bookworm"


class Debian13(Lifecycle, unittest.TestCase):
    suite = "trixie"
