#!/usr/bin/env python3
"""The guide in README.md, followed word for word on Debian 12 and 13, and what can be done on the server that it makes."""

import secrets
import smtplib

import support  # first: it says where the others are
import states
from account import WebmailSession
from states import ALICE, DOMAIN, add_person, guided, installed, mailkey, tls
from support import LabTest

MAIL_APPS = ("imap", "pop3", "smtp", "sieve")


class Before(LabTest):
    """Our packages, and a Dovecot that has not been told of them."""

    def test_installing_asks_nothing_and_changes_no_login(self):
        server = installed(self.suite).machine()
        self.addCleanup(server.remove)
        server.run("useradd", "--create-home", "bob")
        server.run("chpasswd", input="bob:the system password of bob\n")
        before = len(support.attempts(server))
        self.assertTrue(self.login(server, "imap", "bob", "the system password of bob").accepted)
        self.assertEqual(support.attempts(server, before), [], "mailkey was not asked")
        self.assertEqual(server.run("systemctl", "--failed", "--no-legend").stdout, "")


class OnTheServer(LabTest):
    """What the guide leads to; the tests share a machine, and each has people of its own or leaves alice as she was."""

    @classmethod
    def setUpClass(cls):
        cls.server = guided(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)
        cls.alice = cls.server.people["alice"]

    def person(self, **options):
        return add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", **options)

    # --- Who gets in ------------------------------------------------------------------------------------

    def test_an_app_password_opens_every_mail_app(self):
        for part in MAIL_APPS:
            with self.subTest(part):
                fields = self.assert_accepted(self.server, part, self.alice, self.alice.app_password, "app_password")
                self.assertEqual(fields["service"], f"mailkey-{part}")
                self.assertEqual(fields["rhost"], support.machines.HOST)

    def test_the_own_password_opens_no_mail_app_while_2fa_is_on(self):
        for part in MAIL_APPS:
            with self.subTest(part):
                self.assert_refused(self.server, part, self.alice, self.alice.password, "app_password_required")

    def test_the_own_password_with_a_code_opens_no_mail_app_and_the_code_stays_good(self):
        person = self.person(totp=True)
        code = person.phone.code()
        for part in MAIL_APPS:
            with self.subTest(part):
                self.assert_refused(self.server, part, person, person.password + code, "app_password_required")
        self.assert_accepted(self.server, "webmail", person, person.password + code, "totp")

    def test_the_own_password_opens_mail_apps_while_2fa_is_off(self):
        person = self.person()
        for part in MAIL_APPS:
            with self.subTest(part):
                self.assert_accepted(self.server, part, person, person.password, "password")

    def test_password_and_code_open_the_webmail_once(self):
        person = self.person(totp=True)
        credential = person.password + person.phone.code()
        self.assert_accepted(self.server, "webmail", person, credential, "totp")
        self.assert_refused(self.server, "webmail", person, credential, "code_used")
        self.assert_refused(self.server, "webmail", person, person.password, "code_required")
        self.assert_refused(self.server, "webmail", person, person.app_password, "app_password_not_allowed_here")

    def test_a_recovery_code_opens_the_webmail_once(self):
        person = self.person(totp=True)
        credential = person.password + person.recovery_codes[0]
        self.assert_accepted(self.server, "webmail", person, credential, "recovery_code")
        self.assert_refused(self.server, "webmail", person, credential, "recovery_code_used")

    def test_a_session_of_the_webmail_opens_imap_smtp_and_sieve_from_the_webmail_alone(self):
        person = self.person(totp=True)
        session = WebmailSession()
        self.assert_accepted(self.server, "webmail", person, session.opening(person.password, person.phone.code()))
        for part in ("webmail", "smtp-inside", "sieve-inside"):
            with self.subTest(part):
                self.assert_accepted(self.server, part, person, session.credential, "session")
        for part in MAIL_APPS:
            with self.subTest(part):
                self.assert_refused(self.server, part, person, session.credential, "session_not_allowed_here")
        self.assert_accepted(self.server, "webmail", person, session.closing)
        self.assert_refused(self.server, "webmail", person, session.credential, "session_ended")

    def test_a_revoked_app_password_opens_nothing_any_more(self):
        person = self.person(totp=True)
        self.assert_accepted(self.server, "imap", person, person.app_password)
        mailkey(self.server, "app-password", "revoke", person.address, person.app_password[:4])
        self.assert_refused(self.server, "imap", person, person.app_password, "app_password_revoked")

    def test_other_spellings_of_a_name_are_the_same_account(self):
        person = self.person(totp=True)
        for name in (person.address.upper(), person.address.capitalize()):
            with self.subTest(name):
                self.assert_refused(self.server, "imap", name, person.password, "app_password_required")
                self.assert_accepted(self.server, "imap", name, person.app_password)

    # --- Mail -------------------------------------------------------------------------------------------

    def test_a_message_that_is_sent_arrives(self):
        bob = self.person(totp=True)
        self.assert_mail_arrives(self.server, self.alice, bob)
        self.assertEqual(len(self.mail_files(bob)), 1, "where it is on Debian 12, is it on 13")

    def mail_files(self, person):
        """The messages in the maildir of that person's INBOX."""
        local_part, domain = person.address.split("@")
        place = self.server.root / "var/vmail" / domain / local_part / "Maildir"
        return [*place.glob("new/*"), *place.glob("cur/*")]

    def test_mail_for_an_unknown_address_is_refused_before_it_is_taken(self):
        person = self.person()
        self.assertEqual(answer_to_stranger(self.server, person.address), 250)
        self.assertEqual(answer_to_stranger(self.server, f"nobody-{person.address}"), 550)
        mailkey(self.server, "user", "remove", person.address, "--yes")
        self.assertEqual(answer_to_stranger(self.server, person.address), 550)

    def test_nobody_sends_in_somebody_elses_name(self):
        bob = self.person(totp=True)
        message = f"From: {ALICE}\r\nTo: {ALICE}\r\nSubject: forged\r\n\r\nHello.\r\n"
        with smtplib.SMTP(self.server.address, 587, timeout=30) as connection:
            connection.starttls(context=tls())
            connection.login(bob.address, bob.app_password)
            with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
                connection.sendmail(ALICE, [ALICE], message)
            self.assertEqual(refused.exception.recipients[ALICE][0], 553)

    def test_nobody_sends_without_signing_in(self):
        with smtplib.SMTP(self.server.address, 587, timeout=30) as connection:
            connection.starttls(context=tls())
            connection.ehlo()
            connection.mail(ALICE)
            self.assertIn(connection.rcpt("someone@example.net")[0], (530, 553, 554))

    # --- The machine ------------------------------------------------------------------------------------

    def test_dovecot_has_the_sandbox_of_debians_unit(self):
        main = self.server.run("systemctl", "show", "--property=MainPID", "--value", "dovecot").stdout.strip()
        for path in ("/usr/mark", "/etc/mark"):
            with self.subTest(path):
                touched = self.server.run("nsenter", "-t", main, "-m", "touch", path, check=False)
                self.assertIn("Read-only file system", touched.stderr)

    def test_the_daily_commands_of_the_guide_work(self):
        for block in states.guide().blocks("6. Every day"):
            self.assertIn("Phone", self.server.shell(block).stdout)

    def test_no_secret_is_in_the_journal(self):
        person = self.person(totp=True)
        code = person.phone.code()
        for part, credential in (("imap", person.app_password), ("imap", person.password), ("smtp", person.app_password),
                                 ("webmail", person.password + code), ("imap", person.app_password[:-1] + "x")):
            self.login(self.server, part, person, credential)
        journal = self.server.run("journalctl", "--no-pager", "-o", "cat").stdout
        for secret in (person.password, person.app_password, person.app_password[5:], code):
            self.assertNotIn(secret, journal)


class AfterTheGuide(LabTest):
    def test_a_reboot_changes_nothing(self):
        server = guided(self.suite).machine()
        self.addCleanup(server.remove)
        alice = server.people["alice"]
        self.assert_accepted(server, "imap", alice, alice.app_password)
        server.cut_power()
        server.boot()
        self.assertEqual(server.run("systemctl", "--failed", "--no-legend").stdout, "")
        self.assert_accepted(server, "imap", alice, alice.app_password)
        self.assert_refused(server, "imap", alice, alice.password, "app_password_required")

    def test_the_configurations_are_read_without_a_warning(self):
        server = guided(self.suite).machine()
        self.addCleanup(server.remove)
        for command in (["doveconf", "-n"], ["postfix", "check"], ["postconf", "-n"]):
            with self.subTest(command[0]):
                self.assertEqual(server.run(*command).stderr, "")


class OtherUserdbs(LabTest):
    """The other examples of how Dovecot and Postfix learn where mail goes."""

    def server(self):
        server = guided(self.suite).machine()
        self.addCleanup(server.remove)
        return server

    def test_files_of_user_export_do_as_well_as_the_list(self):
        server = self.server()
        bob = add_person(server, f"bob@{DOMAIN}", totp=True)
        server.run("rm", "-r", "/var/lib/mailkey-recipients")
        states.run_step(server, "Files instead of the list")
        self.assert_mail_arrives(server, server.people["alice"], bob)
        self.assertEqual(answer_to_stranger(server, f"nobody@{DOMAIN}"), 550)

    def test_the_static_userdb_finds_the_mail(self):
        server = self.server()
        bob = add_person(server, f"bob@{DOMAIN}", totp=True)
        server.shell(f'cp "{states.EXAMPLES}/dovecot/$(dovecot --version | cut -c1-3)-userdb-static.conf" '
                     "/etc/dovecot/conf.d/91-mailkey-userdb.conf && systemctl restart dovecot")
        self.assert_mail_arrives(server, server.people["alice"], bob)


def answer_to_stranger(server, recipient):
    """What Postfix answers to mail for that address from somewhere else."""
    with smtplib.SMTP(server.address, 25, timeout=30) as stranger:
        stranger.ehlo("client.example.net")
        stranger.mail("someone@example.net")
        return stranger.rcpt(recipient)[0]


support.on_both(globals())

if __name__ == "__main__":
    support.main()
