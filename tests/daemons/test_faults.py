#!/usr/bin/python3 -B
"""When mailkey cannot decide, nobody gets in, the log says so once, and all is well again when the fault is gone.

The daemons are never restarted here: the workers that met the fault must recover by themselves. Those of webmail
sessions run under webmail_session = "exchange", the default, with webmail_hosts.
"""

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import time
import tomllib

import support
from support import DaemonTest, new_account

from account import WebmailSession

PATIENCE = 20  # seconds within which a login must be answered, whatever is broken


def setUpModule():
    def small_disk(data):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0770", "tmpfs", data], check=True)

    support.start(before_init=small_disk)


def tearDownModule():
    support.stop()


def configured(name):
    """The path that the config gives for `name`."""
    with open(support.directory / "mailkey.toml", "rb") as file:
        return support.pathlib.Path(tomllib.load(file)[name])


def with_companions(database):
    """The database file and the two that SQLite keeps beside it."""
    return [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm")]


@contextlib.contextmanager
def away(*paths):
    """Files that are missing for a while; what somebody puts in their place is thrown away."""
    with tempfile.TemporaryDirectory(dir=paths[0].parent) as hidden:
        moved = [(path, os.path.join(hidden, path.name)) for path in paths if path.exists()]
        for path, place in moved:
            path.rename(place)
        try:
            yield
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
            for path, place in moved:
                os.rename(place, path)


def copy(source, target):
    """Copy a file with owner and mode: what a restore of a backup does."""
    shutil.copy2(source, target)
    status = source.stat()
    os.chown(target, status.st_uid, status.st_gid)


def rewrite(path, change):
    """Replace a file by a changed copy in one step, as an editor does."""
    draft = path.with_name(path.name + ".new")
    copy(path, draft)
    draft.write_bytes(change(path.read_bytes()))
    draft.rename(path)


class Fault(DaemonTest):
    def setUp(self):
        super().setUp()
        # Signed in before the fault: workers have everything open, and the app password is in their memory.
        self.enrolled = new_account(totp=True)
        self.app = self.enrolled.app_password()["password"]
        self.plain = new_account()
        self.all_is_well()

    def all_is_well(self):
        self.assert_accepted("imap", self.enrolled, self.app)
        self.assert_accepted("imap", self.plain, self.plain.password)
        # An enrolled account was never taken for one that is not.
        self.assert_refused("imap", self.enrolled, self.enrolled.password, "app_password_required")

    def nobody_gets_in(self):
        """Every kind of login is refused as unavailable, in time, with one LOG_ERR line."""
        for part, account, credential in (
            ("imap", self.enrolled, self.app),
            ("imap", self.enrolled, self.enrolled.password),
            ("imap", self.plain, self.plain.password),
            ("webmail", self.enrolled, self.enrolled.password + "123456"),
            ("smtp", self.enrolled, self.app),
        ):
            with self.subTest(part=part, account=account.address):
                began = time.monotonic()
                self.assert_unavailable(part, account, credential)
                self.assertLess(time.monotonic() - began, PATIENCE)


class Database(Fault):
    def test_a_missing_database_is_not_made_anew(self):
        database = configured("database")
        with away(*with_companions(database)):
            self.nobody_gets_in()
            self.assertFalse(database.exists(), "a login must not create a database")
        self.all_is_well()

    def test_an_empty_database_is_not_filled(self):
        database = configured("database")
        with away(*with_companions(database)):
            database.touch()
            os.chown(database, 0, database.parent.stat().st_gid)
            database.chmod(0o660)
            self.nobody_gets_in()
            self.assertEqual(database.stat().st_size, 0)
        self.all_is_well()

    def test_a_corrupt_database_opens_nothing(self):
        database = configured("database")
        for damage in ("header", "pages"):
            with self.subTest(damage=damage):
                checkpoint(database)
                content = database.read_bytes()
                mode = stat.S_IMODE(database.stat().st_mode)
                owner = database.stat()
                with away(*with_companions(database)):
                    if damage == "header":
                        database.write_bytes(os.urandom(len(content)))
                    else:
                        database.write_bytes(content[:100] + os.urandom(len(content) - 100))
                    os.chown(database, owner.st_uid, owner.st_gid)
                    database.chmod(mode)
                    self.nobody_gets_in()
                self.all_is_well()

    def test_a_database_that_another_process_locks_lets_app_passwords_in_and_no_code(self):
        account = self.enrolled
        code = account.phone.code(good_for=20)
        with locked(configured("database")):
            began = time.monotonic()
            self.assert_accepted("imap", account, self.app)
            self.assertLess(time.monotonic() - began, PATIENCE)
            began = time.monotonic()
            self.assert_unavailable("webmail", account, account.password + code)
            self.assertLess(time.monotonic() - began, PATIENCE)
        self.all_is_well()
        self.assert_accepted("webmail", account, account.password + code)

    def test_a_read_only_database_takes_no_code(self):
        database = configured("database")
        account = self.enrolled
        code = account.phone.code(good_for=20)
        checkpoint(database)
        with read_only(database.parent):
            self.assert_unavailable("webmail", account, account.password + code)
            # What needs no writing may work or not; what must not open stays shut.
            self.assertFalse(self.login("imap", account, account.password).accepted)
        self.all_is_well()
        self.assert_accepted("webmail", account, account.password + code)

    def test_a_restored_database_counts_at_the_next_login(self):
        database = configured("database")
        checkpoint(database)
        backup = database.parent / "backup"
        copy(database, backup)
        later = new_account()
        self.assert_accepted("imap", later, later.password)
        with away(*with_companions(database)):
            copy(backup, database)
            self.assert_refused("imap", later, later.password, "unknown_account")
            self.all_is_well()
        backup.unlink()
        self.assert_accepted("imap", later, later.password)


class DiskFull(Fault):
    def test_on_a_full_disk_app_passwords_open_and_codes_do_not(self):
        account = self.enrolled
        code = account.phone.code(good_for=20)
        fresh = new_account(totp=True)
        never_used = fresh.app_password()["password"]
        with full_disk(configured("database").parent):
            self.assert_accepted("imap", account, self.app)
            self.assert_accepted("imap", fresh, never_used)
            self.assert_accepted("smtp", fresh, never_used)
            self.assert_unavailable("webmail", account, account.password + code)
            self.assert_unavailable("webmail", account, account.password + account.recovery_codes[0])
            self.assert_refused("imap", account, account.password, "app_password_required")
        self.all_is_well()
        self.assert_accepted("webmail", account, account.password + code)
        self.assert_accepted("webmail", account, account.password + account.recovery_codes[0])


class Exchange(Fault):
    """webmail_session = "exchange": what can be read goes on, what must be written does not happen by half."""

    WEBMAIL = "127.0.0.1"

    def setUp(self):
        super().setUp()
        support.mailkey.configure({"webmail_session": "exchange", "webmail_hosts": [self.WEBMAIL]})
        self.addCleanup(support.mailkey.configure, {})
        account = self.enrolled
        self.open, self.to_close = WebmailSession(), WebmailSession()
        for session, code in ((self.open, account.recovery_codes[0]), (self.to_close, account.recovery_codes[1])):
            self.assert_accepted("webmail", account, session.opening(account.password, code))
        self.signing_in = [(account, account.phone.code(good_for=25)), (account, account.recovery_codes[2]),
                           (self.plain, "")]
        self.signing_in = [(account, WebmailSession(), code) for account, code in self.signing_in]

    def goes_on(self):
        """The session that is open, also where its use would be written: from another address, another protocol."""
        account = self.enrolled
        for part, source in (("webmail", self.WEBMAIL), ("webmail", "127.0.0.2"), ("smtp", self.WEBMAIL),
                             ("sieve", self.WEBMAIL), ("webmail", self.WEBMAIL)):
            with self.subTest(part=part, source=source):
                began = time.monotonic()
                self.assert_accepted(part, account, self.open.credential, method="session", source=source)
                self.assertLess(time.monotonic() - began, PATIENCE)

    def nothing_opens_or_closes(self):
        for account, session, code in self.signing_in:
            began = time.monotonic()
            self.assert_unavailable("webmail", account, session.opening(account.password, code))
            self.assertLess(time.monotonic() - began, PATIENCE)
            self.assertFalse(self.login("webmail", account, session.credential))
        self.assert_unavailable("webmail", self.enrolled, self.to_close.closing)

    def nothing_was_done_by_half(self):
        """What was refused during the fault goes through now, with the same code and the same credential."""
        self.all_is_well()
        self.assertEqual(len(support.mailkey.json("session", "list", self.enrolled.address)), 2)
        self.assertEqual(support.mailkey.json("session", "list", self.plain.address), [])
        self.assert_accepted("webmail", self.enrolled, self.to_close.credential)
        self.assert_accepted("webmail", self.enrolled, self.to_close.closing)
        self.assert_refused("webmail", self.enrolled, self.to_close.credential, "session_ended")
        for account, session, code in self.signing_in:
            fields = self.assert_accepted("webmail", account, session.opening(account.password, code))
            self.assertNotEqual(fields["method"], "session", "not as the repetition of a sign-in that was refused")
            self.assert_accepted("webmail", account, session.credential)
        self.assertEqual(len(support.mailkey.json("session", "list", self.enrolled.address)), 3)
        self.goes_on()

    def test_on_a_full_disk_sessions_go_on_and_none_opens_or_closes(self):
        with full_disk(configured("database").parent):
            self.goes_on()
            self.nothing_opens_or_closes()
            self.goes_on()
        self.nothing_was_done_by_half()

    def test_a_database_that_another_process_locks_lets_sessions_go_on_and_none_opens_or_closes(self):
        with locked(configured("database")):
            self.goes_on()
            self.nothing_opens_or_closes()
        self.nothing_was_done_by_half()

    def test_on_a_read_only_disk_none_opens_or_closes(self):
        database = configured("database")
        checkpoint(database)
        with read_only(database.parent):
            # What needs no writing may work or not.
            self.nothing_opens_or_closes()
        self.nothing_was_done_by_half()

    def test_without_a_database_no_session_opens(self):
        with away(*with_companions(configured("database"))):
            for part in ("webmail", "smtp", "sieve"):
                self.assert_unavailable(part, self.enrolled, self.open.credential)
            self.nothing_opens_or_closes()
        self.nothing_was_done_by_half()


class Key(Fault):
    def test_a_missing_key_opens_nothing(self):
        with away(configured("key")):
            self.nobody_gets_in()
            self.assertFalse(configured("key").exists())
        self.all_is_well()

    def test_a_wrong_key_opens_nothing(self):
        key = configured("key")
        other = support.directory / "other"
        other.mkdir()
        instance = support.Mailkey(support.BUILT / "mailkey", other / "mailkey.toml")
        instance.init(other / "data")
        with open(other / "mailkey.toml", "rb") as file:
            wrong = tomllib.load(file)["key"]
        kept = key.read_bytes()
        rewrite(key, lambda _: open(wrong, "rb").read())
        try:
            self.nobody_gets_in()
        finally:
            rewrite(key, lambda _: kept)
        self.all_is_well()

    def test_a_key_that_others_may_read_or_write_opens_nothing(self):
        key = configured("key")
        mode = stat.S_IMODE(key.stat().st_mode)
        for wrong in (mode | 0o020, mode | 0o002):
            with self.subTest(mode=oct(wrong)):
                key.chmod(wrong)
                try:
                    self.nobody_gets_in()
                finally:
                    key.chmod(mode)
                self.all_is_well()

    def test_a_broken_key_opens_nothing(self):
        key = configured("key")
        kept = key.read_bytes()
        rewrite(key, lambda _: b"no key at all\n")
        try:
            self.nobody_gets_in()
        finally:
            rewrite(key, lambda _: kept)
        self.all_is_well()


class Config(Fault):
    def setUp(self):
        super().setUp()
        self.config = support.directory / "mailkey.toml"

    def test_a_missing_config_opens_nothing(self):
        with away(self.config):
            self.nobody_gets_in()
        self.all_is_well()

    def test_a_config_that_anybody_may_write_opens_nothing(self):
        mode = stat.S_IMODE(self.config.stat().st_mode)
        self.config.chmod(mode | 0o002)
        try:
            self.nobody_gets_in()
        finally:
            self.config.chmod(mode)
        self.all_is_well()

    def test_a_config_with_a_mistake_opens_nothing(self):
        kept = self.config.read_bytes()
        for mistake in (b"webmail_hosts = [\n", b'webmail_hosts = ["not an address"]\n', b"no_such_setting = 1\n"):
            with self.subTest(mistake=mistake):
                rewrite(self.config, lambda text: mistake + b"\n".join(
                    line for line in text.split(b"\n") if not line.startswith(b"webmail_hosts")))
                try:
                    self.nobody_gets_in()
                finally:
                    rewrite(self.config, lambda _: kept)
                self.all_is_well()

    def test_a_config_that_names_another_database_counts_at_the_next_login(self):
        database = configured("database")
        checkpoint(database)
        other = database.with_name("other.db")
        copy(database, other)
        later = new_account()
        self.assert_accepted("imap", later, later.password)
        kept = self.config.read_bytes()
        rewrite(self.config, lambda text: text.replace(str(database).encode(), str(other).encode()))
        try:
            self.assert_refused("imap", later, later.password, "unknown_account")
            self.all_is_well()
        finally:
            rewrite(self.config, lambda _: kept)
        self.assert_accepted("imap", later, later.password)


class Syslog(Fault):
    def test_logins_go_on_without_a_syslog_daemon_and_are_logged_again_when_it_is_back(self):
        for _ in range(3):
            support.server.syslog.stop()
            try:
                self.assertTrue(self.login("imap", self.enrolled, self.app).accepted)
                self.assertFalse(self.login("imap", self.enrolled, self.enrolled.password).accepted)
            finally:
                support.server.syslog.start()
            self.all_is_well()  # one line per attempt again, from the same workers

    def test_a_syslog_daemon_that_restarts_between_two_logins_misses_none(self):
        for _ in range(5):
            support.server.syslog.stop()
            support.server.syslog.start()
            self.assert_accepted("imap", self.enrolled, self.app)


def checkpoint(database):
    """Bring everything into the database file itself, so that a copy of it is complete and -wal is empty."""
    connection = sqlite3.connect(database, timeout=5)
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    assert not busy, "the database could not be checkpointed"


@contextlib.contextmanager
def locked(database):
    """Another process holds the write lock."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextlib.contextmanager
def read_only(data):
    """A read-only copy of the directory lies over it: what remains when a file system is remounted read-only."""
    place = support.directory / "read-only"
    shutil.copytree(data, place)
    for path in (data, *data.iterdir()):
        status = path.stat()
        os.chown(place / path.name if path != data else place, status.st_uid, status.st_gid)
    subprocess.run(["mount", "--bind", place, data], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", data], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", data], check=True)
        shutil.rmtree(place)


@contextlib.contextmanager
def full_disk(data):
    """Not one block is free. The write-ahead log is emptied first: its old blocks would be room, too."""
    checkpoint(configured("database"))
    ballast = data / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            for block in (1 << 20, 4096):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * block)
            yield
        finally:
            ballast.unlink()


if __name__ == "__main__":
    support.main()
