#!/usr/bin/python3 -B
"""What is revoked ends connections that are open: with the real doveadm, of that account and of nobody else."""

import pathlib
import select
import socket
import sqlite3
import subprocess
import time
import unittest

import support  # first: it says where the others are
import namespace
from support import DaemonTest, new_account

AT_MOST = 5  # seconds until a connection has ended

# Every symbol that a configuration can allow in names. Spaces, wildcards and the like it cannot.
SYMBOLS = "._+-=!#$&'()^`{|}~,;<>[]"

SETTINGS = {"revocation_hook": "dovecot", "bare_names": True, "name_symbols": SYMBOLS}


def setUpModule():
    support.start()
    # doveadm reads the machine's configuration, as on a real server: here that is our Dovecot's.
    dovecot = support.directory / "dovecot.conf"
    with dovecot.open("a") as file:
        file.write("auth_username_chars =\n")  # what an account may be called, mailkey says
    namespace.bind(dovecot, "/etc/dovecot/dovecot.conf")
    subprocess.run(["doveadm", "reload"], check=True)
    support.mailkey.configure(SETTINGS)


def tearDownModule():
    support.stop()


class Idle:
    """A mail program that waits for new mail (RFC 2177)."""

    def __init__(self, name, credential, source):
        self.socket = socket.create_connection(("127.0.0.1", support.server.port["imap"]), 10, (source, 0))
        self.stream = self.socket.makefile("rwb")
        self.stream.readline()
        quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in (name, credential)]
        self._command('LOGIN "{}" "{}"'.format(*quoted))
        self._command("SELECT INBOX")
        self._send("IDLE")
        assert self.stream.readline().startswith(b"+")

    def _send(self, command):
        self.stream.write(f"a {command}\r\n".encode())
        self.stream.flush()

    def _command(self, command):
        self._send(command)
        while not (line := self.stream.readline()).startswith(b"a "):
            assert line, f"closed at {command.split()[0]}"
        assert line.startswith(b"a OK"), line

    def ends_within(self, seconds):
        """Whether the server closes the connection within that time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self.socket], [], [], left)
            if readable:
                try:
                    received = self.socket.recv(4096)
                except ConnectionResetError:
                    received = b""
                if not received:
                    return True
        return False

    def close(self):
        self.stream.close()
        self.socket.close()


class Revocation(DaemonTest):
    def idle(self, account, credential):
        name = account if isinstance(account, str) else account.address
        connection = Idle(name, credential, self.source)
        self.addCleanup(connection.close)
        return connection

    def bare(self, name):
        """An account of exactly this name, with an idle connection."""
        support.mailkey.add_user(name, "a password of its own")
        self.addCleanup(support.mailkey.run, "user", "remove", name, "--yes", check=False)
        return self.idle(name, "a password of its own")

    def assert_ends(self, connection):
        self.assertTrue(connection.ends_within(AT_MOST), f"the connection is open after {AT_MOST} s")

    def assert_goes_on(self, *connections):
        """They are open now; what could end them has ended by now, because others have."""
        for connection in connections:
            self.assertFalse(connection.ends_within(0.3))

    def waiting(self):
        return support.mailkey.json("hook", "status")["waiting"]

    def test_a_revoked_app_password_ends_the_idle_connection_and_no_other_account_s(self):
        account, other = new_account(totp=True), new_account()
        app = account.app_password()
        phone, neighbour = self.idle(account, app["password"]), self.idle(other, other.password)
        support.mailkey.run("app-password", "revoke", account.address, app["id"])
        self.assert_ends(phone)
        self.assert_goes_on(neighbour)
        self.assertEqual(self.waiting(), [])
        self.assert_refused("imap", account, app["password"], "app_password_revoked")

    def test_every_connection_of_the_account_ends_and_its_other_app_password_opens_again(self):
        account = new_account(totp=True)
        lost, kept = account.app_password(), account.app_password()
        connections = [self.idle(account, app["password"]) for app in (lost, kept, kept)]
        support.mailkey.run("app-password", "revoke", account.address, lost["id"])
        for connection in connections:
            self.assert_ends(connection)
        self.assert_accepted("imap", account, kept["password"])

    def test_a_password_that_opens_no_mail_app_any_more_keeps_none_open(self):
        account = new_account()
        connection = self.idle(account, account.password)
        support.mailkey.enable_totp(account.address)
        self.assert_ends(connection)

    def test_2fa_that_becomes_required_ends_what_a_password_alone_has_opened_and_nothing_else(self):
        account, exempt, enrolled = new_account(), new_account(), new_account(totp=True)
        domain = "@" + account.address.partition("@")[2]
        support.mailkey.run("require", "set", exempt.address, "never")
        phone = self.idle(account, account.password)
        others = [self.idle(exempt, exempt.password), self.idle(enrolled, enrolled.app_password()["password"])]
        self.addCleanup(support.mailkey.run, "require", "clear", domain)
        said = support.mailkey.run("require", "set", domain, "now").stdout
        self.assertIn("locked out", said)
        self.assert_ends(phone)
        self.assert_goes_on(*others)
        self.assertEqual(self.waiting(), [])
        self.assert_refused("imap", account, account.password, "enrolment_required")

    def test_mail_apps_that_may_use_account_passwords_no_more_lose_their_connections_at_the_next_run_of_the_service(self):
        account, enrolled = new_account(), new_account(totp=True)
        phone = self.idle(account, account.password)
        other = self.idle(enrolled, enrolled.app_password()["password"])
        support.mailkey.run("hook", "run", "--quiet")
        self.assert_goes_on(phone)
        self.addCleanup(support.mailkey.configure, SETTINGS)
        support.mailkey.configure({**SETTINGS, "client_primary_password": False})
        support.mailkey.run("hook", "run", "--quiet")
        self.assert_ends(phone)
        self.assert_goes_on(other)
        self.assert_refused("imap", account, account.password, "app_password_required")

    def test_disabling_removing_and_a_new_password_end_connections(self):
        for verb, input in ((["user", "disable"], ""), (["user", "remove", "--yes"], ""),
                            (["user", "passwd", "--password-stdin"], "quite another password\n")):
            with self.subTest(verb=verb[1]):
                account = new_account()
                connection = self.idle(account, account.password)
                support.mailkey.run(*verb, account.address, input=input)
                self.assert_ends(connection)

    def test_dovecot_s_cache_forgets_what_was_revoked(self):
        conf = support.directory / "dovecot.conf"
        before = conf.read_text()
        # In place: the file is mounted over the machine's.
        conf.write_text(before.replace("  args = %", "  args = cache_key=%u%s %", 1) + "auth_cache_size = 1M\n")
        self.addCleanup(lambda: (conf.write_text(before), subprocess.run(["doveadm", "reload"], check=True)))
        subprocess.run(["doveadm", "reload"], check=True)
        time.sleep(0.5)
        account = new_account(totp=True)
        app = account.app_password()
        self.assert_accepted("imap", account, app["password"])
        mark = support.server.syslog.mark()
        self.assertTrue(self.login("imap", account, app["password"]).accepted)
        self.assertEqual(support.server.syslog.wait(mark, support.is_attempt, settle=0.1), [], "it was not cached")
        support.mailkey.run("app-password", "revoke", account.address, app["id"])
        self.assertFalse(self.login("imap", account, app["password"]).accepted)

    def test_names_that_could_be_masks_or_words_of_doveadm_end_nobody_else_s_connections(self):
        hostile = ["a-b", "kick", "who", "user", "[a-z]", "{user1,user2}", "^user", "user|127.0.0.1", "$(id)", "`id`",
                   "a;b", "!user1", "10", "2130706433", "user1,user2", "~root", "<x>", "=a", "+a"]
        bystander = new_account()
        others = [self.idle(bystander, bystander.password), *map(self.bare, ("a", "ab", "aab", "axb", "127"))]
        for name in hostile:
            with self.subTest(name=name):
                connection = self.bare(name)
                support.mailkey.run("user", "disable", name)
                self.assert_ends(connection)
                self.assert_goes_on(*others[:1])
        self.assert_goes_on(*others)
        self.assertEqual(self.waiting(), [])

    def test_names_that_the_rules_refuse_cannot_be_made(self):
        for name in ("*", "a*", "a?", "-f", "-a@example.test", "a b", "a/24", "a\\b", "::1"):
            with self.subTest(name=name):
                run = support.mailkey.run("user", "add", "--no-password", "--", name, check=False)
                self.assertEqual(run.returncode, 2, run)

    def test_a_name_that_doveadm_reads_as_an_address_ends_nobody_s_connections_and_that_is_said(self):
        bystander = new_account()
        neighbour = self.idle(bystander, bystander.password)
        for name in ("127.1", self.source):
            with self.subTest(name=name):
                connection = self.bare(name)
                run = support.mailkey.run("user", "disable", name)
                self.assertIn("would read this name as an address", run.stderr)
                self.assert_goes_on(neighbour, connection)
        self.assertEqual(self.waiting(), [])

    def test_masks_that_somebody_writes_into_the_database_are_refused(self):
        account = new_account()
        connection = self.idle(account, account.password)
        masks = ["*", "?????@example.test", "*@*", "-f", f"{account.address[:-1]}?", "127.0.0.0/8", "%u"]
        with sqlite3.connect(support.directory / "data/mailkey.db") as database:
            database.executemany("INSERT INTO revocation (name) VALUES (?)", [(mask,) for mask in masks])
        database.close()
        run = support.mailkey.run("hook", "run", check=False)
        self.assertEqual(run.returncode, 1, run)
        self.assertEqual(run.stderr.count("is no account name"), len(masks), run.stderr)
        self.assert_goes_on(connection)
        self.assertEqual(self.waiting(), [])

    def test_who_is_not_root_leaves_a_sign_for_the_service_and_runs_nothing(self):
        account = new_account()
        connection = self.idle(account, account.password)
        data, config = support.directory / "data", pathlib.Path(support.mailkey.config)
        group = 4900
        # As `mailkey init` makes them where there is a group mailkey.
        data.chmod(0o2770)
        for path in (data, *data.glob("mailkey.db*"), config.with_name("key")):
            subprocess.run(["chgrp", str(group), path], check=True)
        (config.with_name("key")).chmod(0o640)
        data.chmod(0o2770)
        wake = data / "wake"
        member = ["setpriv", "--reuid=4999", f"--regid={group}", "--clear-groups"]
        copy = support.directory / "mailkey-for-members"
        copy.write_bytes(pathlib.Path(support.mailkey.command).read_bytes())
        copy.chmod(0o755)
        run = subprocess.run([*member, copy, "--config", config, "user", "disable", account.address],
                             capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        self.assert_goes_on(connection)
        self.assertTrue(wake.exists())
        self.assertEqual([row["account"] for row in self.waiting()], [account.address])
        refused = subprocess.run([*member, copy, "--config", config, "hook", "run"], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 1, refused)
        self.assertIn("only the owner of the configuration", refused.stderr)
        support.mailkey.run("hook", "run")  # what the service does
        self.assert_ends(connection)
        self.assertFalse(wake.exists())

    def test_a_dovecot_that_does_not_answer_is_tried_again(self):
        account = new_account()
        connection = self.idle(account, account.password)
        down = support.directory / "down.conf"
        down.write_text("base_dir = /nonexistent/dovecot\nlog_path = /dev/stderr\nssl = no\n")
        namespace.bind(down, "/etc/dovecot/dovecot.conf")
        try:
            run = support.mailkey.run("user", "disable", account.address)
        finally:
            subprocess.run(["umount", "/etc/dovecot/dovecot.conf"], check=True)
        self.assertIn("may go on", run.stderr)
        row, = self.waiting()
        self.assertEqual((row["account"], row["tries"]), (account.address, 1), row)
        self.assert_goes_on(connection)
        with sqlite3.connect(support.directory / "data/mailkey.db") as database:
            database.execute("UPDATE revocation SET next_try = 1")
        database.close()
        support.mailkey.run("hook", "run")
        self.assert_ends(connection)
        self.assertEqual(self.waiting(), [])

    def test_an_account_that_is_not_connected_is_no_failure(self):
        account = new_account()
        run = support.mailkey.run("user", "disable", account.address)
        self.assertEqual((run.stderr, self.waiting()), ("", []))


if __name__ == "__main__":
    support.main()
