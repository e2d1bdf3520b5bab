#!/usr/bin/env python3
"""Notices by mail on the server that the guide in README.md makes: from the panel's database to the mailbox."""

import imaplib
import secrets
import time

import support  # first: it says where the others are
from states import DOMAIN, add_person, guided, mailkey, run_step, tls
from support import LabTest

SECONDS = 100  # the timer comes once a minute


class OnTheServer(LabTest):
    @classmethod
    def setUpClass(cls):
        cls.server = guided(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)
        run_step(cls.server, "Notices by mail")

    def letters(self, person, wanted):
        """What lies in the mailbox, as soon as it has that many letters."""
        deadline = time.monotonic() + SECONDS
        while True:
            with imaplib.IMAP4_SSL(self.server.address, 993, ssl_context=tls(), timeout=30) as client:
                client.login(person.address, person.app_password)
                client.select("INBOX", readonly=True)
                numbers = client.search(None, "ALL")[1][0].split()
                letters = [client.fetch(number, "(RFC822)")[1][0][1].decode() for number in numbers]
            if len(letters) >= wanted or time.monotonic() > deadline:
                return letters
            time.sleep(1)

    def test_the_timer_brings_what_happened_to_the_mailbox(self):
        self.assertEqual(self.server.run("systemctl", "is-active", "mailkey-notify.timer").stdout, "active\n")
        person = add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", totp=True)
        mailkey(self.server, "recovery-codes", "new", person.address)
        letters = self.letters(person, 3)
        journal = self.server.run("journalctl", "--no-pager", "-o", "cat", "-u", "mailkey-notify").stdout
        self.assertEqual(len(letters), 3, journal)
        subjects = {line for letter in letters for line in letter.splitlines() if line.startswith("Subject: ")}
        self.assertEqual(subjects, {"Subject: [Mail] Two-factor sign-in is on", "Subject: [Mail] New app password",
                                    "Subject: [Mail] New recovery codes"})
        for letter in letters:
            self.assertIn("\r\nAuto-Submitted: auto-generated\r\n", letter)
            self.assertIn("From: \"Mail sign-in\" <noreply@example.org>", letter)
            self.assertNotIn(person.app_password, letter)
            self.assertNotIn(person.password, letter)
        self.assertIn("sent, 0 failed, 0 dropped", journal)
        self.assertEqual(self.server.run("systemctl", "--failed", "--no-legend").stdout, "")

    def test_while_the_mail_system_is_away_logins_go_on_and_what_waits_comes_later(self):
        person = add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", totp=True)
        self.letters(person, 2)
        self.server.run("chmod", "-x", "/usr/sbin/sendmail")
        self.addCleanup(self.server.run, "chmod", "+x", "/usr/sbin/sendmail")
        mailkey(self.server, "recovery-codes", "new", person.address)
        self.assert_accepted(self.server, "imap", person, person.app_password, "app_password")
        self.assertEqual(self.server.run("systemctl", "start", "mailkey-notify").returncode, 0)
        self.assertIn("was not sent", self.server.run("journalctl", "--no-pager", "-o", "cat", "-u", "mailkey-notify").stdout)
        self.server.run("chmod", "+x", "/usr/sbin/sendmail")
        self.assertEqual(len(self.letters(person, 3)), 3)


support.on_both(globals())

if __name__ == "__main__":
    support.main()
