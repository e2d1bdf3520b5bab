#!/usr/bin/env python3
"""What is revoked in the panel ends connections: by our units under a booted systemd, with Dovecot 2.3 and 2.4."""

import functools
import secrets
import time

import support  # first: it says where the others are
import clients
import states
from panel_client import Panel
from states import DOMAIN, WEB, State, add_person, mailkey, run_step, tls
from support import LabTest
from test_panel import behind_nginx

TREES = [(suite, [*states.PACKAGES, *packages]) for suite, packages in WEB.items()]

AT_MOST = 5  # seconds until a connection has ended


@functools.cache
def hooked(suite):
    state = behind_nginx(suite)
    machine = state.machine("hook")
    run_step(machine, "After a revocation")
    return State(machine.freeze(), state.people)


class Idle:
    """A mail program that waits for new mail (RFC 2177)."""

    def __init__(self, server, person, credential):
        self._imap, answer = clients.imap_session(993, person.address, credential, host=server.address, tls=tls())
        assert self._imap, answer
        self._imap.select("INBOX")
        self._imap.send(b"x IDLE\r\n")
        assert self._imap.readline().startswith(b"+")

    def ends_within(self, seconds):
        """Seconds until the server has closed the connection; none when it does not."""
        began = time.monotonic()
        while (left := began + seconds - time.monotonic()) > 0:
            self._imap.sock.settimeout(left)
            try:
                if not self._imap.sock.recv(4096):
                    return time.monotonic() - began
            except TimeoutError:
                break
            except ConnectionError:
                return time.monotonic() - began
        return None

    def close(self):
        self._imap.shutdown()


class Hook(LabTest):
    @classmethod
    def setUpClass(cls):
        cls.server = hooked(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)

    def person(self, **options):
        return add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", **options)

    def idle(self, person, credential):
        connection = Idle(self.server, person, credential)
        self.addCleanup(connection.close)
        return connection

    def signed_in(self, person):
        """A browser in which that person, who has 2FA, is signed in."""
        browser = Panel(self.server.address, tls())
        page = browser.submit(browser.get("/sign-in"), "/sign-in", name=person.address, password=person.password)
        browser.submit(page, "/sign-in/code", code=person.phone.code())
        return browser

    def revoke(self, browser, app_password):
        """Revoke it in the panel, as its owner."""
        path = f"/app-passwords/{app_password[:4]}/revoke"
        page = browser.submit(browser.get(path), path)
        self.assertEqual(page.status, 200, page)

    def waiting(self):
        return [row["account"] for row in mailkey(self.server, "hook", "status")["waiting"]]

    def journal(self):
        return self.server.run("journalctl", "--no-pager", "-o", "cat", "-u", "mailkey-hook.service", "-u", "mailkey-hook.path",
                               "-n", "40").stdout

    def assert_ends(self, connection):
        took = connection.ends_within(AT_MOST)
        self.assertIsNotNone(took, f"it is open after {AT_MOST} s:\n{self.journal()}")
        return took

    def assert_goes_on(self, connection):
        self.assertIsNone(connection.ends_within(0.5), self.journal())

    def wait_until_nothing_waits(self):
        deadline = time.monotonic() + AT_MOST
        while (waiting := self.waiting()) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(waiting, [], self.journal())

    def test_an_app_password_that_is_revoked_in_the_panel_ends_its_connection_and_no_other_account_s(self):
        person, other = self.person(totp=True), self.person(totp=True)
        browser = self.signed_in(person)
        phone, neighbour = self.idle(person, person.app_password), self.idle(other, other.app_password)
        self.revoke(browser, person.app_password)
        print(f"ended {self.assert_ends(phone):.2f} s after the panel's answer on {self.suite}")
        self.assert_goes_on(neighbour)
        self.wait_until_nothing_waits()
        self.assert_refused(self.server, "imap", person, person.app_password, "app_password_revoked")
        self.assertIn(f"{person.address}: connections ended", self.journal())

    def test_root_ends_it_at_once_by_the_command(self):
        person = self.person(totp=True)
        phone = self.idle(person, person.app_password)
        mailkey(self.server, "user", "disable", person.address)
        self.assert_ends(phone)
        self.assertEqual(self.waiting(), [])

    def test_many_revocations_one_after_the_other_are_all_heard(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        for number in range(8):
            made = mailkey(self.server, "app-password", "add", person.address, "--name", f"Phone {number}")["password"]
            phone = self.idle(person, made)
            self.revoke(browser, made)
            self.assert_ends(phone)
        self.assertEqual(self.server.run("systemctl", "is-active", "mailkey-hook.path", check=False).stdout, "active\n")
        self.assertEqual(self.server.run("systemctl", "--failed", "--no-legend").stdout, "")

    def test_what_failed_while_dovecot_was_away_is_done_when_it_is_back(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        self.server.run("systemctl", "stop", "dovecot.socket", "dovecot.service", check=False)
        self.addCleanup(self.server.run, "systemctl", "start", "dovecot")
        self.revoke(browser, person.app_password)
        deadline = time.monotonic() + AT_MOST
        status = mailkey(self.server, "hook", "status")
        while not (status["waiting"] and status["waiting"][0]["tries"]) and time.monotonic() < deadline:
            time.sleep(0.1)
            status = mailkey(self.server, "hook", "status")
        self.assertEqual([(row["account"], row["tries"]) for row in status["waiting"]], [(person.address, 1)], self.journal())
        self.server.run("systemctl", "start", "dovecot")
        # Its half minute has passed.
        self.server.run("sqlite3", "/var/lib/mailkey/mailkey.db", "UPDATE revocation SET next_try = 1")
        self.server.run("systemctl", "start", "mailkey-hook.service")
        self.wait_until_nothing_waits()

    def test_a_name_that_doveadm_could_read_as_something_else_ends_nobody_s_connection(self):
        person = self.person(totp=True)
        phone = self.idle(person, person.app_password)
        for mask in ("*", "????????@example.org", "-f", "0.0.0.0/0"):
            self.server.run("sqlite3", "/var/lib/mailkey/mailkey.db", f"INSERT INTO revocation (name) VALUES ('{mask}')")
        self.server.run("systemctl", "start", "mailkey-hook.service", check=False)
        self.addCleanup(self.server.run, "systemctl", "reset-failed")
        self.assert_goes_on(phone)
        self.assertEqual(self.journal().count("is no account name"), 4, self.journal())
        self.assertEqual(self.waiting(), [])
        self.server.run("doveadm", "kick", "*")  # by which the test would notice
        self.assert_ends(phone)

    def test_the_timer_and_the_path_are_there_after_a_boot(self):
        self.server.cut_power()
        self.server.boot()
        for unit in ("mailkey-hook.path", "mailkey-hook.timer"):
            self.assertEqual(self.server.run("systemctl", "is-active", unit, check=False).stdout, "active\n", unit)


support.on_both(globals())

if __name__ == "__main__":
    support.main(TREES)
