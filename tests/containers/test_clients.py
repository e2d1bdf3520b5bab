#!/usr/bin/env python3
"""Mail programs that people use, from Debian 13, against a server set up by the guide on Debian 12 and on 13.

They run on a machine of their own, which knows the server by name and trusts the lab's certificate authority; nobody
accepts just any certificate. client_programs.py has their configurations.
"""

import functools
import secrets
import smtplib
import time
import unittest

import support  # first: it says where the others are
import base
import client_programs as programs
import states
from client_programs import Desk
from client_thunderbird import PACKAGES as THUNDERBIRD
from client_thunderbird import Thunderbird
from states import DOMAIN, add_person, guided, mailkey
from support import LabTest

# Thunderbird has a tree of its own, because it is three times as big as all the others.
TREES = [("trixie", programs.PACKAGES), ("trixie", THUNDERBIRD)]


@functools.cache
def machines(suite):
    """(server, client), for all tests of this file."""
    server = guided(suite).machine()
    # A daemon that does not run would be every test's failure: say why, once.
    server.shell("systemctl is-active dovecot postfix || { journalctl --boot --no-pager -u 'postfix*' -u dovecot; exit 1; }")
    unittest.addModuleCleanup(server.remove)
    return server, client_machine(server, TREES[0])


def client_machine(server, tree):
    """A machine that knows the server by its names and trusts the lab's certificate authority."""
    client = support.machines.Machine("desk", base.tree(*tree), states.network, states.directory)
    unittest.addModuleCleanup(client.remove)
    hosts = client.read("/etc/hosts")
    client.write("/etc/hosts", f"{hosts}{server.address} {programs.SERVER} {programs.OTHER}\n")
    client.write("/usr/local/share/ca-certificates/lab.crt", (states.authority() / "ca.pem").read_text())
    client.boot()
    client.run("update-ca-certificates")
    return client


class ClientTest(LabTest):
    """Somebody with an app password, and one program on her machine."""

    program = None  # a class of client_programs.py

    @classmethod
    def setUpClass(cls):
        cls.server, cls.client = machines(cls.suite)

    def setUp(self):
        self.person = self.somebody()
        self.desk = Desk(self.client)
        self.mail_program = self.program(self.desk, self.person.address)
        self.mark = secrets.token_hex(8)  # in the subject of the message that this test is about

    def somebody(self):
        return add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", totp=True)

    # --- One run ----------------------------------------------------------------------------------------

    def run_with(self, password):
        """The finished process of one run, and the lines that mailkey logged about it."""
        self.mail_program.keep(password)
        return self.run_again()

    def run_again(self):
        before = len(support.attempts(self.server))
        process = self.use()
        # The journal writes a line a moment after the daemon has answered.
        deadline = time.monotonic() + 5
        while not (lines := self.own_lines(before)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return process, lines

    def own_lines(self, before):
        return [line for line in support.attempts(self.server, before) if line.fields["user"] == self.person.address]

    def assert_works(self, process, lines):
        self.assertEqual(process.returncode, 0, said(process))
        self.assertEqual({line.fields["result"] for line in lines}, {"accepted"}, said(process))
        self.assertEqual({line.fields["protocol"] for line in lines}, {self.program.part})
        self.assertEqual({line.fields["method"] for line in lines}, {"app_password"})

    def assert_refused_in_its_own_words(self, process, lines, reason):
        """It ends with the exit status and the words of the program, and it has not gone on asking."""
        status, words = self.program.refused
        self.assertEqual(process.returncode, status, said(process))
        self.assertRegex(process.stdout + process.stderr, words)
        self.assertEqual([line.fields["reason"] for line in lines], [reason] * self.program.tries, said(process))

    def assert_nothing_is_sent_to_a_stranger(self):
        self.mail_program.server = programs.OTHER
        self.mail_program.keep(self.person.app_password)
        before = len(support.attempts(self.server))
        process = self.use()
        self.assertNotEqual(process.returncode, 0, said(process))
        self.assertRegex((process.stdout + process.stderr).lower(), "certificate|verif|tls|ssl")
        self.assertEqual(self.own_lines(before), [], said(process))

    def revoke(self):
        mailkey(self.server, "app-password", "revoke", self.person.address, self.person.app_password[:4])

    # --- Mail on the server ---------------------------------------------------------------------------------

    def deliver(self):
        """A message from far away to our person."""
        with smtplib.SMTP(self.server.address, 25, timeout=30) as stranger:
            stranger.sendmail("someone@example.net", [self.person.address],
                              f"From: someone@example.net\r\nTo: {self.person.address}\r\nSubject: {self.mark}\r\n"
                              f"Message-ID: <{self.mark}@example.net>\r\n\r\nHello.\r\n")
        self.wait_for_mail(self.person, self.mark)

    def wait_for_mail(self, person, mark):
        """The file of that message among the person's mail on the server, as soon as it is there."""
        local, domain = person.address.split("@")
        place = self.server.root / f"var/vmail/{domain}/{local}/Maildir"
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for file in place.rglob("new/*"):
                if f"Subject: {mark}" in file.read_text(errors="replace"):
                    return file
            time.sleep(0.05)
        log = self.server.shell("journalctl --no-pager | grep -E 'postfix|lmtp' | tail -20; mailq").stdout
        self.fail(f"no message {mark} arrived in {place}:\n{log}")


def said(process):
    return f"exit {process.returncode}\n{process.stdout}\n{process.stderr}"


class Reads:
    """Tests of a program that fetches mail."""

    def setUp(self):
        super().setUp()
        self.deliver()

    def use(self):
        return self.mail_program.read()

    def test_the_app_password_fetches_a_message(self):
        self.assert_works(*self.run_with(self.person.app_password))
        self.assertIn(f"Subject: {self.mark}", self.desk.mail())

    def test_the_own_password_is_refused_and_the_program_says_so(self):
        self.assert_refused_in_its_own_words(*self.run_with(self.person.password), "app_password_required")
        self.assertNotIn(self.mark, self.desk.mail())

    def test_a_revoked_app_password_is_refused_at_the_next_run(self):
        self.assert_works(*self.run_with(self.person.app_password))
        self.revoke()
        self.assert_refused_in_its_own_words(*self.run_again(), "app_password_revoked")

    def test_the_app_password_is_kept_from_a_server_without_the_right_certificate(self):
        self.assert_nothing_is_sent_to_a_stranger()


class Sends:
    """Tests of a program that sends mail."""

    def setUp(self):
        super().setUp()
        self.friend = self.somebody()

    def use(self):
        return self.mail_program.send(self.friend.address, self.mark)

    def test_the_app_password_sends_a_message(self):
        self.assert_works(*self.run_with(self.person.app_password))
        self.wait_for_mail(self.friend, self.mark)

    def test_the_own_password_is_refused_and_the_program_says_so(self):
        self.assert_refused_in_its_own_words(*self.run_with(self.person.password), "app_password_required")

    def test_a_revoked_app_password_is_refused_at_the_next_run(self):
        self.assert_works(*self.run_with(self.person.app_password))
        self.revoke()
        self.assert_refused_in_its_own_words(*self.run_again(), "app_password_revoked")

    def test_the_app_password_is_kept_from_a_server_without_the_right_certificate(self):
        self.assert_nothing_is_sent_to_a_stranger()


# --- The programs ---------------------------------------------------------------------------------------------


class Mbsync(Reads, ClientTest):
    program = programs.Mbsync


class Fetchmail(Reads, ClientTest):
    program = programs.Fetchmail


class FetchmailPop3(Reads, ClientTest):
    program = programs.FetchmailPop3


class Getmail(Reads, ClientTest):
    program = programs.Getmail


class Offlineimap(Reads, ClientTest):
    program = programs.Offlineimap


class CurlImap(Reads, ClientTest):
    program = programs.CurlImap


class CurlPop3(Reads, ClientTest):
    program = programs.CurlPop3


class CurlSmtp(Sends, ClientTest):
    program = programs.CurlSmtp


class PythonImaplib(Reads, ClientTest):
    program = programs.Imaplib


class PythonPoplib(Reads, ClientTest):
    program = programs.Poplib


class PythonSmtplib(Sends, ClientTest):
    program = programs.Smtplib


class Msmtp(Sends, ClientTest):
    program = programs.Msmtp


class Swaks(Sends, ClientTest):
    program = programs.Swaks


class Neomutt(Reads, ClientTest):
    program = programs.Neomutt

    # It asks the person there; when it sends, it has nobody to ask, and is tested below.
    test_the_app_password_is_kept_from_a_server_without_the_right_certificate = None


class NeomuttSending(Sends, ClientTest):
    program = programs.NeomuttSending


class SieveConnect(ClientTest):
    program = programs.SieveConnect

    FILTER = 'require ["fileinto", "mailbox"];\nfileinto :create "Sorted";\n'

    def use(self):
        return self.mail_program.upload("sort", self.FILTER)

    def test_the_app_password_stores_and_lists_a_filter(self):
        process, lines = self.run_with(self.person.app_password)
        self.assert_works(process, lines)
        self.assertEqual(process.stdout.strip(), '"sort" ACTIVE')
        local, domain = self.person.address.split("@")
        self.assertEqual(self.server.read(f"/var/vmail/{domain}/{local}/sieve/sort.sieve"), self.FILTER)

    def test_the_own_password_is_refused_and_the_program_says_so(self):
        self.assert_refused_in_its_own_words(*self.run_with(self.person.password), "app_password_required")

    def test_a_revoked_app_password_is_refused_at_the_next_run(self):
        self.assert_works(*self.run_with(self.person.app_password))
        self.revoke()
        self.assert_refused_in_its_own_words(*self.run_again(), "app_password_revoked")

    def test_the_app_password_is_kept_from_a_server_without_the_right_certificate(self):
        self.assert_nothing_is_sent_to_a_stranger()


class ThunderbirdWithoutAScreen(ClientTest):
    @classmethod
    def setUpClass(cls):
        cls.server, _ = machines(cls.suite)
        cls.client = client_machine(cls.server, TREES[1])

    def setUp(self):
        self.person = self.somebody()
        self.mark = secrets.token_hex(8)
        self.deliver()
        self.bird = Thunderbird(Desk(self.client))

    def start(self):
        self.bird.start()
        self.addCleanup(self.bird.kill)

    def reasons(self):
        return {line.fields["reason"] for line in self.own_lines(0)}

    def test_the_app_password_opens_the_inbox_until_it_is_revoked(self):
        self.start()
        self.bird.add_account(self.person.address, self.person.app_password)
        self.assertEqual(self.bird.open_inbox(self.mark, seconds=40), [self.mark])
        self.assertEqual(self.reasons(), {"-"})
        self.bird.quit()
        self.revoke()
        self.mark = secrets.token_hex(8)
        self.deliver()
        self.start()
        self.assertNotIn(self.mark, self.bird.open_inbox(self.mark, seconds=6))
        self.assertEqual(self.reasons(), {"-", "app_password_revoked"})

    def test_the_own_password_opens_no_inbox(self):
        self.start()
        self.bird.add_account(self.person.address, self.person.password)
        self.assertEqual(self.bird.open_inbox(self.mark, seconds=6), [])
        self.assertEqual(self.reasons(), {"app_password_required"})


support.on_both(globals())
# It is slow to start: one server is enough.
globals().pop("Debian12ThunderbirdWithoutAScreen", None)

if __name__ == "__main__":
    support.main(TREES)
