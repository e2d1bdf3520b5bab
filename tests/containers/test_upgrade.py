#!/usr/bin/env python3
"""Upgrades with logins running throughout, removal, installation again, and purge, on a server set up by the guide."""

import threading
import time
from collections import Counter

import support  # first: it says where the others are
import debs
import states
from account import WebmailSession
from states import guided, mailkey
from support import LabTest



class Logins:
    """People who sign in again and again, each on a connection of her own, until the end of the `with` block."""

    def __init__(self, test, server):
        self.test, self.server = test, server
        self.wrong = []  # what was said to somebody who should have been let in
        self.count = Counter()
        self._stop = threading.Event()
        self.during = 0  # logins between the beginning and the end of the block
        self._threads = []

    def sign_in(self, part, who, credential):
        self._threads.append(threading.Thread(target=self._again_and_again, args=(part, who, credential)))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait_for_more()
        self.during = -sum(self.count.values())
        return self

    def __exit__(self, *_):
        self.during += sum(self.count.values())
        self.wait_for_more()
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, each=5):
        """Until everybody has signed in so many times more."""
        before = Counter(self.count)
        deadline = time.monotonic() + 120
        while not all(self.count[thread.name] - before[thread.name] >= each for thread in self._threads):
            if time.monotonic() > deadline:
                self.wrong.append(f"nobody gets on: {before} became {self.count}")
            if self.wrong:
                return
            time.sleep(0.05)

    def _again_and_again(self, part, who, credential):
        while not self._stop.is_set():
            try:
                answer = self.test.login(self.server, part, who, credential)
            except Exception as error:  # whatever it is, somebody was not let in
                answer = error
            if not getattr(answer, "accepted", False):
                self.wrong.append(f"{part}: {answer!r}")
            self.count[threading.current_thread().name] += 1


class Upgrade(LabTest):
    def server(self):
        server = guided(self.suite).machine()
        self.addCleanup(server.remove)
        self.alice = server.people["alice"]
        return server

    def busy(self, server):
        session = WebmailSession()
        opening = session.opening(self.alice.password, self.alice.phone.code())
        self.assert_accepted(server, "webmail", self.alice, opening)
        logins = Logins(self, server)
        for part in ("imap", "pop3", "smtp", "sieve"):
            logins.sign_in(part, self.alice, self.alice.app_password)
        logins.sign_in("webmail", self.alice, session.credential)
        return logins

    def upgrade(self, server, *options):
        self.fetch_next(server)
        server.shell(f"apt-get install --yes {' '.join(options)} /srv/next/*.deb")
        versions = server.run("dpkg-query", "-W", "-f", "${Version} ${db:Status-Abbrev}\n", "mailkey", "libpam-mailkey")
        self.assertEqual(versions.stdout, f"{debs.NEXT} ii \n" * 2)

    def fetch_next(self, server):
        place = server.root / "srv/next"
        if not place.exists():
            debs.make_next(states.DEBS, place)

    def test_no_login_fails_while_the_packages_are_upgraded(self):
        server = self.server()
        with self.busy(server) as logins:
            self.upgrade(server)
        self.assertEqual(logins.wrong, [], logins.count)
        self.assertGreater(logins.during, 5, "people signed in while it went on")
        self.assertEqual(server.run("sqlite3", "/var/lib/mailkey/mailkey.db", "PRAGMA user_version").stdout, "1000\n")

    def test_data_and_configuration_are_kept(self):
        server = self.server()
        server.edit("/etc/mailkey/mailkey.toml", "#session_idle = 3600", "session_idle = 1800")
        kept = {path: server.read(path) for path in ("/etc/mailkey/mailkey.toml", "/etc/mailkey/key")}
        listed = mailkey(server, "app-password", "list", self.alice.address)
        self.upgrade(server)
        self.assertEqual({path: server.read(path) for path in kept}, kept)
        self.assertEqual(mailkey(server, "app-password", "list", self.alice.address), listed)
        self.assert_accepted(server, "imap", self.alice, self.alice.app_password)

    def test_a_service_file_that_nobody_has_changed_is_replaced(self):
        server = self.server()
        self.upgrade(server)
        self.assertTrue(server.read(debs.CHANGED).endswith(debs.NEW_LINE))

    def test_a_service_file_that_the_administrator_has_changed_stays_and_the_new_one_lies_beside_it(self):
        server = self.server()
        theirs = server.read(debs.CHANGED) + "# Ours.\n"
        server.write(debs.CHANGED, theirs)
        # As unattended-upgrades does; at a terminal dpkg asks.
        self.upgrade(server, "-o", "Dpkg::Options::=--force-confold")
        self.assertEqual(server.read(debs.CHANGED), theirs)
        self.assertTrue(server.read(debs.CHANGED + ".dpkg-dist").endswith(debs.NEW_LINE))
        self.assert_accepted(server, "imap", self.alice, self.alice.app_password)

    def test_a_reload_of_dovecot_brings_the_new_module_into_use(self):
        server = self.server()
        # First, because a worker that has nothing to do ends after a minute.
        self.fetch_next(server)
        self.assert_accepted(server, "imap", self.alice, self.alice.app_password)
        self.upgrade(server)
        self.assertEqual(self.workers_with_the_old_module(server), 1)
        server.run("systemctl", "reload", "dovecot")
        self.assert_accepted(server, "imap", self.alice, self.alice.app_password)
        deadline = time.monotonic() + 20
        while self.workers_with_the_old_module(server) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.workers_with_the_old_module(server), 0)

    def workers_with_the_old_module(self, server):
        found = server.shell("grep -l 'security/pam_mailkey.so (deleted)' /proc/[0-9]*/maps 2>/dev/null | wc -l || true")
        return int(found.stdout)


class Removal(LabTest):
    def test_removed_packages_let_nobody_in_and_keep_everything(self):
        server = guided(self.suite).machine()
        self.addCleanup(server.remove)
        alice = server.people["alice"]
        kept = {path: server.read(path) for path in ("/etc/mailkey/mailkey.toml", "/etc/mailkey/key")}

        # A worker that has the module goes on with it until it ends.
        self.assert_accepted(server, "imap", alice, alice.app_password)
        server.run("apt-get", "remove", "--yes", "libpam-mailkey", "mailkey")
        server.run("systemctl", "restart", "dovecot")
        for credential in (alice.app_password, alice.password, alice.password + alice.phone.code()):
            for part in ("imap", "webmail", "smtp"):
                self.assertFalse(self.login(server, part, alice, credential).accepted, part)
        self.assertEqual({path: server.read(path) for path in kept}, kept)

        states.run_step(server, "1. Install")
        self.assert_accepted(server, "imap", alice, alice.app_password)
        self.assert_refused(server, "imap", alice, alice.password, "app_password_required")
        self.assert_accepted(server, "webmail", alice, alice.password + alice.phone.code())

    def test_a_purge_leaves_no_secret(self):
        server = guided(self.suite).machine()
        self.addCleanup(server.remove)
        alice = server.people["alice"]
        server.run("apt-get", "purge", "--yes", "libpam-mailkey", "mailkey")
        left = server.shell("find / -xdev '(' -path /proc -o -path /srv -o -path /sys ')' -prune -o -name '*mailkey*' -print")
        # What the guide put into the configurations of Dovecot and Postfix is the administrator's.
        ours = [path for path in left.stdout.splitlines() if not path.startswith(("/etc/dovecot/", "/etc/postfix/"))]
        self.assertEqual(ours, [])
        self.assertFalse(self.login(server, "imap", alice, alice.password).accepted)


support.on_both(globals())

if __name__ == "__main__":
    support.main()
