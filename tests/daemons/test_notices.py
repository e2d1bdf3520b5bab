#!/usr/bin/python3 -B
"""Letters of `mailkey notify` through a real mail server, and through one that is away, refuses, or cannot be trusted."""

import email
import email.policy
import json
import os
import sqlite3
import subprocess
import time

import support  # first: it says where the others are
import mailserver
from support import DaemonTest, new_account

PORTS = {"starttls": 10725, "smtps": 10765, "picky": 10726, "closed": 10799}
GONE, LATER = "gone@elsewhere.example", "later@elsewhere.example"


def setUpModule():
    certificates()
    ours = mailserver.postfix_master

    def with_more_ports(server):
        tls = f"-o smtpd_tls_cert_file={support.directory}/server.pem -o smtpd_tls_key_file={support.directory}/server.key"
        refused = f"{{ {{ {GONE} = 550 5.1.1 gone }}, {{ {LATER} = 450 4.1.2 later }} }}"
        return ours(server) + "\n".join([
            f"127.0.0.1:{PORTS['starttls']} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {tls}",
            f"127.0.0.1:{PORTS['smtps']} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {tls}",
            f"127.0.0.1:{PORTS['picky']} inet n - n - - smtpd",
            f"  -o {{ smtpd_recipient_restrictions = check_recipient_access inline:{refused}, permit }}",
        ]) + "\n"

    mailserver.postfix_master = with_more_ports
    try:
        support.start()
    finally:
        mailserver.postfix_master = ours


def tearDownModule():
    support.stop()


def certificates():
    """One authority, and a server's certificate of it for localhost and for no other name."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=support.directory, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "authority.key", "-out", "authority.pem", "-subj", "/CN=Test", "-days", "2")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (support.directory / "names").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial",
            "-out", "server.pem", "-days", "2", "-extfile", "names")


def letters(account):
    """What has arrived in the mailbox of an account."""
    found = (support.directory / "mail" / account.address / "Maildir/new").glob("*")
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in sorted(found)]


def query(sql, *values):
    with sqlite3.connect(f"{support.directory}/data/mailkey.db") as db:
        return db.execute(sql, values).fetchall()


class Notices(DaemonTest):
    def setUp(self):
        super().setUp()
        query("DELETE FROM notice")
        self.use(f"smtp://127.0.0.1:{support.server.port['relay']}")

    def use(self, server):
        support.mailkey.configure({"notices.from": f"Mail <noreply@{support.DOMAIN}>", "notices.smtp": server})

    def notify(self, trusted=True):
        """What a run did, and what it said; with the authority in the place of the machine's own, or not."""
        environment = dict(os.environ)
        if trusted:
            environment["SSL_CERT_FILE"] = str(support.directory / "authority.pem")
        run = subprocess.run([support.mailkey.command, "--config", support.mailkey.config, "notify", "--json"],
                             env=environment, capture_output=True, text=True, timeout=60)
        self.assertIn(run.returncode, (0, 1), run)
        return json.loads(run.stdout), run.stderr

    def assert_arrives(self, account, count=1):
        deadline = time.monotonic() + 20
        while len(letters(account)) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        found = letters(account)
        self.assertEqual(len(found), count, support.server.daemon_logs())
        return found

    def assert_waits(self, said, *words):
        (tries, error), = query("SELECT tries, error FROM notice WHERE settled_at IS NULL")
        self.assertEqual(tries, 1)
        for word in words:
            self.assertIn(word.lower(), error.lower())
            self.assertIn(word.lower(), said.lower())

    def test_a_letter_arrives_in_the_mailbox_and_at_the_other_address(self):
        account, other = new_account(), new_account()
        support.mailkey.run("user", "notices", account.address, "--also", other.address)
        query("DELETE FROM notice")
        account.app_password()
        self.assertEqual(self.notify()[0], {"sent": 1, "failed": 0, "dropped": 0})
        letter, = self.assert_arrives(account)
        copy, = self.assert_arrives(other)
        self.assertEqual((letter["To"], copy["To"]), (account.address, account.address))
        self.assertNotIn(other.address, letter.as_string())
        self.assertEqual(letter["Subject"], "[Mail] New app password")
        self.assertEqual(letter["Return-Path"], f"<noreply@{support.DOMAIN}>")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        self.assertIn("An app password was made for your mailbox", letter.get_content())

    def test_starttls_and_tls_from_the_beginning_work_where_the_certificate_is_right(self):
        for scheme in (f"smtp://localhost:{PORTS['starttls']}?tls=required", f"smtps://localhost:{PORTS['smtps']}"):
            with self.subTest(scheme):
                account = new_account()
                self.use(scheme)
                account.app_password()
                self.assertEqual(self.notify(), ({"sent": 1, "failed": 0, "dropped": 0}, ""))
                letter, = self.assert_arrives(account)
                self.assertIn("with ESMTPS ", " ".join(letter.get_all("Received")))

    def test_a_certificate_of_another_name_or_of_nobody_known_gets_no_letter(self):
        for server, trusted in ((f"smtp://127.0.0.1:{PORTS['starttls']}?tls=required", True),
                                (f"smtps://127.0.0.1:{PORTS['smtps']}", True),
                                (f"smtp://localhost:{PORTS['starttls']}?tls=required", False),
                                (f"smtps://localhost:{PORTS['smtps']}", False)):
            with self.subTest(server, trusted=trusted):
                query("DELETE FROM notice")
                account = new_account()
                self.use(server)
                account.app_password()
                tally, said = self.notify(trusted)
                self.assertEqual(tally, {"sent": 0, "failed": 1, "dropped": 0})
                self.assert_waits(said, "certificate")
        self.assertEqual(letters(account), [])

    def test_tls_that_is_required_is_not_done_without(self):
        account = new_account()
        self.use(f"smtp://127.0.0.1:{support.server.port['relay']}?tls=required")
        account.app_password()
        tally, said = self.notify()
        self.assertEqual(tally["failed"], 1)
        self.assert_waits(said, "starttls")

    def test_while_the_server_is_away_letters_wait_and_then_arrive(self):
        account = new_account()
        self.use(f"smtp://127.0.0.1:{PORTS['closed']}")
        account.app_password()
        tally, said = self.notify()
        self.assertEqual(tally, {"sent": 0, "failed": 1, "dropped": 0})
        self.assert_waits(said, "connection")
        self.use(f"smtp://127.0.0.1:{support.server.port['relay']}")
        self.assertEqual(self.notify()[0], {"sent": 0, "failed": 0, "dropped": 0})
        query("UPDATE notice SET next_try = next_try - 61")
        self.assertEqual(self.notify()[0], {"sent": 1, "failed": 0, "dropped": 0})
        self.assert_arrives(account)

    def test_an_address_that_the_server_refuses_keeps_nothing_from_the_mailbox(self):
        account = new_account()
        self.use(f"smtp://127.0.0.1:{PORTS['picky']}")
        support.mailkey.run("user", "notices", account.address, "--also", GONE)
        query("DELETE FROM notice")
        account.app_password()
        tally, said = self.notify()
        self.assertEqual(tally, {"sent": 1, "failed": 0, "dropped": 0})
        self.assertIn(f"was not sent to {GONE}: ", said)
        self.assert_arrives(account)

    def test_an_address_that_the_server_puts_off_keeps_it_from_the_mailbox_for_a_quarter_of_an_hour(self):
        account = new_account()
        self.use(f"smtp://127.0.0.1:{PORTS['picky']}")
        support.mailkey.run("user", "notices", account.address, "--also", LATER)
        query("DELETE FROM notice")
        account.app_password()
        waited = 0
        for _ in range(4):
            self.assertEqual(self.notify()[0], {"sent": 0, "failed": 1, "dropped": 0})
            (next_try, at), = query("SELECT next_try, unixepoch() FROM notice")
            waited += next_try - at
            query("UPDATE notice SET next_try = 0")
        self.assertEqual(letters(account), [])
        self.assertEqual(self.notify()[0], {"sent": 1, "failed": 0, "dropped": 0})
        self.assert_arrives(account)
        self.assertAlmostEqual(waited, 900, delta=10)


if __name__ == "__main__":
    support.main()
