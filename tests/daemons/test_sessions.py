#!/usr/bin/python3 -B
"""A webmail that stays signed in, through real daemons: with our plugin (exchange), without it (grace), or not at all.

Each class says under which `webmail_session` its tests run, and prints it.
"""

import datetime
import json
import re
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor

import support
from support import DaemonTest, new_account

import clients
from account import CommandFailed, WebmailSession

WEBMAIL = "127.0.0.1"  # where the webmail is
ELSEWHERE = "127.0.0.2"

MAIL_APPS = ("imap", "pop3", "submission", "smtp", "sieve")  # the ports of phones and mail programs
FROM_WEBMAIL = ("submission", "smtp", "sieve")  # those that take a session credential, from the webmail alone


def setUpModule():
    support.start(saslauthd=True)


def tearDownModule():
    support.stop()


class SessionTest(DaemonTest):
    settings = {}

    @classmethod
    def setUpClass(cls):
        support.mailkey.configure(cls.settings)
        said = ", ".join(f"{name} = {json.dumps(value)}" for name, value in cls.settings.items())
        print(f"--- {cls.__name__}: {said or 'the settings of mailkey init'}")

    def setUp(self):
        super().setUp()
        self.source = WEBMAIL

    def configure(self, **more):
        """Settings of this test alone."""
        support.mailkey.configure({**self.settings, **more})
        self.addCleanup(support.mailkey.configure, self.settings)

    def assert_refused_at(self, parts, account, presented, reason, source=WEBMAIL):
        """Each of these ports refuses it for that reason; asked all at once, because a refusal takes its time."""
        mark = support.server.syslog.mark()
        with ThreadPoolExecutor(len(parts)) as pool:
            answers = pool.map(lambda part: self.login(part, account, presented, source=source), parts)
            self.assertEqual([str(answer) for answer in answers if answer.accepted or answer.temporary], [])
        lines = support.server.syslog.wait(mark, support.is_attempt, count=len(parts), settle=0.03)
        self.assertEqual([line.fields["reason"] for line in lines], [reason] * len(parts), lines)

    def listed(self, account):
        return support.mailkey.json("session", "list", account.address)

    def message_arrives(self, part, account, credential, **connection):
        """Send a message to oneself, and see it in the mailbox, by the same credential."""
        if not support.server.delivers:
            self.skipTest("nothing delivers mail here")
        subject = f"sent through {part}"
        message = f"From: {account.address}\nTo: {account.address}\nSubject: {subject}\n\nHello.\n"
        self.assert_accepted(part, account, credential, message=message, recipient=account.address, **connection)
        connection, answer = clients.imap_session(support.server.port["webmail"], account.address, credential, WEBMAIL)
        self.assertTrue(answer, answer)
        deadline = time.monotonic() + 20
        found = b""
        while not found and time.monotonic() < deadline:
            connection.select()
            found = connection.search(None, "SUBJECT", f'"{subject}"')[1][0]
            time.sleep(0.1)
        connection.logout()
        self.assertTrue(found, "the message did not arrive")


class Exchange(SessionTest):
    settings = {"webmail_session": "exchange", "webmail_hosts": [WEBMAIL]}

    def sign_in(self, account, code=None):
        """A session that was opened at the webmail's port; `code` is a fresh one where the account has 2FA."""
        session = WebmailSession()
        if code is None:
            code = account.phone.code() if account.phone else ""
        self.assert_accepted("webmail", account, session.opening(account.password, code))
        return session

    def assert_worthless(self, account, session, reason="session_ended"):
        self.assert_refused_at(("webmail", *FROM_WEBMAIL), account, session.credential, reason)


class ExchangeAtTheWebmail(Exchange):
    """webmail_session = "exchange": signing in and going on."""

    def test_password_and_code_open_a_session_that_opens_again_and_again_by_its_credential_alone(self):
        account = new_account(totp=True)
        session, code = WebmailSession(), account.phone.code()
        opened = self.assert_accepted("webmail", account, session.opening(account.password, code), method="totp")
        self.assertEqual(opened["operation"], "session_open")
        for _ in range(5):
            used = self.assert_accepted("webmail", account, session.credential, method="session")
            self.assertEqual(used["session"], opened["session"])
        # The code went into the session.
        self.assert_refused("webmail", account, account.password + code, "code_used")

    def test_a_message_that_is_sent_through_postfix_by_the_credential_arrives(self):
        account = new_account(totp=True)
        self.message_arrives("smtp", account, self.sign_in(account).credential)

    def test_a_message_that_is_sent_through_dovecot_by_the_credential_arrives(self):
        account = new_account(totp=True)
        self.message_arrives("submission", account, self.sign_in(account).credential)

    def test_filters_open_by_the_credential(self):
        account = new_account(totp=True)
        fields = self.assert_accepted("sieve", account, self.sign_in(account).credential, method="session")
        self.assertEqual((fields["mode"], fields["protocol"]), ("client", "sieve"))

    def test_at_the_port_of_mail_apps_the_webmail_is_known_by_its_address(self):
        account = new_account(totp=True)
        session = WebmailSession()
        fields = self.assert_accepted("imap", account, session.opening(account.password, account.phone.code()))
        self.assertEqual((fields["mode"], fields["service"]), ("webmail", "mailkey-imap"))
        self.assert_accepted("imap", account, session.credential)
        self.assert_accepted("imap", account, session.closing)
        self.assert_worthless(account, session)

    def test_a_sign_in_that_is_sent_twice_is_answered_twice_and_opens_one_session(self):
        account = new_account(totp=True)
        session = WebmailSession()
        opening = session.opening(account.password, account.phone.code())
        for _ in range(3):
            self.assert_accepted("webmail", account, opening)
        self.assertEqual(len(self.listed(account)), 1)

    def test_signing_out_ends_it_everywhere(self):
        account = new_account(totp=True)
        session, code = WebmailSession(), account.phone.code()
        self.assert_accepted("webmail", account, session.opening(account.password, code))
        fields = self.assert_accepted("webmail", account, session.closing)
        self.assertEqual(fields["operation"], "session_close")
        self.assert_worthless(account, session)
        self.assert_refused("imap", account, session.credential, "session_ended")
        self.assert_refused("webmail", account, session.closing, "session_ended")
        # Nor is it opened again by the sign-in that opened it, though that is not thirty seconds old.
        self.assert_refused("webmail", account, session.opening(account.password, code), "session_reused")
        self.assertEqual(self.listed(account), [])

    def test_a_recovery_code_opens_one_session_and_the_log_says_how_many_are_left(self):
        account = new_account(totp=True)
        code = account.recovery_codes[3]
        session = WebmailSession()
        fields = self.assert_accepted("webmail", account, session.opening(account.password, code))
        self.assertEqual((fields["method"], fields["left"]), ("recovery_code", "9"))
        self.assert_accepted("webmail", account, session.credential)
        again = WebmailSession()
        self.assert_refused("webmail", account, again.opening(account.password, code), "recovery_code_used")
        self.assert_refused("webmail", account, again.credential, "session_unknown")

    def test_without_2fa_the_password_and_an_empty_code_open_a_session(self):
        account = new_account()
        session = WebmailSession()
        self.assert_accepted("webmail", account, session.opening(account.password), method="password")
        self.assert_accepted("webmail", account, session.credential)
        self.assert_accepted("smtp", account, session.credential)
        self.assert_accepted("webmail", account, session.closing)
        self.assert_worthless(account, session)

    def test_what_is_wrong_opens_nothing_and_leaves_code_and_credential_as_good_as_they_were(self):
        account = new_account(totp=True)
        session, code = WebmailSession(), account.phone.code()
        wrong = f"{(int(code) + 500_000) % 1_000_000:06}"
        for password, typed, reason in (
            (account.password, wrong, "wrong_code"),
            (account.password, "", "code_required"),
            (account.password, "zzzz-zzzz-zzzz", "wrong_recovery_code"),
            ("not the password", code, "wrong_password"),
            (account.password + code, "", "wrong_password"),
        ):
            with self.subTest(reason=reason):
                self.assert_refused("webmail", account, session.opening(password, typed), reason)
                self.assert_refused("webmail", account, session.credential, "session_unknown")
        self.assert_accepted("webmail", account, session.opening(account.password, code))
        self.assert_accepted("webmail", account, session.credential)

    def test_without_the_plugin_each_code_opens_once(self):
        account = new_account(totp=True)
        presented = account.password + account.phone.code()
        self.assert_accepted("webmail", account, presented)
        self.assert_refused("webmail", account, presented, "code_used")

    def test_unusual_passwords_open_as_they_are(self):
        for password in (
            "with:colons:in::it",
            ":begins and ends with colons:",
            " spaces  around ",
            "pässwörd mit Ümläut",
            "日本語のパスワード長い",
            "ends in digits 123456",
            "a\"b\\c'd%e$f{g}",
            "Mkopen:mks-not:1:this",
            "lång: " * 146 + "xx",  # 1024 bytes, the most that there can be
        ):
            with self.subTest(password=password[:40]):
                account = new_account(totp=True)
                support.mailkey.run("user", "passwd", account.address, "--password-stdin", input=password + "\n")
                account.password = password
                session = self.sign_in(account, account.phone.code())
                self.assert_accepted("webmail", account, session.credential)
                shorter = WebmailSession().opening(password[:-1])
                self.assert_refused("webmail", account, shorter, "wrong_password")
        self.assertEqual(len(password.encode()), 1024)


class ExchangeElsewhere(Exchange):
    """webmail_session = "exchange": what a session credential does not open."""

    def test_from_another_address_no_port_of_mail_apps_takes_it(self):
        account = new_account(totp=True)
        session = self.sign_in(account)
        self.assert_refused_at(MAIL_APPS, account, session.credential, "session_not_allowed_here", source=ELSEWHERE)
        self.assert_accepted("webmail", account, session.credential)

    def test_pop3_does_not_take_it_from_the_webmail_either(self):
        account = new_account(totp=True)
        self.assert_refused("pop3", account, self.sign_in(account).credential, "session_not_allowed_here")

    def test_saslauthd_tells_no_address_and_does_not_take_it(self):
        account = new_account(totp=True)
        fields = self.assert_refused("smtp-saslauthd", account, self.sign_in(account).credential,
                                     "session_not_allowed_here")
        self.assertEqual(fields["rhost"], "-")

    def test_sessions_are_opened_and_closed_in_the_webmail_only(self):
        account = new_account(totp=True)
        session = self.sign_in(account)
        another, code = WebmailSession(), account.phone.code()
        for presented in (another.opening(account.password, code), session.closing):
            self.assert_refused_at(("pop3", *FROM_WEBMAIL), account, presented, "session_not_allowed_here")
            self.assert_refused_at(MAIL_APPS, account, presented, "session_not_allowed_here", source=ELSEWHERE)
        # Neither was the code used up, nor the session ended.
        self.assert_accepted("webmail", account, another.opening(account.password, code))
        self.assert_accepted("webmail", account, session.credential)

    def test_without_webmail_hosts_it_opens_the_webmail_alone(self):
        account = new_account(totp=True)
        session = self.sign_in(account)
        self.configure(webmail_hosts=[])
        self.assert_refused_at(MAIL_APPS, account, session.credential, "session_not_allowed_here")
        self.assert_accepted("webmail", account, session.credential)

    def test_another_account_cannot_use_close_or_open_it(self):
        account, other = new_account(totp=True), new_account(totp=True)
        session = self.sign_in(account)
        self.assert_worthless(other, session, "session_unknown")
        self.assert_refused("webmail", other, session.closing, "session_unknown")
        code = other.phone.code()
        self.assert_refused("webmail", other, session.opening(other.password, code), "session_reused")
        self.assert_refused("webmail", other, session.credential, "session_unknown")
        self.assertEqual(self.listed(other), [])
        # The code of the other one is as good as before, and so is the session.
        self.sign_in(other, code)
        self.assert_accepted("webmail", account, session.credential)

    def test_a_session_that_an_attacker_sets_up_is_never_the_victims(self):
        attacker, victim = new_account(totp=True), new_account(totp=True)
        # Opened by the attacker, closed or not, and then put into the victim's browser.
        opened, closed = self.sign_in(attacker), self.sign_in(attacker)
        self.assert_accepted("webmail", attacker, closed.closing)
        code = victim.phone.code()
        for session in (opened, closed):
            self.assert_refused("webmail", victim, session.opening(victim.password, code), "session_reused")
            self.assert_refused("webmail", victim, session.credential)
        self.assertEqual(self.listed(victim), [])
        # Presented in the victim's name before there is such a session: it is not prepared by that.
        prepared = WebmailSession()
        self.assert_refused("webmail", victim, prepared.credential, "session_unknown")
        self.assert_refused("webmail", victim, prepared.closing, "session_unknown")
        self.assert_accepted("webmail", victim, prepared.opening(victim.password, code))
        self.assert_refused("webmail", attacker, prepared.credential, "session_unknown")
        self.assert_refused("webmail", attacker, prepared.closing, "session_unknown")
        self.assert_accepted("webmail", victim, prepared.credential)


class ExchangeEnds(Exchange):
    """webmail_session = "exchange": when a session ends."""

    def test_use_renews_it_and_without_use_it_ends_after_the_idle_time(self):
        account = new_account(totp=True)
        session = self.sign_in(account)
        self.configure(session_idle=4)
        self.assert_accepted("webmail", account, session.credential)
        for part in ("webmail", "sieve", "smtp", "webmail", "webmail"):  # longer than the idle time, all together
            time.sleep(1.2)
            self.assert_accepted(part, account, session.credential)
        self.assertEqual(len(self.listed(account)), 1)
        time.sleep(4.1)
        self.assert_worthless(account, session, "session_expired")
        self.assert_refused("webmail", account, session.closing, "session_expired")
        self.assertEqual(self.listed(account), [])

    def test_use_does_not_renew_it_beyond_the_absolute_limit(self):
        account = new_account(totp=True)
        self.configure(session_idle=5, session_absolute=5)
        began = time.monotonic()
        session = self.sign_in(account)
        while time.monotonic() - began < 3:
            self.assert_accepted("webmail", account, session.credential)
            time.sleep(0.5)
        time.sleep(2.6)
        self.assert_worthless(account, session, "session_expired")

    def test_the_list_tells_start_last_use_address_and_protocol(self):
        account = new_account(totp=True)
        began = int(time.time())
        session = self.sign_in(account)
        [row] = self.listed(account)
        self.assertEqual((row["kind"], row["method"]), ("exchange", "totp"))
        self.assertEqual((row["opened_from"], row["last_used_from"]), (WEBMAIL, WEBMAIL))
        for name in ("opened_at", "last_used_at"):
            self.assertTrue(began <= datetime.datetime.fromisoformat(row[name]).timestamp() <= time.time(), row)
        time.sleep(1.1)
        self.assert_accepted("sieve", account, session.credential)
        [later] = self.listed(account)
        self.assertEqual((later["id"], later["opened_at"]), (row["id"], row["opened_at"]))
        self.assertEqual((later["last_used_from"], later["last_used_protocol"]), (WEBMAIL, "sieve"))
        self.assertGreater(later["last_used_at"], row["last_used_at"])
        self.assertGreater(later["expires_at"], row["expires_at"])
        # At the webmail's port, from another one of its addresses.
        fields = self.assert_accepted("webmail", account, session.credential, source=ELSEWHERE)
        [last] = self.listed(account)
        self.assertEqual((fields["session"], last["last_used_from"]), (row["id"], ELSEWHERE))
        self.assertEqual(last["opened_from"], WEBMAIL)

    def test_one_is_revoked_while_another_goes_on(self):
        account = new_account(totp=True)
        here, there = WebmailSession(), WebmailSession()
        revoked = self.assert_accepted("webmail", account, here.opening(account.password, account.phone.code()))
        going_on = self.assert_accepted("webmail", account, there.opening(account.password, account.phone.code()))
        self.assertEqual({row["id"] for row in self.listed(account)}, {revoked["session"], going_on["session"]})
        answer = support.mailkey.json("session", "revoke", account.address, revoked["session"])
        self.assertEqual(answer["revoked"], [revoked["session"]])
        self.assert_worthless(account, here)
        for part in ("webmail", *FROM_WEBMAIL):
            self.assert_accepted(part, account, there.credential)
        self.assertEqual([row["id"] for row in self.listed(account)], [going_on["session"]])
        with self.assertRaises(CommandFailed):
            support.mailkey.run("session", "revoke", account.address, revoked["session"])

    def test_all_are_revoked_and_those_of_others_go_on(self):
        account, other = new_account(), new_account()
        sessions, others = [self.sign_in(account) for _ in range(3)], self.sign_in(other)
        answer = support.mailkey.json("session", "revoke", account.address, "--all")
        self.assertEqual(len(answer["revoked"]), 3)
        for session in sessions:
            self.assert_worthless(account, session)
        self.assert_accepted("webmail", other, others.credential)

    def ends(self, *command, account=None, input=""):
        """The command ends every session of the account at once, and of nobody else."""
        account, other = account or new_account(totp=True), new_account()
        sessions, others = [self.sign_in(account), self.sign_in(account)], self.sign_in(other)
        support.mailkey.run(*command[:2], account.address, *command[2:], input=input)
        for session in sessions:
            self.assert_worthless(account, session)
            self.assert_refused("webmail", account, session.closing, "session_ended")
        self.assert_accepted("webmail", other, others.credential)
        return account, sessions[0]

    def test_turning_2fa_off_ends_them(self):
        account, session = self.ends("totp", "disable")
        self.assert_refused("webmail", account, session.opening(account.password), "session_reused")
        self.assert_accepted("webmail", account, self.sign_in(account, "").credential)

    def test_turning_2fa_on_ends_them(self):
        account = new_account()
        session = self.sign_in(account)
        support.mailkey.enable_totp(account.address)
        self.assert_worthless(account, session)

    def test_new_recovery_codes_end_them(self):
        account, _ = self.ends("recovery-codes", "new")
        self.assertEqual(self.listed(account), [])

    def test_a_new_password_ends_them(self):
        account, _ = self.ends("user", "passwd", "--password-stdin", input="another password\n")
        self.assertEqual(self.listed(account), [])

    def test_a_disabled_account_has_none_and_gets_none_back_when_it_is_enabled(self):
        account, session = self.ends("user", "disable")
        support.mailkey.run("user", "enable", account.address)
        self.assert_worthless(account, session)
        self.assertEqual(self.listed(account), [])

    def test_a_removed_account_has_none_and_neither_has_the_next_one_of_that_name(self):
        account, session = self.ends("user", "remove", "--yes")
        support.mailkey.add_user(account.address, account.password)
        self.assert_worthless(account, session)
        self.assert_refused("webmail", account, session.opening(account.password), "session_reused")
        self.assertEqual(self.listed(account), [])


class ExchangeSecrets(Exchange):
    """webmail_session = "exchange": nothing that opens anything is written anywhere."""

    def test_neither_a_log_nor_the_database_has_password_code_credential_or_what_opened_the_session(self):
        for service in ("webmail", "smtp", "sieve"):
            support.server.pam(f"mailkey-{service}", support.server.virtual_stack("debug"))
            self.addCleanup(support.server.pam, f"mailkey-{service}", support.server.virtual_stack())
        account = new_account(totp=True)
        session, revoked, dead = WebmailSession(), WebmailSession(), WebmailSession()
        code, recovery = account.phone.code(), account.recovery_codes[0]
        wrong = f"{(int(code) + 500_000) % 1_000_000:06}"
        opening = session.opening(account.password, code)
        self.login("webmail", account, session.opening(account.password, wrong))
        self.login("webmail", account, session.opening("not " + account.password, code))
        self.assert_accepted("webmail", account, opening)
        self.assert_accepted("webmail", account, opening)
        self.assert_accepted("webmail", account, revoked.opening(account.password, recovery))
        [row] = [row for row in self.listed(account) if row["method"] == "recovery_code"]
        support.mailkey.run("session", "revoke", account.address, row["id"])
        places = [(part, source) for part in ("webmail", "smtp", "sieve", "imap") for source in (WEBMAIL, ELSEWHERE)]
        for presented in (session.credential, revoked.credential, dead.credential, dead.closing):
            with ThreadPoolExecutor(len(places)) as pool:
                list(pool.map(lambda place: self.login(place[0], account, presented, source=place[1]), places))
        self.login("webmail", account, opening + "x")
        self.login("webmail", account, "mkopen:" + dead.credential)
        self.assert_accepted("webmail", account, session.closing)

        with open(support.mailkey.config, "rb") as file:
            database = support.pathlib.Path(tomllib.load(file)["database"])
        written = {path.name: path.read_bytes() for path in (
            database, database.with_name(database.name + "-wal"), database.with_name(database.name + "-shm"),
            support.directory / "syslog", support.directory / "dovecot.log", *support.directory.glob("*.out"))}
        self.assertIn(account.address.encode(), written[database.name] + written[database.name + "-wal"])
        self.assertIn(account.address.encode(), written["syslog"])
        self.assertIn(b"options=", written["syslog"], "the module was asked to say more than usual")
        credentials = [each.credential for each in (session, revoked, dead)]
        for secret in (account.password, *credentials, *(credential.removeprefix("mks-") for credential in credentials),
                       opening, recovery, recovery.replace("-", ""), "mkopen:", "mkclose:"):
            for text in (secret, clients.base64.b64encode(secret.encode()).decode()):
                self.assertEqual([name for name, content in written.items() if text.encode() in content], [], text)
        # Six digits may be part of anything; alone they would be a code.
        alone = re.compile(rb"(?<![0-9])(%s|%s)(?![0-9])" % (code.encode(), wrong.encode()))
        self.assertEqual([name for name, content in written.items() if alone.search(content)], [])


class Default(SessionTest):
    """No webmail_session in the configuration: it is "exchange", and no address is the webmail's."""

    def test_it_is_exchange_without_addresses(self):
        account = new_account(totp=True)
        session = WebmailSession()
        self.assert_accepted("webmail", account, session.opening(account.password, account.phone.code()))
        self.assert_accepted("webmail", account, session.credential)
        self.assert_refused_at(MAIL_APPS, account, session.credential, "session_not_allowed_here")


class Grace(SessionTest):
    """webmail_session = "grace": the password and code of the sign-in go on to open, in the webmail."""

    settings = {"webmail_session": "grace"}

    WEBMAIL_PORTS = ("webmail", "webmail-sieve", "webmail-smtp")

    def setUp(self):
        super().setUp()
        support.CLIENTS.setdefault("webmail-sieve", clients.sieve)
        support.CLIENTS.setdefault("webmail-smtp", clients.smtp)

    def sign_in(self, account, code=None):
        """The pair that opened a session."""
        pair = account.password + (code or account.phone.code())
        self.assert_accepted("webmail", account, pair)
        return pair

    def test_password_and_code_go_on_to_open_mailbox_filters_and_smtp(self):
        account = new_account(totp=True)
        pair = account.password + account.phone.code()
        opened = self.assert_accepted("webmail", account, pair, method="totp")
        for part in self.WEBMAIL_PORTS * 2:
            with self.subTest(part=part):
                used = self.assert_accepted(part, account, pair, method="session")
                self.assertEqual((used["mode"], used["session"]), ("webmail", opened["session"]))
        [row] = self.listed(account)
        self.assertEqual((row["id"], row["kind"], row["method"]), (opened["session"], "grace", "totp"))
        self.assertEqual(row["opened_from"], WEBMAIL)

    def test_a_message_that_is_sent_through_the_webmails_own_smtp_port_arrives(self):
        account = new_account(totp=True)
        self.message_arrives("webmail-smtp", account, self.sign_in(account))

    def test_a_recovery_code_goes_on_to_open_like_any_code(self):
        account = new_account(totp=True)
        pair = self.sign_in(account, account.recovery_codes[0])
        for part in self.WEBMAIL_PORTS:
            self.assert_accepted(part, account, pair, method="session")

    def test_they_go_on_when_the_code_is_long_over(self):
        account = new_account(totp=True)
        self.configure(**{"totp.skew": 0})
        while time.time() % 30 > 20:
            time.sleep(0.1)
        step = int(time.time()) // 30
        pair = self.sign_in(account, account.phone.code_at(step))
        while int(time.time()) // 30 == step:
            self.assert_accepted("webmail", account, pair)
            time.sleep(1)
        self.assert_refused("webmail", account, pair, "wrong_code", source=ELSEWHERE)
        for part in self.WEBMAIL_PORTS:
            self.assert_accepted(part, account, pair, method="session")

    def test_mail_apps_are_not_opened_by_them(self):
        account = new_account(totp=True)
        pair = self.sign_in(account)
        self.assert_refused_at(MAIL_APPS, account, pair, "app_password_required")
        self.assert_refused("smtp-saslauthd", account, pair, "app_password_required")
        self.assert_accepted("webmail", account, pair)

    def test_from_another_address_they_open_nothing(self):
        account = new_account(totp=True)
        pair = self.sign_in(account)
        self.assert_refused_at(self.WEBMAIL_PORTS, account, pair, "code_used", source=ELSEWHERE)
        self.assert_accepted("webmail", account, pair)

    def test_another_account_with_the_same_password_is_not_opened_by_them(self):
        account, other = new_account(totp=True), new_account()
        support.mailkey.run("user", "passwd", other.address, "--password-stdin", input=account.password + "\n")
        phone, _ = support.mailkey.enable_totp(other.address)
        code = account.phone.code()
        while code in (phone.code_at(int(time.time()) // 30 + skew) for skew in (-2, -1, 0, 1, 2)):
            code = account.phone.code()
        pair = self.sign_in(account, code)
        self.assert_refused("webmail", other, pair, "wrong_code")

    def test_use_renews_them_and_without_use_they_end_after_the_idle_time(self):
        account = new_account(totp=True)
        pair = self.sign_in(account)
        self.configure(session_idle=4)
        self.assert_accepted("webmail", account, pair)
        for part in ("webmail-smtp", "webmail", "webmail-sieve", "webmail", "webmail"):
            time.sleep(1.2)
            self.assert_accepted(part, account, pair)
        time.sleep(4.1)
        self.assert_refused_at(self.WEBMAIL_PORTS, account, pair, "session_expired")
        self.assertEqual(self.listed(account), [])

    def test_a_webmail_that_goes_on_asking_after_the_end_is_not_throttled(self):
        account = new_account(totp=True)
        pair = self.sign_in(account)
        [row] = self.listed(account)
        support.mailkey.run("session", "revoke", account.address, row["id"])
        for _ in range(5):
            self.assert_refused_at(self.WEBMAIL_PORTS * 3, account, pair, "session_ended")
        self.sign_in(account)

    def test_changes_of_the_account_end_them_at_once(self):
        for command, input, reason in (
            (("user", "passwd", "--password-stdin"), "another password\n", "session_ended"),
            (("recovery-codes", "new"), "", "session_ended"),
            (("totp", "disable"), "", "session_ended"),
            (("user", "disable"), "", "session_ended"),
            (("user", "remove", "--yes"), "", "unknown_account"),
        ):
            with self.subTest(command=command):
                account = new_account(totp=True)
                pair = self.sign_in(account)
                support.mailkey.run(*command[:2], account.address, *command[2:], input=input)
                self.assert_refused_at(self.WEBMAIL_PORTS, account, pair, reason)

    def test_session_credentials_are_not_taken_and_use_nothing_up(self):
        account = new_account(totp=True)
        session, code = WebmailSession(), account.phone.code()
        for presented in (session.opening(account.password, code), session.credential, session.closing):
            self.assert_refused("webmail", account, presented, "session_not_allowed_here")
        self.sign_in(account, code)

    def test_the_database_has_neither_password_nor_code(self):
        account = new_account(totp=True)
        pair = self.sign_in(account, account.recovery_codes[0])
        self.assert_accepted("webmail", account, pair)
        with open(support.mailkey.config, "rb") as file:
            database = support.pathlib.Path(tomllib.load(file)["database"])
        content = database.read_bytes() + database.with_name(database.name + "-wal").read_bytes()
        for secret in (account.password, account.recovery_codes[0], account.recovery_codes[0].replace("-", "")):
            self.assertFalse(secret.encode() in content, secret)
        self.assert_no_secret_in_the_log(account.password, account.recovery_codes[0])


class Off(SessionTest):
    """webmail_session = "off": each code opens once, and that is all."""

    settings = {"webmail_session": "off", "webmail_hosts": [WEBMAIL]}

    def test_no_session_opens_and_the_code_stays_good_for_one_sign_in(self):
        account = new_account(totp=True)
        session, code = WebmailSession(), account.phone.code()
        for part in ("webmail", "imap"):
            self.assert_refused(part, account, session.opening(account.password, code), "session_not_allowed_here")
        self.assertEqual(self.listed(account), [])
        self.assert_accepted("webmail", account, account.password + code)
        for _ in range(2):
            self.assert_refused("webmail", account, account.password + code, "code_used")

    def test_a_recovery_code_opens_once(self):
        account = new_account(totp=True)
        pair = account.password + account.recovery_codes[0]
        self.assert_accepted("webmail", account, pair)
        self.assert_refused("webmail", account, pair, "recovery_code_used")

    def test_what_was_opened_before_opens_nothing_any_more(self):
        account, session = new_account(totp=True), WebmailSession()
        self.configure(webmail_session="exchange")
        self.assert_accepted("webmail", account, session.opening(account.password, account.phone.code()))
        self.configure(webmail_session="grace")
        pair = account.password + account.phone.code()
        self.assert_accepted("webmail", account, pair)
        self.assert_accepted("webmail", account, pair)
        self.configure()
        self.assert_refused_at(("webmail", *FROM_WEBMAIL), account, session.credential, "session_not_allowed_here")
        self.assert_refused("webmail", account, session.closing, "session_not_allowed_here")
        self.assert_refused("webmail", account, pair, "code_used")

    def test_without_2fa_the_password_goes_on_to_open(self):
        account = new_account()
        for _ in range(2):
            self.assert_accepted("webmail", account, account.password)
        self.assert_refused("webmail", account, WebmailSession().opening(account.password), "session_not_allowed_here")


if __name__ == "__main__":
    support.main()
