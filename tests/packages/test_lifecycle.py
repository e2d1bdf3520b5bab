"""What apt-get and dpkg do to a machine with the packages: install, upgrade, downgrade, remove, purge, and a failing init."""

import contextlib
import pathlib
import re
import shlex
import shutil
import sqlite3
import tempfile
import unittest

import packages
from chroot import Machine

USER = "alice@example.org"
PASSWORD = "a password of her own"
RECIPIENTS = "/var/lib/mailkey-recipients/recipients.db"
# Where systemd looks for what starts at boot.
ENABLED = "/etc/systemd/system/multi-user.target.wants/mailkey-init.service"
HOOK = ("/etc/systemd/system/paths.target.wants/mailkey-hook.path",
        *(f"/etc/systemd/system/timers.target.wants/mailkey-{name}.timer" for name in ("hook", "notify")))
SERVICES = ("imap", "pop3", "smtp", "submission", "sieve", "webmail", "panel")

directory = None
debs = None
later = None


def setUpModule():
    global directory, debs, later
    directory = pathlib.Path(tempfile.mkdtemp(prefix="lifecycle."))
    debs = packages.build()
    later = packages.next_version(debs, directory / "later", f"{packages.field(debs['mailkey'], 'Version')}.1", change_conffile)


def tearDownModule():
    shutil.rmtree(directory)


def change_conffile(name, tree):
    """The later version's PAM services have one more comment."""
    for service in tree.glob("etc/pam.d/mailkey-*"):
        service.write_text("# Of the later version.\n" + service.read_text())


def cut_off(database):
    """Leave this SQLite file as a power cut does in the middle of a change: half written, with the journal beside it that
    undoes that."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as writer:
        (table,) = writer.execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1").fetchone()
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(f"DELETE FROM {table}")
        writer.execute("CREATE TABLE filler (content)")
        writer.executemany("INSERT INTO filler VALUES (zeroblob(4000))", [()] * 100)  # more than the cache takes
        kept = {file: file.read_bytes() for file in (database, database.with_name(f"{database.name}-journal"))}
        writer.execute("ROLLBACK")
    for file, content in kept.items():
        file.write_bytes(content)


class Lifecycle:
    suite = None

    def setUp(self):
        self.machine = self.enterContext(Machine(self.suite, directory))

    # --- Helpers

    def install(self, which, check=True):
        """The module and the command, as on a mail server."""
        return self.machine.install(which["mailkey"], which["libpam-mailkey"], check=check)

    def install_with_account(self):
        self.install(debs)
        self.mailkey("user", "add", USER, "--password-stdin", given=f"{PASSWORD}\n")

    def mailkey(self, *arguments, given=""):
        return self.machine.run("mailkey", *arguments, given=given).stdout

    def assert_opens(self):
        self.assertTrue(self.machine.login("imap", USER, PASSWORD), "the right password opens IMAP")
        self.assertFalse(self.machine.login("imap", USER, PASSWORD + "!"), "a wrong password opens nothing")

    def module(self):
        """The file of the installed module."""
        (module,) = self.machine.root.glob("usr/lib/*/security/pam_mailkey.so")
        return module

    def secrets(self):
        return [self.machine.digest(f"/etc/mailkey/{name}") for name in ("mailkey.toml", "key")]

    def keep_recipients(self):
        """As the guide sets it."""
        file = self.machine.path("/etc/mailkey/mailkey.toml")
        file.write_text(re.sub(r"(?m)^#recipients = .*", f'recipients = "{RECIPIENTS}"', file.read_text()))
        self.mailkey("init")

    def recipients(self):
        """The addresses in the list, as somebody reads it who may not write."""
        with contextlib.closing(sqlite3.connect(f"file:{self.machine.path(RECIPIENTS)}?mode=ro", uri=True)) as database:
            return [address for (address,) in database.execute("SELECT address FROM recipient ORDER BY address")]

    def boot(self):
        """What the unit runs at boot, one command after the other, until one fails; whether none did."""
        unit = self.machine.run("cat", "/lib/systemd/system/mailkey-init.service").stdout
        commands = re.findall(r"(?m)^Exec(?:Condition|Start)=(.*)$", unit)
        self.assertEqual(len(commands), 2, unit)
        return all(self.machine.run(*shlex.split(command), check=False).returncode == 0 for command in commands)

    def state(self, name):
        return self.machine.run("dpkg-query", "-W", "-f", "${db:Status-Status}", name, check=False).stdout

    # --- Install

    def test_an_installation_asks_nothing_and_makes_all_that_a_login_needs(self):
        said = self.install(debs).stdout
        self.assertIn("made", said)
        self.assertIn("next: mailkey user add ADDRESS", said)
        group = self.machine.run("getent", "group", "mailkey").stdout.split(":")
        for name, mode in (("/etc/mailkey/mailkey.toml", 0o644), ("/etc/mailkey/key", 0o640), ("/var/lib/mailkey", 0o2770),
                           ("/var/lib/mailkey/mailkey.db", 0o660)):
            found = self.machine.path(name).stat()
            self.assertEqual((found.st_mode & 0o7777, found.st_uid, found.st_gid), (mode, 0, int(group[2])), name)
        self.mailkey("user", "add", USER, "--password-stdin", given=f"{PASSWORD}\n")
        self.assert_opens()

    def test_every_service_has_a_pam_file_of_its_own(self):
        self.install_with_account()
        for service in SERVICES:
            self.assertTrue(self.machine.login(service, USER, PASSWORD), service)
            self.assertFalse(self.machine.login(service, USER, "wrong"), service)

    def test_a_second_installation_changes_nothing_and_says_little(self):
        self.install_with_account()
        before = self.secrets()
        said = self.install(debs).stdout
        self.assertEqual(self.secrets(), before)
        for word in ("made ", "kept ", "keep a copy"):
            self.assertNotIn(word, said)
        self.assert_opens()

    def test_an_instance_that_was_made_by_hand_is_taken_over(self):
        self.machine.path("/srv/mailkey").write_bytes((packages.CHECKOUT / "target/package/stage/mailkey").read_bytes())
        self.machine.path("/srv/mailkey").chmod(0o755)
        self.machine.run("groupadd", "--system", "mailkey")
        self.machine.run("/srv/mailkey", "init")
        self.machine.run("/srv/mailkey", "user", "add", USER, "--password-stdin", given=f"{PASSWORD}\n")
        before = self.secrets()
        said = self.install(debs).stdout
        self.assertIn("kept", said)
        self.assertEqual(self.secrets(), before)
        self.assert_opens()

    # --- The boot

    def test_a_boot_makes_the_list_of_recipients_readable_after_a_power_cut(self):
        self.install_with_account()
        self.keep_recipients()
        cut_off(self.machine.path(RECIPIENTS))
        with self.assertRaises(sqlite3.OperationalError):
            self.recipients()
        self.assertTrue(self.boot())
        self.assertEqual(self.recipients(), [USER])

    def test_a_boot_without_the_database_makes_no_empty_one(self):
        self.install_with_account()
        for file in self.machine.path("/var/lib/mailkey").iterdir():
            file.unlink()
        self.assertFalse(self.boot())
        self.assertEqual(list(self.machine.path("/var/lib/mailkey").iterdir()), [])

    def test_the_unit_is_enabled_once_and_who_disables_it_is_heard(self):
        self.install(debs)
        enabled = self.machine.path(ENABLED)
        self.assertTrue(enabled.is_symlink())
        enabled.unlink()
        self.install(later)
        self.assertFalse(enabled.is_symlink())
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.install(debs)
        self.assertTrue(enabled.is_symlink())
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.assertFalse(enabled.is_symlink())

    def test_the_units_of_the_hook_are_enabled_and_go_with_the_package(self):
        self.install(debs)
        links = [self.machine.path(link) for link in HOOK]
        self.assertTrue(all(link.is_symlink() for link in links))
        self.assertIn("no hook is configured", self.mailkey("hook", "run"))
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.assertFalse(any(link.is_symlink() for link in links))

    # --- Upgrade

    def test_an_upgrade_keeps_data_and_what_the_administrator_changed(self):
        self.install_with_account()
        before = self.secrets()
        mine = self.machine.path("/etc/pam.d/mailkey-smtp")
        mine.write_text("# Mine.\n" + mine.read_text())
        self.install(later)
        self.assertEqual(self.secrets(), before)
        self.assertTrue(mine.read_text().startswith("# Mine."), "a changed PAM service stays")
        self.assertTrue(self.machine.path("/etc/pam.d/mailkey-imap").read_text().startswith("# Of the later version."),
                        "an unchanged one is replaced")
        self.assertTrue(self.module().read_bytes().endswith(b".1"))
        self.assert_opens()

    def test_an_upgrade_says_nothing_but_what_is_wrong(self):
        self.install_with_account()
        self.machine.path("/etc/mailkey/key").chmod(0o600)
        said = self.install(later).stdout
        self.assertRegex(said, r"/etc/mailkey/key: .*run `chmod 0640 /etc/mailkey/key`")
        self.assertNotIn("kept", said)
        self.machine.path("/etc/mailkey/key").chmod(0o640)
        self.assert_opens()

    def test_a_downgrade_to_the_same_schema_works(self):
        self.install(later)
        self.mailkey("user", "add", USER, "--password-stdin", given=f"{PASSWORD}\n")
        self.install(debs)
        self.assertEqual(self.machine.run("dpkg-query", "-W", "-f", "${Version}", "libpam-mailkey").stdout,
                         packages.field(debs["mailkey"], "Version"))
        self.assert_opens()

    def test_an_upgrade_without_the_key_fails_with_advice_and_leaves_the_old_module(self):
        self.install_with_account()
        old = self.module().read_bytes()
        key = self.machine.path("/etc/mailkey/key")
        backup = self.machine.path("/srv/key")
        key.rename(backup)
        done = self.install(later, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("restore the key from its backup", done.stdout)
        self.assertIn("dpkg --configure -a", done.stdout)
        self.assertFalse(key.exists(), "no other key is made")
        self.assertEqual(self.module().read_bytes(), old)
        # What apt suggests in this state must not take the module away.
        self.assertNotIn("REMOVED", self.machine.apt("--simulate", "--fix-broken", "install").stdout)
        backup.rename(key)
        self.assert_opens()
        self.machine.run("dpkg", "--configure", "-a")
        self.assert_opens()
        self.install(later)
        self.assertNotEqual(self.module().read_bytes(), old)
        self.assert_opens()

    def test_an_upgrade_with_a_broken_configuration_leaves_the_old_module(self):
        self.install_with_account()
        old = self.module().read_bytes()
        with self.machine.path("/etc/mailkey/mailkey.toml").open("a") as file:
            file.write("\nno_such_setting = 1\n")
        done = self.install(later, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no_such_setting", done.stdout)
        self.assertEqual(self.module().read_bytes(), old)

    # --- Remove and purge

    def test_removal_keeps_data_refuses_logins_and_a_new_installation_goes_on(self):
        self.install_with_account()
        before = self.secrets()
        self.machine.apt("remove", "mailkey", "libpam-mailkey")
        self.assertFalse(self.machine.login("imap", USER, PASSWORD), "without the module nobody gets in")
        self.assertEqual(self.secrets(), before)
        self.assertTrue(self.machine.path("/etc/pam.d/mailkey-imap").exists(), "or the password of a system account would do")
        self.install(debs)
        self.assert_opens()

    def test_a_purge_asks_nothing_and_leaves_no_secret(self):
        self.install_with_account()
        self.mailkey("app-password", "add", USER, "--name", "Phone")
        with self.machine.path("/etc/mailkey/mailkey.toml").open("a") as file:
            file.write('\nrecipients = "/var/lib/mailkey-recipients/recipients.db"\n')
        self.mailkey("init")
        self.assertTrue(self.machine.path("/var/lib/mailkey-recipients/recipients.db").exists())
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        for name in ("/etc/mailkey", "/var/lib/mailkey", "/var/lib/mailkey-recipients", "/usr/sbin/mailkey"):
            self.assertFalse(self.machine.path(name).exists(), name)
        self.assertEqual(list(self.machine.path("/etc/pam.d").glob("mailkey-*")), [])
        left = self.machine.run("dpkg-query", "-W", "-f", "${Package} ", "*mailkey*", check=False).stdout
        self.assertNotIn("libpam-mailkey ", left.replace("no packages found", ""))

    def test_a_purge_after_everything_was_deleted_by_hand_works(self):
        self.install(debs)
        for name in ("/etc/mailkey", "/var/lib/mailkey"):
            shutil.rmtree(self.machine.path(name))
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.assertIn(self.state("mailkey").strip(), ("not-installed", "", "dpkg-query: no packages found matching mailkey"))

    def test_a_purge_empties_a_data_directory_that_is_a_link_to_another_disk(self):
        self.install_with_account()
        self.machine.run("sh", "-c", "mv /var/lib/mailkey /srv/mail-data && ln -s /srv/mail-data /var/lib/mailkey")
        self.machine.apt("purge", "mailkey", "libpam-mailkey")
        self.assertFalse(self.machine.path("/var/lib/mailkey").is_symlink())
        self.assertEqual(list(self.machine.path("/srv/mail-data").iterdir()), [])

    def test_a_purge_names_the_database_in_a_place_of_ones_own_and_leaves_it(self):
        self.install(debs)
        self.machine.run("sh", "-c", "mkdir -m 2770 /srv/keys && mv /var/lib/mailkey/mailkey.db /srv/keys/ && "
                                     "sed -i 's|/var/lib/mailkey/mailkey.db|/srv/keys/mailkey.db|' /etc/mailkey/mailkey.toml")
        # Both kinds of strings that TOML has.
        self.machine.run("sed", "-i", "s|^key = .*|key = '/srv/keys/key'|", "/etc/mailkey/mailkey.toml")
        self.machine.run("mv", "/etc/mailkey/key", "/srv/keys/key")
        self.mailkey("init")
        said = self.machine.apt("purge", "mailkey", "libpam-mailkey").stdout
        self.assertIn("the database /srv/keys/mailkey.db stays", said)
        self.assertIn("the key /srv/keys/key stays", said)
        self.assertTrue(self.machine.path("/srv/keys/mailkey.db").exists())
        self.assertFalse(self.machine.path("/etc/mailkey").exists())

    def test_removal_and_purge_say_which_files_of_the_mail_server_still_name_the_services(self):
        self.install(debs)
        example = {"bookworm": "2.3", "trixie": "2.4"}[self.suite]
        self.machine.run("cp", f"/usr/share/doc/libpam-mailkey/examples/dovecot/{example}-mailkey.conf",
                         "/etc/dovecot/conf.d/90-mailkey.conf")
        said = self.machine.apt("remove", "libpam-mailkey").stdout
        self.assertRegex(said, r"refuse every login.*\n.*/etc/dovecot/conf.d/90-mailkey.conf\n.*restart Dovecot")
        said = self.machine.apt("purge", "libpam-mailkey").stdout
        self.assertRegex(said, r"/etc/pam.d/other.*\n.*/etc/dovecot/conf.d/90-mailkey.conf")

    def test_removal_and_purge_say_which_files_of_the_mail_server_still_name_the_list_of_recipients(self):
        self.install(debs)
        files = {"/etc/postfix/mailkey-recipients.cf": "postfix/recipients.cf"}
        files |= {"bookworm": {"/etc/dovecot/mailkey-userdb.conf.ext": "dovecot/2.3-userdb-recipients.conf.ext"},
                  "trixie": {"/etc/dovecot/conf.d/91-mailkey-userdb.conf": "dovecot/2.4-userdb-recipients.conf"}}[self.suite]
        self.machine.path("/etc/postfix").mkdir(exist_ok=True)
        for copy, example in files.items():
            self.machine.run("cp", f"/usr/share/doc/libpam-mailkey/examples/{example}", copy)
        for verb, words in (("remove", "a purge deletes it"), ("purge", "is deleted")):
            said = self.machine.apt(verb, "mailkey", "libpam-mailkey").stdout
            for copy in files:
                self.assertRegex(said, rf"list of recipients.*{words}(.*\n)+?  {re.escape(copy)}\n")

    # --- The plugin

    def test_roundcube_finds_the_plugin_and_its_configuration_and_is_not_changed(self):
        before = self.machine.digest("/etc/roundcube")
        self.machine.install(debs["roundcube-plugins-mailkey"])
        after = self.machine.digest("/etc/roundcube")
        new = set(after.splitlines()) ^ set(before.splitlines())
        self.assertEqual([line.split()[1] for line in new], ["/etc/roundcube/plugins/mailkey/config.inc.php"])
        self.machine.run("php", "-l", "/var/lib/roundcube/plugins/mailkey/mailkey.php")
        self.machine.run("php", "-r", 'require "/var/lib/roundcube/plugins/mailkey/config.inc.php"; exit((int) !is_array($config));')
        self.machine.run("runuser", "-u", "www-data", "--", "cat", "/var/lib/roundcube/plugins/mailkey/config.inc.php")
        self.machine.apt("purge", "roundcube-plugins-mailkey")
        self.assertEqual(self.machine.digest("/etc/roundcube"), before)
        self.assertFalse(self.machine.path("/var/lib/roundcube/plugins/mailkey").is_symlink())
        self.assertFalse(self.machine.path("/usr/share/roundcube/plugins/mailkey").exists())


class Debian12(Lifecycle, unittest.TestCase):
    suite = "bookworm"


class Debian13(Lifecycle, unittest.TestCase):
    suite = "trixie"
